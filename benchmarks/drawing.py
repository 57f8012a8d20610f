"""How figures are shown: tables in Markdown, medians."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def drawn(head: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    rows = [head, ("---",) * len(head), *lines]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def middle(values: Iterable[float]) -> float:
    """The median, 0 of nothing."""
    found = list(values)
    return median(found) if found else 0.0
