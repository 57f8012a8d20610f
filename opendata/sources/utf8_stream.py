"""A text file as UTF-8 bytes, whatever its encoding is, that can be looked at before they are taken.

What is no text in the file's encoding is no UTF-8 in the stream either.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from opendata.sources import csv_text, limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from opendata.model import Place

LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r(?=[^\n]))")
WIDEST = 4  # bytes of a character in UTF-8, at most


class Utf8Stream:
    """The bytes of one file as UTF-8. `seen` is told each piece as it stands in the file, and b"" at its end.

    `taken` counts the bytes of UTF-8 that were taken.
    """

    def __init__(self, stream: BinaryIO, encoding: str, place: Place, seen: Callable[[bytes], None]) -> None:
        """Begin at the beginning of `stream`."""
        self.taken = 0
        self._stream = stream
        self._place = place
        self._seen = seen
        self._plain = encoding == "utf-8"
        self._decoder = codecs.getincrementaldecoder(encoding)(csv_text.HANDLER)
        self._data = b""
        self._at = 0
        self._whole = False

    def window(self, size: int) -> tuple[bytes, bool]:
        """At most `size` bytes from here on, taken by `skip` alone; and whether the file ends with them.

        Raises:
            SourceError: the encoding needs a mark that is not there.
        """
        while len(self._data) - self._at < size and self._more(size - len(self._data) + self._at):
            pass
        end = self._at + size
        data = self._data if not self._at and end >= len(self._data) else self._data[self._at : end]
        return data, self._whole and end >= len(self._data)

    def skip(self, size: int) -> None:
        """Take so many bytes of what was looked at."""
        self._at += size
        self.taken += size

    def readline(self, limit: int) -> str:
        """Take the next line as text, or its first `limit` characters; empty at the end of the file."""
        line = self._line(WIDEST * limit)
        text = line.decode("utf-8", csv_text.HANDLER)  # a character that was cut off is beyond the limit
        if len(text) > limit:
            text = text[:limit]
            line = text.encode("utf-8", "surrogatepass")
        self.skip(len(line))
        return text

    def _line(self, longest: int) -> bytes:
        found = LINE.match(self._data, self._at)
        while not found and len(self._data) - self._at < longest and self._more(limits.BLOCK_BYTES):
            found = LINE.match(self._data, self._at)
        end = found.end() if found else len(self._data)
        return self._data[self._at : min(end, self._at + longest)]

    def _more(self, size: int) -> bool:
        """Read about so many bytes more; False where the file has ended."""
        if self._whole:
            return False
        piece = self._stream.read(size if self._plain else max(size, limits.BLOCK_BYTES // 4))
        self._seen(piece)
        self._whole = not piece
        self._data = self._data[self._at :] + (piece if self._plain else self._recoded(piece))
        self._at = 0
        return True

    def _recoded(self, piece: bytes) -> bytes:
        try:
            return self._decoder.decode(piece, final=not piece).encode("utf-8", "surrogatepass")
        except UnicodeError as fault:
            raise csv_text.unordered(self._place) from fault
