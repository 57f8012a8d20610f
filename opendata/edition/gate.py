"""The gate: which editions a package may have, and what stops one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from opendata.edition.withholding import shows_more
from opendata.errors import GateError
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import AccessLevel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Dataset

SHARED_SUFFIX = "--shared"


def published_name(name: str, level: AccessLevel) -> str:
    """The name under which an edition is published.

    >>> published_name("paddy", AccessLevel.OPEN), published_name("paddy", AccessLevel.SHARED)
    ('paddy', 'paddy--shared')
    """
    return name + SHARED_SUFFIX if level is AccessLevel.SHARED else name


def levels(dataset: Dataset) -> tuple[AccessLevel, ...]:
    """The editions that a package may have: open, and shared where it shows more; none above that.

    Whether one can really be made, `outline` tells.
    """
    if dataset.level is AccessLevel.SHARED:
        return (AccessLevel.SHARED,)
    if dataset.level is not AccessLevel.OPEN:
        return ()
    return (AccessLevel.OPEN, AccessLevel.SHARED) if shows_more(dataset) else (AccessLevel.OPEN,)


def admit(dataset: Dataset, level: AccessLevel) -> None:
    """Let an edition of that level through, judged by what the package declares.

    Raises:
        GateError: no level, one that forbids it, a lowering without review, or nothing that the open one lacks.
    """
    where = str(dataset.folder / DESCRIPTOR)
    if not level.published:
        what = _("Data of the level {level} is never published.").format(level=level.value)
        raise GateError(what, where, _("Ask for the open or the shared edition."))
    if dataset.declared is None:
        what = _("The package {name} is internal, because no access level is given.").format(name=dataset.name)
        raise GateError(what, where, _how_to_lower(level))
    if level < dataset.level:
        what = _("The package {name} is declared {declared}: it has no {level} edition.").format(
            name=dataset.name, declared=dataset.declared.value, level=level.value
        )
        raise GateError(what, where, _how_to_lower(level))
    _reviewed(dataset, where)
    if level not in levels(dataset):
        what = _("The shared edition of {name} would show no more than the open one.").format(name=dataset.name)
        raise GateError(what, where, _("Publish the open edition."))


def _reviewed(dataset: Dataset, where: str) -> None:
    missing = ", ".join(_unreviewed(dataset))
    if missing:
        what = _("The package {name} is declared {level} without a review: {missing} is missing.").format(
            name=dataset.name, level=dataset.level.value, missing=missing
        )
        raise GateError(what, where, _how_to_lower(dataset.level))


def _unreviewed(dataset: Dataset) -> Iterator[str]:
    review = dataset.review
    said = {"reviewedBy": review.by, "reviewedOn": review.on, "reason": review.reason}
    yield from (key for key, text in said.items() if not any(map(str.isalnum, text or "")))
    day = review.on or ""
    if day > (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).date().isoformat():  # the day begins earlier in the east
        yield "reviewedOn"


def _how_to_lower(level: AccessLevel) -> str:
    example = f'"access": {{"level": "{level.value}", "reviewedBy": "…", "reviewedOn": "2026-01-31", "reason": "…"}}'
    return _("If it may be published, have it reviewed and write in the descriptor: {example}").format(example=example)
