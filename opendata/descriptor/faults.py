"""Every fault of a descriptor, gathered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opendata.descriptor.fault import Fault, finding
from opendata.descriptor.fields import field_faults, missing_value_faults
from opendata.descriptor.keys import key_faults
from opendata.descriptor.levels import level_faults, misspelt
from opendata.descriptor.local import named_outside, resolve
from opendata.descriptor.profile import OURS, STANDARD, breaches, extended
from opendata.descriptor.strict import shown
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opendata.model import Finding, Json

_FIRST_NAME = re.compile(r"[-a-z0-9._/]+")
_FIRST = re.compile(r"https?://datapackage\.org/profiles/1\.\d+/datapackage\.json")


def faults(descriptor: Json, folder: Path) -> tuple[Finding, ...]:
    """All that is wrong with a package's descriptor; its files are looked for in `folder`.

    >>> from pathlib import Path
    >>> [fault.pointer for fault in faults({"name": "a", "resources": [{"path": "../a.csv"}]}, Path("."))]
    ['/resources/0/name', '/resources/0/path']
    """
    return judged(descriptor, folder, str(folder / DESCRIPTOR))[1]


def judged(descriptor: Json, folder: Path, path: str, *, missing_ok: bool = False) -> tuple[Json, tuple[Finding, ...]]:
    """The descriptor with its files of schemas and dialects put in place, and all that is wrong with it.

    `missing_ok`: data files need not be there (yet).
    """
    resolved, found = resolve(descriptor, folder)
    gathered = [*found, *_all(resolved, folder, missing_ok=missing_ok)]
    gathered.sort(key=lambda fault: [_order(part) for part in fault.pointer])
    unique = {(fault.pointer, fault.message): fault for fault in gathered}
    return resolved, tuple(finding(fault, resolved, path) for fault in unique.values())


def _order(part: str | int) -> tuple[str, int]:
    return (part, 0) if isinstance(part, str) else ("", part)


def _all(descriptor: Json, folder: Path, *, missing_ok: bool) -> Iterator[Fault]:
    ours = extended(descriptor)
    for fault in breaches(descriptor, OURS if ours else STANDARD):
        if not _judged_elsewhere(fault):
            yield fault
    yield from named_outside(descriptor, folder, missing_ok=missing_ok)
    yield from _names(descriptor)
    yield from _misplaced(descriptor)
    second = second_version(descriptor)
    for number, resource in enumerate(as_list(descriptor.get("resources"))):
        schema, place = as_object(as_object(resource).get("schema")), ("resources", number, "schema")
        yield from field_faults(schema, place, second=second)
        yield from missing_value_faults(schema, place, second=second)
    yield from key_faults(descriptor)
    if ours:
        yield from level_faults(descriptor)
        yield from misspelt(descriptor)
        yield from _profile_version(descriptor)
        yield from _period(descriptor)


def second_version(descriptor: Json) -> bool:
    """True unless a package is surely of the standard's first version: it names that, or nothing.

    >>> second_version({}), second_version({"$schema": "urn:opendata-vn:profile:1.0"})
    (False, True)
    """
    named = as_text(descriptor.get("$schema"))
    return named is not None and not _FIRST.fullmatch(named)


def _judged_elsewhere(fault: Fault) -> bool:
    """True for a resource's path: `local` judges it, and says more."""
    return fault.pointer[:1] == ("resources",) and fault.pointer[2:3] == ("path",) and "does not match" in fault.note


def _names(descriptor: Json) -> Iterator[Fault]:
    free = second_version(descriptor) or extended(descriptor)
    name = as_text(descriptor.get("name"))
    if name is not None and not free and not _FIRST_NAME.fullmatch(name):
        yield _bad_name(("name",), name)
    seen: set[str] = set()
    for number, item in enumerate(as_list(descriptor.get("resources"))):
        own = as_text(as_object(item).get("name"))
        if own is None:
            continue
        place = ("resources", number, "name")
        if own in seen:
            message = _("Two tables are named {name}.").format(name=shown(own))
            yield Fault(place, message, _("Give each table a name of its own."), "package-error")
        elif not own.strip() or (not free and not _FIRST_NAME.fullmatch(own)):
            yield _bad_name(place, own)
        seen.add(own)


def _bad_name(place: tuple[str | int, ...], name: str) -> Fault:
    remedy = _("Use small letters a–z, digits, dots, hyphens and underscores.")
    return Fault(place, _("The name {name} is not well formed.").format(name=shown(name)), remedy)


def _misplaced(descriptor: Json) -> Iterator[Fault]:
    remedy = _("Move it into the table's “schema”.")
    message = _("“{property}” stands where it does nothing.")
    for key in ("missingValues", "fields"):
        if key in descriptor:
            yield Fault((key,), message.format(property=key), remedy)
    for number, item in enumerate(as_list(descriptor.get("resources"))):
        if "missingValues" in as_object(item):
            yield Fault(("resources", number, "missingValues"), message.format(property="missingValues"), remedy)


def _profile_version(descriptor: Json) -> Iterator[Fault]:
    named = as_text(descriptor.get("$schema")) or ""
    if named.startswith("urn:opendata-vn:") and named != OURS:
        message = _("This version of the profile is unknown: {name}").format(name=shown(named))
        yield Fault(("$schema",), message, _("Write {name}, or install a newer version.").format(name=OURS))


def _period(descriptor: Json) -> Iterator[Fault]:
    coverage = as_object(descriptor.get("coverage"))
    start, end = as_text(coverage.get("start")), as_text(coverage.get("end"))
    if start and end and end[: len(start)] < start[: len(end)]:
        yield Fault(("coverage", "end"), _("The period ends before it begins."), _("Exchange start and end."))
