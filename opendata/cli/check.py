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

    from opendata.model import Json, Report
    from opendata.sources import Layout

SCHEMA = _("A Table Schema for a bare file: a path, or a sector schema such as agriculture/paddy-by-province@1.0.")

SHEET = _("The sheet of a bare workbook; the first unless told otherwise.")

ENOUGH = _(
    "Stop the check of a table at so many findings, and print all of them. Unless told otherwise it stops at {enough}, "
    "and the first {shown} are printed."
).format(enough=LIMIT, shown=SHOWN)


@click.command("check", help=_("Check packages, catalogues or bare files."))
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=PATH)
@click.option("--schema", metavar="SCHEMA", help=SCHEMA)
@click.option("--sheet", metavar="NAME", help=SHEET)
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help=ENOUGH)
@common
def command(paths: tuple[Path, ...], schema: str | None, sheet: str | None, limit: int | None, *, machine: bool) -> int:
    """Check each path and print what was found."""
    if not machine and schema is not None:
        for path in paths:
            _say_layout(path, sheet)
    with progress(machine=machine) as watch:
        reports = [api.check(path, schema, watch, sheet=sheet, limit=limit) for path in paths]
    if machine:
        document([_to_json(path, report) for path, report in zip(paths, reports, strict=True)])
    else:
        for path, report in zip(paths, reports, strict=True):
            _show(path, report, SHOWN if limit is None else len(report.findings))
    return status.WANTING if any(not report.valid for report in reports) else status.DONE


def _show(path: Path, report: Report, most: int) -> None:
    show_findings(report.findings, most)
    if report.valid:
        line(_("{path}: nothing found wrong (rows: {rows}).").format(path=path, rows=report.rows))
        return
    said = _("{path}: findings: {count}") if report.complete else _("{path}: findings: at least {count}")
    line(said.format(path=path, count=len(report.findings)))


def _say_layout(path: Path, sheet: str | None) -> None:
    """Say how a bare file was understood: whoever knows better can then say so."""
    if path.is_file() and path.name != DESCRIPTOR:
        from opendata.sources import detect

        layout = detect(path, sheet)
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


def _to_json(path: Path, report: Report) -> Json:
    from opendata.schema import finding_to_json

    return {
        "path": str(path),
        "valid": report.valid,
        "rows": report.rows,
        "complete": report.complete,
        "findings": [finding_to_json(finding) for finding in report.findings],
    }
