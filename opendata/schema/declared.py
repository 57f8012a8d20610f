"""What a declaration asks that nobody could judge: found before a row is read, where frictionless would fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import Finding, Place, as_object
from opendata.model.dataset import is_zone
from opendata.schema import patterns
from opendata.schema.wording import named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Field, Table
    from opendata.schema.keys import KeyPlan

# With one of these, no row is read.
UNUSABLE = frozenset({"key-type", "field-error", patterns.CODE})
# Values of these types cannot be compared as keys: frictionless itself fails on them.
_NO_KEYS = frozenset({"array", "list", "object", "geojson"})
_DECIMAL_DIGITS = 38


def declared_faults(table: Table, plan: KeyPlan) -> Iterator[Finding]:
    """The fields that cannot be part of a key and yet are; unknown time zones; decimals beyond Arrow's; patterns."""
    for name in dict.fromkeys((*_own_key_fields(table), *(name for key, _to in plan.keys for name in key.fields))):
        yield from _unfit(table, name)
    for key, target in plan.keys:
        there = plan.tables.get(target, table)
        for name in key.reference_fields:
            if there is not table:
                yield from _unfit(there, name)
    for field in table.schema.fields:
        yield from _unstorable(table, field)
    for judged in (table, *(there for there in plan.tables.values() if there is not table)):
        yield from patterns.pattern_faults(judged)


def _own_key_fields(table: Table) -> Iterator[str]:
    yield from table.schema.primary_key
    for key in table.schema.unique_keys:
        yield from key
    for field in table.schema.fields:
        if as_object(field.descriptor.get("constraints")).get("unique"):
            yield field.name
    for foreign in (*table.schema.foreign_keys, *table.keys):
        if foreign.package is None and foreign.resource in {"", table.name}:
            yield from foreign.reference_fields


def _unfit(table: Table, name: str) -> Iterator[Finding]:
    field = table.schema.field(name)
    if field and field.type in _NO_KEYS:
        message = _("The values of {field} cannot be compared, so it cannot be unique or part of a key.")
        remedy = _("Take the field out of the key, or give it the type string.")
        place = Place(table.place.path, table.place.sheet, field=name)
        yield Finding("key-type", place, message.format(field=named(field)), remedy)


def _unstorable(table: Table, field: Field) -> Iterator[Finding]:
    place = Place(table.place.path, table.place.sheet, field=field.name)
    if field.timezone and not is_zone(field.timezone):
        message = _("The time zone of {field} is not known: {zone}").format(field=named(field), zone=field.timezone)
        remedy = _('Write the name of a zone such as "Asia/Ho_Chi_Minh" or "UTC".')
        yield Finding("field-error", place, message, remedy)
    if field.decimal and not (0 <= field.decimal[1] <= field.decimal[0] and 1 <= field.decimal[0] <= _DECIMAL_DIGITS):
        message = _("The decimal of {field} is not one that can be kept.").format(field=named(field))
        remedy = _('Declare "decimal": [digits, decimal places], at most 38 digits.')
        yield Finding("field-error", place, message, remedy)
