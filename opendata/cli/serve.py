"""`opendata serve`: a portal folder in the browser of this machine, and of no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata.cli import status
from opendata.cli.options import PATH, common
from opendata.cli.output import document, line
from opendata.errors import UsageError
from opendata.folders import SITE_MARKER
from opendata.messages import _

if TYPE_CHECKING:
    from pathlib import Path

PORT = _("The port; 0 takes any that is free.")


@click.command("serve", help=_("Show a portal folder in the browser of this machine."))
@click.argument("folder", type=PATH)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help=PORT)
@common
def command(folder: Path, port: int, *, machine: bool) -> int:
    """Serve until Ctrl-C, which is the way to end it: exit status 0."""
    from opendata.cli.server import open_server, until_interrupted

    if not (folder / SITE_MARKER).is_file():
        remedy = _("Publish to it first: opendata publish CATALOGUE --to {folder}").format(folder=folder)
        raise UsageError(_("This folder is no portal."), str(folder), remedy)
    with open_server(folder, port) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        if machine:
            document({"address": address})
        else:
            line(_("{folder} is at {address} – Ctrl-C ends it.").format(folder=folder, address=address))
        until_interrupted(server.serve_forever)
    return status.DONE
