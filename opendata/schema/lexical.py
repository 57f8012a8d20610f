"""The canonical text of a value: Table Schema's default lexical form of its type.

A text already in that form is kept as it was written (1.50 stays 1.50, 007 stays 007); any other is brought to it.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from opendata.model import as_list, as_object
from opendata.schema.types import zone
from opendata.schema.verdict import cell_reader

if TYPE_CHECKING:
    from collections.abc import Callable

    from opendata.model import Field, Json, JsonValue

# Beyond this exponent a number keeps its exponent: 1e999999 in full would be a million digits.
_WRITTEN_OUT = 40
_NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?|NaN|-?INF"
_CLOCK = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})?"
BOOLEANS = {"true": True, "True": True, "TRUE": True, "1": True}
BOOLEANS |= {"false": False, "False": False, "FALSE": False, "0": False}


def canonical_text(field: Field) -> Callable[[str, object], str]:
    """A function of a cell's text and its value that gives the text in the default lexical form.

    The types that are stored as text keep what was written, with their own format, except `yearmonth`.

    >>> from opendata.model import AccessLevel, Field
    >>> number = canonical_text(Field("a", "number", "default", AccessLevel.OPEN, {"decimalChar": ","}))
    >>> number("1,50", Decimal("1.50")), number("1.50", Decimal("1.50"))
    ('1.50', '1.50')
    """
    form = _FORMS.get(field.type)
    if form is None:
        return lambda text, _value: text
    pattern, read, write = form

    def canonical(text: str, value: object) -> str:
        return text if pattern.fullmatch(text) and _reads(read, text) == value else write(value)

    return canonical


def default_descriptor(field: Field) -> Json:
    """The field's descriptor once its cells are in canonical form and a missing value is an empty cell.

    What says how cells used to be written is dropped, and the bounds and lists among the constraints are
    brought to the same form, so that the written table is valid under it.

    >>> from opendata.model import AccessLevel, Field
    >>> descriptor = {"name": "d", "type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "31/12/2024"}}
    >>> default_descriptor(Field("d", "date", "%d/%m/%Y", AccessLevel.OPEN, descriptor))
    {'name': 'd', 'type': 'date', 'constraints': {'minimum': '2024-12-31'}}
    """
    dropped = {"missingValues", *_WAYS_OF_WRITING.get(field.type, ())}
    kept = {key: value for key, value in field.descriptor.items() if key not in dropped}
    if "constraints" in kept and field.type in _WAYS_OF_WRITING:
        kept["constraints"] = _constraints(field)
    if field.type == "datetime" and (name := zone(field)):
        kept["timezone"] = name
    return kept


def _constraints(field: Field) -> JsonValue:
    read, write = cell_reader(field, constrained=False), canonical_text(field)

    def bring(bound: JsonValue) -> JsonValue:
        value = read(bound)[0] if isinstance(bound, str) else None
        return bound if value is None else write(str(bound), value)

    constraints = dict(as_object(field.descriptor.get("constraints")))
    for name in _BOUNDS & constraints.keys():
        constraints[name] = bring(constraints[name])
    if "enum" in constraints:
        constraints["enum"] = [bring(item) for item in as_list(constraints["enum"])]
    return constraints


def _reads(read: Callable[[str], object], text: str) -> object:
    try:
        return read(text)
    except ValueError:
        return None


def _write_number(value: object) -> str:
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if number.is_nan():
        return "NaN"
    if number.is_infinite():
        return "INF" if number > 0 else "-INF"
    return format(number, "f") if abs(number.adjusted()) <= _WRITTEN_OUT else str(number)


def _write_moment(value: object) -> str:
    assert isinstance(value, date | time)  # noqa: S101 - the cell reader of these types gives nothing else
    text = value.isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _write_boolean(value: object) -> str:
    return "true" if value else "false"


def _write_year(value: object) -> str:
    return f"{value:04d}"


def _write_yearmonth(value: object) -> str:
    assert isinstance(value, tuple)  # noqa: S101 - frictionless reads a year and a month as a pair
    return f"{value[0]:04d}-{value[1]:02d}"


def _read_yearmonth(text: str) -> object:
    year, month = text.split("-")
    return int(year), int(month)


_FORMS: dict[str, tuple[re.Pattern[str], Callable[[str], object], Callable[[object], str]]] = {
    "integer": (re.compile(r"[+-]?[0-9]+"), int, str),
    "number": (re.compile(_NUMBER), Decimal, _write_number),
    "boolean": (re.compile("|".join(BOOLEANS)), BOOLEANS.get, _write_boolean),
    "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), date.fromisoformat, _write_moment),
    "time": (re.compile(_CLOCK), time.fromisoformat, _write_moment),
    "datetime": (re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}"), datetime.fromisoformat, _write_moment),
    "year": (re.compile(r"[0-9]{4}"), int, _write_year),
    "yearmonth": (re.compile(r"[0-9]{4}-[0-9]{2}"), _read_yearmonth, _write_yearmonth),
}
_BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
_WAYS_OF_WRITING = {
    "integer": ("bareNumber", "groupChar", "format"),
    "number": ("decimalChar", "groupChar", "bareNumber", "floatNumber", "format"),
    "boolean": ("trueValues", "falseValues", "format"),
    "date": ("format",),
    "time": ("format",),
    "datetime": ("format",),
    "year": ("format",),
    "yearmonth": ("format",),
}
