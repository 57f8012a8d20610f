"""A secret that does not show itself: not in a traceback, a log, a receipt, or where somebody prints a target."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Secret:
    """A token or password. `origin` says where it came from, for messages.

    >>> str(Secret("s3cr3t", "OPENDATA_TOKEN"))
    "Secret(origin='OPENDATA_TOKEN')"
    """

    text: str = field(repr=False)
    origin: str = ""
