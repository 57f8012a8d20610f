"""`opendata new`: a package from a department's file, what the file cannot tell asked in plain words."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.asking import ask
from opendata.cli.header import rows
from opendata.cli.options import PATH, common
from opendata.cli.output import document, line
from opendata.drafting import Answers, option, questions
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.drafting import Draft, Proposal

TO = _("The folder in which the package is made; by default this one.")
NAME = _("The name of the package and its folder; by default made from the file's name.")
YES = _("Ask nothing: take what the options say, and the defaults.")
HEADER = _("The header's rows where it is not row 1: 4, or 4-5.")


def _asked_as_options(function: Callable[..., int]) -> Callable[..., int]:
    """An option for each question."""
    for question in reversed(questions()):
        kind = click.Choice([item.code for item in question.choices]) if question.choices else None
        metavar = "FIELDS" if question.field == "key" else None
        named = option(question.field), question.field
        decorate = click.option(*named, type=kind, metavar=metavar, help=_(question.help))
        function = decorate(function)
    return function


@click.command("new", help=_("Make a data package from a department's file."))
@click.argument("file", type=PATH)
@click.option("--to", "to", metavar="FOLDER", type=PATH, help=TO)
@click.option("--name", metavar="NAME", help=NAME)
@click.option("--sheet", metavar="NAME", help=_("The sheet of a workbook; the first unless told otherwise."))
@click.option("--header", metavar="ROWS", default="", help=HEADER)
@click.option("--yes", "-y", is_flag=True, help=YES)
@_asked_as_options
@common
def command(
    file: Path,
    to: Path | None,
    name: str | None,
    sheet: str | None,
    header: str,
    *,
    yes: bool,
    machine: bool,
    **given: str | None,
) -> int:
    """Read the file, ask what is not said, and write the package."""
    answers = Answers(**given)
    silent = yes or machine or not sys.stdin.isatty()

    def answer(proposal: Proposal) -> Answers:
        if silent:
            return answers
        _say(proposal.notes)
        return ask(questions(proposal.columns), answers, proposal.defaults)

    draft = api.new(file, answer, to, name=name, sheet=sheet, header=rows(header))
    if machine:
        document({**asdict(draft), "folder": str(draft.folder), "level": draft.level.value, "notes": list(draft.notes)})
    else:
        _show(draft, said=not silent)
    return status.DONE


def _say(notes: tuple[str, ...]) -> None:
    for note in notes:
        line(f"- {note}", error=True)


def _show(draft: Draft, *, said: bool) -> None:
    if not said:
        _say(draft.notes)
    line(
        _("Made: {folder} ({rows} rows, level {level})").format(
            folder=draft.folder, rows=draft.rows, level=draft.level.value
        )
    )
    line(_("Next: opendata check {folder}").format(folder=draft.folder))
