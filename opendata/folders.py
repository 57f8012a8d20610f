"""Where the data folders are, and packages and sector schemas by name. Nothing else knows."""

from __future__ import annotations

import json
import os
import re
from importlib.resources import files
from pathlib import Path

from opendata.errors import UsageError
from opendata.files import disk, regular
from opendata.messages import _
from opendata.model import layout

DESCRIPTOR = layout.DESCRIPTOR
SITE_MARKER = "opendata-site.json"

_SCHEMA_NAME = re.compile(r"([a-z0-9-]+(?:/[a-z0-9-]+)*)@([0-9]+(?:\.[0-9]+)*)")


def data_folder(name: str) -> Path:
    """The folder "schemas" or "datapackages": inside an installed library, or beside a checked-out one.

    >>> data_folder("schemas").name
    'schemas'
    """
    library = Path(str(files("opendata")))
    installed = library / "_data" / name
    return installed if installed.is_dir() else library.parent / name


def find_packages(folder: Path) -> tuple[Path, ...]:
    """The folders at or below `folder` that hold a datapackage.json, sorted by path.

    Does not descend into packages, hidden folders, links, or a published site.

    Raises:
        UsageError: `folder` is not there, or is no folder.
        DiskError: it cannot be read.

    >>> find_packages(data_folder("schemas"))
    ()
    """
    if not folder.is_dir():
        remedy = _("Give a folder that holds data packages, or the folder of one package.")
        raise UsageError(_("There is no such folder."), str(folder), remedy)
    found, waiting = [], [folder]
    while waiting:
        here = waiting.pop()
        package, inner = _look(here)
        found += [here] if package else []
        waiting += inner
    return tuple(sorted(found, key=lambda path: path.as_posix()))


def _look(folder: Path) -> tuple[bool, list[Path]]:
    """Whether a folder is a package, and the folders in it that may be or hold packages."""
    with disk(folder), os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    names = {entry.name for entry in found}
    if SITE_MARKER in names:
        return False, []
    if DESCRIPTOR in names:
        return True, []
    inner = [entry.name for entry in found if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)]
    return False, [folder / name for name in inner]


def shipped_package(name: str) -> Path | None:
    """The folder of the shipped package `name`, or None where none has that name.

    >>> shipped_package("no-such-package") is None
    True
    """
    shipped = data_folder("datapackages")
    packages = find_packages(shipped) if shipped.is_dir() else ()
    return next((package for package in packages if package.name == name), None)


def sector_schema(name_at_version: str) -> Path | None:
    """The file of a sector schema named as in `conformsTo` ("agriculture/paddy-by-province@1.0"), or None.

    >>> sector_schema("../../secret@1.0") is None
    True
    """
    found = _SCHEMA_NAME.fullmatch(name_at_version)
    if found is None:
        return None
    path = data_folder("schemas") / f"{found[1]}.json"
    return path if regular(path) and _version(path) == found[2] else None


def _version(path: Path) -> str | None:
    with disk(path):
        content = json.loads(path.read_bytes())
    version = content.get("version") if isinstance(content, dict) else None
    return version if isinstance(version, str) else None
