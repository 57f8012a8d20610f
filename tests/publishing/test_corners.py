"""Corners of plan, apply and receipt: what a signature covers, what a run that fails leaves, what stays."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import pytest
from built_helpers import ROWS, built, identity, ready, stopped
from fake_portal import FakePortal, as_published

from opendata.model import AccessLevel, Action, PortalState, Standing
from opendata.publishing.apply import apply
from opendata.publishing.changes import exposes, shows
from opendata.publishing.plan import make
from opendata.publishing.receipt import save

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Candidate, Plan

OPEN = frozenset({AccessLevel.OPEN})


def planned(portal: FakePortal, *candidates: Candidate, overwrite: tuple[str, ...] = ()) -> Plan:
    ids = [item.id for item in candidates if item.id]
    return make("fake", candidates, portal.look([], ids), levels=portal.levels, overwrite=overwrite)


def test_a_signature_covers_what_was_withdrawn_before(tmp_path: Path) -> None:
    candidate = ready(built(tmp_path))
    states = [PortalState(), PortalState(withdrawn=frozenset({identity("zinc")}))]
    assert len({make("p", (candidate,), state, levels=OPEN).digest for state in states}) == 2


def test_a_signature_covers_the_target(tmp_path: Path) -> None:
    candidate = ready(built(tmp_path))
    assert len({make(name, (candidate,), PortalState(), levels=OPEN).digest for name in ("./a", "./b")}) == 2


def test_a_signature_covers_bytes_that_the_digest_of_the_content_does_not(tmp_path: Path) -> None:
    """The Parquet of another pyarrow is the same content, but other bytes are sent."""
    one, two = (built(tmp_path, parquet=text) for text in (b"a", b"b"))
    assert one.digest == two.digest
    assert len({make("p", (ready(item),), PortalState(), levels=OPEN).digest for item in (one, two)}) == 2


def test_the_order_of_what_is_left_out_is_that_of_the_catalogue(tmp_path: Path) -> None:
    left = [stopped("zinc", Standing.REFUSED), stopped("air", Standing.WITHHELD), stopped("tea", Standing.FAULTY)]
    plan = planned(FakePortal(), left[0], ready(built(tmp_path)), *left[1:])
    assert [item.name for item in plan.left_out] == ["zinc", "air", "tea"]


def test_what_was_edited_by_others_may_show_anything_even_under_our_digest(tmp_path: Path) -> None:
    package = built(tmp_path)
    found = as_published(package)
    assert not exposes(found, package)
    assert exposes(dataclasses.replace(found, intact=False), package)


def test_a_wider_edition_shows_nothing_too_much_and_a_narrower_one_does(tmp_path: Path) -> None:
    one, two = built(tmp_path), built(tmp_path, tables=("area", "yield"))
    assert not exposes(as_published(one), two)
    assert exposes(as_published(two), one)
    assert shows(as_published(two), {("yield", "")})
    assert not shows(as_published(one), {("yield", ""), ("area", "no-such-field")})


def test_a_run_that_failed_before_its_first_write_leaves_a_receipt(tmp_path: Path) -> None:
    portal = FakePortal()
    portal.failing = {"paddy"}
    portal.finish_fails = True
    path = save(apply(planned(portal, ready(built(tmp_path))), portal), tmp_path)
    assert path is not None
    told = json.loads(path.read_bytes())
    assert (told["verified"], told["error"], told["remedy"]) == (False, "The disk is full.", "Free some space.")
    assert told["outcomes"][0]["remedy"] == "Try again."


def test_a_run_that_failed_to_mend_says_so_and_claims_no_mending(tmp_path: Path) -> None:
    portal = FakePortal()
    portal.faults = ("The index is not up to date.",)
    portal.finish_fails = True
    receipt = apply(planned(portal), portal)
    assert (receipt.mended, receipt.verified) == ((), False)
    assert save(receipt, tmp_path) is not None


def test_a_withdrawal_that_fails_is_not_verified_and_the_others_go_on(tmp_path: Path) -> None:
    portal = FakePortal()
    portal.datasets["tea"] = as_published(built(tmp_path, "tea"))
    portal.failing = {"tea"}
    receipt = apply(planned(portal, stopped("tea", Standing.WITHHELD), ready(built(tmp_path, "air"))), portal)
    assert [(item.step.action, item.verified) for item in receipt.outcomes] == [
        (Action.WITHDRAW, False),
        (Action.CREATE, True),
    ]
    assert "probe tea" not in portal.calls


@pytest.mark.parametrize("standing", sorted(set(Standing) - {Standing.READY}, key=str))
def test_overwrite_lets_nothing_pass_that_its_level_stops(standing: Standing, tmp_path: Path) -> None:
    portal = FakePortal()
    portal.withdrawn = {identity("paddy")}
    plan = planned(portal, dataclasses.replace(stopped("paddy", standing), built=built(tmp_path)), overwrite=("paddy",))
    assert plan.steps == ()
    assert [item.standing for item in plan.left_out] == [standing]


def test_an_overwrite_of_one_is_no_leave_for_another(tmp_path: Path) -> None:
    portal = FakePortal()
    for name in ("air", "tea"):
        portal.datasets[name] = as_published(built(tmp_path, name))
        portal.edit(name)
    candidates = [ready(built(tmp_path, name, rows=ROWS[:1])) for name in ("air", "tea")]
    assert {step.name: step.action for step in planned(portal, *candidates, overwrite=("air",)).steps} == {
        "air": Action.UPDATE,
        "tea": Action.CONFLICT,
    }
