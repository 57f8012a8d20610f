"""How much text the cells of a workbook hold: never counted too small, and refused before it is laid out."""

from __future__ import annotations

import io
import zipfile
from array import array
from typing import TYPE_CHECKING
from xml.parsers import expat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_helpers import MAIN, raw_ods, raw_xlsx, rows, xls, xlsx, zipped

from opendata.errors import SourceError
from opendata.model import Place
from opendata.sources import bounds, limits, ole, open_file
from opendata.sources.extent import OddError
from opendata.sources.texts import LongTextError, named_text, own_text, shared_lengths

if TYPE_CHECKING:
    from pathlib import Path

SHARED = "xl/sharedStrings.xml"
PLAIN_CELL = '<c r="A{row}" t="s"><v>{text}</v></c>'


def lengths(entries: str) -> list[int]:
    xml = f'<sst xmlns:x="u">{entries}</sst>'.encode()
    return list(shared_lengths(io.BytesIO(xml), io.BytesIO(xml)))


def sharing(path: Path, entries: str, cells: str, part: str = SHARED) -> Path:
    """A workbook of these shared texts and these cells, each as XML."""
    raw_xlsx(path, cells)
    with zipfile.ZipFile(path) as before:
        files = {item.filename: before.read(item) for item in before.infolist() if item.filename != SHARED}
    files[part] = f'<sst xmlns="{MAIN}">{entries}</sst>'.encode()
    return zipped(path, files)


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        open_file(path)
    assert caught.value.remedy
    return caught.value.what


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("", []),
        ("<si><t>a</t></si><si><t>Đà</t></si>", [1, 4]),
        ('<si><t xml:space="preserve"> a </t></si>', [3]),
        ("<si><r><t>ab</t></r><r><t>c</t></r></si><si><t/></si>", [3, 0]),
        ("<si/><si><t>a</t></si>", [0, 1]),
        ("<si ><t>a</t></si ><si><t>bc</t></si>", [1, 2]),
        ("<x:si><x:t>ab</x:t></x:si>", [2]),
        ("<si><t><![CDATA[abc]]></t></si>", [3]),
        ("<!-- <si><t>x</t></si> --><si><t>ab</t></si>", [2]),
    ],
)
def test_each_shared_text_is_measured(entries: str, expected: list[int]) -> None:
    assert lengths(entries) == expected


@settings(deadline=None)
@given(st.lists(st.text("aĐ \n", max_size=9), max_size=9), st.integers(10, 60))
def test_pieces_make_no_difference(texts: list[str], size: int) -> None:
    whole = limits.SAMPLE_BYTES
    try:
        limits.SAMPLE_BYTES = size
        found = lengths("".join(f"<si><t>{text}</t></si>" for text in texts))
    finally:
        limits.SAMPLE_BYTES = whole
    assert found == [len(text.encode()) for text in texts]


@pytest.mark.parametrize("entries", ["<si><t>{}</t></si>", "<si ><t>{}</t></si >"])
def test_no_text_is_longer_than_a_cell_of_excel_can_hold(entries: str) -> None:
    assert lengths(entries.format("Đ" * limits.CELL_CHARACTERS)) == [2 * limits.CELL_CHARACTERS]
    assert lengths(entries.format("&amp;" * 30_000))[0] >= 30_000
    with pytest.raises(LongTextError):
        lengths(entries.format("Đ" * (limits.CELL_CHARACTERS + 1)))


