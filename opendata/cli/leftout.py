"""The packages that were not sent, and why: the same lines after a build, a plan and a receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.cli.output import line
from opendata.messages import N_, _
from opendata.model import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import LeftOut

STANDINGS = {
    Standing.READY: N_("ready"),
    Standing.WITHHELD: N_("withheld"),
    Standing.REFUSED: N_("refused"),
    Standing.FAULTY: N_("faulty"),
    Standing.FAILED: N_("failed"),
    Standing.NOT_FOR_TARGET: N_("not for this target"),
}
CALM = frozenset({Standing.WITHHELD, Standing.NOT_FOR_TARGET})


def show_left_out(items: Sequence[LeftOut], *, error: bool = True) -> None:
    """Say which packages were left out: what is as it should be on standard output, a fault on standard error.

    `error` False: all on standard output, for a table that is to be signed.
    """
    for item in items:
        fault = item.standing not in CALM
        said = _("{name}: {standing}. {reason}")
        line(
            said.format(name=item.name, standing=_(STANDINGS[item.standing]), reason=item.reason), error=fault and error
        )
        if fault and item.remedy:
            line(f"    {item.remedy}", error=error)
