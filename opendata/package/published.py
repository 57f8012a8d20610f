"""Cells as a published CSV can hold them: there an empty text is a missing value, and a row without any is no row."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, cast

from opendata.errors import DataError
from opendata.messages import _
from opendata.model import Block, as_object

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pyarrow as pa

    from opendata.model import Resource, Sink, TableSchema


class PublishedCells:
    """Makes empty texts missing values before the inner sink sees them, so that CSV and Parquet agree.

    Raises:
        DataError: that leaves a required cell empty, or a row without any published value.
    """

    def __init__(self, inner: Sink, resource: Resource) -> None:
        """Feed `inner`; the resource tells which fields are required."""
        self._inner = inner
        self._name = resource.name
        self._required = required(resource.schema) if resource.schema else frozenset()

    def batch(self, block: Block) -> None:
        """Hand on the block with its empty texts as missing values."""
        steady = _emptied(block)
        self._refuse_blank(steady)
        self._refuse_empty(steady)
        self._inner.batch(steady)

    def seal(self) -> None:
        """Seal the inner sink."""
        self._inner.seal()

    def abort(self) -> None:
        """Abort the inner sink."""
        self._inner.abort()

    def _refuse_blank(self, block: Block) -> None:
        import pyarrow.compute as pc

        columns = block.texts.columns
        if not all(column.null_count for column in columns):
            return
        blank = reduce(pc.and_, [column.is_null() for column in columns])
        if pc.any(blank).as_py():
            what = _("Row {row} of the table {table} has no value in any published column.")
            remedy = _("Remove such rows, or publish one more column, such as a code that every row has.")
            raise DataError(what.format(row=_first(block, blank), table=self._name), self._name, remedy)

    def _refuse_empty(self, block: Block) -> None:
        for name, column in zip(block.texts.schema.names, block.texts.columns, strict=True):
            if name in self._required and column.null_count:
                what = _("Row {row} of the table {table} has an empty text in the required field {field}.")
                remedy = _("Write a value there; in a published CSV an empty text is a missing value.")
                row = _first(block, column.is_null())
                raise DataError(what.format(row=row, table=self._name, field=name), self._name, remedy)


def required(schema: TableSchema) -> Collection[str]:
    """The names of the fields that must have a value in each row: required ones and those of the primary key."""
    named = {field.name for field in schema.fields if as_object(field.descriptor.get("constraints")).get("required")}
    return frozenset(named | set(schema.primary_key))


def _emptied(block: Block) -> Block:
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = cast("list[pa.StringArray]", block.texts.columns)
    empty = [pc.equal(pc.binary_length(column), pa.scalar(0, pa.int32())) for column in texts]
    if not any(pc.any(mask).as_py() for mask in empty):
        return block
    return Block(block.rows, _without(block.texts, empty), _without(block.values, empty))


def _without(batch: pa.RecordBatch, empty: Sequence[pa.BooleanArray]) -> pa.RecordBatch:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = [
        pc.if_else(mask, pa.scalar(None, column.type), column)
        for column, mask in zip(batch.columns, empty, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _first(block: Block, mask: pa.BooleanArray) -> int:
    row: int = block.rows.filter(mask)[0].as_py()
    return row
