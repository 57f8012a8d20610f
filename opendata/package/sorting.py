"""The rows of an edition with a withheld column, in an order that tells nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.errors import DataError
from opendata.messages import _
from opendata.model import Block

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from opendata.model import Sink

LIMIT = 5_000_000
SLICE_ROWS = 1 << 16


class SortingSink:
    """Holds all blocks in memory and, when sealed, hands them on sorted by all their columns in order.

    By typed value, a missing one first; rows of equal values are ordered by their texts.

    Raises:
        DataError: more rows than `limit`.
    """

    def __init__(self, inner: Sink, name: str, limit: int = LIMIT) -> None:
        """Sort for `inner`; `name` is the table's, for the error."""
        self._inner = inner
        self._name = name
        self._limit = limit
        self._rows = 0
        self._texts: list[pa.RecordBatch] = []
        self._values: list[pa.RecordBatch] = []

    def batch(self, block: Block) -> None:
        """Keep the block."""
        self._rows += block.texts.num_rows
        if self._rows > self._limit:
            raise _too_long(self._name, self._limit)
        self._texts.append(block.texts)
        self._values.append(block.values)

    def seal(self) -> None:
        """Sort, hand everything on, and seal the inner sink."""
        for block in self._sorted():
            self._inner.batch(block)
        self._forget()
        self._inner.seal()

    def abort(self) -> None:
        """Forget the rows, and abort the inner sink."""
        self._forget()
        self._inner.abort()

    def _forget(self) -> None:
        self._texts, self._values = [], []

    def _sorted(self) -> Iterator[Block]:
        import pyarrow as pa

        if not self._rows:
            return
        texts, values = pa.Table.from_batches(self._texts), pa.Table.from_batches(self._values)
        wide_texts, wide_values = _wide(texts), _wide(values)
        order = _order(wide_texts, wide_values)
        for start in range(0, self._rows, SLICE_ROWS):
            part = order.slice(start, SLICE_ROWS)
            rows = pa.array(range(start + 1, start + 1 + len(part)), pa.int64())
            yield Block(rows, _taken(wide_texts, part, texts.schema), _taken(wide_values, part, values.schema))


def _order(texts: pa.Table, values: pa.Table) -> pa.UInt64Array:
    """A missing value comes first by a column of its own: pyarrow's option for it changed between versions."""
    import pyarrow as pa
    import pyarrow.compute as pc

    columns: list[pa.ChunkedArray[pa.Scalar[pa.DataType]]] = []
    for column in (*values.columns, *texts.columns):
        columns += [column.is_valid(), column] if column.null_count else [column]
    names = [str(position) for position in range(len(columns))]
    keys = pa.Table.from_arrays(columns, names=names)
    return pc.sort_indices(keys, sort_keys=[(name, "ascending") for name in names])


def _taken(table: pa.Table, order: pa.UInt64Array, schema: pa.Schema) -> pa.RecordBatch:
    part = table.take(order).cast(schema).combine_chunks()
    return part.to_batches()[0]


def _wide(table: pa.Table) -> pa.Table:
    """The same table with 64-bit offsets, which hold more than 2 GB of text."""
    import pyarrow as pa

    fields = [field.with_type(pa.large_string()) if field.type == pa.string() else field for field in table.schema]
    return table.cast(pa.schema(fields))


def _too_long(name: str, limit: int) -> DataError:
    what = _("The table has more than {limit} rows, too many to hide the order of a withheld column.")
    remedy = _("Split the table by year or by district into several resources, or remove the withheld column from it.")
    return DataError(what.format(limit=limit), name, remedy)
