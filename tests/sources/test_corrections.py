"""What the reader of workbooks tells otherwise: failed formulas, numbers beyond a double, in every kind of workbook."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import TYPE_CHECKING

import pytest
from sources_helpers import MAIN, raw_ods, raw_xlsx, rows, xlsx, zipped

from opendata.errors import SourceError
from opendata.model import Place
from opendata.sources import limits, open_file, workbook
from opendata.sources.corrections import corrections

if TYPE_CHECKING:
    from pathlib import Path

CODES = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
SHOWN = tuple(CODES)


def test_each_failure_of_an_xlsx_is_shown(tmp_path: Path) -> None:
    made = open_file(xlsx(tmp_path / "a.xlsx", {"Bìa": [["x"]], "S": [list("abcdefg"), list(SHOWN)]}), sheet="S")
    assert rows(made) == [(2, SHOWN)]


def test_each_failure_of_an_xls_is_shown(tmp_path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    book.add_sheet("Bìa").write(0, 0, "x")
    sheet = book.add_sheet("S")
    for column, shown in enumerate(SHOWN):
        sheet.write(0, column, f"c{column}")
        sheet.row(1).set_cell_error(column, CODES[shown])
    sheet.write(0, 7, "true")
    sheet.row(1).set_cell_boolean(7, True)  # noqa: FBT003 - it shares its record with failures
    book.save(str(tmp_path / "a.xls"))
    assert rows(open_file(tmp_path / "a.xls", sheet="S")) == [(2, (*SHOWN, "true"))]


def test_a_formula_of_an_xls_that_failed_is_shown(tmp_path: Path) -> None:
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for column, what in enumerate(("a", "b")):
        sheet.write(0, column, what)
        sheet.write(1, column, xlwt.Formula("1/2"))
    path = tmp_path / "a.xls"
    book.save(str(path))
    content = path.read_bytes()
    formula_in_b2 = rb"\x06\x00..\x01\x00\x01\x00.."  # its record, up to the style
    (second,) = re.finditer(formula_in_b2, content, re.DOTALL)
    at = second.end()
    path.write_bytes(content[:at] + b"\x02\0\x07\0\0\0\xff\xff" + content[at + 8 :])
    ((_row, found),) = rows(open_file(path))
    assert found[1] == "#DIV/0!"
    assert found[0] != "#DIV/0!"


def ods_cell(shown: str, more: str = "") -> str:
    kind = 'office:value-type="float" office:value="0" xmlns:calcext="c" calcext:value-type="error"'
    return f"<table:table-cell {kind} {more}><text:p>{shown}</text:p></table:table-cell>"


def test_failures_of_an_ods_are_shown_as_often_as_they_are_repeated(tmp_path: Path) -> None:
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    head = "".join(text.format(label) for label in "abc")
    again = ods_cell("#N/A", 'table:number-columns-repeated="2"')
    body = f'{ods_cell("#DIV/0!")}{again}</table:table-row><table:table-row table:number-rows-repeated="2">{again}'
    rest = f"<table:table-row>{head}</table:table-row><table:table-row>{body}</table:table-row>"
    other = f'<table:table table:name="Bìa"><table:table-row>{ods_cell("#N/A")}</table:table-row></table:table>'
    path = raw_ods(tmp_path / "a.ods", f'{other}<table:table table:name="S">{rest}</table:table>')
    made = open_file(path, sheet="S")
    assert rows(made) == [(2, ("#DIV/0!", "#N/A", "#N/A")), (3, ("#N/A", "#N/A", "")), (4, ("#N/A", "#N/A", ""))]


def test_a_look_at_a_workbook_shows_them_too(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["a"], ["#REF!"], ["#N/A"]]})
    assert [line.cells for line in workbook.look(path, Place("a.xlsx"), None, 2).lines] == [["a"], ["#REF!"]]


def test_a_mark_between_two_pieces_of_the_sheet_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["a"], ["#N/A"]]})
    for size in (1, 2, 3, 7):
        monkeypatch.setattr(limits, "SAMPLE_BYTES", size)
        assert list(corrections(path, Place("a.xlsx", "S"), 0)) == [(range(1, 2), range(1), "#N/A")]


def test_a_text_that_says_so_is_a_text(tmp_path: Path) -> None:
    sheet = '<row r="1"><c r="A1" t="inlineStr"><is><t>t="e"</t></is></c></row>'
    assert not list(corrections(raw_xlsx(tmp_path / "a.xlsx", sheet), Place("a.xlsx", "S"), 0))


def test_a_sheet_that_is_not_where_the_workbook_says_is_refused(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["a"], ["#N/A"]]})
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(
                item, content.replace(b"sheet1.xml", b"sheet9.xml") if item.filename.endswith(".rels") else content
            )
    with pytest.raises(SourceError, match="damaged"):
        list(corrections(tmp_path / "b.xlsx", Place("b.xlsx", "S"), 0))


def numbers(*written: str) -> str:
    cells = "".join(f'<c r="{letter}2"><v>{text}</v></c>' for letter, text in zip("ABCDEFG", written, strict=False))
    head = "".join(
        f'<c r="{letter}1" t="str"><v>{letter}</v></c>' for letter, _text in zip("ABCDEFG", written, strict=False)
    )
    return f'<row r="1">{head}</row><row r="2">{cells}</row>'


def test_a_number_that_no_double_gives_back_is_read_as_it_is_written(tmp_path: Path) -> None:
    written = ("9007199254740993", "-123456789012345678", "12345678901234567890", "0.1234567890123456789")
    assert rows(open_file(raw_xlsx(tmp_path / "a.xlsx", numbers(*written)))) == [(2, written)]
    written = ("1.23456789012345678", "9007199254740993.0", "9.007199254740993E15", "1e400", "-1E+999", "nan", "inf")
    assert rows(open_file(raw_xlsx(tmp_path / "a.xlsx", numbers(*written)))) == [(2, written)]


@pytest.mark.parametrize(
    "cell",
    [
        '<x:c r="A2"><x:v>{}</x:v></x:c>',
        "<c\nr='A2'><v>{}</v></c>",
        "<c><v>{}</v></c>",
        '<c r="A2"><f>1+1</f><v>{}</v></c>',
        '<c r="A2" s="0"><f t="shared" si="0"/><v xml:space="preserve">{}</v></c>',
        '<c r="A2"><!-- so --><v>{}</v></c>',
    ],
)
@pytest.mark.parametrize("written", ["9007199254740993", "#N/A"])
def test_it_is_read_however_the_xml_is_written(tmp_path: Path, cell: str, written: str) -> None:
    put = cell.format(written)
    if written.startswith("#"):
        put = re.sub(r"^<((?:x:)?c)", r'<\1 t="e"', put)
    head = '<row r="1"><c r="A1" t="str"><v>a</v></c></row>'
    xml = f'<worksheet xmlns="{MAIN}" xmlns:x="{MAIN}"><sheetData>{head}<row r="2">{put}</row></sheetData></worksheet>'
    path = raw_xlsx(tmp_path / "a.xlsx", xml, whole=True)
    assert (range(1, 2), range(1), written) in corrections(path, Place("a.xlsx", "S"), 0)


def test_a_comment_on_a_failed_cell_of_an_ods_is_none_of_its_text(tmp_path: Path) -> None:
    note = "<office:annotation><text:p>Lan</text:p></office:annotation>"
    cell = ods_cell("#N/A").replace("<text:p>", f"{note}<text:p>", 1)
    text = ods_cell("a").replace('value="0"', 'value="9007199254740993"')
    text = text.replace('"float"', '"string"').replace(' calcext:value-type="error"', "")
    lines = "".join(f"<table:table-row>{one}</table:table-row>" for one in (text, cell))
    path = raw_ods(tmp_path / "a.ods", f'<table:table table:name="S">{lines}</table:table>')
    assert list(corrections(path, Place("a.ods", "S"), 0)) == [(range(1, 2), range(1), "#N/A")]


def test_what_excel_writes_of_a_double_is_that_double(tmp_path: Path) -> None:
    written = (
        "1.1000000000000001",
        "0.30000000000000004",
        "9007199254740992",
        "1.2345678901234568E+17",
        "450000000000000000",
    )
    read = ("1.1", "0.30000000000000004", "9007199254740992", "123456789012345680", "450000000000000000")
    path = raw_xlsx(tmp_path / "a.xlsx", numbers(*written, "9007199254740993"))
    assert rows(open_file(path)) == [(2, (*read, "9007199254740993"))]


def test_a_long_number_of_an_ods_is_read_as_it_is_written(tmp_path: Path) -> None:
    text = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="float" office:value="9007199254740993"/>'
    lines = "".join(f"<table:table-row>{cell}</table:table-row>" for cell in (text, number))
    path = raw_ods(tmp_path / "a.ods", f'<table:table table:name="S">{lines}</table:table>')
    assert rows(open_file(path)) == [(2, ("9007199254740993",))]


def test_a_date_stays_one_however_long_its_number_is(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["a"], [dt.datetime(2024, 1, 5, 10)]]})  # noqa: DTZ001 - workbooks know no zone
    with zipfile.ZipFile(path) as old:
        files = {item.filename: old.read(item) for item in old.infolist()}
    part = "xl/worksheets/sheet1.xml"
    (number,) = re.findall(rb"<v>(45296[0-9.]*)</v>", files[part])
    files[part] = files[part].replace(number, b"45296.41666666666666666666666")
    made = open_file(zipped(path, files))
    assert [row[:16] for _number, (row,) in rows(made)] == ["2024-01-05T10:00"]
