"""`opendata get`: the files of one dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.options import PATH, common, from_option
from opendata.cli.output import document, line
from opendata.messages import _

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("csv", "parquet")
OUT = _("The folder to put them into. A file with other content that is there is never overwritten.")


@click.command("get", help=_("Fetch the files of one dataset, their digests checked."))
@click.argument("name")
@from_option
@click.option("--format", "form", type=click.Choice(FORMATS), default="csv", show_default=True, help=_("The format."))
@click.option("--out", type=PATH, default=".", metavar="FOLDER", show_default=_("the folder here"), help=OUT)
@common
def command(name: str, target: str, form: str, out: Path, *, machine: bool) -> int:
    """Fetch them."""
    paths = api.get(target, name, form, out)
    if machine:
        document({"name": name, "files": [str(path) for path in paths]})
    for path in () if machine else paths:
        line(str(path))
    return status.DONE
