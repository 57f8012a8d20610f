"""Cells that would take endless time to compare with a pattern, found before frictionless compares them."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, cast

from opendata.errors import SourceError
from opendata.messages import _
from opendata.model import Finding, Place, as_object, as_text
from opendata.schema.ways import LONGEST, longest_cell
from opendata.schema.wording import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from opendata.model import Batch, Field, Reading, Table

CODE = "pattern-unsafe"
BARE_NUMBER = 10_000
"""The longest cell of a number that may stand among other letters: frictionless looks for it with a pattern."""


def pattern_faults(table: Table) -> Iterator[Finding]:
    """The fields whose pattern is safe for no cell."""
    for field in table.schema.fields:
        for pattern in _patterns(field):
            if not longest_cell(pattern):
                message = _("The pattern of {field} can take endless time to compare with a cell: {pattern}")
                remedy = _("Let nothing be repeated that is itself repeated: write a+ where the pattern has (a+)+.")
                place = Place(table.place.path, table.place.sheet, field=field.name)
                yield Finding(CODE, place, message.format(field=named(field), pattern=pattern[:100]), remedy, pattern)


def safe_batches(table: Table, reading: Reading | None = None) -> Generator[Batch]:
    """The batches of a table, or of this reading of it, as long as no cell is too long for its pattern.

    Raises:
        SourceError: one is.
    """
    limits = _limits(table)
    batches = (reading or table).batches()
    try:
        for batch in batches:
            if limits:
                _judge(batch, table, limits)
            yield batch
    finally:  # at once, whoever still holds it: a file is open, and a thread reads ahead
        if isinstance(batches, Generator):
            batches.close()


def _patterns(field: Field) -> list[str]:
    """The patterns that the cells of a field, or the parts of its cells, are compared with."""
    told = (field.descriptor, as_object(field.descriptor.get("arrayItem")))
    found = (as_text(as_object(part.get("constraints")).get("pattern")) for part in told)
    return [pattern for pattern in found if pattern is not None]


def _longest(field: Field) -> int:
    bare = LONGEST if field.descriptor.get("bareNumber", True) else BARE_NUMBER
    return min([bare, *map(longest_cell, _patterns(field))])


def _limits(table: Table) -> dict[int, tuple[Field, int]]:
    """By column from 0: its field, and how long a cell may be."""
    limited = {field.name: (field, limit) for field in table.schema.fields if (limit := _longest(field)) < LONGEST}
    in_order = table.schema.fields_match == "exact" or table.header_row == 0
    names = [field.name for field in table.schema.fields] if in_order else table.labels
    return {at: limited[name] for at, name in enumerate(names[: len(table.labels)]) if name in limited}


def _judge(batch: Batch, table: Table, limits: dict[int, tuple[Field, int]]) -> None:
    import pyarrow.compute as pc

    for column, (field, limit) in limits.items():
        for misfit in batch.misfits:
            if any(len(cell) > limit for cell in misfit.cells[column : column + 1]):
                raise _too_long(table, field, misfit.row, limit)
        lengths = pc.utf8_length(cast("pa.StringArray", batch.records.column(column)))
        if (pc.max(lengths).as_py() or 0) > limit:
            row = next(row for row, length in zip(batch.rows, lengths, strict=True) if length.as_py() > limit)
            raise _too_long(table, field, row.as_py(), limit)


def _too_long(table: Table, field: Field, row: int, limit: int) -> SourceError:
    what = _("A cell of {field} is longer than {limit} characters: too long to be compared with what the schema asks.")
    remedy = _("Shorten the text, or write the pattern of the field with fewer repeats.")
    where = ", ".join((table.place.path or table.name, _("row {row}").format(row=row)))
    return SourceError(what.format(limit=limit, field=named(field)), where, remedy)
