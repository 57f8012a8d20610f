"""Removing from the portal what may no longer be seen: private at once, then the bytes, then the tables."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opendata.errors import ConflictError
from opendata.messages import _
from opendata_ckan import loading, sending, shelf
from opendata_ckan.answers import MissingError, NoActionError
from opendata_ckan.held import Held, Stage, held
from opendata_ckan.reading_back import digest_of, mismatch

TRIES = 4
"""How often a dataset is made private anew where a loader's end undid that in the search index."""
LOOKS, PAUSE = 2, 0.5
"""How often it is looked, so many seconds apart: a write that the portal is still at looks like one that failed."""

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opendata.model import Json, Step
    from opendata_ckan.connection import Connection
    from opendata_ckan.held import HeldFile
    from opendata_ckan.terms import Portal


def withdraw(connection: Connection, portal: Portal, step: Step, found: Held | None) -> None:
    """Leave of the dataset an empty, private shell that remembers its id; nothing where it is gone altogether.

    Raises:
        ConflictError: another dataset stands under its name by now.
        PassingError: a try more may help.
        PortalError: the portal failed, or does not let us.
    """
    if found is None:
        return
    if found.id != step.id:
        what = _("The dataset changed on the portal after the plan was made.")
        raise ConflictError(what, step.name, _("Run the same command again."))
    if not found.private or found.stage not in {Stage.WITHDRAWING, Stage.WITHDRAWN}:
        found = hide(connection, portal, found, Stage.WITHDRAWING)
    _empty(connection, portal, found)
    left = shelf.ours(connection, found.key)
    if left is None or not left.private or left.stage is not Stage.WITHDRAWN or left.files or left.gone:
        raise mismatch(connection, step.name)


def discard(connection: Connection, portal: Portal, found: Held) -> None:
    """Remove a private dataset, its bytes and tables first, so that a new one can take its name.

    Raises:
        ConflictError: others have put files there.
        PortalError: the portal failed, or does not let us.
    """
    if found.foreign:
        names = ", ".join(str(file.told.get("name") or file.id) for file in found.foreign)
        what = _("The dataset holds files that this program did not publish: {names}").format(names=names)
        raise ConflictError(what, found.name, _("Remove them on the portal, then run the same command again."))
    _empty(connection, portal, found)
    connection.call("package_delete", {"id": found.key})


def hide(connection: Connection, portal: Portal, found: Held, stage: Stage) -> Held:
    """Make a dataset private, in the search index too, and return it so.

    A loader that ends at that moment can bring the index back to what it was: then it is done once more.

    Raises:
        PassingError: visitors still find it.
        PortalError: the portal failed, or does not let us.
    """
    for _try in range(TRIES):
        hidden = _patch(connection, sending.hiding(_fresh(connection, found), stage))
        loading.wait(connection, portal, hidden)
        if all(item.private for item in shelf.named(connection, [hidden.name])):
            return _fresh(connection, hidden)
    raise mismatch(connection, found.name)


def hide_mixed(connection: Connection, portal: Portal, key: str) -> bool:
    """Make a public dataset private where its bytes are not those that it tells of; True where that was so.

    A portal that fails in the midst of a write (its disk is full, say) keeps the files that came and forgets the rest.

    Raises:
        PortalError: the portal failed, or does not let us.
    """
    for look in range(1, LOOKS + 1):
        found = shelf.ours(connection, key)
        if found is None or found.private or all(_as_told(connection, file) for file in found.files):
            return False
        if look == LOOKS:
            hide(connection, portal, found, Stage.HIDDEN)
        else:
            time.sleep(PAUSE)
    return True


def _as_told(connection: Connection, file: HeldFile) -> bool:
    return not file.stored or digest_of(connection, file, visitor=True) == file.sha256


def unload(connection: Connection, portal: Portal, files: Iterable[HeldFile]) -> None:
    """Delete the tables that a loader made of these files, whether the portal tells of them or not.

    Raises:
        PortalError: the portal failed, or does not let us.
    """
    for file in files if portal.datastore else ():
        try:
            connection.call("datastore_delete", {"resource_id": file.id, "force": True})
        except (MissingError, NoActionError):
            continue


def _fresh(connection: Connection, found: Held) -> Held:
    """The dataset as it is now: a patch sends whole lists, and what others added to them since is not to be lost.

    Raises:
        PassingError: it is gone.
    """
    fresh = shelf.ours(connection, found.key)
    if fresh is None:
        raise mismatch(connection, found.name)
    return fresh


def _empty(connection: Connection, portal: Portal, found: Held) -> None:
    """Bytes, then tables, and only then what tells of them."""
    if found.files or found.gone:
        found = _patch(connection, sending.emptying(found))
        unload(connection, portal, found.gone)
    if found.stage is not Stage.WITHDRAWN or found.gone:
        _patch(connection, sending.forgetting(found))


def _patch(connection: Connection, patch: Json) -> Held:
    return held(connection.call("package_patch", patch), str(patch["id"]))
