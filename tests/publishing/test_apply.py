from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from built_helpers import ROWS, built, ready, stopped
from fake_portal import FakePortal, as_published

from opendata.model import AccessLevel, Action, Standing
from opendata.publishing.apply import apply
from opendata.publishing.plan import make

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Candidate, Outcome, Plan, Step


def planned(portal: FakePortal, *candidates: Candidate) -> Plan:
    ids = [item.id for item in candidates if item.id]
    return make("fake", candidates, portal.look([], ids), levels=portal.levels)


@pytest.fixture
def portal(tmp_path: Path) -> FakePortal:
    made = FakePortal()
    made.datasets["tea"] = as_published(built(tmp_path, "tea"))
    return made


def test_the_steps_are_done_in_the_plans_order_and_finished_once(tmp_path: Path, portal: FakePortal) -> None:
    plan = planned(
        portal, ready(built(tmp_path, "pigs")), ready(built(tmp_path, "air")), stopped("tea", Standing.WITHHELD)
    )
    receipt = apply(plan, portal)
    assert portal.calls == ["withdraw tea", "probe tea", "create air", "create pigs", "finish"]
    assert receipt.verified
    assert receipt.plan_digest == plan.digest
    assert receipt.left_out == plan.left_out


def test_nothing_to_do_asks_nothing_of_the_portal(tmp_path: Path, portal: FakePortal) -> None:
    receipt = apply(planned(portal, ready(built(tmp_path, "tea"))), portal)
    assert portal.calls == []
    assert [(outcome.step.action, outcome.verified) for outcome in receipt.outcomes] == [(Action.KEEP, True)]


def test_one_that_fails_does_not_stop_the_others(tmp_path: Path, portal: FakePortal) -> None:
    portal.failing = {"air"}
    receipt = apply(planned(portal, ready(built(tmp_path, "air")), ready(built(tmp_path, "pigs"))), portal)
    failed, done = receipt.outcomes
    assert (failed.verified, failed.error, failed.remedy) == (False, "The portal is away. air", "Try again.")
    assert (failed.requests, failed.bytes) == (3, 1000)
    assert done.verified
    assert portal.calls[-1] == "finish"
    assert not receipt.verified


def test_a_conflict_is_told_and_nothing_is_written(tmp_path: Path, portal: FakePortal) -> None:
    portal.edit("tea")
    receipt = apply(planned(portal, ready(built(tmp_path, "tea", rows=ROWS[:1]))), portal)
    (outcome,) = receipt.outcomes
    assert not outcome.verified
    assert "edited on the portal" in outcome.error
    assert outcome.remedy.endswith("--overwrite tea")
    assert portal.calls == []


def test_what_can_still_be_seen_after_its_withdrawal_is_not_verified(portal: FakePortal) -> None:
    portal.leaking = {"tea"}
    (outcome,) = apply(planned(portal, stopped("tea", Standing.WITHHELD)), portal).outcomes
    assert not outcome.verified
    assert "/tea" in outcome.error


def test_a_portal_with_faults_of_its_own_is_mended_though_no_step_is_pending(portal: FakePortal) -> None:
    portal.faults = ("The index is not up to date.",)
    receipt = apply(planned(portal), portal)
    assert portal.calls == ["finish"]
    assert receipt.mended == ("The index is not up to date.",)
    assert not portal.look([]).faults


def test_a_failure_at_the_end_is_in_the_receipt(tmp_path: Path, portal: FakePortal) -> None:
    portal.finish_fails = True
    receipt = apply(planned(portal, ready(built(tmp_path, "air"))), portal)
    assert (receipt.error, receipt.remedy) == ("The disk is full.", "Free some space.")
    assert not receipt.verified
    assert receipt.mended == ()


def test_progress_is_told_as_it_comes(tmp_path: Path, portal: FakePortal) -> None:
    told: list[Outcome] = []
    receipt = apply(planned(portal, ready(built(tmp_path, "air")), ready(built(tmp_path, "tea"))), portal, told.append)
    assert tuple(told) == receipt.outcomes


def test_an_interruption_passes(tmp_path: Path, portal: FakePortal, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(step: Step) -> Outcome:
        raise KeyboardInterrupt(step.name)

    monkeypatch.setattr(portal, "carry_out", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply(planned(portal, ready(built(tmp_path, "air"))), portal)


def test_times_are_utc(portal: FakePortal) -> None:
    receipt = apply(planned(portal), portal)
    for time in (receipt.started, receipt.finished):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", time)
    assert receipt.started <= receipt.finished


def shared_portal(tmp_path: Path, *names: str) -> tuple[FakePortal, list[Candidate]]:
    """A portal that can protect shared editions, holding the first version of each."""
    portal = FakePortal(frozenset({AccessLevel.OPEN, AccessLevel.SHARED}))
    for name in names:
        portal.datasets[name] = as_published(built(tmp_path, name, level=AccessLevel.SHARED))
    later = [ready(built(tmp_path, name, level=AccessLevel.SHARED, rows=ROWS[:1])) for name in names]
    return portal, later


def test_what_is_not_open_is_probed_after_it_was_created(tmp_path: Path) -> None:
    portal, _later = shared_portal(tmp_path)
    plan = planned(portal, ready(built(tmp_path, "air", level=AccessLevel.SHARED)), ready(built(tmp_path, "tea")))
    assert apply(plan, portal).verified
    assert portal.calls == ["create air", "probe air", "create tea", "finish"]


def test_what_is_not_open_is_probed_after_an_update(tmp_path: Path) -> None:
    portal, later = shared_portal(tmp_path, "air")
    assert apply(planned(portal, *later), portal).verified
    assert portal.calls == ["update air", "probe air", "finish"]


def test_a_shared_edition_that_anyone_can_see_is_not_verified(tmp_path: Path) -> None:
    portal, later = shared_portal(tmp_path, "air", "tea")
    portal.leaking = {"air"}
    seen, hidden = apply(planned(portal, *later), portal).outcomes
    assert (seen.verified, hidden.verified) == (False, True)
    assert seen.error == "The dataset is not open, yet anyone can see it: /air"
    assert seen.remedy


def test_a_shared_edition_that_is_kept_writes_nothing(tmp_path: Path) -> None:
    portal, _later = shared_portal(tmp_path, "air")
    apply(planned(portal, ready(built(tmp_path, "air", level=AccessLevel.SHARED))), portal)
    assert portal.calls == []
