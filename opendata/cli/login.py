"""`opendata login`: a token asked for without showing it, tried, and kept for its user alone."""

from __future__ import annotations

import sys

import click

from opendata import api
from opendata.api.signing_in import portal
from opendata.cli import status
from opendata.cli.options import common
from opendata.cli.output import document, line
from opendata.messages import _


@click.command("login", help=_("Try a token of a portal, and keep it for yourself alone."))
@click.argument("target", metavar="URL")
@common
def command(target: str, *, machine: bool) -> int:
    """Ask, try, keep. A token is never taken from the command line, which others on the machine can read."""
    kept = api.login(target, _asked(portal(target).name))
    if machine:
        document({"target": kept.target, "file": str(kept.file), "organizations": list(kept.organizations)})
        return status.DONE
    line(_("The token works; it is kept in {file}, which you alone can read.").format(file=kept.file))
    line(_("You may publish to: {names}").format(names=", ".join(kept.organizations)))
    return status.DONE


def _asked(target: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline()
    told = _("Make a token on your user page of {target}, under API Tokens, and paste it here.")
    line(told.format(target=target), error=True)
    typed: str = click.prompt(_("Token"), hide_input=True, err=True)
    return typed
