"""Reading the General Statistics Office's PX-Web exports, for the tests that recompute what the project ships.

Nothing here is imported from the library, so that a figure is found twice by two pieces of code.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

UNITS = Path(__file__).parent.parent / "datapackages/reference/administrative-units/data/units.csv"
MISSING = ".."
BACKCAST = 1997
"""The first year whose provinces GSO's series name: those of 1995 and 1996 are given by the provinces of 1997."""

REGIONS = {
    "WHOLE COUNTRY": 0,
    "Red River Delta": 11,
    "Northern midlands and mountain areas": 14,
    "Northern Central area and Central coastal area": 14,
    "Central Highlands": 5,
    "South East": 6,
    "Mekong River Delta": 13,
}
"""Rows that are totals, by their name as GSO writes it, and the provinces each region has since August 2008."""


@dataclass(frozen=True, slots=True)
class Export:
    """An export as it stands: its title, its header, its rows of text cells, trimmed at the ends only."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_gso(path: Path) -> Export:
    """The title, header and rows of an export: UTF-8 with a mark, semicolons, the title alone on the first line."""
    lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")), delimiter=";"))
    title, rest = lines[0][0], [line for line in lines[1:] if line]
    rows = [tuple(cell.strip() for cell in line) for line in rest]
    return Export(title, rows[0], tuple(row for row in rows[1:] if len(row) == len(rows[0])))


def year_of(label: str) -> tuple[int, bool]:
    """The year a heading begins with or names, and whether it is marked preliminary.

    "Prel. 2016" → (2016, True); "2008(*) Area of forest" → (2008, False).
    """
    found = re.search(r"(19|20)\d\d", label)
    assert found, label
    return int(found[0]), bool(re.match(r"Prel?\.", label))


def item_of(label: str) -> str:
    """What a two-level heading says after its year: "2005 Hospital" → "Hospital"; "1995" → ""."""
    return re.sub(r"^(Prel?\. )?(19|20)\d\d\s*(\(\*+\))?", "", label).strip()


def cells(export: Export) -> Iterator[tuple[str, str, str]]:
    """Each cell of an export by place: its row's name, its column's heading, its text; ".." included."""
    for name, *values in export.rows:
        for heading, text in zip(export.header[1:], values, strict=True):
            yield name, heading, text


def is_total(name: str) -> bool:
    """True for the rows of the whole country and of the six regions."""
    return name in REGIONS


def regions(export: Export) -> dict[str, str]:
    """The region of each province row: the last region row above it."""
    found, region = {}, ""
    for name, *_ in export.rows:
        if is_total(name):
            region = name
        else:
            found[name] = region
    return found


def fold(name: str) -> str:
    """A name's letters alone: no marks, blanks, hyphens or capitals, the words for province and city taken off."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    letters = "".join(c for c in plain if c.isascii() and (c.isalpha() or c == " "))
    return re.sub(r"^(tinh|thanh pho)(?= )| (city|province)$", "", letters.strip()).replace(" ", "")


@functools.cache
def provinces() -> dict[str, list[tuple[int, int, str]]]:
    """Folded name → (first year, last year, unit_id) of each province that bore it, as the project's list has them."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    with UNITS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["level"] == "province":
                period = (int(row["valid_from"][:4] or 0), int(row["valid_to"][:4] or 9999), row["unit_id"])
                found.setdefault(fold(row["name"]), []).append(period)
    return found


def unit_id(name: str, year: int, *, backcast: bool = True) -> str:
    """The unit_id of the province that GSO means by `name` in a column of `year`.

    Where a province was divided or enlarged within the year, the later one: annual figures are by the map of its end.
    With `backcast`, years before 1997 count as 1997 (see `BACKCAST`). Raises AssertionError where there is none.
    """
    asked = max(year, BACKCAST) if backcast else year
    fits = [item for item in provinces()[fold(name)] if item[0] <= asked <= item[1]]
    assert fits, (name, year)
    return max(fits)[2]
