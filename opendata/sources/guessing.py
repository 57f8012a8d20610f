"""Suppositions about a text file: its encoding and its delimiter, each with the words that say so."""

from __future__ import annotations

import codecs
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from opendata.errors import SourceError
from opendata.messages import _
from opendata.sources import csv_text, limits
from opendata.sources.dialect import Dialect
from opendata.sources.remarks import labelled_row

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path
    from typing import BinaryIO

    from opendata.model import Place
    from opendata.sources.grid import Line

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
CANDIDATES = (",", ";", "\t", "|")
VIETNAMESE_1258 = frozenset("ăâđêôơưĂÂĐÊÔƠƯ\u0300\u0301\u0303\u0309\u0323")


def encodings(stream: BinaryIO) -> tuple[str, tuple[str, ...]]:
    """The encoding to read a file with, and what is to be said about it.

    A mark decides; else UTF-8 where all bytes are; else a supposition, said: cp1258 or cp1252.
    """
    start = stream.read(4)
    for mark, name in MARKS:
        if start.startswith(mark):
            return name, ()
    stream.seek(0)
    found = csv_text.undecodable(stream, "utf-8")
    if found is None:
        return "utf-8", ()
    stream.seek(0)
    return _legacy(stream.read(limits.SAMPLE_BYTES), found[0] + 1)


def _legacy(sample: bytes, position: int) -> tuple[str, tuple[str, ...]]:
    if b"\0" in sample:
        note = _("The file has NUL bytes but no mark of UTF-16: it may be UTF-16, or no text at all.")
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-8", (note,)
    vietnamese = sum(letter in VIETNAMESE_1258 for letter in sample.decode("cp1258", "ignore"))
    high = sum(byte > 127 for byte in sample)  # noqa: PLR2004 - the end of ASCII
    name, other = ("cp1258", "cp1252") if vietnamese * 2 > high else ("cp1252", "cp1258")
    note = _(
        "Not UTF-8 (byte {position}). Supposed is {encoding}; it may be {other}, or an old Vietnamese font code"
        " (TCVN3, VNI) that is not read. Look at the letters, or save the file as CSV UTF-8."
    )
    return name, (note.format(position=position, encoding=name, other=other),)


def delimiters(
    path: Path, place: Place, encoding: str, usual: str = ",", labels: Collection[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """The delimiter under which most of the labels stand in one row, and what is to be said.

    Where none does, that under which most of the first records have the same number of cells.
    """
    lines = {mark: sample_lines(path, place, encoding, mark) for mark in CANDIDATES}
    shared = {mark: labelled_row(lines[mark], labels)[0] for mark in CANDIDATES}
    scores = {mark: _score(lines[mark]) for mark in CANDIDATES}
    if any(shared.values()):
        best = max(CANDIDATES, key=lambda mark: (shared[mark], mark == usual))
    elif any(scores.values()):
        best = max(CANDIDATES, key=lambda mark: scores[mark])
    else:
        return usual, (_("No delimiter was found: the file is read as a single column."),)
    if best == ",":
        return best, ()
    shown = {"\t": _("tab")}.get(best, best)
    return best, (_("The delimiter looks like: {delimiter}").format(delimiter=shown),)


def _score(lines: Iterable[Line]) -> float:
    widths = Counter(len(line.cells) for line in lines if line.cells)
    if not widths:
        return 0
    width, count = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
    return 0 if width == 1 else count / widths.total() + min(width, 50) / 1000


def sample_lines(path: Path, place: Place, encoding: str, delimiter: str) -> list[Line]:
    """The first records under a supposition; as many as can be read."""
    lines: list[Line] = []
    try:
        lines.extend(islice(csv_text.records(path, place, encoding, Dialect(delimiter=delimiter)), limits.SAMPLE_ROWS))
    except SourceError:
        return lines
    return lines
