"""A fault of a descriptor while it is gathered, and how it becomes a finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from opendata.descriptor.strict import shown
from opendata.errors import DescriptorError
from opendata.messages import _
from opendata.model import Finding, Place, as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.model import Json, JsonValue

Pointer: TypeAlias = "tuple[str | int, ...]"

_IN_RESOURCE = 2
_IN_FIELD = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: where in the descriptor, what, how to mend. `code` empty: told from the place."""

    pointer: Pointer
    message: str
    remedy: str
    code: str = ""
    note: str = ""


def json_pointer(parts: Pointer) -> str:
    """The JSON pointer (RFC 6901) of a path.

    >>> json_pointer(("resources", 0, "a/b")), json_pointer(())
    ('/resources/0/a~1b', '')
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def code_at(parts: Pointer) -> str:
    """Frictionless's error type for a fault at that place.

    >>> code_at(("resources", 0, "schema", "fields", 1, "type")), code_at(("title",))
    ('field-error', 'package-error')
    """
    if parts[:1] != ("resources",) or len(parts) < _IN_RESOURCE:
        return "package-error"
    if parts[2:4] == ("schema", "fields") and len(parts) >= _IN_FIELD:
        return "field-error"
    return {"schema": "schema-error", "dialect": "dialect-error"}.get(
        str(parts[2]) if parts[2:] else "", "resource-error"
    )


def finding(fault: Fault, descriptor: Json, path: str) -> Finding:
    """The finding of a fault in `descriptor`, which is the file `path`; it says which table and field it is about."""
    table, field = _table(descriptor, fault.pointer), _field(descriptor, fault.pointer)
    place = Place(path, field=field)
    message = fault.message
    if table and field:
        message = _("Table {table}, field {field}: {message}").format(
            table=shown(table), field=shown(field), message=message
        )
    elif table:
        message = _("Table {table}: {message}").format(table=shown(table), message=message)
    return Finding(
        fault.code or code_at(fault.pointer),
        place,
        message,
        fault.remedy,
        fault.note,
        None,
        json_pointer(fault.pointer),
    )


def error(path: Path, findings: Sequence[Finding]) -> DescriptorError:
    """The one error that carries all findings."""
    first = findings[0]
    if len(findings) == 1:
        where = f"{path} {first.pointer or ''}".rstrip()
        return DescriptorError(first.message, where, first.remedy, findings)
    what = _("The descriptor has {count} faults; the first: {message}").format(
        count=len(findings), message=first.message
    )
    return DescriptorError(what, str(path), first.remedy, findings)


def _at(value: JsonValue, key: str | int) -> JsonValue:
    if isinstance(key, int):
        items = as_list(value)
        return items[key] if key < len(items) else None
    return as_object(value).get(key)


def _named(value: JsonValue, position: str | int) -> str:
    return as_text(as_object(value).get("name")) or f"{int(position) + 1}"


def _table(descriptor: Json, parts: Pointer) -> str | None:
    if parts[:1] != ("resources",) or len(parts) < _IN_RESOURCE:
        return None
    return _named(_at(descriptor.get("resources"), parts[1]), parts[1])


def _field(descriptor: Json, parts: Pointer) -> str | None:
    if code_at(parts) != "field-error":
        return None
    schema = as_object(_at(descriptor.get("resources"), parts[1])).get("schema")
    return _named(_at(as_object(schema).get("fields"), parts[4]), parts[4])
