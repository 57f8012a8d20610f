"""Publishing to a real CKAN as an editor: what a visitor then sees, and what nobody may see."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from built_helpers import FIELDS, ROWS
from ckan_desk import OTHER_ROWS, Desk, raised, ready, verified
from ckan_helpers import wait_for_jobs
from ckan_visitor import REMEMBERED, Anonymous, seen_by_anyone

from opendata.model import AccessLevel, Action

if TYPE_CHECKING:
    from pathlib import Path

    from ckan_helpers import Organisation, Portal


@pytest.fixture
def desk(organisation: Organisation, tmp_path: Path) -> Desk:
    return Desk(organisation, tmp_path)


def downloads(desk: Desk, name: str) -> dict[str, bytes]:
    """The files of a dataset as an anonymous visitor gets them, by path."""
    told = desk.organisation.as_anyone("package_show", id=name)
    with Anonymous(desk.organisation.portal.url) as visitor:
        return {
            item["opendata_path"]: visitor.look(item["url"].removeprefix(desk.organisation.portal.url)).content
            for item in told["resources"]
        }


def test_a_new_dataset_is_seen_whole_by_anyone(desk: Desk) -> None:
    package = desk.built()
    (outcome,) = desk.publish(ready(package)).outcomes
    assert (outcome.verified, outcome.error) == (True, "")
    got = downloads(desk, package.name)
    assert {file.path: got[file.path] for file in package.files} == {
        file.path: file.source.read_bytes() for file in package.files
    }
    assert {item.path for item in outcome.sightings} == got.keys()
    assert all(item.owner == item.visitor for item in outcome.sightings)
    assert outcome.bytes == sum(map(len, got.values()))


def test_three_writes_for_a_new_one_none_for_the_same_and_one_for_a_changed_one(desk: Desk, ckan: Portal) -> None:
    from fault_proxy import FaultProxy

    first, second = desk.built(), desk.built(version="2", rows=OTHER_ROWS)
    with FaultProxy(desk.organisation.portal.url) as proxy:
        through = desk.at(proxy.url)
        for package, actions, writes in ((first, "create", 3), (first, "keep", 0), (second, "update", 1)):
            proxy.reset()
            assert verified(through.publish(ready(package))) == [actions]
            wait_for_jobs(ckan, desk.organisation)
            assert len([item for item in proxy.writes() if item.status == 200]) == writes  # a 409 wrote nothing
            first = min((item.index for item in proxy.writes()), default=len(proxy.log))
            looks = [item.index for item in proxy.log if item.action == "package_search"]
            assert len([index for index in looks if index < first]) == 1
            assert len(looks) == 1 or "xloader" in ckan.plugins  # which is waited for, and looked after


def test_a_changed_one_keeps_its_ids_and_addresses(desk: Desk) -> None:
    verified(desk.publish(ready(desk.built())))
    before = desk.keys()
    assert verified(desk.publish(ready(desk.built(version="2", rows=OTHER_ROWS)))) == ["update"]
    assert desk.keys() == before


def test_a_table_may_come_and_go(desk: Desk, ckan: Portal) -> None:
    verified(desk.publish(ready(desk.built())))
    before = desk.keys()[desk.name("paddy")]
    more = desk.built(version="2", tables=("area", "harvest"))
    assert verified(desk.publish(ready(more))) == ["update"]
    assert set(before) < set(desk.keys()[desk.name("paddy")])
    formats = [item["format"] for item in desk.organisation.dataset(desk.name("paddy"))["resources"]]
    assert formats == ["CSV", "CSV", "Parquet", "Parquet", "JSON"]  # not the new ones at the end
    assert verified(desk.publish(ready(more))) == ["keep"]
    wait_for_jobs(ckan, desk.organisation)
    if "xloader" in ckan.plugins:
        (dataset,) = desk.held()
        assert [item["rows"] for item in dataset["resources"] if item["format"] == "CSV"] == [len(ROWS)] * 2
    gone = desk.organisation.dataset(desk.name("paddy"))
    assert verified(desk.publish(ready(desk.built(version="3")))) == ["update"]
    assert desk.keys()[desk.name("paddy")] == before
    left = {file["id"] for file in gone["resources"]} - set(before)
    told = [item for item in gone["resources"] if item["id"] in left]
    seen = seen_by_anyone(ckan, {**gone, "resources": told})
    assert [way for way in seen if "harvest" in way] == []


def test_a_loader_gives_a_preview_and_takes_no_digest(desk: Desk, ckan: Portal) -> None:
    if "xloader" not in ckan.plugins:
        pytest.skip("this portal has no loader")
    package = desk.built()
    verified(desk.publish(ready(package)))
    wait_for_jobs(ckan, desk.organisation)
    assert verified(desk.publish(ready(package))) == ["keep"]
    changed = desk.built(version="2", rows=OTHER_ROWS)
    assert verified(desk.publish(ready(changed))) == ["update"]
    wait_for_jobs(ckan, desk.organisation)
    assert verified(desk.publish(ready(changed))) == ["keep"]
    (dataset,) = desk.held()
    (table,) = [item for item in dataset["resources"] if item["format"] == "CSV"]
    assert (table["rows"], table["views"]) == (len(OTHER_ROWS), ["datatables_view"])
    assert table["opendata_sha256"] == table["sha256"]


def test_a_shared_edition_is_seen_by_its_organisation_alone(desk: Desk, ckan: Portal) -> None:
    keyword = f"mật {desk.organisation.name}"
    package = desk.built(level=AccessLevel.SHARED, more={"keywords": [keyword]})
    (outcome,) = desk.publish(ready(package)).outcomes
    assert outcome.verified
    assert outcome.refused
    wait_for_jobs(ckan, desk.organisation)
    told = desk.organisation.dataset(package.name)
    assert told["private"] is True
    assert seen_by_anyone(ckan, told, [keyword]) == []
    assert desk.organisation.as_member("package_show", id=package.name)["private"] is True
    found = desk.organisation.as_member("package_search", q=f'"{keyword}"', include_private=True)["results"]
    assert [item["name"] for item in found] == [package.name]
    assert verified(desk.publish(ready(package))) == ["keep"]


def test_a_shared_one_that_somebody_made_public_is_made_private(desk: Desk, ckan: Portal) -> None:
    package = desk.built(level=AccessLevel.SHARED)
    verified(desk.publish(ready(package)))
    desk.organisation.as_editor("package_patch", id=package.name, private=False)
    assert verified(desk.publish(ready(package))) == ["update"]
    assert set(seen_by_anyone(ckan, desk.organisation.dataset(package.name))) <= REMEMBERED


def test_a_raised_level_takes_all_away_and_only_a_word_brings_it_back(desk: Desk, ckan: Portal) -> None:
    package = desk.built()
    verified(desk.publish(ready(package)))
    wait_for_jobs(ckan, desk.organisation)
    was = desk.organisation.dataset(package.name)
    (outcome,) = desk.publish(raised(package)).outcomes
    assert (outcome.step.action, outcome.verified, outcome.error) == (Action.WITHDRAW, True, "")
    assert set(seen_by_anyone(ckan, was)) <= REMEMBERED
    now = desk.organisation.dataset(package.name)
    assert (now["private"], now["resources"], now["title"], now["notes"], now["tags"]) == (
        True,
        [],
        package.name,
        "",
        [],
    )
    assert desk.publish(raised(package)).outcomes == ()

    (conflict,) = desk.publish(ready(package)).outcomes
    assert conflict.step.action is Action.CONFLICT
    assert "--overwrite" in conflict.remedy
    assert verified(desk.publish(ready(package), overwrite=[package.name])) == ["create"]
    assert desk.organisation.dataset(package.name)["id"] != was["id"]
    assert downloads(desk, package.name)["area.csv"] == package.files[0].source.read_bytes()
    assert verified(desk.publish(ready(package))) == ["keep"]


def test_an_open_dataset_may_become_a_shared_one(desk: Desk, ckan: Portal) -> None:
    package, less = desk.built(), desk.built(level=AccessLevel.SHARED)
    verified(desk.publish(ready(package)))
    shared = replace(ready(less), editions=(less.name,))
    assert verified(desk.publish(shared)) == ["withdraw", "create"]
    assert verified(desk.publish(shared)) == ["keep"]
    was = desk.organisation.dataset(package.name)
    assert set(seen_by_anyone(ckan, was)) <= REMEMBERED
    (conflict,) = [item for item in desk.publish(ready(package), shared).outcomes if item.step.name == package.name]
    assert conflict.step.action is Action.CONFLICT
    names = (package.name, less.name)
    both = [replace(ready(package), editions=names), replace(shared, editions=names)]
    assert verified(desk.publish(*both, overwrite=[package.name])) == ["create", "keep"]


def test_the_bytes_of_a_withdrawn_dataset_are_gone_from_the_disk(desk: Desk, ckan: Portal) -> None:
    if ckan.folder is None:
        pytest.skip("this portal is named by its address")
    package = desk.built()
    verified(desk.publish(ready(package)))
    keys = desk.keys()[package.name][1:]
    stored = ckan.folder / "storage" / "resources"
    assert all((stored / key[:3] / key[3:6] / key[6:]).is_file() for key in keys)
    verified(desk.publish(raised(package)))
    assert not any((stored / key[:3] / key[3:6] / key[6:]).exists() for key in keys)


def test_a_narrower_edition_is_hidden_until_the_old_is_gone(desk: Desk, ckan: Portal) -> None:
    verified(desk.publish(ready(desk.built())))
    before = desk.keys()
    narrow = desk.built(version="2", fields=FIELDS[:2], rows=[row[:2] for row in ROWS])
    (outcome,) = desk.publish(ready(narrow)).outcomes
    assert (outcome.step.purge, outcome.verified) == (True, True)
    assert desk.keys() == before
    wait_for_jobs(ckan, desk.organisation)
    assert b"1234567.50" not in downloads(desk, narrow.name)["area.csv"]


def test_what_others_own_or_edited_is_left_and_said(desk: Desk) -> None:
    package = desk.built()
    act = desk.organisation.as_editor
    act("package_create", name=desk.name("mine"), owner_org=desk.organisation.id, title="Của tôi", private=False)
    verified(desk.publish(ready(package)))
    act("package_patch", id=package.name, notes="Sửa bằng tay")
    outcomes = desk.publish(ready(desk.built("mine")), ready(desk.built(version="2", rows=OTHER_ROWS))).outcomes
    assert {item.step.action for item in outcomes} == {Action.CONFLICT}
    assert all(item.remedy for item in outcomes)
    assert desk.organisation.dataset(desk.name("mine"))["title"] == "Của tôi"
    assert desk.organisation.dataset(package.name)["notes"] == "Sửa bằng tay"
    assert verified(desk.publish(ready(desk.built(version="2", rows=OTHER_ROWS)), overwrite=[package.name])) == [
        "update"
    ]


def test_what_an_administrator_added_is_kept(desk: Desk) -> None:
    package = desk.built()
    verified(desk.publish(ready(package)))
    told = desk.organisation.dataset(package.name)
    desk.organisation.as_sysadmin("group_create", name=desk.name("group"))
    desk.organisation.groups.append(desk.name("group"))
    desk.organisation.as_sysadmin(
        "group_member_create", id=desk.name("group"), username=desk.organisation.editor, role="member"
    )
    extras = [*told["extras"], {"key": "hồ sơ", "value": "12/2026"}]
    desk.organisation.as_sysadmin(
        "package_patch", id=package.name, extras=extras, groups=[{"name": desk.name("group")}]
    )
    desk.organisation.as_sysadmin(
        "resource_create", package_id=package.name, name="Thuyết minh", url="https://a.example"
    )
    assert verified(desk.publish(ready(desk.built(version="2", rows=OTHER_ROWS)))) == ["update"]
    now = desk.organisation.dataset(package.name)
    assert {"key": "hồ sơ", "value": "12/2026"} in now["extras"]
    assert [item["name"] for item in now["groups"]] == [desk.name("group")]
    assert [item["name"] for item in now["resources"]][-1] == "Thuyết minh"


def test_one_in_a_group_of_others_is_left_and_said_but_can_be_withdrawn(desk: Desk, ckan: Portal) -> None:
    package = desk.built()
    verified(desk.publish(ready(package)))
    desk.organisation.as_sysadmin("group_create", name=desk.name("group"))
    desk.organisation.groups.append(desk.name("group"))
    desk.organisation.as_sysadmin("package_patch", id=package.name, groups=[{"name": desk.name("group")}])
    was = desk.organisation.dataset(package.name)
    assert verified(desk.publish(ready(package))) == ["keep"]
    (conflict,) = desk.publish(ready(desk.built(version="2", rows=OTHER_ROWS))).outcomes
    assert desk.name("group") in conflict.error
    assert verified(desk.publish(raised(package))) == ["withdraw"]
    assert set(seen_by_anyone(ckan, was)) <= REMEMBERED


def test_one_hidden_by_hand_stays_so(desk: Desk) -> None:
    package = desk.built()
    verified(desk.publish(ready(package)))
    desk.organisation.as_editor("package_patch", id=package.name, private=True)
    (conflict,) = desk.publish(ready(package)).outcomes
    assert conflict.step.action is Action.CONFLICT
    assert desk.organisation.dataset(package.name)["private"] is True
    verified(desk.publish(ready(package), overwrite=[package.name]))
    assert desk.organisation.dataset(package.name)["private"] is False


def test_a_sector_is_a_group_where_the_portal_has_it(desk: Desk) -> None:
    first = desk.publish(ready(desk.built("one")))
    assert [text for text in first.warnings if "agriculture" in text] or "agriculture" in _groups(desk, "one")
    desk.organisation.sector("agriculture")
    second = desk.publish(ready(desk.built("two")))
    assert second.warnings == ()
    assert _groups(desk, "two") == ["agriculture"]


def _groups(desk: Desk, short: str) -> list[str]:
    return [item["name"] for item in desk.organisation.dataset(desk.name(short))["groups"]]


def test_four_at_once_end_as_one_after_the_other(desk: Desk) -> None:
    packages = [desk.built(f"table{number}") for number in range(6)]
    assert verified(desk.publish(*map(ready, packages), jobs=4)) == ["create"] * 6
    assert verified(desk.publish(*map(ready, packages), jobs=4)) == ["keep"] * 6


def test_a_plan_is_refused_once_the_portal_has_moved_on_but_not_for_a_loaders_work(desk: Desk, ckan: Portal) -> None:
    package = desk.built()
    verified(desk.publish(ready(package)))
    changed = ready(desk.built(version="2", rows=OTHER_ROWS))
    signed = desk.plan(changed).digest
    wait_for_jobs(ckan, desk.organisation)
    assert desk.plan(changed).digest == signed
    desk.organisation.as_editor("package_patch", id=package.name, notes="Sửa")
    assert desk.plan(changed).digest != signed


def test_an_edit_between_plan_and_step_is_not_lost(desk: Desk) -> None:
    from opendata.publishing.apply import apply

    package = desk.built()
    verified(desk.publish(ready(package)))
    publisher = desk.publisher
    plan = desk.plan(ready(desk.built(version="2", rows=OTHER_ROWS)), publisher=publisher)
    desk.organisation.as_editor("package_patch", id=package.name, notes="Sửa")
    (outcome,) = apply(plan, publisher).outcomes
    assert (outcome.verified, "changed on the portal" in outcome.error) == (False, True)
    assert desk.organisation.dataset(package.name)["notes"] == "Sửa"


def test_one_hidden_between_plan_and_step_is_not_revealed(desk: Desk) -> None:
    from opendata.publishing.apply import apply

    package = desk.built()
    verified(desk.publish(ready(package)))
    publisher = desk.publisher
    plan = desk.plan(ready(desk.built(version="2", rows=OTHER_ROWS)), publisher=publisher)
    desk.organisation.as_sysadmin("package_patch", id=package.name, private=True)
    (outcome,) = apply(plan, publisher).outcomes
    assert desk.organisation.dataset(package.name)["private"] is True
    assert (outcome.verified, "changed on the portal" in outcome.error) == (False, True)
    assert desk.organisation.as_anyone.ask("package_show", id=package.name)[0] == 403
