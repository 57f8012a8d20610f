"""Several datasets worked on at once: what takes away is done first, one that fails stops no other."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from built_helpers import FIELDS, ROWS, built, ready, stopped
from fake_portal import FakePortal, as_published

from opendata.errors import DataError, GateError, PortalError, UsageError
from opendata.model import Standing
from opendata.publishing.apply import apply
from opendata.publishing.plan import make

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Candidate, Outcome, Plan, Receipt, Step

NAMES = ("air", "beds", "paddy", "pigs")


def at_once(portal: FakePortal, together: int = 1) -> list[int]:
    """How many of the portal's steps were under way as each began; each waits until `together` are."""
    told: list[int] = []
    going: list[str] = []
    lock, gate, plain = threading.Lock(), threading.Barrier(together), portal.carry_out

    def carry_out(step: Step) -> Outcome:
        with lock:
            going.append(step.name)
            told.append(len(going))
        gate.wait(timeout=30)
        outcome = plain(step)
        with lock:
            going.remove(step.name)
        return outcome

    portal.carry_out = carry_out  # type: ignore[method-assign] # the test's own watch
    return told


def planned(portal: FakePortal, *candidates: Candidate) -> Plan:
    return make("fake", candidates, portal.look([], [item.id for item in candidates if item.id]), levels=portal.levels)


def creating(portal: FakePortal, folder: Path, names: tuple[str, ...] = NAMES) -> Plan:
    return planned(portal, *(ready(built(folder, name)) for name in names))


@pytest.mark.parametrize("jobs", [2, 4])
def test_so_many_are_worked_on_at_once_and_no_more(jobs: int, tmp_path: Path) -> None:
    portal = FakePortal()
    plan, told = creating(portal, tmp_path), at_once(portal, together=jobs)
    assert apply(plan, portal, jobs=jobs).verified
    assert max(told) == jobs
    assert sorted(portal.datasets) == list(NAMES)


@pytest.mark.parametrize("jobs", [0, 1])
def test_one_after_the_other_where_no_more_was_asked_for(jobs: int, tmp_path: Path) -> None:
    portal = FakePortal()
    plan, told = creating(portal, tmp_path), at_once(portal)
    apply(plan, portal, jobs=jobs)
    assert (max(told), portal.calls[:-1]) == (1, [f"create {name}" for name in NAMES])


def test_outcomes_are_told_in_the_plans_order_whoever_is_done_first(tmp_path: Path) -> None:
    portal = FakePortal()
    plan = creating(portal, tmp_path)
    last = threading.Event()
    plain = portal.carry_out

    def slow_first(step: Step) -> Outcome:
        if step.name == NAMES[0]:
            assert last.wait(timeout=30)
        outcome = plain(step)
        if step.name == NAMES[-1]:
            last.set()
        return outcome

    portal.carry_out = slow_first  # type: ignore[method-assign] # the test's own order
    told: list[str] = []
    receipt = apply(plan, portal, lambda outcome: told.append(outcome.step.name), jobs=len(NAMES))
    assert told == [item.step.name for item in receipt.outcomes] == list(NAMES)
    assert portal.calls[-2:] == ["create air", "finish"]


def test_what_takes_away_is_done_before_anything_is_brought(tmp_path: Path) -> None:
    portal = FakePortal()
    for name in NAMES:
        portal.datasets[name] = as_published(built(tmp_path, name))
    narrow = built(tmp_path, "beds", fields=FIELDS[:1], rows=[row[:1] for row in ROWS])
    plan = planned(
        portal,
        *(ready(built(tmp_path, name)) for name in ("xylophones", "yams", "zinc")),
        ready(narrow),
        *(stopped(name, Standing.WITHHELD) for name in ("air", "paddy", "pigs")),
    )
    receipt = apply(plan, portal, jobs=4)
    assert receipt.verified
    taken, purged, brought = portal.calls[:6], portal.calls[6:7], portal.calls[7:-1]
    assert {call.split()[0] for call in taken} == {"withdraw", "probe"}
    assert purged == ["update beds"]
    assert sorted(brought) == ["create xylophones", "create yams", "create zinc"]


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("kind", [PortalError, DataError, UsageError, GateError])
def test_one_that_fails_in_any_way_of_ours_stops_no_other(kind: type[PortalError], jobs: int, tmp_path: Path) -> None:
    portal = FakePortal()
    plan = creating(portal, tmp_path)
    plain = portal.carry_out

    def failing(step: Step) -> Outcome:
        if step.name == "beds":
            message = "It is too large."
            raise kind(message, step.name, "Divide it.")
        return plain(step)

    portal.carry_out = failing  # type: ignore[method-assign] # the test's own fault
    receipt = apply(plan, portal, jobs=jobs)
    assert [(item.step.name, item.verified) for item in receipt.outcomes] == [
        ("air", True),
        ("beds", False),
        ("paddy", True),
        ("pigs", True),
    ]
    assert (receipt.outcomes[1].error, receipt.outcomes[1].remedy) == ("It is too large. beds", "Divide it.")
    assert (portal.calls[-1], receipt.verified) == ("finish", False)


