"""Tables in memory for the tests of checking and inferring: rows as a CSV reader gives them, misfits beside."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

import pyarrow as pa

from opendata.model import (
    AccessLevel,
    Batch,
    Field,
    ForeignKey,
    Misfit,
    Place,
    Table,
    TableSchema,
    as_list,
    as_object,
    as_text,
    as_texts,
    field_format,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import Block, Json, JsonValue


def field_of(descriptor: Json) -> Field:
    """A field as a descriptor declares it, without any judgement."""
    decimal = [item for item in as_list(descriptor.get("decimal")) if isinstance(item, int)]
    return Field(
        name=str(descriptor["name"]),
        type=as_text(descriptor.get("type")) or "any",
        format=field_format(descriptor),
        level=AccessLevel.OPEN,
        descriptor=descriptor,
        decimal=(decimal[0], decimal[1]) if decimal else None,
        timezone=as_text(descriptor.get("timezone")),
    )


def schema_of(descriptor: Json) -> TableSchema:
    """A schema as a descriptor declares it, without any judgement."""
    return TableSchema(
        fields=tuple(field_of(as_object(item)) for item in as_list(descriptor.get("fields"))),
        descriptor=descriptor,
        primary_key=as_texts(descriptor.get("primaryKey")),
        unique_keys=tuple(as_texts(key) for key in as_list(descriptor.get("uniqueKeys"))),
        foreign_keys=tuple(_key(as_object(key)) for key in as_list(descriptor.get("foreignKeys"))),
    )


def _key(descriptor: Json) -> ForeignKey:
    reference = as_object(descriptor.get("reference"))
    resource = as_text(reference.get("resource")) or ""
    return ForeignKey(as_texts(descriptor.get("fields")), resource, as_texts(reference.get("fields")))


def fields(*types: str, **more: JsonValue) -> TableSchema:
    """A schema of fields a, b, c … of these types."""
    return schema_of({"fields": [{"name": "abcdefgh"[i], "type": kind} for i, kind in enumerate(types)], **more})


def table_of(
    rows: Sequence[Sequence[str]],
    schema: TableSchema,
    *,
    labels: Sequence[str] | None = None,
    size: int = 3,
    keys: Sequence[ForeignKey] = (),
    name: str = "table",
    header_row: int = 1,
) -> Table:
    """A table of these rows, in batches of `size` rows; those of another width than the labels are misfits."""
    header = tuple(labels) if labels is not None else tuple(field.name for field in schema.fields)

    def batches() -> Iterator[Batch]:
        for start in range(0, len(rows), size):
            yield _batch(rows[start : start + size], len(header), start + header_row + 1)

    digest = "sha256:" + hashlib.sha256(repr(rows).encode()).hexdigest()
    return Table(
        name, Place(f"{name}.csv"), header, schema, batches, lambda: digest, keys=tuple(keys), header_row=header_row
    )


def _batch(rows: Sequence[Sequence[str]], width: int, first: int) -> Batch:
    fitting = [(number, row) for number, row in enumerate(rows, start=first) if len(row) == width]
    columns = [pa.array([row[i] for _number, row in fitting], pa.string()) for i in range(width)]
    names = [f"c{i}" for i in range(width)]
    records = pa.RecordBatch.from_arrays(columns, names=names)
    misfits = tuple(Misfit(number, tuple(row)) for number, row in enumerate(rows, start=first) if len(row) != width)
    return Batch(records, pa.array([number for number, _row in fitting], pa.int64()), misfits)


def csv_text(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> str:
    """The same table as a CSV file: every cell quoted, a row without cells as a blank line."""
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(labels)
    writer.writerows(rows)
    return stream.getvalue()


class Collector:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.aborted = 0
        self.sealed = False

    def batch(self, block: Block) -> None:
        self.blocks.append(block)

    def seal(self) -> None:
        self.sealed = True

    def abort(self) -> None:
        self.aborted += 1

    def texts(self, name: str) -> list[str | None]:
        """All texts of a column."""
        return [cell for block in self.blocks for cell in block.texts.column(name).to_pylist()]

    def values(self, name: str) -> list[object]:
        """All values of a column."""
        return [cell for block in self.blocks for cell in block.values.column(name).to_pylist()]
