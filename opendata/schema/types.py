"""The one table of types: Table Schema field → Arrow type → DataStore type, from declarations, never from data.

A `datetime` is naive unless its declaration says otherwise: a `timezone`, or a format that carries an offset
(`%z`, kept as UTC). A cell with an offset in a field declared without one is found by `check` (`inexact-value`),
since a naive type would lose it; the remedy is to declare the field's `timezone`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.model import as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from opendata.model import Field, TableSchema

DESCRIBED = ("title", "description", "unit")


@dataclass(frozen=True, slots=True)
class _Storage:
    """How a Table Schema type is stored: as Arrow, and as a PostgreSQL type of CKAN's DataStore."""

    arrow: Callable[[Field], pa.DataType]
    datastore: Callable[[Field], str]


def zone(field: Field) -> str | None:
    """The time zone in which a datetime field's moments are stored; None where they are naive.

    >>> from opendata.model import AccessLevel, Field
    >>> zone(Field("t", "datetime", "%Y%m%d%H%M%S%z", AccessLevel.OPEN, {}))
    'UTC'
    """
    if field.timezone:
        return field.timezone
    return "UTC" if "%z" in field.format else None


def is_float(field: Field) -> bool:
    """True where frictionless reads a double; of any other number it reads the decimal that is written."""
    return bool(field.descriptor.get("floatNumber")) and field.decimal is None


def arrow_type(field: Field) -> pa.DataType:
    """The Arrow type that a field's values are kept in; text for a type that has none of its own.

    >>> from opendata.model import AccessLevel, Field
    >>> arrow_type(Field("a", "number", "default", AccessLevel.OPEN, {}, decimal=(12, 2)))
    Decimal128Type(decimal128(12, 2))
    """
    return _storage(field).arrow(field)


def datastore_type(field: Field) -> str:
    """The type of a field in CKAN's DataStore, a PostgreSQL name.

    >>> from opendata.model import AccessLevel, Field
    >>> datastore_type(Field("year", "year", "default", AccessLevel.OPEN, {}))
    'int4'
    """
    return _storage(field).datastore(field)


def arrow_schema(schema: TableSchema) -> pa.Schema:
    """The Arrow schema of a table; title, description and unit of each field as its metadata."""
    import pyarrow as pa

    return pa.schema([pa.field(field.name, arrow_type(field), metadata=_described(field)) for field in schema.fields])


def _described(field: Field) -> dict[str, str] | None:
    texts = {key: text for key in DESCRIBED if (text := as_text(field.descriptor.get(key)))}
    return texts or None


def _storage(field: Field) -> _Storage:
    return _TABLE.get(field.type, _TEXT)


def _string(_field: Field) -> pa.DataType:
    import pyarrow as pa

    return pa.string()


def _integer(_field: Field) -> pa.DataType:
    import pyarrow as pa

    return pa.int64()


def _number(field: Field) -> pa.DataType:
    import pyarrow as pa

    return pa.decimal128(*field.decimal) if field.decimal else pa.float64()


def _boolean(_field: Field) -> pa.DataType:
    import pyarrow as pa

    return pa.bool_()


def _date(_field: Field) -> pa.DataType:
    import pyarrow as pa

    return pa.date32()


def _time(_field: Field) -> pa.DataType:
    import pyarrow as pa

    return pa.time64("us")


def _datetime(field: Field) -> pa.DataType:
    import pyarrow as pa

    return pa.timestamp("us", tz=zone(field))


def _year(_field: Field) -> pa.DataType:
    import pyarrow as pa

    return pa.int32()


_TEXT = _Storage(_string, lambda _field: "text")

# Every other type (yearmonth, duration, geopoint, geojson, object, array, list, any) is text in its lexical form.
_TABLE = {
    "string": _TEXT,
    "integer": _Storage(_integer, lambda _field: "int8"),
    "number": _Storage(_number, lambda field: "numeric" if field.decimal else "float8"),
    "boolean": _Storage(_boolean, lambda _field: "bool"),
    "date": _Storage(_date, lambda _field: "date"),
    "time": _Storage(_time, lambda _field: "time"),
    "datetime": _Storage(_datetime, lambda field: "timestamptz" if zone(field) else "timestamp"),
    "year": _Storage(_year, lambda _field: "int4"),
}
