"""What a loader is to do anew, what was never public, and what anybody may have a portal tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from built_helpers import ROWS, built
from scripted_portal import Scripted, Told, result
from small_ckan import revised

from opendata.errors import PortalError
from opendata.model import AccessLevel, Json, JsonValue, as_list, as_object
from opendata_ckan import removing, sending, shelf
from opendata_ckan.held import REMOVED, Held, Stage, held, portal_dataset
from opendata_ckan.mapping import Terms
from opendata_ckan.normal import file_seal, metadata_digest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SITE = "https://data.example.vn"
SHELL: Json = {"id": "d1", "name": "paddy", "metadata_modified": "2026-01-01T00:00:00", "private": True}


def told(tmp_path: Path, *, stage: Stage, level: AccessLevel = AccessLevel.OPEN, **more: object) -> Json:
    """A dataset as the portal tells it once an edition was placed there."""
    package = built(tmp_path, level=level)
    sent = sending.parcel(package, held(SHELL, "paddy"), SITE, Terms(loader=True))
    revision = sending.filling(held(SHELL, "paddy"), package, sent, (), everything=False)
    dataset = {**revised(dict(SHELL), dict(revision.data())), **more}
    dataset["extras"] = staged(dataset, stage)
    files = map(as_object, as_list(dataset["resources"]))
    stored = {"url": "x.csv", "url_type": "upload", "hash": "old", "datastore_active": True}
    dataset["resources"] = [{**item, **stored} for item in files]
    return as_object(json.loads(json.dumps(dataset)))


def staged(dataset: Json, stage: Stage) -> list[JsonValue]:
    """The extras, in that stage."""
    extras = {str(item["key"]): item["value"] for item in map(as_object, as_list(dataset["extras"]))}
    return [{"key": key, "value": value} for key, value in {**extras, "opendata_stage": stage.value}.items()]


def hashes(found: Held, tmp_path: Path, rows: Sequence[Sequence[str]] = ROWS) -> dict[str, object]:
    """The hash that is sent with each table when a new edition is placed over what was found."""
    after = built(tmp_path, version="2", rows=rows)
    sent = sending.parcel(after, found, SITE, Terms(loader=True))
    revision = sending.filling(found, after, sent, (), everything=False)
    items = map(as_object, as_list(revised(dict(found.told), dict(revision.data()))["resources"]))
    return {str(item["opendata_path"]): item.get("hash") for item in items}


def test_a_table_whose_bytes_stay_keeps_what_its_loader_said(tmp_path: Path) -> None:
    assert hashes(held(told(tmp_path, stage=Stage.LIVE, private=False), "-"), tmp_path)["area.csv"] == "old"


def test_a_table_that_was_unloaded_is_to_be_loaded_anew_though_its_bytes_stay(tmp_path: Path) -> None:
    assert hashes(held(told(tmp_path, stage=Stage.HIDDEN), "-"), tmp_path)["area.csv"] == ""


def test_beside_new_bytes_stands_no_hash_of_the_old(tmp_path: Path) -> None:
    assert hashes(held(told(tmp_path, stage=Stage.LIVE, private=False), "-"), tmp_path, ROWS[:1])["area.csv"] == ""


@pytest.mark.parametrize(("stage", "left"), [(Stage.NEW, "new"), (Stage.WITHDRAWING, "withdrawn")])
def test_what_was_never_public_is_not_said_to_be_withdrawn(tmp_path: Path, stage: Stage, left: str) -> None:
    patch = sending.forgetting(held(told(tmp_path, stage=stage), "-"))
    assert {"key": "opendata_stage", "value": left} in as_list(patch["extras"])


def test_a_level_that_somebody_edits_breaks_the_seal(tmp_path: Path) -> None:
    dataset = told(tmp_path, stage=Stage.LIVE, level=AccessLevel.SHARED, private=True)
    assert held(dataset, "-").intact
    edited = json.loads(json.dumps(dataset).replace('"value": "shared"', '"value": "open"')) | {"private": False}
    found = held(edited, "-")
    assert not found.intact
    assert portal_dataset(found).level is AccessLevel.OPEN


def test_hiding_by_hand_is_another_revision_and_our_own_hiding_is_none(tmp_path: Path) -> None:
    dataset = told(tmp_path, stage=Stage.LIVE, private=False)
    live, hidden = held(dataset, "-"), held({**dataset, "private": True}, "-")
    ours = held({**dataset, "private": True, "extras": staged(dataset, Stage.HIDDEN)}, "-")
    assert live.metadata == hidden.metadata == ours.metadata
    assert live.revision == ours.revision != hidden.revision


@pytest.mark.parametrize("text", ["{", "[" * 100_000, '{"a": 1}', "7", "[1, null]"])
def test_ids_that_somebody_wrote_by_hand_are_none(text: str) -> None:
    dataset: Json = {**SHELL, "extras": [{"key": REMOVED, "value": text}]}
    assert held(dataset, "-").removed == ()


def test_a_value_deeper_or_longer_than_any_of_ours_is_no_fault_of_the_programs() -> None:
    deep: Json = {}
    for _level in range(700):
        deep = {"a": deep}
    resource: Json = {"opendata_path": "a.csv", "opendata_summary": deep, "size": "9" * 5000}
    assert file_seal(resource).startswith("sha256:")
    assert metadata_digest({**SHELL, "resources": [resource]}).startswith("sha256:")


def test_a_description_too_long_is_said_before_anything_is_made(tmp_path: Path) -> None:
    assert sending.refusal(built(tmp_path), SITE) is None
    field: Json = {"name": "area", "type": "string", "title": "Lúa " * 700, "unit": "ha"}
    tables = [f"t{number}" for number in range(99)]
    refusal = sending.refusal(built(tmp_path, fields=[field], rows=[["1"]], tables=tables), SITE)
    assert refusal is not None
    assert "too large for CKAN" in refusal.what


def test_what_we_may_not_see_any_more_is_not_gone() -> None:
    denied = Told(403, b'{"success": false, "error": {"__type": "Authorization Error", "message": "no"}}')
    missing = Told(404, b'{"success": false, "error": {"__type": "Not Found Error", "message": "no"}}')
    with Scripted(denied, missing, denied) as portal:
        connection = portal.connection()
        with pytest.raises(PortalError):
            shelf.ours(connection, "d1")
        assert shelf.ours(connection, "d1") is None
        assert shelf.one(connection, "d1") is None


def test_files_of_others_are_not_removed_with_a_shell() -> None:
    dataset = {**SHELL, "resources": [{"id": "r9", "name": "Bản đồ", "url": "http://example.vn/map"}]}
    with Scripted(result(dataset)) as portal, pytest.raises(PortalError, match="Bản đồ"):
        removing.discard(portal.connection(), None, held(dataset, "-"))  # type: ignore[arg-type]
    assert portal.log == []
