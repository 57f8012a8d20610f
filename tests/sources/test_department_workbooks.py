"""Workbooks in the layouts that Vietnamese departments use, through a recipe to the tidy table."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recipe_helpers import run_recipe
from sources_helpers import misfits, origin, rows, text_file, xls, xlsx

from opendata.errors import SourceError
from opendata.sources import tidy
from opendata.sources.table import text_schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.model import Json, Table

Row = tuple[int, tuple[str, ...]]
REGIONS = "CẢ NƯỚC|Đồng bằng sông Hồng|Trung du .*|Tây Nguyên"
NOTES = r"\(\*\).*|Nguồn.*|Ghi chú.*"


def made(folder: Path, path: str, *recipe: Json, sheet: str | None = None, **more: object) -> Table:
    return tidy(folder, origin(path, *recipe, sheet=sheet, **more), text_schema(("a",)), "t")


def cells(table: Table) -> list[tuple[str, ...]]:
    return [found for _row, found in rows(table)]


def yearbook(path: Path) -> Path:
    """A page of a statistical yearbook: titles, two header rows merged, years across, regions, notes below."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Lúa cả năm")
    sheet.merge_range("A1:H1", "140. DIỆN TÍCH VÀ SẢN LƯỢNG LÚA CẢ NĂM PHÂN THEO ĐỊA PHƯƠNG")
    sheet.merge_range("A2:H2", "Area and production of paddy by province")
    sheet.merge_range("A4:A5", "STT")
    sheet.merge_range("B4:B5", "Tỉnh,\nthành phố")
    sheet.merge_range("C4:D4", "Diện tích (Nghìn ha)")
    sheet.merge_range("E4:F4", "Sản lượng (Nghìn tấn)")
    for column, year in enumerate(["2003", "Sơ bộ\n2004", 2003, "Sơ bộ\n2004"], start=2):
        sheet.write(4, column, year)
    body: list[list[object]] = [
        ["", "CẢ NƯỚC", "7.452,2", 7445.3, "34.568,8", "36.148,9"],
        ["I", "Đồng bằng sông Hồng", "1.183,5", 1161.4, "6.487,3", "6.710,2"],
        [1, "Hà Nội", "43,4", 42.3, "166,8", "172,6"],
        [2, "Hà Tây", "163,9", 163.0, "929,4", "970,4"],
        ["II", "Tây Nguyên", "190,9", 187.7, "740,8", "754,3"],
        [3, "Đắk Lắk (*)", "58,5", 55.1, "207,4", "..."],
        [4, "Đắk Nông", "-", 10.1, "-", "41,5"],
        [],
        ["", "(*) Năm 2003 gồm cả tỉnh Đắk Nông", "", "", "", ""],
        ["", "Nguồn: Tổng cục Thống kê", "", "", "", ""],
    ]
    for number, line in enumerate(body, start=5):
        for column, value in enumerate(line):
            sheet.write(number, column, value)
    book.close()
    return path


YEARBOOK: list[Json] = [
    {"step": "header", "rows": [4, 5], "join": "|"},
    {"step": "drop-rows", "field": "Tỉnh, thành phố", "matches": f"{REGIONS}|{NOTES}"},
    {
        "step": "unpivot",
        "keep": ["STT", "Tỉnh, thành phố"],
        "name": "year",
        "value": "value",
        "pattern": r"(?P<what>Diện tích|Sản lượng) \(.*\)\|(?:Sơ bộ )?(?P<year>\d{4})",
    },
    {
        "step": "recode",
        "field": "Tỉnh, thành phố",
        "map": {"Đắk Lắk (*)": "Đắk Lắk", "Hà Nội": "Hà Nội", "Hà Tây": "Hà Tây", "Đắk Nông": "Đắk Nông"},
    },
    {"step": "parse-numbers", "fields": ["value"], "missing": ["...", "-"]},
    {"step": "recode", "field": "what", "map": {"Diện tích": "area", "Sản lượng": "production"}, "into": "indicator"},
]
WITH_UNITS: Json = {"step": "recode-units", "field": "Tỉnh, thành phố", "into": "unit_id", "year": "year"}
CHOSEN: list[Json] = [
    {"step": "select", "fields": ["unit_id", "year", "indicator", "value"]},
    {"step": "sort", "by": ["unit_id", "year", "indicator"]},
]


