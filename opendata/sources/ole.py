"""Compound files (.xls): the streams inside, and how large the sheets of the workbook stream are.

The old format bounds a sheet to 65,536 × 256 cells, but nothing holds a damaged or hostile file to it, and all its
sheets are laid out in memory at once. So their rectangles are added up here first.
"""

from __future__ import annotations

import contextlib
import struct
from array import array
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.sources import limits
from opendata.sources.bounds import damaged, protected, refuse_beyond, too_large
from opendata.sources.extent import Extent
from opendata.sources.grid import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import BinaryIO

    from opendata.model import Place

END_OF_CHAIN = 0xFFFFFFFA
ENTRY = 128
HEADER_FAT = 109
FILE_BYTES = 256 << 20
SHEETS = 10_000

BOUND_SHEET, FILE_PASS, END_OF_SUBSTREAM, DIMENSIONS, MULTIPLE = 0x85, 0x2F, 0x0A, 0x200, 0xBD
SHARED_TEXTS, CONTINUED, NAMES_TEXT = 0xFC, 0x3C, 0xFD
LONGEST_TEXT = 2 * 0xFFFF
OWN_TEXTS = frozenset({0x04, 0x204, 0xD6, 0x07, 0x207})
FORMULAS, TRUTH_OR_FAILURE = frozenset({0x06, 0x206, 0x406}), 0x205
FAILURES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}
"""What Excel shows for the codes of failures ([MS-XLS], BErr)."""
CELLS = frozenset({0x02, 0x03, 0x04, 0x05, 0x06, 0xBD, 0xD6, 0xFD, 0x203, 0x204, 0x205, 0x206, 0x27E, 0x406})


def check(stream: BinaryIO, place: Place) -> None:
    """Let pass an .xls whose sheets together fit into memory.

    Raises:
        SourceError: it is damaged, protected, no workbook, or claims more than the limits.
    """
    stream.seek(0)
    data = stream.read(FILE_BYTES + 1)
    if len(data) > FILE_BYTES:
        what = _("The workbook unpacks to more than can be read.")
        raise refusal(what, place, _("Save the sheet as CSV, or split the workbook."))
    try:
        found = _measured(data, place)
    except (struct.error, IndexError, _BrokenError) as fault:
        raise damaged(place) from fault
    refuse_beyond(found, place)


def failed_cells(stream: BinaryIO, place: Place, number: int) -> Iterator[tuple[range, range, str]]:
    """The cells of the `number`th sheet, from 0, whose formula failed: rows and columns from 0, and what Excel shows.

    Raises:
        SourceError: it is damaged.
    """
    stream.seek(0)
    try:
        compound = Compound(stream.read(FILE_BYTES + 1))
        book = compound.stream("Workbook" if "Workbook" in compound.entries else "Book")
        start = _offsets(book)[number]
        for kind, offset, size in _records(book, start):
            code = _failure(kind, book[offset : offset + size])
            if code is not None:
                row, column = struct.unpack_from("<HH", book, offset)
                yield range(row, row + 1), range(column, column + 1), FAILURES.get(code, f"#{code}")
    except (struct.error, LookupError, _BrokenError) as fault:
        raise damaged(place) from fault


def _offsets(book: bytes) -> list[int]:
    """Where the sheets begin ([MS-XLS], BoundSheet8)."""
    places = [(offset, size) for kind, offset, size in _records(book, 0) if kind == BOUND_SHEET]
    return [struct.unpack_from("<I", book, offset)[0] for offset, size in places if size >= 4]  # noqa: PLR2004 - its width


def _failure(kind: int, record: bytes) -> int | None:
    """The code of a failed cell ([MS-XLS], BoolErr and FormulaValue); None where it is none."""
    if kind == TRUTH_OR_FAILURE and record[7:8] == b"\x01":
        return record[6]
    if kind in FORMULAS and record[6:7] == b"\x02" and record[12:14] == b"\xff\xff":
        return record[8]
    return None


