"""Texts → values → canonical texts, and back to the same values."""

from __future__ import annotations

import string
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schema_helpers import Collector, field_of, schema_of, table_of

from opendata.model import Checked, Report
from opendata.schema import check, default_descriptor

if TYPE_CHECKING:
    from opendata.model import Json


def read(cells: list[str], descriptor: Json) -> tuple[list[str | None], list[object]]:
    """The canonical texts and the values of a column that must be valid."""
    sink = Collector()
    schema = schema_of({"fields": [{"name": "a", **descriptor}, {"name": "row", "type": "integer"}]})
    outcome = check(table_of([[cell, str(i)] for i, cell in enumerate(cells)], schema), (), [sink])
    assert isinstance(outcome, Checked), outcome
    return sink.texts("a"), sink.values("a")


def inexact(cell: str, descriptor: Json) -> str:
    """The reason why a cell cannot be kept."""
    schema = schema_of({"fields": [{"name": "a", **descriptor}]})
    sink = Collector()
    outcome = check(table_of([[cell]], schema), (), [sink])
    assert isinstance(outcome, Report)
    assert [finding.code for finding in outcome.findings] == ["inexact-value"]
    assert not sink.blocks
    assert sink.aborted
    (finding,) = outcome.findings
    assert (finding.place.row, finding.place.column, finding.place.field, finding.cell) == (2, 1, "a", cell)
    assert finding.remedy
    return finding.note


ICT = timezone(timedelta(hours=7))


@pytest.mark.parametrize(
    ("descriptor", "cell", "text", "value"),
    [
        ({"type": "string"}, " a ", " a ", " a "),
        ({"type": "integer"}, "007", "007", 7),
        ({"type": "integer"}, "+5", "+5", 5),
        ({"type": "integer"}, " 5 ", "5", 5),
        ({"type": "integer"}, "1_000", "1000", 1000),
        ({"type": "integer"}, "\u0663", "3", 3),
        ({"type": "integer", "bareNumber": False}, "5 ha", "5", 5),
        ({"type": "number"}, "1.50", "1.50", 1.5),
        ({"type": "number"}, "1e5", "1e5", 1e5),
        ({"type": "number"}, "NaN", "NaN", None),
        ({"type": "number"}, "-INF", "-INF", float("-inf")),
        ({"type": "number"}, "Infinity", "INF", float("inf")),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, "1.234,50", "1234.50", 1234.5),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, "1.234", "1234", 1234.0),
        ({"type": "number", "decimalChar": ","}, "0,0000001", "0.0000001", 1e-7),
        ({"type": "number", "decimal": [6, 2]}, "1.5", "1.5", Decimal("1.50")),
        ({"type": "number", "decimal": [6, 2]}, "1200", "1200", Decimal("1200.00")),
        ({"type": "number", "floatNumber": True}, "1.50", "1.50", 1.5),
        ({"type": "boolean"}, "1", "1", True),
        ({"type": "boolean", "trueValues": ["có"], "falseValues": ["không"]}, "không", "false", False),
        ({"type": "boolean", "trueValues": ["0"], "falseValues": ["1"]}, "0", "true", True),
        ({"type": "date"}, "2024-01-05", "2024-01-05", date(2024, 1, 5)),
        ({"type": "date"}, "2024-1-5", "2024-01-05", date(2024, 1, 5)),
        ({"type": "date", "format": "%d/%m/%Y"}, "05/01/0999", "0999-01-05", date(999, 1, 5)),
        ({"type": "time"}, "10:00:00.5", "10:00:00.5", time(10, 0, 0, 500000)),
        ({"type": "time", "format": "%H:%M"}, "10:05", "10:05:00", time(10, 5)),
        ({"type": "datetime"}, "2024-01-05T10:00:00", "2024-01-05T10:00:00", datetime(2024, 1, 5, 10)),  # noqa: DTZ001 - naive as written
        ({"type": "datetime"}, "2024-01-05 10:00:00", "2024-01-05T10:00:00", datetime(2024, 1, 5, 10)),  # noqa: DTZ001 - naive as written
        ({"type": "datetime"}, "2024-01-05T24:00:00", "2024-01-06T00:00:00", datetime(2024, 1, 6)),  # noqa: DTZ001 - naive as written
        (
            {"type": "datetime", "timezone": "UTC"},
            "2024-01-05T10:00:00+07:00",
            "2024-01-05T10:00:00+07:00",
            datetime(2024, 1, 5, 3, tzinfo=UTC),
        ),
        (
            {"type": "datetime", "timezone": "Asia/Ho_Chi_Minh"},
            "2024-01-05T10:00:00",
            "2024-01-05T10:00:00",
            datetime(2024, 1, 5, 10, tzinfo=ICT),
        ),
        (
            {"type": "datetime", "format": "%Y%m%d%H%M%S%z"},
            "20240105100000+0000",
            "2024-01-05T10:00:00Z",
            datetime(2024, 1, 5, 10, tzinfo=UTC),
        ),
        ({"type": "year"}, "0999", "0999", 999),
        ({"type": "year"}, " 99 ", "0099", 99),
        ({"type": "yearmonth"}, "2024-5", "2024-05", "2024-05"),
        ({"type": "yearmonth"}, "2024-05", "2024-05", "2024-05"),
        ({"type": "duration"}, "P1W", "P1W", "P1W"),
        ({"type": "geopoint"}, "105.85, 21.03", "105.85, 21.03", "105.85, 21.03"),
        ({"type": "object"}, '{"a": 1.50}', '{"a": 1.50}', '{"a": 1.50}'),
        ({"type": "array"}, "[]", "[]", "[]"),
        ({"type": "list"}, "a,b", "a,b", "a,b"),
        ({"type": "any"}, "x", "x", "x"),
    ],
)
def test_a_cell_has_its_canonical_text_and_its_value(descriptor: Json, cell: str, text: str, value: object) -> None:
    texts, values = read([cell], descriptor)
    assert texts == [text]
    if text == "NaN":
        assert values[0] != values[0]
    else:
        assert values == [value]


