"""Whatever the portal and the catalogue look like: the plan converges, and harms nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from built_helpers import identity
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_strategies import OVERWRITE, catalogues, plan_of, portals

from opendata.model import Action, Standing
from opendata.publishing.apply import apply

if TYPE_CHECKING:
    from fake_portal import FakePortal

    from opendata.model import Candidate


@given(portals(), catalogues(), OVERWRITE)
@settings(max_examples=300)
def test_what_was_done_needs_not_be_done_again(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]
) -> None:
    first = plan_of(portal, candidates, overwrite)
    apply(first, portal)
    again = plan_of(portal, candidates, overwrite)
    anew = [
        step.name for step in again.pending if step.action is Action.UPDATE and step.before.digest == step.built.digest
    ]
    assert [step.name for step in again.pending] == anew  # what was asked to be compared anew; nothing differs
    assert set(anew) <= overwrite
    conflicts = [step.name for step in first.steps if step.action is Action.CONFLICT]
    assert [step.name for step in again.steps if step.action is Action.CONFLICT] == conflicts


@given(portals(), catalogues(), OVERWRITE)
@settings(max_examples=300)
def test_no_name_has_two_steps_and_withdrawals_come_first(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]
) -> None:
    steps = plan_of(portal, candidates, overwrite).steps
    assert len({step.name for step in steps}) == len(steps)
    turns = [0 if step.action is Action.WITHDRAW else 1 if step.purge else 2 for step in steps]
    assert turns == sorted(turns)


@given(portals(), catalogues(), OVERWRITE)
@settings(max_examples=300)
def test_what_is_not_ours_is_never_touched(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]
) -> None:
    before = {name: item for name, item in portal.datasets.items() if item.id != identity(name)}
    apply(plan_of(portal, candidates, overwrite), portal)
    assert {name: portal.datasets.get(name) for name in before} == before


@given(portals(), catalogues(), OVERWRITE)
@settings(max_examples=300)
def test_nothing_stays_that_may_not_be_seen(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]
) -> None:
    apply(plan_of(portal, candidates, overwrite), portal)
    gone = {item.id for item in candidates if item.standing in {Standing.WITHHELD, Standing.REFUSED}}
    assert not gone & {item.id for name, item in portal.datasets.items() if item.id == identity(name)}


@given(portals(), catalogues())
@settings(max_examples=200)
def test_every_package_is_accounted_for(portal: FakePortal, candidates: tuple[Candidate, ...]) -> None:
    plan = plan_of(portal, candidates, frozenset())
    told = {step.name for step in plan.steps} | {item.name for item in plan.left_out}
    assert told == {item.name for item in candidates}


@given(portals(), catalogues(), OVERWRITE, st.data())
@settings(max_examples=100)
def test_the_order_of_the_catalogue_does_not_matter(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str], data: st.DataObject
) -> None:
    shuffled = tuple(data.draw(st.permutations(candidates)))
    assert plan_of(portal, candidates, overwrite).steps == plan_of(portal, shuffled, overwrite).steps
