"""Looking a portal over: which datasets are looked at, and which are said to be elsewhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from built_helpers import built, ready, stopped
from fake_portal import FakePortal, as_published

from opendata.errors import UsageError
from opendata.model import Limits, PortalState, Standing
from opendata.publishing.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.model import BuiltPackage

MOVED = "It is in the organisation so-y-te of the portal, not in so-nn."


class Owned(FakePortal):
    """A portal of organisations, where all that is published belongs to so-nn."""

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:
        shells = {"ours": "so-nn", "theirs": "so-y-te"}
        return replace(super().look(names, ids, visitor=visitor), shells=shells, owners=frozenset(shells.values()))

    def limits(self, packages: Sequence[BuiltPackage] = ()) -> Limits:
        return Limits(owners={item.name: "so-nn" for item in packages})

    def put(self, package: BuiltPackage, owner: str) -> None:
        self.datasets[package.name] = replace(as_published(package), owner=owner)


@pytest.fixture
def portal(tmp_path: Path) -> Owned:
    """Paddy in our organisation, dengue in another."""
    made = Owned()
    made.put(built(tmp_path, "paddy"), "so-nn")
    made.put(built(tmp_path, "dengue"), "so-y-te")
    return made


def test_without_a_catalogue_all_that_is_ours_is_looked_at(portal: Owned) -> None:
    assert verify("fake", portal, None).names == ("dengue", "ours", "paddy", "theirs")


def test_of_an_organisation_only_its_own_is_looked_at(portal: Owned) -> None:
    portal.drifted["dengue"] = ("Its bytes are others.",)
    found = verify("fake", portal, None, organization="so-nn")
    assert (found.names, found.drifts) == (("ours", "paddy"), ())
    assert portal.calls == ["examine paddy", "probe ours"]


@pytest.mark.parametrize(("organization", "meant"), [("so-nm", "so-nn"), ("x", "so-nn, so-y-te")])
@pytest.mark.parametrize("bare", [True, False])
def test_an_organisation_that_was_mistyped_is_no_all_clear(
    organization: str, meant: str, portal: Owned, tmp_path: Path, *, bare: bool
) -> None:
    candidates = None if bare else [ready(built(tmp_path, "paddy"))]
    with pytest.raises(UsageError, match=f"no organisation {organization} that") as caught:
        verify("fake", portal, candidates, organization=organization)
    assert caught.value.remedy == f"Give one of: {meant}"
    assert portal.calls == []


def test_shells_of_other_organisations_are_left_alone_but_those_of_the_catalogue(portal: Owned) -> None:
    portal.leaking = {"ours", "theirs"}
    assert [drift.name for drift in verify("fake", portal, None, organization="so-nn").drifts] == ["ours"]
    found = verify("fake", portal, [stopped("theirs", Standing.WITHHELD)], organization="so-nn")
    assert [drift.name for drift in found.drifts] == ["ours", "theirs"]


def test_a_portal_without_organisations_has_all_of_it_looked_at(tmp_path: Path) -> None:
    portal = FakePortal()
    portal.datasets["paddy"] = as_published(built(tmp_path, "paddy"))
    assert verify("fake", portal, None, organization="so-nn").names == ("paddy",)


@pytest.mark.parametrize("organization", [None, "so-nn"])
def test_a_dataset_of_the_catalogue_in_another_organisation_is_said_to_be_there(
    organization: str | None, portal: Owned, tmp_path: Path
) -> None:
    candidates = [ready(built(tmp_path, name)) for name in ("paddy", "dengue")]
    found = verify("fake", portal, candidates, organization=organization)
    assert [(drift.name, drift.found) for drift in found.drifts] == [("dengue", (MOVED,))]


def test_one_that_must_be_withdrawn_is_told_wherever_it_is(portal: Owned) -> None:
    (drift,) = verify("fake", portal, [stopped("dengue", Standing.WITHHELD)], organization="so-nn").drifts
    assert (drift.name, len(drift.found)) == ("dengue", 1)
    assert "access level" in drift.found[0]
