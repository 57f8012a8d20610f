"""The rows of a batch one by one, those that fit the header and those that do not, in the source's order."""

from __future__ import annotations

import heapq
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from opendata.model import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.schema.screen.arrow import Whole

NumberedRow: TypeAlias = "tuple[int, list[str]]"

# Rows turned into Python's own strings at once.
_AT_ONCE = 1024


def numbered_rows(batch: Batch) -> Iterator[NumberedRow]:
    """The rows of a batch with their true numbers, the misfits in their places."""
    misfits = ((misfit.row, list(misfit.cells)) for misfit in batch.misfits)
    return heapq.merge(_fitting(batch), misfits, key=itemgetter(0))


def _fitting(batch: Batch) -> Iterator[NumberedRow]:
    for start in range(0, batch.records.num_rows, _AT_ONCE):
        piece = batch.records.slice(start, _AT_ONCE)
        columns = [column.to_pylist() for column in piece.columns]
        numbers = batch.rows.slice(start, _AT_ONCE).to_pylist()
        yield from zip(numbers, map(list, zip(*columns, strict=True)), strict=True)


def chosen_rows(batch: Batch, wanted: Whole) -> Batch:
    """Those rows of a batch that have one of these numbers, misfits too."""
    import numpy as np
    import pyarrow as pa

    mask = pa.array(np.isin(batch.rows.to_numpy(), wanted))
    among = np.isin([misfit.row for misfit in batch.misfits], wanted)
    misfits = tuple(misfit for misfit, is_wanted in zip(batch.misfits, among, strict=True) if is_wanted)
    return Batch(batch.records.filter(mask), batch.rows.filter(mask), misfits)
