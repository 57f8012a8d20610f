"""All that is written of one published table: its CSV, its Parquet and its statistics, in one pass."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.model import Block
from opendata.package.csv_sink import CsvSink
from opendata.package.parquet_sink import ParquetSink
from opendata.package.published import PublishedCells
from opendata.package.sorting import SortingSink
from opendata.package.tally import TallySink

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from opendata.model import Cut, Json, Sink
    from opendata.package.written import Written


@dataclass(frozen=True, slots=True)
class TableFiles:
    """A published table, written: `csv` and `parquet` hold the same rows; statistics by field name."""

    csv: Written
    parquet: Written
    rows: int
    statistics: Json


class Outlet:
    """A sink that lets the published columns through, in the cut's order, to all that is made of them.

    The rows are sorted where the cut says so. Nothing of another column reaches a file.
    """

    def __init__(self, cut: Cut, schema: pa.Schema, folder: Path, stem: str) -> None:
        """Make `folder`/`stem`.csv and .parquet. `schema` has the published columns alone."""
        self._fields = cut.fields
        with contextlib.ExitStack() as undo:
            self._csv = CsvSink(folder / f"{stem}.csv", cut.fields)
            undo.callback(self._csv.abort)
            self._parquet = ParquetSink(folder / f"{stem}.parquet", schema)
            undo.pop_all()
        self._tally = TallySink(cut.fields)
        writers = Several((self._csv, self._parquet, self._tally))
        ordered: Sink = SortingSink(writers, cut.resource.name) if cut.sorted else writers
        self._inner = PublishedCells(ordered, cut.resource)

    def batch(self, block: Block) -> None:
        """Pass on the published columns."""
        fields = list(self._fields)
        raw = block.raw if fields == block.texts.schema.names else None
        self._inner.batch(Block(block.rows, block.texts.select(fields), block.values.select(fields), raw))

    def seal(self) -> None:
        """Finish the files; `files` tells what they are."""
        self._inner.seal()

    def abort(self) -> None:
        """Remove the files."""
        self._inner.abort()

    def files(self) -> TableFiles:
        """What was written, once sealed."""
        csv, parquet = self._csv.file, self._parquet.file
        if csv is None or parquet is None:
            message = "files() before seal()"
            raise RuntimeError(message)
        return TableFiles(csv, parquet, self._tally.rows, self._tally.statistics())


class Several:
    """One sink that is several: each gets every block."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        """Feed `sinks` in their order."""
        self._sinks = tuple(sinks)

    def batch(self, block: Block) -> None:
        """Hand the block to each."""
        for sink in self._sinks:
            sink.batch(block)

    def seal(self) -> None:
        """Seal each."""
        for sink in self._sinks:
            sink.seal()

    def abort(self) -> None:
        """Abort each, also where one fails at it."""
        with contextlib.ExitStack() as stack:
            for sink in self._sinks:
                stack.callback(sink.abort)
