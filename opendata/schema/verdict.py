"""What frictionless is given: a schema without anything it could open or call, and rows from our stream alone."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from opendata.schema.patterns import safe_batches
from opendata.schema.rows import chosen_rows, numbered_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from frictionless import Dialect, Error, Package
    from frictionless import Schema as Judged
    from frictionless.resources import TableResource

    from opendata.model import Field, ForeignKey, JsonValue, Table, TableSchema
    from opendata.schema.rows import NumberedRow
    from opendata.schema.screen.arrow import Whole

# Its version gates are the descriptor room's matter: both versions of Table Schema are read here.
VERSION: Final = "v2"
READ: Final = (
    *("format", "constraints", "missingValues", "example", "required"),
    *("bareNumber", "decimalChar", "groupChar", "floatNumber", "trueValues", "falseValues"),
    *("arrayItem", "delimiter", "itemType"),
)

Plain = dict[str, object]


def judged_schema(schema: TableSchema, keys: Sequence[tuple[ForeignKey, str]] = ()) -> Judged:
    """The schema as frictionless reads it; `keys` are the foreign keys to be judged, each with its table's name.

    Raises:
        FrictionlessException: frictionless finds the schema invalid.
    """
    import frictionless

    descriptor: Plain = {"fields": [_field(field) for field in schema.fields]}
    descriptor["missingValues"] = _plain(schema.descriptor.get("missingValues", schema.missing_values))
    if "fieldsMatch" in schema.descriptor:
        descriptor["fieldsMatch"] = _plain(schema.fields_match)
    if schema.primary_key:
        descriptor["primaryKey"] = list(schema.primary_key)
    descriptor["foreignKeys"] = [_foreign_key(key, name) for key, name in keys]
    return frictionless.Schema.from_descriptor(descriptor, datapackage_version=VERSION)


def cell_reader(field: Field, *, constrained: bool = True) -> Callable[[str], tuple[object, Mapping[str, str] | None]]:
    """Frictionless's own reader of a field's cells: text → value and notes on what is wrong."""
    import frictionless

    descriptor = _field(field)
    descriptor.pop("required", None)  # misplaced: said of the schema, not of a cell
    if not constrained:
        descriptor.pop("constraints", None)
    reader: Callable[[str], tuple[object, Mapping[str, str] | None]]
    reader = frictionless.Field.from_descriptor(descriptor).create_cell_reader()
    return reader


def judged_resource(
    name: str, table: Table, schema: Judged, rows: Iterator[NumberedRow] | None = None, chosen: Whole | None = None
) -> TableResource:
    """A table as frictionless opens it: the rows of our stream, with their true numbers where `rows` gives them.

    As the target of a key it is read from `table.batches()`, anew each time: only the rows of the numbers `chosen`.
    """
    from frictionless import Detector
    from frictionless.resources import TableResource

    headed, numbered = _dialects()
    dialect = (headed if rows is None else numbered)(header=table.header_row > 0, header_rows=[1])
    vars(dialect).update(_labels=table.labels if table.header_row > 0 else (), _rows=rows)
    resource = TableResource(
        name=name,
        data=functools.partial(_cells, table, chosen),
        dialect=dialect,
        schema=schema,
        detector=Detector(sample_size=1),  # one row, the header: none is read before the one ahead of it was judged
        datapackage_version=VERSION,
    )

    def to_copy() -> TableResource:
        """Another of the same: frictionless's own copy takes blanks off the labels, a second time."""
        return judged_resource(name, table, schema.to_copy(), chosen=chosen)

    vars(resource).update(to_copy=to_copy)
    return resource


def package_of(resources: Sequence[TableResource]) -> Package:
    """The resources as one package in memory, so that keys can point from one to another."""
    from frictionless import Package

    return Package(resources=list(resources))


def empty_source() -> Error:
    """Frictionless's own error for a source without header and rows."""
    from frictionless.errors import SourceError

    return SourceError(note="the source is empty")


@functools.cache
def _dialects() -> tuple[type[Dialect], type[Dialect]]:
    """A dialect with the labels that it was given; and one whose content is given too, the rows with true numbers."""
    from frictionless import Dialect

    class Headed(Dialect):
        _labels: tuple[str, ...]

        def read_labels(self, sample: object) -> list[str]:
            del sample
            return list(self._labels)

    class Numbered(Headed):
        _rows: Iterator[NumberedRow]

        def read_fragment(self, sample: object) -> list[list[object]]:
            del sample
            return []

        def read_enumerated_content_stream(self, cell_stream: object) -> Iterator[NumberedRow]:
            del cell_stream
            return self._rows

    return Headed, Numbered


def _cells(table: Table, chosen: Whole | None) -> Iterator[list[str]]:
    if table.header_row > 0:
        yield list(table.labels)
    for batch in safe_batches(table):
        for _number, cells in numbered_rows(batch if chosen is None else chosen_rows(batch, chosen)):
            yield cells


def _field(field: Field) -> Plain:
    descriptor = {key: _plain(field.descriptor[key]) for key in READ if key in field.descriptor}
    if field.decimal is not None:  # exact decimals are wanted: a double on the way there would lose them
        descriptor.pop("floatNumber", None)
    if field.missing_values is not None:
        descriptor.setdefault("missingValues", list(field.missing_values))
    return {**descriptor, "name": field.name, "type": field.type}


def _plain(value: JsonValue) -> object:
    """The value in dicts and lists of its own, which frictionless may change as it likes."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item) for item in value]
    return value


def _foreign_key(key: ForeignKey, resource: str) -> Plain:
    return {"fields": list(key.fields), "reference": {"resource": resource, "fields": list(key.reference_fields)}}
