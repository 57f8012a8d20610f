"""The file opendata-site.json: it says that a folder is a portal of ours, and remembers what was withdrawn.

Of a withdrawn dataset only the SHA-256 of its id is kept, so that nothing here tells what it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opendata import files
from opendata.errors import ConflictError
from opendata.messages import _
from opendata.model import as_object, as_text, as_texts, dump
from opendata_site.reading import read_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = "opendata-site.json"
FORMAT = 1
LOCK = ".opendata.lock"


@dataclass(frozen=True, slots=True)
class Marker:
    """What opendata-site.json says. `withdrawn` are SHA-256 of ids.

    `listed` is a digest of what the index was last made of, `index` the SHA-256 of the index's files by name.
    """

    withdrawn: frozenset[str] = frozenset()
    listed: str = ""
    index: Mapping[str, str] = field(default_factory=dict)

    def knows(self, identity: str) -> bool:
        """True where a dataset of that id was withdrawn."""
        return _hidden(identity) in self.withdrawn

    def with_withdrawn(self, identity: str) -> Marker:
        """The marker that remembers the withdrawal of that id."""
        return Marker(self.withdrawn | {_hidden(identity)}, self.listed, self.index)

    def without_withdrawn(self, identity: str) -> Marker:
        """The marker that has forgotten the withdrawal of that id."""
        return Marker(self.withdrawn - {_hidden(identity)}, self.listed, self.index)


def read(root: Path) -> Marker | None:
    """The marker of a portal folder; None where the folder is missing or empty.

    Raises:
        ConflictError: the folder holds something else, or is a portal of a later version.
        DiskError: it cannot be read.
    """
    path = root / NAME
    if not path.is_symlink() and files.regular(path):
        return _parsed(path)
    if _empty(root):
        return None
    remedy = _("Name an empty folder, a new one, or one that this program published to before.")
    raise ConflictError(_("This folder holds something else than a portal."), str(root), remedy)


def write(root: Path, marker: Marker) -> None:
    """Put the marker there; nothing is written where it says that already.

    Raises:
        DiskError: it could not be written.
    """
    path = root / NAME
    content = dump(
        {
            "about": "This folder is a portal made by opendata (opendata-vn). Do not edit its files by hand.",
            "format": FORMAT,
            "withdrawn": sorted(marker.withdrawn),
            "listed": marker.listed,
            "index": dict(sorted(marker.index.items())),
        }
    )
    with files.disk(path):
        if path.is_file() and path.read_bytes() == content:
            return
    files.write(path, content)


def _parsed(path: Path) -> Marker:
    told = read_json(path)
    if told is None or not isinstance(told.get("format"), int):
        remedy = _("Restore it from a copy, or publish to a new folder.")
        raise ConflictError(_("The file that marks a portal cannot be read."), str(path), remedy)
    if told["format"] != FORMAT:
        remedy = _("Bring this program up to date.")
        raise ConflictError(_("This portal was made by another version of this program."), str(path), remedy)
    index = {name: as_text(value) or "" for name, value in as_object(told.get("index")).items()}
    return Marker(frozenset(as_texts(told.get("withdrawn"))), as_text(told.get("listed")) or "", index)


def _empty(root: Path) -> bool:
    """True where nothing is there but what a run of ours, killed at its very start, can have left."""
    with files.disk(root):
        if not root.exists():
            return not root.is_symlink()
        if not root.is_dir():
            return False
        return all(item.name == LOCK or item.name.startswith(files.ASIDE) for item in root.iterdir())


def _hidden(identity: str) -> str:
    return hashlib.sha256(identity.encode()).hexdigest()
