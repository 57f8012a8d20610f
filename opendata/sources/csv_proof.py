"""How much of a CSV text is proven to be whole records that Arrow's parser reads just as Python's csv module does.

Both are the same machine for text in which every quotation mark stands where RFC 4180 has it, but for: a lone CR, a
blank line (Arrow has it as a row of empty cells), NUL, a mark at the very beginning (Arrow drops it), the escape
character, and blanks after a delimiter where the dialect drops them. Whatever is in doubt is left to the csv module.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opendata.sources.dialect import Dialect

MARK = b"\xef\xbb\xbf"
LF = 10
CR = 13


@dataclass(frozen=True, slots=True)
class Proven:
    """The first `size` bytes are whole records. `quoted`: quotation marks have a meaning; `returns`: there is CR."""

    size: int
    quoted: bool = False
    returns: bool = False


NOTHING = Proven(0)


class Proof:
    """What can be proven of text in one dialect, read as a table of so many columns."""

    def __init__(self, dialect: Dialect, width: int) -> None:
        """Set down what is looked for; `possible` is False where nothing can be proven, whatever the text."""
        self.possible = width > 0 and _plain(dialect)
        self._delimiter = dialect.delimiter.encode()
        self._quote = dialect.quote.encode()
        self._blank = dialect.skip_initial_space
        self._doubtful = [b"\0", *([dialect.escape.encode()] if dialect.escape else [])]
        if not (dialect.double_quote and dialect.quote.isascii()) and dialect.quote:
            self._doubtful.append(self._quote)
            self._quote = b""
        if self._blank:
            self._doubtful += [self._delimiter + b" ", b"\n "]

    def proven(self, text: bytes, *, blank_lines: bool = False) -> Proven:
        """The longest proven beginning of a text that begins with a record.

        It has no blank line where Arrow finds no row of empty cells in it; with `blank_lines` it has none at all.
        """
        if not self.possible or text.startswith((MARK, b"\n", b"\r", *([b" "] if self._blank else []))):
            return NOTHING
        end = text.rfind(b"\n") + 1
        for doubtful in self._doubtful:
            end = _before(text, doubtful, end)
        end, returns = _without_lone_returns(text, end)
        for doubtful in (b"\n\n", b"\n\r") if blank_lines else ():
            end = _before(text, doubtful, end)
        quoted = bool(self._quote) and text.find(self._quote, 0, end) >= 0
        if quoted:
            end = _outside_quotes(text, end, self._quote[0], self._delimiter[0])
        return Proven(end, quoted, returns)


def _plain(dialect: Dialect) -> bool:
    """Whether the marks of a dialect are told from one another, and the delimiter is one byte."""
    marks = [mark for mark in (dialect.delimiter, dialect.quote, dialect.escape) if mark]
    told = len(set(marks)) == len(marks) and not set("".join(marks)) & set("\0\r\n")
    return told and dialect.delimiter.isascii() and not (dialect.skip_initial_space and " " in marks)


def _before(text: bytes, doubtful: bytes, end: int) -> int:
    """The end of the last line that ends before the first place of something doubtful."""
    found = text.find(doubtful, 0, end)
    return end if found < 0 else text.rfind(b"\n", 0, found) + 1


def _without_lone_returns(text: bytes, end: int) -> tuple[int, bool]:
    """The end of the last line before the first CR without LF, and whether there is any CR before that."""
    import numpy as np

    if text.find(b"\r", 0, end) < 0:
        return end, False
    codes = np.frombuffer(text, np.uint8, end)
    returns = np.flatnonzero(codes == CR)
    lone = returns[codes[returns + 1] != LF]
    return (text.rfind(b"\n", 0, int(lone[0])) + 1 if lone.size else end), True


def _outside_quotes(text: bytes, end: int, quote: int, delimiter: int) -> int:
    """The end of the last line that is proven to end outside of quotation marks, at `end` at most.

    As long as every mark that opens stands after a delimiter, a line's end or a closing mark (doubled), a place is
    inside where the number of marks before it is odd: in that the csv module is no more lenient.
    """
    import numpy as np

    codes = np.frombuffer(text, np.uint8, end)
    marks = np.flatnonzero(codes == quote)
    opening = marks[::2]
    before = codes[opening - 1]  # of a mark at the very beginning: the LF at the end
    unfair = np.flatnonzero((before != delimiter) & (before != LF) & (before != quote))
    if unfair.size:
        end = text.rfind(b"\n", 0, int(opening[unfair[0]])) + 1
    while (inside := int(np.searchsorted(marks, end))) % 2:
        end = text.rfind(b"\n", 0, int(marks[inside - 1])) + 1
    return end
