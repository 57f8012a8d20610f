"""What of the portal somebody has to look at, because no step of ours can put it right, or can tell that it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import PortalNote
from opendata_ckan.held import Stage

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from opendata_ckan.held import Held


def shells(ours: Iterable[Held]) -> Iterator[PortalNote]:
    """Of datasets of `ours` that were withdrawn, as they say, those that are not what that leaves."""
    for item in ours:
        if item.id and item.stage is Stage.WITHDRAWN and not (item.is_shell and not item.foreign):
            yield PortalNote(item.name, item.id, _not_empty(item))


def elsewhere(found: Iterable[Held], ours: Collection[Held], ids: Collection[str]) -> Iterator[PortalNote]:
    """What carries an id of `ours`, or one of these `ids`, where we may not write: it was moved there, or copied.

    No more than a note comes of it, since anybody may give any dataset of their own any id.
    """
    wanted, reached = {*ids, *(item.id for item in ours)}, {item.key for item in ours}
    for item in found:
        if item.id and item.id in wanted and item.key not in reached:
            what = _(
                "It has the id of a dataset of yours, but is in the organisation {there}, which you may not write to."
            )
            remedy = _("If it is yours and was moved, ask whoever keeps the portal to move it back or to remove it.")
            yield PortalNote(item.name, item.id, f"{what.format(there=item.owner or '–')} {remedy}")


def _not_empty(item: Held) -> str:
    if item.is_shell:
        names = ", ".join(str(file.told.get("name") or file.id) for file in item.foreign)
        return _("It was withdrawn; others put files there since: {names}").format(names=names)
    return _("It is marked as withdrawn, yet it can be seen or holds files.")
