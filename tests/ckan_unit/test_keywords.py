"""Keywords: tags of what is open, and of nothing else, since CKAN tells every tag to anybody."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built, ready
from scripted_portal import Asked, Scripted, Told, error
from small_ckan import SmallCkan
from small_desk import publish, reread, whole

from opendata.model import AccessLevel, Action
from opendata_ckan.held import free_tags, held
from opendata_ckan.probing import probe
from opendata_ckan.reading import listed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.model import BuiltPackage, Probe

Raw = dict[str, Any]

KEYWORDS = ["lương", "PM2,5"]


pytestmark = pytest.mark.usefixtures("slept")


@pytest.fixture
def shared(tmp_path: Path) -> BuiltPackage:
    return built(tmp_path, "wages--shared", level=AccessLevel.SHARED, more={"keywords": KEYWORDS})


def tagged(ckan: SmallCkan, *names: str) -> Raw:
    """The shared dataset with tags, as it was published before, or as somebody made it."""
    tags = [{"name": name} for name in names]
    return ckan.store({**copy.deepcopy(ckan.named("wages--shared")), "tags": tags})


def all_tags(ckan: SmallCkan) -> list[str]:
    return sorted({tag["name"] for item in ckan.datasets.values() for tag in item["tags"]})


def probed(script: Callable[[Asked], Told], found: Raw) -> Probe:
    with Scripted(script) as portal:
        return probe(portal.connection(), found["name"], held(found, ""))


def test_an_edition_that_is_not_open_has_no_tags(shared: BuiltPackage) -> None:
    ckan = SmallCkan()
    (outcome,) = publish(ckan, ready(shared)).outcomes
    assert outcome.verified
    assert all_tags(ckan) == []
    assert ckan.extras("wages--shared")["keywords"] == "lương, PM2,5"


def test_an_open_one_has_them_as_tags_alone(ckan: SmallCkan) -> None:
    assert [tag["name"] for tag in ckan.named("paddy")["tags"]] == ["lúa"]
    assert "keywords" not in ckan.extras("paddy")


def test_its_members_find_it_by_its_keywords(shared: BuiltPackage) -> None:
    with Scripted(whole(shared)[0]) as portal:
        (line,) = listed(portal.connection(), "luong")
    assert line.keywords == ("lương", "PM2,5")


def test_tags_of_before_are_taken_off_by_one_write(shared: BuiltPackage, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr("opendata_ckan.mapping.AccessLevel", type("All", (), {"OPEN": AccessLevel.SHARED}))
        ckan = whole(shared)[0]
    assert all_tags(ckan) == ["PM2 5", "lương"]
    receipt = publish(ckan, ready(shared))
    (outcome,) = receipt.outcomes
    assert (outcome.step.action, outcome.verified) == (Action.UPDATE, True)
    assert outcome.step.changes == ("Anyone can read its keywords, although it is not open: they are taken off.",)
    assert ckan.writes() == ["package_revise"]
    assert all_tags(ckan) == []
    (outcome,) = publish(ckan, ready(shared)).outcomes
    assert outcome.step.action is Action.KEEP


def test_a_tag_that_somebody_adds_is_seen(shared: BuiltPackage) -> None:
    ckan = whole(shared)[0]
    told = probed(ckan, tagged(ckan, "tiền công"))
    assert told.seen == ("tag_list tiền công",)


def test_a_keyword_that_is_no_tag_of_its_own_tells_nothing(shared: BuiltPackage, tmp_path: Path) -> None:
    ckan = whole(shared)[0]
    other = whole(built(tmp_path, more={"keywords": KEYWORDS}))[1]  # an open one that is still to be revealed, say
    ckan.store({**other, "id": "other", "private": True})
    ckan.log.clear()
    assert probed(ckan, ckan.named("wages--shared")).seen == ()
    assert "tag_list as visitor" not in ckan.log


def test_a_keyword_that_a_public_dataset_has_tells_nothing(shared: BuiltPackage, tmp_path: Path) -> None:
    ckan = whole(shared)[0]
    public = whole(built(tmp_path, more={"keywords": KEYWORDS}))[1]
    ckan.store({**public, "id": "public"})
    told = probed(ckan, tagged(ckan, *KEYWORDS[:1]))
    assert (told.seen, "tag_list lương" in told.refused) == ((), True)


def test_a_portal_that_tells_no_tags_refuses_them(shared: BuiltPackage) -> None:
    ckan = whole(shared)[0]

    def answer(asked: Asked) -> Told:
        return error(403, "Authorization Error") if asked.path.endswith("/tag_list") else ckan(asked)

    assert "tag_list lương" in probed(answer, tagged(ckan, "lương")).refused


def test_a_tag_with_a_quote_is_asked_for_of_nobody(shared: BuiltPackage) -> None:
    ckan = whole(shared)[0]
    told = probed(ckan, tagged(ckan, 'a" OR "b'))
    assert told.seen == ('tag_list a" OR "b',)


def test_tags_of_a_vocabulary_are_no_keywords_of_ours(shared: BuiltPackage) -> None:
    found = reread(whole(shared)[1], tags=[{"name": "ưu tiên", "vocabulary_id": "v1"}, {"name": None}])
    assert (free_tags(found), found.faults) == ((), ())
