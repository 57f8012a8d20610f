"""Building the editions of a catalogue into a folder, no portal needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from opendata.errors import UsageError
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import AccessLevel, Standing, unwatched

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from opendata.model import BuiltPackage, Candidate, Json, PortalDataset, Watch


def build(
    catalogue: Path | str,
    out: Path | str,
    level: AccessLevel = AccessLevel.OPEN,
    names: Collection[str] = (),
    watch: Watch = unwatched,
) -> tuple[Candidate, ...]:
    """Build the editions of a catalogue, up to an access level, into the folder `out`, laid out as a site has them.

    What is faulty, withheld or refused is left out and told in the result; its neighbours are built. An edition in
    `out` whose package may no longer have it is removed, and so are files that show what is now withheld.

    Raises:
        UsageError: no such catalogue or name; a level that is never published.
        ConflictError: a folder of that name in `out` is not ours.
        DiskError: the folder could not be written.

    >>> import tempfile
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as out:
    ...     [(item.name, item.standing.value) for item in build(shipped_package("administrative-units"), out)]
    [('administrative-units', 'ready')]
    """
    from opendata.catalogue import candidates, open_catalogue
    from opendata.files import cache_folder

    if not level.published:
        remedy = _("Give one of: {names}").format(names="open, shared")
        raise UsageError(_("No edition is ever built for the level {level}.").format(level=level.value), "", remedy)
    opened = open_catalogue(Path(catalogue))
    up_to = [item for item in AccessLevel if item <= level]
    judged = candidates(opened, up_to, names, cache_folder(opened.folder), watch)
    _lay_out(judged, Path(out), watch)
    return judged


def _lay_out(judged: Collection[Candidate], out: Path, watch: Watch) -> None:
    from opendata.files import lock, remove
    from opendata.package import lay_out

    ready = [item.built for item in judged if item.built is not None]
    with lock(out):
        for folder in (*_outlived(judged, out), *_exposing(ready, out)):
            remove(folder)
    for number, built in enumerate(ready):
        watch("write", number, len(ready))
        lay_out(built, out)
    watch("write", len(ready), len(ready))


def _outlived(judged: Iterable[Candidate], out: Path) -> Iterator[Path]:
    """Editions in `out` whose package may no longer have them: whoever hands the folder on must not hand on those."""
    told = tuple(judged)
    kept = {item.published_name for item in told if item.standing in {Standing.READY, Standing.FAULTY, Standing.FAILED}}
    ids = {item.id for item in told if item.id is not None}
    for path in sorted(out.glob(f"*/{DESCRIPTOR}")):
        if path.parent.name not in kept and _descriptor(path).get("opendata_id") in ids:
            yield path.parent


def _exposing(ready: Iterable[BuiltPackage], out: Path) -> Iterator[Path]:
    """Editions in `out` that show what the new one withholds: the digest of before must not be kept beside it."""
    from opendata.publishing.changes import exposes

    for built in ready:
        before = _before(out / built.name)
        if before is not None and before.id == built.id and exposes(before, built):
            yield out / built.name


def _before(folder: Path) -> PortalDataset | None:
    """What was built there, as far as its descriptor tells."""
    from opendata.model import PortalDataset, PortalFile, as_text
    from opendata.model.digest import content_digest
    from opendata.model.layout import plain

    found = plain(_descriptor(folder / DESCRIPTOR))
    digest, identity = as_text(found.get("opendata_digest")), as_text(found.get("opendata_id"))
    if digest is None or identity is None:
        return None
    files = tuple(PortalFile(name, None, None, "") for name in _file_names(found))
    intact = content_digest(found) == digest
    return PortalDataset(folder.name, identity, None, AccessLevel.OPEN, digest, files, intact, descriptor=found)


def _file_names(descriptor: Json) -> Iterator[str]:
    from opendata.model import as_list, as_object, as_text

    for resource in map(as_object, as_list(descriptor.get("resources"))):
        for part in (resource, *map(as_object, as_list(resource.get("alternates")))):
            yield as_text(part.get("path")) or ""


def _descriptor(path: Path) -> Json:
    from opendata.model import as_object

    try:
        return as_object(json.loads(path.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}
