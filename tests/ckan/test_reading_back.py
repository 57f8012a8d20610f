"""Signing in at a real portal, reading back from it, and looking it over."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import OPEN, package
from ckan_helpers import new_organisation
from ckan_visitor import REMEMBERED, seen_by_anyone
from cli_helpers import Ran, run, typing
from fault_proxy import CUT_DURING_RESPONSE, WRONG_BYTES, FaultProxy

import opendata
from opendata.folders import data_folder

if TYPE_CHECKING:
    from ckan_helpers import Organisation, Portal


pytestmark = pytest.mark.usefixtures("officer")


@pytest.fixture
def url(organisation: Organisation) -> str:
    return organisation.portal.url


@pytest.fixture
def levels(tmp_path: Path, organisation: Organisation, url: str) -> str:
    """The name of an open dataset that was published from the catalogue c; a shared one is beside it."""
    name = f"{organisation.name}-levels"
    package(tmp_path / "c", name)
    package(tmp_path / "c", f"{organisation.name}-flows", access={**OPEN, "level": "shared"})
    ran = run("publish", "c", "--to", url, "--organization", organisation.name)
    assert ran.code == 0, ran.out + ran.err
    return name


def verify(organisation: Organisation, *words: str) -> Ran:
    return run("verify", *words, "--to", organisation.portal.url, "--organization", organisation.name, "--lang", "en")


def test_signing_in_keeps_a_token_for_its_user_alone(
    organisation: Organisation, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("OPENDATA_TOKEN")
    monkeypatch.setattr("click.prompt", lambda *_words, **_more: organisation.token)
    with typing():
        ran = run("login", url, "--lang", "en", "--json")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert told["organizations"] == [organisation.name]
    assert organisation.token not in ran.out + ran.err
    assert stat.S_IMODE(Path(told["file"]).stat().st_mode) == 0o600
    package(tmp_path / "c", f"{organisation.name}-levels")
    assert run("publish", "c", "--to", url, "--organization", organisation.name).code == 0
    Path(told["file"]).chmod(0o644)
    ran = run("publish", "c", "--to", url, "--organization", organisation.name, "--lang", "en")
    assert ran.code == 3
    assert "Others than you can read" in ran.err


def test_signing_in_tries_that_the_token_may_write(
    organisation: Organisation, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("OPENDATA_TOKEN", raising=False)
    for token, said in ((organisation.as_member.token, "read only"), (organisation.dead_token, "not accept the token")):
        monkeypatch.setattr("click.prompt", lambda *_words, given=token, **_more: given)
        with typing():
            ran = run("login", url, "--lang", "en")
        assert ran.code == 3
        assert said in ran.err
        assert token not in ran.out + ran.err
    assert not (tmp_path / "config").exists()


def test_a_visitor_reads_back_what_is_open(
    levels: str, url: str, organisation: Organisation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("OPENDATA_TOKEN")
    assert opendata.load(url, levels).column("level_cm").to_pylist() == [120, 95]
    entries = {entry.name: entry for entry in opendata.find(url, "song da")}
    assert entries[levels].level is opendata.AccessLevel.OPEN
    assert f"{organisation.name}-flows--shared" not in {entry.name for entry in opendata.find(url)}
    found = opendata.show(url, levels)
    assert found.descriptor is not None
    assert found.descriptor["title"] == "Mực nước sông Đà"
    for form in ("csv", "parquet"):
        (path,) = opendata.get(url, levels, form, tmp_path / "got")
        told = {file.path: file.sha256 for file in found.files}
        assert hashlib.sha256(path.read_bytes()).hexdigest() == told[path.name]
    with pytest.raises(opendata.UsageError, match="no dataset named"):
        opendata.load(url, f"{organisation.name}-flows--shared")


def test_an_organisations_member_reads_back_what_is_shared(
    levels: str, url: str, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert levels
    monkeypatch.setenv("OPENDATA_TOKEN", organisation.as_member.token)
    Path("opendata.toml").write_text(f'[targets.province]\nurl = "{url}"\n', "utf-8")
    name = f"{organisation.name}-flows--shared"
    assert opendata.load("province", name).num_rows == 2
    assert {entry.name: entry.level.value for entry in opendata.find("province")}[name] == "shared"
    assert name not in {entry.name for entry in opendata.find(url)}  # no token is sent to an address that has no name


def test_frictionless_reads_the_published_descriptor_as_it_stands(levels: str, organisation: Organisation) -> None:
    from frictionless import validate

    told = organisation.as_anyone("package_show", id=levels)
    (descriptor,) = [item["url"] for item in told["resources"] if item["opendata_path"] == "datapackage.json"]
    report = validate(descriptor, type="package")
    assert report.valid, report.flatten(["title", "note"])


def test_a_download_that_breaks_off_goes_on_where_it_stopped(
    organisation: Organisation, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"{organisation.name}-long"
    rows = "river,level_cm\n" + "".join(f"Sông {number},{number % 7}\n" for number in range(200_000))
    package(tmp_path / "c", name, rows=rows)
    assert run("publish", "c", "--to", url, "--organization", organisation.name).code == 0
    monkeypatch.delenv("OPENDATA_TOKEN")
    with FaultProxy(url) as proxy:
        proxy.fault(lambda seen: "levels.csv" in seen.path, CUT_DURING_RESPONSE)
        (path,) = opendata.get(proxy.url, name, "csv", tmp_path / "got")
        asked = [item for item in proxy.log if "levels.csv" in item.path]
    assert path.read_text(encoding="utf-8") == rows
    assert [item.status for item in asked][-1] == 206
    assert [item.name for item in (tmp_path / "got").iterdir()] == ["levels.csv"]


def test_other_bytes_are_read_once_more_and_then_refused(levels: str, url: str, tmp_path: Path) -> None:
    with FaultProxy(url) as proxy:
        proxy.fault(lambda seen: "levels.csv" in seen.path, WRONG_BYTES)
        assert opendata.get(proxy.url, levels, "csv", tmp_path / "got")
        proxy.fault(lambda seen: "levels.csv" in seen.path, WRONG_BYTES, always=True)
        with pytest.raises(opendata.IntegrityError):
            opendata.get(proxy.url, levels, "csv", tmp_path / "other")
    assert list((tmp_path / "other").iterdir()) == []


def test_a_portal_as_it_should_be(levels: str, organisation: Organisation) -> None:
    for words in ([], ["--quick"], ["c"], ["c", levels]):
        ran = verify(organisation, *words)
        assert ran.code == 0, ran.out + ran.err
        assert f"{levels}: as it should be" in ran.out


def test_what_drifted_is_found_and_mended(levels: str, organisation: Organisation, url: str) -> None:
    told = organisation.dataset(levels)
    (table,) = [item for item in told["resources"] if item["opendata_path"] == "levels.csv"]
    other = ("levels.csv", "river,level_cm\nSông Đà,999\nSông Mã,95\n".encode())
    organisation.as_editor("package_revise", match={"id": told["id"]}, files={_upload(table): other})
    organisation.as_editor("resource_create", package_id=told["id"], name="Ảnh", url="https://a.example/anh.png")
    organisation.as_editor("package_patch", id=f"{organisation.name}-flows--shared", private=False)

    ran = verify(organisation)
    assert ran.code == 1
    assert "The bytes of levels.csv are others." in ran.out
    assert "A visitor gets other bytes of levels.csv." in ran.out
    assert "A file that this program did not publish: Ảnh" in ran.out
    assert "not open, yet anyone can see it" in ran.out

    mended = ["--overwrite", levels, "--lang", "en"]
    ran = run("publish", "c", "--to", url, "--organization", organisation.name, *mended)
    assert ran.code == 0, ran.out + ran.err
    again = verify(organisation)
    assert again.code == 1  # other people's file is left
    assert again.out.count("    ") == 1


def test_a_shared_one_that_was_made_open_by_hand_is_found_and_made_private(
    levels: str, organisation: Organisation, url: str, ckan: Portal
) -> None:
    name = f"{organisation.name}-flows--shared"
    told = organisation.dataset(name)
    extras = [{**item, "value": "open"} if item["key"] == "opendata_level" else item for item in told["extras"]]
    assert extras != told["extras"]
    organisation.as_editor("package_patch", id=name, extras=extras, private=False)
    assert seen_by_anyone(ckan, told)

    words = ["c", "--to", url, "--organization", organisation.name, "--lang", "en"]
    ran = verify(organisation)
    assert ran.code == 1, ran.out
    assert f"{name}: not as it should be" in ran.out
    assert f"{levels}: as it should be" in ran.out
    steps = {item["name"]: item["action"] for item in json.loads(run("plan", *words, "--json").out)["steps"]}
    assert steps[levels] == "keep"
    assert steps[name] != "keep"
    ran = run("publish", *words)
    assert ran.code == 0, ran.out + ran.err
    now = organisation.dataset(name)
    assert now["private"] is True
    assert set(seen_by_anyone(ckan, now)) <= REMEMBERED
    assert verify(organisation, "c").code == 0


def _upload(resource: dict[str, str]) -> str:
    return f"update__resources__{resource['id']}__upload"


def test_an_edit_and_a_dataset_that_is_gone_are_drift(levels: str, organisation: Organisation) -> None:
    organisation.as_editor("package_patch", id=levels, notes="Sửa", maintainer="Lan")
    organisation.as_editor("package_delete", id=f"{organisation.name}-flows--shared")
    ran = verify(organisation, "c")
    assert ran.code == 1
    assert "edited on the portal by somebody else: description, contact." in ran.out
    assert "It is not on the portal." in ran.out


def test_the_shipped_packages_on_a_real_portal(organisation: Organisation, url: str, ckan: Portal) -> None:
    """Names are the packages' own: the portal must not hold them for somebody else."""
    shipped = data_folder("datapackages")
    ran = run("publish", shipped, "--to", url, "--organization", organisation.name, "--lang", "en", "--json")
    assert ran.code == 0, ran.out + ran.err
    outcomes = json.loads(ran.out)["outcomes"]
    assert len(outcomes) > 8
    assert all(item["verified"] for item in outcomes)
    for item in outcomes:
        seen = seen_by_anyone(ckan, organisation.dataset(item["name"]))
        assert bool(seen) is not item["name"].endswith("--shared"), item["name"]
    assert run("publish", shipped, "--to", url, "--organization", organisation.name).code == 0
    assert verify(organisation, str(shipped)).code == 0


