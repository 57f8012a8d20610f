"""Names of provinces in every spelling that was met, and those that must not be taken for another."""

from __future__ import annotations

import csv
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata import units

if TYPE_CHECKING:
    from pathlib import Path

NOW = [unit for unit in units.provinces() if not unit.valid_to]
SPELLINGS = [
    str.upper,
    str.lower,
    str.title,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: f"Tỉnh {name}",
    lambda name: f"TỈNH {name.upper()}",
    lambda name: f"TP. {name}",
    lambda name: f"Thành phố {name}",
    lambda name: f"{name} city",
    lambda name: f"{name} Province",
    lambda name: name.replace(" ", "  "),
    lambda name: name.replace(" ", ""),
    lambda name: name.replace(" ", "-"),
    lambda name: f"  {name}\n",
    lambda name: name.replace("òa", "oà").replace("óa", "oá"),
    lambda name: "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c)),
    lambda name: name.replace("Đ", "D").replace("đ", "d"),
]


@pytest.mark.parametrize(
    ("name", "year", "unit_id"),
    [
        ("Ha Noi", 1990, "01-1978"),
        ("Ha Noi", 2007, "01-1991"),
        ("Ha Noi", 2008, "01-2008"),  # enlarged in August: the figures of the year are those of its end
        ("Hanoi", None, "01-2008"),
        ("Ha Tay", 2008, "28"),
        ("Ha Tay", 2009, None),
        ("Lai Chau", 2003, "12-1962"),
        ("Lai Châu", 2004, "12-2004"),
        ("Dien Bien", 2003, None),
        ("Dack Lak", 2003, "66-1975"),
        ("Đắc Lắc", 2004, "66-2004"),
        ("Đăk Lăk", None, "66-2025"),
        ("Daklak", None, "66-2025"),
        ("Đắc Nông", 2020, "67"),
        ("Đăk Nông", 2025, "67"),
        ("Dak Nong", None, None),
        ("Đắk Nông", 2026, None),
        ("Bắc Cạn", 2010, "06"),
        ("Bắc Kạn", 1996, None),
        ("Bac Thai", 1996, "bac-thai"),
        ("Gia Lai-Công Tum", 1985, "gia-lai-kon-tum"),
        ("Kontum", 2000, "62"),
        ("Hau Giang", 1990, "hau-giang-1976"),
        ("Hau Giang", 2000, None),
        ("Hau Giang", 2004, "93"),
        ("Quang Nam - Da Nang", 1995, "quang-nam-da-nang"),
        ("Thua Thien-Hue", 2010, "46-1989"),
        ("Thừa Thiên - Huế", None, "46-2025"),
        ("TP Huế", 2010, "46-1989"),
        ("Hue", 2025, "46-2025"),
        ("Ba Ria-Vung Tau", 2010, "77"),
        ("BÀ RỊA – VŨNG TÀU", 2010, "77"),
        ("BR-VT", 2010, "77"),
        ("Ho Chi Minh city", 2016, "79-1976"),
        ("TP.HCM", None, "79-2025"),
        ("Thành phố Hồ Chí Minh", None, "79-2025"),
        ("T.P. Hồ Chí Minh", None, "79-2025"),
        ("Hồ Chí Minh (TP)", None, "79-2025"),
        ("Thành phố Hà Nội (01)", None, "01-2008"),
        ("\u00d0ắk Nông", 2010, "67"),
        ("\u00d0ỒNG NAI", None, "75-2025"),
        ("Sóc Tr\u01ceng", 2010, "94"),
        ("Thái Bình", 2010, "34"),
        ("Tỉnh Thái Bình", 2010, "34"),
        ("Thanh Hoá", 1900, "38"),
        ("Bắc Ninh", 2020, "27"),
        ("Bắc Ninh", None, "24-2025"),
        ("Lào Cai", 2025, "15-2025"),
        ("Kien  Giang", 2016, "91-1976"),
        ("Can Tho", 2003, "92-1991"),
        ("Đà Nẵng city", 2004, "48-1997"),
        ("VŨNG TÀU - CÔN ĐẢO", 1985, "vung-tau-con-dao"),
    ],
)
def test_a_name_in_a_year(name: str, year: int | None, unit_id: str | None) -> None:
    assert units.resolve(name, year) == unit_id


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "-",
        "Tỉnh",
        "Thành phố",
        "city",
        "Cả nước",
        "Đồng bằng sông Hồng",
        "WHOLE COUNTRY",
        "Đồng",
        "66",
        "Việt Nam",
        "Ba Đình",
        "Hà",
        "Bình",
        "Tỉnh Tỉnh",
    ],
)
def test_what_names_no_province(name: str) -> None:
    assert units.resolve(name) is None
    assert units.resolve(name, 2010) is None


@pytest.mark.parametrize("spell", SPELLINGS)
@pytest.mark.parametrize("unit", NOW, ids=lambda unit: unit.unit_id)
def test_every_province_of_today_in_every_spelling(unit: units.Unit, spell) -> None:  # noqa: ANN001 - a lambda
    assert units.resolve(spell(unit.name)) == unit.unit_id


@given(st.sampled_from(units.provinces()), st.integers(1962, 2030))
def test_a_year_finds_a_unit_that_was_there(unit: units.Unit, year: int) -> None:
    found = units.resolve(unit.name, year)
    if unit.valid_in(year):
        assert found is not None
    if found is not None:
        assert next(item for item in units.provinces() if item.unit_id == found).valid_in(year)


@given(st.text())
def test_any_text_is_answered(name: str) -> None:
    known = {unit.unit_id for unit in units.provinces()}
    assert units.resolve(name) in known | {None}


def test_no_two_provinces_of_one_name_at_once() -> None:
    for unit in units.provinces():
        same = [other for other in units.provinces() if other.name == unit.name and other != unit]
        for other in same:
            assert other.valid_to < unit.valid_from or (unit.valid_to or "9999") < other.valid_from


def test_the_list_is_read_once(project: Path) -> None:
    assert units.provinces() is units.provinces()
    with (project / "datapackages/reference/administrative-units/data/units.csv").open(encoding="utf-8") as stream:
        expected = [row["unit_id"] for row in csv.DictReader(stream) if row["level"] == "province"]
    assert [unit.unit_id for unit in units.provinces()] == expected
