"""Cells that the reader of workbooks tells otherwise than they stand there, and what they are.

A formula that failed it tells as blank: here as a program shows it, `#DIV/0!`, so that no fault passes for a missing
value. A number it tells as a double: here as it is written, where a double would not give that back.
"""

from __future__ import annotations

import math
import posixpath
import re
from decimal import Decimal
from typing import IO, TYPE_CHECKING
from xml.parsers import expat

from opendata.sources import bounds, limits, ole
from opendata.sources.extent import OddError, Ods, Xlsx, column, local_name, no_doctype
from opendata.sources.opened import ZIP, opened

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

    from opendata.model import Place

    Correction = tuple[range, range, str]

XLSX_LINKS = "xl/_rels/workbook.xml.rels"
LONG = rb"[-+]?(?:[0-9.]{16}|[0-9.]+[eE]\+?[0-9]{2}|[nN][aA][nN]|[iI][nN][fF])"
FAILED = re.compile(rb"""\st=["']e["']""")
NUMBER = re.compile(rb"<v>" + LONG)
CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"((?:\s[^<>]*)?)>(?:<f[^<>]*(?:/>|>[^<]*</f>))?<v>([^<&]*)</v>')
ODD = (
    b"<!",
    b"\0",
    b":c ",
    b":c>",
    b":v>",
    b":v ",
    b"<v ",
    b"<v\t",
    b"<v\r",
    b"<v\n",
    b"<c\t",
    b"<c\r",
    b"<c\n",
    b"<v> ",
    b"<v>\n",
)
"""What a plainly written sheet does not have: for it a real XML parser is asked."""
KIND = re.compile(rb"""\st=["'](\w+)["']""")
ODS_MARK = re.compile(rb"""["']error["']|value=["']\s*""" + LONG)
NUMERAL = re.compile(r"[-+]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,3})?")
CELL_BYTES = 1 << 20
"""More than the XML of a cell takes."""
DIGITS = 17
"""As many digits a program writes of a double, which another double of fewer digits is: 1.1000000000000001 is 1.1."""


def corrections(path: Path, place: Place, number: int) -> Iterator[Correction]:
    """Such cells of the sheet that `place` names, which is the workbook's `number`th from 0.

    Rows, columns and text: most are one cell, an .ods repeats. Rows and columns count from 0. A cell may come twice.

    Raises:
        SourceError: the workbook is damaged, or the sheet is not where the workbook says.
    """
    with opened(path, place) as stream:
        if stream.read(len(ZIP)) != ZIP:
            yield from ole.failed_cells(stream, place, number)
            return
        archive = bounds.packed(stream, place)
        made = _of_ods if bounds.kind(stream, place) == "ods" else _of_xlsx
        try:
            yield from made(archive, place, number)
        except (expat.ExpatError, OddError) as fault:
            raise bounds.damaged(place) from fault


def corrected(text: str) -> bool:
    """True for a number that a double would change, as it is written there.

    >>> [corrected(text) for text in ("9007199254740993", "9007199254740992", "1.1000000000000001", "1.5", "1e400")]
    [True, False, False, False, True]
    """
    if NUMERAL.fullmatch(text) is None:
        return text.lower().lstrip("-+") in {"nan", "inf", "infinity"}
    double, written = float(text), Decimal(text)
    if not math.isfinite(double):
        return True
    if Decimal(repr(double)) == written:
        return False
    return written == written.to_integral_value() or len(written.normalize().as_tuple().digits) > DIGITS


def _of_xlsx(archive: ZipFile, place: Place, number: int) -> Iterator[Correction]:
    part = _part(archive, _sheet_part(archive, place, number), place)
    with bounds.unpacked(archive, part, place) as content:
        plain = yield from _skimmed(content)
    if not plain:
        with bounds.unpacked(archive, part, place) as content:
            yield from _told(content, _XlsxCells())


