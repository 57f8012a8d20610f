"""Cells that would take endless time to compare with a pattern, found before frictionless compares them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from opendata.errors import SourceError
from opendata.messages import _
from opendata.model import Finding, Place, as_object, as_text
from opendata.schema.ways import LONGEST, longest_cell
from opendata.schema.wording import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Batch, Field, Table

CODE = "pattern-unsafe"


def pattern_faults(table: Table) -> Iterator[Finding]:
    """The fields whose pattern is safe for no cell."""
    for field in table.schema.fields:
        pattern = _pattern(field)
        if pattern is not None and not longest_cell(pattern):
            message = _("The pattern of {field} can take endless time to compare with a cell: {pattern}")
            remedy = _("Let nothing be repeated that is itself repeated: write a+ where the pattern has (a+)+.")
            place = Place(table.place.path, table.place.sheet, field=field.name)
            yield Finding(CODE, place, message.format(field=named(field), pattern=pattern[:100]), remedy, pattern)


def safe_batches(table: Table) -> Iterator[Batch]:
    """The batches of a table, as long as no cell is too long for its pattern.

    Raises:
        SourceError: one is.
    """
    limits = _limits(table)
    for batch in table.batches():
        if limits:
            _judge(batch, table, limits)
        yield batch


def _pattern(field: Field) -> str | None:
    return as_text(as_object(field.descriptor.get("constraints")).get("pattern"))


def _limits(table: Table) -> dict[int, tuple[Field, int]]:
    """By column from 0: its field, and how long a cell may be. Where columns cannot be told, each has the shortest."""
    found = [(field, longest_cell(pattern)) for field in table.schema.fields if (pattern := _pattern(field))]
    found = [(field, limit) for field, limit in found if limit < LONGEST]
    if not found:
        return {}
    names = [field.name for field in table.schema.fields]
    if list(table.labels) == names:
        return {names.index(field.name): (field, limit) for field, limit in found}
    return dict.fromkeys(range(len(table.labels)), min(found, key=lambda item: item[1]))


def _judge(batch: Batch, table: Table, limits: dict[int, tuple[Field, int]]) -> None:
    import pyarrow.compute as pc

    for column, (field, limit) in limits.items():
        lengths = pc.utf8_length(batch.records.column(column))
        if batch.records.num_rows and (pc.max(lengths).as_py() or 0) > limit:
            position = cast("int", pc.index(pc.greater(lengths, limit), value=True).as_py())
            raise _too_long(table, field, cast("int", batch.rows[position].as_py()), limit)
    field, limit = min(limits.values(), key=lambda item: item[1])
    for misfit in batch.misfits:
        if any(len(cell) > limit for cell in misfit.cells):
            raise _too_long(table, field, misfit.row, limit)


def _too_long(table: Table, field: Field, row: int, limit: int) -> SourceError:
    what = _("A cell is longer than {limit} characters, too long to be compared with the pattern of {field}.")
    remedy = _("Shorten the text, or write the pattern with fewer repeats.")
    where = _("{file}, row {row}").format(file=table.place.path or table.name, row=row)
    return SourceError(what.format(limit=limit, field=named(field)), where, remedy)


__all__ = ["CODE", "pattern_faults", "replace", "safe_batches"]
