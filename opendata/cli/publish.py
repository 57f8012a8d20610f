"""`opendata publish`: to a portal, with a receipt line for each dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.api.sending import JOBS
from opendata.cli import status
from opendata.cli.leftout import show_left_out
from opendata.cli.options import PATH, catalogue_argument, common, overwrite_option, owner_options, to_option
from opendata.cli.output import columns, document, line, size
from opendata.cli.progress import progress
from opendata.cli.steps import withheld
from opendata.messages import N_, _
from opendata.model import Action

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Outcome, Receipt, Step

DONE = {
    Action.CREATE: N_("published"),
    Action.UPDATE: N_("changed"),
    Action.KEEP: N_("unchanged"),
    Action.WITHDRAW: N_("withdrawn"),
    Action.CONFLICT: N_("conflict"),
}
SIGNED = _("Publish what this saved plan says, and only if that is still what would be done.")
AT_ONCE = _("How many datasets are worked on at once.")
ALL = _("Write nothing where one package is faulty, refused or in conflict.")


@click.command("publish", help=_("Publish a catalogue to a portal, and print a receipt."))
@catalogue_argument
@click.argument("names", metavar="[NAME]...", nargs=-1)
@to_option
@click.option("--plan", "signed", type=PATH, metavar="FILE", help=SIGNED)
@overwrite_option
@owner_options
@click.option("--jobs", type=click.IntRange(1, 32), default=JOBS, show_default=True, metavar="N", help=AT_ONCE)
@click.option("--all-or-nothing", is_flag=True, help=ALL)
@common
def command(
    catalogue: Path,
    names: tuple[str, ...],
    target: str,
    signed: Path | None,
    overwrite: tuple[str, ...],
    organization: str | None,
    *,
    create_organization: bool,
    all_or_nothing: bool,
    jobs: int,
    machine: bool,
) -> int:
    """Publish, and print the receipt."""
    from opendata.publishing.receipt import to_json

    with progress(machine=machine) as watch:
        receipt = api.publish(
            catalogue,
            target,
            names,
            signed=signed,
            overwrite=overwrite,
            all_or_nothing=all_or_nothing,
            organization=organization,
            create_organization=create_organization,
            jobs=jobs,
            watch=watch,
        )
    if machine:
        document(to_json(receipt))
    else:
        _show(receipt)
    return status.of_receipt(receipt)


def _show(receipt: Receipt) -> None:
    from opendata.publishing.receipt import did_something

    rows = columns([_row(outcome) for outcome in receipt.outcomes], right=[2, 3, 4]) if receipt.outcomes else []
    for outcome, row in zip(receipt.outcomes, rows, strict=True):
        line(row)
        _explain(outcome)
    show_left_out(receipt.left_out)
    for text in receipt.warnings:
        line(_("Note: {text}").format(text=text))
    for fault in receipt.mended:
        line(_("Put right on the portal: {fault}").format(fault=fault))
    for text in (receipt.error, receipt.remedy):
        if text:
            line(text, error=True)
    if not did_something(receipt) and receipt.verified and (receipt.outcomes or not receipt.left_out):
        line(_("Nothing to do: {target} is up to date.").format(target=receipt.target))


def _explain(outcome: Outcome) -> None:
    """What was left out, and what went wrong, below the dataset's own line."""
    for text in withheld(outcome.step) if outcome.step.action is not Action.KEEP else ():
        line(f"    {text}")
    for text in (outcome.error, outcome.remedy):
        if text:
            line(f"    {text}", error=True)


def _row(outcome: Outcome) -> list[str]:
    """What came of it, the bytes and requests sent, the time taken, what was read back by whom, and what changed."""
    step = outcome.step
    said = _(DONE[step.action]) if outcome.verified or step.action is Action.CONFLICT else _("failed")
    digest = step.built.digest[:19] if step.built and outcome.verified else ""
    if step.action in {Action.KEEP, Action.CONFLICT}:
        return [said, step.name, size(step.built.bytes) if step.built else "", "", "", digest, "", ""]
    requests = _("{count} requests").format(count=outcome.requests) if outcome.requests else ""
    return [
        said,
        step.name,
        size(outcome.bytes),
        requests,
        f"{outcome.seconds:.1f} s",
        digest,
        _read_back(outcome),
        _changed(step) if outcome.verified else "",
    ]


def _read_back(outcome: Outcome) -> str:
    """Who was seen to get the files, or to be refused them."""
    if outcome.refused and outcome.verified:
        return _("a visitor is refused in all {count} places asked").format(count=len(outcome.refused))
    if outcome.sightings and all(item.owner is not None and item.owner == item.visitor for item in outcome.sightings):
        return _("read back, by a visitor too")
    return _("read back by its owner") if outcome.sightings else ""


def _changed(step: Step) -> str:
    return " ".join(step.changes) if step.action is not Action.CONFLICT else ""