def test_a_yearbook_s_page_becomes_a_tidy_table(tmp_path: Path) -> None:
    yearbook(tmp_path / "a.xlsx")
    without: Json = {"step": "drop-rows", "field": "Tỉnh, thành phố", "matches": "Đắk Nông"}
    table = made(tmp_path, "a.xlsx", *YEARBOOK[:2], without, *YEARBOOK[2:], WITH_UNITS, *CHOSEN)
    assert (table.labels, table.header_row) == (("unit_id", "year", "indicator", "value"), 5)
    assert rows(table) == [
        (8, ("01-1991", "2003", "area", "43.4")),
        (8, ("01-1991", "2003", "production", "166.8")),
        (8, ("01-1991", "2004", "area", "42.3")),
        (8, ("01-1991", "2004", "production", "172.6")),
        (9, ("28", "2003", "area", "163.9")),
        (9, ("28", "2003", "production", "929.4")),
        (9, ("28", "2004", "area", "163")),
        (9, ("28", "2004", "production", "970.4")),
        (11, ("66-1975", "2003", "area", "58.5")),
        (11, ("66-1975", "2003", "production", "207.4")),
        (11, ("66-2004", "2004", "area", "55.1")),
        (11, ("66-2004", "2004", "production", "")),
    ]
    assert misfits(table) == []


def test_a_province_that_was_not_there_yet_stops_the_table_even_where_its_cell_is_empty(tmp_path: Path) -> None:
    yearbook(tmp_path / "a.xlsx")
    with pytest.raises(SourceError, match=r"Đắk Nông .* 2003") as caught:
        rows(made(tmp_path, "a.xlsx", *YEARBOOK, WITH_UNITS))
    assert caught.value.where == "a.xlsx, sheet Lúa cả năm, row 12, column 2"
    assert "drop-rows" in caught.value.remedy


@pytest.mark.parametrize(
    ("left_out", "row", "said"),
    [
        (REGIONS, 14, "Năm 2003 gồm cả"),
        (NOTES, 6, "CẢ NƯỚC"),
        (NOTES + "|CẢ NƯỚC", 7, "Đồng bằng"),
    ],
)
def test_a_total_or_note_that_no_step_names_is_never_taken_for_a_province(
    left_out: str, row: int, said: str, tmp_path: Path
) -> None:
    yearbook(tmp_path / "a.xlsx")
    dropped: Json = {"step": "drop-rows", "field": "Tỉnh, thành phố", "matches": left_out}
    with pytest.raises(SourceError, match="not in the map") as caught:
        rows(made(tmp_path, "a.xlsx", YEARBOOK[0], dropped, *YEARBOOK[2:]))
    assert caught.value.where.endswith(f"row {row}, column 2")
    assert said in caught.value.what


def dengue(folder: Path) -> str:
    """A monthly report of a centre for disease control: provinces merged downwards, two figures a month."""
    grid: list[list[object]] = [
        ["TRUNG TÂM KIỂM SOÁT BỆNH TẬT", None, None, None, None, None],
        ["BÁO CÁO SỐT XUẤT HUYẾT", None, None, None, None, None],
        [],
        ["Tỉnh", "Huyện", "Tháng 1", None, "Tháng 2", None],
        [None, None, "Số mắc", "Tử vong", "Số mắc", "Tử vong"],
        ["Khánh Hòa", "Nha Trang", 120, 0, "1 045", "1"],
        [None, "Cam Ranh", 7, "-", 12, "-"],
        ["Phú Yên", "Tuy Hòa", "15", None, "x", None],
        [None, "Cộng", 15, None, 0, None],
    ]
    merged = ["A1:F1", "A2:F2", "A4:A5", "B4:B5", "C4:D4", "E4:F4", "A6:A7", "A8:A9"]
    xlsx(folder / "sxh.xlsx", {"Năm 2019": grid}, merged=merged)
    return "sxh.xlsx"


