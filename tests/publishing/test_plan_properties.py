"""Whatever the portal and the catalogue look like: the plan converges, and harms nobody."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from built_helpers import FIELDS, ROWS, built, identity, ready, stopped
from fake_portal import FakePortal, as_published
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.model import Action, Standing
from opendata.publishing.apply import apply
from opendata.publishing.plan import make

if TYPE_CHECKING:
    from opendata.model import BuiltPackage, Candidate, Plan

FOLDER = Path(tempfile.mkdtemp(prefix="plans-"))
NAMES = ("air", "beds", "paddy", "pigs", "tea")
KINDS = ("first", "second", "narrow")
WAYS = ("ready", "withheld", "refused", "faulty", "absent")
STATES = ("none", "ours", "foreign", "nameless", "edited", "faulty", "bare")


def _package(name: str, kind: str) -> BuiltPackage:
    if kind == "narrow":
        return built(FOLDER, name, fields=FIELDS[:1], rows=[row[:1] for row in ROWS])
    return built(FOLDER, name, rows=ROWS if kind == "first" else ROWS[:1])


PACKAGES = {(name, kind): _package(name, kind) for name in NAMES for kind in KINDS}


@st.composite
def _candidates(draw: st.DrawFn) -> tuple[Candidate, ...]:
    found = []
    for name in NAMES:
        way = draw(st.sampled_from(WAYS))
        if way == "ready":
            found.append(ready(PACKAGES[name, draw(st.sampled_from(KINDS))]))
        elif way != "absent":
            found.append(stopped(name, Standing(way)))
    return tuple(draw(st.permutations(found)))


@st.composite
def _portals(draw: st.DrawFn) -> FakePortal:
    portal = FakePortal()
    for name in NAMES:
        way = draw(st.sampled_from(STATES))
        held = as_published(PACKAGES[name, draw(st.sampled_from(KINDS))])
        changes = {
            "ours": {},
            "foreign": {"id": identity("others")},
            "nameless": {"id": None},
            "edited": {"intact": False},
            "faulty": {"faults": ("A file is missing: area.csv",)},
            "bare": {"descriptor": None},
        }
        if way in changes:
            portal.datasets[name] = dataclasses.replace(held, **changes[way])  # type: ignore[arg-type] # a table of changes
    portal.withdrawn = {identity(name) for name in draw(st.sets(st.sampled_from(NAMES)))}
    return portal


def _plan(portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]) -> Plan:
    ids = [item.id for item in candidates if item.id]
    return make("fake", candidates, portal.look(NAMES, ids), levels=portal.levels, overwrite=overwrite)


OVERWRITE = st.frozensets(st.sampled_from(NAMES))


@given(_portals(), _candidates(), OVERWRITE)
@settings(max_examples=300)
def test_what_was_done_needs_not_be_done_again(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]
) -> None:
    first = _plan(portal, candidates, overwrite)
    apply(first, portal)
    again = _plan(portal, candidates, overwrite)
    anew = [
        step.name for step in again.pending if step.action is Action.UPDATE and step.before.digest == step.built.digest
    ]
    assert [step.name for step in again.pending] == anew  # what was asked to be compared anew; nothing differs
    assert set(anew) <= overwrite
    conflicts = [step.name for step in first.steps if step.action is Action.CONFLICT]
    assert [step.name for step in again.steps if step.action is Action.CONFLICT] == conflicts


@given(_portals(), _candidates(), OVERWRITE)
@settings(max_examples=300)
def test_no_name_has_two_steps_and_withdrawals_come_first(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]
) -> None:
    steps = _plan(portal, candidates, overwrite).steps
    assert len({step.name for step in steps}) == len(steps)
    turns = [0 if step.action is Action.WITHDRAW else 1 if step.purge else 2 for step in steps]
    assert turns == sorted(turns)


@given(_portals(), _candidates(), OVERWRITE)
@settings(max_examples=300)
def test_what_is_not_ours_is_never_touched(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]
) -> None:
    before = {name: item for name, item in portal.datasets.items() if item.id != identity(name)}
    apply(_plan(portal, candidates, overwrite), portal)
    assert {name: portal.datasets.get(name) for name in before} == before


@given(_portals(), _candidates(), OVERWRITE)
@settings(max_examples=300)
def test_nothing_stays_that_may_not_be_seen(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str]
) -> None:
    apply(_plan(portal, candidates, overwrite), portal)
    gone = {item.id for item in candidates if item.standing in {Standing.WITHHELD, Standing.REFUSED}}
    assert not gone & {item.id for name, item in portal.datasets.items() if item.id == identity(name)}


@given(_portals(), _candidates())
@settings(max_examples=200)
def test_every_package_is_accounted_for(portal: FakePortal, candidates: tuple[Candidate, ...]) -> None:
    plan = _plan(portal, candidates, frozenset())
    told = {step.name for step in plan.steps} | {item.name for item in plan.left_out}
    assert told == {item.name for item in candidates}


@given(_portals(), _candidates(), OVERWRITE, st.data())
@settings(max_examples=100)
def test_the_order_of_the_catalogue_does_not_matter(
    portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str], data: st.DataObject
) -> None:
    shuffled = tuple(data.draw(st.permutations(candidates)))
    assert _plan(portal, candidates, overwrite).steps == _plan(portal, shuffled, overwrite).steps
