"""What was revealed and a visitor is refused all the same: tried again, and never said to be the token's fault."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built, ready
from scripted_portal import KEY, Asked, Told
from small_ckan import SmallCkan
from small_desk import carried, with_extras

from opendata.errors import ConflictError
from opendata_ckan import loading
from opendata_ckan.reading_back import RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import BuiltPackage

Raw = dict[str, Any]


pytestmark = pytest.mark.usefixtures("slept")


@pytest.fixture
def package(tmp_path: Path) -> BuiltPackage:
    return built(tmp_path)


class Hiding(SmallCkan):
    """Hides what was revealed again, so many times, at the first look of a visitor."""

    left = 1
    stage = "new"

    def __call__(self, asked: Asked) -> Told:
        if asked.token != KEY and self.left and asked.path.startswith("/dataset/") and self.public:
            self.left -= 1
            told = with_extras(copy.deepcopy(self.named("paddy")), opendata_stage=self.stage)
            self.store({**told, "private": True})
        return super().__call__(asked)


class Refusing(SmallCkan):
    """Gives visitors no file."""

    def __call__(self, asked: Asked) -> Told:
        refused = asked.token != KEY and asked.path.startswith("/dataset/")
        return Told(403) if refused else super().__call__(asked)


def test_a_loader_that_hides_it_again_is_waited_for(package: BuiltPackage, monkeypatch: pytest.MonkeyPatch) -> None:
    ckan, waited = Hiding(plugins=("datastore", "xloader")), list[str]()
    monkeypatch.setattr(loading, "wait", lambda _connection, _portal, found: waited.append(found.name))
    outcome = carried(ckan, ready(package))
    assert outcome.verified
    assert all(item.owner == item.visitor for item in outcome.sightings)
    assert [item["name"] for item in ckan.public] == ["paddy"]
    assert ckan.writes() == ["package_create", *["package_revise"] * 3]  # revealed anew, and no byte sent again
    assert waited == ["paddy", "paddy"]  # before it was filled, and after the refusal


def test_what_stays_refused_says_so_of_the_visitor(package: BuiltPackage) -> None:
    with pytest.raises(RefusedError, match="A visitor is refused what was made public") as caught:
        carried(Refusing(), ready(package))
    assert "token" not in caught.value.what + caught.value.remedy


def test_what_somebody_hid_meanwhile_is_left_hidden(package: BuiltPackage) -> None:
    ckan = Hiding()
    ckan.stage = "live"
    with pytest.raises(ConflictError, match="changed on the portal"):
        carried(ckan, ready(package))
    assert ckan.public == []
