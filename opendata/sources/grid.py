"""What every reader gives: lines of text cells with their true row numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from opendata.errors import SourceError
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa

    from opendata.model import Place


class Numeral(str):
    """The text of a cell that a workbook holds as a number: its point is a decimal point, whatever a recipe says."""

    __slots__ = ()


class Moment(str):
    """The ISO 8601 text of a cell that a workbook holds as a date, time or duration."""

    __slots__ = ()


class Line(NamedTuple):
    """One record: its row number counted from 1 in the source, its cells, and about how many characters it has."""

    row: int
    cells: Sequence[str]
    size: int = 0


@dataclass(frozen=True, slots=True)
class Parsed:
    """Records that follow each other, all parsed at once: `row` is the number of the first.

    The columns are text, never null, named by their position; `misfits` are the records that are not as wide as the
    table, each with its place among all of them, from 0. `raw`: as in a Batch.
    """

    row: int
    records: pa.RecordBatch
    misfits: tuple[tuple[int, tuple[str, ...]], ...] = ()
    raw: memoryview | bytes | None = None

    @property
    def count(self) -> int:
        """How many records there are, misfits too."""
        return self.records.num_rows + len(self.misfits)


class Blocks(Protocol):
    """One reading of a source in blocks."""

    @property
    def large(self) -> bool:
        """Whether there is so much of it that reading ahead is worth a thread."""
        ...

    def pieces(self) -> Iterator[Line | Parsed]:
        """All records in order, one by one where they have to be; those of the header always."""
        ...

    def digest(self) -> str:
        """The SHA-256 of what was read, once no more is taken from `pieces`; what is left is read for it."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """Something that gives lines, opened anew at each call of `lines`.

    `padded`: the lines come from a grid in which blank cells at the end of a line mean nothing.
    `digest` is the SHA-256 of its bytes, "sha256:…".
    `blocks` begins a reading in blocks, of a table of that many columns whose header ends in that row; None: there is
    no such way.
    """

    place: Place
    lines: Callable[[], Iterator[Line]]
    digest: Callable[[], str]
    padded: bool = False
    blocks: Callable[[int, int], Blocks] | None = None


def spot(place: Place, row: int | None = None, column: int | None = None) -> str:
    """Where something is, in words.

    >>> from opendata.model import Place
    >>> spot(Place("a.xlsx", "Sheet1"), 4, 2)
    'a.xlsx, sheet Sheet1, row 4, column 2'
    """
    row = place.row if row is None else row
    column = place.column if column is None else column
    parts = [place.path or ""]
    if place.sheet is not None:
        parts.append(_("sheet {sheet}").format(sheet=place.sheet))
    if row is not None:
        parts.append(_("row {row}").format(row=row))
    if column is not None:
        parts.append(_("column {column}").format(column=column))
    return ", ".join(part for part in parts if part)


def refusal(what: str, place: Place, remedy: str, row: int | None = None, column: int | None = None) -> SourceError:
    """The error about a place in a source."""
    return SourceError(what, spot(place, row, column), remedy)


def trimmed(cells: Sequence[str]) -> Sequence[str]:
    """The cells without the blank ones at the end.

    >>> trimmed(["a", "", "b", "", ""]), trimmed(["", ""])
    (['a', '', 'b'], [])
    """
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]