@pytest.mark.parametrize("entries", ["<si><si><t>a</t></si></si>", '<!DOCTYPE x [<!ENTITY a "b">]>'])
def test_what_no_program_writes_is_refused(entries: str) -> None:
    with pytest.raises((OddError, expat.ExpatError)):
        lengths(entries)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A1" t="s"><v>1</v></c>', 20),
        ('<c r="A1" s="7" t="s"><v>1</v></c>', 20),
        ('<c r="A1" t="s" s="7"><v>1</v></c>', 20),
        ("<c r='A1' t='s'><v>1</v></c>", 20),
        ('<x:c r="A1" t="s"><x:v>1</x:v></x:c>', 20),
        ('<c t="s"><v>1</v></c>', 20),
        ('<c r="A1" s="7"><v>1</v></c>', 0),
        ('<c r="A1" t="n"><f>B1+1</f><v>1</v></c>', 0),
        ('<c r="A1" t="str"><f t="shared" si="0"/><v>1</v></c>', 0),
        ('<c r="A1" t="s"><v> 1 </v></c>', 900),
        ('<c r="A1" t="s"><v>99</v></c>', 900),
        ('<c r="A1" t="s"><v>-1</v></c>', 900),
        ('<c r="A1" t="s"><v>1</v><v>2</v></c>', 900),
        ('<c r="A1" t="&#115;"><v>1</v></c>', 900),
        ('<c r="A1" t="n" x:t="e" t="b"><v>1</v></c>', 900),
        ('<c r="A1" t="s"><v>1<!-- --></v></c>', 900),
        ('<c r="A1" t="s"><?x <c r="A1"><v>1</v></c>?><v>2</v></c>', 900),
    ],
)
def test_a_cell_counts_as_the_text_it_plainly_names_else_as_the_longest(cell: str, text: int) -> None:
    sheet = f"<sheetData><row>{cell}</row></sheetData>".encode()
    assert named_text(io.BytesIO(sheet), 1, array("I", [1, 20, 900]), 10**6) == text


def test_counting_ends_beyond_the_room() -> None:
    sheet = "<sheetData>" + PLAIN_CELL.format(row=1, text=0) * 100 + "</sheetData>"
    assert named_text(io.BytesIO(sheet.encode()), 100, array("I", [50]), 10) > 10


def test_what_is_no_markup_is_counted() -> None:
    assert own_text(io.BytesIO('<a b="c">Đà<d/>x</a>'.encode())) == 5


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A{row}" t="s"><v>0</v></c>',
        '<x:c r="A{row}" t="s"><x:v>0</x:v></x:c>',
        '<c t="s"><v>0</v></c>',
        "<c r='A{row}' t='s'><v>0</v></c>",
        '<c r="A{row}" t="s"><v>1</v><v>0</v></c>',
        '<c r="A{row}" t="s"><v >0</v ></c>',
    ],
)
def test_a_small_xlsx_that_names_one_long_text_from_many_cells_is_refused(tmp_path: Path, cell: str) -> None:
    made = "".join(f'<row r="{row}">{cell.format(row=row)}</row>' for row in range(1, 9001))
    text = "x" * 32_000
    made = made.replace("<x:c ", f'<x:c xmlns:x="{MAIN}" ')
    path = sharing(tmp_path / "a.xlsx", f"<si><t>{text}</t></si><si><t>b</t></si>", made)
    assert path.stat().st_size < 200_000
    assert "more text" in refused(path)


def test_one_long_text_named_once_does_no_harm(tmp_path: Path) -> None:
    cells = "".join(f'<row r="{row}">{PLAIN_CELL.format(row=row, text=min(row, 2))}</row>' for row in range(1, 9001))
    path = sharing(tmp_path / "a.xlsx", f"<si><t>a</t></si><si><t>{'x' * 32_000}</t></si><si><t>b</t></si>", cells)
    assert len(rows(open_file(path))) == 8999


def test_a_text_no_cell_can_hold_is_refused(tmp_path: Path) -> None:
    path = sharing(tmp_path / "a.xlsx", f"<si><t>{'x' * 40_000}</t></si>", "<row/>")
    assert "32,767" in refused(path)


@pytest.mark.parametrize("entries", ["<si><si/></si>", "<si>", "</sst><!DOCTYPE x><sst>"])
def test_damaged_shared_texts_are_refused(tmp_path: Path, entries: str) -> None:
    assert "damaged" in refused(sharing(tmp_path / "a.xlsx", entries, "<row/>"))


def test_shared_texts_twice_over_are_refused(tmp_path: Path) -> None:
    path = sharing(tmp_path / "a.xlsx", "", "<row/>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL\\SHAREDSTRINGS.XML", "<sst/>")
    assert "damaged" in refused(path)


def test_text_in_the_cells_themselves_counts_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cells = "".join(f'<row r="{row}"><c r="A{row}" t="str"><v>{"x" * 90}</v></c></row>' for row in range(1, 100))
    path = raw_xlsx(tmp_path / "a.xlsx", cells)
    assert len(rows(open_file(path))) == 98
    monkeypatch.setattr(limits, "TEXT_BYTES", 8000)
    path = raw_xlsx(tmp_path / "b.xlsx", cells)
    assert "more text" in refused(path)


