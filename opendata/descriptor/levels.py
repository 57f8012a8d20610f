"""Access levels as a descriptor declares them: the strictest along the way holds; a lower one is a fault."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from opendata.descriptor.fault import Fault
from opendata.messages import _
from opendata.model import AccessLevel, as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.descriptor.fault import Pointer
    from opendata.model import Json


def declared_level(part: Json) -> AccessLevel | None:
    """The level that package, resource or field declares itself; None where it declares none (that is one).

    >>> declared_level({"access": {"level": "open"}}), declared_level({"access": {"level": "no such"}})
    (<AccessLevel.OPEN: 'open'>, None)
    """
    level = as_object(part.get("access")).get("level")
    return next((item for item in AccessLevel if item.value == level), None)


def package_level(descriptor: Json) -> AccessLevel:
    """The level of a package: internal where none is declared."""
    return declared_level(descriptor) or AccessLevel.INTERNAL


def effective(part: Json, above: AccessLevel) -> AccessLevel:
    """The level of a part inside something of the level `above`: it may only restrict.

    >>> effective({"access": {"level": "closed"}}, AccessLevel.OPEN).value, effective({}, AccessLevel.SHARED).value
    ('closed', 'shared')
    """
    return max(declared_level(part) or above, above)


def said_level(part: Json) -> AccessLevel | None:
    """The level that a part of a faulty descriptor means, however it is capitalised.

    None where it says none; internal where it says one that there is not: a doubt restricts.

    >>> said_level({"access": {"level": " Closed"}}), said_level({"access": {"level": "opne"}}), said_level({})
    (<AccessLevel.CLOSED: 'closed'>, <AccessLevel.INTERNAL: 'internal'>, None)
    """
    if "access" not in part:
        return None
    said = str(as_object(part["access"]).get("level", "")).strip().lower()
    return next((item for item in AccessLevel if item.value == said), AccessLevel.INTERNAL)


def hidden(descriptor: Json) -> frozenset[tuple[str, str]]:
    """The tables (field empty) and fields that a descriptor, faulty or not, names and withholds from the public."""
    package = said_level(descriptor) or AccessLevel.INTERNAL
    found: set[tuple[str, str]] = set()
    for resource in map(as_object, as_list(descriptor.get("resources"))):
        name, level = str(resource.get("name")), max(said_level(resource) or package, package)
        if level is not AccessLevel.OPEN:
            found.add((name, ""))
        fields = map(as_object, as_list(as_object(resource.get("schema")).get("fields")))
        found.update((name, str(field.get("name"))) for field in fields if not _is_public(field, level))
    return frozenset(found)


def _is_public(field: Json, above: AccessLevel) -> bool:
    protected = field.get("personal", "none") != "none" or "disclosure" in field
    return max(said_level(field) or above, above) is AccessLevel.OPEN and not protected


PROTECTIONS = ("access", "personal", "disclosure")
ALIKE = 0.85


def misspelt(descriptor: Json) -> Iterator[Fault]:
    """Properties that look like a protection but are none, such as "acess" or a bare "level": nothing would hold."""
    yield from _near_misses(descriptor, ())
    for number, item in enumerate(as_list(descriptor.get("resources"))):
        resource = as_object(item)
        yield from _near_misses(resource, ("resources", number))
        for position, field in enumerate(as_list(as_object(resource.get("schema")).get("fields"))):
            yield from _near_misses(as_object(field), ("resources", number, "schema", "fields", position))


def _near_misses(part: Json, place: Pointer) -> Iterator[Fault]:
    for key in part:
        alike = difflib.get_close_matches(key.lower(), PROTECTIONS, 1, ALIKE)
        meant = "access" if key.lower() == "level" else next(iter(alike), None)
        if meant is not None and key not in PROTECTIONS:
            message = _("The property {name} protects nothing.").format(name=key)
            yield Fault((*place, key), message, _("Write {meant}, or another name.").format(meant=meant))


def level_faults(descriptor: Json) -> Iterator[Fault]:
    """Resources and fields that declare less than what they stand in."""
    package = package_level(descriptor)
    for number, item in enumerate(as_list(descriptor.get("resources"))):
        resource, place = as_object(item), ("resources", number)
        yield from _lower(resource, package, place)
        level = effective(resource, package)
        for position, field in enumerate(as_list(as_object(resource.get("schema")).get("fields"))):
            yield from _lower(as_object(field), level, (*place, "schema", "fields", position))


def _lower(part: Json, above: AccessLevel, place: Pointer) -> Iterator[Fault]:
    level = declared_level(part)
    if level is not None and level < above:
        message = _("The level {level} is lower than {above}, the level of what it is part of.").format(
            level=level.value, above=above.value
        )
        remedy = _("Remove it, or write {above} or a stricter level: a part may only restrict.").format(
            above=above.value
        )
        yield Fault((*place, "access", "level"), message, remedy)
