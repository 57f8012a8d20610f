"""The publisher itself: the port's methods over a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from opendata import files
from opendata.errors import ConflictError, DiskError, PortalError
from opendata.messages import _
from opendata.model import (
    AccessLevel,
    Action,
    Limits,
    Outcome,
    PortalState,
    Probe,
    Sighting,
    entry,
    matches,
)
from opendata_site import index, looking, marker, placing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import BuiltPackage, Entry, PortalDataset, PortalFile, Step, Target
    from opendata_site.descriptor import Published


class SitePublisher:
    """Publishes to a folder. It can protect nothing from a visitor, so it takes open editions alone."""

    def __init__(self, target: Target) -> None:
        """Serve the folder at the target's location; nothing is read or made yet."""
        self._root = Path(target.location)

    @property
    def levels(self) -> frozenset[AccessLevel]:
        """Open data alone."""
        return frozenset({AccessLevel.OPEN})

    def owners(self) -> tuple[str, ...]:
        """None: whoever may write the folder may publish to it."""
        return ()

    def limits(self, packages: Sequence[BuiltPackage] = ()) -> Limits:  # noqa: ARG002 - the port's signature
        """A folder has none that are known before the disk is full; it is written by one run of work at a time."""
        return Limits(at_once=1)

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:
        """What the folder holds, every file compared; for a visitor the named datasets as declared.

        Raises:
            ConflictError: the folder holds something else.
            DiskError: it cannot be read.
        """
        held = marker.read(self._root)
        if held is None:
            return PortalState()
        withdrawn = frozenset(identity for identity in ids if held.knows(identity))
        if visitor:
            found = (looking.declared(self._root, name) for name in dict.fromkeys(names))
            return PortalState(tuple(item for item in found if item), withdrawn)
        asked = sorted({*names, *(name for name, _found in looking.everything(self._root))})
        datasets = (looking.compared(self._root, name) for name in asked)
        return PortalState(tuple(item for item in datasets if item), withdrawn, index.faults(self._root, held))

    def entries(self, words: str = "") -> Iterator[Entry]:
        """The datasets that match all words, by name; marks and đ do not matter.

        Raises:
            PortalError: there is no portal in this folder.
        """
        if marker.read(self._root) is None:
            raise PortalError(_("There is no portal in this folder."), str(self._root), _("Check the name."))
        for name, found in looking.public(self._root):
            line = entry(found.descriptor, name, found.level)
            if matches(line, words):
                yield line

    def open(self, file: PortalFile, start: int = 0) -> BinaryIO:
        """The bytes of a file from `start` on.

        Raises:
            DiskError: it is not there (any more), leads out of the folder, or cannot be read.
        """
        path = self._root / file.address
        if not self._inside(file.address) or not files.regular(path):
            raise DiskError(_("No such file or folder."), str(path), _("Check the name and the folder."))
        with files.disk(path):
            stream = path.open("rb")
            stream.seek(start)
        return stream

    def carry_out(self, step: Step) -> Outcome:
        """Do the step under the folder's lock, then read back what is there.

        Raises:
            ConflictError: the folder holds something else, or the dataset changed since the plan was made.
            PortalError: the disk failed, or bytes are not what they should be.
        """
        if step.action in {Action.KEEP, Action.CONFLICT}:
            return Outcome(step, verified=False)
        marker.read(self._root)
        with files.lock(self._root):
            held = marker.read(self._root) or marker.Marker()
            files.sweep(self._root)
            if step.built is None:
                return self._withdraw(step, held)
            sent = self._place(step, step.built, held)
            return _outcome(step, step.built, looking.compared(self._root, step.name), sent)

    def probe(self, name: str) -> Probe:
        """Where the folder still shows a dataset: its own folder, the index, files left aside.

        Raises:
            DiskError: the folder cannot be read.
        """
        path = self._root / name
        seen = [name] if path.is_symlink() or path.exists() else []
        seen += index.mentions(self._root, name)
        with files.disk(self._root):
            seen += sorted(item.name for item in self._root.glob(f"{files.ASIDE}*-{name}"))
        return Probe(name, tuple(seen))

    def examine(self, dataset: PortalDataset, *, quick: bool = False) -> tuple[str, ...]:  # noqa: ARG002 - same
        """Nothing: `look` compared every file, which are the same for whoever reads them, and told its faults."""
        return ()

    def finish(self) -> None:
        """Sweep what a killed run left aside, and bring the index up to date.

        Raises:
            ConflictError: the folder holds something else.
            DiskError: it could not be written.
        """
        if marker.read(self._root) is None:
            return
        with files.lock(self._root):
            files.sweep(self._root)
            index.refresh(self._root)

    def _withdraw(self, step: Step, held: marker.Marker) -> Outcome:
        current = looking.published(self._root, step.name)
        if (current.id if current else None) != step.id and looking.foreign(self._root, step.name):
            raise _moved_on(step)
        marker.write(self._root, held.with_withdrawn(step.id))
        files.remove(self._root / step.name)
        index.refresh(self._root)
        return Outcome(step, verified=not self.probe(step.name).seen)

    def _place(self, step: Step, built: BuiltPackage, held: marker.Marker) -> int:
        current = looking.published(self._root, step.name)
        if current is None and looking.foreign(self._root, step.name):
            raise _moved_on(step)
        if current is not None and not _expected(current, step, built):
            raise _moved_on(step)
        withdrawn_since = held.knows(built.id) and not step.reopen
        if withdrawn_since or (current is None and step.action is Action.UPDATE):
            raise _moved_on(step)
        marker.write(self._root, held.without_withdrawn(built.id))
        if current is None:
            return placing.place_new(self._root, built)
        if step.purge:
            return placing.place_anew(self._root, built)
        return placing.place_over(self._root, built, current)

    def _inside(self, address: str) -> bool:
        if not files.safe_relative(address):
            return False
        path = self._root / address
        with files.disk(path):
            return path.resolve().is_relative_to(self._root.resolve())


def _expected(current: Published, step: Step, built: BuiltPackage) -> bool:
    """True where the dataset is as the plan found it, or already what the step makes of it."""
    if current.id != built.id:
        return False
    done = current.intact and current.descriptor.get("opendata_digest") == built.digest
    return done or (step.before is not None and step.before.revision == current.revision)


def _outcome(step: Step, built: BuiltPackage, found: PortalDataset | None, sent: int) -> Outcome:
    """Verified where each file, read back, has the digest of the built one, and nothing else is wrong."""
    wanted = {file.path: file.sha256 for file in built.files}
    right = (
        found is not None
        and found.id == built.id
        and found.digest == built.digest
        and found.intact
        and not found.faults
        and {file.path: file.sha256 for file in found.files} == wanted
    )
    error = "" if right else _("What was read back is not what was to be there.")
    remedy = "" if right else _("Run the same command again.")
    seen = tuple(Sighting(file.path, file.sha256, file.sha256) for file in found.files) if found else ()
    return Outcome(step, verified=right, bytes=sent, error=error, remedy=remedy, sightings=seen)


def _moved_on(step: Step) -> ConflictError:
    what = _("The dataset changed on the portal after the plan was made.")
    return ConflictError(what, step.name, _("Run the same command again."))
