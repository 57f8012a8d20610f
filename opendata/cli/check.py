"""`opendata check`: is the data what its schema says?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.api.checking import layout_of
from opendata.cli import status
from opendata.cli.findings import SHOWN, show_findings
from opendata.cli.options import PATH, common
from opendata.cli.output import document, line
from opendata.cli.progress import progress
from opendata.errors import SourceError, UsageError
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import Report
from opendata.schema import LIMIT, unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json, Ways
    from opendata.sources import Layout

SCHEMA = _("A Table Schema for a bare file: a path, or a sector schema such as agriculture/paddy-by-province@1.0.")

SHEET = _("The sheet of a bare workbook; the first unless told otherwise.")

DIALECT = _(
    "The Table Dialect of bare files, a path or JSON. Unless told otherwise, delimiter and header are looked for."
)

ENCODING = _("The encoding of bare files, such as cp1258. Unless told otherwise it is looked for.")

ENOUGH = _(
    "Stop the check of a table at so many findings, and print all of them. Unless told otherwise it stops at {enough}, "
    "and the first {shown} are printed."
).format(enough=LIMIT, shown=SHOWN)


EXPLAIN = _("Say for each table how many rows were proven clean, and how many frictionless had to judge.")


@click.command("check", help=_("Check packages, catalogues or bare files."))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PATH)
@click.option("--schema", metavar="SCHEMA", help=SCHEMA)
@click.option("--sheet", metavar="NAME", help=SHEET)
@click.option("--dialect", metavar="DIALECT", help=DIALECT)
@click.option("--encoding", metavar="NAME", help=ENCODING)
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help=ENOUGH)
@click.option("--explain", is_flag=True, help=EXPLAIN)
@common
def command(
    paths: tuple[Path, ...],
    schema: str | None,
    sheet: str | None,
    dialect: str | None,
    encoding: str | None,
    limit: int | None,
    explain: bool,
    *,
    machine: bool,
) -> int:
    """Check each path and print what was found, before the next is looked at."""
    told: list[Json] = []
    valid = True
    for path in paths:
        layout: Layout | None = None
        try:
            layout = _layout(path, schema, sheet, dialect, encoding)
            with progress(machine=machine) as watch:
                report = api.check(path, schema, watch, sheet=sheet, layout=layout, limit=limit)
        except SourceError as fault:  # of one file alone: the others are checked all the same
            report = Report((unreadable(fault, str(path)),), complete=False)
        valid = valid and report.valid
        told.append(_to_json(path, report, layout))
        if not machine:
            if layout and report.ways:
                _say(path, layout)
            _show(path, report, SHOWN if limit is None else len(report.findings))
            for ways in report.ways if explain else ():
                _explain(ways)
    if machine:
        document(told)
    return status.DONE if valid else status.WANTING


def _show(path: Path, report: Report, most: int) -> None:
    show_findings(report.findings, most)
    if report.valid:
        line(_("{path}: nothing found wrong (rows: {rows}).").format(path=path, rows=report.rows))
        return
    said = _("{path}: findings: {count}") if report.complete else _("{path}: findings: at least {count}")
    line(said.format(path=path, count=len(report.findings)))


def _explain(ways: Ways) -> None:
    """Say which way the rows of a table went."""
    proven = ways.rows - ways.judged
    said = _("{table}: rows proven clean: {proven}; rows judged by frictionless: {judged}")
    line(said.format(table=ways.table, proven=proven, judged=ways.judged))
    for name, count in ways.cells.items():
        if count:
            line("  " + _("{field}: cells that frictionless had to read: {count}").format(field=name, count=count))


def _layout(
    path: Path, schema: str | None, sheet: str | None, dialect: str | None, encoding: str | None
) -> Layout | None:
    """How a bare file is read; None for what is none."""
    if schema is not None and path.is_file() and path.name != DESCRIPTOR:
        return layout_of(path, schema, sheet, dialect=dialect, encoding=encoding)
    if path.exists() and (dialect is not None or encoding is not None):
        remedy = _("Leave --dialect and --encoding out: a package says itself how its files are to be read.")
        raise UsageError(_("They are for a bare file with --schema alone."), str(path), remedy)
    return None


def _say(path: Path, layout: Layout) -> None:
    """Say how a bare file is understood: whoever knows better can then say so, by --dialect and --encoding."""
    line(_("{path} is read as: {layout}").format(path=path, layout=_told(layout)))
    for note in layout.notes:
        line(f"  {note}")


def _told(layout: Layout) -> str:
    parts = [layout.kind, layout.encoding]
    if layout.sheet is not None:
        parts.append(_("sheet {name}").format(name=layout.sheet))
    if layout.header_row is not None:
        parts.append(_("header in row {number}").format(number=layout.header_row))
    return ", ".join(part for part in parts if part)


def _to_json(path: Path, report: Report, layout: Layout | None) -> Json:
    from opendata.schema import finding_to_json

    return {
        "path": str(path),
        **({"layout": _layout_to_json(layout)} if layout else {}),
        "valid": report.valid,
        "rows": report.rows,
        "complete": report.complete,
        "ways": [_ways_to_json(ways) for ways in report.ways],
        "findings": [finding_to_json(finding) for finding in report.findings],
    }


def _layout_to_json(layout: Layout) -> Json:
    return {
        "kind": layout.kind,
        "encoding": layout.encoding,
        "dialect": layout.dialect or {},
        "sheet": layout.sheet,
        "headerRow": layout.header_row,
        "notes": list(layout.notes),
    }


def _ways_to_json(ways: Ways) -> Json:
    return {"table": ways.table, "rows": ways.rows, "judged": ways.judged, "cells": dict(ways.cells)}
