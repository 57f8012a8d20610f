"""One table in one text file or several, whose records are numbered on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.sources import csv_blocks, csv_text, limits
from opendata.sources.file_digest import FileDigest
from opendata.sources.grid import Line, refusal
from opendata.sources.table import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from opendata.model import Place
    from opendata.sources.dialect import Dialect
    from opendata.sources.grid import Parsed


@dataclass(frozen=True, slots=True)
class TextParts:
    """The files, each with its place, and how they are read."""

    files: tuple[tuple[Path, Place], ...]
    encoding: str
    dialect: Dialect

    def lines(self) -> Iterator[Line]:
        """The records one by one.

        Raises:
            SourceError: a file cannot be read, or its header differs.
        """

        def part(number: int, _last: int) -> Iterator[Line]:
            return csv_text.records(*self.files[number], self.encoding, self.dialect)

        for piece in self._numbered_on(part):
            if isinstance(piece, Line):
                yield piece

    def digest(self) -> str:
        """The SHA-256 of all the bytes, "sha256:…".

        Raises:
            SourceError: a file cannot be read.
        """
        return FileDigest(self.files).digest()

    def blocks(self, width: int, header_row: int) -> PartBlocks:
        """A reading in blocks, as a table of `width` columns whose header ends in `header_row`."""
        return PartBlocks(self, width, header_row)

    def pieces(self, width: int, header_row: int, seen: Callable[[bytes], None]) -> Iterator[Line | Parsed]:
        """The records in blocks; up to `header_row` one by one. `seen` is told each piece of bytes.

        Raises:
            SourceError: as `lines`.
        """

        def part(number: int, last: int) -> Iterator[Line | Parsed]:
            ahead = header_row - last + (self._heading if number else 0)
            heading = max(self._heading if len(self.files) > 1 else 0, ahead)
            path, place = self.files[number]
            file = csv_blocks.TextFile(path, place, self.encoding, self.dialect, width)
            return csv_blocks.pieces(file, heading, seen)

        return self._numbered_on(part)

    @property
    def _heading(self) -> int:
        """How many records of each file frictionless takes for its header."""
        return (max(self.dialect.header_rows) if self.dialect.header_rows else 1) if self.dialect.header else 0

    def _numbered_on(self, part: Callable[[int, int], Iterator[Line | Parsed]]) -> Iterator[Line | Parsed]:
        """The records of all parts; the header of each part after the first is left out, as frictionless does."""
        if len(self.files) == 1:
            yield from part(0, 0)
            return
        last = 0
        head: tuple[str, ...] = ()
        for number in range(len(self.files)):
            records = part(number, last)
            start = [item for item in islice(records, self._heading) if isinstance(item, Line)]
            if number == 0:
                head = joined([line.cells for line in start], self.dialect.header_join)
                yield from start
            else:
                self._refuse_other(start, head, number)
            base = last - (len(start) if number else 0)
            last = base + len(start)
            for piece in records:
                yield (moved := _moved(piece, base))
                last = moved.row if isinstance(moved, Line) else moved.row + moved.count - 1

    def _refuse_other(self, start: list[Line], head: tuple[str, ...], number: int) -> None:
        """Refuse a part whose header differs: frictionless would drop a row of data with it."""
        if joined([line.cells for line in start], self.dialect.header_join) != head:
            what = _("The header of this file differs from the header of the first: {header}")
            remedy = _("Give all parts the same header.")
            raise refusal(what.format(header=", ".join(head)[:200]), self.files[number][1], remedy)


def _moved(piece: Line | Parsed, rows: int) -> Line | Parsed:
    if isinstance(piece, Line):
        return piece._replace(row=piece.row + rows)
    return replace(piece, row=piece.row + rows)


class PartBlocks:
    """One reading of the parts in blocks."""

    def __init__(self, parts: TextParts, width: int, header_row: int) -> None:
        """Nothing is opened yet."""
        self._parts = parts
        self._shape = (width, header_row)
        self._digest = FileDigest(parts.files)

    @property
    def large(self) -> bool:
        """Whether there is more than one block; a file that is not there is not."""
        try:
            return sum(path.stat().st_size for path, _place in self._parts.files) > limits.BLOCK_BYTES
        except OSError:
            return False

    def pieces(self) -> Iterator[Line | Parsed]:
        """All records.

        Raises:
            SourceError: they cannot be read.
        """
        return self._parts.pieces(*self._shape, self._digest.update)

    def digest(self) -> str:
        """The SHA-256 of what was read, and of what is left.

        Raises:
            SourceError: that cannot be read.
        """
        return self._digest.digest()
