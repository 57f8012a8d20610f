"""What a descriptor names outside itself: files of the package, which must be there; never an address."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opendata import files
from opendata.descriptor.fault import Fault
from opendata.descriptor.strict import load, shown
from opendata.errors import DescriptorError, OpendataError
from opendata.messages import _
from opendata.model import as_list, as_object, as_text, as_texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opendata.descriptor.fault import Pointer
    from opendata.model import Json, JsonValue

_STANDARD_PROFILE = re.compile(
    r"(?:tabular-|fiscal-)?data-(?:package|resource)"
    r"|https?://(?:specs\.frictionlessdata\.io|frictionlessdata\.io|schemas\.datapackages\.org|datapackage\.org)/[\w./-]+"
)
_REFERENCES = {"schema": "schema-error", "dialect": "dialect-error"}


def resolve(descriptor: Json, folder: Path) -> tuple[Json, tuple[Fault, ...]]:
    """The descriptor with each `schema` and `dialect` that names a file put in its place, and what failed in that."""
    found: list[Fault] = []
    resources: list[JsonValue] = []
    for number, resource in enumerate(as_list(descriptor.get("resources"))):
        made = dict(as_object(resource))
        for key, code in _REFERENCES.items():
            named = as_text(made.get(key))
            if named is not None:
                content, faults = _read(folder, named, ("resources", number, key), code)
                found.extend(faults)
                made.pop(key)
                made |= {key: content} if content is not None else {}
        resources.append(made if isinstance(resource, dict) else resource)
    if not isinstance(descriptor.get("resources"), list):
        return descriptor, ()
    return {**descriptor, "resources": resources}, tuple(found)


def _read(folder: Path, named: str, pointer: Pointer, code: str) -> tuple[Json | None, tuple[Fault, ...]]:
    fault = outside(named, folder, pointer)
    if fault:
        return None, (fault,)
    try:
        return load(folder / named, code), ()
    except DescriptorError as error:
        return None, tuple(Fault(pointer, f"{named}: {item.message}", item.remedy) for item in error.findings)


def named_outside(descriptor: Json, folder: Path, *, missing_ok: bool) -> Iterator[Fault]:
    """Addresses, paths that lead out and files that are not there, in package and resources."""
    yield from _profile(descriptor, ())
    for number, resource in enumerate(as_list(descriptor.get("resources"))):
        item, pointer = as_object(resource), ("resources", number)
        yield from _profile(item, pointer)
        for place, path in paths_of(item):
            fault = outside(path, folder, (*pointer, *place), missing_ok=missing_ok)
            if fault:
                yield fault
        origin = as_text(as_object(item.get("origin")).get("path"))
        fault = outside(origin, folder, (*pointer, "origin", "path"), missing_ok=True) if origin is not None else None
        if fault:
            yield fault


def paths_of(resource: Json) -> Iterator[tuple[Pointer, str]]:
    """Each file of a resource, with its place in the resource: one path, a list of them, v1's `url`, `extrapaths`.

    >>> list(paths_of({"path": ["a.csv", "b.csv"]}))
    [(('path', 0), 'a.csv'), (('path', 1), 'b.csv')]
    """
    for key in ("path", "extrapaths") if "path" in resource or "data" in resource else ("url", "extrapaths"):
        value = resource.get(key)
        if isinstance(value, str):
            yield (key,), value
        for number, path in enumerate(as_texts(value) if not isinstance(value, str) else ()):
            yield (key, number), path


def outside(path: str, folder: Path, pointer: Pointer, *, missing_ok: bool = False) -> Fault | None:
    """What is wrong with a path that must be a plain file inside `folder`; None where nothing is."""
    if "://" in path:
        message = _("Remote files are never fetched: {path}").format(path=shown(path))
        remedy = _("Download the file, put it into the package's folder, and give its path from there.")
        return Fault(pointer, message, remedy)
    try:
        file = files.within(folder, path)
    except OpendataError as error:
        return Fault(pointer, error.what, error.remedy)
    if files.regular(file):
        return None
    if _there(file):
        return Fault(pointer, _("This is not a plain file: {path}").format(path=shown(path)), _("Name a file."))
    if missing_ok:
        return None
    message = _("The file {path} is not there.").format(path=shown(path))
    return Fault(pointer, message, _("Put the file into the package's folder, or correct its path."), "scheme-error")


def _there(file: Path) -> bool:
    try:
        return file.exists()
    except OSError:
        return False


def _profile(part: Json, pointer: Pointer) -> Iterator[Fault]:
    profile = as_text(part.get("profile"))
    if profile is None or _STANDARD_PROFILE.fullmatch(profile):
        return
    if "://" in profile:
        message = _("Remote profiles are never fetched: {path}").format(path=shown(profile))
        yield Fault((*pointer, "profile"), message, _("Remove the profile, or name one of the standard's."))
    elif not files.safe_relative(profile):
        message = _("The path leads out of the package: {path}").format(path=profile)
        yield Fault((*pointer, "profile"), message, _("Remove the profile, or name one of the standard's."))
