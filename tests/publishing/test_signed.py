"""A signed plan and one made later: the same, the rest of it, or another."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from built_helpers import built, ready, stopped
from fake_portal import FakePortal, as_published

from opendata.errors import ConflictError, UsageError
from opendata.model import Candidate, Limits, Plan, PlanOptions, Standing, Target, dump
from opendata.publishing.apply import apply
from opendata.publishing.plan import make, to_json
from opendata.publishing.signed import bound, goes_on, options_of, read, refuse_elsewhere, refuse_other

if TYPE_CHECKING:
    from pathlib import Path


def plan_of(
    portal: FakePortal, *candidates: Candidate, limits: Limits | None = None, overwrite: tuple[str, ...] = ()
) -> Plan:
    names = [item.published_name for item in candidates]
    state = portal.look(names, [item.id for item in candidates if item.id])
    return make("fake", candidates, state, levels=portal.levels, limits=limits or Limits(), overwrite=overwrite)


@pytest.fixture
def portal(tmp_path: Path) -> FakePortal:
    """It holds an older paddy, and tea that is to go."""
    found = FakePortal()
    for name in ("paddy", "tea"):
        found.datasets[name] = as_published(built(tmp_path, name, version="0"))
    return found


@pytest.fixture
def candidates(tmp_path: Path) -> tuple[Candidate, ...]:
    new, changed = ready(built(tmp_path, "air")), ready(built(tmp_path, "paddy"))
    return new, changed, stopped("tea", Standing.WITHHELD)


def test_the_same_plan_goes_on(portal: FakePortal, candidates: tuple[Candidate, ...]) -> None:
    signed = plan_of(portal, *candidates)
    assert goes_on(signed.decisive, plan_of(portal, *candidates).decisive)


@pytest.mark.parametrize("done", range(4))
def test_what_is_left_of_it_goes_on(portal: FakePortal, candidates: tuple[Candidate, ...], done: int) -> None:
    signed = plan_of(portal, *candidates)
    apply(replace(signed, steps=signed.steps[:done]), portal)
    left = plan_of(portal, *candidates)
    assert len(left.pending) == 3 - done
    assert goes_on(signed.decisive, left.decisive)


def test_a_step_that_was_broken_off_goes_on(portal: FakePortal, candidates: tuple[Candidate, ...]) -> None:
    signed = plan_of(portal, *candidates)
    assert candidates[0].built is not None
    begun = as_published(candidates[0].built)
    portal.datasets["air"] = replace(begun, faults=("begun",))
    assert goes_on(signed.decisive, plan_of(portal, *candidates).decisive)
    portal.datasets["air"] = replace(begun, faults=("begun",), digest=None)
    assert goes_on(signed.decisive, plan_of(portal, *candidates).decisive)
    portal.datasets["air"] = replace(begun, faults=("begun",), digest="sha256:0")
    assert not goes_on(signed.decisive, plan_of(portal, *candidates).decisive)


def test_another_plan_does_not(portal: FakePortal, candidates: tuple[Candidate, ...], tmp_path: Path) -> None:
    signed = plan_of(portal, *candidates)
    more = ready(built(tmp_path, "zinc"))
    other = ready(built(tmp_path, "air", version="2"))
    for made in (
        plan_of(portal, *candidates, more),
        plan_of(portal, other, *candidates[1:]),
        plan_of(portal, *candidates, stopped("sugar", Standing.FAULTY)),
        plan_of(portal, *candidates, limits=Limits(owners={"air": "others"})),
        plan_of(portal, *candidates[:2]),
    ):
        assert not goes_on(signed.decisive, made.decisive)


def test_a_portal_that_has_moved_on_stops_it(portal: FakePortal, candidates: tuple[Candidate, ...]) -> None:
    signed = plan_of(portal, *candidates)
    portal.edit("paddy")
    assert not goes_on(signed.decisive, plan_of(portal, *candidates).decisive)


def test_what_was_saved_is_believed_by_its_digest_alone(
    portal: FakePortal, candidates: tuple[Candidate, ...], tmp_path: Path
) -> None:
    signed, path = plan_of(portal, *candidates), tmp_path / "plan.json"
    path.write_bytes(dump(to_json(signed)))
    refuse_other(signed, read(path))
    apply(replace(signed, steps=signed.steps[:1]), portal)
    left = plan_of(portal, *candidates)
    refuse_other(left, read(path))
    told = json.loads(path.read_bytes())
    told["decisive"]["steps"] = left.decisive["steps"]
    path.write_text(json.dumps(told))
    with pytest.raises(ConflictError, match="no longer what would be done"):
        refuse_other(left, read(path))
    path.write_text("{}")
    with pytest.raises(UsageError, match="no plan"):
        read(path)


def test_what_was_written_over_by_then_does_not_stop_the_rest(
    portal: FakePortal, candidates: tuple[Candidate, ...]
) -> None:
    portal.edit("paddy")
    signed = plan_of(portal, *candidates, overwrite=("paddy",))
    (paddy,) = (step for step in signed.steps if step.name == "paddy")
    apply(replace(signed, steps=(paddy,)), portal)
    left = plan_of(portal, *candidates, overwrite=("paddy",))
    assert "paddy" in [step.name for step in left.pending]  # its bytes are compared anew
    assert goes_on(signed.decisive, left.decisive)


def test_another_target_or_another_left_out_stops_it(portal: FakePortal, candidates: tuple[Candidate, ...]) -> None:
    signed = plan_of(portal, *candidates)
    for key, value in (("target", "elsewhere"), ("address", "elsewhere"), ("left_out", [])):
        assert not goes_on({**signed.decisive, key: value}, signed.decisive)


@pytest.mark.parametrize(
    "decisive",
    ["NaN", '{"steps": NaN}', '{"\\ud800": 1}', "[" * 100_000, '{"steps": [{"name": "paddy", "before": [1]}]}', "5"],
)
def test_a_plan_that_was_tampered_with_is_refused_whatever_it_holds(
    decisive: str, portal: FakePortal, candidates: tuple[Candidate, ...], tmp_path: Path
) -> None:
    path = tmp_path / "plan.json"
    path.write_text(f'{{"digest": "sha256:0", "decisive": {decisive}}}', "utf-8")
    with pytest.raises((ConflictError, UsageError)):
        refuse_other(plan_of(portal, *candidates), read(path))


def test_a_dataset_that_the_signed_plan_knew_less_of_is_no_start(
    portal: FakePortal, candidates: tuple[Candidate, ...]
) -> None:
    """Whoever signs a plan of another make than ours gets a refusal, not a crash."""
    made = plan_of(portal, *candidates).decisive
    steps = [dict(step) for step in made["steps"]]  # type: ignore[union-attr] # a list
    for step in steps:
        step["before"] = step["before"] and step["before"][:1]
    assert not goes_on({**made, "steps": steps}, made)


def test_what_was_withdrawn_since_is_not_reopened_under_an_old_plan(portal: FakePortal, tmp_path: Path) -> None:
    air = ready(built(tmp_path, "air"))
    signed = plan_of(portal, air)
    apply(signed, portal)
    apply(plan_of(portal, stopped("air", Standing.WITHHELD)), portal)
    assert plan_of(portal, air, overwrite=("air",)).steps[0].reopen
    assert not goes_on(signed.decisive, plan_of(portal, air, overwrite=("air",)).decisive)


def test_that_it_is_reopened_is_signed(portal: FakePortal, tmp_path: Path) -> None:
    air = ready(built(tmp_path, "air"))
    assert air.id is not None
    portal.withdrawn = {air.id}
    signed = plan_of(portal, air, overwrite=("air",))
    assert goes_on(signed.decisive, plan_of(portal, air, overwrite=("air",)).decisive)
    apply(signed, portal)
    assert goes_on(signed.decisive, plan_of(portal, air).decisive)
    unsigned = {**signed.decisive, "steps": [{**step, "reopen": False} for step in signed.decisive["steps"]]}  # type: ignore[union-attr] # a list of objects
    portal.datasets.pop("air")
    portal.withdrawn = {air.id}
    assert not goes_on(unsigned, plan_of(portal, air, overwrite=("air",)).decisive)


def test_an_organisation_that_is_made_is_told_and_signed(portal: FakePortal, tmp_path: Path) -> None:
    air = ready(built(tmp_path, "air"))
    owners = {"air": "so-y-te", "paddy": "so-nn"}
    there, lacking = Limits(owners=owners), Limits(owners=owners, creating=frozenset({"so-y-te", "so-nn"}))
    signed = plan_of(portal, air, limits=lacking)
    assert signed.warnings == ("The organisation so-y-te will be created.",)
    assert goes_on(signed.decisive, plan_of(portal, air, limits=there).decisive)
    silent = plan_of(portal, air, limits=there)
    assert (silent.warnings, silent.digest == signed.digest) == ((), False)
    assert not goes_on(silent.decisive, signed.decisive)
    apply(signed, portal)
    assert goes_on(signed.decisive, plan_of(portal, air, limits=lacking).decisive)
    assert plan_of(portal, air, limits=lacking).warnings == ()


def test_a_withdrawal_that_was_not_signed_stops_the_rest(portal: FakePortal, candidates: tuple[Candidate, ...]) -> None:
    signed = plan_of(portal, *candidates)
    assert candidates[0].id is not None
    portal.withdrawn = {candidates[0].id}
    assert not goes_on(signed.decisive, plan_of(portal, *candidates).decisive)
    held = {**signed.decisive, "withdrawn": [candidates[0].id]}
    assert not goes_on(signed.decisive, held)
    portal.withdrawn = set()
    apply(replace(signed, steps=signed.steps[:1]), portal)
    assert portal.withdrawn
    assert goes_on(signed.decisive, plan_of(portal, *candidates).decisive)


def test_the_place_is_signed_too(portal: FakePortal, candidates: tuple[Candidate, ...], tmp_path: Path) -> None:
    here = Target("fake", "ckan", "https://a.vn")
    signed, path = bound(plan_of(portal, *candidates), here), tmp_path / "plan.json"
    assert signed.address == to_json(signed)["address"] == "https://a.vn"
    path.write_bytes(dump(to_json(signed)))
    refuse_elsewhere(read(path), here)
    for other in (replace(here, location="https://b.vn"), replace(here, name="u")):
        with pytest.raises(UsageError, match=r"was made for fake \(https://a\.vn\), not for") as caught:
            refuse_elsewhere(read(path), other)
        assert caught.value.where == str(path)
    moved = bound(plan_of(portal, *candidates), replace(here, location="https://b.vn"))
    assert (moved.digest == signed.digest, goes_on(signed.decisive, moved.decisive)) == (False, False)


ASKED = PlanOptions(("paddy", "air"), ("paddy",), "so-nn", create_organization=True)


def saved(portal: FakePortal, candidates: tuple[Candidate, ...], options: PlanOptions, folder: Path) -> Path:
    path = folder / "plan.json"
    path.write_bytes(dump(to_json(bound(plan_of(portal, *candidates), Target("fake", "site", "p"), options))))
    return path


def test_what_was_asked_of_a_plan_is_taken_from_it(
    portal: FakePortal, candidates: tuple[Candidate, ...], tmp_path: Path
) -> None:
    signed = read(saved(portal, candidates, ASKED, tmp_path))
    for given in (PlanOptions(), replace(ASKED, names=("air", "paddy", "air")), PlanOptions(overwrite=("paddy",))):
        assert options_of(signed, given) == replace(ASKED, names=("air", "paddy"))
    assert options_of(read(saved(portal, candidates, PlanOptions(), tmp_path)), PlanOptions()) == PlanOptions()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (PlanOptions(("air",)), "NAME"),
        (PlanOptions(overwrite=("air",)), "--overwrite"),
        (PlanOptions(organization="so-y-te"), "--organization"),
        (PlanOptions(("tea",), ("tea",), "x"), "NAME, --overwrite, --organization"),
    ],
)
def test_other_options_beside_it_are_wrong_usage(
    given: PlanOptions, told: str, portal: FakePortal, candidates: tuple[Candidate, ...], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=f"other options than those given: {told}\\.") as caught:
        options_of(read(saved(portal, candidates, ASKED, tmp_path)), given)
    assert "taken from the plan" in caught.value.remedy


def test_a_plan_that_makes_no_organisation_is_no_leave_to_make_one(
    portal: FakePortal, candidates: tuple[Candidate, ...], tmp_path: Path
) -> None:
    signed = read(saved(portal, candidates, PlanOptions(), tmp_path))
    with pytest.raises(UsageError, match="--create-organization"):
        options_of(signed, PlanOptions(create_organization=True))


@pytest.mark.parametrize("options", ["5", "[]", '{"names": 5, "overwrite": {}, "create_organization": 1}', '"x"'])
def test_options_that_are_none_are_as_if_not_told(options: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(f'{{"digest": "sha256:0", "decisive": {{"options": {options}}}}}', "utf-8")
    assert options_of(read(path), PlanOptions()) == PlanOptions()
