"""A built package in a folder: files under their digest, whole or not there, the descriptor switched last.

FOLDER/NAME/FOLDER_DIGEST/area.csv is never changed; FOLDER/NAME/datapackage.json leads to it. No digest before
it is kept: nobody reads the folder meanwhile, and it is made to be handed on.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from opendata import files
from opendata.errors import ConflictError, DataError
from opendata.messages import _
from opendata.model import as_object, dump
from opendata.model.layout import DESCRIPTOR, is_folder_digest, prefixed, superseded

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import BuiltPackage


def lay_out(built: BuiltPackage, folder: Path) -> None:
    """Put `built` at FOLDER/NAME; where it is there already, nothing is written.

    Holds the folder's lock meanwhile (a caller must not). What a killed run left is finished or swept away.

    Raises:
        ConflictError: what is there is another dataset, or none of ours, such as a source package.
        DataError: the name leads out of the folder.
        BusyError: another run holds the folder.
        IntegrityError: a built file is not what it should be.
        DiskError: it cannot be written; what was there before is still whole.
    """
    home = files.within(folder, built.name)
    if "/" in built.name or built.name in {".", ".."}:
        raise DataError(_("The name of the package cannot be a folder's name."), built.name, _other_folder())
    with files.lock(folder):
        _refuse_others(home, built)
        files.sweep(home)
        _lay_files(built, home / built.folder_digest)
        _lay_descriptor(built, home)


def _refuse_others(home: Path, built: BuiltPackage) -> None:
    """Go on only where nothing is there, or an earlier edition of the same dataset."""
    path = home / DESCRIPTOR
    if not path.exists():
        if home.is_dir() and any(not is_folder_digest(item.name) and item.is_dir() for item in _visible(home)):
            raise _not_ours(home)
        return
    with files.disk(path):
        content = path.read_bytes()
    try:
        found = as_object(json.loads(content))
    except (ValueError, RecursionError):
        raise _not_ours(path) from None
    if found.get("opendata_id") != built.id:
        raise _not_ours(path)


def _lay_files(built: BuiltPackage, target: Path) -> None:
    if _whole(built, target):
        return
    files.place_folder(target, {file.path: (file.source, file.sha256) for file in built.files})


def _lay_descriptor(built: BuiltPackage, home: Path) -> None:
    path = home / DESCRIPTOR
    content = dump(prefixed(built.descriptor, f"{built.folder_digest}/"))
    with files.disk(path):
        same = path.exists() and path.read_bytes() == content
    if not same:
        files.write(path, content)
    for old in superseded((item.name for item in _visible(home)), {built.folder_digest}):
        files.remove(home / old)


def _whole(built: BuiltPackage, target: Path) -> bool:
    if not target.is_dir() or {item.name for item in target.iterdir()} != {file.path for file in built.files}:
        return False
    return all(
        (target / file.path).stat().st_size == file.bytes and files.sha256(target / file.path) == file.sha256
        for file in built.files
    )


def _visible(folder: Path) -> list[Path]:
    with files.disk(folder):
        return sorted(item for item in folder.iterdir() if not item.name.startswith("."))


def _not_ours(path: Path) -> ConflictError:
    return ConflictError(_("What is there was not published from this package."), str(path), _other_folder())


def _other_folder() -> str:
    return _("Give another folder, or move away what is there.")