def test_a_monthly_report_of_cases_and_deaths_becomes_a_tidy_table(tmp_path: Path) -> None:
    table = made(
        tmp_path,
        dengue(tmp_path),
        {"step": "header", "rows": [4, 5], "join": "/"},
        {"step": "fill-down", "field": "Tỉnh"},
        {"step": "drop-rows", "field": "Huyện", "matches": "Cộng"},
        {
            "step": "unpivot",
            "keep": ["Tỉnh", "Huyện"],
            "name": "what",
            "value": "count",
            "pattern": r"Tháng (?P<month>\d+)/(?P<what>.*)",
        },
        {"step": "drop-rows", "field": "what", "matches": "Tử vong"},
        {"step": "parse-numbers", "fields": ["count"], "group": " ", "missing": ["x"]},
        {"step": "recode-units", "field": "Tỉnh", "into": "unit_id"} | {"year": "month"},
    )
    assert table.labels == ("Tỉnh", "Huyện", "month", "what", "count", "unit_id")
    with pytest.raises(SourceError, match="is no year"):
        rows(table)
    whole = made(
        tmp_path,
        "sxh.xlsx",
        {"step": "header", "rows": [5, 4], "join": "/"},
        {"step": "fill-down", "field": "Tỉnh"},
        {"step": "drop-rows", "field": "Huyện", "matches": "Cộng"},
        {"step": "select", "fields": ["Tỉnh", "Tháng 2/Số mắc", "Tháng 1/Số mắc"]},
        {"step": "rename", "fields": {"Tháng 1/Số mắc": "1", "Tháng 2/Số mắc": "2"}},
        {"step": "parse-numbers", "fields": ["1", "2"], "group": " ", "missing": ["x"]},
    )
    assert whole.labels == ("Tỉnh", "2", "1")
    assert rows(whole) == [
        (6, ("Khánh Hòa", "1045", "120")),
        (7, ("Khánh Hòa", "12", "7")),
        (8, ("Phú Yên", "", "15")),
    ]


def test_a_fill_does_not_run_into_a_dropped_total_nor_over_a_text_that_is_there(tmp_path: Path) -> None:
    grid: list[list[object]] = [["Vùng", "n"], ["A", 1], [None, 2], ["Tổng A", 3], [None, 4], ["B", 5], [" ", 6]]
    xlsx(tmp_path / "a.xlsx", {"S": grid})
    fill: Json = {"step": "fill-down", "field": "Vùng"}
    drop: Json = {"step": "drop-rows", "field": "Vùng", "matches": "Tổng .*"}
    assert cells(made(tmp_path, "a.xlsx", fill, drop)) == [("A", "1"), ("A", "2"), ("B", "5"), ("B", "6")]
    before = cells(made(tmp_path, "a.xlsx", drop, fill))
    assert before == [("A", "1"), ("A", "2"), ("A", "4"), ("B", "5"), ("B", "6")]


def test_an_old_workbook_of_reports_with_dates_and_codes(tmp_path: Path) -> None:
    grid: list[list[object]] = [
        ["SỔ THEO DÕI TRẠM QUAN TRẮC"],
        ["Mã trạm", "Ngày", "Giờ", "Lượng mưa (mm)", "Ghi chú"],
        ["00412", "05/01/2016", 7.0, "12,50", ""],
        ["00412", "6/1/2016", 19, 0, "vết"],
        ["00399", "31/12/2015", 7, "1.002,0", ""],
    ]
    xls(tmp_path / "mua.xls", {"Mưa": grid})
    table = made(
        tmp_path,
        "mua.xls",
        {"step": "skip-before", "row": 2},
        {"step": "parse-dates", "fields": ["Ngày"], "format": "%d/%m/%Y"},
        {"step": "parse-numbers", "fields": ["Lượng mưa (mm)", "Giờ"]},
        {"step": "select", "fields": ["Mã trạm", "Ngày", "Giờ", "Lượng mưa (mm)"]},
        {"step": "sort", "by": ["Mã trạm", "Ngày"]},
    )
    assert rows(table) == [
        (5, ("00399", "2015-12-31", "7", "1002.0")),
        (3, ("00412", "2016-01-05", "7", "12.50")),
        (4, ("00412", "2016-01-06", "19", "0")),
    ]
    assert table.header_row == 2


