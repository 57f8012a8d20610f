"""What editors and system administrators do to datasets of ours on a real portal, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ckan_desk import Desk, raised, ready, verified
from ckan_helpers import new_organisation, wait_for_jobs
from ckan_visitor import REMEMBERED, seen_by_anyone

from opendata.model import Action
from opendata.publishing.verifying import verify

if TYPE_CHECKING:
    from pathlib import Path

    from ckan_helpers import Organisation, Portal

    from opendata.model import BuiltPackage

Json = dict[str, Any]


@pytest.fixture
def desk(organisation: Organisation, tmp_path: Path) -> Desk:
    return Desk(organisation, tmp_path)


@pytest.fixture
def package(desk: Desk, ckan: Portal) -> BuiltPackage:
    """A package that was published."""
    made = desk.built()
    verified(desk.publish(ready(made)))
    wait_for_jobs(ckan, desk.organisation)
    return made


def mark_as_withdrawn(organisation: Organisation, name: str) -> None:
    extras = [
        {**item, "value": "withdrawn"} if item["key"] == "opendata_stage" else item
        for item in organisation.dataset(name)["extras"]
    ]
    organisation.as_editor("package_patch", id=name, extras=extras)


def test_a_raised_dataset_goes_although_an_editor_marked_it_as_withdrawn(
    desk: Desk, ckan: Portal, package: BuiltPackage
) -> None:
    was = desk.organisation.dataset(package.name)
    mark_as_withdrawn(desk.organisation, package.name)
    assert seen_by_anyone(ckan, was)
    assert verified(desk.publish(raised(package))) == ["withdraw"]
    assert set(seen_by_anyone(ckan, was)) <= REMEMBERED
    assert desk.plan(raised(package)).steps == ()


def test_a_shell_that_was_made_public_with_a_new_file_is_hidden_again(
    desk: Desk, ckan: Portal, package: BuiltPackage
) -> None:
    verified(desk.publish(raised(package)))
    act = desk.organisation.as_editor
    act("package_patch", id=package.name, private=False, resources=[{"name": "again", "url": "https://a.vn/again.csv"}])
    now = desk.organisation.dataset(package.name)
    assert seen_by_anyone(ckan, now)
    assert verified(desk.publish(raised(package))) == ["withdraw"]
    assert set(seen_by_anyone(ckan, now)) <= REMEMBERED
    plan = desk.plan(raised(package))
    assert (plan.steps, [text for text in plan.warnings if "others put files there since: again" in text]) == (
        (),
        [f"{package.name}: It was withdrawn; others put files there since: again"],
    )


def test_one_that_was_moved_and_renamed_is_told(desk: Desk, ckan: Portal, package: BuiltPackage) -> None:
    with new_organisation(ckan) as other:
        far = f"{other.name}-far"
        desk.organisation.as_sysadmin("package_patch", id=package.name, name=far, owner_org=other.id)
        for candidate, actions in ((ready(package), [Action.CREATE]), (raised(package), [])):
            plan = desk.plan(candidate)
            assert [step.action for step in plan.steps] == actions
            (told,) = [text for text in plan.warnings if text.startswith(f"{far}: ")]
            assert f"in the organisation {other.name}" in told
            found = verify("t", desk.publisher, [candidate])
            assert far in {drift.name for drift in found.drifts}
