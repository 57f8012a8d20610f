"""Data older than the workbook or the recipe that makes it is told, never overwritten in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.errors import DataError, StaleError
from opendata.messages import _
from opendata.model import Finding, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Dataset, Origin

CODE = "stale-data"


def stale(dataset: Dataset) -> tuple[Finding, ...]:
    """A finding for each table whose source or recipe is not the one that it was last made from."""
    return tuple(_findings(dataset))


def refuse_stale(dataset: Dataset) -> None:
    """Let data pass that is as new as its source.

    Raises:
        StaleError: a table is older than its source file or its recipe.
    """
    for finding in stale(dataset):
        raise StaleError(finding.message, finding.place.path or "", finding.remedy)


def _findings(dataset: Dataset) -> Iterator[Finding]:
    for resource in dataset.resources:
        if resource.origin is not None:
            yield from _of_table(dataset, resource.name, resource.origin)


def _of_table(dataset: Dataset, table: str, origin: Origin) -> Iterator[Finding]:
    from opendata.sources import origin_digests

    place = Place(path=origin.path)
    try:
        found = origin_digests(dataset.folder, origin)
    except DataError as fault:
        yield Finding(CODE, place, fault.what, fault.remedy)
        return
    if found != (origin.source_digest, origin.recipe_digest):
        message = _("The table {table} is older than its source {source} or the recipe that makes it.")
        remedy = _('Run: opendata update "{package}"').format(package=dataset.folder)
        yield Finding(CODE, place, message.format(table=table, source=origin.path), remedy)
