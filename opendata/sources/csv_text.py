"""CSV as a stream of lines: the standard library's reader over a decoder, fed one physical line at a time.

The reader is lenient in the way frictionless is; what it would swallow in silence (bytes that are no text, NUL,
a quotation mark never closed, a record without end) is refused here.
"""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypedDict

from opendata.messages import _
from opendata.sources import limits
from opendata.sources.grid import Line, refusal
from opendata.sources.opened import empty, opened, refuse_packed

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from opendata.errors import SourceError
    from opendata.model import Place
    from opendata.sources.dialect import Dialect

END = "\udfff"  # no decoder gives a lone surrogate, so these two cannot come from the file
BAD = "\udffe"
MARK = "\ufeff"
MARKED = frozenset({"utf-8-sig", "utf-16", "utf-32"})
"""The encodings whose decoder takes the mark away itself: one that is left is text."""
HANDLER = "opendata.undecodable"
# Python calls these encodings; they are none of a text file, or give half characters.
NO_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf_7", "mbcs", "oem"})


def records(path: Path, place: Place, encoding: str, dialect: Dialect) -> Iterator[Line]:
    """The records of one file, numbered from 1; a blank line is a record without cells.

    Raises:
        SourceError: it cannot be read as text of this encoding, or as CSV.
    """
    known = codec(encoding, place)
    with opened(path, place) as stream:
        start = stream.read(8)
        refuse_packed(path.name, start, place)
        if not start:
            raise empty(place)
        stream.seek(0)
        text = io.TextIOWrapper(stream, known, errors=HANDLER, newline="")
        try:
            yield from parsed(Feed(text, path, known, place, start=True), dialect)
        finally:
            text.detach()


def codec(encoding: str, place: Place) -> str:
    """The canonical name of a text encoding.

    Raises:
        SourceError: there is no such encoding.
    """
    try:
        info = codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, ValueError, TypeError) as fault:
        raise _no_encoding(encoding, place) from fault
    if info.name.lower().replace("-", "_") in NO_TEXT:
        raise _no_encoding(encoding, place)
    return info.name


def _no_encoding(encoding: str, place: Place) -> SourceError:
    what = _("There is no text encoding of this name: {encoding}").format(encoding=encoding[:40])
    return refusal(what, place, _("Declare one such as utf-8, utf-16 or cp1258."))


def parsed(feed: Feed, dialect: Dialect) -> Generator[Line]:
    """The records of a feed, to its end. It may be left after any record: no line of the next was taken yet.

    Raises:
        SourceError: a record that cannot be read.
    """
    # The limit is one for the whole process; frictionless raises it as well. Ours is held by the feed.
    csv.field_size_limit(max(csv.field_size_limit(), limits.RECORD_CHARACTERS))
    fed = feed.lines()
    reader = csv.reader(fed, strict=False, **_options(dialect))
    null = dialect.null
    try:
        for cells in reader:
            if cells and cells[-1].endswith(END):
                if feed.size:
                    raise feed.unclosed()
                return
            if len(cells) > limits.COLUMNS:
                raise feed.too_wide()
            if null is not None:
                cells = ["" if cell == null else cell for cell in cells]  # noqa: PLW2901 - the same record
            yield Line(feed.row, cells, feed.size)
            feed.next_record()
    except csv.Error as fault:
        what = _("The record cannot be read as CSV: {reason}").format(reason=fault)
        raise refusal(what, feed.place, _("Open the file in a text editor and correct this row."), feed.row) from fault
    finally:
        fed.close()


class _Options(TypedDict):
    delimiter: str
    quotechar: str | None
    doublequote: bool
    escapechar: str | None
    skipinitialspace: bool
    quoting: Literal[0, 3]


def _options(dialect: Dialect) -> _Options:
    return {
        "delimiter": dialect.delimiter,
        "quotechar": dialect.quote or None,
        "doublequote": dialect.double_quote,
        "escapechar": dialect.escape,
        "skipinitialspace": dialect.skip_initial_space,
        "quoting": csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    }


class Text(Protocol):
    """Decoded text whose lines end as they stand in the file; BAD stands where bytes are no text."""

    def readline(self, limit: int, /) -> str:
        """The next line with its end, or its first `limit` characters; empty at the end of the text."""
        ...