@pytest.mark.parametrize(
    ("descriptor", "cell"),
    [
        ({"type": "integer"}, str(2**63)),
        ({"type": "integer"}, str(-(2**63) - 1)),
        ({"type": "number"}, "0.1234567890123456789"),
        ({"type": "number"}, "9007199254740993"),
        ({"type": "number"}, "1E400"),
        ({"type": "number"}, "1e-400"),
        ({"type": "number", "decimal": [6, 2]}, "1.005"),
        ({"type": "number", "decimal": [6, 2]}, "12345"),
        ({"type": "number", "decimal": [6, 2]}, "NaN"),
        ({"type": "number", "decimal": [6, 2]}, "1e999999"),
        ({"type": "time"}, "10:00:00Z"),
        ({"type": "time"}, "10:00:00.1234567"),
        ({"type": "datetime"}, "2024-01-05T10:00:00Z"),
        ({"type": "datetime"}, "2024-01-05T10:00:00.123456789"),
        ({"type": "datetime", "timezone": "UTC"}, "0001-01-01T00:00:00+07:00"),
        ({"type": "datetime", "timezone": "Europe/Berlin"}, "2024-10-27T02:30:00"),
        ({"type": "datetime", "timezone": "Europe/Berlin"}, "2024-03-31T02:30:00"),
    ],
)
def test_a_value_that_its_type_would_change_is_found(descriptor: Json, cell: str) -> None:
    assert inexact(cell, descriptor)


@pytest.mark.parametrize("cell", ["0.30000000000000004", "123456789012345", "9007199254740992", "1.50000000000000000"])
def test_a_double_that_gives_back_what_was_written_is_kept(cell: str) -> None:
    texts, values = read([cell], {"type": "number"})
    assert texts == [cell]
    assert Decimal(repr(values[0])) == Decimal(cell)


def test_missing_values_match_exactly_before_stripping_and_by_field() -> None:
    schema = schema_of(
        {
            "missingValues": ["", "-"],
            "fields": [
                {"name": "a", "type": "string"},
                {"name": "b", "type": "integer", "missingValues": ["NA"]},
                {"name": "c", "type": "string"},
            ],
        }
    )
    sink = Collector()
    assert isinstance(check(table_of([["-", "NA", "x"], [" -", "1", ""]], schema), (), [sink]), Checked)
    assert (sink.texts("a"), sink.texts("b"), sink.texts("c")) == ([None, " -"], [None, "1"], ["x", None])
    assert sink.values("b") == [None, 1]
    report = check(table_of([["x", "", "x"]], schema))
    assert isinstance(report, Report)
    assert [finding.code for finding in report.findings] == ["type-error"]


numbers = st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9)
moments = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30))  # noqa: DTZ001 - naive on purpose
# strftime does not pad the year
padded_moments = st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 30))  # noqa: DTZ001 - as above


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_integers_come_back(whole: list[int]) -> None:
    texts, values = read([f" {number}" for number in whole], {"type": "integer"})
    assert values == whole
    assert read([str(text) for text in texts], {"type": "integer"}) == (texts, values)


