"""The shipped agriculture tables and the workbook of pigs, made anew from the files they come from.

python tests/agriculture_helpers.py CORPUS

writes data/ of paddy and perennial crops, and source/ of pigs; data/ of pigs is made by its recipe (`opendata update`).
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import gso
import shipped_helpers

if TYPE_CHECKING:
    from shipped_helpers import Rows

PADDY = {
    "area": "Planted area of paddy by province.csv",
    "yield": "Yield of paddy by province.csv",
    "production": "Production of paddy by province.csv",
}
PERENNIAL = {
    "planted_area": "Planted area of main perennial crops.csv",
    "producing_area": "Area having product of main perennial crops.csv",
    "production": "Production of main perennial crops.csv",
}
PIGS = "Number of pigs as of annual 1st October by province.csv"
CROPS = {"Coffee": "coffee", "Rubber": "rubber", "Pepper": "pepper", "Tea": "tea", "Cashew nut": "cashew"}
UNDIVIDED = 2004
"""Lai Châu was divided in this year; before it, the yield file gives Lai Châu's yields in the row of Điện Biên."""

WORKBOOK = "dan-lon-theo-tinh-1995-2016.xlsx"
NUMBERS_SINCE = 2012
WRITTEN = {
    "Ho Chi Minh city": "TP. Hồ Chí Minh",
    "Thua Thien-Hue": "Thừa Thiên - Huế",
    "WHOLE COUNTRY": "CẢ NƯỚC",
    "Red River Delta": "Đồng bằng sông Hồng",
    "Northern midlands and mountain areas": "Trung du và miền núi phía Bắc",
    "Northern Central area and Central coastal area": "Bắc Trung Bộ và Duyên hải miền Trung",
    "Central Highlands": "Tây Nguyên",
    "South East": "Đông Nam Bộ",
    "Mekong River Delta": "Đồng bằng sông Cửu Long",
}
"""Names that the workbook writes otherwise than the list of units does."""


def read(corpus: Path, name: str) -> gso.Export:
    """One of GSO's exports on crops and livestock."""
    return gso.read_gso(corpus / "agriculture/gso_crops_livestock" / name)


def row_name(field: str, name: str, year: int) -> str:
    """The province that a row of the file of `field` speaks of."""
    misplaced = field == "yield" and year < UNDIVIDED and name == "Dien Bien"
    return "Lai Chau" if misplaced else name


def paddy(corpus: Path) -> dict[str, Rows]:
    """Area, yield and production of paddy, a row for each province and year that has any of them."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for field, name in PADDY.items():
        for row, heading, cell in gso.cells(read(corpus, name)):
            if cell != gso.MISSING and not gso.is_total(row):
                year, preliminary = gso.year_of(heading)
                unit = gso.unit_id(row_name(field, row, year), year)
                fresh = {"unit_id": unit, "year": str(year), **dict.fromkeys(PADDY, "")}
                found.setdefault((unit, year), fresh | {"preliminary": str(preliminary).lower()})[field] = cell
    return {"paddy": [found[key] for key in sorted(found)]}


def perennial(corpus: Path) -> dict[str, Rows]:
    """Areas and production of the five crops by year; rows of growth indices and of fruit are left out."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for field, name in PERENNIAL.items():
        export = read(corpus, name)
        for item, crop, *values in export.rows:
            code = CROPS.get(re.sub(r" \(.*\)$", "", crop))
            if code and not item.startswith("Index"):
                for heading, cell in zip(export.header[2:], values, strict=True):
                    year, preliminary = gso.year_of(heading)
                    fresh = {"crop": code, "year": str(year), **dict.fromkeys(PERENNIAL, "")}
                    found.setdefault((code, year), fresh | {"preliminary": str(preliminary).lower()})[field] = cell
    return {"perennial-crops": [found[key] for key in sorted(found)]}


def pigs(corpus: Path) -> dict[str, Rows]:
    """Pigs by province and year."""
    found = {}
    for row, heading, cell in gso.cells(read(corpus, PIGS)):
        if cell != gso.MISSING and not gso.is_total(row):
            year, preliminary = gso.year_of(heading)
            unit = gso.unit_id(row, year)
            found[unit, year] = {
                "unit_id": unit,
                "year": str(year),
                "pigs": cell,
                "preliminary": str(preliminary).lower(),
            }
    return {"pigs": [found[key] for key in sorted(found)]}


