"""The build cache: one folder for each edition, in it one for each key, whole or not there at all.

CACHE/builds/NAME/KEY/datapackage.json with the files that it names. The lock is held for as long as an edition
is looked up or built, so that a second run that wants the same waits and finds it; other editions go on beside it.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING

from opendata import files
from opendata.errors import DataError, IntegrityError, PortalError
from opendata.messages import _
from opendata.model.naming import is_published_name
from opendata.package.assembling import MANIFEST, assemble, verify
from opendata.package.sealing import sealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opendata.model import BuiltPackage, Outline

KEPT = 3
KEY = re.compile(r"[0-9a-f]{32}")
PATIENCE = 3600
"""Seconds to wait for another run that builds the same edition: a large one takes its time."""


@contextlib.contextmanager
def shelf(cache: Path, name: str) -> Iterator[Path]:
    """The folder with the builds of one edition, ours alone meanwhile; what a killed run left is swept away.

    Raises:
        DataError: the name is not fit for a folder.
        BusyError: another run holds it for too long.
        DiskError: it cannot be written.
    """
    if not is_published_name(name):
        remedy = _("Write a name of small letters a-z, digits and single hyphens, such as paddy-by-province.")
        raise DataError(_("The name of the package cannot be a folder's name."), name, remedy)
    folder = cache / "builds" / name
    files.refuse_link(cache, folder.parent, folder)
    with files.lock(folder, PATIENCE):
        files.sweep(folder)
        yield folder


def recall(folder: Path, outline: Outline) -> BuiltPackage | None:
    """The build that lies in `folder`, every byte verified; None where there is none, or one that is not ours.

    Its seal proves that this user made it for this very key: a cache may come along in a catalogue from elsewhere.
    """
    manifest = folder / MANIFEST
    if folder.is_symlink() or not files.regular(manifest) or not sealed(folder, folder.name):
        return None
    try:
        built = assemble(outline, folder)
        verify(built)
    except (IntegrityError, PortalError):
        return None
    with files.disk(manifest):
        manifest.touch()
    return built


def prune(folder: Path, kept: int = KEPT) -> None:
    """Remove all builds of an edition but those used last. Call it only while holding the lock."""
    builds = [item for item in folder.iterdir() if KEY.fullmatch(item.name) and item.is_dir() and not item.is_symlink()]
    builds.sort(key=_used, reverse=True)
    for old in builds[kept:]:
        files.remove(old)


def _used(build: Path) -> float:
    manifest = build / MANIFEST
    return manifest.stat().st_mtime if manifest.exists() else 0