@given(st.lists(numbers, min_size=1), st.sampled_from([(",", "."), (".", ""), (",", " "), (".", ",")]))
def test_numbers_of_any_form_come_back(written: list[Decimal], form: tuple[str, str]) -> None:
    point, group = form
    descriptor: Json = {"name": "a", "type": "number", "decimalChar": point, "groupChar": group, "decimal": [18, 4]}
    cells = [f"{number:,f}".translate({ord(","): group, ord("."): point}) for number in written]
    texts, values = read(cells, descriptor)
    assert values == written
    plain = default_descriptor(field_of(descriptor))
    assert set(plain) == {"name", "type", "decimal"}
    assert read([str(text) for text in texts], plain) == (texts, values)


@given(st.lists(padded_moments, min_size=1), st.sampled_from(["%d/%m/%Y %H:%M:%S.%f", "%Y%m%dT%H%M%S%f", "default"]))
def test_moments_of_any_form_come_back(written: list[datetime], form: str) -> None:
    descriptor: Json = {"name": "a", "type": "datetime", "format": form}
    cells = [moment.isoformat() if form == "default" else moment.strftime(form) for moment in written]
    texts, values = read(cells, descriptor)
    assert values == written
    assert read([str(text) for text in texts], default_descriptor(field_of(descriptor))) == (texts, values)


@given(st.lists(st.text(string.printable + "ảđ", min_size=1), min_size=1))
def test_text_is_never_changed(cells: list[str]) -> None:
    assert read(cells, {"type": "string"}) == (cells, cells)


def test_the_written_table_is_valid_under_the_default_descriptor() -> None:
    descriptor: Json = {
        "name": "a",
        "type": "number",
        "decimalChar": ",",
        "groupChar": ".",
        "missingValues": ["-"],
        "title": "Sản lượng",
        "constraints": {"minimum": "0,5", "maximum": 2000, "enum": ["1.000,5", "1,5"], "required": True},
    }
    assert default_descriptor(field_of(descriptor)) == {
        "name": "a",
        "type": "number",
        "title": "Sản lượng",
        "constraints": {"minimum": "0.5", "maximum": 2000, "enum": ["1000.5", "1.5"], "required": True},
    }
    zoned = field_of({"name": "t", "type": "datetime", "format": "%Y%m%d%H%M%S%z"})
    assert default_descriptor(zoned) == {"name": "t", "type": "datetime", "timezone": "UTC"}
    text = field_of({"name": "l", "type": "list", "delimiter": ";", "missingValues": [""]})
    assert default_descriptor(text) == {"name": "l", "type": "list", "delimiter": ";"}


@pytest.mark.parametrize(
    "cell", ["1e9999999", "1e-999999999", "-1e999999999999999999", "1." + "0" * 6000 + "1", "sNaN"]
)
def test_a_number_far_beyond_a_decimal_cannot_be_kept(cell: str) -> None:
    assert "38" in inexact(cell, {"type": "number", "decimal": [38, 2]})


def test_nothing_times_a_large_power_is_nothing() -> None:
    assert read(["0e9999999999"], {"type": "number", "decimal": [38, 2]})[1] == [Decimal("0.00")]


@pytest.mark.parametrize("descriptor", [{"type": "number"}, {"type": "number", "floatNumber": True}])
def test_a_written_number_never_becomes_infinite(descriptor: Json) -> None:
    assert "double" in inexact("1e999", descriptor)
    assert read(["INF", "-INF"], descriptor)[1] == [float("inf"), float("-inf")]


def test_a_small_number_never_becomes_nothing() -> None:
    assert "double" in inexact("1e-999999999", {"type": "number"})


def test_no_number_at_all_is_kept_however_it_is_written() -> None:
    assert read(["sNaN", "NaN1", "nan"], {"type": "number"})[0] == ["NaN", "NaN", "NaN"]


@pytest.mark.parametrize(
    ("form", "cell"), [({"decimalChar": ","}, "1,5"), ({"bareNumber": False}, "1.5%"), ({}, "1.5")]
)
def test_exact_decimals_never_go_by_way_of_a_double(form: Json, cell: str) -> None:
    descriptor: Json = {"name": "a", "type": "number", "decimal": [10, 2], "floatNumber": True, **form}
    assert read([cell], descriptor) == (["1.5"], [Decimal("1.50")])


@pytest.mark.parametrize(
    "descriptor",
    [
        {"type": "time", "format": "any"},
        {"type": "datetime", "format": "any"},
        {"type": "datetime", "format": "any", "timezone": "Asia/Ho_Chi_Minh"},
    ],
)
def test_an_offset_that_no_moment_has_is_told_and_no_traceback(descriptor: Json) -> None:
    day = "2024-01-05 " if descriptor["type"] == "datetime" else ""
    assert "offset" in inexact(f"{day}10:00:00+25:00", descriptor)


