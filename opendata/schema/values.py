"""Columns of text → canonical texts and typed values, each distinct text read once by frictionless's own reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from opendata.model import Block
from opendata.schema.exact import InexactError, exact_value
from opendata.schema.lexical import canonical_text
from opendata.schema.types import arrow_schema, arrow_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import pyarrow as pa

    from opendata.model import Batch, Field, TableSchema

    Column = pa.Array[pa.Scalar[pa.DataType]]
    CellReader = Callable[[str], tuple[object, Mapping[str, str] | None]]


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
class _Read:
    """Cells as read: parallel lists, None where missing or wrong; what cannot be kept, by position."""

    texts: list[str | None]
    values: list[object]
    inexact: dict[int, InexactError]


class BlockReader:
    """Reads batches of a table into blocks of its schema.

    `readers` are frictionless's cell readers, column by column, each with the name of its field. A field
    without a column (as `fieldsMatch` may allow) is missing in each row; a column without a field is left out.
    """

    def __init__(self, schema: TableSchema, readers: Sequence[tuple[str, CellReader]]) -> None:
        """Prepare a reader for each field."""
        import pyarrow as pa

        self._texts = pa.schema([pa.field(field.name, pa.string()) for field in schema.fields])
        self._values = arrow_schema(schema)
        at = {name: position for position, (name, _reader) in enumerate(readers)}
        self._fields = [
            _FieldReader(field, at[field.name], readers[at[field.name]][1]) if field.name in at else _NoColumn(field)
            for field in schema.fields
        ]

    def read(self, batch: Batch) -> tuple[Block, list[Doubt]]:
        """The block, and the cells that it does not hold as they were written. A wrong cell counts as missing."""
        import pyarrow as pa

        doubts: list[Doubt] = []
        columns = [reader.read(batch, doubts) for reader in self._fields]
        texts = pa.RecordBatch.from_arrays([text for text, _value in columns], schema=self._texts)
        values = pa.RecordBatch.from_arrays([value for _text, value in columns], schema=self._values)
        return Block(batch.rows, texts, values), doubts


@dataclass(frozen=True, slots=True)
class _NoColumn:
    """Gives a missing value in each row."""

    field: Field

    def read(self, batch: Batch, _doubts: list[Doubt]) -> tuple[Column, Column]:
        import pyarrow as pa

        absent = [None] * batch.records.num_rows
        return pa.array(absent, pa.string()), pa.array(absent, arrow_type(self.field))


class _FieldReader:
    """Reads the column of one field, each distinct text once."""

    def __init__(self, field: Field, position: int, reader: CellReader) -> None:
        self._field = field
        self._position = position
        self._reader = reader
        self._canonical = canonical_text(field)
        self._exact = exact_value(field)
        self._type = arrow_type(field)

    def read(self, batch: Batch, doubts: list[Doubt]) -> tuple[Column, Column]:
        import pyarrow as pa

        encoded = batch.records.column(self._position).dictionary_encode()
        distinct = cast("list[str]", encoded.dictionary.to_pylist())
        read = self._read(distinct)
        if read.inexact:
            doubts.extend(self._doubts(batch, cast("list[int]", encoded.indices.to_pylist()), distinct, read))
        texts = pa.array(read.texts, pa.string()).take(encoded.indices)
        return texts, pa.array(read.values, self._type).take(encoded.indices)

    def _read(self, cells: Sequence[str]) -> _Read:
        read = _Read([], [], {})
        for position, cell in enumerate(cells):
            value, notes = self._reader(cell)
            text, kept = None, None
            if value is not None and not notes:
                try:
                    kept = self._exact(cell, value)  # first: what is refused here may have no canonical text at all
                    text = self._canonical(cell, value)
                except InexactError as inexact:
                    read.inexact[position] = inexact
            read.texts.append(text)
            read.values.append(kept)
        return read

    def _doubts(self, batch: Batch, indices: Sequence[int], cells: Sequence[str], read: _Read) -> Iterator[Doubt]:
        rows = cast("list[int]", batch.rows.to_pylist())
        for row, index in zip(rows, indices, strict=True):
            if found := read.inexact.get(index):
                yield Doubt(row, self._position + 1, self._field, cells[index], found.reason, found.remedy)
