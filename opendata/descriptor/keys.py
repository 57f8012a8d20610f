"""Keys that name what is not there: fields, tables, and keys into other packages in the wrong place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.descriptor.fault import Fault
from opendata.descriptor.strict import shown
from opendata.messages import _
from opendata.model import as_list, as_object, as_text, as_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opendata.descriptor.fault import Pointer
    from opendata.model import Json, JsonValue


def key_faults(descriptor: Json) -> Iterator[Fault]:
    """What is wrong with the keys of all resources. A resource without a schema has no fields to be missing."""
    resources = [as_object(item) for item in as_list(descriptor.get("resources"))]
    names = {as_text(item.get("name")): _names(item) for item in resources}
    for number, resource in enumerate(resources):
        own, place = _names(resource), ("resources", number)
        schema = as_object(resource.get("schema"))
        if own is not None:
            yield from _own_keys(schema, own, (*place, "schema"))
            yield from _external(resource, own, (*place, "externalKeys"))
        for position, key in enumerate(as_list(schema.get("foreignKeys"))):
            yield from _foreign(as_object(key), own, names, (*place, "schema", "foreignKeys", position))


def _names(resource: Json) -> frozenset[str] | None:
    schema = resource.get("schema")
    if not isinstance(schema, dict):
        return None
    found = (as_text(as_object(field).get("name")) for field in as_list(schema.get("fields")))
    return frozenset(name for name in found if name is not None)


def _own_keys(schema: Json, own: frozenset[str], place: Pointer) -> Iterator[Fault]:
    yield from _known(schema.get("primaryKey"), own, (*place, "primaryKey"))
    for number, key in enumerate(as_list(schema.get("uniqueKeys"))):
        yield from _known(key, own, (*place, "uniqueKeys", number))


def _known(key: JsonValue, names: frozenset[str] | None, place: Pointer) -> Iterator[Fault]:
    for name in as_texts(key):
        if names is not None and name not in names:
            message = _("The key names a field that is not there: {name}").format(name=shown(name))
            remedy = _("Write one of the fields: {names}.").format(names=", ".join(sorted(names))[:300])
            yield Fault(place, message, remedy)


def _foreign(
    key: Json, own: frozenset[str] | None, tables: Mapping[str | None, frozenset[str] | None], place: Pointer
) -> Iterator[Fault]:
    reference = as_object(key.get("reference"))
    yield from _known(key.get("fields"), own, (*place, "fields"))
    yield from _lengths(key, place)
    target = as_text(reference.get("resource")) or ""
    if "package" in reference:
        message = _("A key into another package cannot stand among the foreign keys.")
        yield Fault((*place, "reference"), message, _("Move it to “externalKeys” of the table."))
    elif target and target not in tables:
        message = _("The key points to a table that is not there: {name}").format(name=shown(target))
        remedy = _("Write the name of a table of this package, or “externalKeys” for one of another package.")
        yield Fault((*place, "reference", "resource"), message, remedy)
    else:
        there = tables[target] if target else own
        yield from _known(reference.get("fields"), there, (*place, "reference", "fields"))


def _external(resource: Json, own: frozenset[str], place: Pointer) -> Iterator[Fault]:
    for number, item in enumerate(as_list(resource.get("externalKeys"))):
        key = as_object(item)
        yield from _known(key.get("fields"), own, (*place, number, "fields"))
        yield from _lengths(key, (*place, number))


def _lengths(key: Json, place: Pointer) -> Iterator[Fault]:
    here, there = as_texts(key.get("fields")), as_texts(as_object(key.get("reference")).get("fields"))
    if here and there and len(here) != len(there):
        message = _("The key has {here} fields here and {there} there.").format(here=len(here), there=len(there))
        yield Fault(place, message, _("Name as many fields here as there, in the same order."))
