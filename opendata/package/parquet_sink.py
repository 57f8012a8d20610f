"""Parquet as we publish it: zstd, row groups of one size whatever the blocks were, no time of writing."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

from opendata.package.written import DigestingFile

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from opendata.model import Block
    from opendata.package.written import Written

GROUP_ROWS = 1 << 17
"""Rows in a row group: the bytes must not tell how the source was cut into blocks."""


class ParquetSink:
    """Writes the values of clean blocks into one Parquet file of the given schema."""

    def __init__(self, path: Path, schema: pa.Schema, group_rows: int = GROUP_ROWS) -> None:
        """Make the file. `schema` carries the metadata that goes into it."""
        import pyarrow.parquet as pq

        self.file: Written | None = None
        self._schema = schema
        self._group_rows = group_rows
        self._waiting: list[pa.RecordBatch] = []
        self._out = DigestingFile(path)
        self._writer = pq.ParquetWriter(cast("IO[bytes]", self._out), schema, compression="zstd")

    def batch(self, block: Block) -> None:
        """Keep the block's values until a row group is full."""
        import pyarrow as pa

        self._waiting.append(pa.RecordBatch.from_arrays(block.values.columns, schema=self._schema))
        if self._rows >= self._group_rows:
            self._write_groups()

    def seal(self) -> None:
        """Write what waits and close the file; `file` tells what it is."""
        self._write_groups(last=True)
        self._writer.close()
        self.file = self._out.finish()

    def abort(self) -> None:
        """Remove the file."""
        self.file = None
        self._waiting.clear()
        self._out.drop()
        self._writer.close()

    @property
    def _rows(self) -> int:
        return sum(batch.num_rows for batch in self._waiting)

    def _write_groups(self, *, last: bool = False) -> None:
        import pyarrow as pa

        table = pa.Table.from_batches(self._waiting, self._schema)
        whole = table.num_rows if last else table.num_rows - table.num_rows % self._group_rows
        for start in range(0, whole, self._group_rows):
            group = table.slice(start, min(self._group_rows, whole - start))
            self._writer.write_table(group, row_group_size=self._group_rows)
        self._waiting = table.slice(whole).to_batches()
