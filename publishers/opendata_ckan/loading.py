"""The portal's loader, which makes tables of CSVs: it is asked to, and not written over while it is at work."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from opendata.model import as_object, as_text
from opendata_ckan.answers import DeniedError, MissingError, NoActionError

if TYPE_CHECKING:
    from opendata_ckan.connection import Connection
    from opendata_ckan.held import Held, HeldFile
    from opendata_ckan.terms import Portal

LONGEST = 120.0
"""Seconds that a load is waited for; what it then takes of ours is put right at the next run."""
PAUSE = 0.5
CSV = ".csv"


def ask(connection: Connection, portal: Portal, found: Held) -> None:
    """Have the CSVs loaded that came to a dataset later: of those the loader gets no word from the portal.

    Raises:
        PortalError: the portal failed.
    """
    for file in found.files if portal.loader else ():
        if file.path.endswith(CSV) and not file.loaded:
            connection.call(f"{_actions(portal)}_submit", {"resource_id": file.id})


def wait(connection: Connection, portal: Portal, found: Held) -> None:
    """Wait while a table of the dataset is being loaded: at its end the loader writes the dataset as it read it.

    Raises:
        PortalError: the portal failed.
    """
    end = time.monotonic() + LONGEST
    for file in found.files if portal.loader else ():
        while file.path.endswith(CSV) and file.stored and _runs(connection, portal, file) and time.monotonic() < end:
            time.sleep(PAUSE)


def _runs(connection: Connection, portal: Portal, file: HeldFile) -> bool:
    try:
        told = connection.call(f"{_actions(portal)}_status", {"resource_id": file.id})
    except (MissingError, DeniedError, NoActionError):
        return False
    return as_text(as_object(told).get("status")) == "running"


def _actions(portal: Portal) -> str:
    """How the loader's actions begin: datapusher_plus keeps those of datapusher."""
    return (portal.loader or "").partition("_")[0]
