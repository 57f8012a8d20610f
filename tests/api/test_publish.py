from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import change, package

import opendata
from opendata import Action, Standing

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    folder = tmp_path / "catalogue"
    package(folder)
    package(folder, "lakes")
    return folder


@pytest.fixture
def portal(tmp_path: Path) -> str:
    return f"{tmp_path}/portal"


def actions(plan: opendata.Plan) -> dict[str, Action]:
    return {step.name: step.action for step in plan.steps}


def test_a_plan_is_what_publishing_does(catalogue: Path, portal: str) -> None:
    planned = opendata.plan(catalogue, portal)
    receipt = opendata.publish(catalogue, portal)
    assert receipt.plan_digest == planned.digest
    assert receipt.verified
    assert [outcome.step.action for outcome in receipt.outcomes] == [Action.CREATE, Action.CREATE]


def test_one_changed_dataset_is_one_step(catalogue: Path, portal: str) -> None:
    opendata.publish(catalogue, portal)
    (catalogue / "lakes/data/levels.csv").write_text("river,level_cm\nHồ Lắk,7\n", encoding="utf-8")
    assert actions(opendata.plan(catalogue, portal)) == {"lakes": Action.UPDATE, "river-levels": Action.KEEP}


def test_a_withdrawal_comes_before_all_else(catalogue: Path, portal: str) -> None:
    opendata.publish(catalogue, portal)
    change(catalogue / "river-levels", access={"level": "internal"})
    package(catalogue, "aaa")
    steps = opendata.plan(catalogue, portal).steps
    assert (steps[0].name, steps[0].action) == ("river-levels", Action.WITHDRAW)


def test_a_raised_level_is_withdrawn_even_when_asked_for_by_name(catalogue: Path, portal: str, tmp_path: Path) -> None:
    opendata.publish(catalogue, portal)
    change(catalogue / "river-levels", access={"level": "internal"})
    receipt = opendata.publish(catalogue, portal, ["river-levels"])
    assert [(item.name, item.standing) for item in receipt.left_out] == [("river-levels", Standing.REFUSED)]
    assert not (tmp_path / "portal/river-levels").exists()


def test_a_name_publishes_that_package_alone(catalogue: Path, portal: str, tmp_path: Path) -> None:
    opendata.publish(catalogue, portal, ["lakes"])
    assert (tmp_path / "portal/lakes").is_dir()
    assert not (tmp_path / "portal/river-levels").exists()


def test_the_watch_is_told_of_building_and_of_publishing(catalogue: Path, portal: str) -> None:
    told: list[tuple[str, int, int]] = []
    opendata.publish(catalogue, portal, watch=lambda *heard: told.append(heard))
    assert [heard for heard in told if heard[0] == "publish"] == [("publish", 1, 2), ("publish", 2, 2)]
    assert ("build", 2, 2) in told


def test_a_conflict_stops_all_or_nothing_before_the_first_write(catalogue: Path, portal: str, tmp_path: Path) -> None:
    opendata.publish(catalogue, portal, ["lakes"])
    change(catalogue / "lakes", id="5e3cbb3e-0000-4000-8000-000000000000")
    with pytest.raises(opendata.ConflictError):
        opendata.publish(catalogue, portal, all_or_nothing=True)
    assert not (tmp_path / "portal/river-levels").exists()
    assert opendata.publish(catalogue, portal).verified is False
    assert (tmp_path / "portal/river-levels").is_dir()


def test_a_run_that_is_broken_off_leaves_a_receipt(
    catalogue: Path, portal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_publisher: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("opendata_site.SitePublisher.finish", interrupted)
    with pytest.raises(KeyboardInterrupt):
        opendata.publish(catalogue, portal)
    (path,) = (catalogue / ".opendata/receipts").glob("*.json")
    told = json.loads(path.read_bytes())
    assert [(item["name"], item["verified"]) for item in told["outcomes"]] == [("lakes", True), ("river-levels", True)]
    assert (told["verified"], told["error"]) == (False, "The run was broken off.")