def _of_ods(archive: ZipFile, place: Place, _number: int) -> Iterator[Correction]:
    part = _part(archive, bounds.ODS_CONTENT, place)
    with bounds.unpacked(archive, part, place) as content:
        if not any(ODS_MARK.search(piece) for piece in _pieces(content, b"<")):
            return
    with bounds.unpacked(archive, part, place) as content:
        yield from _told(content, _OdsCells(place.sheet or ""))


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
    targets = {item.get("Id"): item.get("Target", "") for item in links.found}
    target = targets.get(link, "").replace("\\", "/")
    return posixpath.normpath(target.removeprefix("/") if target.startswith(("/", "xl/")) else f"xl/{target}")


def _pieces(content: IO[bytes], before: bytes) -> Iterator[bytes]:
    """The content in pieces that end before such bytes, as long as they come often enough."""
    rest = b""
    while piece := content.read(limits.SAMPLE_BYTES):
        whole, mark, rest = (rest + piece).rpartition(before)
        rest = mark + rest
        yield whole
        if len(rest) > CELL_BYTES:
            yield rest
            rest = b""
    yield rest


def _skimmed(content: IO[bytes]) -> Generator[Correction, None, bool]:
    """The corrections of a sheet whose cells plainly say where they stand; returned is whether all were such."""
    for piece in _pieces(content, b"<c "):
        if any(mark in piece for mark in ODD):
            return False
        for mark in _marks(piece):
            cell = CELL.match(piece, max(0, piece.rfind(b"<c ", 0, mark.end())))
            if cell is None or cell.end() < mark.end():
                return False
            kind, text = KIND.search(cell[3]), cell[4].decode().strip()
            if _wanted(kind[1].decode() if kind else "n", text):
                row, at = int(cell[2]), column(cell[1].decode())
                yield range(row - 1, row), range(at - 1, at), text
    return True


def _marks(piece: bytes) -> Iterator[re.Match[bytes]]:
    """What stands in each cell that may have to be corrected."""
    if b't="e"' in piece or b"t='e'" in piece:
        yield from FAILED.finditer(piece)
    yield from NUMBER.finditer(piece)


def _wanted(kind: str, text: str) -> bool:
    return kind == "e" or (kind == "n" and corrected(text))


def _told(content: IO[bytes], scan: _Scan) -> Iterator[Correction]:
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
        if _wanted(self.kind, text):
            row, at = self.places.row, self.places.column
            self.cells.append((range(row - 1, row), range(at - 1, at), text))


class _OdsCells(_Scan):
    """Reads `<table-cell calcext:value-type="error"><text:p>#DIV/0!</text:p>` in the table of one name, and `value`."""

    def __init__(self, table: str) -> None:
        super().__init__()
        self.table = table
        self.places = Ods()
        self.wanted = self.failed = self.noted = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.places.start(name, attributes)
        local = local_name(name)
        if local == "table":
            self.wanted = self.table in (value for key, value in attributes.items() if local_name(key) == "name")
        elif local == "table-cell" and self.wanted:
            self._cell([(local_name(key), value) for key, value in attributes.items()])
        elif local == "annotation":
            self.noted = True
        elif local == "p" and self.failed and not self.noted:
            self.text = []

    def end(self, name: str) -> None:
        self.places.end(name)
        local = local_name(name)
        if local == "annotation":
            self.noted = False
        elif local == "p" and self.text is not None:
            self.cells.append(self._here("".join(self.text).strip()))
            self.text, self.failed = None, False

    def _cell(self, told: list[tuple[str, str]]) -> None:
        kinds = {value for key, value in told if key == "value-type"}
        self.failed = "error" in kinds
        if not self.failed and "string" not in kinds:
            self.cells.extend(self._here(value) for key, value in told if key == "value" and corrected(value))

    def _here(self, text: str) -> Correction:
        row, at, down, across = self.places.row, self.places.column, self.places.repeat_rows, self.places.repeat_columns
        return range(row, row + down), range(at - across, at), text
