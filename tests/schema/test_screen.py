"""What the screen proves is what frictionless reads: each type's proof beside frictionless's own cell reader."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import frictionless
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from schema_helpers import field_of

from opendata.schema.screen.adjudged import Adjudicator
from opendata.schema.screen.cells import cells_of, without
from opendata.schema.screen.column import ColumnScreen
from opendata.schema.screen.constraints import exactly
from opendata.schema.screen.layout import layout
from opendata.schema.screen.pattern import as_re2
from opendata.schema.screen.proofs import proof_of

if TYPE_CHECKING:
    from opendata.model import Json
    from opendata.schema.screen.adjudged import Verdict
    from opendata.schema.screen.column import Read
    from opendata.schema.screen.proof import Column

FIELDS: list[dict[str, Any]] = [
    {"type": "string"},
    *({"type": "string", "format": name} for name in ("uri", "email", "uuid", "binary")),
    {"type": "string", "constraints": {"minLength": 2, "maxLength": 4}},
    {"type": "string", "constraints": {"enum": ["a", "ab", "1"]}},
    {"type": "string", "constraints": {"pattern": "[a-z]+|[0-9]{2}"}},
    {"type": "any"},
    {"type": "integer"},
    {"type": "integer", "bareNumber": False},
    {"type": "integer", "constraints": {"minimum": -1, "maximum": 100, "enum": [1, "7", 100]}},
    {"type": "number"},
    {"type": "number", "decimal": [6, 2]},
    {"type": "number", "decimal": [4, 4]},
    {"type": "number", "decimal": [38, 0]},
    {"type": "number", "floatNumber": True},
    {"type": "number", "decimalChar": ","},
    {"type": "number", "decimalChar": ",", "groupChar": "."},
    {"type": "number", "groupChar": " ", "bareNumber": False},
    {"type": "number", "bareNumber": False},
    {"type": "number", "constraints": {"exclusiveMinimum": 0.5, "exclusiveMaximum": "1234.5"}},
    {"type": "boolean"},
    {"type": "boolean", "trueValues": ["có", "1"], "falseValues": ["không", "1"]},
    *({"type": "date", "format": name} for name in ("default", "any", "%d/%m/%Y", "%Y%m%d", "%d-%m-%y", "%d %b %Y")),
    {"type": "date", "constraints": {"minimum": "2024-01-05", "maximum": "2024-12-31"}},
    *({"type": "time", "format": name} for name in ("default", "any", "%H:%M", "%H%M%S", "%I:%M %p")),
    *({"type": "datetime", "format": name} for name in ("default", "any", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S")),
    {"type": "datetime", "timezone": "UTC"},
    {"type": "datetime", "timezone": "Asia/Ho_Chi_Minh"},
    {"type": "year"},
    {"type": "year", "constraints": {"minimum": "1999"}},
    {"type": "yearmonth"},
    {"type": "yearmonth", "constraints": {"maximum": "2024-05"}},
    {"type": "duration"},
]
NEARLY = [
    *("0", "1", "-1", "7", "007", "-0", "--1", "1-", "+5", "1_000", " 7", "7 ", "\u00a07", "\u0663", "\uff17", "0x1F"),
    *("9" * 18, "9" * 19, "-" + "9" * 18, "9223372036854775807", "9223372036854775808", "5 ha", "5%", "-", ".", ""),
    *("1.5", "1.50", "1.", ".5", "-.5", "1.5.2", "1,5", "1.234,5", "1.234", "1 234", "1 234,5", "-1.234.567", "0,10"),
    *(
        "1e5",
        "1E400",
        "nan",
        "nan(1)",
        "NaN",
        "INF",
        "-inf",
        "0.1234567890123456",
        "123456789012345.6",
        "0.30000000000000004",
    ),
    *(
        "999999",
        "9999.99",
        "99999.9",
        "0.1234",
        "0.12345",
        "100.00",
        "-0.0",
        "-0.00",
        "00.5",
        "1234.5",
        "0.5",
        "1234.4",
    ),
    *("true", "True", "TRUE", "tRue", "false", "có", "không", "Có", "yes"),
    *("2024-01-05", "2024-1-5", "2024-02-30", "2024-02-29", "2023-02-29", "0000-01-01", "0001-01-01", "9999-12-31"),
    *("-999-01-01", "2024-13-01", "2024-00-10", "2024-01-00", "2024/01/05", "20240105", " 2024-01-05", "2024-01-05 "),
    *("05/01/2024", "31/02/2024", "01/02/24", "5/1/2024", "05-01-24", "05 Jan 2024", "99/99/9999", "05/01/0000"),
    *("10:00:00", "10:00", "24:00:00", "23:59:59", "23:59:60", "25:00:00", "10:60:00", "10:00:00.5", "10:00:00.123456"),
    *("10:00:00.1234567", "10:00:00Z", "10:00:00+07:00", "100000", "10:00:00,5", "10:00 AM", "T10:00:00", "1:00:00"),
    *(
        "2024-01-05T10:00:00",
        "2024-01-05 10:00:00",
        "2024-01-05T10:00:00.5",
        "2024-01-05T10:00:00Z",
        "2024-01-05T24:00:00",
    ),
    *("2024-01-05T10:00", "2024-02-30T10:00:00", "2024-01-05t10:00:00", "05/01/2024 10:00", "0001-01-01T00:00:00"),
    *(
        "2024-01-05T10:00:00.123456",
        "2024-01-05T10:00:00.1234567",
        "2024-01-05T10:00:00+07:00",
        "2024-01-05T10:00:00.000",
    ),
    *(
        "2024",
        "1999",
        "1998",
        "24",
        "02024",
        "0999",
        "0000",
        "٢٠٢٤",
        "2024-05",
        "2024-5",
        "2024-13",
        "2024-00",
        "12024-05",
    ),
    *("P1D", "a", "ab", "abc", "abcde", "đ", "đđ", "đđđđđ", "10", "1\n", "a\n", "Đắk", "a|b", "aXYZ", "z10"),
    *("http://hue.gov.vn", "https://a.vn/b/c-d", "HTTP://a", "http://", "ftp://a.b", "http://-a.vn", "http://a_b.vn"),
    *("so.nn@hue.gov.vn", "a@b", "a..b@c.vn", "a@b-.vn", "A@b.vn", "a@b.c", "a@1.vn", "a-@b.vn", "a@b.vnvnvnv"),
    *(
        "123e4567-e89b-12d3-a456-426614174000",
        "123E4567-E89B-12D3-A456-426614174000",
        "00000000-0000-0000-0000-000000000000",
    ),
    *("aGk=", "aGk", "aG==", "====", "YWI=YWI=", "POINT (30 10)", "POINT(30 10)", "POINT (30.5 -10)", "POINT (1)"),
]
TEXTS = st.lists(st.sampled_from(NEARLY) | st.text(max_size=12) | st.from_regex(r"[-0-9.:/TZ ]{0,20}"), max_size=30)


def judged(descriptor: dict[str, Any]) -> frictionless.Field:
    known = {key: value for key, value in descriptor.items() if key not in {"decimal", "timezone"}}
    schema = frictionless.Schema.from_descriptor({"fields": [{"name": "a", **known}]}, datapackage_version="v2")
    return schema.fields[0]


def read(descriptor: dict[str, Any], cells: pa.StringArray, missing: tuple[str, ...] = ("",)) -> Read:
    return ColumnScreen(field_of({"name": "a", **descriptor}), judged(descriptor), missing).read(cells)


def by_frictionless(descriptor: dict[str, Any], cells: list[str]) -> Verdict:
    return Adjudicator(field_of({"name": "a", **descriptor}), judged(descriptor)).read(pa.array(cells, pa.string()))


def _at(column: Column, positions: list[int]) -> list[object]:
    return [column[at].as_py() for at in positions]


def same(descriptor: dict[str, Any], cells: list[str], found: Read) -> None:
    """The screen tells of each cell that is there what frictionless tells of it."""
    there = [at for at, cell in enumerate(cells) if cell]
    wanted = by_frictionless(descriptor, [cells[at] for at in there])
    wrong = [False] * len(cells) if found.wrong is None else found.wrong.tolist()
    assert [wrong[at] for at in there] == wanted.wrong.tolist()
    assert list(map(repr, _at(found.values, there))) == list(map(repr, wanted.values.to_pylist()))
    assert _at(found.texts, there) == wanted.texts.to_pylist()
    assert [at for at, _fault in found.inexact] == [there[at] for at, _fault in wanted.inexact]
    empty = [at for at, cell in enumerate(cells) if not cell]
    assert found.values.take(pa.array(empty, pa.int64())).null_count == len(empty)


@pytest.mark.parametrize("descriptor", FIELDS, ids=str)
def test_each_cell_alone_is_read_as_frictionless_reads_it(descriptor: dict[str, Any]) -> None:
    for cell in NEARLY:
        same(descriptor, [cell], read(descriptor, pa.array([cell])))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FIELDS), TEXTS)
def test_columns_are_read_as_frictionless_reads_their_cells(descriptor: dict[str, Any], cells: list[str]) -> None:
    same(descriptor, cells, read(descriptor, pa.array(cells, pa.string())))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(FIELDS), TEXTS, st.integers(0, 5))
def test_a_slice_of_a_column_is_read_as_the_column(descriptor: dict[str, Any], cells: list[str], start: int) -> None:
    whole = pa.array(["x"] * start + cells, pa.string())
    same(descriptor, cells, read(descriptor, whole.slice(start)))


@pytest.mark.parametrize(
    ("descriptor", "cells"),
    [
        ({"type": "integer"}, ["1", "-20", "007"]),
        ({"type": "number"}, ["1.5", "-20", ".5", "3."]),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.234,50", "-7"]),
        ({"type": "number", "decimal": [6, 2]}, ["1.5", "9999.99"]),
        ({"type": "boolean"}, ["true", "0"]),
        ({"type": "date"}, ["2024-02-29", "0001-01-01"]),
        ({"type": "date", "format": "%d/%m/%Y"}, ["29/02/2024"]),
        ({"type": "time"}, ["23:59:59", "10:00:00.123"]),
        ({"type": "time", "format": "%H:%M"}, ["23:59"]),
        ({"type": "datetime"}, ["2024-02-29T23:59:59", "2024-02-29T23:59:59.5"]),
        ({"type": "datetime", "format": "%d/%m/%Y %H:%M"}, ["29/02/2024 23:59"]),
        ({"type": "year"}, ["0000", "2024"]),
        ({"type": "yearmonth"}, ["0000-01", "2024-12"]),
        ({"type": "string", "format": "email"}, ["so.nn@hue.gov.vn"]),
        ({"type": "string", "format": "uri"}, ["https://hue.gov.vn/du-lieu"]),
        ({"type": "string", "format": "uuid"}, ["123e4567-e89b-12d3-a456-426614174000"]),
        ({"type": "string", "format": "binary"}, ["aGk="]),
    ],
    ids=str,
)
def test_what_is_usual_is_proven_and_costs_frictionless_nothing(descriptor: Json, cells: list[str]) -> None:
    proof = proof_of(field_of({"name": "a", **descriptor}))
    assert proof is not None
    assert proof(cells_of(pa.array(cells))).rest is None
    assert (
        proof(
            without(
                cells_of(pa.array([*cells, "-"])),
                pa.array([*([False] * len(cells)), True]).to_numpy(zero_copy_only=False),
            )
        ).rest
        is None
    )


def test_every_day_of_five_centuries_is_the_day_that_python_says() -> None:
    days = [dt.date(1600, 1, 1) + dt.timedelta(days=number) for number in range(366 * 500)]
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        cells = pa.array([day.strftime(form) for day in days])
        found = read({"type": "date", "format": "default" if form == "%Y-%m-%d" else form}, cells)
        assert found.adjudged == 0
        assert found.values.to_pylist() == days
        assert found.texts.to_pylist() == [day.isoformat() for day in days]


PIECES = [
    "a",
    "b",
    "[a-c]",
    "[^a]",
    r"\d",
    r"\w",
    r"\s",
    r"\D",
    ".",
    "(a|b)",
    "(?:ab)",
    "a{2}",
    "b?",
    "[0-9]{1,3}",
    "c*?",
]
PIECES += [
    "^",
    "$",
    "|",
    r"\.",
    "[[:alpha:]]",
    r"\pL",
    "x{,2}",
    r"\b",
    "(?=a)",
    "(?i)",
    "đ",
    "[à-ỹ]",
    r"\n",
    "a++",
    "(a)\\1",
]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map("".join), st.text("abcđà1. \n", max_size=5))
@example("a|b", "aX")
@example("a$", "a\n")
def test_what_re2_matches_python_matches(pattern: str, cell: str) -> None:
    try:
        python = re.compile(f"^{pattern}$")
    except re.error:
        return
    form = as_re2(pattern)
    if form is not None and pc.match_substring_regex(pa.array([cell]), rf"\A(?:{form})\z")[0].as_py():
        assert python.match(cell)


def test_a_pattern_of_codes_is_proven() -> None:
    assert as_re2("VN-[0-9]{4}") is not None
    assert as_re2(r"[A-ZĐ]{2}\d+(-[a-z]+)?") is not None


@pytest.mark.parametrize(
    ("value", "kind", "kept"),
    [
        (5, pa.int64(), 5),
        (2**63, pa.int64(), None),
        (True, pa.int64(), None),
        (None, pa.int64(), None),
        (Decimal("0.5"), pa.float64(), 0.5),
        (0.1, pa.float64(), 0.1),
        (7, pa.float64(), 7.0),
        (Decimal("0.1234567890123456"), pa.float64(), None),
        (Decimal("NaN"), pa.float64(), None),
        (Decimal("1.25"), pa.decimal128(6, 2), Decimal("1.25")),
        (Decimal("1.255"), pa.decimal128(6, 2), None),
        (dt.time(1, 2), pa.time64("us"), dt.time(1, 2)),
        (dt.time(1, 2, tzinfo=dt.UTC), pa.time64("us"), None),
        (dt.datetime(2024, 1, 5, tzinfo=dt.UTC), pa.timestamp("us"), None),
        ("2024-05", pa.string(), "2024-05"),
    ],
)
def test_a_bound_is_taken_exactly_or_not_at_all(value: object, kind: pa.DataType, kept: object) -> None:
    assert exactly(value, kind) == kept


def test_a_layout_is_told_only_where_every_part_has_its_place() -> None:
    assert layout("%d/%m/%Y") is not None
    for pattern in ("%d %B %Y", "%y-%m-%d", "%Y-%j", "%Y%%", "%d/%d/%Y", "abc", "%"):
        assert layout(pattern) is None, pattern
