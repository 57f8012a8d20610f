"""Looking over what stands there: what a visitor can see of it, its bytes, and what others put beside it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built, stopped
from scripted_portal import Asked, Scripted, Told, error, result
from small_ckan import SmallCkan
from small_desk import publish, reread, whole, with_extras

from opendata.errors import PortalError
from opendata.model import AccessLevel, PortalDataset, Standing
from opendata_ckan import CkanPublisher
from opendata_ckan.examining import examine
from opendata_ckan.held import held
from opendata_ckan.probing import probe

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Probe

Raw = dict[str, Any]


pytestmark = pytest.mark.usefixtures("slept")


def probed(script: Any, found: Raw | None, name: str = "paddy") -> Probe:  # noqa: ANN401 - a script
    with Scripted(script) as portal:
        return probe(portal.connection(), name, None if found is None else held(found, ""))


def examined(ckan: SmallCkan, *, quick: bool = False) -> tuple[str, ...]:
    with Scripted(ckan) as portal:
        return examine(portal.connection(), held(ckan.named("paddy"), ""), quick=quick)


def hidden(ckan: SmallCkan) -> Raw:
    return ckan.store({**copy.deepcopy(ckan.named("paddy")), "private": True})


# ---- asking as a visitor


def test_all_ways_refuse_what_is_private(ckan: SmallCkan) -> None:
    found = hidden(ckan)
    told = probed(ckan, found)
    assert told.seen == ()
    key, file = found["id"], found["resources"][0]["id"]
    for way in (
        "package_show paddy",
        f"package_show {key}",
        "/dataset/paddy",
        f"/dataset/{key}.jsonld",
        "package_activity_list paddy",
        "package_search paddy",
        f"resource_show {file}",
        f"/dataset/{key}/resource/{file}",
        f"/dataset/{key}/resource/{file}/download/area.csv",
        f"datastore_search {file}",
        f"/datastore/dump/{file}",
    ):
        assert way in told.refused
    assert len(told.refused) == 2 * 4 + 1 + 3 * 5
    assert not [item for item in ckan.log if not item.endswith(" as visitor")]


def test_what_is_public_is_seen_in_many_ways(ckan: SmallCkan) -> None:
    found = ckan.named("paddy")
    told = probed(ckan, found)
    assert {"package_show paddy", "/dataset/paddy", "package_search paddy"} <= set(told.seen)
    assert [way for way in told.seen if way.endswith("area.csv")]


def test_of_one_that_is_gone_the_name_alone_is_asked_for() -> None:
    told = probed(SmallCkan(), None)
    assert (told.seen, len(told.refused)) == ((), 5)


def test_resources_that_were_there_are_asked_for_by_their_ids(ckan: SmallCkan) -> None:
    before = [item["id"] for item in ckan.named("paddy")["resources"]]
    publish(ckan, stopped("paddy", Standing.WITHHELD))
    told = probed(ckan, ckan.named("paddy"))
    assert {f"resource_show {key}" for key in before} <= set(told.refused)
    assert {f"/datastore/dump/{key}" for key in before} <= set(told.refused)


@pytest.mark.parametrize("way", ["resource_show", "datastore_search", "package_activity_list", "package_show"])
def test_a_way_that_answers_is_told(way: str, ckan: SmallCkan) -> None:
    found = hidden(ckan)

    def answer(asked: Asked) -> Told:
        return result({"id": "x"}) if asked.path.endswith(f"/{way}") else ckan(asked)

    assert {item.partition(" ")[0] for item in probed(answer, found).seen} == {way}


@pytest.mark.parametrize("page", [{"count": 1, "results": []}, {"results": [{"name": "paddy"}]}, {"count": "1"}])
def test_a_search_that_finds_or_counts_it_has_seen_it(page: Raw, ckan: SmallCkan) -> None:
    found = hidden(ckan)

    def answer(asked: Asked) -> Told:
        return result(page) if asked.path.endswith("/package_search") else ckan(asked)

    assert probed(answer, found).seen == ("package_search paddy",)


@pytest.mark.parametrize("told", [Told(500), Told(200, b"<html>"), error(409, "Search Error"), Told(418)])
def test_where_nobody_can_tell_it_is_an_error_and_no_refusal(told: Told, ckan: SmallCkan) -> None:
    found = hidden(ckan)
    with pytest.raises(PortalError):
        probed(told, found)


def test_a_publisher_tells_what_probing_cost(ckan: SmallCkan) -> None:
    hidden(ckan)
    with Scripted(ckan) as portal:
        told = CkanPublisher(portal.target()).probe("paddy")
        assert (told.seen, told.requests) == ((), len(portal.log))


# ---- examining


def test_what_is_as_it_should_be_has_nothing_to_tell(ckan: SmallCkan) -> None:
    assert examined(ckan) == ()
    assert len([item for item in ckan.log if item.startswith("GET")]) == 6  # each file as owner and as visitor
    ckan.log.clear()
    assert examined(ckan, quick=True) == ()
    assert not [item for item in ckan.log if item.startswith("GET")]


def test_other_bytes_are_told_to_whom_they_come(ckan: SmallCkan) -> None:
    key = ckan.named("paddy")["resources"][0]["id"]
    ckan.files[key] = b"x" * len(ckan.files[key])
    both = ("The bytes of area.csv are others.", "A visitor gets other bytes of area.csv.")
    assert examined(ckan) == both
    assert examined(ckan, quick=True) == ()  # as long as before
    ckan.files[key] = b"x"
    assert examined(ckan, quick=True) == both


def test_a_file_that_is_gone_from_the_disk_is_told(ckan: SmallCkan) -> None:
    del ckan.files[ckan.named("paddy")["resources"][1]["id"]]
    both = ("The file area.parquet cannot be read.", "A visitor does not get the file area.parquet.")
    assert (examined(ckan), examined(ckan, quick=True)) == (both, both)


def test_a_file_of_others_is_named(ckan: SmallCkan) -> None:
    ckan.named("paddy")["resources"] += [{"id": "r8", "name": "Ghi chú"}, {"id": "r9", "name": None}]
    assert examined(ckan) == (
        "A file that this program did not publish: Ghi chú",
        "A file that this program did not publish: r9",
    )


def test_an_open_one_that_is_hidden_and_a_shared_one_that_is_public_are_told(ckan: SmallCkan, tmp_path: Path) -> None:
    hidden(ckan)
    assert examined(ckan) == ("It is open, but a visitor does not see it.",)
    shared, kept = whole(built(tmp_path, level=AccessLevel.SHARED))
    assert examined(shared) == ()
    shared.store({**kept, "private": False})
    (told,) = examined(shared)
    assert told.startswith("A visitor can see what is not open: package_show paddy, /dataset/paddy, ")


def test_a_file_without_bytes_was_told_of_by_the_look(ckan: SmallCkan) -> None:
    ckan.named("paddy")["resources"][0]["url"] = None
    assert examined(ckan) == ()
    assert reread(ckan.named("paddy")).missing == ("area.csv",)


def test_a_portal_that_cannot_be_read_is_an_error(ckan: SmallCkan) -> None:
    found = held(ckan.named("paddy"), "")
    with Scripted(Told(500)) as portal, pytest.raises(PortalError):
        examine(portal.connection(), found, quick=False)


def test_what_was_not_looked_at_or_is_not_ours_is_not_examined(ckan: SmallCkan) -> None:
    ckan.store({**copy.deepcopy(ckan.named("paddy")), "id": "x", "name": "theirs", "extras": []})
    with Scripted(ckan) as portal:
        publisher = CkanPublisher(portal.target())
        for name in ("theirs", "absent"):
            publisher.look([name])
            ckan.log.clear()
            assert publisher.examine(PortalDataset(name, "1", None, AccessLevel.OPEN, None, ())) == ()
            assert ckan.log == []


# ---- looking


def test_ours_are_those_of_organisations_that_the_token_may_write_to(ckan: SmallCkan) -> None:
    mine = copy.deepcopy(ckan.named("paddy"))
    for name, owner in (("far", "so-yt"), ("named", "so-yt"), ("near", "h15-05")):
        ckan.store({**copy.deepcopy(mine), "id": name, "name": name, "owner_org": owner})
    with Scripted(ckan) as portal:
        state = CkanPublisher(portal.target()).look(["named"])
    assert [(item.name, item.id is not None) for item in state.datasets] == [
        ("named", False),
        ("near", True),
        ("paddy", True),
    ]


def test_shells_are_told_apart_and_their_ids_where_asked_for(ckan: SmallCkan) -> None:
    for name, stage in (("one", "withdrawn"), ("two", "withdrawing")):
        told = with_extras(copy.deepcopy(ckan.named("paddy")), opendata_stage=stage, opendata_id=f"id-{name}")
        files = [] if stage == "withdrawn" else told["resources"]
        ckan.store({**told, "id": name, "name": name, "private": True, "resources": files})
    with Scripted(ckan) as portal:
        state = CkanPublisher(portal.target()).look([], ["id-one", "other"])
    assert (state.shells, state.withdrawn) == ({"one": "h15-05", "two": "h15-05"}, {"id-one"})
    assert state.owners == {"h15-05"}
    assert [item.name for item in state.datasets] == ["paddy", "two"]  # one that is half withdrawn is still there


def test_the_ways_are_json_and_addresses_of_the_portal_alone(ckan: SmallCkan) -> None:
    told = with_extras(copy.deepcopy(hidden(ckan)), opendata_removed=json.dumps(["../../../x", "ok"]))
    probed(ckan, told)
    assert not [item for item in ckan.log if "../x" in item]
    assert [item for item in ckan.log if item == "GET /datastore/dump/ok as visitor"]
