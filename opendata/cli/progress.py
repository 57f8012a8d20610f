"""Progress bars on standard error, quiet where that is no terminal."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from opendata.messages import N_, _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click._termui_impl import ProgressBar

    from opendata.model import Watch

LABELS = {
    "build": N_("Building"),
    "publish": N_("Publishing"),
    "check": N_("Checking"),
    "write": N_("Writing"),
    "verify": N_("Reading back"),
}


@contextlib.contextmanager
def progress(*, machine: bool = False) -> Iterator[Watch]:
    """A watch to hand to `api`: it shows one bar for each stage, one after the other."""
    bars: dict[str, ProgressBar[int]] = {}
    with contextlib.ExitStack() as open_bars:

        def watch(stage: str, done: int, total: int) -> None:
            if stage not in bars:
                open_bars.close()
                bars[stage] = open_bars.enter_context(_bar(stage, total, hidden=machine or not sys.stderr.isatty()))
            bars[stage].update(done - bars[stage].pos)

        yield watch


def _bar(stage: str, total: int, *, hidden: bool) -> ProgressBar[int]:
    label = _(LABELS.get(stage, stage))
    return click.progressbar(length=total, label=label, file=sys.stderr, hidden=hidden)
