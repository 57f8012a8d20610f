"""The refusal of a value that could not be given back as it was written."""

from __future__ import annotations


class InexactError(Exception):
    """A value that its Arrow type would change; `reason` says what the type can hold, `remedy` what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        """Keep both sentences."""
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