@pytest.mark.parametrize(
    ("kind", "form", "cell", "said"),
    [
        ("datetime", "any", "10:00", "today"),
        ("datetime", "any", "Jan 5", "today"),
        ("datetime", "any", "Fri", "today"),
        ("datetime", "any", "5/1/24", "today"),
        ("datetime", "any", "2024-01-01T10:00:00 EST", "name of a time zone"),
        ("datetime", "any", "2024-01-01 10:00 ICT", "name of a time zone"),
        ("datetime", "%Y-%m-%d %H:%M %Z", "2024-01-01 10:00 UTC", "name of a time zone"),
        ("date", "any", "12", "today"),
        ("date", "any", "2024", "today"),
        ("date", "any", "05/2024", "today"),
        ("date", "any", "2024-01-01T10:30:00", "without the time of day"),
        ("date", "any", "2024-01-02 00:00+07:00", "without the time of day"),
        ("date", "%d/%m/%Y %H:%M", "05/01/2024 10:00", "without the time of day"),
        ("date", "any", "2024-01-05 10:30", "without the time of day"),
        ("date", "any", "2024-01-05 10am", "without the time of day"),
        ("date", "any", "5 Jan 2024 22:15", "without the time of day"),
        ("date", "%Y-W%W", "2024-W10", "open, or drops it"),
        ("time", "%H:%M %p", "10:00 PM", "open, or drops it"),
        ("datetime", "%Y-%m-%d %I:%M", "2024-01-05 12:00", "open, or drops it"),
        ("time", "default", "24:00:00", "end of a day"),
        ("datetime", "any", "2024-07-05T10:00:00 EST+5", "name of a time zone"),
        ("datetime", "%Y-%m-%dT%H:%M:%S%z", "2024-01-05T10:00:00+07:00:30", "has seconds"),
        ("time", "any", "Jan 5", "no time of day"),
        ("time", "any", "10:00 EST", "name of a time zone"),
        ("time", "any", "2024-01-05 10:00", "without the date"),
        ("time", "%Y-%m-%d %H:%M", "2024-01-05 10:00", "without the date"),
    ],
)
@pytest.mark.filterwarnings("ignore:tzname")
def test_no_part_of_a_moment_is_taken_from_today_or_left_out(kind: str, form: str, cell: str, said: str) -> None:
    assert said in inexact(cell, {"type": kind, "format": form})


@pytest.mark.parametrize(
    ("kind", "form", "cell", "text"),
    [
        ("datetime", "any", "31 Jan 2024 5pm", "2024-01-31T17:00:00"),
        ("datetime", "any", "2024-02-29 10h30", "2024-02-29T10:30:00"),
        ("datetime", "any", "2024-01-05", "2024-01-05T00:00:00"),
        ("date", "any", "Dec 31, 2024", "2024-12-31"),
        ("date", "any", "2024-01-02T00:00:00", "2024-01-02"),
        ("date", "%d/%m/%Y %H:%M", "05/01/2024 00:00", "2024-01-05"),
        ("date", "%d-%b-%y", "05-Jan-24", "2024-01-05"),
        ("date", "fmt:%d/%m/%Y", "05/01/2024", "2024-01-05"),
        ("date", "%Y-W%W-%a", "2024-W10-Mon", "2024-03-04"),
        ("time", "%I:%M %p", "10:00 PM", "22:00:00"),
        ("date", "%Y%%Z-%m-%d", "2024%Z-01-05", "2024-01-05"),
        ("time", "any", "10 pm", "22:00:00"),
        ("time", "any", "12:30", "12:30:00"),
    ],
)
def test_what_a_moment_says_in_its_own_way_is_kept(kind: str, form: str, cell: str, text: str) -> None:
    assert read([cell], {"type": kind, "format": form})[0] == [text]


@pytest.mark.parametrize(
    "cell", ["9007199254740993", "0.1000000000000000055511151231257827", "123456789.123456789123", "1e-400"]
)
def test_a_number_that_is_declared_a_float_is_kept_as_exactly(cell: str) -> None:
    assert "double" in inexact(cell, {"type": "number", "floatNumber": True})


def test_a_float_of_its_own_digits_is_kept() -> None:
    cells = ["0.30000000000000004", "1,5", "NaN", "-INF", " 7 "]
    descriptor: Json = {"type": "number", "floatNumber": True, "decimalChar": ","}
    assert read([cell.replace(".", ",") for cell in cells[:1]] + cells[1:], descriptor)[1][:2] == [
        0.30000000000000004,
        1.5,
    ]
