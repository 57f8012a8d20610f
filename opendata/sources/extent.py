"""How far the filled cells of a sheet reach, read off its XML before anything is laid out in memory.

A skim over the bytes proves a plainly written sheet at the speed of a regular expression; whatever it cannot prove goes
through a real XML parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.parsers import expat

from opendata.sources import limits

if TYPE_CHECKING:
    from typing import IO

REFERENCE = re.compile(r"([A-Za-z]{1,7})([0-9]{1,10})")
DIGITS = 10
CELL = re.compile(rb'<c[\s/>](?:r="([A-Z]{1,3})([0-9]{1,7})")?')
ODD = re.compile(rb"<!|\x00|<[^\s<>/:]+:(?:c|row|v)[\s/>]|</v\s")


@dataclass(slots=True)
class Extent:
    """The rectangle from the first row and column to the last filled cell, and how many are filled.

    `text` is how many characters stand in the cells, repetitions counted (.ods and .xls; of an .xlsx see `texts`).
    """

    rows: int = 0
    columns: int = 0
    filled: int = 0
    text: int = 0

    def take(self, row: int, column: int, filled: int = 1) -> None:
        """Reach out to a filled cell, counted from 1."""
        self.rows = max(self.rows, row)
        self.columns = max(self.columns, column)
        self.filled += filled

    @property
    def cells(self) -> int:
        """The size of the rectangle."""
        return self.rows * self.columns

    @property
    def sane(self) -> bool:
        """True while it need not be refused whatever else is filled."""
        return self.cells <= limits.SHEET_CELLS and self.text <= limits.TEXT_BYTES

    @property
    def fits(self) -> bool:
        """True where it may be laid out in memory.

        >>> [Extent(*sheet).fits for sheet in ((1000, 1000, 2), (65536, 256, 2), (65536, 256, 10**6), (10**6, 30, 1))]
        [True, False, True, False]
        """
        return self.cells <= limits.SPARSE_CELLS or self.cells <= min(limits.SHEET_CELLS, limits.SPARSE * self.filled)


def skim(stream: IO[bytes]) -> Extent | None:
    """The extent of a sheet (.xlsx) in which every cell plainly says where it stands, else None.

    Cells that are only formatted count as filled where they stand, so it may be too large, never too small.
    """
    extent, rest = Extent(), b""
    while piece := stream.read(limits.SAMPLE_BYTES):
        whole, mark, rest = (rest + piece).rpartition(b"<")
        rest = mark + rest
        if not _skimmed(whole, extent) or len(rest) > limits.SAMPLE_BYTES:
            return None
    return extent if _skimmed(rest, extent) else None


def _skimmed(piece: bytes, extent: Extent) -> bool:
    found = CELL.findall(piece)
    if ODD.search(piece) or ((b"", b"") in found):
        return False
    extent.filled += piece.count(b"</v>") + piece.count(b"</is>")
    if found:
        letters, digits = (set(part) for part in zip(*found, strict=True))
        rows, columns = max(int(item) for item in digits), max(column(item.decode()) for item in letters)
        extent.take(rows, columns, filled=0)
    return True


def column(letters: str) -> int:
    """The number of a column from 1.

    >>> column("A"), column("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def parse(stream: IO[bytes], scan: Xlsx | Ods) -> Extent:
    """The extent of a sheet, or of all sheets of an .ods, told by an XML parser; it stops beyond the limit.

    Raises:
        OddError, expat.ExpatError: what no program writes.
    """
    parser = expat.ParserCreate()
    parser.StartElementHandler = scan.start
    if isinstance(scan, Ods):
        parser.EndElementHandler = scan.end
        parser.CharacterDataHandler = scan.characters
        parser.buffer_text = True
    parser.StartDoctypeDeclHandler = no_doctype
    while scan.total().sane and (piece := stream.read(limits.SAMPLE_BYTES)):
        parser.Parse(piece, False)  # noqa: FBT003 - expat takes it by position only
    return scan.total()


class OddError(Exception):
    """Something that no program writes into a workbook: a document type, an entity, a number that is none."""


def no_doctype(*_declared: object) -> None:
    """Refuse a document type, with which a small file can be made to unfold.

    Raises:
        OddError: always.
    """
    raise OddError


def local_name(name: str) -> str:
    """An XML name without its prefix."""
    return name.rpartition(":")[2]


class Xlsx:
    """Reads the references of filled cells: `<c r="B7"><v>`; a cell without a reference follows the one before."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.extent = Extent()
        self.row = self.column = 0
        self.pending = False
        self.columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == "v" or (self.pending and local_name(name) not in {"c", "row"}):
            if self.pending:
                self.extent.take(self.row, self.column)
                self.pending = False
            return
        if name == "c" or local_name(name) == "c":
            self._cell(attributes.get("r"))
        elif name == "row" or local_name(name) == "row":
            self._row(attributes.get("r"))

    def total(self) -> Extent:
        """What was read so far."""
        return self.extent

    def _cell(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
        elif found := REFERENCE.fullmatch(reference):
            letters = found[1]
            self.column = self.columns.get(letters) or self.columns.setdefault(letters, column(letters))
            self.row = int(found[2])
        else:
            raise OddError
        self.pending = True

    def _row(self, number: str | None) -> None:
        self.row = self.row + 1 if number is None else _whole(number)
        self.column = 0
        self.pending = False


class Ods:
    """Reads rows and cells with their repetitions. All sheets are laid out on opening, so their sizes add up."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self.done = Extent()
        self.extent = Extent()
        self.row = self.column = 0
        self.repeat_rows = self.repeat_columns = 1
        self.filled = self.cells = self.cell_text = self.row_text = 0
        self.in_cell = False

    def _fill(self) -> None:
        if self.filled < self.column:
            self.filled = self.column
            self.cells += 1

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = local_name(name)
        if local in {"table-cell", "covered-table-cell"}:
            self.repeat_columns = _count(attributes, "number-columns-repeated")
            self.column += self.repeat_columns
            self.in_cell = True
            self.cell_text = 0
            for key, value in attributes.items():
                self._attribute(local_name(key), value)
        elif local == "table-row":
            self.repeat_rows = _count(attributes, "number-rows-repeated")
            self.column = self.filled = self.cells = self.row_text = 0
        elif local == "table":
            self.extent = Extent()
            self.row = 0
        elif self.in_cell:
            self._fill()
            if local == "s":  # so many blanks
                self.cell_text += _count(attributes, "c")

    def _attribute(self, name: str, value: str) -> None:
        if name in {"value-type", "formula"}:
            self._fill()
        if name == "formula" or name.endswith("-value"):
            self.cell_text += len(value)

    def characters(self, text: str) -> None:
        """Text between two tags."""
        if self.in_cell:
            self.cell_text += len(text)

    def end(self, name: str) -> None:
        """An element ends."""
        local = local_name(name)
        if local in {"table-cell", "covered-table-cell"}:
            self.in_cell = False
            self.row_text += self.cell_text * self.repeat_columns
        elif local == "table-row":
            self.row += self.repeat_rows
            self.extent.text += self.row_text * self.repeat_rows
            if self.filled:
                self.extent.take(self.row, self.filled, self.cells)
        elif local == "table":
            self.done = self.total()
            self.extent = Extent()

    def total(self) -> Extent:
        """What was read so far."""
        done, now = self.done, self.extent
        return Extent(1, done.cells + now.cells, done.filled + now.filled, done.text + now.text)


def _count(attributes: dict[str, str], name: str) -> int:
    value = next((text for key, text in attributes.items() if local_name(key) == name), "1")
    return _whole(value.removeprefix("+"))


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > DIGITS:
        raise OddError
    return int(text)