def air(path: Path) -> Path:
    """Hourly readings in an OpenDocument sheet: true dates, decimal commas as text, a status in words."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table as Sheet
    from odf.table import TableCell, TableRow
    from odf.text import P

    book, sheet = OpenDocumentSpreadsheet(), Sheet(name="PM2.5")
    grid: list[list[dict[str, object]]] = [
        [{"valuetype": "string", "text": text} for text in ("Thời điểm", "PM2.5 (µg/m³)", "Trạng thái")],
        [
            {"valuetype": "date", "datevalue": "2016-01-05T00:00:00", "text": "05/01/2016 00:00"},
            {"valuetype": "string", "text": "45,2"},
            {"valuetype": "string", "text": "Hợp lệ"},
        ],
        [
            {"valuetype": "date", "datevalue": "2016-01-05T13:30:00", "text": "05/01/2016 13:30"},
            {"valuetype": "float", "value": 45.25, "text": "45,25"},
            {"valuetype": "string", "text": "Hợp lệ"},
        ],
        [
            {"valuetype": "string", "text": "05/01/2016 14:00"},
            {"valuetype": "float", "value": -999, "text": "-999"},
            {"valuetype": "string", "text": "Mất tín hiệu"},
        ],
    ]
    for line in grid:
        made_row = TableRow()
        for cell in line:
            text = cell.pop("text")
            made_cell = TableCell(**cell)
            made_cell.addElement(P(text=text))
            made_row.addElement(made_cell)
        sheet.addElement(made_row)
    book.spreadsheet.addElement(sheet)
    book.save(str(path))
    return path


def test_hourly_readings_in_an_opendocument_sheet(tmp_path: Path) -> None:
    air(tmp_path / "kk.ods")
    table = made(
        tmp_path,
        "kk.ods",
        {"step": "rename", "fields": {"Thời điểm": "time", "PM2.5 (µg/m³)": "pm25", "Trạng thái": "flag"}},
        {"step": "parse-dates", "fields": ["time"], "format": "%d/%m/%Y %H:%M"},
        {"step": "parse-numbers", "fields": ["pm25"]},
        {"step": "recode", "field": "flag", "map": {"Hợp lệ": "valid", "Mất tín hiệu": "missing"}},
    )
    assert rows(table) == [
        (2, ("2016-01-05T00:00:00", "45.2", "valid")),
        (3, ("2016-01-05T13:30:00", "45.25", "valid")),
        (4, ("2016-01-05T14:00:00", "-999", "missing")),
    ]


@pytest.mark.parametrize(
    ("encoding", "form"), [("utf-8-sig", "NFC"), ("utf-8", "NFD"), ("utf-16", "NFC"), ("cp1258", "NFD")]
)
def test_a_csv_saved_from_excel_in_any_encoding(encoding: str, form: str, tmp_path: Path) -> None:
    text = "BÁO CÁO;;\nTỉnh;Năm;Sản lượng\nĐắk Lắk;2010;1.234,5\n;;\nHà Nội;2010;..\n"
    composed = unicodedata.normalize("NFC", text)
    if encoding == "cp1258":  # its letters have their hats, and their tones apart
        hats = str.maketrans({"ị": "i\u0323", "ỉ": "i\u0309", "ả": "a\u0309", "ắ": "ă\u0301", "ộ": "ô\u0323"})
        written = composed.translate(hats | str.maketrans({"ợ": "ơ\u0323", "Á": "A\u0301"}))
    else:
        written = unicodedata.normalize(form, text)
    text_file(tmp_path, written.encode(encoding), "a.csv")
    table = made(
        tmp_path,
        "a.csv",
        {"step": "skip", "rows": [1]},
        {"step": "parse-numbers", "fields": ["Sản lượng"], "missing": [".."]},
        {"step": "recode-units", "field": "Tỉnh", "year": "Năm"},
        encoding=encoding.removesuffix("-sig"),
        dialect={"delimiter": ";"},
    )
    assert table.labels == ("Tỉnh", "Năm", "Sản lượng")
    assert rows(table) == [(3, ("66-2004", "2010", "1234.5")), (5, ("01-2008", "2010", ""))]


def test_formulas_give_what_excel_last_reckoned_or_that_it_failed(tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("S")
    for column, label in enumerate(("n", "tổng", "lỗi", "đúng", "ngày")):
        sheet.write(0, column, label)
    sheet.write_number(1, 0, 1.5)
    sheet.write_formula(1, 1, "=A2*2", value=3)
    sheet.write_formula(1, 2, "=1/0", value="#DIV/0!")
    sheet.write_boolean(1, 3, boolean=True)
    sheet.write_datetime(1, 4, dt.date(2020, 2, 29), book.add_format({"num_format": "dd/mm/yyyy"}))
    book.close()
    ((row, found),) = rows(made(tmp_path, "a.xlsx"))
    assert (row, found[:2], found[3]) == (2, ("1.5", "3"), "true")
    assert found[2] == "#DIV/0!"
    assert found[4].startswith("2020-02-29")


@pytest.mark.parametrize("wanted", ["Bảng số liệu", unicodedata.normalize("NFD", "Bảng số liệu"), " Bảng số liệu "])
def test_a_sheet_is_found_however_its_name_is_typed(wanted: str, tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", {"Bìa": [["Niên giám"]], "Bảng số liệu": [["a"], ["1"]]})
    table = made(tmp_path, "a.xlsx", sheet=wanted)
    assert table.place.sheet == "Bảng số liệu"
    assert cells(table) == [("1",)]


VALUES = st.integers(0, 10**7).map(lambda number: (f"{number / 10:,.1f}", f"{number // 10}.{number % 10}"))


def vietnamese(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_whatever_a_page_holds_comes_out_once_and_at_its_place(data: st.DataObject) -> None:
    """Every figure of every province and year, no total and no note, each with the row it stood in."""
    years = data.draw(st.lists(st.integers(1990, 2018), min_size=1, max_size=4, unique=True))
    provinces = data.draw(st.lists(st.sampled_from("ABCDEFGH"), min_size=1, max_size=5, unique=True))
    titles = data.draw(st.integers(0, 3))
    lines: list[list[str]] = [[f"Bảng {number}"] for number in range(titles)]
    lines += [["Tỉnh", "Năm", *[""] * (len(years) - 1)], ["", *[f"Sơ bộ {year}" for year in years]]]
    expected: list[tuple[int, list[str]]] = []
    for province in provinces:
        if data.draw(st.booleans()):
            lines.append(["Tổng vùng", *["1,0"] * len(years)])
        if data.draw(st.booleans()):
            lines.append([])
        values = data.draw(st.lists(VALUES, min_size=len(years), max_size=len(years)))
        lines.append([province, *[vietnamese(written) for written, _plain in values]])
        pairs = zip(years, values, strict=True)
        expected += [(len(lines), [province, str(year), plain]) for year, (_written, plain) in pairs]
    lines.append(["Nguồn: Cục Thống kê"])
    found = run_recipe(
        lines,
        {"step": "header", "rows": [titles + 1, titles + 2]},
        {"step": "drop-rows", "field": "Tỉnh", "matches": "Tổng .*|Nguồn.*"},
        {"step": "unpivot", "keep": ["Tỉnh"], "name": "year", "value": "n", "pattern": r"Năm Sơ bộ (?P<year>\d{4})"},
        {"step": "parse-numbers", "fields": ["n"]},
    )
    assert found.labels == ("Tỉnh", "year", "n")
    assert found.rows == expected


SPOILT: list[tuple[str, Callable[[list[list[str]]], None], str, str]] = [
    ("a number with a foreign point", lambda grid: grid[3].__setitem__(1, "1,234.5"), "row 4, column 2", "1,234.5"),
    ("a letter for a nought", lambda grid: grid[3].__setitem__(2, "1O"), "row 4, column 3", "1O"),
    ("a note in the cell", lambda grid: grid[4].__setitem__(1, "12 (ước)"), "row 5, column 2", "12 (ước)"),
    ("a figure under no header", lambda grid: grid[4].append("77"), "row 5, column 4", "77"),
    ("a date for a number", lambda grid: grid[3].__setitem__(1, "01/02/2020"), "row 4, column 2", "01/02/2020"),
]


@pytest.mark.parametrize(("_name", "spoil", "place", "value"), SPOILT, ids=[item[0] for item in SPOILT])
def test_a_spoilt_cell_is_named_with_its_place_in_the_file(
    _name: str, spoil: Callable[[list[list[str]]], None], place: str, value: str, tmp_path: Path
) -> None:
    grid = [["Đơn vị: ha"], ["Tỉnh", "2009", "2010"], ["A", "1", "2"], ["B", "3", "4"], ["C", "5", "6"]]
    spoil(grid)
    xlsx(tmp_path / "a.xlsx", {"S": grid})
    table = made(
        tmp_path,
        "a.xlsx",
        {"step": "header", "rows": [2]},
        {"step": "unpivot", "keep": ["Tỉnh"], "name": "year", "value": "n"},
        {"step": "parse-numbers", "fields": ["n"]},
    )
    with pytest.raises(SourceError) as caught:
        rows(table)
    assert caught.value.where == f"a.xlsx, sheet S, {place}"
    assert value in caught.value.what
    assert caught.value.remedy
