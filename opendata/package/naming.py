"""The names of published files, made from the tables' names: the source's own file names are never published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opendata.model.naming import is_device

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 90


def stems(names: Sequence[str]) -> dict[str, str]:
    """For each table's name a file name without its ending: safe on any system, no two alike.

    >>> stems(["area", "Sản lượng", "con", "AREA"])
    {'area': 'area', 'Sản lượng': 's-n-l-ng', 'con': 'table-con', 'AREA': 'area-2'}
    """
    chosen: dict[str, str] = {}
    for name in names:
        wanted = _safe(name)
        free = (f"{wanted}-{number}" if number > 1 else wanted for number in range(1, len(names) + 1))
        chosen[name] = next(stem for stem in free if stem not in chosen.values())
    return chosen


def _safe(name: str) -> str:
    plain = re.sub(r"[^a-z0-9_.]+", "-", name.lower()).strip("-.")[:LONGEST].rstrip("-.")
    return f"table-{plain}".rstrip("-") if not plain or is_device(plain) else plain
