"""Which unit a name means in a year: every province, at the edges of every period, in the words put around names."""

from __future__ import annotations

import pytest

from opendata import units

ALL = units.provinces()
NOW = [unit for unit in ALL if not unit.valid_to]


@pytest.mark.parametrize("unit", ALL, ids=lambda unit: unit.unit_id)
def test_a_name_means_the_latest_unit_that_had_it_in_the_year(unit: units.Unit) -> None:
    """At both edges of its period and a year beyond them."""
    first, last = int(unit.valid_from[:4] or 1945), int(unit.valid_to[:4] or 2030)
    for year in (first - 1, first, first + 1, last - 1, last, last + 1):
        named = {other.name for other in ALL if other.name == unit.name} | (
            {"Huế", "Thừa Thiên Huế"} if unit.name in {"Huế", "Thừa Thiên Huế"} else set()
        )
        there = [
            other
            for other in ALL
            if other.name in named and other.valid_from[:4] <= str(year) <= (other.valid_to[:4] or "9999")
        ]
        expected = max(there, key=lambda other: other.valid_from).unit_id if there else None
        assert units.resolve(unit.name, year) == expected, year


def test_today_there_are_34_provinces_and_each_is_found_by_its_name_alone() -> None:
    assert len(NOW) == 34
    assert [units.resolve(unit.name) for unit in NOW] == [unit.unit_id for unit in NOW]
    before = [unit for unit in ALL if unit.valid_from <= "2025-06-30" <= (unit.valid_to or "9999")]
    assert len(before) == 63


@pytest.mark.parametrize(
    "around", ["Thủ đô {}", "City of {}", "Province of {}", "{} Municipality", "{} Prov.", "{} TP"]
)
def test_words_around_a_name_make_no_difference(around: str) -> None:
    assert units.resolve(around.format("Hà Nội")) == units.resolve("Hà Nội") == "01-2008"


@pytest.mark.parametrize(
    "name", ["TP.HCM", "HCMC", "HCM City", "T.T. Huế", "TT-Huế", "Bà Rịa-VT", "Hà Nội Hà Nội", "Nội"]
)
def test_a_short_name_is_the_province_or_none_but_never_another(name: str) -> None:
    expected = {
        "TP.HCM": "79-2025",
        "HCMC": "79-2025",
        "HCM City": "79-2025",
        "TT-Huế": "46-2025",
        "T.T. Huế": "46-2025",
    }
    assert units.resolve(name) == expected.get(name)


@pytest.mark.parametrize(
    ("name", "year", "unit_id"),
    [
        ("BR-Vũng Tàu", 2010, "77"),
        ("Đặc khu Vũng Tàu - Côn Đảo", 1985, "vung-tau-con-dao"),
        ("Tỉnh Gia Lai - Kon Tum", 1985, "gia-lai-kon-tum"),
    ],
)
def test_other_words_and_spellings_of_units_that_are_no_more(name: str, year: int, unit_id: str) -> None:
    assert units.resolve(name, year) == unit_id
    assert units.resolve(name) is None


@pytest.mark.parametrize("year", [-1, 0, 1, 99, 10_000])
def test_a_year_that_no_calendar_of_ours_has_finds_nothing_or_what_is_open_at_that_end(year: int) -> None:
    for unit in ALL:
        found = units.resolve(unit.name, year)
        assert found is None or next(item for item in ALL if item.unit_id == found).valid_in(year)
