"""Placing a built package in a portal folder, so that a kill at any moment leaves the old, the new, or nothing.

Call these only while holding the folder's lock.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from opendata import files
from opendata.errors import IntegrityError
from opendata.messages import _
from opendata_site import descriptor
from opendata_site.look import look
from opendata_site.looking import leftovers
from opendata_site.pages import dataset_pages
from opendata_site.reading import plain_name, read_bytes, sha256

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import BuiltFile, BuiltPackage
    from opendata_site.descriptor import Published


def place_new(root: Path, built: BuiltPackage) -> int:
    """Let the whole dataset appear by one rename, and return the bytes placed; nothing stands under its name before.

    Raises:
        IntegrityError: a built file is not what it should be; nothing was placed.
        DiskError: it could not be written; nothing was placed.
    """
    with files.workspace(root) as aside:
        folder = aside / built.name  # a folder of its own: the workspace itself is closed to other users
        sent = _place_folder(folder, built)
        _place_pages(folder, built, "")
        _place_copies(folder, built)
        files.switch(folder, root / built.name)
    return sent


def place_over(root: Path, built: BuiltPackage, current: Published) -> int:
    """Let the new edition take the place of the current one, and return the bytes placed.

    What is already so is not written again. The new one has all files that the current one has (else: `place_anew`).

    Older files go first, so that none are left over after the switch; those of the current edition stay.

    Raises:
        IntegrityError: a built file is not what it should be.
        DiskError: it could not be written.
    """
    folder = root / built.name
    for left in leftovers(folder, current):
        files.remove(left)
    previous = current.previous if current.folder == built.folder_digest else current.folder
    if current.previous and current.previous not in {previous, built.folder_digest}:
        files.remove(folder / current.previous)
    sent = _place_folder(folder, built)
    _place_pages(folder, built, previous)
    _place_copies(folder, built)
    return sent


def place_anew(root: Path, built: BuiltPackage) -> int:
    """Remove everything that stands under the dataset's name, then place it as a new one; return the bytes placed.

    Raises:
        IntegrityError: a built file is not what it should be.
        DiskError: it could not be written.
    """
    files.remove(root / built.name)
    return place_new(root, built)


def _place_folder(folder: Path, built: BuiltPackage) -> int:
    """The files under their digest: a new folder whole, by one rename; an existing one mended file by file."""
    target = folder / built.folder_digest
    if target.is_symlink() or not target.is_dir():
        files.place_folder(target, {_plain(file): (file.source, file.sha256) for file in built.files})
        return built.bytes
    return sum(_place(file.source, target / _plain(file), file.sha256) for file in built.files)


def _place_pages(folder: Path, built: BuiltPackage, previous: str) -> None:
    """The pages, and then, last, the descriptor that leads to all the rest."""
    digests = {}
    for name, content in dataset_pages(built).items():
        digests[name] = hashlib.sha256(content).hexdigest()
        put(folder / name, content)
    put(folder / descriptor.NAME, descriptor.publish(built, previous, digests, look()))


def _place_copies(folder: Path, built: BuiltPackage) -> None:
    """The copies at addresses that never change."""
    for file in built.files:
        _place(folder / built.folder_digest / file.path, folder / file.path, file.sha256)


def put(path: Path, content: bytes) -> None:
    """Write a small file, unless it says that already.

    Raises:
        DiskError: it could not be written.
    """
    if read_bytes(path) != content:
        _clear(path)
        files.write(path, content)


def _place(source: Path, target: Path, expected: str) -> int:
    """Copy a file unless it is there already; the bytes copied."""
    if sha256(target) == expected:
        return 0
    _clear(target)
    files.copy_verified(source, target, expected)
    return target.stat().st_size


def _clear(target: Path) -> None:
    """Make way where somebody put a folder in the place of a file."""
    if target.is_dir() and not target.is_symlink():
        files.remove(target)


def _plain(file: BuiltFile) -> str:
    if not plain_name(file.path):
        raise IntegrityError(_("A built file has a name that leads elsewhere."), file.path)
    return file.path
