"""From lines to a Table: the header by the dialect, then batches of text columns, misfits beside them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import AccessLevel, Batch, Field, Misfit, Table, TableSchema
from opendata.sources import limits
from opendata.sources.grid import refusal, trimmed
from opendata.sources.opened import empty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opendata.model import ForeignKey, Json
    from opendata.sources.dialect import Dialect
    from opendata.sources.grid import Line, Source


def table(
    source: Source,
    dialect: Dialect,
    name: str,
    schema: TableSchema | None = None,
    keys: tuple[ForeignKey, ...] = (),
) -> Table:
    """The table of a source; its header is read now, its rows at each call of `batches`.

    Without a schema every field is a string named by its label.

    Raises:
        SourceError: it cannot be read, or has no header.
    """
    labels, header_row = header(source, dialect, schema)

    def read() -> Iterator[Batch]:
        content = (line for line in source.lines() if line.row > header_row)
        kept = (line for line in content if not dialect.left_out(line.row, list(line.cells)))
        yield from batches(kept, labels, padded=source.padded)

    return Table(
        name=name,
        place=source.place,
        labels=labels,
        schema=schema or text_schema(labels),
        batches=read,
        digest=source.digest,
        keys=keys,
        header_row=header_row,
    )


def header(source: Source, dialect: Dialect, schema: TableSchema | None) -> tuple[tuple[str, ...], int]:
    """The labels, and the row number of the header's last line (0 where there is none).

    A file declared to have no header takes its labels from the schema, else field1, field2 … of its first record.

    Raises:
        SourceError: there is not a single record, the declared header row is not there, or it is too wide.
    """
    lines = source.lines()
    if not dialect.header:
        first = next(lines, None)
        if first is None:
            raise empty(source.place)
        names = tuple(field.name for field in schema.fields) if schema else ()
        return names or tuple(f"field{number}" for number in range(1, len(first.cells) + 1)), 0
    found = _header_lines(lines, dialect)
    if not found:
        raise _no_header(source, dialect)
    labels = joined([trimmed(line.cells) if source.padded else line.cells for line in found], dialect.header_join)
    if len(labels) > limits.COLUMNS:
        what = _("The header has more than {limit} columns.").format(limit=limits.COLUMNS)
        raise refusal(what, source.place, _("Check the delimiter, or split the table."), found[-1].row)
    return labels, max(dialect.header_rows or (found[-1].row,))


def _header_lines(lines: Iterator[Line], dialect: Dialect) -> list[Line]:
    wanted = dialect.header_rows
    if wanted is None:
        return list(islice((line for line in lines if not dialect.left_out(line.row, list(line.cells))), 1))
    if not wanted:
        return []
    return [
        line for line in islice(lines, wanted[-1]) if line.row in wanted and not dialect.comments(line.row, line.cells)
    ]


def joined(rows: Sequence[Sequence[str]], join: str) -> tuple[str, ...]:
    """The labels of a header of one or more rows, as frictionless joins them.

    A cell equal to the one above it is not repeated.

    >>> joined([["x", "x", "y"], ["a", "x", "b"]], " ")
    ('x a', 'x', 'y b')
    """
    labels: list[str] = []
    above: list[str] = []
    for row in rows:
        for column, cell in enumerate(text.strip() for text in row):
            if column >= len(labels):
                labels.append(cell)
                above.append(cell)
            elif above[column] != cell:
                labels[column] = join.join((labels[column], cell))
                above[column] = cell
    return tuple(labels)


def batches(lines: Iterable[Line], labels: tuple[str, ...], *, padded: bool = False) -> Iterator[Batch]:
    """The lines as batches of about 10,000 rows, fewer where rows are long; misfits travel beside."""
    block = _Block(labels)
    for line in lines:
        block.add(_fitted(line, len(labels)) if padded else line)
        if block.full:
            yield block.batch()
            block = _Block(labels)
    if block.count:
        yield block.batch()


class _Block:
    """Rows on their way into a batch."""

    __slots__ = ("cells", "count", "labels", "misfits", "rows", "size", "width")

    def __init__(self, labels: tuple[str, ...]) -> None:
        self.labels = labels
        self.width = len(labels)
        self.cells: list[Sequence[str]] = []
        self.rows: list[int] = []
        self.misfits: list[Misfit] = []
        self.count = self.size = 0

    def add(self, line: Line) -> None:
        if len(line.cells) == self.width and self.width:
            self.cells.append(line.cells)
            self.rows.append(line.row)
        else:
            self.misfits.append(Misfit(line.row, tuple(line.cells)))
        self.count += 1
        self.size += line.size

    @property
    def full(self) -> bool:
        return self.count >= limits.BATCH_ROWS or self.size >= limits.BATCH_CHARACTERS

    def batch(self) -> Batch:
        import pyarrow as pa

        columns = list(zip(*self.cells, strict=True)) if self.cells else [()] * self.width
        arrays = [pa.array(column, pa.string()) for column in columns]
        records = pa.RecordBatch.from_arrays(arrays, names=list(self.labels))
        return Batch(records, pa.array(self.rows, pa.int64()), tuple(self.misfits))


def _fitted(line: Line, width: int) -> Line:
    cells = trimmed(line.cells)
    if cells and len(cells) < width:
        cells = [*cells, *[""] * (width - len(cells))]
    return line._replace(cells=cells)


def text_schema(labels: Sequence[str]) -> TableSchema:
    """A schema of string fields named by the labels: a blank one by its position, a repeated one with a number.

    >>> [field.name for field in text_schema(["a", "", "a"]).fields]
    ['a', 'field2', 'a2']
    """
    names: list[str] = []
    for position, label in enumerate(labels, start=1):
        name = base = label or f"field{position}"
        number = 1
        while name in names:
            number += 1
            name = f"{base}{number}"
        names.append(name)
    descriptors: list[Json] = [{"name": name, "type": "string"} for name in names]
    pairs = zip(names, descriptors, strict=True)
    fields = tuple(Field(name, "string", "default", AccessLevel.INTERNAL, item) for name, item in pairs)
    return TableSchema(fields, {"fields": descriptors})


def _no_header(source: Source, dialect: Dialect) -> Exception:
    if not dialect.header_rows:
        return empty(source.place)
    what = _("There is no row {row}, where the header is declared to be.").format(row=dialect.header_rows[-1])
    return refusal(what, source.place, _("Correct headerRows in the dialect of the resource."))
