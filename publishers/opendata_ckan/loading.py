"""The portal's loader, which makes tables of CSVs: it is asked to, and not written over while it is at work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opendata import files
from opendata.model import as_object, as_text
from opendata_ckan import shelf
from opendata_ckan.answers import DeniedError, MissingError, NoActionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from opendata.model import BuiltPackage
    from opendata_ckan.connection import Connection
    from opendata_ckan.held import Held, HeldFile
    from opendata_ckan.terms import Portal

LONGEST = 120.0
"""Seconds that loads are waited for; what they then take of ours is put right at the next run."""
IDLE = 3.0
"""Seconds without any getting on after which a loader is taken to be away, where it says nothing of our files."""
QUEUED = 30.0
"""The same where it says that one of them is in its queue: others may be before it, on a portal that is busy."""
PAUSE = 0.5
CSV = ".csv"
AT_WORK = frozenset({"running", "running_but_viewable"})
IN_QUEUE = frozenset({"submitting", "pending"})
"""What a loader says of a file that it is loading, and of one that it will load."""


def ask(connection: Connection, portal: Portal, found: Held) -> None:
    """Have the CSVs loaded that came to a dataset later: of those the loader gets no word from the portal.

    Raises:
        PortalError: the portal failed.
    """
    for file in found.files if portal.loader else ():
        if file.path.endswith(CSV) and not file.loaded:
            connection.call(f"{_actions(portal)}_submit", {"resource_id": file.id})


def wait(connection: Connection, portal: Portal, found: Held) -> None:
    """Wait while a table of the dataset is being loaded: at its end the loader writes the dataset as it read it.

    Raises:
        PortalError: the portal failed.
    """
    end = time.monotonic() + LONGEST
    for file in found.files if portal.loader else ():
        while file.path.endswith(CSV) and file.stored and _runs(connection, portal, file) and time.monotonic() < end:
            time.sleep(PAUSE)


def settle(connection: Connection, portal: Portal, placed: Mapping[str, BuiltPackage], since: float) -> None:
    """Wait until the loader is done with all tables that were placed, as long as it gets on or says that it will.

    It is done with one where the resource's `hash` is the MD5 of the bytes, which it writes last. `since` is when the
    first was placed, by `time.monotonic`.

    Raises:
        PortalError: the portal failed.
    """
    wanted = {name: dict(_sums(built)) for name, built in placed.items()}
    over: set[str] = set()
    left, moved, end = -1, since, time.monotonic() + LONGEST
    while time.monotonic() < end:
        waiting = [file for item in shelf.named(connection, list(wanted)) for file in _waiting(item, wanted[item.name])]
        if len(waiting) != left:
            moved = since if left < 0 and len(waiting) == sum(map(len, wanted.values())) else time.monotonic()
        left = len(waiting)
        if not waiting:
            return
        idle = time.monotonic() - moved
        if idle > IDLE and not _will(connection, portal, (file for file in waiting if file.id not in over), idle, over):
            return
        time.sleep(PAUSE)


def _sums(built: BuiltPackage) -> Iterator[tuple[str, str]]:
    yield from ((file.path, files.md5(file.source)) for file in built.files if file.path.endswith(CSV))


def _waiting(found: Held, sums: Mapping[str, str]) -> Iterator[HeldFile]:
    yield from (file for file in found.files if file.path in sums and file.told.get("hash") != sums[file.path])


def _will(connection: Connection, portal: Portal, waiting: Iterable[HeldFile], idle: float, over: set[str]) -> bool:
    """True where the loader is at work on one of the files, or has one in its queue and was not `idle` for too long.

    The files of which it says neither go into `over`: what it ended with is not asked again.
    """
    for file in waiting:
        status = _status(connection, portal, file)
        if status in AT_WORK or (status in IN_QUEUE and idle <= QUEUED):
            return True
        if status not in IN_QUEUE:
            over.add(file.id)
    return False


def _runs(connection: Connection, portal: Portal, file: HeldFile) -> bool:
    return _status(connection, portal, file) in AT_WORK


def _status(connection: Connection, portal: Portal, file: HeldFile) -> str | None:
    """What the loader says of its work on a file; None where it says nothing."""
    try:
        told = connection.call(f"{_actions(portal)}_status", {"resource_id": file.id})
    except (MissingError, DeniedError, NoActionError):
        return None
    return as_text(as_object(told).get("status"))


def _actions(portal: Portal) -> str:
    """How the loader's actions begin: datapusher_plus keeps those of datapusher."""
    return (portal.loader or "").partition("_")[0]