def vietnamese(name: str, last_year: int) -> str:
    """The name of a row as a department writes it."""
    if name in WRITTEN:
        return WRITTEN[name]
    unit = gso.unit_id(name, last_year)
    return next(
        row["name"]
        for row in shipped_helpers.shipped("reference/administrative-units", "units")
        if row["unit_id"] == unit
    )


def number(cell: str) -> str:
    """A figure in Vietnamese form: "1669.7" → "1.669,7"; ".." stays."""
    if cell == gso.MISSING:
        return cell
    whole, _, rest = cell.partition(".")
    return f"{int(whole):,}".replace(",", ".") + f",{rest}"


def is_number(heading: str, cell: str) -> bool:
    """True where the workbook holds a number and no text: the later years, as far as no last 0 would be lost."""
    return gso.year_of(heading)[0] >= NUMBERS_SINCE and cell != gso.MISSING and not cell.endswith(".0")


def workbook(corpus: Path, path: Path) -> None:
    """Write the table of pigs as a department lays it out; the same figures give the same bytes."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    book.set_properties({"title": "Đàn lợn theo tỉnh", "created": dt.datetime(2026, 11, 23, tzinfo=dt.UTC)})
    sheet = book.add_worksheet("Đàn lợn")
    looks = {
        "bold": book.add_format({"bold": True}),
        "head": book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1, "text_wrap": True}),
        "figure": book.add_format({"num_format": "#,##0.0"}),
        "text": book.add_format({"align": "right"}),
        "": book.add_format(),
    }
    export = read(corpus, PIGS)
    _write_head(sheet, looks, export.header[1:])
    _write_body(sheet, looks, export)
    sheet.set_column(1, 1, 36)
    sheet.freeze_panes(6, 2)
    book.close()


def _write_head(sheet, looks, headings) -> None:  # noqa: ANN001 - xlsxwriter has no types
    sheet.write(0, 0, "SỐ LƯỢNG LỢN PHÂN THEO ĐỊA PHƯƠNG", looks["bold"])
    sheet.write(1, 0, "Tại thời điểm 01/10 hằng năm")
    sheet.write(2, 0, "Đơn vị tính: nghìn con")
    sheet.merge_range(4, 0, 5, 0, "STT", looks["head"])
    sheet.merge_range(4, 1, 5, 1, "Tỉnh, thành phố", looks["head"])
    sheet.merge_range(4, 2, 4, 1 + len(headings), "Số lượng lợn", looks["head"])
    for column, heading in enumerate(headings, 2):
        year, preliminary = gso.year_of(heading)
        sheet.write(5, column, f"Sơ bộ {year}" if preliminary else year, looks["head"])


def _write_body(sheet, looks, export: gso.Export) -> None:  # noqa: ANN001 - xlsxwriter has no types
    regions = ["", "I", "II", "III", "IV", "V", "VI"]
    place = 0
    for line, (name, *values) in enumerate(export.rows, 6):
        total = gso.is_total(name)
        place += not total
        mark = regions.pop(0) if total else place
        sheet.write(line, 0, mark, looks["bold" if total else ""])
        last = max(gso.year_of(h)[0] for h, v in zip(export.header[1:], values, strict=True) if v != gso.MISSING)
        sheet.write(line, 1, vietnamese(name, last) if not total else WRITTEN[name], looks["bold" if total else ""])
        for column, (heading, cell) in enumerate(zip(export.header[1:], values, strict=True), 2):
            if is_number(heading, cell):
                sheet.write_number(line, column, float(cell), looks["figure"])
            else:
                sheet.write_string(line, column, number(cell), looks["text"])
    sheet.write(7 + len(export.rows), 0, "Nguồn: Tổng cục Thống kê. Dấu “..”: không có số liệu.")


def main(corpus: Path) -> None:
    """Write what the packages ship."""
    for package, tables in (("paddy-by-province", paddy(corpus)), ("perennial-crops", perennial(corpus))):
        for name, rows in tables.items():
            path = shipped_helpers.PACKAGES / f"agriculture/{package}/data/{name}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(shipped_helpers.text(rows).encode())
    source = shipped_helpers.PACKAGES / "agriculture/pigs-by-province/source"
    source.mkdir(parents=True, exist_ok=True)
    workbook(corpus, source / WORKBOOK)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
