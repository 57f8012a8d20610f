"""Workbooks of every kind, sound and unsound."""

from __future__ import annotations

import datetime as dt
import os
import struct
import zipfile
from pathlib import Path

import pytest
from sources_helpers import ODS_CELL, misfits, ods, raw_ods, raw_xlsx, rows, text_file, xls, xlsx, zipped

from opendata.errors import SourceError
from opendata.model import Place
from opendata.sources import limits, open_file, workbook
from opendata.sources.grid import Moment, Numeral

HEAD = ["tên", "n", "x"]
BODY = ["Đắk Lắk", 5, 1.25]
WRITERS = {"xlsx": xlsx, "xls": xls, "ods": ods}


def refused(path: Path, **how: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        open_file(path, **how)  # type: ignore[arg-type] # sheet alone is given
    assert caught.value.remedy
    assert path.name in caught.value.where
    return caught.value


@pytest.mark.parametrize("kind", WRITERS)
def test_a_sheet_is_read_as_text_whatever_the_format(tmp_path: Path, kind: str) -> None:
    path = WRITERS[kind](tmp_path / f"a.{kind}", {"Bảng": [HEAD, BODY, [None, None, None], ["y", -3, 0.1]]})
    made = open_file(path)
    assert made.labels == ("tên", "n", "x")
    assert made.place == Place(str(path), "Bảng")
    assert rows(made) == [(2, ("Đắk Lắk", "5", "1.25")), (4, ("y", "-3", "0.1"))]
    assert [item.row for item in misfits(made)] == [3]


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_rows_count_from_the_top_of_the_sheet(tmp_path: Path, kind: str) -> None:
    grid = [[None], [None], [None, "a", "b"], [None, 1, 2]]
    made = open_file(WRITERS[kind](tmp_path / f"a.{kind}", {"S": grid}), dialect={"headerRows": [3]})
    assert made.labels == ("", "a", "b")
    assert rows(made) == [(4, ("", "1", "2"))]


def test_dates_times_and_truth_values(tmp_path: Path) -> None:
    day, moment = dt.date(2018, 12, 31), dt.datetime(2018, 12, 31, 7, 30)  # noqa: DTZ001 - workbooks know no zone
    grid = [["d", "m", "t", "b", "e"], [day, moment, dt.time(7), True, "#N/A"], [day, day, dt.time(0), False, "=1/0"]]
    made = open_file(xlsx(tmp_path / "a.xlsx", {"S": grid}))
    assert rows(made) == [
        (2, ("2018-12-31", "2018-12-31T07:30:00", "07:00:00", "true", "#N/A")),
        (3, ("2018-12-31", "2018-12-31T00:00:00", "00:00:00", "false", "")),
    ]


def test_marks_are_given_where_they_are_asked_for(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["5", 5, dt.date(2018, 1, 1)]]})
    place = Place("a.xlsx", "S")
    (plain,) = workbook.lines(path, place)
    (marked,) = workbook.lines(path, place, marks=True)
    assert list(plain.cells) == list(marked.cells) == ["5", "5", "2018-01-01"]
    assert [type(cell) for cell in plain.cells] == [str, str, str]
    assert [type(cell) for cell in marked.cells] == [str, Numeral, Moment]


def test_sheets_by_name_number_or_the_first(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Một": [["a"]], "Hai": [["b"]]})
    assert open_file(path).labels == ("a",)
    assert open_file(path, sheet="Hai").labels == ("b",)
    assert open_file(path, sheet="Một").labels == ("a",)
    assert open_file(path, dialect={"sheetName": "Hai"}).labels == ("b",)
    assert open_file(path, dialect={"sheetNumber": 2}).labels == ("b",)
    assert open_file(path, sheet="Một", dialect={"sheetNumber": 2}).labels == ("a",)


@pytest.mark.parametrize("dialect", [{"sheetName": "Ba"}, {"sheetNumber": 3}])
def test_a_missing_sheet_is_refused_and_those_there_are_listed(tmp_path: Path, dialect: dict[str, str | int]) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"Một": [["a"]], "Hai": [["b"]]})
    with pytest.raises(SourceError) as caught:
        open_file(path, dialect=dialect)
    assert "Một; Hai" in caught.value.remedy
    assert str(next(iter(dialect.values()))) in caught.value.what


def test_an_empty_sheet_is_refused(tmp_path: Path) -> None:
    assert "empty" in refused(xlsx(tmp_path / "a.xlsx", {"S": []})).what


