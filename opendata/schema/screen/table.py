"""A batch of a table on its screen: the block of its values, the rows that frictionless has to judge, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from opendata.model import AccessLevel, Block, Field
from opendata.schema.screen.column import ColumnScreen, absent
from opendata.schema.types import arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

    from opendata.model import Batch, Misfit, TableSchema
    from opendata.schema.screen.adjudged import JudgedField
    from opendata.schema.screen.arrow import Mask, Whole
    from opendata.schema.screen.column import Read
    from opendata.schema.screen.proof import Column

    Columns = Mapping[str, Column]

# Kept as text, of which two may stand for one value: P7D and P1W.
_UNLIKE_TEXT = frozenset({"duration", "geopoint", "geojson", "object", "array", "list"})


class JudgedColumn(Protocol):
    """The field of a column as frictionless has it, and the texts that stand for a missing value in it."""

    @property
    def name(self) -> str:
        """The field's name."""
        ...

    @property
    def field(self) -> JudgedField:
        """The field."""
        ...

    @property
    def missing(self) -> tuple[str, ...]:
        """Compared letter by letter."""
        ...


@dataclass(frozen=True, slots=True)
class Doubt:
    """A cell that its Arrow type would change. `column` from 1, as in the source."""

    row: int
    column: int
    field: Field
    cell: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Values:
    """The values of some rows by field, as keys compare them. `odd`: the fields of which not all is held."""

    rows: Whole
    columns: Columns
    odd: frozenset[str]


@dataclass(frozen=True, slots=True)
class Screened:
    """A batch after the screen. `suspects`: the numbers of the rows that hold something wrong; all others are clean."""

    block: Block
    suspects: Whole
    doubts: tuple[Doubt, ...]
    values: tuple[Values, ...]
    adjudged: Mapping[str, int]


class TableScreen:
    """Screens the batches of a table whose header is sound.

    `columns` are the fields that frictionless expects, column by column.
    """

    def __init__(self, schema: TableSchema, columns: Sequence[JudgedColumn]) -> None:
        """Prepare a screen for each column that has a field."""
        import pyarrow as pa

        known = {field.name: field for field in schema.fields}
        self._screens = [
            ColumnScreen(known.get(column.name) or _of_any(column.name), column.field, column.missing)
            for column in columns
        ]
        self._fields = schema.fields
        self._texts = pa.schema([pa.field(field.name, pa.string()) for field in schema.fields])
        self._values = arrow_schema(schema)

    def read(self, batch: Batch) -> Screened:
        """Screen one batch."""
        import numpy as np

        rows: Whole = batch.rows.to_numpy()
        reads = self._reads(cast("list[pa.StringArray]", batch.records.columns))
        misfits = np.array([misfit.row for misfit in batch.misfits], np.int64)
        suspects = rows[_wrong_rows(reads, len(rows))]
        values = [_values(rows, self._screens, reads)]
        if batch.misfits:
            values.append(_values(misfits, self._screens, self._reads(_padded(batch.misfits, len(self._screens)))))
            suspects = np.sort(np.concatenate([suspects, misfits]))
        return Screened(
            self._block(batch, reads),
            suspects,
            tuple(self._doubts(batch, reads)),
            tuple(values),
            {screen.field.name: read.adjudged for screen, read in zip(self._screens, reads, strict=True)},
        )

    def _reads(self, columns: Sequence[pa.StringArray]) -> list[Read]:
        return [screen.read(column) for screen, column in zip(self._screens, columns, strict=False)]

    def _block(self, batch: Batch, reads: Sequence[Read]) -> Block:
        import pyarrow as pa

        found = {screen.field.name: read for screen, read in zip(self._screens, reads, strict=True)}
        rows = batch.records.num_rows
        columns = [found.get(field.name) or absent(rows, field) for field in self._fields]
        texts = pa.RecordBatch.from_arrays([column.texts for column in columns], schema=self._texts)
        values = pa.RecordBatch.from_arrays([column.values for column in columns], schema=self._values)
        kept = list(found) == [field.name for field in self._fields] and all(read.kept for read in reads)
        return Block(batch.rows, texts, values, batch.raw if kept else None)

    def _doubts(self, batch: Batch, reads: Sequence[Read]) -> Iterator[Doubt]:
        for position, (screen, read) in enumerate(zip(self._screens, reads, strict=True)):
            for at, fault in read.inexact:
                cell = str(batch.records.column(position)[at].as_py())
                row = batch.rows[at].as_py() or 0
                yield Doubt(row, position + 1, screen.field, cell, fault.reason, fault.remedy)


def _of_any(name: str) -> Field:
    """A column without a field, where `fieldsMatch` allows it: frictionless takes it for one of any type."""
    return Field(name, "any", "default", AccessLevel.INTERNAL, {"name": name, "type": "any"})


def _wrong_rows(reads: Sequence[Read], rows: int) -> Mask:
    """The rows with a wrong cell, and those that are blank: each cell missing."""
    import numpy as np

    wrong = np.zeros(rows, np.bool_)
    for read in reads:
        if read.wrong is not None:
            wrong |= read.wrong
    missing = [read.missing for read in reads if read.missing is not None]
    if reads and len(missing) == len(reads):
        wrong |= np.logical_and.reduce(missing)
    return wrong


def _values(rows: Whole, screens: Sequence[ColumnScreen], reads: Sequence[Read]) -> Values:
    pairs = list(zip(screens, reads, strict=True))
    columns = {screen.field.name: read.values for screen, read in pairs}
    odd = (screen.field.name for screen, read in pairs if read.odd or screen.field.type in _UNLIKE_TEXT)
    return Values(rows, columns, frozenset(odd))


def _padded(misfits: Sequence[Misfit], width: int) -> list[pa.StringArray]:
    """The cells of the misfits by column, as far as there are columns; a cell that is not there is null."""
    import pyarrow as pa

    rows = [[*misfit.cells[:width], *[None] * (width - len(misfit.cells))] for misfit in misfits]
    return [pa.array([row[column] for row in rows], pa.string()) for column in range(width)]