def test_a_fault_that_is_a_mistake_of_ours_ends_the_run_and_begins_nothing_more(tmp_path: Path) -> None:
    portal = FakePortal()
    plan = creating(portal, tmp_path, tuple(f"d{number:02}" for number in range(40)))

    def broken(step: Step) -> Outcome:
        portal.calls.append(step.name)
        raise ZeroDivisionError

    portal.carry_out = broken  # type: ignore[method-assign] # the test's own fault
    with pytest.raises(ZeroDivisionError):
        apply(plan, portal, jobs=1)
    assert portal.calls == ["d00"]
    with pytest.raises(ZeroDivisionError):
        apply(plan, portal, jobs=2)
    assert "finish" not in portal.calls


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize("fault", [KeyboardInterrupt, ZeroDivisionError])
def test_what_was_done_before_a_run_was_broken_off_is_told(
    jobs: int, fault: type[BaseException], tmp_path: Path
) -> None:
    portal = FakePortal()
    plan, plain = creating(portal, tmp_path), portal.carry_out
    told: list[Receipt] = []

    def breaking(step: Step) -> Outcome:
        if step.name == "paddy":
            raise fault
        return plain(step)

    portal.carry_out = breaking  # type: ignore[method-assign] # the test's own fault
    with pytest.raises(fault):
        apply(plan, portal, jobs=jobs, broken_off=told.append)
    (receipt,) = told
    outcomes = {item.step.name: item for item in receipt.outcomes}
    assert [name for name, item in outcomes.items() if item.verified] == sorted(portal.datasets)
    assert {"air", "beds"} <= portal.datasets.keys()
    assert (outcomes["paddy"].verified, outcomes["paddy"].error) == (False, "The run was broken off.")
    assert (receipt.verified, receipt.error, receipt.mended) == (False, "The run was broken off.", ())


def test_who_is_under_way_when_a_run_is_broken_off_is_told_too(tmp_path: Path) -> None:
    portal = FakePortal()
    plan, plain = creating(portal, tmp_path, NAMES[:2]), portal.carry_out
    told: list[Receipt] = []
    begun, broken = threading.Event(), threading.Event()

    def slow(step: Step) -> Outcome:
        if step.name == "beds":
            begun.set()
            assert broken.wait(timeout=30)
        assert begun.wait(timeout=30)
        return plain(step)

    def progress(_outcome: Outcome) -> None:
        broken.set()
        raise KeyboardInterrupt

    portal.carry_out = slow  # type: ignore[method-assign] # the test's own order
    with pytest.raises(KeyboardInterrupt):
        apply(plan, portal, progress, 2, told.append)
    assert [(item.step.name, item.verified) for item in told[0].outcomes] == [("air", True), ("beds", True)]


def test_a_receipt_that_cannot_be_kept_does_not_hide_what_broke_the_run_off(tmp_path: Path) -> None:
    portal = FakePortal()
    portal.finish = lambda: 1 // 0  # type: ignore[assignment, method-assign, return-value] # the test's own fault

    def full(_receipt: Receipt) -> None:
        message = "The disk is full."
        raise PortalError(message)

    with pytest.raises(ZeroDivisionError):
        apply(creating(portal, tmp_path), portal, broken_off=full)
