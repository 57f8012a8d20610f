"""Built editions in a folder, no portal needed: what may no longer be seen goes first, then each is laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata import files
from opendata.errors import ConflictError
from opendata.model import (
    AccessLevel,
    PortalDataset,
    PortalFile,
    PortalState,
    Standing,
    as_object,
    as_text,
    parsed,
    unwatched,
)
from opendata.model.digest import KEY, content_digest
from opendata.model.layout import DESCRIPTOR, is_folder_digest, parts, plain
from opendata.package import lay_out
from opendata.publishing.changes import exposes
from opendata.publishing.plan import doubtful, to_withdraw

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from opendata.model import BuiltPackage, Candidate, Json, Watch


def lay_out_all(judged: Sequence[Candidate], out: Path, watch: Watch = unwatched) -> None:
    """Bring the folder `out` to what the candidates say: each that is ready at OUT/NAME, laid out as a site has it.

    Removed are editions whose package may no longer have them, and those that show what is withheld by now.

    Raises:
        ConflictError: a folder of that name in `out` is not ours; or, when all the rest is done, something stands
            there under the name of a package that may not be seen.
        BusyError: another run holds the folder.
        DiskError: it could not be written.
    """
    ready = [item.built for item in judged if item.built is not None]
    with files.lock(out):
        files.sweep(out)
        for folder in (*_outlived(judged, out), *_unfinished(judged, out), *_exposing(ready, out)):
            files.remove(folder)
    for number, built in enumerate(ready):
        watch("write", number, len(ready))
        lay_out(built, out)
    watch("write", len(ready), len(ready))
    for step in doubtful(judged, (), _state(out)):
        raise ConflictError(" ".join(step.changes), str(out / step.name), step.remedy)


def _outlived(judged: Sequence[Candidate], out: Path) -> Iterator[Path]:
    """Editions in `out` whose package may no longer have them: whoever hands the folder on must not hand on those."""
    not_asked = [item for item in judged if item.standing is Standing.NOT_FOR_TARGET]
    allowed = {(item.id, name) for item in not_asked for name in item.editions or ()}
    found = to_withdraw(judged, _state(out))
    yield from (out / item.name for item in found if (item.id, item.name) not in allowed)


def _state(out: Path) -> PortalState:
    found = [_before(path.parent) for path in sorted(out.glob(f"*/{DESCRIPTOR}"))]
    return PortalState(tuple(item for item in found if item is not None))


def _unfinished(judged: Iterable[Candidate], out: Path) -> Iterator[Path]:
    """What a killed run laid of a package without ever getting to its descriptor."""
    for name in sorted({item.published_name for item in judged}):
        home = out / name
        if files.safe_relative(name) and home.is_dir() and not home.is_symlink() and not (home / DESCRIPTOR).exists():
            held = list(home.iterdir())
            if held and all(is_folder_digest(item.name) or item.name.startswith(files.ASIDE) for item in held):
                yield home


def _exposing(ready: Iterable[BuiltPackage], out: Path) -> Iterator[Path]:
    """Editions in `out` that show what the new one withholds: the digest of before must not be kept beside it."""
    for built in ready:
        before = _before(out / built.name)
        if before is not None and before.id == built.id and exposes(before, built):
            yield out / built.name


def _before(folder: Path) -> PortalDataset | None:
    """What was built there, as far as its descriptor tells."""
    found = plain(_descriptor(folder / DESCRIPTOR))
    digest, identity = as_text(found.get(KEY)), as_text(found.get("opendata_id"))
    if digest is None or identity is None:
        return None
    held = tuple(PortalFile(part.path, None, None, "") for part in parts(found))
    intact = content_digest(found) == digest
    return PortalDataset(folder.name, identity, None, AccessLevel.OPEN, digest, held, intact, descriptor=found)


def _descriptor(path: Path) -> Json:
    try:
        return as_object(parsed(path.read_bytes()))
    except OSError:
        return {}