def test_a_signed_plan_that_was_broken_off_goes_on(organisation: Organisation, url: str, tmp_path: Path) -> None:
    names = [f"{organisation.name}-one", f"{organisation.name}-two"]
    for name in names:
        package(tmp_path / "c", name)
    words = ["c", "--to", url, "--organization", organisation.name, "--lang", "en"]
    ran = run("plan", *words, "--save", "plan.json")
    assert organisation.name in ran.out.splitlines()[3].split()
    assert run("publish", *words, names[0]).code == 0
    assert run("publish", *words, "--plan", "plan.json").code == 0
    assert run("publish", *words, "--plan", "plan.json").code == 0
    organisation.as_editor("package_patch", id=names[1], notes="Sửa")
    ran = run("publish", *words, "--plan", "plan.json")
    assert ran.code == 3
    assert "no longer what would be done" in ran.err


def test_a_plan_tells_an_organisation_that_is_to_be_made_from_one_that_is_not_ours(
    organisation: Organisation, ckan: Portal, url: str, tmp_path: Path
) -> None:
    package(tmp_path / "c", f"{organisation.name}-levels")
    asked = ("plan", "c", "--to", url, "--lang", "en", "--create-organization", "--organization")
    ran = run(*asked, f"{organisation.name}-new")
    assert (ran.code, f"The organisation {organisation.name}-new will be created." in ran.out) == (0, True)
    with new_organisation(ckan) as other:
        ran = run(*asked, other.name)
    assert ran.code == 3
    assert f"The portal has the organisation {other.name}, but {organisation.editor} may not publish to it." in ran.out
    assert "will be created" not in ran.out


def test_a_dataset_of_the_catalogue_in_another_organisation_is_said_to_be_there(
    levels: str, organisation: Organisation, ckan: Portal, url: str
) -> None:
    with new_organisation(ckan) as other:
        people = {"id": other.id, "username": organisation.editor, "role": "editor"}
        organisation.as_sysadmin("organization_member_create", **people)
        ran = run("verify", "c", "--to", url, "--organization", other.name, "--lang", "en")
        assert ran.code == 1
        assert f"It is in the organisation {organisation.name} of the portal, not in {other.name}." in ran.out
        ran = run("verify", "--to", url, "--organization", other.name, "--lang", "en")
    assert (ran.code, levels in ran.out) == (0, False)
