"""What a look over a whole portal tells, with a catalogue and without one."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from built_helpers import ROWS, built, identity, ready, stopped
from fake_portal import FakePortal, as_published
from hypothesis import given, settings
from hypothesis import strategies as st
from plan_strategies import NAMES, catalogues, plan_of, portals

from opendata.model import PortalState, Probe, Standing
from opendata.publishing.verifying import verify

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Candidate, Verification


def told(found: Verification) -> dict[str, tuple[str, ...]]:
    return {item.name: item.found for item in found.drifts}


@pytest.fixture
def portal(tmp_path: Path) -> FakePortal:
    made = FakePortal()
    for name in ("air", "tea"):
        made.datasets[name] = as_published(built(tmp_path, name))
    return made


def test_a_portal_as_it_should_be_drifts_nowhere(portal: FakePortal, tmp_path: Path) -> None:
    candidates = [ready(built(tmp_path, name)) for name in ("air", "tea")]
    for asked in (candidates, None):
        found = verify("fake", portal, asked)
        assert (found.names, found.drifts, found.unknown) == (("air", "tea"), (), ())


def test_it_writes_nothing(portal: FakePortal, tmp_path: Path) -> None:
    verify("fake", portal, [ready(built(tmp_path, "new")), stopped("tea", Standing.WITHHELD)])
    assert {call.split()[0] for call in portal.calls} == {"examine"}


def test_with_a_catalogue_it_tells_what_publishing_would_change(portal: FakePortal, tmp_path: Path) -> None:
    candidates = [
        ready(built(tmp_path, "air", rows=ROWS[:1], version="2.0.0")),
        ready(built(tmp_path, "new")),
        stopped("tea", Standing.WITHHELD),
    ]
    found = verify("fake", portal, candidates)
    assert told(found) == {
        "air": ("Version 1.0.0 becomes 2.0.0.", "Files with new bytes: area.csv, area.parquet."),
        "new": ("It is not on the portal.",),
        "tea": ("It is on the portal, although its access level does not allow that.",),
    }
    assert found.names == ("air", "new", "tea")


def test_what_is_not_in_the_catalogue_is_named_and_looked_at_all_the_same(portal: FakePortal, tmp_path: Path) -> None:
    portal.drifted = {"tea": ("The bytes of area.csv are others.",)}
    found = verify("fake", portal, [ready(built(tmp_path, "air"))])
    assert (found.unknown, told(found)) == (("tea",), {"tea": ("The bytes of area.csv are others.",)})


def test_without_one_each_dataset_speaks_for_itself(portal: FakePortal) -> None:
    portal.edit("air")
    portal.datasets["tea"] = dataclasses.replace(portal.datasets["tea"], faults=("A file is missing: area.csv",))
    portal.faults = ("The index is not up to date.",)
    assert told(verify("fake", portal, None)) == {
        "": ("The index is not up to date.",),
        "air": ("The metadata of this dataset was edited on the portal by somebody else.",),
        "tea": ("A file is missing: area.csv",),
    }


@pytest.mark.parametrize("bare", [True, False])
def test_what_was_edited_by_hand_is_named(portal: FakePortal, tmp_path: Path, *, bare: bool) -> None:
    portal.datasets["air"] = dataclasses.replace(portal.datasets["air"], intact=False, edited=("title", "contact"))
    found = verify("fake", portal, None if bare else [ready(built(tmp_path, "air"))])
    (text,) = told(found)["air"]
    assert text == "The metadata of this dataset was edited on the portal by somebody else: title, contact."


def test_what_is_told_twice_is_said_once(portal: FakePortal) -> None:
    fault = "A file is missing: area.csv"
    portal.datasets["tea"] = dataclasses.replace(portal.datasets["tea"], faults=(fault, fault))
    portal.drifted = {"tea": (fault,)}
    assert told(verify("fake", portal, None)) == {"tea": (fault,)}


def test_what_others_published_is_not_looked_at(portal: FakePortal) -> None:
    portal.datasets["theirs"] = dataclasses.replace(portal.datasets["air"], name="theirs", id=None, intact=False)
    found = verify("fake", portal, None)
    assert found.names == ("air", "tea")
    assert "examine theirs" not in portal.calls


def test_names_restrict_it_to_those_packages_in_all_their_editions(portal: FakePortal, tmp_path: Path) -> None:
    portal.datasets["air--shared"] = as_published(built(tmp_path, "air--shared", id=identity("air")))
    portal.edit("tea")
    found = verify("fake", portal, None, ["air"])
    assert (found.names, found.drifts) == (("air", "air--shared"), ())
    assert verify("fake", portal, [ready(built(tmp_path, "air"))], ["air"]).unknown == ()


@pytest.mark.parametrize("quick", [True, False])
def test_quick_is_handed_on(portal: FakePortal, *, quick: bool) -> None:
    verify("fake", portal, None, ["air"], quick=quick)
    assert portal.calls == ["examine air quickly" if quick else "examine air"]


def test_a_shell_that_can_be_seen_is_told(portal: FakePortal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portal, "look", lambda *_names, **_more: PortalState(shells={"gone": "", "hidden": ""}))
    portal.leaking = {"gone"}
    assert told(verify("fake", portal, None)) == {"gone": ("A withdrawn dataset can still be seen: /gone",)}
    assert told(verify("fake", portal, None, ["other"])) == {}


def test_of_a_shell_that_can_be_seen_in_many_places_there_is_one_line(
    portal: FakePortal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(portal, "look", lambda *_names, **_more: PortalState(shells={"gone": ""}))
    monkeypatch.setattr(portal, "probe", lambda name: Probe(name, seen=("/a", "/b")))
    assert told(verify("fake", portal, None)) == {"gone": ("A withdrawn dataset can still be seen: /a, /b",)}


def test_the_watch_is_told_how_far_it_is(portal: FakePortal) -> None:
    seen: list[tuple[str, int, int]] = []
    verify("fake", portal, None, watch=lambda *step: seen.append(step))
    assert seen == [("verify", 0, 2), ("verify", 1, 2), ("verify", 2, 2)]


@given(portals(), catalogues(), st.booleans())
@settings(max_examples=100)
def test_whatever_publishing_would_do_is_a_drift(
    portal: FakePortal,
    candidates: tuple[Candidate, ...],
    bare: bool,  # noqa: FBT001 - drawn
) -> None:
    found = verify("fake", portal, None if bare else candidates)
    if not bare:
        plan = plan_of(portal, candidates)
        assert {step.name for step in plan.pending} <= told(found).keys()
        assert found.unknown == plan.unknown
    assert found.names == tuple(sorted(found.names))
    assert told(found).keys() <= {*found.names, *NAMES}
    assert all(texts and all(texts) for texts in told(found).values())
