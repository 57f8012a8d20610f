"""What a withdrawal leaves: an empty, private shell, and no dataset that only says that it is one."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built, ready, stopped
from scripted_portal import Scripted
from small_desk import plan_of, publish, whole, with_extras

from opendata.model import AccessLevel, Action, Standing
from opendata.publishing.verifying import verify
from opendata_ckan import CkanPublisher

if TYPE_CHECKING:
    from pathlib import Path

    from small_ckan import SmallCkan

    from opendata.model import BuiltPackage, Candidate, Plan, PortalState, Verification

THEIRS = {"id": "theirs", "name": "Ghi chú", "url": "https://a.vn/b.csv"}
RAISED = stopped("paddy", Standing.WITHHELD)

Raw = dict[str, Any]


pytestmark = pytest.mark.usefixtures("slept")


def planned(ckan: SmallCkan, *candidates: Candidate) -> Plan:
    with Scripted(ckan) as portal:
        return plan_of(CkanPublisher(portal.target()), *candidates)


def looked(ckan: SmallCkan) -> PortalState:
    with Scripted(ckan) as portal:
        return CkanPublisher(portal.target()).look([])


def verified(ckan: SmallCkan, *candidates: Candidate) -> Verification:
    with Scripted(ckan) as portal:
        return verify("t", CkanPublisher(portal.target()), candidates or None)


def said(found: Verification) -> list[str]:
    return [text for drift in found.drifts for text in drift.found]


def shell(ckan: SmallCkan, **changes: object) -> SmallCkan:
    """What a withdrawal leaves of the dataset, changed by others since."""
    assert publish(ckan, RAISED).verified
    ckan.store({**copy.deepcopy(ckan.named("paddy")), **changes})
    return ckan


def test_a_shell_as_it_was_left_is_nobodys_affair(ckan: SmallCkan) -> None:
    shell(ckan)
    plan = planned(ckan, RAISED)
    assert (plan.steps, plan.warnings, looked(ckan).datasets) == ((), (), ())
    assert verified(ckan, RAISED).drifts == ()


def test_a_public_dataset_that_is_marked_as_withdrawn_is_withdrawn(ckan: SmallCkan) -> None:
    ckan.store(with_extras(copy.deepcopy(ckan.named("paddy")), opendata_stage="withdrawn"))
    plan = planned(ckan, RAISED)
    assert [(step.action, step.name) for step in plan.steps] == [(Action.WITHDRAW, "paddy")]
    assert "paddy: It is marked as withdrawn, yet it can be seen or holds files." in plan.warnings
    assert publish(ckan, RAISED).verified
    assert (ckan.public, ckan.files) == ([], {})
    assert planned(ckan, RAISED).steps == ()


@pytest.mark.parametrize("files", [[], [THEIRS]])
def test_a_shell_that_others_made_public_is_hidden_again(files: list[Raw], ckan: SmallCkan) -> None:
    shell(ckan, private=False, resources=copy.deepcopy(files))
    assert any("visitor" in text for text in said(verified(ckan, RAISED)))
    assert publish(ckan, RAISED).verified
    assert ckan.public == []
    assert [item["id"] for item in ckan.named("paddy")["resources"]] == [item["id"] for item in files]
    assert planned(ckan, RAISED).steps == ()


def test_a_private_dataset_of_ours_that_is_marked_as_withdrawn_is_emptied(tmp_path: Path) -> None:
    shared = built(tmp_path, "paddy--shared", id=RAISED.id, level=AccessLevel.SHARED)
    ckan = whole(shared)[0]
    ckan.store(with_extras(copy.deepcopy(ckan.named("paddy--shared")), opendata_stage="withdrawn"))
    assert publish(ckan, RAISED).verified
    assert (ckan.files, ckan.named("paddy--shared")["resources"]) == ({}, [])


def test_what_others_put_into_a_private_shell_is_told_and_no_step(ckan: SmallCkan) -> None:
    shell(ckan, resources=[dict(THEIRS)])
    plan, told = planned(ckan, RAISED), "It was withdrawn; others put files there since: Ghi chú"
    assert (plan.steps, plan.warnings) == ((), (f"paddy: {told}",))
    assert said(verified(ckan, RAISED)) == [told] == said(verified(ckan))


def test_what_is_noted_of_other_packages_is_not_in_the_plan(ckan: SmallCkan, tmp_path: Path) -> None:
    shell(ckan, resources=[dict(THEIRS)])
    other = built(tmp_path, "tea")
    assert planned(ckan, ready(other)).warnings == ()


def test_one_that_may_be_seen_again_is_a_conflict_and_reopened_as_a_new_one(
    ckan: SmallCkan, package: BuiltPackage
) -> None:
    before = ckan.named("paddy")["id"]
    ckan.store(with_extras(copy.deepcopy(ckan.named("paddy")), opendata_stage="withdrawn"))
    (step,) = planned(ckan, ready(package)).steps
    assert (step.action, "withdrawn" in step.changes[0]) == (Action.CONFLICT, True)
    assert publish(ckan, ready(package), overwrite=["paddy"]).verified
    assert ckan.named("paddy")["id"] != before
    assert ckan.extras("paddy")["opendata_stage"] == "live"


def test_a_faulty_package_whose_shell_is_public_is_told(ckan: SmallCkan) -> None:
    shell(ckan, private=False)
    plan = planned(ckan, stopped("paddy", Standing.FAILED))
    assert [text for text in plan.warnings if "withdrawn" in text]
