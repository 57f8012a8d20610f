"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Called as work goes on: `done` of `total` parts of a stage ("build", "publish", "check", "write", "verify")."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note."""
        ...


def unwatched(stage: str, done: int, total: int) -> None:
    """Take no note."""
