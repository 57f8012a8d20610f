"""Access levels as a descriptor declares them: the strictest along the way holds; a lower one is a fault."""

from __future__ import annotations

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
