"""Bringing a dataset to an edition, from whatever a run of ours, killed anywhere, left of it.

New: created private with stubs of its resources; filled by one revision that carries bytes, digests and metadata;
read back; revealed. Changed: one revision in place, so that ids and addresses stay. Each write but the first is a
compare-and-swap. What may no longer be seen goes first.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.errors import ConflictError, PortalError
from opendata.messages import _
from opendata.model import AccessLevel, Action, Sighting
from opendata_ckan import loading, reading_back, removing, sending, shelf
from opendata_ckan.answers import InvalidError, MissingError, PassingError
from opendata_ckan.held import Held, Stage, held
from opendata_ckan.mapping import Terms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from opendata.model import BuiltPackage, Step
    from opendata_ckan.connection import Connection
    from opendata_ckan.revising import Revision
    from opendata_ckan.sending import Parcel
    from opendata_ckan.terms import Portal

SWAPS = 8
"""How often a dataset is revealed anew where only a loader's work moved its date meanwhile."""


class ChangedError(PassingError):
    """Somebody else wrote to the dataset since it was read."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a step is done: the connection, the portal, and where a new dataset belongs."""

    connection: Connection
    portal: Portal
    owner: str
    groups: Sequence[str]


def place(desk: Desk, step: Step, built: BuiltPackage, found: Held | None, *, again: bool) -> tuple[Sighting, ...]:
    """Bring the dataset to `built` from what was `found` of it, and return what was read back.

    `again`: what was sent before was read back wrong, so all files are sent anew.

    Raises:
        ConflictError: it is another dataset, or somebody changed it since the plan was made.
        PassingError: a try more may help.
        PortalError: the portal failed, or does not let us.
    """
    if not _expected(step, built, found):
        raise _moved_on(step)
    found = _cleared(desk, step, built, found) or _create(desk, built)
    sent = sending.parcel(built, found, desk.portal.site, Terms(loader=desk.portal.loader is not None))
    with _hidden_where_mixed(desk, found):
        return _brought(desk, built, found, sent, again=again)


def _brought(desk: Desk, built: BuiltPackage, found: Held, sent: Parcel, *, again: bool) -> tuple[Sighting, ...]:
    """Filled, read back, revealed where it is open, and read back as a visitor."""
    told: Held | None
    if again or not _filled(found, built, sent):
        loading.wait(desk.connection, desk.portal, found)
        told = _revise(desk, sending.filling(found, built, sent, desk.groups, everything=again))
    else:
        told = shelf.one(desk.connection, found.key)
    whole, owner = reading_back.as_owner(desk.connection, told, built, sent)
    whole = _ordered(desk, whole, sending.order(sent))
    is_open = built.level is AccessLevel.OPEN
    if whole.stage is not Stage.LIVE or whole.private is is_open or whole.gone:
        whole = _settle(desk, whole, private=not is_open)
    visitor = _as_visitor(desk, whole, built, sent) if is_open else {}
    return tuple(Sighting(path, digest, visitor.get(path)) for path, digest in owner.items())


def _as_visitor(desk: Desk, whole: Held, built: BuiltPackage, sent: Parcel) -> Mapping[str, str]:
    """Read back as a visitor; where one is refused, only once no loader is at work any more.

    One that read the dataset before it was revealed hides it again at its end, and would do so at the next try too.
    """
    try:
        return reading_back.as_visitor(desk.connection, whole, built, sent)
    except reading_back.RefusedError:
        loading.wait(desk.connection, desk.portal, whole)
        raise


@contextlib.contextmanager
def _hidden_where_mixed(desk: Desk, found: Held) -> Iterator[None]:
    """Hide a public dataset where what is done fails in its midst, and say so as long as it is hidden.

    Where that cannot be done either, the failure itself is what is told.
    """
    try:
        yield
    except ChangedError:
        raise
    except PassingError as fault:
        hidden = found.stage is Stage.HIDDEN
        with contextlib.suppress(PortalError):
            hidden = hidden or (not found.private and removing.hide_mixed(desk.connection, desk.portal, found.key))
        if hidden:
            fault.what += " " + _("The dataset is hidden until it is published again.")
        raise


def _expected(step: Step, built: BuiltPackage, found: Held | None) -> bool:
    """True where the dataset is as the plan found it, or on the way from there to what the step makes of it."""
    if found is None:
        return step.action is Action.CREATE or step.reopen or step.purge
    if found.id != built.id:
        return False
    if found.stage in {Stage.WITHDRAWING, Stage.WITHDRAWN}:
        return step.reopen
    if found.digest is None:
        return found.stage is Stage.NEW
    known = {built.digest, step.before.digest if step.before else None}
    ours = found.intact and found.editions <= known  # as we left it, a part of it perhaps lost again by the portal
    return ours or (step.before is not None and step.before.revision == found.revision)


