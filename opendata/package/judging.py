"""All tables of a package, opened and checked: each against its schema and the tables that its keys point into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.errors import DataError, SourceError
from opendata.model import Finding, Reference, Report
from opendata.schema import LIMIT, unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from opendata.model import Checked, Dataset, ForeignKey, Resource, Sink, Table

    Find = Callable[[ForeignKey], Reference | None]


@dataclass(frozen=True, slots=True)
class Opened:
    """A table ready to be checked, with the tables that its keys point into, as far as they were found."""

    resource: Resource
    table: Table
    references: tuple[Reference, ...]


def open_tables(dataset: Dataset, find: Find) -> tuple[tuple[Opened, ...], Report]:
    """Open every table of the package, withheld ones too; the report tells which could not be opened.

    `find` looks up a table of another package, None where there is none.
    """
    tables: dict[str, Table] = {}
    findings: list[Finding] = []
    for resource in dataset.resources:
        opened = _open(dataset, resource) if resource.tabular else None
        if isinstance(opened, Finding):
            findings.append(opened)
        elif opened is not None:
            tables[resource.name] = opened
    ready = [
        Opened(resource, tables[resource.name], _references(resource, tables, find))
        for resource in dataset.resources
        if resource.name in tables
    ]
    return tuple(ready), Report(tuple(findings))


def judge(
    opened: Sequence[Opened], sinks: Mapping[str, Sink], limit: int = LIMIT
) -> tuple[tuple[Checked, ...], Report]:
    """Check each table in one pass, through its sink where it has one; all that was found is in one report.

    The check of a table stops at `limit` findings.

    Where anything was found the sinks are worthless: what they wrote is not the whole package.
    """
    checked: list[Checked] = []
    reports: list[Report] = []
    for item in opened:
        wanted = (sinks[item.resource.name],) if item.resource.name in sinks and not reports else ()
        outcome = _check(item, wanted, limit)
        if isinstance(outcome, Report):
            reports.append(outcome)
        else:
            checked.append(outcome)
    return tuple(checked), Report.together((*(item.report for item in checked), *reports))


def _open(dataset: Dataset, resource: Resource) -> Table | Finding:
    from opendata.sources import open_resource

    try:
        return open_resource(dataset, resource)
    except DataError as fault:
        return unreadable(fault, resource.name)


def _check(item: Opened, sinks: Sequence[Sink], limit: int) -> Checked | Report:
    from opendata.schema import check, with_rows

    try:
        return with_rows(check(item.table, item.references, sinks, limit=limit))
    except SourceError as fault:
        return Report((unreadable(fault, item.resource.name),), complete=False)


def _references(resource: Resource, tables: Mapping[str, Table], find: Find) -> tuple[Reference, ...]:
    own = {key.resource: tables[key.resource] for key in resource.keys if not key.package and key.resource in tables}
    found = [find(key) for key in resource.external_keys]
    inner = [Reference(None, name, table) for name, table in own.items()]
    return (*inner, *(reference for reference in found if reference is not None))
