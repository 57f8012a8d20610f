"""The CPU time of processes and all their children, ended ones too."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PARENT, TIMES = 1, slice(11, 15)
"""Where a line of /proc/PID/stat tells them, after the name: own user and system time, and that of ended children."""


def seconds(roots: Iterable[int]) -> float:
    """CPU seconds since they began."""
    told = dict(_stats())
    wanted = set(roots)
    while more := {key for key, words in told.items() if int(words[PARENT]) in wanted} - wanted:
        wanted |= more
    ticks = sum(int(word) for key in wanted & told.keys() for word in told[key][TIMES])
    return ticks / os.sysconf("SC_CLK_TCK")


def _stats() -> Iterable[tuple[int, list[str]]]:
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield int(path.parent.name), path.read_text(errors="replace").rpartition(")")[2].split()
