"""`opendata check`: is the data what its schema says?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.findings import SHOWN, show_findings
from opendata.cli.options import PATH, common
from opendata.cli.output import document, line
from opendata.cli.progress import progress
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.schema import LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json, Report, Ways
    from opendata.sources import Layout

SCHEMA = _("A Table Schema for a bare file: a path, or a sector schema such as agriculture/paddy-by-province@1.0.")

SHEET = _("The sheet of a bare workbook; the first unless told otherwise.")

ENOUGH = _(
    "Stop the check of a table at so many findings, and print all of them. Unless told otherwise it stops at {enough}, "
    "and the first {shown} are printed."
).format(enough=LIMIT, shown=SHOWN)


EXPLAIN = _("Say for each table how many rows were proven clean, and how many frictionless had to judge.")


@click.command("check", help=_("Check packages, catalogues or bare files."))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PATH)
@click.option("--schema", metavar="SCHEMA", help=SCHEMA)
@click.option("--sheet", metavar="NAME", help=SHEET)
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help=ENOUGH)
@click.option("--explain", is_flag=True, help=EXPLAIN)
@common
def command(
    paths: tuple[Path, ...], schema: str | None, sheet: str | None, limit: int | None, explain: bool, *, machine: bool
) -> int:
    """Check each path and print what was found."""
    bare = [path for path in paths if schema is not None and path.is_file() and path.name != DESCRIPTOR]
    layouts = {path: _layout(path, sheet, machine=machine) for path in bare}
    with progress(machine=machine) as watch:
        reports = [api.check(path, schema, watch, sheet=sheet, layout=layouts.get(path), limit=limit) for path in paths]
    if machine:
        document([_to_json(path, report) for path, report in zip(paths, reports, strict=True)])
    else:
        for path, report in zip(paths, reports, strict=True):
            _show(path, report, SHOWN if limit is None else len(report.findings))
            for ways in report.ways if explain else ():
                _explain(ways)
    return status.WANTING if any(not report.valid for report in reports) else status.DONE


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


def _layout(path: Path, sheet: str | None, *, machine: bool) -> Layout:
    """How a bare file is understood, and said: whoever knows better can then say so."""
    from opendata.sources import detect

    layout = detect(path, sheet)
    if not machine:
        line(_("{path} is read as: {layout}").format(path=path, layout=_told(layout)))
        for note in layout.notes:
            line(f"  {note}")
    return layout


def _told(layout: Layout) -> str:
    parts = [layout.kind, layout.encoding]
    if layout.sheet is not None:
        parts.append(_("sheet {name}").format(name=layout.sheet))
    if layout.header_row is not None:
        parts.append(_("header in row {number}").format(number=layout.header_row))
    return ", ".join(part for part in parts if part)


def _to_json(path: Path, report: Report) -> Json:
    from opendata.schema import finding_to_json

    return {
        "path": str(path),
        "valid": report.valid,
        "rows": report.rows,
        "complete": report.complete,
        "ways": [_ways_to_json(ways) for ways in report.ways],
        "findings": [finding_to_json(finding) for finding in report.findings],
    }


def _ways_to_json(ways: Ways) -> Json:
    return {"table": ways.table, "rows": ways.rows, "judged": ways.judged, "cells": dict(ways.cells)}
