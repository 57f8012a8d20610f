"""Exit statuses: here and nowhere else.

0 done · 1 the data was found wanting · 2 wrong usage · 3 the portal, the network or the disk failed, or a conflict ·
4 stopped by the access and privacy gate · 130 interrupted. Where several hold: 3, then 4, then 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.errors import DataError, GateError, OpendataError, PortalError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opendata.model import LeftOut, Plan, Receipt

DONE = 0
WANTING = 1
USAGE = 2
FAILED = 3
GATE = 4
INTERRUPTED = 130

_OF_ERROR: tuple[tuple[type[OpendataError], int], ...] = (
    (UsageError, USAGE),
    (DataError, WANTING),
    (PortalError, FAILED),
    (GateError, GATE),
)
_WORST_FIRST = (INTERRUPTED, USAGE, FAILED, GATE, WANTING)


def of_error(error: OpendataError) -> int:
    """The status that an error ends the command with.

    >>> of_error(GateError("No level."))
    4
    """
    return next((status for kind, status in _OF_ERROR if isinstance(error, kind)), FAILED)


def worst(statuses: Iterable[int]) -> int:
    """The status of a command in which several things ended each with its own.

    >>> worst([0, 1, 4]), worst([4, 3, 1]), worst([])
    (4, 3, 0)
    """
    met = set(statuses)
    return next((status for status in _WORST_FIRST if status in met), DONE)


def of_left_out(left_out: Iterable[LeftOut]) -> int:
    """The status for packages that were not sent; one that was asked for by name is refused, not withheld."""
    from opendata.model import Standing

    of_standing = {Standing.FAULTY: WANTING, Standing.FAILED: FAILED, Standing.REFUSED: GATE}
    return worst(of_standing.get(item.standing, DONE) for item in left_out)


def of_plan(plan: Plan) -> int:
    """The status of a plan: steps pending are no fault, a conflict is."""
    from opendata.model import Action

    conflict = any(step.action is Action.CONFLICT for step in plan.steps)
    return worst((FAILED if conflict else DONE, of_left_out(plan.left_out)))


def of_receipt(receipt: Receipt) -> int:
    """The status of a run: every step must have been read back as it should be."""
    return worst((DONE if receipt.verified else FAILED, of_left_out(receipt.left_out)))
