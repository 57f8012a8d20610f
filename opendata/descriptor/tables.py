"""Table Schemas as values: fields, keys, missing values; and a schema's file, read alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opendata.descriptor.fault import code_at, error, finding
from opendata.descriptor.fields import field_faults, missing_value_faults
from opendata.descriptor.keys import key_faults
from opendata.descriptor.levels import effective
from opendata.descriptor.profile import TABLE_SCHEMA, breaches
from opendata.descriptor.strict import load
from opendata.model import (
    AccessLevel,
    Field,
    ForeignKey,
    TableSchema,
    as_list,
    as_object,
    as_text,
    as_texts,
    field_format,
)

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.descriptor.fault import Fault
    from opendata.model import Json, JsonValue

_DECIMAL_PARTS = 2


def read_schema(path: Path) -> TableSchema:
    """The Table Schema in the file `path`; its fields are internal unless they say more.

    Raises:
        DescriptorError: all faults of the schema.
        DiskError: it cannot be read.
    """
    descriptor = load(path, "schema-error")
    around: Json = {"resources": [{"schema": descriptor}]}
    found = [_inner(fault) for fault in _faults(descriptor, around)]
    if found:
        raise error(path, [finding(fault, descriptor, str(path)) for fault in found])
    return parse_schema(descriptor)


def _faults(descriptor: Json, around: Json) -> list[Fault]:
    place = ("resources", 0, "schema")
    outside = [_moved(fault, place) for fault in breaches(descriptor, TABLE_SCHEMA)]
    keys = [fault for fault in key_faults(around) if fault.pointer[-2:] != ("reference", "resource")]
    inside = [*field_faults(descriptor, place, second=True), *missing_value_faults(descriptor, place, second=True)]
    return [*outside, *inside, *keys]


def _moved(fault: Fault, place: tuple[str | int, ...]) -> Fault:
    return replace(fault, pointer=(*place, *fault.pointer))


def _inner(fault: Fault) -> Fault:
    """The same fault seen from the schema alone: its place there, its code as it was in the package."""
    return replace(fault, code=fault.code or code_at(fault.pointer), pointer=fault.pointer[3:])


def parse_schema(descriptor: Json, level: AccessLevel = AccessLevel.INTERNAL) -> TableSchema:
    """The value of a schema without faults. `level` is that of the table it describes.

    >>> schema = parse_schema({"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], "primaryKey": "a"})
    >>> schema.primary_key, [field.type for field in schema.fields]
    (('a',), ['integer', 'string'])
    """
    return TableSchema(
        fields=tuple(_field(as_object(item), level) for item in as_list(descriptor.get("fields"))),
        descriptor=descriptor,
        primary_key=as_texts(descriptor.get("primaryKey")),
        unique_keys=tuple(as_texts(key) for key in as_list(descriptor.get("uniqueKeys"))),
        foreign_keys=tuple(foreign_key(as_object(key)) for key in as_list(descriptor.get("foreignKeys"))),
        missing_values=_missing_values(descriptor.get("missingValues")) if "missingValues" in descriptor else ("",),
    )


def foreign_key(descriptor: Json) -> ForeignKey:
    """A foreign or external key as a value.

    >>> foreign_key({"fields": "a", "reference": {"resource": "units", "fields": "b"}}).reference_fields
    ('b',)
    """
    reference = as_object(descriptor.get("reference"))
    return ForeignKey(
        as_texts(descriptor.get("fields")),
        as_text(reference.get("resource")) or "",
        as_texts(reference.get("fields")),
        as_text(reference.get("package")),
    )


def _field(descriptor: Json, level: AccessLevel) -> Field:
    missing = _missing_values(descriptor.get("missingValues")) if "missingValues" in descriptor else None
    return Field(
        name=as_text(descriptor.get("name")) or "",
        type=as_text(descriptor.get("type")) or "string",
        format=field_format(descriptor),
        level=effective(descriptor, level),
        descriptor=descriptor,
        missing_values=missing,
        personal=as_text(descriptor.get("personal")) or "none",
        disclosure=as_text(descriptor.get("disclosure")),
        decimal=_decimal(descriptor.get("decimal")),
        timezone=as_text(descriptor.get("timezone")),
    )


def _missing_values(value: JsonValue) -> tuple[str, ...]:
    """The texts that mean "missing": plain ones, or the values of labelled ones."""
    items = (
        as_text(as_object(item).get("value")) if isinstance(item, dict) else as_text(item) for item in as_list(value)
    )
    return tuple(item for item in items if item is not None)


def _decimal(value: JsonValue) -> tuple[int, int] | None:
    parts = [part for part in as_list(value) if isinstance(part, int)]
    return (parts[0], parts[1]) if len(parts) == _DECIMAL_PARTS else None
