"""The rows of a batch one by one, those that fit the header and those that do not, in the source's order."""

from __future__ import annotations

import heapq
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Batch

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
