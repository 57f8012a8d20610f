"""Files of every kind a source can be, written by other libraries than ours; and tables read whole."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from opendata.model import AccessLevel, Dataset, Origin, Resource

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Batch, Json, Misfit, Table, TableSchema

Grid = Sequence[Sequence[object]]

WORKSHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OPEN_DOCUMENT = (
    '<?xml version="1.0"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
    "<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
)
ODS_CELL = '<table:table-cell office:value-type="string"{repeat}><text:p>a</text:p></table:table-cell>'


def rows(table: Table) -> list[tuple[int, tuple[str, ...]]]:
    """Every row that fits, with its number."""
    return [
        (number, tuple(cells))
        for batch in table.batches()
        for number, cells in zip(batch.rows.to_pylist(), cells_of(batch), strict=True)
    ]


def cells_of(batch: Batch) -> list[tuple[str, ...]]:
    """The rows of a batch, by position, since labels may repeat."""
    columns = [column.to_pylist() for column in batch.records.columns]
    return list(zip(*columns, strict=True)) if columns else []


def misfits(table: Table) -> list[Misfit]:
    return [misfit for batch in table.batches() for misfit in batch.misfits]


def text_file(folder: Path, content: bytes | str, name: str = "a.csv") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def xlsx(path: Path, sheets: Mapping[str, Grid], merged: Sequence[str] = (), hidden: Sequence[str] = ()) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, grid in sheets.items():
        sheet = book.create_sheet(name)
        for row in grid:
            sheet.append(list(row))
        for cells in merged:
            sheet.merge_cells(cells)
        if name in hidden:
            sheet.sheet_state = "hidden"
    book.save(path)
    return path


def xls(path: Path, sheets: Mapping[str, Grid]) -> Path:
    import xlwt

    book = xlwt.Workbook()
    for name, grid in sheets.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(grid):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)
    book.save(str(path))
    return path


def ods(path: Path, sheets: Mapping[str, Grid]) -> Path:
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table as OdfTable
    from odf.table import TableCell, TableRow
    from odf.text import P

    book = OpenDocumentSpreadsheet()
    for name, grid in sheets.items():
        table = OdfTable(name=name)
        for row in grid:
            line = TableRow()
            for value in row:
                line.addElement(_ods_cell(value, TableCell, P))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(str(path))
    return path


def _ods_cell(value: object, cell: type, paragraph: type) -> object:
    if value is None:
        return cell()
    number = isinstance(value, int | float)
    made = cell(valuetype="float", value=value) if number else cell(valuetype="string")
    made.addElement(paragraph(text=str(value)))
    return made


def raw_xlsx(path: Path, sheet_data: str, *, part: str = WORKSHEET, whole: bool = False) -> Path:
    """A workbook whose first sheet holds exactly this XML between <sheetData> tags (`whole`: instead of the part)."""
    xlsx(path, {"S": [["x"]]})
    with zipfile.ZipFile(path) as before:
        files = {item.filename: before.read(item) for item in before.infolist()}
    xml = sheet_data if whole else f'<worksheet xmlns="{MAIN}"><sheetData>{sheet_data}</sheetData></worksheet>'
    files[part] = xml.encode()
    return zipped(path, files)


def raw_ods(path: Path, tables: str) -> Path:
    return zipped(
        path,
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": OPEN_DOCUMENT.format(tables=tables).encode(),
            "META-INF/manifest.xml": b'<?xml version="1.0"?><manifest:manifest'
            b' xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        },
    )


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def dataset(folder: Path) -> Dataset:
    return Dataset("d", "id", folder, AccessLevel.INTERNAL, {}, ())


def resource(*paths: str, schema: TableSchema | None = None, encoding: str = "utf-8", **descriptor: object) -> Resource:
    made: Json = {**descriptor}  # type: ignore[dict-item] # a test's own JSON
    return Resource("r", paths, AccessLevel.INTERNAL, made, schema, encoding=encoding)


def origin(path: str, *steps: Json, sheet: str | None = None, **descriptor: object) -> Origin:
    made: Json = {"path": path, **descriptor}  # type: ignore[dict-item] # a test's own JSON
    return Origin(path, made, steps, sheet)
