"""A breach of a profile, said in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.descriptor.fault import Fault
from opendata.descriptor.strict import shown
from opendata.messages import N_, _

if TYPE_CHECKING:
    from jsonschema import ValidationError

_KINDS = {
    "string": N_("a text in quotation marks"),
    "integer": N_("a whole number"),
    "number": N_("a number"),
    "boolean": N_("true or false"),
    "array": N_("a list in square brackets"),
    "object": N_("an object in braces"),
    "null": N_("null"),
}
_FORMATS = {
    "date": N_("Write a day that exists as year-month-day, such as 2026-03-31."),
    "period": N_("Write a year, a month or a day, such as 1995, 2018-12 or 2018-12-31."),
    "date-time": N_("Write day and time, such as 2026-03-31T08:00:00Z."),
    "uri": N_("Write a whole web address, such as https://example.org/page."),
    "email": N_("Write one e-mail address, such as office@example.org."),
}
_SHAPES = {
    "name": N_("Use small letters a–z, digits and single hyphens, 2 to 90 of them (a table's name: underscores too)."),
    "id": N_("Write a UUID, or leave the id out."),
    "code": N_("An agency's code has capital letters, digits and dots, such as H15.05."),
    "conformsTo": N_("Write the name and version of a sector schema, such as agriculture/paddy-by-province@1.0."),
    "hash": N_("Write the digest in hexadecimal digits, after the name of its kind, such as sha256:…"),
    "mediatype": N_("Write a media type, such as text/csv."),
    "path": N_("Write a path inside the package, such as data/table.csv, or a web address."),
}


def worded(fault: ValidationError) -> Fault:
    """The fault that a user is told of; jsonschema's own words stay in its note."""
    pointer = tuple(fault.absolute_path)
    if fault.validator == "required":
        missing = next(str(name) for name in _listed(fault.validator_value) if fault.message.startswith(repr(name)))
        return _missing((*pointer, missing), missing, fault.message)
    message, remedy = _say(fault, _title(pointer))
    return Fault(pointer, message, remedy, note=fault.message[:300])


def _missing(pointer: tuple[str | int, ...], name: str, note: str) -> Fault:
    message = _("The property {property} is missing.").format(property=shown(name))
    return Fault(pointer, message, _("Add it."), note=note[:300])


def _title(pointer: tuple[str | int, ...]) -> str:
    """The property as a message names it: the last key, and for an item of a list its number."""
    keys = [part for part in pointer if isinstance(part, str)]
    name = shown(keys[-1]) if keys else _("the descriptor")
    if pointer and isinstance(pointer[-1], int):
        return _("{list} (item {number})").format(list=name, number=pointer[-1] + 1)
    return name


def _say(fault: ValidationError, name: str) -> tuple[str, str]:
    kind, value = str(fault.validator), fault.validator_value
    if kind == "type":
        return _wrong_type([str(item) for item in _listed(value)], name)
    if kind in {"enum", "const"}:
        return _not_allowed(fault.instance, _listed(value), name)
    if kind == "format":
        return _ill_written(fault.instance, name), _(_FORMATS[str(value)])
    if kind == "pattern":
        last = next((str(part) for part in reversed(fault.absolute_path) if isinstance(part, str)), "")
        return _ill_written(fault.instance, name), _shape(last, str(value))
    return _by_size(kind, value, name)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]


def _wrong_type(kinds: list[str], name: str) -> tuple[str, str]:
    wanted = _(" or ").join(_(_KINDS[kind]) for kind in kinds)
    message = _("The property {property} must be {kind}.").format(property=name, kind=wanted)
    return message, _("Write it so.")


def _not_allowed(found: object, allowed: list[object], name: str) -> tuple[str, str]:
    message = _("The property {property} cannot be {value}.").format(property=name, value=shown(found))
    values = ", ".join(str(item) for item in allowed)
    return message, _("Write one of: {values}.").format(values=values)


def _ill_written(found: object, name: str) -> str:
    return _("The property {property} is not well formed: {value}.").format(property=name, value=shown(found))


def _shape(last: str, pattern: str) -> str:
    if last in _SHAPES:
        return _(_SHAPES[last])
    return _("Write it so that it fits the pattern {pattern}.").format(pattern=pattern)


def _by_size(kind: str, limit: object, name: str) -> tuple[str, str]:
    if kind in {"minItems", "minProperties", "minLength"} and limit == 1:
        return _("The property {property} is empty.").format(property=name), _("Fill it in, or remove it.")
    if kind == "uniqueItems":
        return _("The property {property} holds the same thing twice.").format(property=name), _("Remove one of them.")
    if kind == "additionalProperties":
        return _("The property {property} holds something unknown.").format(property=name), _("Check its spelling.")
    if kind == "not":
        return _("A table has either a path or its data inline, not both."), _("Remove one of the two.")
    message = _("The property {property} is too large, too small, too long or too short.").format(property=name)
    return message, _("The rule is {rule}: {limit}.").format(rule=kind, limit=limit)
