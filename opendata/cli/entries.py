"""Datasets as a listing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.cli import status
from opendata.cli.output import document, line, table
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Entry, Json


def print_entries(entries: Sequence[Entry], *, machine: bool) -> int:
    """Print a line for each dataset, faulty ones on standard error; the exit status is 0 all the same."""
    if machine:
        document([_to_json(entry) for entry in entries])
        return status.DONE
    sound = [entry for entry in entries if not entry.fault]
    if sound:
        heading = [_("name"), _("level"), _("title")]
        table([heading, *([entry.name, entry.level.value, entry.title] for entry in sound)])
    for entry in entries:
        if entry.fault:
            line(_("{name}: faulty. {reason}").format(name=entry.name, reason=entry.fault), error=True)
    if not entries:
        line(_("No dataset was found."))
    return status.DONE


def _to_json(entry: Entry) -> Json:
    return {
        "name": entry.name,
        "title": entry.title,
        "level": entry.level.value,
        "sector": entry.sector,
        "version": entry.version,
        "keywords": list(entry.keywords),
        "fault": entry.fault or None,
    }
