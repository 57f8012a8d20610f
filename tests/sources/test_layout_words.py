"""What is said of a file before it is read: nothing that is supposed stays unsaid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sources_helpers import rows, text_file, xlsx

from opendata.sources import detect, open_file
from opendata.sources.grid import Line, Numeral
from opendata.sources.remarks import header_row, remarks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def lines(*grid: Sequence[str]) -> list[Line]:
    return [Line(row, cells) for row, cells in enumerate(grid, start=1)]


@pytest.mark.parametrize(
    ("grid", "row"),
    [
        ([["Tỉnh", "Năm"], ["A", "1"]], 1),
        ([["Bảng 1. Lúa"], [], ["Tỉnh", "Năm", "ha"], ["A", "1", "2"]], 3),
        ([["Tỉnh", "2003", "2004", "2005"], ["A", "1", "2", "3"]], 1),
        ([["Tỉnh", "1995", "1996"], ["A", "1", "2"]], 1),
        ([["Tỉnh", "17", "18"], ["A", "1", "2"]], None),
        ([["Tỉnh", "-5", "+7"], ["A", "1", "2"]], None),
        ([["1", "2"], ["3", "4"]], None),
        ([["Đơn vị: ha", "", ""], ["STT", "Tỉnh", "ha"], ["1", "A", "2"]], 2),
        ([["a", "", "", "d"], ["a", "b", "c", "d"], ["1", "2", "3", "4"]], 2),
        ([["a", "b", "c"], ["1", "2", "3"], ["x", "y", "z"]], 1),
        ([["Tỉnh", Numeral("3")], ["Tỉnh", "ha"], ["A", Numeral("3")]], 2),
        ([[], [" "]], None),
    ],
)
def test_which_row_looks_like_the_header(grid: list[list[str]], row: int | None) -> None:
    assert header_row(lines(*grid)) == row


HEAD = ["Tỉnh", "Năm"]
BODY = ["A", "2003"]


@pytest.mark.parametrize(
    ("grid", "row", "said"),
    [
        ([HEAD, BODY], 1, ()),
        ([], None, ("There are no rows.",)),
        ([["1", "2"]], None, ("No row looks like a header; row 1 is taken for it.",)),
        (
            [["Bảng 1"], HEAD, BODY],
            2,
            ("What stands above row 2, which looks like the header, is not read: titles or notes.",),
        ),
        ([[], HEAD, BODY], 2, ()),
        ([["Tỉnh", "", "Năm"], ["A", "", "1"]], 1, ("Some columns have no header (row 1).",)),
        ([["Tỉnh", "Năm", ""], ["A", "1", ""]], 1, ()),
        ([["b", "a", "a", "b", "c"], ["1", "2", "3", "4", "5"]], 1, ("More than one column is called: a, b",)),
        ([HEAD], 1, ("There are no rows below the header.",)),
        (
            [HEAD, BODY, [], BODY, [], BODY],
            1,
            ("A blank row (row 3) divides the rows: there may be several tables, or notes below the table.",),
        ),
        ([HEAD, BODY, []], 1, ()),
    ],
)
def test_what_is_said_of_the_rows(grid: list[list[str]], row: int | None, said: tuple[str, ...]) -> None:
    assert remarks(lines(*grid), row) == said


AT = "There are merged cells at the header: it may take several rows, which needs a recipe."
BELOW = "There are merged cells below the header, the first in row {}: all but one of each are read as empty."


@pytest.mark.parametrize(
    ("merged", "said"),
    [
        ([((0, 0), (0, 5))], ()),
        ([((2, 1), (2, 3))], (AT,)),
        ([((1, 0), (2, 0))], (AT,)),
        ([((2, 0), (3, 0))], (AT,)),
        ([((3, 0), (4, 0))], (BELOW.format(4),)),
        ([((5, 0), (6, 0)), ((4, 1), (5, 1)), ((2, 0), (2, 1))], (AT, BELOW.format(5))),
        ([((2, 1), (2, 1)), ((4, 1), (4, 1))], ()),
    ],
)
def test_merged_cells_at_the_header_and_below_it_are_told(
    merged: list[tuple[tuple[int, int], tuple[int, int]]], said: tuple[str, ...]
) -> None:
    """The header is row 3; the reader of workbooks counts its ranges from 0."""
    grid = lines(["Bảng"], [], HEAD, BODY, BODY, BODY, BODY)
    assert tuple(note for note in remarks(grid, 3, merged) if "merged cells" in note) == said


@pytest.mark.parametrize(
    ("label", "cells", "said"),
    [
        ("Mã tỉnh", [Numeral("1"), Numeral("2")], True),
        ("MÃ SỐ", [Numeral("1")], True),
        ("Số hiệu trạm", [Numeral("412")], True),
        ("Mã tỉnh", ["01", "02"], False),
        ("Mã tỉnh", [Numeral("1.5")], False),
        ("Mãng cầu (ha)", [Numeral("1")], False),
        ("Số hộ", [Numeral("1")], False),
        ("CMND", [Numeral("12345678")], True),
        ("Điện thoại", [Numeral("912345678")], True),
        ("unit_id", [Numeral("1")], True),
        ("humidity", [Numeral("1")], False),
    ],
)
def test_codes_held_as_numbers_are_told(label: str, cells: list[str], said: bool) -> None:  # noqa: FBT001 - one of a table
    notes = remarks(lines(["x", label], *[["a", cell] for cell in cells]), 1)
    told = f"The column {label} looks like codes but holds numbers: zeros at their beginning may be lost."
    assert (told in notes) == said


@pytest.mark.parametrize(("mark", "delimiter"), [(",", None), (";", ";"), ("\t", "\t"), ("|", "|")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_was_detected_reads_the_file(mark: str, delimiter: str | None, encoding: str, tmp_path: Path) -> None:
    text = f"Bảng 1\n\nTỉnh{mark}Diện tích\nĐắk Lắk{mark}1\nHà Nội{mark}2\n"
    path = text_file(tmp_path, text.encode(encoding))
    seen = detect(path)
    assert seen.dialect == ({"delimiter": delimiter} if delimiter else {}) | {"headerRows": [3]}
    assert (seen.kind, seen.header_row) == ("csv", 3)
    table = open_file(path, dialect=seen.dialect, encoding=seen.encoding)
    assert table.labels == ("Tỉnh", "Diện tích")
    assert rows(table) == [(4, ("Đắk Lắk", "1")), (5, ("Hà Nội", "2"))]
    shown = {";": ";", "\t": "tab", "|": "|"}.get(mark)
    assert (f"The delimiter looks like: {shown}" in seen.notes) == (mark != ",")


def test_a_workbook_says_which_sheet_is_read_and_which_are_hidden_or_unsaved(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path / "a.xlsx",
        {"Bìa": [["Niên giám", "2018"]], "Ẩn": [["x"]], "Trống": []},
        hidden=["Ẩn"],
    )
    (tmp_path / "~$a.xlsx").touch()
    seen = detect(path)
    assert seen.sheet == "Bìa"
    assert seen.notes[:3] == (
        "The workbook has several sheets: Bìa (1 × 2), Ẩn (1 × 1). Read is: Bìa",
        "Hidden sheets: Ẩn",
        "The workbook is open in Excel: what is not saved yet is not read.",
    )
    assert [(size.name, size.rows, size.columns, size.hidden) for size in seen.sheets] == [
        ("Bìa", 1, 2, False),
        ("Ẩn", 1, 1, True),
        ("Trống", 0, 0, False),
    ]
