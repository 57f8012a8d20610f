"""The shipped health packages: what they ship, what they hold to, and where they come from."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import gso
import health_helpers as health
import pytest
from shipped_helpers import (
    assert_holds,
    assert_keys,
    assert_recomputed,
    assert_sector_schema,
    assert_stock_valid,
    assert_told,
    descriptor,
    keyed,
    outside_their_time,
    shipped,
)

if TYPE_CHECKING:
    from pathlib import Path

DENGUE = "health/dengue-by-province-month"
FACILITIES = "health/health-facilities-beds"
CHILDREN = "health/child-health-by-province"
PACKAGES = (DENGUE, FACILITIES, CHILDREN)
MONTHS = tuple(calendar.month_name)[1:]

YEARS_THAT_DIFFER = {
    1994: (42828, 44944),
    1997: (107188, 108000),
    1998: (234920, 234866),
    1999: (35868, 20861),
    2001: (42013, 42878),
    2002: (31608, 31760),
    2005: (57080, 56980),
    2006: (68792, 68532),
    2007: (104553, 104393),
    2010: (128710, 128831),
}
"""Dengue: the provinces' sum and the nation's figure, in the years in which they are not the same."""

TOTALS_THAT_DIFFER = {
    ("beds", "2004 Medical service unit", "WHOLE COUNTRY"): (44643, 46495),
    ("facilities", "2016 Total", "Northern midlands and mountain areas"): (2959, 2965),
    ("facilities", "2016 Total", "WHOLE COUNTRY"): (12773, 12779),
}
"""Facilities and beds: the provinces' sum and the source's own total, where they are not the same."""


@pytest.mark.parametrize("package", PACKAGES)
def test_keys_are_unique_and_resolve(package: str) -> None:
    assert_keys(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_provinces_stand_in_their_own_time(package: str) -> None:
    for resource in descriptor(package)["resources"]:
        assert outside_their_time(shipped(package, resource["name"])) == set()


@pytest.mark.parametrize("package", PACKAGES)
def test_the_schemas_are_the_sectors(package: str) -> None:
    assert_sector_schema(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_all_is_said_in_two_languages(package: str) -> None:
    assert_told(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_stock_frictionless_accepts_it(package: str) -> None:
    assert_stock_valid(package)


def test_dengue_is_shared_as_it_has_small_cells() -> None:
    access = descriptor(DENGUE)["access"]
    assert access["level"] == "shared"
    assert access["reviewedBy"]
    assert access["reason"]
    assert sum(1 <= int(row["cases"]) <= 4 for row in shipped(DENGUE, "cases")) == 939


def test_dengue_names_the_provinces_of_the_time() -> None:
    periods = defaultdict(set)
    for row in shipped(DENGUE, "cases"):
        periods[row["unit_id"]].add(int(row["year"]))
    old = {"bac-thai", "ha-bac", "hai-hung", "minh-hai", "nam-ha", "quang-nam-da-nang", "song-be", "vinh-phu"}
    assert {unit for unit, years in periods.items() if max(years) < 1997} == old
    assert max(periods["66-1975"]) == 2003
    assert min(periods["66-2004"]) == 2004
    assert max(periods["28"]) == 2007


def test_dengue_lacks_months_that_are_not_filled() -> None:
    rows = shipped(DENGUE, "cases")
    months = Counter((row["year"], row["month"]) for row in rows)
    assert ("1994", "1") not in months
    assert months["1994", "8"] == 46
    assert all(row["cases"] for row in rows)


def test_a_dengue_season_is_known() -> None:
    rows = keyed(shipped(DENGUE, "cases"), "unit_id", "year", "month")
    by_year = Counter[str]()
    for (_unit, year, _month), row in rows.items():
        by_year[year] += int(row["cases"])
    assert max(by_year, key=by_year.__getitem__) == "1998"


def test_the_total_of_facilities_is_not_the_sum_of_their_kinds() -> None:
    for table, expected in (("facilities", 296), ("beds", 393)):
        sums: Counter[tuple[str, str]] = Counter()
        totals = {}
        for row in shipped(FACILITIES, table):
            key = row["unit_id"], row["year"]
            if row["kind"] == "all":
                totals[key] = int(row[table])
            else:
                sums[key] += int(row[table] or 0)
        assert sum(total != sums[key] for key, total in totals.items()) == expected


def test_facilities_follow_the_map() -> None:
    years = defaultdict(set)
    for row in shipped(FACILITIES, "beds"):
        years[row["unit_id"]].add(int(row["year"]))
    assert max(years["28"]) == 2007
    assert min(years["01-2008"]) == 2008
    assert (max(years["12-1962"]), min(years["12-2004"]), min(years["11"])) == (2003, 2004, 2004)
    assert (max(years["92-1991"]), min(years["92-2004"]), min(years["93"])) == (2003, 2004, 2004)


def test_child_health_follows_the_map_and_marks_2016() -> None:
    for table, years in (
        ("infant-mortality", {2005, *range(2007, 2017)}),
        ("immunisation", {2010, *range(2013, 2017)}),
    ):
        rows = shipped(CHILDREN, table)
        assert {int(row["year"]) for row in rows} == years
        assert {row["preliminary"] for row in rows if row["year"] == "2016"} == {"true"}
        assert {row["preliminary"] for row in rows if row["year"] != "2016"} == {"false"}
        assert len({row["unit_id"] for row in rows if row["year"] == "2016"}) == 63
    assert max(row["year"] for row in shipped(CHILDREN, "infant-mortality") if row["unit_id"] == "28") == "2007"


def test_figures_read_by_eye_are_there() -> None:
    assert_holds(
        DENGUE,
        "cases",
        ({"unit_id": "89", "year": "1996", "month": "10"}, {"cases": "297"}),
        ({"unit_id": "66-1975", "year": "1998", "month": "7"}, {"cases": "2426"}),
        ({"unit_id": "28", "year": "1998", "month": "7"}, {"cases": "448"}),
        ({"unit_id": "36", "year": "2010", "month": "9"}, {"cases": "44"}),
        ({"unit_id": "66-2004", "year": "2010", "month": "9"}, {"cases": "1559"}),
    )
    assert_holds(
        FACILITIES,
        "beds",
        ({"unit_id": "01-1991", "year": "2002", "kind": "all"}, {"beds": "4259"}),
        ({"unit_id": "12-1962", "year": "2002", "kind": "polyclinic"}, {"beds": "260"}),
        ({"unit_id": "92-1991", "year": "2002", "kind": "all"}, {"beds": "2466"}),
        ({"unit_id": "01-1991", "year": "2002", "kind": "rehabilitation"}, {"beds": ""}),
        ({"unit_id": "01-2008", "year": "2008", "kind": "all"}, {"beds": "9270"}),
    )
    assert_holds(
        FACILITIES,
        "facilities",
        ({"unit_id": "96-1997", "year": "2005", "kind": "rehabilitation"}, {"facilities": "1"}),
        ({"unit_id": "11", "year": "2005", "kind": "medical-service-unit"}, {"facilities": "88"}),
    )
    assert_holds(
        CHILDREN,
        "infant-mortality",
        ({"unit_id": "62", "year": "2005"}, {"rate": "62.6", "preliminary": "false"}),
        ({"unit_id": "28", "year": "2007"}, {"rate": "13.0", "preliminary": "false"}),
        ({"unit_id": "62", "year": "2016"}, {"rate": "37.4", "preliminary": "true"}),
    )
    assert_holds(CHILDREN, "immunisation", ({"unit_id": "89", "year": "2010"}, {"immunised": "64.0"}))


@pytest.mark.corpus
def test_child_health_is_the_sources(corpus: Path) -> None:
    assert_recomputed(CHILDREN, health.child_health(corpus))


@pytest.mark.corpus
def test_dengue_is_the_sources(corpus: Path) -> None:
    assert_recomputed(DENGUE, health.dengue(corpus))


@pytest.mark.corpus
def test_dengue_by_year_is_the_nations_but_for_ten_years(corpus: Path) -> None:
    nation = {
        int(row["Year"]): int(row["dengue_total"])
        for row in health.open_dengue(corpus)
        if (row["S_res"], row["T_res"]) == ("Admin0", "Year")
    }
    provinces = Counter[int]()
    for row in shipped(DENGUE, "cases"):
        provinces[int(row["year"])] += int(row["cases"])
    assert {y: (n, nation[y]) for y, n in provinces.items() if n != nation[y]} == YEARS_THAT_DIFFER


@pytest.mark.corpus
def test_dengue_before_1997_is_the_yearbooks_old_provinces(corpus: Path) -> None:
    yearbook = {
        (row["province"], row["year"], str(MONTHS.index(row["month"]) + 1)): row["cases"]
        for row in health.read(corpus / "health/gdpm_tidy/dengue.csv")
    }
    old = {gso.unit_id(name, 1995, backcast=False): name for name in health.BEFORE_1997.values()}
    rows = [row for row in shipped(DENGUE, "cases") if row["unit_id"] in old]
    assert len(rows) == 35 * 4 + 34 * 4
    assert [row for row in rows if row["cases"] != yearbook[old[row["unit_id"]], row["year"], row["month"]]] == []


@pytest.mark.corpus
def test_dengue_leaves_the_sources_codes_alone(corpus: Path) -> None:
    named = {row["adm_1_name"] for row in health.open_dengue(corpus) if row["RNE_iso_code"] == "VN-30"}
    assert named == {"GIA LAI", "HA TAY"}


@pytest.mark.corpus
def test_facilities_and_beds_are_the_sources(corpus: Path) -> None:
    assert_recomputed(FACILITIES, health.facilities_beds(corpus))


@pytest.mark.corpus
def test_facilities_and_beds_sum_to_the_sources_totals(corpus: Path) -> None:
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for table, file in (("facilities", health.FACILITIES), ("beds", health.BEDS)):
        export = gso.read_gso(corpus / "health/gso_health" / file)
        regions, sums, totals = gso.regions(export), Counter[tuple[str, str]](), {}
        for name, heading, cell in gso.cells(export):
            figure = 0 if cell == gso.MISSING else int(cell)
            if gso.is_total(name):
                totals[heading, name] = figure
            else:
                sums[heading, regions[name]] += figure
                sums[heading, "WHOLE COUNTRY"] += figure
        found |= {(table, *key): (sums[key], total) for key, total in totals.items() if sums[key] != total}
    assert found == TOTALS_THAT_DIFFER