def test_content_counts_more_than_the_ending(tmp_path: Path) -> None:
    made = xlsx(tmp_path / "a.xlsx", {"S": [["a"], [1]]})
    assert rows(open_file(made.rename(tmp_path / "b.xls"))) == [(2, ("1",))]
    old = xls(tmp_path / "a.xls", {"S": [["a"], [1]]})
    assert rows(open_file(old.rename(tmp_path / "b.xlsx"))) == [(2, ("1",))]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"a,b\n1,2\n", "text file"),
        (b"<html><body><table><tr><td>1</td></tr></table>", "web page"),
        (b"\xef\xbb\xbf\r\n <!DOCTYPE html>", "web page"),
        (b'<?xml version="1.0"?><Workbook/>', "web page"),
        (b"\x00\x01\x02\x03" * 40, "damaged"),
        (b"PK\x03\x04junk", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1junk", "damaged"),
    ],
)
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_what_is_no_workbook_is_said_plainly(tmp_path: Path, ending: str, content: bytes, said: str) -> None:
    assert said in refused(text_file(tmp_path, content, f"a.{ending}")).what


def test_a_folder_a_missing_file_and_a_pipe_are_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    assert "folder" in refused(tmp_path / "folder.xlsx").what
    assert "no such file" in refused(tmp_path / "none.xlsx").what
    os.mkfifo(tmp_path / "pipe.xlsx")
    assert "pipe" in refused(tmp_path / "pipe.xlsx").what


def test_the_mark_of_a_workbook_held_open_is_refused(tmp_path: Path) -> None:
    fault = refused(text_file(tmp_path, b"\x05Officer", "~$a.xlsx"))
    assert "a.xlsx" in fault.remedy
    assert "~$" not in fault.remedy


def test_a_workbook_held_by_another_program_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["a"]]})

    def held(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "sharing violation", str(path))

    monkeypatch.setattr(Path, "open", held)
    assert "another program" in refused(path).what


@pytest.mark.parametrize("keep", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", WRITERS)
def test_half_a_workbook_is_refused(tmp_path: Path, kind: str, keep: float) -> None:
    path = WRITERS[kind](tmp_path / f"a.{kind}", {"S": [HEAD] + [BODY] * 50})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    refused(path)


def test_bytes_altered_inside_are_refused_or_read(tmp_path: Path) -> None:
    content = bytearray(xlsx(tmp_path / "a.xlsx", {"S": [HEAD] + [BODY] * 50}).read_bytes())
    for at in range(0, len(content), 97):
        altered = content.copy()
        altered[at] ^= 0xFF
        try:
            open_file(text_file(tmp_path, bytes(altered), f"{at}.xlsx"))
        except SourceError as fault:
            assert fault.remedy  # noqa: PT017 - either outcome is right


def test_a_packed_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for name, files in {
        "docx": {"word/document.xml": b"<w/>"},
        "xlsb": {"xl/workbook.bin": b"", "xl/workbook.xml": b"<w/>"},
        "both": {"content.xml": b"<w/>", "xl/workbook.xml": b"<w/>"},
    }.items():
        assert "no workbook" in refused(zipped(tmp_path / f"{name}.xlsx", files)).what


def test_a_password_is_named(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["a"]]})
    content = bytearray(path.read_bytes())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    assert "password" in refused(text_file(tmp_path, bytes(content), "b.xlsx")).what


TWO_CORNERS = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


@pytest.mark.parametrize(
    "sheet",
    [
        TWO_CORNERS,
        TWO_CORNERS.replace("<c r=", "<c s='0' r="),
        "<row/>" * 800_000
        + "<row>"
        + "<c><v>1</v></c>" * 16_000
        + "</row>"
        + '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="65536"><c r="IV65536"><v>1</v></c></row>',
    ],
)
def test_a_small_xlsx_that_claims_billions_of_cells_is_refused(tmp_path: Path, sheet: str) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", sheet)
    assert path.stat().st_size < 20_000
    fault = refused(path)
    assert "claims" in fault.what
    assert "Delete" in fault.remedy


def test_cells_that_are_only_formatted_do_no_harm(tmp_path: Path) -> None:
    sheet = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert open_file(raw_xlsx(tmp_path / "a.xlsx", sheet)).labels == ("1",)


def test_a_sheet_under_a_name_that_no_program_gives_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["x"]]})
    with zipfile.ZipFile(path) as before:
        files = {item.filename: before.read(item) for item in before.infolist()}
    files["xl/media/image1.png"] = b"<worksheet><sheetData/></worksheet>"
    assert "damaged" in refused(zipped(path, files)).what
    files["xl/media/image1.png"] = b"\x89PNG" + bytes(1000)
    assert open_file(zipped(path, files)).labels == ("x",)


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>', whole=True)
    assert "damaged" in refused(path).what


def test_a_file_that_shrank_too_much_is_refused(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", " " * (limits.RATIO_BYTES + 1))
    assert "unpacks" in refused(path).what


def test_too_much_or_too_many_inside_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["x"]]})
    monkeypatch.setattr(limits, "WORKBOOK_BYTES", 100)
    assert "unpacks" in refused(path).what
    monkeypatch.undo()
    monkeypatch.setattr(limits, "WORKBOOK_FILES", 3)
    assert "unpacks" in refused(path).what


