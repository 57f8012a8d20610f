"""`opendata update`: next month's file through the same recipe and checks, replaced only when approved."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.asking import confirm
from opendata.cli.options import PATH, common
from opendata.cli.output import document, line
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.drafting import Refreshed


@click.command("update", help=_("Take next month's file, or the source edited in place."))
@click.argument("package", type=PATH)
@click.argument("file", type=PATH, required=False)
@click.option("--table", metavar="NAME", help=_("The table that the file is for, where the package has several."))
@click.option("--yes", "-y", is_flag=True, help=_("Replace without asking."))
@common
def command(package: Path, file: Path | None, table: str | None, *, yes: bool, machine: bool) -> int:
    """Show what would change, ask, and replace."""
    asked = yes or sys.stdin.isatty()

    def approve(changes: Sequence[Refreshed]) -> bool:
        if not machine:
            _show(changes)
        return yes or (asked and not machine and confirm(_("Replace the old rows by the new ones?")))

    done = api.update(package, file, approve, table=table)
    if machine:
        document([asdict(item) for item in done])
    else:
        line(_conclusion(done, asked=asked))
    return status.DONE if asked or all(item.replaced for item in done) else status.USAGE


def _show(changes: Sequence[Refreshed]) -> None:
    for item in changes:
        told = _("{table}: rows that are new {came}, gone {went}, changed {changed}, as before {kept}.")
        line(told.format(table=item.resource, **asdict(item.changes)))


def _conclusion(done: Sequence[Refreshed], *, asked: bool) -> str:
    if all(item.changes.none for item in done):
        return _("Nothing has changed.")
    if all(item.replaced for item in done):
        return _("Replaced.")
    if not asked:
        return _("Nothing was replaced, since nobody could be asked: run it again with --yes to replace.")
    return _("Nothing was replaced.")
