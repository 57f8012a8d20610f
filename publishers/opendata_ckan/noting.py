"""What of the portal somebody has to look at, because no step of ours can put it right, or can tell that it may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import PortalNote
from opendata_ckan.held import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from opendata_ckan.held import Held


def notes(ours: Iterable[Held]) -> Iterator[PortalNote]:
    """What is odd about `ours`: of datasets that were withdrawn, as they say, those that are not what that leaves."""
    for item in ours:
        if item.id and item.stage is Stage.WITHDRAWN and not (item.is_shell and not item.foreign):
            yield PortalNote(item.name, item.id, _not_empty(item))


def _not_empty(item: Held) -> str:
    if item.is_shell:
        names = ", ".join(str(file.told.get("name") or file.id) for file in item.foreign)
        return _("It was withdrawn; others put files there since: {names}").format(names=names)
    return _("It is marked as withdrawn, yet it can be seen or holds files.")
