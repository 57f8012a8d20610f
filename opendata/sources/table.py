"""From a source to a Table: its header by the dialect, then its rows in batches."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import AccessLevel, Field, Table, TableSchema
from opendata.sources import limits
from opendata.sources.batching import batches, content
from opendata.sources.block_reading import BlockReading
from opendata.sources.grid import refusal, trimmed
from opendata.sources.opened import empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from opendata.model import Batch, ForeignKey, Json, Reading
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

    def slowly() -> Iterator[Batch]:
        yield from batches(content(source.lines(), dialect, header_row), labels, padded=source.padded)

    hashed = _in_blocks(source, dialect, labels, header_row)
    return Table(
        name=name,
        place=source.place,
        labels=labels,
        schema=schema or text_schema(labels),
        batches=(lambda: hashed().batches()) if hashed else slowly,
        digest=source.digest,
        keys=keys,
        header_row=header_row,
        hashed=hashed,
    )


def _in_blocks(
    source: Source, dialect: Dialect, labels: tuple[str, ...], header_row: int
) -> Callable[[], Reading] | None:
    """What begins a reading in blocks; None where the source has none."""
    begin = source.blocks
    return begin and (lambda: BlockReading(begin(len(labels), header_row), labels, dialect, header_row))


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
