"""`opendata search`: datasets by words."""

from __future__ import annotations

import click

from opendata import api
from opendata.cli.entries import print_entries
from opendata.cli.options import common, from_option
from opendata.messages import _


@click.command("search", help=_("Find datasets by words, with or without marks."))
@click.argument("words", metavar="WORDS...", nargs=-1, required=True)
@from_option
@common
def command(words: tuple[str, ...], target: str, *, machine: bool) -> int:
    """List those that hold all words."""
    return print_entries(api.find(target, " ".join(words)), machine=machine)
