"""The portal itself, and what the fixtures say of it: a publisher's tests rest on these."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from ckan_helpers import NoPortalError, datasets, new_organisation, portal_of, purge, snapshot, wait_for_jobs
from ckan_portal.actions import Caller, RefusedError
from ckan_visitor import REMEMBERED, TAGS, seen_by_anyone

if TYPE_CHECKING:
    from pathlib import Path

    from ckan_helpers import Organisation, Portal

CSV = "tỉnh,diện tích\nĐắk Lắk,13070\nLâm Đồng,9781\n".encode()
Json = dict[str, Any]


def make_dataset(organisation: Organisation, name: str = "lua", *, private: bool = True) -> Json:
    """A dataset with one CSV, made by the editor in two calls: only so does xloader hear of the file."""
    called, act = f"{organisation.name}-{name}", organisation.as_editor
    stub = {"name": "area.csv", "format": "CSV", "url": ""}
    tags = [{"name": f"lúa {organisation.name}"}]
    data = {"name": called, "title": "Lúa", "owner_org": organisation.id, "private": private, "tags": tags}
    made = act("package_create", resources=[stub], **data)
    files = {"update__resources__0__upload": ("area.csv", CSV)}
    revised: Json = act("package_revise", files=files, match={"id": made["id"]})["package"]
    return revised


def test_it_answers(ckan: Portal) -> None:
    assert ckan.version.startswith("2.")
    assert "activity" in ckan.plugins
    assert ckan.as_anyone("status_show")["site_url"]


def test_the_editor_is_no_sysadmin(organisation: Organisation) -> None:
    assert organisation.as_sysadmin("user_show", id=organisation.editor)["sysadmin"] is False
    with pytest.raises(RefusedError) as refused:
        organisation.as_editor("job_list")
    assert refused.value.status == 403


def test_the_editor_may_create_in_its_own_organisation_alone(ckan: Portal, organisation: Organisation) -> None:
    make_dataset(organisation)
    with new_organisation(ckan) as other, pytest.raises(RefusedError) as refused:
        organisation.as_editor("package_create", name=f"{other.name}-x", owner_org=other.id)
    assert refused.value.status in {403, 409}


def test_a_member_reads_and_does_not_write(organisation: Organisation) -> None:
    made = make_dataset(organisation)
    assert organisation.as_member("package_show", id=made["id"])["private"] is True
    with pytest.raises(RefusedError) as refused:
        organisation.as_member("package_patch", id=made["id"], title="Khác")
    assert refused.value.status == 403


def test_a_dead_token_is_as_good_as_none(organisation: Organisation) -> None:
    made = make_dataset(organisation)
    dead = Caller(organisation.portal.url, organisation.dead_token)
    assert dead.ask("package_show", id=made["id"])[0] == organisation.as_anyone.ask("package_show", id=made["id"])[0]
    assert dead.ask("package_patch", id=made["id"], title="Khác")[0] == 403


def test_the_editor_may_add_to_its_sector(organisation: Organisation) -> None:
    sector = f"{organisation.name}-agriculture"
    organisation.sector(sector)
    made = make_dataset(organisation)
    organisation.as_editor("package_patch", id=made["id"], groups=[{"name": sector}])
    assert [group["name"] for group in organisation.dataset(made["id"])["groups"]] == [sector]


def test_nobody_sees_more_of_a_private_dataset_than_its_tags(ckan: Portal, organisation: Organisation) -> None:
    made = make_dataset(organisation)
    wait_for_jobs(ckan, organisation)
    assert set(seen_by_anyone(ckan, organisation.dataset(made["id"]))) == TAGS
    organisation.as_editor("package_patch", id=made["id"], tags=[])
    assert seen_by_anyone(ckan, organisation.dataset(made["id"])) == []


def test_everybody_sees_a_public_one(ckan: Portal, organisation: Organisation) -> None:
    made = make_dataset(organisation, private=False)
    wait_for_jobs(ckan, organisation)
    seen = seen_by_anyone(ckan, organisation.dataset(made["id"]))
    always = {
        "page by name",
        "page by id",
        "package_show by name",
        "package_show by id",
        "search page",
        "file area.csv",
    }
    lists = {
        "package_search by name",
        "package_list",
        "organization_show",
        "organisation page",
        "feed",
        f"tag_show by lúa {organisation.name}",
    }
    assert (always | lists | {"activity page", "resource_show by area.csv"}) - set(seen) == set()
    assert ("dump area.csv" in seen) == ("xloader" in ckan.plugins)
    assert ("dataset.jsonld" in seen) == ("dcat" in ckan.plugins)


def test_the_activity_stream_alone_tells_of_one_hidden_deleted_or_purged(
    ckan: Portal, organisation: Organisation
) -> None:
    made = make_dataset(organisation, private=False)
    wait_for_jobs(ckan, organisation)
    before = organisation.dataset(made["id"])
    act = organisation.as_sysadmin
    for action, more in (("package_patch", {"private": True}), ("package_delete", {}), ("dataset_purge", {})):
        act(action, id=made["id"], **more)
        tags = set() if action == "dataset_purge" else TAGS
        assert set(seen_by_anyone(ckan, before)) <= REMEMBERED | tags, action


def test_xloader_loads_an_uploaded_csv(ckan: Portal, organisation: Organisation) -> None:
    if "xloader" not in ckan.plugins:
        pytest.skip("this portal has no xloader")
    made = make_dataset(organisation, private=False)
    wait_for_jobs(ckan, organisation)
    (file,) = made["resources"]
    # xloader writes the names of columns without their marks.
    found = organisation.as_anyone("datastore_search", resource_id=file["id"])
    assert [row["tinh"] for row in found["records"]] == ["Đắk Lắk", "Lâm Đồng"]
    views = organisation.as_anyone("resource_view_list", id=file["id"])
    assert [view["view_type"] for view in views] == ["datatables_view"]


def test_a_snapshot_tells_what_is_there(ckan: Portal, organisation: Organisation) -> None:
    make_dataset(organisation)
    wait_for_jobs(ckan, organisation)
    (taken,) = snapshot(ckan, organisation, times=True)
    (file,) = taken["resources"]
    assert (taken["name"], taken["private"], taken["tags"]) == (
        f"{organisation.name}-lua",
        True,
        [f"lúa {organisation.name}"],
    )
    assert (file["name"], file["sha256"]) == ("area.csv", hashlib.sha256(CSV).hexdigest())
    assert file["rows"] == (2 if "xloader" in ckan.plugins else None)
    assert snapshot(ckan, organisation, times=True) == [taken]


def test_nothing_is_left_of_a_purged_organisation(ckan: Portal) -> None:
    with new_organisation(ckan) as made:
        kept = make_dataset(made, "kept", private=False)
        gone = make_dataset(made, "gone")
        made.as_editor("package_delete", id=gone["id"])
        assert [dataset["state"] for dataset in datasets(ckan, made)] == ["deleted", "active"]
        assert [dataset["name"] for dataset in datasets(ckan, made)] == [gone["name"], kept["name"]]
        assert made.as_member("organization_show", id=made.id)["id"] == made.id
    assert datasets(ckan, made) == []
    assert ckan.as_sysadmin.ask("package_show", id=kept["id"])[0] == 404
    assert ckan.as_sysadmin.ask("package_show", id=gone["id"])[0] == 404
    assert made.as_editor.ask("package_create", name=kept["name"])[0] == 403
    with pytest.raises(RefusedError):
        purge(made)


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "no CKAN portal is named. Start one: python tests/ckan_portal/portal.py up"),
        ({"OPENDATA_CKAN": "http://127.0.0.1:9", "OPENDATA_CKAN_TOKEN": "x"}, "does not answer a sysadmin"),
        ({"OPENDATA_CKAN_FOLDER": "nowhere"}, "no CKAN portal lies in nowhere: python tests/ckan_portal/portal.py up"),
    ],
)
def test_where_there_is_none_the_reason_names_the_command(environ: dict[str, str], told: str) -> None:
    with pytest.raises(NoPortalError, match=told):
        portal_of(environ)


def test_a_visitors_token_makes_no_portal(ckan: Portal, organisation: Organisation) -> None:
    with pytest.raises(NoPortalError, match="does not answer a sysadmin"):
        portal_of({"OPENDATA_CKAN": ckan.url, "OPENDATA_CKAN_TOKEN": organisation.token})


def test_a_folder_names_its_portal(ckan: Portal, tmp_path: Path) -> None:
    if ckan.folder is None:
        pytest.skip("this portal is named by its address")
    assert portal_of({"OPENDATA_CKAN_FOLDER": str(ckan.folder)}).url == ckan.url
    with pytest.raises(NoPortalError, match="no CKAN portal lies in"):
        portal_of({"OPENDATA_CKAN_FOLDER": str(tmp_path)})