@pytest.mark.parametrize(
    "tables",
    [
        '<table:table-row table:number-rows-repeated="1048576">'
        + ODS_CELL.format(repeat=' table:number-columns-repeated="16384"')
        + "</table:table-row>",
        '<table:table-row table:number-rows-repeated="1048575"/><table:table-row><table:table-cell'
        ' table:number-columns-repeated="16383"/>' + ODS_CELL.format(repeat="") + "</table:table-row>",
    ],
)
def test_a_small_ods_that_claims_billions_of_cells_is_refused(tmp_path: Path, tables: str) -> None:
    path = raw_ods(tmp_path / "a.ods", f'<table:table table:name="S">{tables}</table:table>')
    assert path.stat().st_size < 5_000
    assert "claims" in refused(path).what


def test_blank_rows_repeated_to_the_end_of_an_ods_do_no_harm(tmp_path: Path) -> None:
    line = f"<table:table-row>{ODS_CELL.format(repeat='')}</table:table-row>"
    blank = '<table:table-row table:number-rows-repeated="1048574"><table:table-cell/></table:table-row>'
    made = open_file(raw_ods(tmp_path / "a.ods", f'<table:table table:name="S">{line}{line}{blank}</table:table>'))
    assert rows(made) == [(2, ("a",))]


def corner(path: Path) -> bytearray:
    """An .xls whose last cell can be found and moved: LABELSST, 10 bytes, at row 65535, column 255."""
    grid: list[list[object]] = [["a"]] + [[]] * 65_534 + [[None] * 255 + ["b"]]
    content = bytearray(xls(path, {"S": grid}).read_bytes())
    assert content.count(struct.pack("<HHHH", 0xFD, 10, 65_535, 255)) == 1
    return content


def test_an_xls_with_a_cell_in_its_last_corner_is_refused(tmp_path: Path) -> None:
    content = corner(tmp_path / "a.xls")
    assert len(content) < 10_000
    assert "16,777,216" in refused(tmp_path / "a.xls").what
    at = content.find(struct.pack("<HHHH", 0xFD, 10, 65_535, 255))
    content[at + 6 : at + 8] = struct.pack("<H", 65_535)
    assert "4,294,967,296" in refused(text_file(tmp_path, bytes(content), "b.xls")).what


def test_the_sheets_of_an_xls_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SPARSE_CELLS", 150)
    sheets = {f"S{number}": [["a"], *[[]] * 98, ["b"]] for number in range(2)}
    assert open_file(xls(tmp_path / "one.xls", {"S": sheets["S0"]})).labels == ("a",)
    assert rows(open_file(xls(tmp_path / "two.xls", {k: [["a"], ["b"]] for k in "ST"}))) == [(2, ("b",))]
    monkeypatch.setattr(limits, "SPARSE", 1)
    assert "claims 200" in refused(xls(tmp_path / "both.xls", sheets)).what


def test_an_xls_in_small_sectors_and_one_in_many_are_read(tmp_path: Path) -> None:
    small = xls(tmp_path / "small.xls", {"S": [["a"], [1]]})
    assert rows(open_file(small)) == [(2, ("1",))]
    large = xls(tmp_path / "large.xls", {"S": [["a", "b"], *[[number, f"t{number}"] for number in range(20_000)]]})
    assert rows(open_file(large))[-1] == (20_001, ("19999", "t19999"))


def test_an_old_document_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    content = xls(tmp_path / "a.xls", {"S": [["a"]]}).read_bytes()
    renamed = content.replace("Workbook".encode("utf-16-le"), "WordDocu".encode("utf-16-le"))
    assert "not an Excel workbook" in refused(text_file(tmp_path, renamed, "b.xls")).what
    locked = content.replace("Workbook\0\0\0\0\0\0\0\0".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
    assert "password" in refused(text_file(tmp_path, locked, "c.xls")).what


def test_an_xls_altered_anywhere_is_refused_or_read(tmp_path: Path) -> None:
    content = bytearray(xls(tmp_path / "a.xls", {"S": [HEAD] + [BODY] * 30}).read_bytes())
    for at in [*range(0, 600, 7), *range(600, len(content), 211)]:
        altered = content.copy()
        altered[at] ^= 0xFF
        try:
            open_file(text_file(tmp_path, bytes(altered), f"{at}.xls"))
        except SourceError as fault:
            assert fault.remedy  # noqa: PT017 - either outcome is right


def test_a_workbook_changed_since_it_was_measured_is_measured_anew(tmp_path: Path) -> None:
    path = raw_xlsx(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>')
    made = open_file(path)
    raw_xlsx(path, TWO_CORNERS)
    os.utime(path, (1, 1))
    with pytest.raises(SourceError, match="claims"):
        list(made.batches())


def test_the_digest_is_of_the_files_bytes(tmp_path: Path) -> None:
    import hashlib

    path = xlsx(tmp_path / "a.xlsx", {"S": [["a"]]})
    assert open_file(path).digest() == "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
