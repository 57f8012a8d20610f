"""`opendata verify`: what is on a portal against what should be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.options import PATH, common, to_option
from opendata.cli.output import document, line
from opendata.cli.progress import progress
from opendata.messages import _

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json, Verification

QUICK = _("Compare sizes and metadata only; fetch no file.")
OWNER = _("Look at the datasets of this organisation of the portal only; those of the catalogue belong there.")


@click.command("verify", help=_("Read a portal over, and tell what is not as it should be."))
@click.argument("catalogue", type=PATH, required=False)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@to_option
@click.option("--quick", is_flag=True, help=QUICK)
@click.option("--organization", metavar="NAME", help=OWNER)
@common
def command(
    catalogue: Path | None,
    names: tuple[str, ...],
    target: str,
    organization: str | None,
    *,
    quick: bool,
    machine: bool,
) -> int:
    """Verify, and print what has drifted."""
    with progress(machine=machine) as watch:
        found = api.verify(target, catalogue, names, quick=quick, organization=organization, watch=watch)
    if machine:
        document(_to_json(found))
    else:
        _show(found)
    return status.WANTING if found.drifts else status.DONE


def _show(found: Verification) -> None:
    drifted = {drift.name for drift in found.drifts}
    for name in found.names:
        if name not in drifted and name not in found.unknown:
            line(_("{name}: as it should be").format(name=name))
    for drift in found.drifts:
        line(_("{name}: not as it should be").format(name=drift.name or found.target))
        for text in drift.found:
            line(f"    {text}")
    for name in found.unknown:
        line(_("{name}: on the portal, but not in the catalogue at hand; it stays as it is.").format(name=name))
    count = len(found.names)
    line(_("Datasets looked at: {count}; not as they should be: {wrong}").format(count=count, wrong=len(drifted)))


def _to_json(found: Verification) -> Json:
    return {
        "target": found.target,
        "datasets": list(found.names),
        "drifts": [{"name": drift.name, "found": list(drift.found)} for drift in found.drifts],
        "unknown": list(found.unknown),
    }
