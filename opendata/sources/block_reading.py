"""One reading of a text source: records that come in blocks and one by one, as batches, ahead of who takes them."""

from __future__ import annotations

import weakref
from functools import reduce
from itertools import groupby
from typing import TYPE_CHECKING, cast

from opendata.model import Batch, Misfit
from opendata.sources.batching import batches, content
from opendata.sources.grid import Line, Parsed
from opendata.sources.running_ahead import ahead

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    import pyarrow as pa

    from opendata.sources.dialect import Dialect
    from opendata.sources.grid import Blocks


class BlockReading:
    """A reading of blocks as the batches of a table: its header and what the dialect leaves out are left out."""

    def __init__(self, blocks: Blocks, labels: tuple[str, ...], dialect: Dialect, header_row: int) -> None:
        """Nothing is read yet."""
        self._blocks = blocks
        self._labels = labels
        self._dialect = dialect
        self._header_row = header_row
        self._running: weakref.ref[Generator[Batch]] | None = None

    def batches(self) -> Generator[Batch]:
        """The rows, once; a large source is read ahead on a helper thread.

        Raises:
            SourceError: the source cannot be read.
        """
        made = ahead(self._made) if self._blocks.large else self._made()
        self._running = weakref.ref(made)
        return made

    def digest(self) -> str:
        """The SHA-256 of what was read; what was not taken yet is read for it, and no batch comes any more.

        Raises:
            SourceError: the source cannot be read.
        """
        if self._running and (running := self._running()):
            running.close()
        return self._blocks.digest()

    def _made(self) -> Generator[Batch]:
        for alone, group in groupby(self._blocks.pieces(), lambda piece: isinstance(piece, Line)):
            if alone:
                yield from batches(
                    content(cast("Iterator[Line]", group), self._dialect, self._header_row), self._labels
                )
            else:
                yield from self._whole(cast("Iterator[Parsed]", group))

    def _whole(self, blocks: Iterator[Parsed]) -> Iterator[Batch]:
        for block in blocks:
            batch = _batch(block, self._labels, self._dialect)
            if batch.records.num_rows or batch.misfits:
                yield batch


def _batch(block: Parsed, labels: tuple[str, ...], dialect: Dialect) -> Batch:
    """A block under the table's labels, without what the dialect leaves out; the null sequence is an empty cell."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = cast("list[pa.StringArray]", block.records.columns)
    if dialect.null:
        columns = [_emptied(column, dialect.null) for column in columns]
    records = pa.RecordBatch.from_arrays(columns, names=list(labels))
    numbers = np.arange(block.row, block.row + block.count, dtype=np.int64)
    fitting = np.delete(numbers, [at for at, _cells in block.misfits]) if block.misfits else numbers
    rows: pa.Int64Array = pa.array(fitting, pa.int64())
    misfits = tuple(_misfits(block, dialect))
    unwanted = _unwanted(columns, rows, dialect)
    if unwanted is None or not pc.any(unwanted).as_py():
        return Batch(records, rows, misfits, block.raw)
    kept = pc.invert(unwanted)
    return Batch(records.filter(kept), rows.filter(kept), misfits)


def _misfits(block: Parsed, dialect: Dialect) -> Iterator[Misfit]:
    for at, told in block.misfits:
        row, cells = block.row + at, tuple("" if cell == dialect.null else cell for cell in told)
        if not dialect.left_out(row, cells):
            yield Misfit(row, cells)


def _emptied(column: pa.StringArray, null: str) -> pa.StringArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    mask = pc.equal(column, pa.scalar(null))
    emptied: pa.StringArray = pc.call_function("if_else", [mask, pa.scalar(""), column])
    return emptied


def _unwanted(columns: list[pa.StringArray], rows: pa.Int64Array, dialect: Dialect) -> pa.BooleanArray | None:
    """The rows that `Dialect.left_out` tells; None where it can tell none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    masks = []
    if dialect.comment_rows:
        masks.append(pc.is_in(rows, pa.array(sorted(dialect.comment_rows), pa.int64())))
    if dialect.comment:
        masks.append(pc.starts_with(columns[0], dialect.comment))
    if dialect.skip_blank:
        masks.append(reduce(pc.and_, [pc.equal(column, pa.scalar("")) for column in columns]))
    return reduce(pc.or_, masks) if masks else None
