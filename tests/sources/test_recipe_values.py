"""Steps that read values: what they treat, and what they refuse with file, sheet, row, column and value."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recipe_helpers import run_recipe

from opendata.errors import SourceError
from opendata.sources.grid import Moment, Numeral
from opendata.sources.recipe import NumberForm

NUMBERS = {"step": "parse-numbers", "fields": ["a"]}
DATES = {"step": "parse-dates", "fields": ["a"], "format": "%d/%m/%Y"}


def column(cells: list[str], *recipe: dict[str, object], at: int = 0) -> list[str]:
    made = run_recipe([["a", "b"], *[[cell, "x"] for cell in cells]], *recipe)  # type: ignore[arg-type] # a test's JSON
    return [found[at] for _row, found in made.rows]


def refused(cell: str, *recipe: dict[str, object]) -> SourceError:
    with pytest.raises(SourceError) as caught:
        column(["", cell], *recipe)
    assert caught.value.where == "a.xlsx, sheet S, row 3, column 1"
    assert " ".join(cell.split()) in caught.value.what
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("0", "0"),
        ("1234,5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,50", "1.50"),
        ("-1.234,5", "-1234.5"),
        ("\u22125", "-5"),
        ("\u20135", "-5"),
        ("- 5", "-5"),
        ("+5", "5"),
        ("007", "7"),
        ("-0,0", "0.0"),
        ("\u00a01,5 ", "1.5"),
    ],
)
def test_vietnamese_numbers_are_read(text: str, plain: str) -> None:
    assert NumberForm().parse(text) == plain
    assert column([text], NUMBERS) == [plain]


@pytest.mark.parametrize(
    "text",
    [
        "1.23",
        "1.2345",
        "12.34,5",
        "1,2,3",
        ",5",
        "5,",
        "1.234.56",
        "1 234",
        "1e5",
        "0x1F",
        "٣",
        "KPH",
        "12%",
        "(5)",
        "--5",
    ],
)
def test_what_is_no_number_in_this_form_is_refused(text: str) -> None:
    assert NumberForm().parse(text) is None
    refused(text, NUMBERS)


@pytest.mark.parametrize(
    ("form", "text", "plain"),
    [
        (NumberForm(".", ","), "1,234.5", "1234.5"),
        (NumberForm(",", " "), "1 234,5", "1234.5"),
        (NumberForm(",", " "), "1\u00a0234\u202f567,5", "1234567.5"),
        (NumberForm(",", ""), "1234,5", "1234.5"),
        (NumberForm(",", ""), "1.234", None),
        (NumberForm(".", "'"), "1'234.5", "1234.5"),
        (NumberForm(".", ","), "1234,5", None),
    ],
)
def test_other_forms_are_read_as_declared(form: NumberForm, text: str, plain: str | None) -> None:
    assert form.parse(text) == plain


forms = st.sampled_from([NumberForm(), NumberForm(".", ","), NumberForm(",", " "), NumberForm(".", "")])


@settings(deadline=None)
@given(forms, st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12), max_value=10**12))
def test_a_number_written_in_a_form_is_read_back(form: NumberForm, value: Decimal) -> None:
    plain = format(value, ",.3f")
    written = plain.replace(",", "\0").replace(".", form.decimal).replace("\0", form.group)
    read = form.parse(written)
    assert read is not None
    assert Decimal(read) == value
    assert form.parse(form.parse(written) or "") in {None, read} or form.decimal != "."


@settings(deadline=None)
@given(forms, st.text("0123456789.,- ", max_size=10))
def test_whatever_is_read_is_a_plain_number_of_the_same_digits(form: NumberForm, text: str) -> None:
    read = form.parse(text)
    if read is not None:
        assert Decimal(read).is_finite()
        digits = [letter for letter in text if letter.isdigit()]
        assert "".join(digits).lstrip("0") == read.replace(".", "").replace("-", "").lstrip("0")


def test_a_number_of_the_workbook_keeps_its_decimal_point() -> None:
    assert column([Numeral("1234.5"), Numeral("1.234"), "1.234"], NUMBERS) == ["1234.5", "1.234", "1234"]


def test_texts_declared_missing_become_empty() -> None:
    step = NUMBERS | {"missing": ["..", "-", "Không có"]}
    assert column(["..", " - ", "Kh\u00f4ng c\u00f3", "", " ", "1"], step) == ["", "", "", "", "", "1"]
    refused("...", step)


@pytest.mark.parametrize(
    ("form", "text", "iso"),
    [
        ("%d/%m/%Y", "31/12/2018", "2018-12-31"),
        ("%d/%m/%Y", " 1/2/2018 ", "2018-02-01"),
        ("%d-%m-%y", "31-12-18", "2018-12-31"),
        ("%Y%m%d%H%M%S", "20181231070000", "2018-12-31T07:00:00"),
        ("%d/%m/%Y %H:%M", "31/12/2018 00:00", "2018-12-31T00:00:00"),
        ("ngày %d tháng %m năm %Y", "ngày 31 tháng 12 năm 2018", "2018-12-31"),
    ],
)
def test_dates_are_read_by_their_form(form: str, text: str, iso: str) -> None:
    assert column([text, ""], DATES | {"format": form}) == [iso, ""]


@pytest.mark.parametrize("text", ["31/02/2018", "2018-12-31", "12/31/2018", "31/12/2018 07:00", "x"])
def test_what_is_no_date_is_refused(text: str) -> None:
    refused(text, DATES)


def test_a_date_of_the_workbook_stays_and_missing_texts_become_empty() -> None:
    assert column([Moment("2018-12-31"), "chưa rõ"], DATES | {"missing": ["chưa rõ"]}) == ["2018-12-31", ""]


@settings(deadline=None)
@given(st.dates(min_value=dt.date(1900, 1, 1)))
def test_dates_written_by_strftime_come_back(day: dt.date) -> None:
    assert column([f"{day.day:02}/{day.month:02}/{day.year:04}"], DATES) == [day.isoformat()]


RECODE = {"step": "recode", "field": "a", "map": {"Lúa mùa": "winter", "Lúa hè": "summer"}}


def test_texts_are_recoded_in_place_or_beside() -> None:
    cells = ["Lúa mùa", " Lu\u0301a he\u0300 ", ""]
    assert column(cells, RECODE) == ["winter", "summer", ""]
    beside = run_recipe([["a"], *[[cell] for cell in cells[:2]]], RECODE | {"into": "season"})
    assert beside.labels == ("a", "season")
    assert beside.rows == [(2, [cells[0], "winter"]), (3, [cells[1], "summer"])]


def test_a_blank_can_be_named_in_the_map() -> None:
    assert column([" ", "x"], RECODE | {"map": {"": "none", "x": "y"}}) == ["none", "y"]


def test_a_text_not_in_the_map_is_refused() -> None:
    assert "map" in refused("Lúa xuân", RECODE).what


def test_a_column_that_is_there_already_is_not_overwritten() -> None:
    with pytest.raises(SourceError, match="already"):
        column(["Lúa mùa"], RECODE | {"into": "b"})


def test_cells_beyond_the_header_are_not_mistaken_for_the_new_column() -> None:
    with pytest.raises(SourceError, match="under no header"):
        run_recipe([["a"], ["Lúa mùa", "stray"]], RECODE | {"into": "season"})
    assert run_recipe([["a"], ["Lúa mùa", " "]], RECODE | {"into": "season"}).rows == [(2, ["Lúa mùa", "winter"])]


UNITS = {"step": "recode-units", "field": "a"}


def test_names_of_units_become_their_ids() -> None:
    assert column(["Đắk Lắk", " Đa\u0306\u0301k La\u0306\u0301k ", ""], UNITS) == ["66-2025", "66-2025", ""]
    assert column(["Đắk Lắk"], UNITS | {"into": "unit_id"}, at=2) == ["66-2025"]


@pytest.mark.parametrize(
    ("year", "unit"),
    [("2003", "66-1975"), ("2004", "66-2004"), ("2004-05", "66-2004"), ("2003-12-31T07:00", "66-1975")],
)
def test_a_unit_is_the_one_of_its_year(year: str, unit: str) -> None:
    made = run_recipe([["a", "y"], ["Đắk Lắk", year]], UNITS | {"year": "y"})
    assert made.rows == [(2, [unit, year])]


def test_a_name_that_no_unit_had_is_refused() -> None:
    assert "today" in refused("Hà Tây", UNITS).what
    with pytest.raises(SourceError, match="in the year 2003") as caught:
        run_recipe([["a", "y"], ["Hà Tây", "2004"], ["Hà Tây", "2003"]], UNITS | {"year": "y"})
    assert "row 3, column 1" in caught.value.where


@pytest.mark.parametrize("year", ["", "Sơ bộ 2016", "16", "2016.5"])
def test_a_year_that_is_none_is_refused(year: str) -> None:
    with pytest.raises(SourceError, match="no year") as caught:
        run_recipe([["a", "y"], ["Đắk Lắk", year]], UNITS | {"year": "y"})
    assert "row 2, column 2" in caught.value.where