@dataclass(slots=True)
class Feed:
    """Physical lines for the CSV reader, and how much of the current record was given to it.

    `row` is the number of the next record. `start`: the text is at the beginning of the file, where a mark is no text.
    """

    text: Text
    path: Path
    encoding: str
    place: Place
    row: int = 1
    size: int = 0
    start: bool = False

    def lines(self) -> Generator[str]:
        """The lines, and END after the last.

        Raises:
            SourceError: a line that is no text, or belongs to a record that is too long.
        """
        try:
            line = self.text.readline(limits.RECORD_CHARACTERS)
            line = line.removeprefix(MARK) if self.start and self.encoding not in MARKED else line
            while line:
                self.size += len(line)
                if self.size >= limits.RECORD_CHARACTERS or "\0" in line or BAD in line:
                    raise self._fault(line)
                yield line
                line = self.text.readline(limits.RECORD_CHARACTERS)
            yield END
        except UnicodeError as fault:
            raise unordered(self.place) from fault

    def next_record(self) -> None:
        """The CSV reader has given a record."""
        self.row += 1
        self.size = 0

    def too_wide(self) -> SourceError:
        """The error for a record with more cells than a table may have columns."""
        what = _("The row has more than {limit} columns.").format(limit=limits.COLUMNS)
        return refusal(what, self.place, _("Check the delimiter, or split the table."), self.row)

    def unclosed(self) -> SourceError:
        """The error for a text that ends within a quoted cell."""
        what = _("A quotation mark is opened in this row and never closed.")
        return refusal(
            what, self.place, _("Close it or take it away; a quotation mark inside a cell is doubled."), self.row
        )

    def _fault(self, line: str) -> SourceError:
        if BAD in line:
            return self._undecodable()
        if "\0" in line:
            what = _("There is a NUL character in this row: the file is damaged, is no text, or has another encoding.")
            remedy = _("Save it again as CSV UTF-8, or declare its true encoding (utf-16, for instance).")
            return refusal(what, self.place, remedy, self.row)
        what = _("The record is longer than {limit} characters.").format(limit=limits.RECORD_CHARACTERS)
        remedy = _("Look for a quotation mark that is never closed, from this row on.")
        return refusal(what, self.place, remedy, self.row)

    def _undecodable(self) -> SourceError:
        with opened(self.path, self.place) as stream:
            position, byte = undecodable(stream, self.encoding) or (0, 0)
        what = _("Byte {position} (hexadecimal {byte}) is no text in the encoding {encoding}.").format(
            position=position + 1, byte=f"{byte:02X}", encoding=self.encoding
        )
        remedy = _("Save the file as CSV UTF-8, or declare its true encoding (cp1258 or utf-16, for instance).")
        return refusal(what, self.place, remedy, self.row)


def unordered(place: Place) -> SourceError:
    """The error for UTF-16 or UTF-32 without the mark that tells the order of its bytes."""
    what = _("The text has no mark at its beginning that tells the order of its bytes.")
    return refusal(what, place, _("Declare utf-16-le or utf-16-be, or save the file as CSV UTF-8."))


def undecodable(stream: BinaryIO, encoding: str) -> tuple[int, int] | None:
    r"""Where the first byte lies, from 0, that is no text in this encoding, and that byte; None where all is text.

    >>> undecodable(io.BytesIO(b"ab\xff"), "utf-8")
    (2, 255)
    """
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    done = 0
    while True:
        piece = stream.read(limits.SAMPLE_BYTES)
        waiting = len(decoder.getstate()[0])
        if piece.isascii() and piece and not waiting and encoding == "utf-8":  # many times as fast as decoding it
            done += len(piece)
            continue
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as fault:
            return done - waiting + fault.start, fault.object[fault.start]
        except UnicodeError:  # no mark at its beginning tells the order of bytes
            return 0, piece[0]
        if not piece:
            return None
        done += len(piece)


def _mark_bad(fault: UnicodeError) -> tuple[str, int]:
    if isinstance(fault, UnicodeDecodeError):
        return BAD, fault.end
    raise fault


codecs.register_error(HANDLER, _mark_bad)
