"""Steps that choose, head, fill and order rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, ClassVar

from opendata.messages import _
from opendata.sources import limits
from opendata.sources.grid import trimmed
from opendata.sources.recipe.flow import Faultless, Flow, Record, blank, changed, clean, label, position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opendata.sources.recipe.flow import Context
    from opendata.sources.recipe.pattern import Pattern

PLAIN_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Header(Faultless):
    """Takes the header from rows `rows` (the first to the last one named); what stands above them is left out.

    Each upper row is filled from the left, as merged cells have it, up to where a row above begins anew. The texts
    over a column are then joined by `join`, a text that repeats the one above it said once. Blank rows below are left
    out. A recipe without this step takes the first row left as its header.

    Example: `{"step": "header", "rows": [4, 5], "join": " "}`
    """

    STEP: ClassVar[str] = "header"
    rows: tuple[int, ...]
    join: str = " "

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        first, last = min(self.rows), max(self.rows)
        head: list[Record] = []
        rest: Iterator[Record] = flow.records
        for record in flow.records:
            if record.row > last:
                rest = chain([record], flow.records)
                break
            if record.row >= first:
                head.append(record)
        if not head:
            what = _("There is no row {row}, from which the recipe takes the header.").format(row=first)
            raise context.fault(what, _("Correct `rows` of the step header."))
        return under(head, rest, self.join, last)


def headed(flow: Flow, context: Context) -> Flow:
    """The flow with its header: where none was taken yet, its first row.

    Raises:
        SourceError: there is no row at all.
    """
    if flow.header_row:
        return flow
    first = next(flow.records, None)
    if first is None:
        what = _("No row is left to be the header.")
        raise context.fault(what, _("Correct the steps that leave out rows."))
    return under([first], flow.records, " ", first.row)


def under(head: Sequence[Record], records: Iterable[Record], join: str, row: int) -> Flow:
    """The records under a header of one or more rows, none shorter than it; blank ones are left out."""
    labels = header_labels([record.cells for record in head], join)
    width = len(labels)

    def padded() -> Iterator[Record]:
        for record in records:
            if not blank(record.cells):
                cells = list(trimmed(record.cells))
                cells += [""] * (width - len(cells))
                yield Record(record.row, cells, tuple(range(1, len(cells) + 1)))

    return Flow(labels, padded(), row)


def header_labels(rows: Sequence[Sequence[str]], join: str) -> tuple[str, ...]:
    """The labels of a header of several rows.

    >>> header_labels([["Tỉnh", "1995", "", "Ghi chú"], ["", "Diện tích", "Sản lượng", ""]], " ")
    ('Tỉnh', '1995 Diện tích', '1995 Sản lượng', 'Ghi chú')
    """
    texts = [[label(cell) for cell in row] for row in rows]
    width = max((len(trimmed(row)) for row in texts), default=0)
    grid = [row[:width] + [""] * (width - len(row)) for row in texts]
    filled = _filled(grid)
    columns = (list(dict.fromkeys(row[column] for row in filled if row[column])) for column in range(width))
    return tuple(join.join(parts) for parts in columns)


def _filled(grid: Sequence[Sequence[str]]) -> list[list[str]]:
    """Every row but the last filled from the left, up to where a row above it begins anew."""
    filled: list[list[str]] = []
    for number, row in enumerate(grid):
        if number == len(grid) - 1:
            filled.append(list(row))
            break
        carried, out = "", []
        for column, cell in enumerate(row):
            begins = any(above[column] for above in grid[:number])
            carried = cell or ("" if begins else carried)
            out.append(carried)
        filled.append(out)
    return filled


@dataclass(frozen=True, slots=True)
class Skip(Faultless):
    """Leaves out the rows named, counted as in the file from 1.

    Example: `{"step": "skip", "rows": [3, 70]}`
    """

    STEP: ClassVar[str] = "skip"
    rows: tuple[int, ...]

    def apply(self, flow: Flow, _context: Context) -> Flow:
        """See the class."""
        rows = frozenset(self.rows)
        return flow.with_records(record for record in flow.records if record.row not in rows)


@dataclass(frozen=True, slots=True)
class SkipBefore(Faultless):
    """Leaves out every row above row `row`, counted as in the file from 1.

    Example: `{"step": "skip-before", "row": 4}`
    """

    STEP: ClassVar[str] = "skip-before"
    row: int

    def apply(self, flow: Flow, _context: Context) -> Flow:
        """See the class."""
        return flow.with_records(record for record in flow.records if record.row >= self.row)


@dataclass(frozen=True, slots=True)
class DropRows(Faultless):
    """Leaves out the rows whose cell in `field` matches `matches`: subtotals, totals, notes.

    A regular expression in RE2 syntax that the whole cell has to match, after composing it (NFC) and taking away the
    blanks around it.

    Example: `{"step": "drop-rows", "field": "Tỉnh", "matches": "CẢ NƯỚC|Đồng bằng .*"}`
    """

    STEP: ClassVar[str] = "drop-rows"
    field: str
    matches: Pattern

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        flow = headed(flow, context)
        return flow.with_records(self._kept(flow.records, position(flow, self.field, context)))

    def _kept(self, records: Iterator[Record], index: int) -> Iterator[Record]:
        for block in _blocks(records):
            found = self.matches.match([clean(record.cells[index]) for record in block])
            yield from (record for record, drop in zip(block, found, strict=True) if not drop)


@dataclass(frozen=True, slots=True)
class FillDown(Faultless):
    """Fills a blank cell of `field` with the last text above it, as cells merged downwards have it.

    Example: `{"step": "fill-down", "field": "Vùng"}`
    """

    STEP: ClassVar[str] = "fill-down"
    field: str

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        flow = headed(flow, context)
        return flow.with_records(self._filled(flow.records, position(flow, self.field, context)))

    @staticmethod
    def _filled(records: Iterator[Record], index: int) -> Iterator[Record]:
        above = ""
        for record in records:
            if record.cells[index].strip():
                above = record.cells[index]
                yield record
            else:
                yield changed(record, index, above)


@dataclass(frozen=True, slots=True)
class Sort(Faultless):
    """Orders the rows by the fields `by`.

    A field that holds nothing but plain numbers is ordered by size; any other, codes with leading zeros too, by its
    characters. Blank cells come first, and rows that are equal there keep their order. It holds the table in memory:
    up to 5 million rows.

    Example: `{"step": "sort", "by": ["unit_id", "year"]}`
    """

    STEP: ClassVar[str] = "sort"
    by: tuple[str, ...]

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        flow = headed(flow, context)
        indexes = [position(flow, name, context) for name in self.by]
        return replace(flow, records=self._sorted(flow.records, indexes, context))

    @staticmethod
    def _sorted(records: Iterator[Record], indexes: Sequence[int], context: Context) -> Iterator[Record]:
        held: list[Record] = []
        for record in records:
            held.append(record)
            if len(held) > limits.SORT_ROWS:
                what = _("More than {limit} rows cannot be sorted.").format(limit=limits.SORT_ROWS)
                raise context.fault(what, _("Sort the source itself, and take the step sort out of the recipe."))
        size = [(index, _by_size(held, index)) for index in indexes]
        held.sort(key=lambda record: [_order(record.cells[index], size=by_size) for index, by_size in size])
        yield from held


def _blocks(records: Iterator[Record]) -> Iterator[list[Record]]:
    while block := list(islice(records, limits.BATCH_ROWS)):
        yield block


def _by_size(held: Sequence[Record], index: int) -> bool:
    return all(PLAIN_NUMBER.fullmatch(cell) for record in held if (cell := record.cells[index]))


def _order(cell: str, *, size: bool) -> tuple[bool, Decimal, str]:
    return (True, Decimal(cell), "") if size and cell else (bool(cell), Decimal(0), cell)