class _BrokenError(Exception):
    """A chain that runs in a circle or out of the file."""


def _measured(data: bytes, place: Place) -> Extent:
    compound = Compound(data)
    if "EncryptedPackage" in compound.entries:
        raise protected(place)
    name = next((name for name in ("Workbook", "Book") if name in compound.entries), None)
    if name is None:
        what = _("This file is of another old Office program, not an Excel workbook.")
        raise refusal(what, place, _("Open it in the program that made it and save its table as .xlsx or CSV."))
    return _sheets(compound.stream(name), place)


class Compound:
    """A compound file: its directory, and its streams put together from their sectors."""

    def __init__(self, data: bytes) -> None:
        """Read the allocation table and the directory; struct.error or IndexError where it is damaged."""
        self.data = data
        sector, mini = struct.unpack_from("<HH", data, 30)
        if sector not in {9, 12} or mini > sector:
            raise _BrokenError
        self.sector, self.mini = 1 << sector, 1 << mini
        self.cutoff: int = struct.unpack_from("<I", data, 56)[0]
        self.table = self._allocation()
        self.entries: dict[str, tuple[int, int]] = {}
        self.root = (END_OF_CHAIN, 0)
        self._directory(self._chain(struct.unpack_from("<I", data, 48)[0], self.table, self._sector))
        small = self._chain(struct.unpack_from("<I", data, 60)[0], self.table, self._sector)
        self.small_table = _integers(small)
        self.small: bytes | None = None

    def stream(self, name: str) -> bytes:
        """The bytes of a stream."""
        start, size = self.entries[name]
        if size >= self.cutoff:
            return self._chain(start, self.table, self._sector)[:size]
        if self.small is None:
            self.small = self._chain(self.root[0], self.table, self._sector)
        return self._chain(start, self.small_table, self._small)[:size]

    def _allocation(self) -> tuple[int, ...]:
        sectors = list(struct.unpack_from(f"<{HEADER_FAT}I", self.data, 76))
        following, count = struct.unpack_from("<II", self.data, 68)
        while following < END_OF_CHAIN and count:
            *more, following = _integers(self._sector(following))
            sectors += more
            count -= 1
        return _integers(b"".join(self._sector(number) for number in sectors if number < END_OF_CHAIN))

    def _directory(self, table: bytes) -> None:
        for offset in range(0, len(table) - ENTRY + 1, ENTRY):
            name = table[offset : offset + 64].decode("utf-16-le", "replace").partition("\0")[0]
            place: tuple[int, int] = struct.unpack_from("<II", table, offset + 116)
            if offset == 0:
                self.root = place
            self.entries.setdefault(name, place)

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector
        if start >= len(self.data):
            raise _BrokenError
        return self.data[start : start + self.sector]

    def _small(self, number: int) -> bytes:
        return (self.small or b"")[number * self.mini : (number + 1) * self.mini]

    def _chain(self, start: int, table: tuple[int, ...], piece: Callable[[int], bytes]) -> bytes:
        pieces = []
        while start < END_OF_CHAIN:
            pieces.append(piece(start))
            if len(pieces) > len(table):
                raise _BrokenError
            start = table[start]
        return b"".join(pieces)


def _integers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _sheets(book: bytes, place: Place) -> Extent:
    offsets = []
    texts: list[tuple[int, int]] = []
    before = 0
    for kind, offset, size in _records(book, 0):
        if kind == FILE_PASS:
            raise protected(place)
        if kind == SHARED_TEXTS or (kind == CONTINUED and before == SHARED_TEXTS):
            texts.append((offset, offset + size))
        before = kind if kind != CONTINUED else before
        if kind == BOUND_SHEET and size >= 4:  # noqa: PLR2004 - the width of an offset
            offsets.append(struct.unpack_from("<I", book, offset)[0])
    lengths = shared_lengths(book, texts)
    total, walked = Extent(1), 0
    known: dict[int, Extent] = {}
    for offset in offsets:
        if offset not in known:
            known[offset], end = _sheet(book, offset, place, lengths)
            walked += end - offset
        total.take(1, total.columns + known[offset].cells, known[offset].filled)
        total.text += known[offset].text
        # Sheets that overlap are made to keep the reader busy.
        if walked > 2 * len(book) or len(offsets) > SHEETS:
            raise _BrokenError
        if not total.sane:
            break
    return total


