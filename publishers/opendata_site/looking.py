"""Comparing what lies in a portal folder, file by file, with what its descriptors say should lie there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata import files
from opendata.messages import _
from opendata.model import AccessLevel, PortalDataset, PortalFile, as_text
from opendata.model.layout import superseded
from opendata.model.naming import is_published_name
from opendata_site import descriptor
from opendata_site.look import PAGES, look
from opendata_site.reading import sha256

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opendata_site.descriptor import Published

TRIES = 3


def published(root: Path, name: str) -> Published | None:
    """The descriptor of ours under a name; None where there is none, or where a link leads elsewhere.

    Raises:
        DiskError: it is there but cannot be read.
    """
    folder = root / name
    if not is_published_name(name) or folder.is_symlink():
        return None
    found = descriptor.read(folder)
    return found if found is not None and found.id is not None else None


def everything(root: Path) -> Iterator[tuple[str, Published]]:
    """All datasets of ours in a portal folder, in the order of their names; what others put there is passed over.

    Raises:
        DiskError: the folder cannot be read.
    """
    with files.disk(root):
        names = sorted(item.name for item in root.iterdir()) if root.is_dir() else []
    for name in names:
        found = published(root, name)
        if found is not None:
            yield name, found


def public(root: Path) -> Iterator[tuple[str, Published]]:
    """All open datasets of ours: nothing else is listed, whoever put it into the folder.

    Raises:
        DiskError: the folder cannot be read.
    """
    yield from ((name, found) for name, found in everything(root) if found.level is AccessLevel.OPEN)


def compared(root: Path, name: str) -> PortalDataset | None:
    """What stands under a name, every file of it hashed; None where nothing does.

    What is not ours has no id and no files. A dataset that another run is just switching is looked at again.

    Raises:
        DiskError: it cannot be read.
    """
    seen = None
    for _try in range(TRIES):
        found = published(root, name)
        if found is None:
            return foreign(root, name)
        seen = _compared(root, name, found)
        again = published(root, name)
        if again is not None and again.revision == found.revision:
            break
    return seen


def declared(root: Path, name: str) -> PortalDataset | None:
    """What stands under a name as its descriptor has it, no file looked at; None where nothing of ours does.

    Raises:
        DiskError: it cannot be read.
    """
    found = published(root, name)
    if found is None:
        return None
    held = (
        PortalFile(item.path, item.bytes, item.sha256 or None, f"{name}/{found.folder}/{item.path}")
        for item in found.files
    )
    return _dataset(name, found, tuple(held), ())


def foreign(root: Path, name: str) -> PortalDataset | None:
    """What is not ours under a name, a broken link too; None where there is nothing."""
    path = root / name
    there = path.is_symlink() or path.exists()
    return PortalDataset(name, None, None, AccessLevel.OPEN, None, ()) if there else None


def leftovers(folder: Path, found: Published) -> tuple[Path, ...]:
    """What is in a dataset's folder and belongs to no edition that may stay: earlier files, files left aside.

    Raises:
        DiskError: the folder cannot be read.
    """
    keep = {found.folder, found.previous} - {""}
    wanted = {item.path for item in found.files}
    entries = _entries(folder)
    old = superseded((item.name for item in entries), keep)
    left = [item for item in entries if _aside(item) or item.name in old]
    current = folder / found.folder
    if found.folder and current.is_dir() and not current.is_symlink():
        left += [item for item in _entries(current) if item.name not in wanted]
    return tuple(left)


def _compared(root: Path, name: str, found: Published) -> PortalDataset:
    folder = root / name
    faults: list[str] = []
    held: list[PortalFile] = []
    real = bool(found.folder) and not (folder / found.folder).is_symlink()
    for item in found.files:
        digest = sha256(folder / found.folder / item.path) if real else None
        size = item.bytes if digest is not None and digest == item.sha256 else None
        held.append(PortalFile(item.path, size, digest, f"{name}/{found.folder}/{item.path}"))
        faults += _judged(f"{found.folder}/{item.path}", digest, item.sha256)
        faults += _judged(item.path, sha256(folder / item.path), item.sha256)
    for page in PAGES:
        faults += _judged(page, sha256(folder / page), found.pages.get(page, ""))
    faults += _unfinished(folder, found)
    return _dataset(name, found, tuple(held), tuple(faults))


def _judged(path: str, digest: str | None, expected: str) -> Iterator[str]:
    if digest is None:
        yield _("A file is missing: {path}").format(path=path)
    elif digest != expected:
        yield _("A file was altered: {path}").format(path=path)


def _unfinished(folder: Path, found: Published) -> Iterator[str]:
    if found.look != look():
        yield _("The page was made by another version of this program.")
    if not found.tidy:
        yield _("A file was altered: {path}").format(path=descriptor.NAME)
    if leftovers(folder, found):
        yield _("A run that was stopped left files behind.")


def _dataset(name: str, found: Published, held: tuple[PortalFile, ...], faults: tuple[str, ...]) -> PortalDataset:
    return PortalDataset(
        name=name,
        id=found.id,
        version=as_text(found.descriptor.get("opendata_version")),
        level=found.level,
        digest=as_text(found.descriptor.get("opendata_digest")),
        files=held,
        intact=found.intact,
        faults=faults,
        revision=found.revision,
        descriptor=found.descriptor,
    )


def _aside(path: Path) -> bool:
    return path.name.startswith(files.ASIDE)


def _entries(folder: Path) -> list[Path]:
    with files.disk(folder):
        try:
            return sorted(folder.iterdir())
        except FileNotFoundError:
            return []
