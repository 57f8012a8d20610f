"""Carry a plan out, step by step, and tell what came of it."""

from __future__ import annotations

import contextlib
import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from opendata.errors import OpendataError, PortalError
from opendata.messages import _
from opendata.model import AccessLevel, Action, Outcome, Probe, Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from opendata.model import Plan, Step
    from opendata.publishing.port import Publisher


def apply(
    plan: Plan,
    publisher: Publisher,
    progress: Callable[[Outcome], None] | None = None,
    jobs: int = 1,
    broken_off: Callable[[Receipt], object] | None = None,
) -> Receipt:
    """Do the plan's steps in its order; a dataset that fails is recorded, and the others go on.

    `jobs` is how many datasets are worked on at once; withdrawals are all done before anything else is begun.
    A plan with nothing pending and no faults of the portal writes nothing. `progress` is told each outcome as it comes.
    `broken_off` is given the receipt of what was done where something ends the run before its time.
    """
    started = _now()
    outcomes: dict[str, Outcome] = {}
    try:
        for outcome in _done(plan, publisher, jobs, outcomes):
            if progress is not None:
                progress(outcome)
        error, remedy = _finish(plan, publisher)
    except BaseException:
        if broken_off is not None:
            with contextlib.suppress(OpendataError):  # what ended the run is what is told of
                broken_off(_receipt(plan, started, outcomes, *_broken_off()))
        raise
    return _receipt(plan, started, outcomes, error, remedy)


def _receipt(plan: Plan, started: str, outcomes: Mapping[str, Outcome], error: str, remedy: str) -> Receipt:
    return Receipt(
        target=plan.target,
        plan_digest=plan.digest,
        started=started,
        finished=_now(),
        outcomes=tuple(outcomes[step.name] for step in plan.steps if step.name in outcomes),
        left_out=plan.left_out,
        mended=() if error else plan.faults,
        error=error,
        remedy=remedy,
        warnings=plan.warnings,
        address=plan.address,
    )


def _done(plan: Plan, publisher: Publisher, jobs: int, outcomes: dict[str, Outcome]) -> Iterator[Outcome]:
    """The outcomes in the plan's order; what takes away is done whole before what brings is begun.

    `outcomes` takes each as it is done, by name, also of those that are under way when the run is broken off.
    """

    def do(step: Step) -> Outcome:
        outcomes[step.name] = _begun(step)  # until it is known
        outcomes[step.name] = _timed(step, publisher)
        return outcomes[step.name]

    for _urgency, steps in itertools.groupby(plan.steps, _urgency_of):
        if jobs <= 1:
            yield from map(do, steps)
            continue
        with ThreadPoolExecutor(jobs) as pool:
            waiting = [pool.submit(do, step) for step in steps]
            try:
                yield from (item.result() for item in waiting)
            finally:
                pool.shutdown(cancel_futures=True)


def _begun(step: Step) -> Outcome:
    error, remedy = _broken_off()
    return Outcome(step, verified=False, error=error, remedy=remedy)


def _broken_off() -> tuple[str, str]:
    return _("The run was broken off."), _("Run the same command again.")


def _urgency_of(step: Step) -> int:
    if step.action is Action.WITHDRAW:
        return 0
    return 1 if step.purge else 2


def _timed(step: Step, publisher: Publisher) -> Outcome:
    begun = time.monotonic()
    outcome = _outcome(step, publisher)
    return replace(outcome, seconds=round(time.monotonic() - begun, 3))


def _outcome(step: Step, publisher: Publisher) -> Outcome:
    if step.action is Action.KEEP:
        return Outcome(step, verified=True)
    if step.action is Action.CONFLICT:
        return Outcome(step, verified=False, error=" ".join(step.changes), remedy=step.remedy)
    try:
        outcome = publisher.carry_out(step)
    except OpendataError as error:
        return _failed(Outcome(step, verified=False, requests=error.requests, bytes=error.bytes), error)
    try:
        probe = publisher.probe(step.name) if _hidden(step) else Probe(step.name)
    except OpendataError as error:
        return _failed(outcome, error)
    if probe.seen:
        remedy = _("Run the same command again; if that does not help, remove it from the portal by hand.")
        return replace(outcome, verified=False, error=_seen(step, probe.seen), remedy=remedy)
    return replace(outcome, refused=probe.refused, requests=outcome.requests + probe.requests)


def _failed(outcome: Outcome, error: OpendataError) -> Outcome:
    return replace(outcome, verified=False, error=_said(error), remedy=error.remedy)


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


def _said(error: OpendataError) -> str:
    return " ".join(part for part in (error.what, error.where) if part)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
