"""An error as three lines for people, or as one JSON object for machines.

With `--json` standard output holds exactly one JSON document: the result, or `{"error": {…}}`. The three lines go to
standard error in both cases.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from opendata.cli import status
from opendata.cli.findings import show_findings
from opendata.cli.output import document, line
from opendata.errors import CheckError, DescriptorError, OpendataError, PortalError, UsageError
from opendata.files import FULL, disk_error
from opendata.messages import _

if TYPE_CHECKING:
    from opendata.model import Finding, Json, JsonValue


def tell(error: OpendataError, *, machine: bool) -> None:
    """Print the error: what, where, how to mend; before them its findings, each with its place and remedy."""
    if machine:
        document({"error": to_json(error)})
    found = findings(error)
    if [finding.message for finding in found] != [error.what]:  # one that is the error itself is told once
        show_findings(found, error=True)
    for part in (error.what, error.where, error.remedy):
        if part:
            line(part, error=True)


def to_json(error: OpendataError) -> Json:
    """The error for machines: `status` is the exit status, `kind` the name of its class."""
    from opendata.schema import finding_to_json

    told: dict[str, JsonValue] = {
        "kind": type(error).__name__,
        "status": status.of_error(error),
        "what": error.what,
        "where": error.where,
        "remedy": error.remedy,
    }
    found = findings(error)
    return {**told, "findings": [finding_to_json(item) for item in found]} if found else told


def findings(error: OpendataError) -> tuple[Finding, ...]:
    """The single faults that an error carries, if it gathers any."""
    if isinstance(error, DescriptorError):
        return error.findings
    return error.report.findings if isinstance(error, CheckError) else ()


def as_error(fault: Exception) -> OpendataError:
    """Whatever was raised, as an error of ours; with OPENDATA_DEBUG set a fault of the program shows its traceback."""
    if isinstance(fault, OpendataError):
        return fault
    if isinstance(fault, click.ClickException):
        return _usage(fault)
    if isinstance(fault, OSError) and fault.errno in FULL:
        return disk_error(fault, Path(_("standard output")))
    if os.environ.get("OPENDATA_DEBUG"):
        import traceback

        traceback.print_exception(fault)
    return _unexpected(fault)


def _usage(fault: click.ClickException) -> UsageError:
    """What click found wrong in the command line."""
    context = getattr(fault, "ctx", None)
    command = context.command_path if isinstance(context, click.Context) else "opendata"
    remedy = _("Run this to see how the command is used: {command} --help").format(command=command)
    return UsageError(fault.format_message(), command, remedy)


def _unexpected(fault: Exception) -> PortalError:
    """A fault of the program itself. Its text may hold line ends: an error stays three lines."""
    said = " ".join(f"{type(fault).__name__}: {fault}".split())
    what = _("The program met a fault of its own: {fault}").format(fault=said[:300])
    remedy = _("Run the command again with OPENDATA_DEBUG=1, and send what it prints to whoever maintains the program.")
    return PortalError(what, "opendata", remedy)
