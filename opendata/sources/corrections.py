"""Cells that the reader of workbooks tells otherwise than they stand there, and what they are.

A formula that failed it tells as blank: here as a program shows it, `#DIV/0!`, so that no fault passes for a missing
value. A number it tells as a double: here as it is written, where a double would not give that back.
"""

from __future__ import annotations

import posixpath
import re
from decimal import Decimal
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

from opendata.sources import bounds, limits, ole
from opendata.sources.extent import OddError, Ods, Xlsx, local_name, no_doctype
from opendata.sources.opened import ZIP, opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO
    from zipfile import ZipFile, ZipInfo

    from opendata.model import Place

    Correction = tuple[range, range, str]

XLSX_LINKS = "xl/_rels/workbook.xml.rels"
MARK = re.compile(rb"""["'](?:e|error)["']|(?:<(?:\w+:)?v[^<>]*>|value=["'])\s*[-+]?(?:[0-9]{16}|[0-9.]{20})""")
"""It stands in the XML of each sheet that has a failed cell, or so long a number."""
MARK_BYTES = 256
NUMERAL = re.compile(r"[-+]?[0-9]{1,400}(\.[0-9]{1,400})?")
EXCEL_DIGITS = 17
"""As many digits a program writes of a double, which another double of fewer digits is: 1.1000000000000001 is 1.1."""


def corrections(path: Path, place: Place, number: int) -> Iterator[Correction]:
    """Such cells of the sheet that `place` names, which is the workbook's `number`th from 0.

    Rows, columns and text: most are one cell, an .ods repeats. Rows and columns count from 0.

    Raises:
        SourceError: the workbook is damaged, or the sheet is not where the workbook says.
    """
    with opened(path, place) as stream:
        if stream.read(len(ZIP)) != ZIP:
            yield from ole.failed_cells(stream, place, number)
            return
        archive = bounds.packed(stream, place)
        try:
            yield from _packed(archive, stream, place, number)
        except (expat.ExpatError, OddError) as fault:
            raise bounds.damaged(place) from fault


def _packed(archive: ZipFile, stream: BinaryIO, place: Place, number: int) -> Iterator[Correction]:
    opendocument = bounds.kind(stream, place) == "ods"
    part = _part(archive, bounds.ODS_CONTENT if opendocument else _sheet_part(archive, place, number), place)
    with bounds.unpacked(archive, part, place) as content:
        if not _marked(content):
            return
    with bounds.unpacked(archive, part, place) as content:
        scan = _OdsCells(place.sheet or "") if opendocument else _XlsxCells()
        yield from _told(content, scan)


def _part(archive: ZipFile, name: str, place: Place) -> ZipInfo:
    """The packed file of that name; as readers do, whatever its letters' case or its slashes are."""
    wanted = name.lower()
    found = [item for item in archive.infolist() if item.filename.replace("\\", "/").lower() == wanted]
    if not found:
        raise bounds.damaged(place)
    return found[-1]


def _sheet_part(archive: ZipFile, place: Place, number: int) -> str:
    """Where a sheet lies in an .xlsx: the workbook names its link, the link its file."""
    sheets, links = _Elements("sheet"), _Elements("Relationship")
    for name, scan in ((bounds.XLSX_BOOK, sheets), (XLSX_LINKS, links)):
        with bounds.unpacked(archive, _part(archive, name, place), place) as content:
            for _none in _told(content, scan):
                pass
    link = next((item.get("id") for item in sheets.found[number:]), None)
    target = next((item.get("Target", "") for item in links.found if item.get("Id") == link), "").replace("\\", "/")
    return posixpath.normpath(target.removeprefix("/") if target.startswith(("/", "xl/")) else f"xl/{target}")


def _marked(content: IO[bytes]) -> bool:
    end = b""
    while piece := content.read(limits.SAMPLE_BYTES):
        if MARK.search(end + piece):
            return True
        end = (end + piece)[-MARK_BYTES:]
    return False


def beyond_double(text: str) -> bool:
    """True for a number that a double would change, as it is written there.

    >>> [beyond_double(text) for text in ("9007199254740993", "9007199254740992", "1.1000000000000001", "1.5")]
    [True, False, False, False]
    """
    found = NUMERAL.fullmatch(text)
    if found is None or Decimal(repr(float(text))) == Decimal(text):
        return False
    return not found[1] or len(Decimal(text).normalize().as_tuple().digits) > EXCEL_DIGITS


def _told(content: IO[bytes], scan: _Elements | _XlsxCells | _OdsCells) -> Iterator[Correction]:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = no_doctype
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.characters
    while piece := content.read(limits.SAMPLE_BYTES):
        parser.Parse(piece, False)  # noqa: FBT003 - expat takes it by position only
        yield from scan.cells
        scan.cells.clear()


class _Scan:
    """What an XML parser is given to call; `cells` are those told since they were taken last."""

    def __init__(self) -> None:
        self.cells: list[Correction] = []
        self.text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def characters(self, text: str) -> None:
        """Text between two tags."""
        if self.text is not None:
            self.text.append(text)


class _Elements(_Scan):
    """Keeps the attributes of each element of one name, their prefixes left out."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == self.name:
            self.found.append({local_name(key): value for key, value in attributes.items()})


class _XlsxCells(_Scan):
    """Reads `<c r="B7" t="e"><v>#DIV/0!</v></c>`, and `<c r="B8"><v>9007199254740993</v></c>`."""

    def __init__(self) -> None:
        super().__init__()
        self.places = Xlsx()
        self.kind = "n"

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.places.start(name, attributes)
        local = local_name(name)
        if local == "c":
            self.kind = attributes.get("t", "n")
        elif local == "v" and self.kind in {"e", "n"}:
            self.text = []

    def end(self, name: str) -> None:
        if self.text is None or local_name(name) != "v":
            return
        text, self.text = "".join(self.text).strip(), None
        if self.kind == "e" or beyond_double(text):
            row, column = self.places.row, self.places.column
            self.cells.append((range(row - 1, row), range(column - 1, column), text))


class _OdsCells(_Scan):
    """Reads `<table-cell calcext:value-type="error"><text:p>#DIV/0!</text:p>` in the table of one name, and `value`."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self.table = table
        self.places = Ods()
        self.wanted = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.places.start(name, attributes)
        local = local_name(name)
        if local == "table":
            self.wanted = self.table in (value for key, value in attributes.items() if local_name(key) == "name")
        elif local == "table-cell" and self.wanted:
            told = [(local_name(key), value) for key, value in attributes.items()]
            self.text = [] if ("value-type", "error") in told else None
            for text in (value for key, value in told if key == "value" and self.text is None and beyond_double(value)):
                self._add(text)

    def end(self, name: str) -> None:
        self.places.end(name)
        if self.text is not None and local_name(name) == "table-cell":
            self._add("".join(self.text).strip())
            self.text = None

    def _add(self, text: str) -> None:
        row, column = self.places.row, self.places.column
        rows, columns = range(row, row + self.places.repeat_rows), range(column - self.places.repeat_columns, column)
        self.cells.append((rows, columns, text))
