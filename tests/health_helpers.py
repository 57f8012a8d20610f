"""The shipped health tables, made anew from the files they come from."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import gso

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from shipped_helpers import Rows

BEFORE_1997 = {
    "BAC GIANG": "Ha Bac",
    "BINH DUONG": "Song Be",
    "CA MAU": "Minh Hai",
    "HAI DUONG": "Hai Hung",
    "NAM DINH": "Nam Ha",
    "QUANG NAM": "Quang Nam - Da Nang",
    "THAI NGUYEN": "Bac Thai",
    "VINH PHUC": "Vinh Phu",
}
"""The provinces that OpenDengue gives, before 1997, under the name of one of those they were divided into."""

KINDS = {
    "Total": "all",
    "Hospital": "hospital",
    "Regional polyclinic": "polyclinic",
    "Sanatorium and rehabilitation hospital": "rehabilitation",
    "Medical service unit": "medical-service-unit",
}
FACILITIES = "Number of health establishments under provincial departments of health by province.csv"
BEDS = "Number of patient beds under provincial departments of health by province.csv"
INFANT_MORTALITY = "Infant mortality rate by province.csv"
IMMUNISATION = "Percentage of children under 1 year old immunized fully caccinations by province.csv"
DENGUE = "opendengue_vn_spatial/Spatial_extract_VIETNAM_V1_3.csv"


def read(path: Path) -> Rows:
    """A plain CSV's rows as text."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def open_dengue(corpus: Path) -> Rows:
    """Every row of OpenDengue's extract for Viet Nam."""
    return read(corpus / "health" / DENGUE)


def old_name(name: str, year: int) -> str:
    """The province that OpenDengue means by `name` in `year`, by its name of then."""
    return BEFORE_1997.get(name, name) if year < 1997 else name


def dengue(corpus: Path) -> dict[str, Rows]:
    """Cases by province and month: the rows of level Admin1 and time step Month, nothing else."""
    found = []
    for row in open_dengue(corpus):
        if (row["S_res"], row["T_res"]) == ("Admin1", "Month"):
            year, month = int(row["Year"]), int(row["calendar_start_date"][5:7])
            unit = gso.unit_id(old_name(row["adm_1_name"], year), year, backcast=False)
            found.append((unit, year, month, row["dengue_total"]))
    rows = [
        {"unit_id": unit, "year": str(year), "month": str(month), "cases": cases}
        for unit, year, month, cases in sorted(found)
    ]
    return {"cases": rows}


def facilities_beds(corpus: Path) -> dict[str, Rows]:
    """Facilities and beds by province, year and kind."""
    folder = corpus / "health/gso_health"
    return {
        "facilities": list(by_kind(folder / FACILITIES, "facilities")),
        "beds": list(by_kind(folder / BEDS, "beds")),
    }


def by_kind(path: Path, measure: str) -> Iterator[dict[str, str]]:
    """One row for each province, year and kind; none where the source gives a province nothing in a year."""
    export = gso.read_gso(path)
    found, given = [], set()
    for name, heading, cell in gso.cells(export):
        if not gso.is_total(name):
            year, _ = gso.year_of(heading)
            found.append((name, year, KINDS[gso.item_of(heading)], "" if cell == gso.MISSING else cell))
            if cell != gso.MISSING:
                given.add((name, year))
    shipped = sorted((gso.unit_id(n, y), y, kind, value) for n, y, kind, value in found if (n, y) in given)
    for unit, year, kind, value in shipped:
        yield {"unit_id": unit, "year": str(year), "kind": kind, measure: value}


def child_health(corpus: Path) -> dict[str, Rows]:
    """Infant mortality and full immunisation by province and year."""
    folder = corpus / "health/gso_health"
    return {
        "infant-mortality": by_year(folder / INFANT_MORTALITY, "rate"),
        "immunisation": by_year(folder / IMMUNISATION, "immunised"),
    }


def by_year(path: Path, measure: str) -> Rows:
    """One row for each province and year that the source gives."""
    found = []
    for name, heading, cell in gso.cells(gso.read_gso(path)):
        if not gso.is_total(name) and cell != gso.MISSING:
            year, preliminary = gso.year_of(heading)
            found.append((gso.unit_id(name, year), year, cell, "true" if preliminary else "false"))
    names = ("unit_id", "year", measure, "preliminary")
    return [dict(zip(names, map(str, row), strict=True)) for row in sorted(found)]
