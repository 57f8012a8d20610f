"""One dataset looked over: its bytes, other people's files, and what an anonymous visitor sees of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import AccessLevel
from opendata_ckan import shelf
from opendata_ckan.answers import DeniedError, MissingError
from opendata_ckan.held import Stage
from opendata_ckan.patience import patiently
from opendata_ckan.probing import probe
from opendata_ckan.reading_back import digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata_ckan.connection import Connection
    from opendata_ckan.held import Held, HeldFile


def examine(connection: Connection, found: Held, *, quick: bool) -> tuple[str, ...]:
    """What is wrong with a dataset of ours, each in a sentence. `quick`: sizes are compared, not bytes.

    Raises:
        PortalError: the portal cannot be read.
    """
    return tuple(patiently(lambda: [*_files(connection, found, quick=quick), *_visible(connection, found)]))


def _files(connection: Connection, found: Held, *, quick: bool) -> Iterator[str]:
    is_open = found.level is AccessLevel.OPEN and not found.private
    for file in found.files:
        yield from _file(connection, file, visitor=False, quick=quick)
        if is_open:
            yield from _file(connection, file, visitor=True, quick=quick)
    for file in found.foreign:
        yield _("A file that this program did not publish: {name}").format(name=file.told.get("name") or file.id)


def _file(connection: Connection, file: HeldFile, *, visitor: bool, quick: bool) -> Iterator[str]:
    if not file.stored:
        return  # the look told so
    try:
        if quick:
            right = connection.size(file.address, visitor=visitor) in {None, file.bytes}
        else:
            right = digest_of(connection, file, visitor=visitor) == file.sha256
    except (DeniedError, MissingError):
        who = _("A visitor does not get the file {path}.") if visitor else _("The file {path} cannot be read.")
        yield who.format(path=file.path)
        return
    if not right:
        what = _("A visitor gets other bytes of {path}.") if visitor else _("The bytes of {path} are others.")
        yield what.format(path=file.path)


def _visible(connection: Connection, found: Held) -> Iterator[str]:
    if found.level is AccessLevel.OPEN and found.stage in {Stage.LIVE, Stage.SETTLING}:
        if shelf.one(connection, found.name, visitor=True) is None:
            yield _("It is open, but a visitor does not see it.")
        return
    if seen := probe(connection, found.name, found).seen:
        yield _("A visitor can see what is not open: {place}").format(place=", ".join(seen))