def test_the_texts_of_all_sheets_add_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grid = [["a"], *([["x" * 100]] * 100)]
    monkeypatch.setattr(limits, "TEXT_BYTES", 15_000)
    assert len(rows(open_file(xlsx(tmp_path / "a.xlsx", {"S": grid})))) == 100
    assert "more text" in refused(xlsx(tmp_path / "b.xlsx", {"S": grid, "T": grid}))


LONG = "x" * 100_000
ODS_TABLE = (
    '<table:table table:name="S"><table:table-row table:number-rows-repeated="{times}">{row}</table:table-row>'
    "</table:table>"
)


@pytest.mark.parametrize(
    "cell",
    [
        ' office:value-type="string"><text:p>' + LONG + "</text:p>",
        ' office:value-type="string"><text:p>a<text:s text:c="100000"/></text:p>',
        f' office:value-type="string" office:string-value="{LONG}"><text:p>a</text:p>',
        f' office:value-type="date" office:date-value="{LONG}">',
        f' table:formula="{LONG}">',
    ],
)
def test_a_small_ods_that_repeats_a_long_text_is_refused(tmp_path: Path, cell: str) -> None:
    row = f'<table:table-cell table:number-columns-repeated="1000"{cell}</table:table-cell>'
    table = ODS_TABLE.format(times=1000, row=row)
    path = raw_ods(tmp_path / "a.ods", table)
    assert path.stat().st_size < 2000
    assert "more text" in refused(path)


def test_the_text_of_an_ods_is_counted_once_for_each_repetition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = '<table:table-cell office:value-type="string" table:number-columns-repeated="3">{}</table:table-cell>'
    row = cell.format("<text:p>abcd</text:p>")
    table = ODS_TABLE.format(times=5, row=row)
    monkeypatch.setattr(limits, "TEXT_BYTES", 60)
    assert open_file(raw_ods(tmp_path / "a.ods", table)).labels == ("abcd",) * 3
    monkeypatch.setattr(limits, "TEXT_BYTES", 59)
    assert "more text" in refused(raw_ods(tmp_path / "b.ods", table))


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 9000), min_size=1, max_size=30), st.sampled_from(["é", "Đ"]))
def test_the_shared_texts_of_an_xls_are_measured_across_records(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], letter: str
) -> None:
    texts = [f"{number}{letter * size}" for number, size in enumerate(sizes)]
    path = xls(tmp_path_factory.mktemp("xls") / "a.xls", {"S": [[text] for text in texts]})
    book = ole.Compound(path.read_bytes()).stream("Workbook")
    pieces, before = [], 0
    for kind, offset, size in ole._records(book, 0):
        if kind == ole.SHARED_TEXTS or (kind == ole.CONTINUED and before == ole.SHARED_TEXTS):
            pieces.append((offset, offset + size))
        before = before if kind == ole.CONTINUED else kind
    found = list(ole.shared_lengths(book, pieces))
    assert len(found) == len(texts)
    assert all(len(text) <= size <= 2 * len(text) for text, size in zip(texts, found, strict=True))


def test_a_small_xls_that_names_one_long_text_from_many_cells_is_refused(tmp_path: Path) -> None:
    path = xls(tmp_path / "a.xls", {"S": [["x" * 32_000] * 5] * 2000})
    assert path.stat().st_size < 300_000
    assert "more text" in refused(path)


def test_a_text_of_an_xls_that_cannot_be_measured_counts_as_the_longest(tmp_path: Path) -> None:
    """Cut off in the middle of its shared texts, what is named beyond is counted as if it were endless."""
    path = xls(tmp_path / "a.xls", {"S": [[f"text {number}"] for number in range(100)]})
    book = ole.Compound(path.read_bytes()).stream("Workbook")
    (start,) = [offset for kind, offset, _size in ole._records(book, 0) if kind == ole.SHARED_TEXTS]
    assert len(ole.shared_lengths(book, [(start, start + 60)])) < 10
    assert list(ole.shared_lengths(book, [])) == []


def test_an_ordinary_workbook_passes(tmp_path: Path) -> None:
    path = xlsx(tmp_path / "a.xlsx", {"S": [["tên", "số"], *[[f"Xã {number}", number] for number in range(500)]]})
    with path.open("rb") as stream:
        bounds.check(stream, Place("a.xlsx"))
    assert len(rows(open_file(path))) == 500
