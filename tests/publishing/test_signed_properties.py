"""Whatever the portal and the catalogue look like: a signed plan that was broken off anywhere can be gone on with."""

from __future__ import annotations

import copy
import dataclasses
import json
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from plan_strategies import OVERWRITE, catalogues, plan_of, portals

from opendata.model import Action, dump
from opendata.publishing.apply import apply
from opendata.publishing.plan import to_json
from opendata.publishing.signed import goes_on

if TYPE_CHECKING:
    from fake_portal import FakePortal

    from opendata.model import Candidate, Json, Plan

Catalogue = tuple["Candidate", ...]


def saved(plan: Plan) -> Json:
    """What is read back of a plan that was saved."""
    found: Json = json.loads(dump(to_json(plan)))["decisive"]
    return found


@given(portals(), catalogues(), OVERWRITE)
@settings(max_examples=150)
def test_a_plan_goes_on_from_itself(portal: FakePortal, candidates: Catalogue, overwrite: frozenset[str]) -> None:
    plan = plan_of(portal, candidates, overwrite)
    assert goes_on(saved(plan), plan.decisive)


@given(portals(), catalogues(), OVERWRITE, st.data())
@settings(max_examples=300)
def test_what_is_left_of_a_plan_goes_on_wherever_it_was_broken_off(
    portal: FakePortal, candidates: Catalogue, overwrite: frozenset[str], data: st.DataObject
) -> None:
    signed = plan_of(portal, candidates, overwrite)
    done = data.draw(st.integers(0, len(signed.steps)))
    apply(dataclasses.replace(signed, steps=signed.steps[:done]), portal)
    assert goes_on(saved(signed), plan_of(portal, candidates, overwrite).decisive)


@given(portals(), catalogues(), catalogues())
@settings(max_examples=300)
def test_nothing_is_done_under_a_plan_that_it_does_not_hold(
    portal: FakePortal, candidates: Catalogue, others: Catalogue
) -> None:
    """What another catalogue would have done goes on only where the signed plan has each of it, of the same bytes."""
    signed, made = plan_of(portal, candidates), plan_of(copy.deepcopy(portal), others)
    if goes_on(saved(signed), made.decisive):
        asked = {(step.name, step.id, step.built and step.built.digest) for step in signed.pending}
        assert {(step.name, step.id, step.built and step.built.digest) for step in made.pending} <= asked
        assert [step.name for step in made.steps if step.action is Action.WITHDRAW] == [
            step.name for step in signed.steps if step.action is Action.WITHDRAW
        ]
