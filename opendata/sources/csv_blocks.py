"""The records of one CSV file: in whole blocks where both readers are proven to agree, one by one where not."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata.sources import csv_text, limits
from opendata.sources.csv_arrow import ArrowParser, empty_row
from opendata.sources.csv_proof import Proof
from opendata.sources.grid import Parsed
from opendata.sources.opened import empty, opened, refuse_packed
from opendata.sources.utf8_stream import Utf8Stream

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyarrow as pa

    from opendata.model import Place
    from opendata.sources.csv_proof import Proven
    from opendata.sources.dialect import Dialect
    from opendata.sources.grid import Line

    Misfits = tuple[tuple[int, tuple[str, ...]], ...]

SHARE = 64
"""In doubt, this part of a block is read one by one; the next block is so small, and each after it twice as large."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file, and how it is read: as a table of `width` columns."""

    path: Path
    place: Place
    encoding: str
    dialect: Dialect
    width: int


def pieces(file: TextFile, heading: int, seen: Callable[[bytes], None]) -> Iterator[Line | Parsed]:
    """The records of one file as `csv_text.records` gives them; the first `heading` of them one by one.

    `seen` is told each piece of the file's bytes as it is read, and b"" at the end.

    Raises:
        SourceError: as `csv_text.records`.
    """
    known = csv_text.codec(file.encoding, file.place)
    with opened(file.path, file.place) as stream:
        start = stream.read(8)
        refuse_packed(file.path.name, start, file.place)
        if not start:
            raise empty(file.place)
        stream.seek(0)
        text = Utf8Stream(stream, known, file.place, seen)
        yield from _Reader(text, replace(file, encoding=known)).pieces(heading)


class _Reader:
    """Goes over one file, and knows the number of the next record."""

    def __init__(self, text: Utf8Stream, file: TextFile) -> None:
        self._text = text
        self._file = file
        self._proof = Proof(file.dialect, file.width)
        self._arrow = ArrowParser(file.dialect, file.width)
        self._plain = file.dialect.delimiter == "," and file.dialect.null is None
        self._row = 1

    def pieces(self, heading: int) -> Iterator[Line | Parsed]:
        if heading:
            yield from self._slowly(lambda: self._row > heading)
        longest = size = min(limits.BLOCK_BYTES, limits.RECORD_CHARACTERS - 1)
        while (window := self._text.window(size))[0]:
            block = self._block(*window)
            if block is None:
                size = max(1, longest // SHARE)
                yield from self._stretch(size)
            else:
                yield block
                self._row += block.count
                size = min(size * 2, longest)

    def _stretch(self, size: int) -> Iterator[Line]:
        enough = self._text.taken + size
        yield from self._slowly(lambda: self._text.taken >= enough)

    def _slowly(self, enough: Callable[[], bool]) -> Iterator[Line]:
        """Records one by one until there are enough."""
        file = self._file
        start = not self._text.taken
        feed = csv_text.Feed(self._text, file.path, file.encoding, file.place, row=self._row, start=start)
        with closing(csv_text.parsed(feed, file.dialect)) as lines:
            for line in lines:
                self._row = line.row + 1
                yield line
                if enough():
                    return

    def _block(self, window: bytes, ended: bool) -> Parsed | None:  # noqa: FBT001 - as the stream gives them
        """The rows that are proven at the beginning of a window; None where none are."""
        text = window + b"\n" if ended and not window.endswith(b"\n") else window
        proven = self._proof.proven(text)
        records = self._parsed(text, proven)
        if records is not None and empty_row(records):
            proven = self._proof.proven(text, blank_lines=True)
            records = self._parsed(text, proven)
        misfits: Misfits = ()
        if records is None:
            records, misfits = self._with_misfits(text, proven)
        if records is None:
            return None
        self._text.skip(min(proven.size, len(window)))
        raw = memoryview(text)[: proven.size] if not misfits and self._as_written(text, proven) else None
        return Parsed(self._row, records, misfits, raw)

    def _with_misfits(self, text: bytes, proven: Proven) -> tuple[pa.RecordBatch | None, Misfits]:
        """The same where rows have another width, as long as nothing is quoted and no line is blank."""
        if proven.quoted or not proven.size:
            return None, ()
        found = self._arrow.parse_misfits(memoryview(text)[: proven.size])
        if found is None or empty_row(found[0]):
            return None, ()
        return found[0], tuple((at, tuple(cells)) for at, cells in found[1])

    def _parsed(self, text: bytes, proven: Proven) -> pa.RecordBatch | None:
        return self._arrow.parse(memoryview(text)[: proven.size], quoted=proven.quoted) if proven.size else None

    def _as_written(self, text: bytes, proven: Proven) -> bool:
        return self._plain and not proven.returns and text.find(b'"', 0, proven.size) < 0 and not proven.quoted
