"""What is seen of a file before it is read: suppositions are said, never made in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sources_helpers import ods, rows, text_file, xls, xlsx

from opendata.errors import SourceError
from opendata.sources import SheetSize, detect, open_file

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = "mã tỉnh,năm,lúa\n66,2016,1.5\n67,2016,2\n"


@pytest.mark.parametrize(
    ("delimiter", "content"),
    [
        (",", PLAIN),
        (";", "a;b\n1,5;2\n3,5;4\n"),
        ("\t", "a\tb\n1,5\t2\n"),
        ("|", "a|b\n1|2\n"),
        (",", "a,b\n1;5,2;3\n1,2\n"),
        (";", '"a;b";c\n1;"2,3"\n'),
    ],
)
def test_the_delimiter_is_the_one_that_gives_even_rows(tmp_path: Path, delimiter: str, content: str) -> None:
    layout = detect(text_file(tmp_path, content))
    expected = {} if delimiter == "," else {"delimiter": delimiter}
    assert (layout.kind, layout.encoding, layout.dialect) == ("csv", "utf-8", expected)
    assert bool(layout.notes) == (delimiter != ",")


@pytest.mark.parametrize(("content", "mark"), [("a\tb\n1,5\t2\n", "\t"), ("a,b\n1,2\n", ",")])
def test_the_delimiter_of_a_tsv_is_always_told(tmp_path: Path, content: str, mark: str) -> None:
    """Whoever copies a dialect out of a layout may give the file another ending."""
    path = tmp_path / "a.tsv"
    path.write_text(content, encoding="utf-8", newline="")
    layout = detect(path)
    assert layout.dialect == {"delimiter": mark}
    assert open_file(path, dialect=layout.dialect).labels == ("a", "b")


def test_a_plain_file_needs_no_words(tmp_path: Path) -> None:
    layout = detect(text_file(tmp_path, PLAIN))
    assert (layout.header_row, layout.notes, layout.sheets) == (1, (), ())


def test_a_single_column_is_said(tmp_path: Path) -> None:
    assert "single column" in detect(text_file(tmp_path, "a\n1\n2\n")).notes[0]


@pytest.mark.parametrize(
    ("content", "encoding", "note"),
    [
        (PLAIN.encode(), "utf-8", ""),
        (PLAIN.encode("utf-8-sig"), "utf-8", ""),
        (PLAIN.encode("utf-16"), "utf-16", ""),
        ("đường,sô\nđ,ơ\nư,ê\n".replace("ờ", "ơ").encode("cp1258"), "cp1258", "cp1252"),
        ("café,naïve\nè,ç\n".encode("cp1252"), "cp1252", "cp1258"),
        ("a,b\n1,2\n".encode("utf-16-le") + b"\xff\xff", "utf-16-le", "UTF-16"),
    ],
)
def test_encodings_are_told_by_their_mark_or_supposed_aloud(
    tmp_path: Path, content: bytes, encoding: str, note: str
) -> None:
    layout = detect(text_file(tmp_path, content))
    assert layout.encoding == encoding
    assert any(note in said for said in layout.notes) if note else not layout.notes


def test_what_detect_says_can_be_given_to_open_file(tmp_path: Path) -> None:
    path = text_file(tmp_path, "Bảng 1\n\ntên;n\nx;1\ny;2\n".encode("utf-16"))
    layout = detect(path)
    table = open_file(path, dialect=layout.dialect, encoding=layout.encoding)
    assert table.labels == ("tên", "n")
    assert rows(table) == [(4, ("x", "1")), (5, ("y", "2"))]


@pytest.mark.parametrize(
    ("content", "row", "said"),
    [
        ("Bảng số liệu\n\na,b,c\nx,2,3\ny,5,6\n", 3, "above row 3"),
        ("tên,1995,1996\nx,2,3\n", 1, None),
        ("1,2\n3,4\n", None, "No row looks like a header"),
        ("a,,c\n1,2,3\n", 1, "have no header"),
        ("a,a\n1,2\n", 1, "More than one column is called: a"),
        ("a,b\nx,1\n\nc,d\ny,2\n", 1, "blank row (row 3)"),
        ("a,b\n", 1, "no rows below"),
        ("a,b\n1,2\n\n\n", 1, None),
        ("\n\n", None, "No row looks like a header"),
    ],
)
def test_what_is_odd_about_the_rows_is_said(tmp_path: Path, content: str, row: int | None, said: str | None) -> None:
    layout = detect(text_file(tmp_path, content))
    assert layout.header_row == row
    assert any(said in note for note in layout.notes) if said else not layout.notes
    assert (layout.dialect or {}).get("headerRows") == ([row] if row and row > 1 else None)


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"PK\x03\x04"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceError):
        detect(text_file(tmp_path, content))


def test_a_file_that_breaks_off_is_described_as_far_as_it_goes(tmp_path: Path) -> None:
    assert detect(text_file(tmp_path, 'a,b\n1,2\n"3')).header_row == 1


def test_sheets_are_listed_with_their_sizes(tmp_path: Path) -> None:
    grid = [["a", "b"], [1, 2], [3, 4]]
    layout = detect(xlsx(tmp_path / "a.xlsx", {"Một": grid, "Ẩn": [["x"]], "Trống": []}, hidden=["Ẩn"]))
    assert layout.kind == "xlsx"
    assert (layout.encoding, layout.dialect, layout.sheet, layout.header_row) == (None, {}, "Một", 1)
    assert layout.sheets == (SheetSize("Một", 3, 2), SheetSize("Ẩn", 1, 1, hidden=True), SheetSize("Trống", 0, 0))
    assert any("Một (3 × 2), Ẩn (1 × 1)" in note for note in layout.notes)
    assert any("Hidden sheets: Ẩn" in note for note in layout.notes)


def test_another_sheet_can_be_looked_at(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Một": [["a"]], "Hai": [[None, None], ["title", None], ["x", "y"], [1, 2]]})
    assert detect(path, "Hai").header_row == 3
    assert detect(path, "Hai").dialect == {"headerRows": [3]}


@pytest.mark.parametrize(("kind", "write"), [("xls", xls), ("ods", ods)])
def test_other_workbooks_are_described_too(tmp_path: Path, kind: str, write: object) -> None:
    path = write(tmp_path / f"a.{kind}", {"S": [["a", "b"], ["x", 1]]})  # type: ignore[operator] # one of the writers
    layout = detect(path)
    assert (layout.kind, layout.header_row, layout.notes) == (kind, 1, ())
    assert layout.sheets == (SheetSize("S", 2, 2),)


def test_an_empty_sheet_is_said(tmp_path: Path) -> None:
    assert detect(xlsx(tmp_path / "a.xlsx", {"S": []})).notes == ("There are no rows.",)


def test_merged_cells_at_the_header_are_said(tmp_path: Path) -> None:
    grid = [["Tỉnh", "Năm", None], [None, "1995", "1996"], ["x", 1, 2]]
    notes = detect(xlsx(tmp_path / "a.xlsx", {"S": grid}, merged=["A1:A2", "B1:C1"])).notes
    assert any("merged cells" in note for note in notes)
    far = [["a", "b", "c"], ["x", 1, 2], ["y", 3, 4], ["z", 5, 6]]
    assert detect(xlsx(tmp_path / "b.xlsx", {"S": far})).notes == ()


@pytest.mark.parametrize("merged", ["A2:A3", "A2:B2"])
def test_merged_cells_below_the_header_are_told_from_those_at_it(merged: str, tmp_path: Path) -> None:
    grid = [["a", "b", "c"], ["x", 1, 2], ["y", 3, 4], ["z", 5, 6]]
    (note,) = detect(xlsx(tmp_path / "a.xlsx", {"S": grid}, merged=["A4:B4", merged])).notes
    assert "below the header, the first in row 2" in note


@pytest.mark.parametrize(
    ("label", "values", "warned"),
    [
        ("Mã tỉnh", [1, 66], True),
        ("Mã xã", ["01", "66"], False),
        ("Dân số", [1, 66], False),
        ("CODE", [1, 66], True),
        ("Số điện thoại", [912345678], True),
        ("Mã số", [1.5], False),
        ("mây", [1], False),
    ],
)
def test_codes_that_may_have_lost_their_zeros_are_said(
    tmp_path: Path,
    label: str,
    values: list[object],
    warned: bool,  # noqa: FBT001 - a table of cases
) -> None:
    layout = detect(xlsx(tmp_path / "a.xlsx", {"S": [[label, "x"], *[[value, "y"] for value in values]]}))
    assert any("zeros" in note and label in note for note in layout.notes) is warned


def test_a_workbook_open_in_excel_is_said(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["a", "b"], ["x", 1]]})
    text_file(tmp_path, b"\x05Officer", "~$a.xlsx")
    assert any("open in Excel" in note for note in detect(path).notes)
