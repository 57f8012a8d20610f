"""How much text the cells of an .xlsx hold, before anything is laid out: each cell gets a copy of the text it names.

A file of 10 kB can name one long shared text from thousands of cells. Where it is not plain which text a cell names,
the longest of all is counted for it, so the sum may be too large, never too small.
"""

from __future__ import annotations

import re
from array import array
from typing import TYPE_CHECKING
from xml.parsers import expat

from opendata.sources import limits
from opendata.sources.extent import OddError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

TAG = re.compile(rb"<[^>]*>")
ENTITY = re.compile(rb"&[^;<]{1,8};")
ENTRY_TAG = re.compile(rb"</?si>")
ODD_ENTRY = re.compile(rb"<!|\x00|<\?(?!xml\s)|</?[^\s<>/:]+:si|<si[\s/]|</si\s")
ODD_CELL = re.compile(rb"<!|\x00|<\?(?!xml\s)")
CELL = re.compile(
    rb"<(?:\w+:)?c(\s[^<>]*)?>(?:<(?:\w+:)?f[^<>]*>(?:[^<]*</(?:\w+:)?f>)?)?"
    rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)</(?:\w+:)?v\s*></(?:\w+:)?c\s*>"
)
# As Excel and openpyxl write them, which is most cells there are.
PLAIN = re.compile(
    rb'<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]{1,9}")?(?:><v>[^<]*| t="s"(?: s="[0-9]{1,9}")?><v>([0-9]{1,9}))</v></c>'
)
SHARED = re.compile(rb"""\st=["']s["']""")
OWN = re.compile(rb"""\st=["'](?:n|b|e|str|d)["']""")


class LongTextError(Exception):
    """A text longer than a cell can hold."""


def shared_lengths(stream: IO[bytes], again: IO[bytes]) -> array[int]:
    """The length in bytes of each shared text; `again` is the same part once more, for what is not plainly written.

    Raises:
        LongTextError: one is longer than any cell of Excel.
        OddError, expat.ExpatError: what no program writes.
    """
    lengths: array[int] = array("I")
    for entries in _entries(stream):
        if entries is None:
            return _Texts().parse(again)
        lengths.extend(map(_length, entries))
        if len(lengths) > limits.SHEET_CELLS:
            raise OddError
    return lengths


def _entries(stream: IO[bytes]) -> Iterator[list[bytes] | None]:
    """The entries with their markup taken out, a piece at a time; None where they are not plainly written."""
    rest = b""
    while piece := stream.read(limits.SAMPLE_BYTES):
        whole, mark, rest = (rest + piece).rpartition(b"</si>")
        tags = ENTRY_TAG.findall(whole + mark)
        plain = tags == [b"<si>", b"</si>"] * (len(tags) // 2)
        if ODD_ENTRY.search(whole) or not plain or len(rest) > limits.SAMPLE_BYTES:
            yield None
            return
        yield TAG.sub(b"", whole.replace(b"</si>", b"\0") + b"\0").split(b"\0")[:-1] if mark else []
    if ODD_ENTRY.search(rest) or b"<si>" in rest:
        yield None


def _length(text: bytes) -> int:
    if len(text) > limits.CELL_CHARACTERS:
        _refuse_long(ENTITY.sub(b"?", text).decode("utf-8", "replace"))
    return len(text)


def _refuse_long(text: str) -> None:
    if len(text) > limits.CELL_CHARACTERS:
        raise LongTextError


class _Texts:
    """Reads the shared texts with an XML parser."""

    def __init__(self) -> None:
        self.lengths: array[int] = array("I")
        self.pieces: list[str] | None = None

    def parse(self, stream: IO[bytes]) -> array[int]:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = _no_doctype
        while piece := stream.read(limits.SAMPLE_BYTES):
            parser.Parse(piece, False)  # noqa: FBT003 - expat takes it by position only
        return self.lengths

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            if self.pieces is not None or len(self.lengths) >= limits.SHEET_CELLS:
                raise OddError
            self.pieces = []

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "si" and self.pieces is not None:
            text = "".join(self.pieces)
            _refuse_long(text)
            self.lengths.append(len(text.encode()))
            self.pieces = None

    def _text(self, text: str) -> None:
        if self.pieces is not None:
            self.pieces.append(text)


def _no_doctype(*_declared: object) -> None:
    raise OddError


def own_text(stream: IO[bytes]) -> int:
    """How many bytes of a sheet are no markup."""
    return sum(len(TAG.sub(b"", piece)) for piece in _pieces(stream, b">"))


def named_text(stream: IO[bytes], filled: int, lengths: array[int], room: int) -> int:
    """How many bytes of shared text the `filled` cells of a sheet name; beyond `room` it stops counting."""
    longest, total = max(lengths, default=0), 0
    for piece in _pieces(stream, b"c>"):
        if ODD_CELL.search(piece) or total > room:
            break
        known = _known(piece, lengths, longest)
        filled -= len(known)
        total += sum(known)
    return total + max(0, filled) * longest


def _known(piece: bytes, lengths: array[int], longest: int) -> list[int]:
    """How much shared text each cell names of which that is plain, and 0 for those that name none."""
    numbers = PLAIN.findall(piece)
    if len(numbers) == piece.count(b"c>"):
        try:
            return [lengths[int(number)] if number else 0 for number in numbers]
        except IndexError:
            pass
    return [_named(attributes, number, lengths, longest) for attributes, number in CELL.findall(piece)]


def _named(attributes: bytes, number: bytes, lengths: array[int], longest: int) -> int:
    if SHARED.search(attributes):
        known = number.isdigit() and len(number) < 10 and int(number) < len(lengths)  # noqa: PLR2004 - the digits of any number of texts
        return lengths[int(number)] if known else longest
    own = b"t=" not in attributes or (OWN.search(attributes) and attributes.count(b"t=") == 1)
    return 0 if own else longest


def _pieces(stream: IO[bytes], end: bytes) -> Iterator[bytes]:
    """The bytes in pieces that break after `end`, as far as there is one."""
    rest = b""
    while piece := stream.read(limits.SAMPLE_BYTES):
        whole, mark, rest = (rest + piece).rpartition(end)
        yield whole + mark
        if len(rest) > limits.SAMPLE_BYTES:
            yield rest
            rest = b""
    yield rest