def _sheet(book: bytes, start: int, place: Place, lengths: array[int]) -> tuple[Extent, int]:
    extent, end = Extent(), start
    for kind, offset, size in _records(book, start):
        end = offset + size
        if kind in OWN_TEXTS:
            extent.text += size
        if kind in CELLS and size >= 4:  # noqa: PLR2004 - row and column, two bytes each
            row, column = struct.unpack_from("<HH", book, offset)
            last = struct.unpack_from("<H", book, end - 2)[0] if kind == MULTIPLE else column
            extent.take(row + 1, max(column, last) + 1, max(column, last) - column + 1)
            if kind == NAMES_TEXT and size >= 10:  # noqa: PLR2004 - row, column, style, number of the text
                number = struct.unpack_from("<I", book, offset + 6)[0]
                extent.text += lengths[number] if number < len(lengths) else LONGEST_TEXT
        elif kind == DIMENSIONS and size >= 14:  # noqa: PLR2004 - its length since Excel 97
            first_row, last_row, first_column, last_column = struct.unpack_from("<IIHH", book, offset)
            claimed = (last_row - first_row) * (last_column - first_column)
            if claimed > limits.SHEET_CELLS:
                raise too_large(claimed, place)
    return extent, end


def shared_lengths(book: bytes, pieces: Sequence[tuple[int, int]]) -> array[int]:
    """The length in bytes of each shared text, as far as they can be told; `pieces` is where their records lie."""
    lengths: array[int] = array("I")
    with contextlib.suppress(struct.error, _BrokenError):
        walk = _Walk(book, pieces)
        (count,) = walk.take("<4xI")
        while len(lengths) < min(count, limits.SHEET_CELLS):
            lengths.append(walk.text())
    return lengths


class _Walk:
    """Goes over the shared texts, from one record into the next; a text cut in two says its width anew."""

    def __init__(self, book: bytes, pieces: Sequence[tuple[int, int]]) -> None:
        self.book = book
        self.pieces = iter(pieces)
        self.at = self.end = 0

    def take(self, form: str) -> tuple[int, ...]:
        """Numbers that never lie in two records."""
        self._open()
        at, self.at = self.at, self.at + struct.calcsize(form)
        if self.at > self.end:
            raise _BrokenError
        return struct.unpack_from(form, self.book, at)

    def text(self) -> int:
        """Step over one text; its length."""
        characters, flags = self.take("<HB")
        runs = self.take("<H")[0] if flags & 8 else 0
        more = self.take("<I")[0] if flags & 4 else 0
        length = self._characters(characters, 1 + (flags & 1))
        self._skip(4 * runs + more)
        return length

    def _characters(self, left: int, width: int) -> int:
        length = 0
        while left:
            here = min(left, (self.end - self.at) // width)
            self.at += here * width
            length, left = length + here * width, left - here
            if left:
                self.at = self.end
                width = 1 + (self.take("<B")[0] & 1)
        return length

    def _skip(self, size: int) -> None:
        while size:
            self._open()
            here = min(size, self.end - self.at)
            self.at, size = self.at + here, size - here

    def _open(self) -> None:
        while self.at >= self.end:
            following = next(self.pieces, None)
            if following is None:
                raise _BrokenError
            self.at, self.end = following


def _records(book: bytes, start: int) -> Iterator[tuple[int, int, int]]:
    offset, length = start, len(book)
    while offset + 4 <= length:
        kind, size = struct.unpack_from("<HH", book, offset)
        offset += 4
        if offset + size > length:
            raise _BrokenError
        yield kind, offset, size
        if kind == END_OF_SUBSTREAM:
            return
        offset += size
