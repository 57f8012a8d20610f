"""How far the filled cells of a sheet reach: the skim over the bytes, and the parser that has the last word."""

from __future__ import annotations

import io
from xml.parsers import expat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.sources import limits
from opendata.sources.extent import Extent, OddError, Ods, Xlsx, column, parse, skim

SHEET = '<worksheet xmlns="u"><cols><col min="1"/></cols><sheetData>{}</sheetData></worksheet>'


def letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def skimmed(xml: str) -> tuple[int, int, int] | None:
    found = skim(io.BytesIO(xml.encode()))
    return None if found is None else (found.rows, found.columns, found.filled)


def parsed(xml: str, scan: Xlsx | Ods | None = None) -> tuple[int, int, int]:
    found = parse(io.BytesIO(xml.encode()), scan or Xlsx())
    return found.rows, found.columns, found.filled


@settings(deadline=None)
@given(st.integers(1, 10**6))
def test_columns_are_counted_as_excel_names_them(number: int) -> None:
    assert column(letters(number)) == number


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 1 << 20), st.integers(1, 1 << 14)), max_size=12, unique=True))
def test_the_skim_and_the_parser_agree_on_plain_sheets(places: list[tuple[int, int]]) -> None:
    cells = "".join(f'<row r="{row}"><c r="{letters(at)}{row}" s="1"><v>1</v></c></row>' for row, at in places)
    extent = (max((p[0] for p in places), default=0), max((p[1] for p in places), default=0), len(places))
    assert skimmed(SHEET.format(cells)) == extent
    if extent[0] * extent[1] <= limits.SHEET_CELLS:
        assert parsed(SHEET.format(cells)) == extent


def test_the_skim_works_across_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = "".join(f'<c r="{letters(at)}{at}"><is><t>x</t></is></c>' for at in range(1, 40))
    for size in range(40, 90, 7):
        monkeypatch.setattr(limits, "SAMPLE_BYTES", size)
        assert skimmed(f"<sheetData>{cells}</sheetData>") == (39, 39, 39)


@pytest.mark.parametrize(
    "cells",
    [
        "<row><c><v>1</v></c></row>",
        '<row><c s="1" r="A1"><v>1</v></c></row>',
        "<row><c/></row>",
        '<x:row><x:c r="A1"/></x:row>',
        '<row><c r="A1"/><!-- <c r="B1"/> --></row>',
        "<row><c r='A1'><v>1</v></c></row>",
        '<row><c r="a1"><v>1</v></c></row>',
        '<row><c r="A00000000001"><v>1</v></c></row>',
        '<row><c x=">" r="A1"/></row>',
        "\0",
    ],
)
def test_the_skim_proves_nothing_of_an_odd_sheet(cells: str) -> None:
    assert skimmed(SHEET.format(cells)) is None


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("", (0, 0, 0)),
        ('<row r="1"><c r="A1"><v>1</v></c></row>', (1, 1, 1)),
        ('<row r="5"><c r="C5"><v>1</v></c><c><v>2</v></c></row>', (5, 4, 2)),
        ("<row/><row/><row><c><v>1</v></c></row>", (3, 1, 1)),
        ('<row r="9"/><row><c/><c><v>1</v></c></row>', (10, 2, 1)),
        ('<row r="1"><c r="XFD1048576" s="3"/></row>', (0, 0, 0)),
        ('<row r="1"><c r="B1"><is><t>x</t></is></c></row>', (1, 2, 1)),
        ('<row r="1"><c r="B1"><f>1/0</f></c></row>', (1, 2, 1)),
        ('<row r="1"><c r="B2"><f>1</f><v>1</v></c></row>', (2, 2, 1)),
        ('<row r="1"><c x=">" r="C1"><v>1</v></c></row>', (1, 3, 1)),
    ],
)
def test_the_parser_follows_references_and_positions(cells: str, expected: tuple[int, int, int]) -> None:
    assert parsed(SHEET.format(cells)) == expected


def test_the_parser_knows_any_prefix() -> None:
    xml = '<x:s xmlns:x="u"><x:row><x:c r="B1"><x:v>1</x:v></x:c></x:row></x:s>'
    assert parsed(xml) == (1, 2, 1)


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]><x/>',
        '<x><c r="A"/></x>',
        '<x><c r="1"/></x>',
        '<x><c r="A99999999999"/></x>',
        '<x><row r="-1"/></x>',
        '<x><row r="99999999999"/></x>',
        "<x><y></x>",
    ],
)
def test_what_no_program_writes_is_refused(xml: str) -> None:
    with pytest.raises((OddError, expat.ExpatError)):
        parsed(xml)


def ods(*tables: str) -> str:
    return f'<d xmlns:table="t" xmlns:office="o" xmlns:text="x">{"".join(tables)}</d>'


def cell(repeat: int = 1, *, filled: bool = True) -> str:
    content = ' office:value-type="float"><text:p>1</text:p>' if filled else ">"
    return f'<table:table-cell table:number-columns-repeated="{repeat}"{content}</table:table-cell>'


def row(*cells: str, repeat: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeat}">{"".join(cells)}</table:table-row>'


@pytest.mark.parametrize(
    ("tables", "cells", "filled"),
    [
        ([], 0, 0),
        ([row(cell())], 1, 1),
        ([row(cell(3, filled=False), cell()), row(cell(2))], 8, 2),
        ([row(cell(filled=False), repeat=1_000_000)], 0, 0),
        ([row(cell()), row(cell(1000, filled=False), repeat=9), row(cell())], 11, 2),
        ([row(cell(), repeat=10)], 10, 1),
    ],
)
def test_repetitions_count_where_something_is_filled(tables: list[str], cells: int, filled: int) -> None:
    rows, columns, found = parsed(ods(f"<table:table>{''.join(tables)}</table:table>"), Ods())
    assert (rows * columns, found) == (cells, filled)


def test_the_sheets_of_an_ods_add_up() -> None:
    one = f"<table:table>{row(cell(10))}{row(cell(10))}</table:table>"
    rows, columns, filled = parsed(ods(one, one), Ods())
    assert (rows * columns, filled) == (40, 4)


def test_a_cell_of_text_alone_is_filled() -> None:
    xml = ods(
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert parsed(xml, Ods()) == (1, 1, 1)


@pytest.mark.parametrize("count", ["-1", "x", "99999999999", "1.5", ""])
def test_odd_repetitions_are_refused(count: str) -> None:
    with pytest.raises(OddError):
        parsed(ods(f'<table:table><table:table-row table:number-rows-repeated="{count}"/></table:table>'), Ods())


def test_the_parser_stops_beyond_the_limit() -> None:
    cells = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + "<row/>" * 400_000
    assert parsed(SHEET.format(cells))[:2] == (1_048_576, 16_384)


@pytest.mark.parametrize(
    ("extent", "fits"),
    [
        (Extent(0, 0, 0), True),
        (Extent(1, limits.SPARSE_CELLS, 1), True),
        (Extent(1, limits.SPARSE_CELLS + 1, 1), False),
        (Extent(1, limits.SHEET_CELLS, limits.SHEET_CELLS), True),
        (Extent(1, limits.SHEET_CELLS + 1, limits.SHEET_CELLS), False),
        (Extent(1, 50 * 100_000, 100_000), True),
        (Extent(1, 50 * 100_000 + 1, 100_000), False),
    ],
)
def test_what_fits(extent: Extent, fits: bool) -> None:  # noqa: FBT001 - a table of cases
    assert extent.fits is fits
