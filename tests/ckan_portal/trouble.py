"""What stops a portal from starting, in words that name what mends it."""

from __future__ import annotations


class TroubleError(Exception):
    """Told to whoever ran the command, without a traceback."""
