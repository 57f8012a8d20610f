"""A schema from a clean table of text: a type only where every cell fits, and a note on whatever was guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from opendata.messages import _
from opendata.model import AccessLevel, Field, TableSchema, as_text, as_texts, field_format
from opendata.schema.columns import Column
from opendata.schema.guessing import guess
from opendata.schema.keyguess import guess_key
from opendata.schema.naming import field_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Batch, Json, Table
    from opendata.schema.guessing import Guess


@dataclass(frozen=True, slots=True)
class Inferred:
    """A schema as guessed, its fields in the order of the table's labels, and notes in the user's language.

    The names of the fields are folded from the labels, so that the table has to be written anew under them.
    """

    schema: TableSchema
    notes: tuple[str, ...]


def infer(table: Table) -> Inferred:
    """Guess the schema of a clean table from all of its cells; memory does not grow with the rows.

    The whole table is read once for the types, and up to three times more for the key.

    Raises:
        SourceError: the source could not be read.
    """
    columns = [Column(label) for label in table.labels]
    misfits: list[int] = []
    rows = 0
    for batch in table.batches():
        rows += batch.records.num_rows
        misfits.extend(misfit.row for misfit in batch.misfits[: 1 - len(misfits)])
        _see(batch, columns)
    names = field_names(table.labels)
    guesses = [guess(column, name) for column, name in zip(columns, names, strict=True)]
    notes = [note for guessed in guesses for note in guessed.notes]
    if misfits:
        told = _("Some rows do not fit the header, the first is row {row}; they were left out of account.")
        notes.insert(0, told.format(row=misfits[0]))
    if not rows:
        return Inferred(_schema(guesses, ()), (*notes, _("The table has no rows, so nothing is known of its columns.")))
    key, note = guess_key(table, columns, guesses)
    return Inferred(_schema(guesses, tuple(names[place] for place in key)), (*notes, note))


def _see(batch: Batch, columns: Sequence[Column]) -> None:
    import pyarrow.compute as pc

    for position, column in enumerate(columns):
        cells = batch.records.column(position)
        counted = pc.value_counts(cells)
        texts = cast("list[str]", counted.field("values").to_pylist())
        counts = cast("list[int]", counted.field("counts").to_pylist())

        def row_of(cell: str, position: int = position) -> int:
            first = pc.index(batch.records.column(position), cell).as_py()
            return cast("int", batch.rows.to_pylist()[first])

        column.see(zip(texts, counts, strict=True), row_of)


def _schema(guesses: Sequence[Guess], key: tuple[str, ...]) -> TableSchema:
    descriptor: Json = {
        "fields": [guessed.descriptor for guessed in guesses],
        **({"primaryKey": list(key)} if key else {}),
    }
    return TableSchema(tuple(_field(guessed.descriptor) for guessed in guesses), descriptor, primary_key=key)


def _field(descriptor: Json) -> Field:
    return Field(
        name=str(descriptor["name"]),
        type=str(descriptor["type"]),
        format=field_format(descriptor),
        level=AccessLevel.INTERNAL,
        descriptor=descriptor,
        missing_values=as_texts(descriptor.get("missingValues")) or None,
        timezone=as_text(descriptor.get("timezone")),
    )
