"""What a profile does not see in the fields of a Table Schema, and frictionless would refuse."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from opendata.descriptor.fault import Fault
from opendata.descriptor.formats import is_date, is_moment
from opendata.descriptor.strict import shown
from opendata.messages import _
from opendata.model import as_list, as_object, as_text
from opendata.model.dataset import is_zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opendata.descriptor.fault import Pointer
    from opendata.model import Json, JsonValue

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")

_ANY = frozenset({"required", "unique", "enum"})
_ORDERED = _ANY | set(BOUNDS)
_SIZED = _ANY | {"minLength", "maxLength"}
# What frictionless applies to each type: a constraint beyond these makes a package invalid for it.
_CONSTRAINTS: dict[str, frozenset[str]] = {
    "string": _SIZED | {"pattern"},
    **dict.fromkeys(("number", "integer", "date", "time", "datetime", "year", "yearmonth"), _ORDERED),
    **dict.fromkeys(("object", "array"), _SIZED),
    "list": _SIZED - {"enum"},
}


def field_faults(schema: Json, pointer: Pointer, *, second: bool) -> Iterator[Fault]:
    """Names twice or empty, constraints that a type does not know, patterns and bounds that cannot be read.

    `second`: the package is of the standard's second version, which knows more.
    """
    seen: set[str] = set()
    for number, item in enumerate(as_list(schema.get("fields"))):
        field, place = as_object(item), (*pointer, "fields", number)
        name = as_text(field.get("name"))
        if name is not None:
            yield from _name(name, seen, (*place, "name"))
            seen.add(name)
        yield from _constraints(field, place, second=second)
        yield from _typed(field, place)


def _name(name: str, seen: set[str], pointer: Pointer) -> Iterator[Fault]:
    if name in seen:
        message = _("Two fields are named {name}.").format(name=shown(name))
        yield Fault(pointer, message, _("Give each field a name of its own, in the file too."), "schema-error")
    elif not name.strip() or not name.isprintable():
        message = _("A field's name is empty or holds a line break or another invisible character.")
        yield Fault(pointer, message, _("Give the field a plain name."))


def _constraints(field: Json, place: Pointer, *, second: bool) -> Iterator[Fault]:
    kind = as_text(field.get("type")) or "string"
    constraints = as_object(field.get("constraints"))
    known = _CONSTRAINTS.get(kind, _ANY)
    for name, value in constraints.items():
        pointer = (*place, "constraints", name)
        if name not in known:
            message = _("A field of type {type} has no constraint {name}.").format(type=kind, name=shown(name))
            yield Fault(pointer, message, _("Remove the constraint, or choose another type."))
        elif name.startswith("exclusive") and not second:
            yield _needs_second(pointer, name)
        elif name in BOUNDS and not _readable(field, kind, value):
            message = _("The bound {value} is no value of type {type}.").format(value=shown(value), type=kind)
            yield Fault(pointer, message, _("Write it as the values of the field are written."))
    yield from _pattern(constraints, (*place, "constraints", "pattern"))
    if "required" in field:
        message = _("“required” stands beside the field's constraints, where it does nothing.")
        yield Fault((*place, "required"), message, _("Move it into “constraints”."))


def _pattern(constraints: Json, pointer: Pointer) -> Iterator[Fault]:
    pattern = as_text(constraints.get("pattern"))
    try:
        re.compile(f"^{pattern or ''}$")
    except (re.error, RecursionError, OverflowError) as fault:
        message = _("The pattern is no regular expression: {value}").format(value=shown(pattern))
        yield Fault(pointer, message, _("Look for a bracket that is not closed."), note=str(fault))


def _typed(field: Json, place: Pointer) -> Iterator[Fault]:
    decimal, zone, kind = as_list(field.get("decimal")), as_text(field.get("timezone")), field.get("type")
    whole = [part for part in decimal if isinstance(part, int)]
    if decimal and kind != "number":
        message = _("Only a field of type number can be a decimal.")
        yield Fault((*place, "decimal"), message, _("Remove “decimal”, or change the type to number."))
    elif len(whole) == 2 and whole[1] > whole[0]:  # noqa: PLR2004 - precision and scale
        message = _("A decimal cannot have more digits after the point than it has digits.")
        yield Fault((*place, "decimal"), message, _("Write [digits in all, digits after the point], such as [15, 2]."))
    if zone is not None and (kind != "datetime" or not is_zone(zone)):
        message = _("The time zone is unknown, or the field is no datetime: {value}").format(value=shown(zone))
        yield Fault((*place, "timezone"), message, _("Write a zone such as Asia/Ho_Chi_Minh, on a datetime field."))


def _readable(field: Json, kind: str, value: JsonValue) -> bool:
    """False where a bound surely cannot be read; a form of the field's own is left to the check of the data."""
    if not isinstance(value, str) or field.get("format", "default") != "default":
        return True
    if any(key in field for key in ("groupChar", "decimalChar", "bareNumber")):
        return True
    reader = _READERS.get(kind)
    return reader is None or reader(value)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_whole(text: str) -> bool:
    return bool(re.fullmatch(r"\s*[+-]?\d+\s*", text))


def _is_time(text: str) -> bool:
    try:
        dt.time.fromisoformat(text)
    except ValueError:
        return False
    return True


_READERS: dict[str, Callable[[str], bool]] = {
    "number": _is_number,
    "integer": _is_whole,
    "year": _is_whole,
    "date": is_date,
    "datetime": is_moment,
    "time": _is_time,
}


def missing_value_faults(part: Json, pointer: Pointer, *, second: bool) -> Iterator[Fault]:
    """Missing values with labels where the package is of the standard's first version."""
    values = as_list(part.get("missingValues"))
    if not second and any(isinstance(item, dict) for item in values):
        yield _needs_second((*pointer, "missingValues"), "missingValues")


def _needs_second(pointer: Pointer, name: str) -> Fault:
    message = _("This form of {property} belongs to version 2 of Data Package.").format(property=shown(name))
    remedy = _("Let the package begin with: {line}").format(
        line='"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"'
    )
    return Fault(pointer, message, remedy)
