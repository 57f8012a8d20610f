"""`opendata update`: next month's file through the same recipe and checks, replaced only when approved."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.asking import confirm
from opendata.cli.header import rows
from opendata.cli.options import PATH, common
from opendata.cli.output import document, line
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.drafting import Refreshed


SHEET = _("The sheet of the new workbook; the one of the last workbook unless told otherwise.")
HEADER = _("The rows of the new file's header where they are others than before: 4, or 4-5.")


@click.command("update", help=_("Take next month's file, or the source edited in place."))
@click.argument("package", type=PATH)
@click.argument("file", type=PATH, required=False)
@click.option("--table", metavar="NAME", help=_("The table that the file is for, where the package has several."))
@click.option("--sheet", metavar="NAME", help=SHEET)
@click.option("--header", metavar="ROWS", default="", help=HEADER)
@click.option("--yes", "-y", is_flag=True, help=_("Replace without asking."))
@common
def command(
    package: Path, file: Path | None, table: str | None, sheet: str | None, header: str, *, yes: bool, machine: bool
) -> int:
    """Show what would change, ask, and replace."""
    asked = yes or sys.stdin.isatty()
    said: set[str] = set()

    def approve(changes: Sequence[Refreshed]) -> bool:
        if not machine:
            _show(changes)
            _say(changes, said)
        return yes or (asked and not machine and confirm(_("Replace the old rows by the new ones?")))

    done = api.update(package, file, approve, table=table, sheet=sheet, header=rows(header))
    if machine:
        document([{**asdict(item), "notes": list(item.notes)} for item in done])
    else:
        line(_conclusion(done, asked=asked))
        _say(done, said)
    return status.DONE if asked or all(item.replaced for item in done) else status.USAGE


def _show(changes: Sequence[Refreshed]) -> None:
    for item in changes:
        told = _("{table}: rows that are new {came}, gone {went}, changed {changed}, as before {kept}.")
        line(told.format(table=item.resource, **asdict(item.changes)))


def _say(changes: Sequence[Refreshed], said: set[str]) -> None:
    """The notes that were not said yet."""
    for note in dict.fromkeys(note for item in changes for note in item.notes):
        if note not in said:
            line(f"- {note}", error=True)
    said.update(note for item in changes for note in item.notes)


def _conclusion(done: Sequence[Refreshed], *, asked: bool) -> str:
    if all(item.changes.none for item in done):
        return _("Nothing has changed.")
    if all(item.replaced for item in done):
        return _("Replaced.")
    if not asked:
        return _("Nothing was replaced, since nobody could be asked: run it again with --yes to replace.")
    return _("Nothing was replaced.")
