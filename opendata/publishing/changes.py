"""What differs between a dataset on a portal and its new edition: in words, and whether the old must go first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import AccessLevel, summarise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from opendata.model import BuiltPackage, PortalDataset, Summary


def changes(before: PortalDataset, built: BuiltPackage) -> tuple[str, ...]:
    """What an update will change, in sentences: faults mended, version, metadata, fields, files."""
    old, new = _summary(before), summarise(built.descriptor)
    lines = list(dict.fromkeys([*_leak(before, built), *before.faults, *_version(before, built)]))
    if old is not None:
        lines += [*_metadata(old, new), *_fields(old, new)]
    lines += _files(before, built)
    if exposes(replace(before, intact=True), built):
        lines.append(_("What is there now may show more than may be seen: it is taken away before the new is placed."))
    elif not before.intact:
        lines.append(_overwritten(before))
    return tuple(lines)


def edited(before: PortalDataset) -> str:
    """That somebody else edited a dataset, and what of it where the portal tells."""
    if not before.edited:
        return _("The metadata of this dataset was edited on the portal by somebody else.")
    what = _("The metadata of this dataset was edited on the portal by somebody else: {fields}.")
    return what.format(fields=", ".join(before.edited))


def leaks(before: PortalDataset, built: BuiltPackage) -> bool:
    """True where anyone sees what is not open: that is put right whatever else somebody edited."""
    return before.level is AccessLevel.OPEN and built.level is not AccessLevel.OPEN


def exposes(before: PortalDataset, built: BuiltPackage) -> bool:
    """True where the portal shows a table, field or file that the new edition has no more, or may do so.

    It may where the portal does not tell what it shows, or was edited by others: then nothing it says counts.
    """
    old = _summary(before)
    if (before.digest == built.digest and before.intact) or (old is not None and not before.files and not old.columns):
        return False
    if old is None or not before.intact or built.withheld:
        return True  # of a package that withholds something, the old files may hold it under another name
    files = {file.path for file in before.files} - {file.path for file in built.files}
    return bool(files or old.columns.keys() - summarise(built.descriptor).columns.keys())


def shows(before: PortalDataset, hidden: Collection[tuple[str, str]]) -> bool:
    """True where the portal shows one of these tables (field empty) or fields, or does not tell what it shows."""
    old = _summary(before)
    return bool(hidden) if old is None else not old.columns.keys().isdisjoint(hidden)


def _overwritten(before: PortalDataset) -> str:
    """An edit is no leak; but the dataset is taken away all the same, since not all that was edited may be known."""
    if not before.edited:
        return _("What was edited on the portal is written over; until that is done, visitors may not see the dataset.")
    what = _("Edited on the portal and written over: {fields}. Until that is done, visitors may not see the dataset.")
    return what.format(fields=", ".join(before.edited))


def _leak(before: PortalDataset, built: BuiltPackage) -> Iterator[str]:
    if leaks(before, built):
        yield _("It is not open, yet anyone can see it: it is made private.")


def _summary(before: PortalDataset) -> Summary | None:
    if before.summary is not None or before.descriptor is None:
        return before.summary
    return summarise(before.descriptor)


def _version(before: PortalDataset, built: BuiltPackage) -> Iterator[str]:
    if before.version != built.version:
        old, new = before.version or "–", built.version or "–"
        yield _("Version {old} becomes {new}.").format(old=old, new=new)
    elif before.digest != built.digest:
        what = _("The version is still {version}, although something changed: give it a new one in datapackage.json.")
        yield what.format(version=built.version or "–")


def _metadata(old: Summary, new: Summary) -> Iterator[str]:
    before, after = old.metadata, new.metadata
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    if changed:
        yield _("The metadata changes: {keys}.").format(keys=", ".join(changed))


def _fields(old: Summary, new: Summary) -> Iterator[str]:
    before, after = old.columns, new.columns
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


def _said(columns: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{table}.{field}" for table, field in sorted(columns) if field)