def _cleared(desk: Desk, step: Step, built: BuiltPackage, found: Held | None) -> Held | None:
    """The dataset without what may no longer be seen; None where there is none, or none that may be made public.

    One that was withdrawn is never made public again, nor one that was never public and holds what may not be seen:
    their history would be public with them. A new one takes the place.
    """
    if found is None:
        return None
    if found.digest == built.digest and found.stage is not Stage.WITHDRAWN:
        return _private_if_not_open(desk, built, found)
    if found.stage in {Stage.WITHDRAWING, Stage.WITHDRAWN} or (
        step.purge and found.stage is Stage.NEW and found.digest
    ):
        removing.discard(desk.connection, desk.portal, found)
        return None
    if step.purge and found.stage is not Stage.NEW:
        return _hide(desk, found)
    return _private_if_not_open(desk, built, found)


def _private_if_not_open(desk: Desk, built: BuiltPackage, found: Held) -> Held:
    if built.level is AccessLevel.OPEN or found.private:
        return found
    return removing.hide(desk.connection, desk.portal, found, found.stage)


def _hide(desk: Desk, found: Held) -> Held:
    """Nobody but its owner sees it any more, nor its tables."""
    hidden = found if found.private else removing.hide(desk.connection, desk.portal, found, Stage.HIDDEN)
    removing.unload(desk.connection, desk.portal, hidden.files)
    return hidden


def _create(desk: Desk, built: BuiltPackage) -> Held:
    shell = sending.shell(built, desk.owner, desk.groups)
    try:
        return held(desk.connection.call("package_create", shell), built.name)
    except InvalidError as fault:
        if "name" not in fault.fields:
            raise
        if shelf.one(desk.connection, built.name) is None:
            raise _taken(built.name) from None
        raise _changed(built.name) from None  # another run was first: look at what it made


def _filled(found: Held, built: BuiltPackage, sent: Parcel) -> bool:
    """True where the dataset says that it holds exactly what would be sent."""
    told = {file.path: file.sha256 for file in found.files if file.stored}
    return found.digest == built.digest and found.metadata == sent.metadata and told == sent.digests


def _ordered(desk: Desk, found: Held, order: Sequence[str]) -> Held:
    """The dataset with its files in that order where some were added: a revision adds at the end.

    The order of a dataset that is as it should be is left to whoever changed it.
    """
    if found.stage is Stage.LIVE or [file.id for file in found.files] == order:
        return found
    try:
        desk.connection.call("package_resource_reorder", {"id": found.key, "order": list(order)})
    except (InvalidError, MissingError):  # one of them, or the dataset, is gone since it was read
        raise _changed(found.name) from None
    return _still(desk, found)


def _settle(desk: Desk, found: Held, *, private: bool) -> Held:
    """Reveal it where it is open, and end what remains to be done."""
    removing.unload(desk.connection, desk.portal, found.gone)
    if found.stage in {Stage.SETTLING, Stage.HIDDEN}:
        loading.ask(desk.connection, desk.portal, found)
    for _try in range(SWAPS):
        try:
            return _revise(desk, sending.settling(found, private=private))
        except ChangedError:
            found = _still(desk, found)
    raise _changed(found.name)


def _still(desk: Desk, before: Held) -> Held:
    """The dataset read anew, where nothing that was read back has changed: only a loader wrote what it loaded."""
    found = shelf.one(desk.connection, before.key)
    if found is None or found.revision != before.revision or _stored(found) != _stored(before):
        raise _changed(before.name)
    return found


def _stored(found: Held) -> dict[str, object]:
    return {file.id: file.told.get("last_modified") for file in found.files}


def _revise(desk: Desk, revision: Revision) -> Held:
    """Carry a revision out.

    Raises:
        PassingError: the dataset is no longer as it was read; or a try more may help.
        PortalError: the portal failed, or does not let us.
    """
    name = str(revision.match["id"])
    try:
        if revision.uploads:
            told = desk.connection.send("package_revise", revision.fields(), revision.uploads)
        else:
            told = desk.connection.show("package_revise", revision.data())
    except InvalidError as fault:
        if "match" in fault.fields:
            raise _changed(name) from None
        raise
    except MissingError:  # the dataset, or a file of it, is gone since it was read
        raise _changed(name) from None
    return held(told.get("package"), name)


def _moved_on(step: Step) -> ConflictError:
    what = _("The dataset changed on the portal after the plan was made.")
    return ConflictError(what, step.name, _("Run the same command again."))


def _changed(name: str) -> ChangedError:
    what = _("The dataset is being changed by others at this moment.")
    return ChangedError(what, name, _("Run the same command again."))


def _taken(name: str) -> ConflictError:
    what = _("The name is taken on the portal by a dataset that this token may not see.")
    remedy = _("Give the package another name, or have the other one removed from the portal.")
    return ConflictError(what, name, remedy)
