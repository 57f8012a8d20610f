"""An error as three lines for people, or as one JSON object for machines.

With `--json` standard output holds exactly one JSON document: the result, or `{"error": {…}}`. The three lines go to
standard error in both cases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata.cli import status
from opendata.cli.output import document, line
from opendata.errors import CheckError, DescriptorError, OpendataError, PortalError, UsageError
from opendata.messages import _

if TYPE_CHECKING:
    from opendata.model import Finding, Json, JsonValue

SHOWN = 20


def tell(error: OpendataError, *, machine: bool) -> None:
    """Print the error: what, where, how to mend; before them each fault of a descriptor, on a line of its own."""
    if machine:
        document({"error": to_json(error)})
    for finding in findings(error)[:SHOWN]:
        line(f"  {finding.pointer or finding.place.path or ''}: {finding.message} {finding.remedy}", error=True)
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


def describe(fault: click.ClickException) -> UsageError:
    """What click found wrong in the command line, as an error of ours."""
    context = getattr(fault, "ctx", None)
    command = context.command_path if isinstance(context, click.Context) else "opendata"
    remedy = _("Run this to see how the command is used: {command} --help").format(command=command)
    return UsageError(fault.format_message(), command, remedy)


def unexpected(fault: Exception) -> PortalError:
    """A fault of the program itself, as an error of ours."""
    what = _("The program met a fault of its own: {fault}").format(fault=f"{type(fault).__name__}: {fault}"[:300])
    remedy = _("Run the command again with OPENDATA_DEBUG=1, and send what it prints to whoever maintains the program.")
    return PortalError(what, "", remedy)
