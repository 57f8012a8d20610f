"""`opendata plan`: what publishing would do, as a table that can be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.leftout import show_left_out
from opendata.cli.options import PATH, catalogue_argument, common, overwrite_option, owner_options, to_option
from opendata.cli.output import document, line
from opendata.cli.progress import progress
from opendata.cli.steps import show_steps
from opendata.messages import _

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Plan


@click.command("plan", help=_("Show what publishing would do, and do nothing."))
@catalogue_argument
@click.argument("names", metavar="[NAME]...", nargs=-1)
@to_option
@click.option("--save", type=PATH, metavar="FILE", help=_("Save the plan, to be signed off and published later."))
@overwrite_option
@owner_options
@common
def command(
    catalogue: Path,
    names: tuple[str, ...],
    target: str,
    save: Path | None,
    overwrite: tuple[str, ...],
    organization: str | None,
    *,
    create_organization: bool,
    machine: bool,
) -> int:
    """Plan, print, and save where asked."""
    from opendata.publishing.plan import to_json
    from opendata.publishing.signed import refuse_no_plan

    if save is not None:
        refuse_no_plan(save)
    with progress(machine=machine) as watch:
        made = api.plan(
            catalogue,
            target,
            names,
            overwrite,
            watch,
            organization=organization,
            create_organization=create_organization,
        )
    if save is not None:
        _save(made, save)
    if machine:
        document(to_json(made))
    else:
        _show(made, save)
    return status.of_plan(made)


def _save(made: Plan, path: Path) -> None:
    from opendata.files import write
    from opendata.model import dump
    from opendata.publishing.plan import to_json

    write(path, dump(to_json(made)))


def _show(made: Plan, saved: Path | None) -> None:
    from opendata.publishing.targets import said

    line(_("Plan for publishing to {target}").format(target=said(made.target, made.address)))
    line()
    show_steps(made.steps)
    show_left_out(made.left_out, error=False)
    for name in made.unknown:
        line(_("{name}: on the portal, but not in the catalogue at hand; it stays as it is.").format(name=name))
    for text in made.warnings:
        line(_("Note: {text}").format(text=text))
    for fault in made.faults:
        line(_("To be put right on the portal: {fault}").format(fault=fault))
    line()
    line(_("Datasets to be written or withdrawn: {count}").format(count=len(made.pending)))
    line(_("Digest of this plan: {digest}").format(digest=made.digest))
    if saved is not None:
        line(_("Saved as {path}").format(path=saved))
    line(_("Approved by: ______________________   Date: ______________   Signature: ______________________"))
