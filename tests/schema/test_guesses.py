"""What is guessed of each column, and what is said of it: the whole sentence, the counts, the row and the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from schema_helpers import table_of

from opendata.model import AccessLevel, TableSchema
from opendata.schema import infer
from opendata.schema.kinds import kinds_of
from opendata.schema.naming import field_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opendata.model import Json
    from opendata.schema import Inferred

NOTHING = TableSchema((), {})
NO_KEY = "No key was found: no few leading columns tell the rows apart."


def inferred(columns: Mapping[str, Sequence[str]], size: int = 3, header_row: int = 1) -> Inferred:
    """The schema inferred from columns under their headers."""
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    return infer(table_of(rows, NOTHING, labels=list(columns), size=size, header_row=header_row))


def described(cells: Sequence[str], label: str = "Giá trị") -> tuple[Json, list[str]]:
    """What is said of the second column of a table, beside its name and title, and the notes on it."""
    found = inferred({"Tỉnh": [f"T{n}" for n in range(len(cells))], label: cells}, header_row=5)
    descriptor = {k: v for k, v in found.schema.fields[1].descriptor.items() if k not in {"name", "title"}}
    return descriptor, list(found.notes[:-1])


@pytest.mark.parametrize(
    ("label", "cells", "why"),
    [
        ("Diện tích\n(ha)", ["1", "2", "3", "ước 4"], "1 of 4 cells are not whole numbers, the first in row 9: ước 4"),
        ("Lợn", [*"x5x555x"], "3 of 7 cells are not whole numbers, the first in row 6: x"),
        ("Lợn", [*"55xx"], "2 of 4 cells are not whole numbers, the first in row 8: x"),
        ("Lợn", ["1.5", "2.5", "?", ""], "1 of 3 cells are not numbers, the first in row 8: ?"),
        ("Lợn", ["1,5", "2,5", "?"], "1 of 3 cells are not numbers with a decimal comma, the first in row 8: ?"),
        ("Ngày", ["2024-01-05", "2024-02-30"], "1 of 2 cells are not dates, the first in row 7: 2024-02-30"),
        ("Giờ", ["07:00:00", "7h", "-"], "1 of 2 cells are not times of day, the first in row 7: 7h"),
        ("Có", ["true", "có"], "1 of 2 cells are not true or false, the first in row 7: có"),
        ("Lúc", ["2016-01-01T00:00:00", "x"], "1 of 2 cells are not dates with times, the first in row 7: x"),
        (
            "Lúc",
            ["2016-01-01T00:00:00Z", "x"],
            "1 of 2 cells are not dates with times and an offset, the first in row 7: x",
        ),
        (
            "Ngày",
            ["31/01/2016", "30/02/2016"],
            "1 of 2 cells are not dates written day/month/year, the first in row 7: 30/02/2016",
        ),
        ("Lợn", ["5", "y" * 61], f"1 of 2 cells are not whole numbers, the first in row 7: {'y' * 60}"),
        ("Mã", ["66", "01", "01"], "it holds codes with leading zeros, the first in row 7."),
        ("Mã tỉnh", ["66", "67"], "by its header and its even width it holds codes."),
        ("Giá", ["1.234", "1.500"], "its point or comma could stand before decimals or between thousands."),
        ("Ngày", ["05/01/2024", "12/12/2024"], "its dates could be day/month/year or month/day/year."),
        ("Trống", ["", "-"], "none of its cells has a value."),
    ],
)
def test_a_column_that_stays_text_says_why(label: str, cells: list[str], why: str) -> None:
    assert described(cells, label) == ({"type": "string"}, [f"{' '.join(label.split())} stays text: {why}"])


@pytest.mark.parametrize(
    ("cells", "descriptor", "notes"),
    [
        (["1.5", "1.234"], {"type": "number"}, []),
        (["12345", "1.234", "2.345"], {"type": "number"}, []),
        (["1000", "1.234"], {"type": "number"}, []),
        (["999", "1.234"], {"type": "string"}, ["point or comma"]),
        (["1,5", "1,234"], {"type": "number", "decimalChar": ","}, ["decimal comma"]),
        (["1.234,5", "5"], {"type": "number", "decimalChar": ",", "groupChar": "."}, ["decimal comma"]),
        (["13/01/2024", "12/01/2024"], {"type": "date", "format": "%d/%m/%Y"}, ["day/month/year"]),
        (["12/01/2024", "12/12/2024"], {"type": "string"}, ["month/day/year"]),
        (["1", " - ", ".."], {"type": "integer", "missingValues": ["", " - ", ".."]}, ['cells with " - ", ".." count']),
        (["1", "NA", "N/A"], {"type": "integer", "missingValues": ["", "N/A", "NA"]}, ["count as missing"]),
        ([str(2**63 - 1), "1"], {"type": "integer"}, []),
        ([str(-(2**63)), "1"], {"type": "integer"}, []),
        ([str(2**63), "1"], {"type": "string"}, ["not whole numbers"]),
        (["123456789012345678", "0.5"], {"type": "string"}, ["are not"]),
        (["2024-01-05 ", "2024-01-06"], {"type": "string"}, ["are not dates"]),
        (["true ", "false"], {"type": "string"}, ["are not true or false"]),
        (["1e5", "1.234"], {"type": "number"}, []),
    ],
)  # fmt: skip
def test_one_cell_settles_the_form_of_the_whole_column(cells: list[str], descriptor: Json, notes: list[str]) -> None:
    for order in (cells, cells[::-1]):
        found, said = described(order)
        assert found == descriptor
        assert len(said) == len(notes)
        assert all(part in note for part, note in zip(notes, said, strict=True))


@pytest.mark.parametrize(
    ("label", "cells", "kind"),
    [
        ("Năm", ["1000", "2999"], "year"),
        ("Năm", ["0999", "2999"], "string"),
        ("Năm", ["3000", "2999"], "integer"),
        ("Year", ["2016", "2017"], "year"),
        ("Số năm", ["2016", ""], "year"),
        ("Namibia", ["2016", "2017"], "integer"),
        ("Mã", ["1", "10"], "integer"),
        ("Mã", ["1", "10", "2"], "integer"),
        ("Mã số", ["100", "200"], "string"),
        ("ID", ["100", "200"], "string"),
        ("Mạ", ["100", "-20"], "integer"),
    ],
)
def test_a_header_tells_years_and_codes_from_numbers(label: str, cells: list[str], kind: str) -> None:
    assert described(cells, label)[0]["type"] == kind


@pytest.mark.parametrize("label", ["Diện tích (ha)", "Diện tích [ha]", "Diện tích ( ha )  "])
def test_a_unit_is_for_numbers_alone(label: str) -> None:
    assert described(["1", "2"], label)[0] == {"type": "integer", "unit": "ha"}
    assert described(["1.5", "2"], label)[0] == {"type": "number", "unit": "ha"}
    assert described(["1,5", "2"], label)[0] == {"type": "number", "decimalChar": ",", "unit": "ha"}
    assert described(["a", "b"], label)[0] == {"type": "string"}
    assert described(["2024-01-05", "2024-01-06"], label)[0] == {"type": "date"}


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"Tỉnh": "aabb", "Năm": ["2016", "2017", "2016", "2017"], "Mã": "wxyz"}, ("ma",)),
        ({"Tỉnh": "abcd", "Mã": "wxyz"}, ("ma",)),
        ({"Tỉnh": "aabb", "Huyện": "xyxy", "Xã": "xyxy"}, ("tinh", "huyen")),
        ({"A": "aaaa", "B": "aabb", "C": "abab"}, ("b", "c")),
        ({"A": "aaaabbbb", "B": "aabbaabb", "C": "abababab"}, ("a", "b", "c")),
        ({"A": "a" * 8 + "b" * 8, "B": "aaaabbbb" * 2, "C": "aabb" * 4, "D": "ab" * 8}, ()),
        ({"A": "aa", "B": "aa", "C": "aa", "D": "aa", "E": "ab"}, ("e",)),
        ({"A": "aa", "B": "aa", "C": "aa", "D": "aa", "E": "aa", "F": "ab"}, ()),
        ({"STT": ["1", "2"], "Tỉnh": "aa"}, ()),
        ({"Quý": ["1", "2"], "Tỉnh": "aa"}, ("quy",)),
        ({"Tháng": ["1", "2"], "Tỉnh": "aa"}, ("thang",)),
        ({"Lợn": ["1", "2"], "Tỉnh": "aa"}, ()),
        ({"Mã": ["1.5", "2.5"], "Tỉnh": "aa"}, ()),
        ({"Mã": ["1,5", "2,5"], "Tỉnh": "aa"}, ()),
        ({"Mã": ["1", "-", "20"], "Tỉnh": "aaa"}, ()),
        ({"Ghi chú": ["a", "-"], "Tỉnh": "aa"}, ()),
        ({"Mã": ["5", " 5"], "Tỉnh": "aa"}, ()),
        ({"Lúc": ["07:00:00", "07:00:00.0"], "Tỉnh": "aa"}, ()),
        ({"Cờ": ["true", "TRUE"], "Tỉnh": "aa"}, ()),
        ({"Lúc": ["2016-01-01T07:00:00", "2016-01-01T07:00:00.000"], "Tỉnh": "aa"}, ()),
        ({"Mã": ["007", "7"], "Tỉnh": "aa"}, ("ma",)),
    ],
)
def test_the_key_is_the_fewest_leading_columns_that_name_rows(
    columns: dict[str, Sequence[str]], key: tuple[str, ...]
) -> None:
    for size in (1, 50):
        found = inferred(columns, size)
        assert found.schema.primary_key == key
        guessed = f"The key was guessed: no two rows share {', '.join(key)}. Confirm it."
        assert found.notes[-1] == (guessed if key else NO_KEY)


def test_misfits_are_told_first_and_only_the_first_of_them() -> None:
    rows = [["a", "1"], ["b"], [], ["c", "2", "3"], ["d", "-"]]
    found = infer(table_of(rows, NOTHING, labels=["Tỉnh", "Lợn"], size=1, header_row=4))
    assert found.notes == (
        "Some rows do not fit the header, the first is row 6; they were left out of account.",
        'Lợn: cells with "-" count as missing.',
        "The key was guessed: no two rows share tinh. Confirm it.",
    )
    assert {field.level for field in found.schema.fields} == {AccessLevel.INTERNAL}


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["a", "a", "a"], ("a", "a_2", "a_3")),
        (["a_2", "a", "a"], ("a_2", "a", "a_3")),
        (["2019", "", "2019"], ("c_2019", "column_2", "c_2019_2")),
        (["Đường Đ", "đường đ"], ("duong_d", "duong_d_2")),
        (["x" * 57 + " y"], ("x" * 57,)),
        (["x" * 60], ("x" * 58,)),
        (["…", "column_1"], ("column_1", "column_1_2")),
    ],
)
def test_the_names_of_fields(labels: list[str], names: tuple[str, ...]) -> None:
    assert field_names(labels) == names


@pytest.mark.parametrize(
    "text",
    [
        *("1_000", "٣", "+5", "1.", ".5", "01.5", "1.23.456", "1.234.56", "0x1", "∞", "1e1000"),
        *("24:60:00", "2024-13-01", "0/1/2024", "0001-01-01T00:00:00+07:00"),
    ],
)
def test_what_could_be_read_in_more_than_one_way_is_of_no_kind(text: str) -> None:
    assert kinds_of(text) == frozenset()
