"""What was written, read back: as its owner, and as an anonymous visitor. Nothing else tells whether it is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.files import sha256_of
from opendata.messages import _
from opendata_ckan.answers import DeniedError, MissingError, PassingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model import BuiltPackage
    from opendata_ckan.connection import Connection
    from opendata_ckan.held import Held, HeldFile
    from opendata_ckan.sending import Parcel


class MismatchError(PassingError):
    """What was read back is not what was sent."""


class RefusedError(PassingError):
    """A visitor does not get what was made public."""


def as_owner(
    connection: Connection, found: Held | None, built: BuiltPackage, sent: Parcel
) -> tuple[Held, Mapping[str, str]]:
    """The dataset and the SHA-256 of each file, as its owner gets them; `found` is what the portal told of it last.

    Raises:
        MismatchError: it is not what was sent.
        PortalError: it could not be read.
    """
    if found is None or found.digest != built.digest or found.metadata != sent.metadata:
        raise mismatch(connection, built.name)
    return found, _digests(connection, found, sent.digests, visitor=False)


def as_visitor(connection: Connection, found: Held, built: BuiltPackage, sent: Parcel) -> Mapping[str, str]:
    """The SHA-256 of each file of an open dataset, as an anonymous visitor gets them; `found` as for the owner.

    Raises:
        MismatchError: it is not what was sent, or not public.
        RefusedError: a visitor is refused it.
        PortalError: it could not be read.
    """
    if found.private or found.digest != built.digest or found.metadata != sent.metadata:
        raise mismatch(connection, built.name)
    try:
        return _digests(connection, found, sent.digests, visitor=True)
    except (DeniedError, MissingError) as fault:
        what, remedy = _("A visitor is refused what was made public."), _("Run the same command again.")
        raise RefusedError(what, fault.where, remedy) from fault


def digest_of(connection: Connection, file: HeldFile, *, visitor: bool) -> str:
    """The SHA-256 of a file's bytes as they come from the portal.

    Raises:
        PortalError: it could not be read.
    """
    with connection.open(file.address, visitor=visitor) as stream:
        return sha256_of(stream)


def mismatch(connection: Connection, name: str) -> MismatchError:
    """The error that says so of a dataset on that portal."""
    what = _("What was read back is not what was to be there.")
    return MismatchError(what, f"{connection.address} {name}", _("Run the same command again."))


def _digests(connection: Connection, found: Held, wanted: Mapping[str, str], *, visitor: bool) -> Mapping[str, str]:
    if {file.path for file in found.files} != wanted.keys() or not all(file.stored for file in found.files):
        raise mismatch(connection, found.name)
    return {file.path: _right(connection, found.name, file, wanted[file.path], visitor=visitor) for file in found.files}


def _right(connection: Connection, name: str, file: HeldFile, wanted: str, *, visitor: bool) -> str:
    """The digest that it has, read once more where it is another: the way back may have been at fault."""
    if wanted not in (digest_of(connection, file, visitor=visitor) for _try in range(2)):
        raise mismatch(connection, f"{name}: {file.path}")
    return wanted
