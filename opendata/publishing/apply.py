"""Carry a plan out, step by step, and tell what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from opendata.errors import PortalError
from opendata.messages import _
from opendata.model import AccessLevel, Action, Outcome, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opendata.model import Plan, Step
    from opendata.publishing.port import Publisher


def apply(plan: Plan, publisher: Publisher, progress: Callable[[Outcome], None] | None = None) -> Receipt:
    """Do the plan's steps in its order; a dataset that fails is recorded, and the others go on.

    A plan with nothing pending and no faults of the portal writes nothing. `progress` is told each outcome as it comes.
    """
    started = _now()
    outcomes = []
    for step in plan.steps:
        outcome = _outcome(step, publisher)
        outcomes.append(outcome)
        if progress is not None:
            progress(outcome)
    error, remedy = _finish(plan, publisher)
    return Receipt(
        target=plan.target,
        plan_digest=plan.digest,
        started=started,
        finished=_now(),
        outcomes=tuple(outcomes),
        left_out=plan.left_out,
        mended=() if error else plan.faults,
        error=error,
        remedy=remedy,
    )


def _outcome(step: Step, publisher: Publisher) -> Outcome:
    if step.action is Action.KEEP:
        return Outcome(step, verified=True)
    if step.action is Action.CONFLICT:
        return Outcome(step, verified=False, error=" ".join(step.changes), remedy=step.remedy)
    try:
        outcome = publisher.carry_out(step)
        seen = publisher.probe(step.name).seen if _hidden(step) else ()
    except PortalError as error:
        return Outcome(step, verified=False, error=_said(error), remedy=error.remedy)
    if seen:
        remedy = _("Run the same command again; if that does not help, remove it from the portal by hand.")
        return Outcome(step, verified=False, bytes=outcome.bytes, error=_seen(step, seen), remedy=remedy)
    return outcome


def _hidden(step: Step) -> bool:
    """True where no anonymous visitor may meet the dataset after the step."""
    return step.built is None or step.built.level is not AccessLevel.OPEN


def _seen(step: Step, places: Sequence[str]) -> str:
    what = _("The withdrawn dataset can still be seen: {places}")
    if step.built is not None:
        what = _("The dataset is not open, yet anyone can see it: {places}")
    return what.format(places=", ".join(places))


def _finish(plan: Plan, publisher: Publisher) -> tuple[str, str]:
    if plan.pending or plan.faults:
        try:
            publisher.finish()
        except PortalError as error:
            return _said(error), error.remedy
    return "", ""


def _said(error: PortalError) -> str:
    return " ".join(part for part in (error.what, error.where) if part)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
