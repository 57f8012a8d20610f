"""A schema from a clean table: types, names, keys; nothing guessed in silence."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schema_helpers import fields, schema_of, table_of

from opendata.model import AccessLevel, Checked, TableSchema
from opendata.schema import Inferred, check, infer
from opendata.schema.keyguess import guess_key
from opendata.schema.kinds import COMMA as COMMA_KIND
from opendata.schema.kinds import DAY_FIRST, MOMENT, kinds_of
from opendata.schema.naming import field_names, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opendata.model import Json

NOTHING = TableSchema((), {})


def inferred(columns: Mapping[str, Sequence[str]], size: int = 3) -> Inferred:
    """The schema inferred from columns under their headers."""
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return infer(table_of(rows, NOTHING, labels=list(columns), size=size))


def column(cells: Sequence[str], label: str = "Giá trị") -> tuple[Json, str]:
    """The descriptor of one column, without name and title, and the notes on it."""
    found = inferred({"Tỉnh": [f"T{i}" for i in range(len(cells))], label: cells})
    descriptor = {
        key: value for key, value in found.schema.fields[1].descriptor.items() if key not in {"name", "title"}
    }
    return descriptor, " ".join(note for note in found.notes if not note.startswith("The key was guessed"))


@pytest.mark.parametrize(
    ("cells", "descriptor"),
    [
        (["1", "-20", "0"], {"type": "integer"}),
        (["1", "", "3"], {"type": "integer"}),
        (["1", " 2 ", "3"], {"type": "integer"}),
        (["1.5", "2", "-0.25"], {"type": "number"}),
        (["1e5", "2"], {"type": "number"}),
        (["0.125", "1.234"], {"type": "number"}),
        (["1.234", "12345"], {"type": "number"}),
        (["true", "false"], {"type": "boolean"}),
        (["2024-01-05", "2024-12-31"], {"type": "date"}),
        (["2024-01-05T10:00:00", "2024-12-31T00:00:00"], {"type": "datetime"}),
        (["10:00:00", "23:59:59"], {"type": "time"}),
        (["a", "b"], {"type": "string"}),
        (["yes", "no"], {"type": "string"}),
        (["0", "1"], {"type": "integer"}),
        (["1995", "1996"], {"type": "integer"}),
    ],
)
def test_a_type_where_every_cell_fits(cells: list[str], descriptor: Json) -> None:
    assert column(cells) == (descriptor, "")


@pytest.mark.parametrize(
    ("cells", "label", "descriptor", "note"),
    [
        (["01", "02", "93"], "Mã tỉnh", {"type": "string"}, "leading zeros, the first in row 2"),
        (["1", "2", "03"], "Số", {"type": "string"}, "leading zeros, the first in row 4"),
        (["66", "67"], "Mã tỉnh", {"type": "string"}, "even width"),
        (["6", "67"], "Mã tỉnh", {"type": "integer"}, ""),
        (["66", "67"], "Diện tích", {"type": "integer"}, ""),
        (["1995", "2024"], "Năm", {"type": "year"}, ""),
        (["1995", "20"], "Năm", {"type": "integer"}, ""),
        (["1,5", "2"], "x", {"type": "number", "decimalChar": ","}, "decimal comma"),
        (["1.234,5", "2"], "x", {"type": "number", "decimalChar": ",", "groupChar": "."}, "decimal comma"),
        (["1.234.567", "2"], "x", {"type": "number", "decimalChar": ",", "groupChar": "."}, "decimal comma"),
        (["1.234", "5.678"], "x", {"type": "string"}, "before decimals or between thousands"),
        (["1,234", "5,678"], "x", {"type": "string"}, "before decimals or between thousands"),
        (["13/01/2024", "1/2/2024"], "x", {"type": "date", "format": "%d/%m/%Y"}, "day/month/year"),
        (["12/01/2024", "1/2/2024"], "x", {"type": "string"}, "month/day/year"),
        (["01/13/2024", "1/2/2024"], "x", {"type": "string"}, "1 of 2 cells are not dates written"),
        (["2024-01-05T10:00:00Z"], "x", {"type": "datetime", "timezone": "UTC"}, "kept in UTC"),
        (["1", "..", "-"], "x", {"type": "integer", "missingValues": ["", "-", ".."]}, '"-", ".." count as missing'),
        (["a", "-"], "x", {"type": "string"}, ""),
        (
            ["1", "2", "3", "?", "x"],
            "x",
            {"type": "string"},
            "2 of 5 cells are not whole numbers, the first in row 5: ?",
        ),
        (["1", " "], "x", {"type": "string"}, "1 of 2 cells are not whole numbers, the first in row 3"),
        (["", ""], "x", {"type": "string"}, "none of its cells has a value"),
        (["9" * 19, "1"], "x", {"type": "string"}, "not whole numbers"),
        (["0.1234567890123456789", "1"], "x", {"type": "string"}, "not"),
        (["1", "2"], "Diện tích (nghìn ha)", {"type": "integer", "unit": "nghìn ha"}, ""),
        (["a", "b"], "Ghi chú (nếu có)", {"type": "string"}, ""),
    ],
)
def test_what_is_not_plain_is_said(cells: list[str], label: str, descriptor: Json, note: str) -> None:
    found, notes = column(cells, label)
    assert found == descriptor
    assert note in notes
    assert bool(note) == bool(notes)


def test_names_are_folded_and_the_header_is_the_title() -> None:
    found = inferred({"Diện tích\n (nghìn  ha)": ["1"], "Tỉnh, thành phố": ["a"]})
    assert [dict(field.descriptor) for field in found.schema.fields] == [
        {"name": "dien_tich_nghin_ha", "title": "Diện tích (nghìn ha)", "type": "integer", "unit": "nghìn ha"},
        {"name": "tinh_thanh_pho", "title": "Tỉnh, thành phố", "type": "string"},
    ]
    assert all(field.level is AccessLevel.INTERNAL for field in found.schema.fields)


@given(st.lists(st.text(max_size=80), max_size=12))
def test_names_are_legal_and_unique_whatever_the_header(labels: list[str]) -> None:
    names = field_names(labels)
    assert len(set(names)) == len(names) == len(labels)
    for name in names:
        assert name.isascii()
        assert name[0].isalpha()
        assert name.replace("_", "a").isalnum()
        assert name == name.lower()
        assert len(name) <= 63


def test_a_unit_is_what_stands_in_brackets_at_the_end() -> None:
    assert unit_of("Sản lượng [tấn]") == "tấn"
    assert unit_of("(tấn)") is None
    assert unit_of("Sản lượng (tấn) lúa") is None


def test_the_key_is_the_first_and_smallest_that_tells_rows_apart() -> None:
    found = inferred(
        {
            "Mã tỉnh": ["01", "01", "02", "02"],
            "Năm": ["2023", "2024", "2023", "2024"],
            "Lợn": ["4", "3", "2", "1"],
        }
    )
    assert found.schema.primary_key == ("ma_tinh", "nam")
    assert found.schema.descriptor["primaryKey"] == ["ma_tinh", "nam"]
    assert found.notes[-1] == "The key was guessed: no two rows share ma_tinh, nam. Confirm it."


@pytest.mark.parametrize(
    "columns",
    [
        {"Tỉnh": ["a", "a"], "Lợn": ["1", "2"]},  # a measure is no key
        {"Tỉnh": ["a", ""], "Lợn": ["1", "2"]},  # a key has a value in each row
        {"Ngày": ["13/1/2024", "13/01/2024"]},  # the same day
        {"Lúc": ["2024-01-05T10:00:00Z", "2024-01-05T17:00:00+07:00"]},  # the same moment
    ],
)
def test_where_no_key_is_found_it_is_said(columns: dict[str, list[str]]) -> None:
    found = inferred(columns)
    assert found.schema.primary_key == ()
    assert "primaryKey" not in found.schema.descriptor
    assert found.notes[-1] == "No key was found: no few leading columns tell the rows apart."


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"Tên": ["a", "b"], "Mã": ["01", "02"]}, ("ma",)),  # a code before what stands first
        ({"Tên": ["a", "b", "c"], "Mã": ["01", "01", "02"], "Năm": ["2023", "2024", "2023"]}, ("ma", "nam")),
        ({"Tỉnh": ["a", "b"], "Năm": ["2024", "2024"]}, ("tinh", "nam")),  # next year's rows are others
        ({"Năm": ["2024", "2024"], "Tháng": ["1", "1"], "Tỉnh": ["a", "b"]}, ("nam", "thang", "tinh")),
        ({"Tỉnh": ["a", "b"], "Năm": ["2023", "2024"]}, ("tinh",)),
        ({"STT": ["1", "2"], "Ghi chú": ["x", "y"], "Tỉnh": ["a", "b"]}, ("tinh",)),
        ({"Ngày": ["2024-01-01", "2024-01-02"], "Mực nước": ["1", "2"]}, ("ngay",)),
        ({"GDP": ["43,774.58", "51,001.20"], "Tỉnh": ["a", "b"]}, ("tinh",)),  # a number, though it stays text
        ({"Diện tích": ["43,774.58", "51,001.20"], "Lợn": ["1", "2"]}, ()),
        ({"Xã": ["a", "b", "a", "b"], "Vụ": ["x", "x", "y", "y"], "Năm": ["2023"] * 4}, ("xa", "vu", "nam")),
    ],
)
def test_codes_and_periods_make_a_key_and_measures_never(columns: dict[str, list[str]], key: tuple[str, ...]) -> None:
    assert inferred(columns).schema.primary_key == key


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (["43,774.58", "51,001.20", "x"], "as in row 2: 43,774.58"),
        (["12%", "7%"], "as in row 2: 12%"),
        (["2024/01/05", "2024/12/31"], "as in row 2: 2024/01/05"),
        (["a1", "b2"], ""),
        (["1,5 kg", "2 kg"], ""),
        (["43,774.58", "x", "y"], ""),
    ],
)
def test_digits_in_no_form_that_is_known_are_said(cells: list[str], told: str) -> None:
    found, notes = column(cells)
    assert found == {"type": "string"}
    assert told in notes
    assert bool(told) == bool(notes)


def test_the_search_for_a_key_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guess_key, "__defaults__", (4,))
    found = inferred({"Tỉnh": [f"T{i}" for i in range(9)]})
    assert found.schema.primary_key == ()
    assert "too many rows" in found.notes[-1]


def test_a_header_alone_and_rows_that_do_not_fit_are_said() -> None:
    empty = inferred({"Tỉnh": []})
    assert [field.type for field in empty.schema.fields] == ["string"]
    assert "no rows" in empty.notes[-1]
    ragged = infer(table_of([["a", "1"], ["b"], [], ["c", "2"]], NOTHING, labels=["Tỉnh", "Lợn"], size=2))
    assert [field.type for field in ragged.schema.fields] == ["string", "integer"]
    assert "the first is row 3" in ragged.notes[0]


WHOLE = st.integers(-(10**20), 10**20).map(str)
COMMA = st.decimals(-(10**6), 10**6, places=2).map(lambda it: f"{it:,f}".translate({44: ".", 46: ","}))
DAYS = st.dates(date(1000, 1, 1)).map(lambda it: it.strftime("%d/%m/%Y"))
MARKERS = st.sampled_from(["..", "-", "NA", "", "...", " "])
CELL = st.sampled_from(
    [
        *(WHOLE, st.floats(allow_nan=False, allow_infinity=False).map(repr), COMMA, DAYS, MARKERS),
        *(st.dates().map(str), st.datetimes().map(lambda it: it.isoformat()), st.times().map(str)),
        *(st.sampled_from(["true", "FALSE", "1", "0", "007", "2024", "1e5", "-0", "0.0", "1.234", "1,234"]),),
        st.text(max_size=5),
    ]
)


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], list[list[str]]]:
    labels = draw(st.lists(st.sampled_from(["Mã", "Năm", "Tỉnh", "Lợn (con)", "Ngày"]), min_size=1, max_size=3))
    count = draw(st.integers(1, 6))
    kinds = [draw(st.lists(CELL, min_size=1, max_size=2)) for _label in labels]
    columns = [[draw(draw(st.sampled_from(kind))) for _row in range(count)] for kind in kinds]
    return labels, [list(row) for row in zip(*columns, strict=True)]


@settings(deadline=None, max_examples=300)
@given(tables(), st.integers(1, 4))
def test_every_table_is_valid_under_the_schema_inferred_from_it(
    table: tuple[list[str], list[list[str]]], size: int
) -> None:
    labels, rows = table
    marked = [[*row, "x"] for row in rows]  # no row is blank
    found = infer(table_of(marked, NOTHING, labels=[*labels, "Luôn"], size=size))
    names = [field.name for field in found.schema.fields]
    outcome = check(table_of(marked, found.schema, labels=names))
    assert isinstance(outcome, Checked), outcome
    assert infer(table_of(marked, NOTHING, labels=[*labels, "Luôn"], size=7)).schema == found.schema


@settings(deadline=None, max_examples=300)
@given(st.one_of(CELL.flatmap(lambda it: it), st.text("0123456789.,-+eE:/TZ ", max_size=12)))
def test_a_kind_is_only_claimed_where_the_check_agrees(text: str) -> None:
    for kind in kinds_of(text):
        ways: dict[str, Json] = {
            COMMA_KIND: {"type": "number", "decimalChar": ",", "groupChar": "."},
            DAY_FIRST: {"type": "date", "format": "%d/%m/%Y"},
            MOMENT: {"type": "datetime", "timezone": "UTC"},
        }
        schema = schema_of({"fields": [{"name": "a", **ways.get(kind, {"type": kind})}]})
        assert isinstance(check(table_of([[text]], schema)), Checked), kind


def test_a_source_is_opened_anew_for_each_pass_and_not_more() -> None:
    table = table_of([["a"], ["a"]], fields("string"))
    opened = []

    def batches() -> object:
        opened.append(1)
        return table.batches()

    infer(dataclasses.replace(table, batches=batches))  # type: ignore[arg-type]
    assert len(opened) == 2
