"""A dataset of ours that stands where we may not write: moved and renamed by a system administrator, or planted."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import pytest
from built_helpers import built, ready, stopped
from scripted_portal import Scripted
from small_desk import plan_of, publish

from opendata.model import Action, Standing
from opendata.publishing.verifying import verify
from opendata_ckan import CkanPublisher

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from small_ckan import SmallCkan

    from opendata.model import BuiltPackage, Candidate, Plan, Verification

TOLD = (
    "It has the id of a dataset of yours, but is in the organisation so-yt, which you may not write to. If it is yours "
    "and was moved, ask whoever keeps the portal to move it back or to remove it."
)


pytestmark = pytest.mark.usefixtures("slept")


@pytest.fixture
def moved(ckan: SmallCkan) -> SmallCkan:
    ckan.store({**copy.deepcopy(ckan.named("paddy")), "owner_org": "so-yt", "name": "far"})
    return ckan


def planned(ckan: SmallCkan, *candidates: Candidate) -> Plan:
    with Scripted(ckan) as portal:
        return plan_of(CkanPublisher(portal.target()), *candidates)


def verified(
    ckan: SmallCkan, *candidates: Candidate, names: Collection[str] = (), organization: str | None = None
) -> Verification:
    with Scripted(ckan) as portal:
        publisher = CkanPublisher(portal.target())
        return verify("t", publisher, candidates or None, names, organization=organization)


def told_of(found: Verification) -> list[tuple[str, tuple[str, ...]]]:
    return [(item.name, item.found) for item in found.drifts]


def test_it_is_a_warning_and_no_conflict_since_anybody_can_plant_an_id(moved: SmallCkan, package: BuiltPackage) -> None:
    plan = planned(moved, ready(package))
    assert [step.action for step in plan.steps] == [Action.CREATE]
    assert plan.warnings == (f"far: {TOLD}",)
    assert publish(moved, ready(package)).warnings == (f"far: {TOLD}",)
    assert ("far", (TOLD,)) in told_of(verified(moved, ready(package)))


def test_one_whose_level_was_raised_is_told_too(moved: SmallCkan) -> None:
    raised = stopped("paddy", Standing.WITHHELD)
    plan = planned(moved, raised)
    assert (plan.steps, plan.warnings) == ((), (f"far: {TOLD}",))
    assert told_of(verified(moved, raised)) == [("far", (TOLD,))]
    assert told_of(verified(moved, raised, organization="h15-05")) == [("far", (TOLD,))]


def test_without_a_catalogue_the_datasets_of_ours_count(
    moved: SmallCkan, package: BuiltPackage, tmp_path: Path
) -> None:
    assert told_of(verified(moved)) == []  # nobody knows here whose it is
    publish(moved, ready(package), ready(built(tmp_path, "tea")))
    assert told_of(verified(moved)) == [("far", (TOLD,))]
    assert told_of(verified(moved, names=["tea"])) == []


def test_what_belongs_to_others_is_their_affair(moved: SmallCkan, tmp_path: Path) -> None:
    other = ready(built(tmp_path, "tea"))
    assert planned(moved, other).warnings == ()
    assert told_of(verified(moved, other)) == [("tea", ("It is not on the portal.",))]


def test_one_under_the_very_name_is_told_by_its_conflict(ckan: SmallCkan, package: BuiltPackage) -> None:
    ckan.store({**copy.deepcopy(ckan.named("paddy")), "owner_org": "so-yt"})
    (step,) = planned(ckan, ready(package)).steps
    assert step.action is Action.CONFLICT
