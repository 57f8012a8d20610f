"""What differs between a dataset on a portal and its new edition: in words, and whether the old must go first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from opendata.model import BuiltPackage, Json, PortalDataset

OURS = frozenset({"resources", "version", "opendata_id", "opendata_version", "opendata_digest"})
"""Keys of a descriptor that are told in other words than "the metadata changed"."""


def changes(before: PortalDataset, built: BuiltPackage) -> tuple[str, ...]:
    """What an update will change, in sentences: faults mended, version, metadata, fields, files."""
    old = before.descriptor or {}
    lines = [*before.faults, *_version(before, built)]
    if before.descriptor is not None:
        lines += [*_metadata(old, built.descriptor), *_fields(old, built.descriptor)]
    lines += _files(before, built)
    if exposes(before, built):
        lines.append(_("What is there now shows more than may be seen: it is removed before the new is placed."))
    return tuple(lines)


def exposes(before: PortalDataset, built: BuiltPackage) -> bool:
    """True where the portal shows a table, field or file that the new edition has no more, or may do so.

    It may where the portal's descriptor is missing or was edited by others: then nothing it says counts.
    """
    if before.digest == built.digest and before.intact:
        return False
    if before.descriptor is None or not before.intact or built.withheld:
        return True  # of a package that withholds something, the old files may hold it under another name
    files = {file.path for file in before.files} - {file.path for file in built.files}
    return bool(files or _columns(before.descriptor).keys() - _columns(built.descriptor).keys())


def shows(before: PortalDataset, hidden: Collection[tuple[str, str]]) -> bool:
    """True where the portal shows one of these tables (field empty) or fields, or does not tell what it shows."""
    if before.descriptor is None:
        return bool(hidden)
    return not _columns(before.descriptor).keys().isdisjoint(hidden)


def _version(before: PortalDataset, built: BuiltPackage) -> Iterator[str]:
    if before.version != built.version:
        old, new = before.version or "–", built.version or "–"
        yield _("Version {old} becomes {new}.").format(old=old, new=new)
    elif before.digest != built.digest:
        what = _("The version is still {version}, although something changed: give it a new one in datapackage.json.")
        yield what.format(version=built.version or "–")


def _metadata(old: Json, new: Json) -> Iterator[str]:
    changed = sorted(key for key in old.keys() | new.keys() if key not in OURS and old.get(key) != new.get(key))
    if changed:
        yield _("The metadata changes: {keys}.").format(keys=", ".join(changed))


def _fields(old: Json, new: Json) -> Iterator[str]:
    before, after = _columns(old), _columns(new)
    names = _said(after.keys() - before.keys())
    if names:
        yield _("New fields: {fields}.").format(fields=names)
    names = _said(before.keys() - after.keys())
    if names:
        yield _("Fields no longer published: {fields}.").format(fields=names)
    names = _said({key for key in before.keys() & after.keys() if before[key] != after[key]})
    if names:
        yield _("Fields described anew: {fields}.").format(fields=names)


def _files(before: PortalDataset, built: BuiltPackage) -> Iterator[str]:
    old = {file.path: file.sha256 for file in before.files}
    new = {file.path: file.sha256 for file in built.files}
    names = ", ".join(sorted(new.keys() - old.keys()))
    if names:
        yield _("New files: {files}.").format(files=names)
    names = ", ".join(sorted(old.keys() - new.keys()))
    if names:
        yield _("Files no longer published: {files}.").format(files=names)
    names = ", ".join(sorted(path for path in old.keys() & new.keys() if old[path] != new[path]))
    if names:
        yield _("Files with new bytes: {files}.").format(files=names)


def _columns(descriptor: Json) -> dict[tuple[str, str], Json]:
    """Each field of each table, by the names of both; a table itself stands under an empty field name."""
    found: dict[tuple[str, str], Json] = {}
    for resource in map(as_object, as_list(descriptor.get("resources"))):
        table = as_text(resource.get("name")) or ""
        found[table, ""] = {}
        for field in map(as_object, as_list(as_object(resource.get("schema")).get("fields"))):
            found[table, as_text(field.get("name")) or ""] = field
    return found


def _said(columns: set[tuple[str, str]]) -> str:
    return ", ".join(f"{table}.{field}" for table, field in sorted(columns) if field)
