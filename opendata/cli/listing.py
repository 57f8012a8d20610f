"""`opendata list`: the datasets of a portal or catalogue."""

from __future__ import annotations

import click

from opendata import api
from opendata.cli.entries import print_entries
from opendata.cli.options import common, from_option
from opendata.messages import _


@click.command("list", help=_("List the datasets of a portal or catalogue."))
@from_option
@common
def command(target: str, *, machine: bool) -> int:
    """List all."""
    return print_entries(api.find(target), machine=machine)
