"""Field names from headers as departments write them: folded, legal, unique; and the unit that a header names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opendata.model.words import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

# What PostgreSQL, and so CKAN's DataStore, allows a column's name less room for "_2".
_LONGEST = 58
_WITH_UNIT = re.compile(r".*\S\s*[(\[]([^()\[\]]+)[)\]]\s*")


def field_names(labels: Iterable[str]) -> tuple[str, ...]:
    """A name for each label, in order: small letters, digits and `_`, a letter first, no two the same.

    >>> field_names(["Diện tích (nghìn ha)", "Năm", "Năm", "2019", " "])
    ('dien_tich_nghin_ha', 'nam', 'nam_2', 'c_2019', 'column_5')
    """
    names: dict[str, None] = {}
    for position, label in enumerate(labels, start=1):
        plain = _plain(label) or f"column_{position}"
        name, count = plain, 1
        while name in names:
            count += 1
            name = f"{plain}_{count}"
        names[name] = None
    return tuple(names)


def title_of(label: str) -> str:
    """The label as a title: blanks and line breaks as single blanks."""
    return " ".join(label.split())


def unit_of(label: str) -> str | None:
    """The unit that a label names in brackets at its end, or None.

    >>> unit_of("Diện tích (nghìn ha)"), unit_of("Năm")
    ('nghìn ha', None)
    """
    found = _WITH_UNIT.fullmatch(title_of(label))
    return found.group(1).strip() or None if found else None


def header_words(label: str) -> frozenset[str]:
    """The words of a label, folded."""
    return frozenset(re.findall(r"[a-z0-9]+", fold(label)))


def _plain(label: str) -> str:
    name = "_".join(re.findall(r"[a-z0-9]+", fold(label)))[:_LONGEST].rstrip("_")
    return f"c_{name}" if name[:1].isdigit() else name
