"""Lines as batches of text columns, misfits beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model import Batch, Misfit
from opendata.sources import limits
from opendata.sources.grid import trimmed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opendata.sources.dialect import Dialect
    from opendata.sources.grid import Line


def content(lines: Iterable[Line], dialect: Dialect, header_row: int) -> Iterator[Line]:
    """The lines below the header that the dialect does not leave out."""
    below = (line for line in lines if line.row > header_row)
    return (line for line in below if not dialect.left_out(line.row, list(line.cells)))


def batches(lines: Iterable[Line], labels: tuple[str, ...], *, padded: bool = False) -> Iterator[Batch]:
    """The lines as batches of about 10,000 rows, fewer where rows are long; misfits travel beside."""
    block = _Block(labels)
    for line in lines:
        block.add(_fitted(line, len(labels)) if padded else line)
        if block.full:
            yield block.batch()
            block = _Block(labels)
    if block.count:
        yield block.batch()


class _Block:
    """Rows on their way into a batch."""

    __slots__ = ("cells", "count", "labels", "misfits", "rows", "size", "width")

    def __init__(self, labels: tuple[str, ...]) -> None:
        self.labels = labels
        self.width = len(labels)
        self.cells: list[Sequence[str]] = []
        self.rows: list[int] = []
        self.misfits: list[Misfit] = []
        self.count = self.size = 0

    def add(self, line: Line) -> None:
        if len(line.cells) == self.width and self.width:
            self.cells.append(line.cells)
            self.rows.append(line.row)
        else:
            self.misfits.append(Misfit(line.row, tuple(line.cells)))
        self.count += 1
        self.size += line.size

    @property
    def full(self) -> bool:
        return self.count >= limits.BATCH_ROWS or self.size >= limits.BATCH_CHARACTERS

    def batch(self) -> Batch:
        import pyarrow as pa

        columns = list(zip(*self.cells, strict=True)) if self.cells else [()] * self.width
        arrays = [pa.array(column, pa.string()) for column in columns]
        records = pa.RecordBatch.from_arrays(arrays, names=list(self.labels))
        return Batch(records, pa.array(self.rows, pa.int64()), tuple(self.misfits))


def _fitted(line: Line, width: int) -> Line:
    cells = trimmed(line.cells)
    if cells and len(cells) < width:
        cells = [*cells, *[""] * (width - len(cells))]
    return line._replace(cells=cells)
