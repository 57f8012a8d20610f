"""What is sent for an edition: the stubs, the filling, the patches, and that what is others' stays as it is."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from built_helpers import ROWS, built
from hypothesis import given
from hypothesis import strategies as st
from small_ckan import SITE, matches, merged, revised
from small_desk import changed, reread, whole, with_extras

from opendata.model import AccessLevel, BuiltPackage
from opendata.model.layout import plain
from opendata_ckan import sending
from opendata_ckan.held import Held, Stage, held
from opendata_ckan.mapping import EXTRAS, Terms

FOLDER = Path(tempfile.mkdtemp(prefix="sending-"))
PACKAGE = built(FOLDER)
KEPT = whole(PACKAGE)[1]
LATER = built(FOLDER, rows=ROWS[:1], version="1.1.0")
THEIRS = {"id": "theirs", "name": "Ghi chú", "url": "https://a.vn/b.pdf"}

Raw = dict[str, Any]


def filling(found: Held, package: BuiltPackage = LATER, groups: tuple[str, ...] = (), **more: bool) -> Raw:
    sent = sending.parcel(package, found, SITE, Terms())
    revision = sending.filling(found, package, sent, groups, **{"everything": False, **more})
    return {**revision.data(), "uploads": dict(revision.uploads)}


def filled(found: Held, package: BuiltPackage = LATER, groups: tuple[str, ...] = (), **more: bool) -> Raw:
    """The dataset as the portal then holds it, but for the uploads."""
    return revised(dict(found.told), filling(found, package, groups, **more))


def extras_of(told: Raw) -> dict[str, str]:
    return {item["key"]: item["value"] for item in told["extras"]}


def names(told: Raw) -> list[str]:
    return [item["name"] for item in told["resources"]]


def test_a_shell_is_private_and_has_a_stub_for_each_file() -> None:
    made: Raw = dict(sending.shell(PACKAGE, "so-nn", ["agriculture"]))
    assert (made["private"], made["owner_org"], made["groups"]) == (True, "so-nn", [{"name": "agriculture"}])
    assert extras_of(made) == {"opendata_id": PACKAGE.id, "opendata_stage": "new", "opendata_level": "open"}
    assert [(item["opendata_path"], item["format"], item["url"]) for item in made["resources"]] == [
        ("area.csv", "CSV", ""),
        ("area.parquet", "Parquet", ""),
        ("datapackage.json", "JSON", ""),
    ]
    assert "Lúa" not in json.dumps(made, ensure_ascii=False)  # nothing of what it will say


@given(st.lists(st.integers(), max_size=4), st.lists(st.integers(), max_size=4))
def test_a_list_that_is_not_emptied_keeps_what_is_longer_in_the_old(old: list[int], new: list[int]) -> None:
    """How CKAN merges: the reason why what is ours is left out first, and what is new is added."""
    assert merged(old, new) == new + old[len(new) :]
    assert merged(None, new) == new


def test_a_revise_goes_through_only_where_nothing_was_written_meanwhile() -> None:
    found = held(KEPT, "")
    for match in (filling(found)["match"], dict(sending.settling(found, private=False).match)):
        assert matches(KEPT, match)
        assert not matches({**KEPT, "metadata_modified": "2030-01-01T00:00:00"}, match)
        for name in ("resources", "extras", "tags"):
            assert not matches({**KEPT, name: [{"id": "x", "key": "x", "name": "x"}, *KEPT[name]]}, match)


def test_nothing_that_the_portal_told_is_sent_back() -> None:
    """What came in spoilt would go out as if somebody had meant it."""
    odd = {**KEPT["resources"][0], "openeata_seal": "their-field"}
    tags = [*KEPT["tags"], {"name": "their-tag", "vocabulary_id": "v1"}]
    their = {**THEIRS, "name": "their-file"}
    told = {**with_extras(KEPT, key="their-extra"), "tags": tags, "groups": [{"name": "their-group"}]}
    found = reread(told, resources=[odd, their, *KEPT["resources"][1:]])
    settled = sending.settling(found, private=False).data()
    for sent in (filling(found, groups=("agriculture",)), settled):
        wanted = {key: value for key, value in sent.items() if key not in {"match", "uploads"}}
        assert "their-" not in json.dumps(wanted)


def test_extras_stand_in_the_order_of_jsonb_in_which_a_portal_tells_them_past_its_index() -> None:
    keys = [item["key"] for item in filled(reread(KEPT))["extras"]]
    assert keys == sorted(keys, key=lambda key: (len(key), key))
    assert keys != sorted(keys)


def test_files_that_are_there_with_the_same_bytes_are_not_sent_again() -> None:
    found = held(KEPT, "")
    same = changed(PACKAGE, title="Lúa mới")
    assert list(filling(found, same)["uploads"]) == ["update__resources__2__upload"]  # the descriptor alone
    assert len(filling(found, LATER)["uploads"]) == 3
    assert len(filling(found, same, everything=True)["uploads"]) == 3


@pytest.mark.parametrize("change", [{"url": ""}, {"url_type": None}, {"opendata_sha256": "0f" * 32}])
def test_files_whose_bytes_are_lost_or_others_are_sent_again(change: Raw) -> None:
    found = reread(KEPT, resources=[{**KEPT["resources"][0], **change}, *KEPT["resources"][1:]])
    assert "update__resources__0__upload" in filling(found, PACKAGE)["uploads"]


def test_each_upload_belongs_to_the_resource_of_its_file() -> None:
    for resources in ([THEIRS], [THEIRS, *KEPT["resources"]], KEPT["resources"][1:]):
        found = reread(KEPT, resources=resources)
        told = filling(found, LATER)
        then = revised(dict(found.told), told)["resources"]
        paths = {str(place): item.get("opendata_path") for place, item in enumerate(then)}
        paths |= {item["id"]: item.get("opendata_path") for item in then}
        assert {key: paths[key.split("__")[2]] for key in told["uploads"]} == {
            key: upload.name for key, upload in told["uploads"].items()
        }
        assert len(told["uploads"]) == 3


@pytest.mark.parametrize("key", ["12345", "a__b__cdefg", "0-0-0", "resource-of-another-program"])
def test_a_resource_is_known_by_its_place_whatever_its_id_is(key: str) -> None:
    """CKAN takes the first resource whose id begins with what is asked for: it may be another."""
    first = {**KEPT["resources"][0], "id": key}
    found = reread(KEPT, resources=[{**THEIRS, "id": key + "-theirs"}, first, *KEPT["resources"][1:]])
    told = filling(found, LATER)
    assert "update__resources__1__upload" in told["uploads"]
    assert revised(dict(found.told), told)["resources"][0] == {**THEIRS, "id": key + "-theirs"}


@pytest.mark.parametrize("value", [{"their": 1}, [], [{"their": 1}]])
def test_what_was_put_in_place_of_a_text_is_replaced_not_merged(value: object) -> None:
    """Whatever we send of a file: CKAN refuses a text for an object, and would for good."""
    names = filling(held(KEPT, ""))["update"]["resources"][0].keys() - {"opendata_path"}
    assert {"opendata_seal", "hash_algorithm", "conforms_to"} <= names
    for name in names:
        first = {**KEPT["resources"][0], "theirs": {"a": [1]}, name: value}
        found = reread(KEPT, resources=[first, *KEPT["resources"][1:]])
        now = filled(found)["resources"][0]
        assert now[name] == filling(found)["update"]["resources"][0][name]
        assert now["theirs"] == {"a": [1]}


def test_a_list_that_the_portal_does_not_tell_is_set() -> None:
    """A kind of dataset without tags, say: what is not there can be neither matched nor added to."""
    untold = {key: value for key, value in KEPT.items() if key not in {"tags", "extras"}}
    found = held({**untold, "extras": None}, "")
    told = filling(found)
    assert {"update__tags__extend", "update__extras__extend"}.isdisjoint(told)
    assert matches({**untold, "extras": None}, told["match"])
    assert filled(found)["tags"] == [{"name": "lúa"}]
    assert extras_of(filled(found))["opendata_id"] == PACKAGE.id


def test_ids_stay_and_a_new_file_has_an_id_of_its_own() -> None:
    found = held(KEPT, "")
    wider = built(FOLDER, tables=("area", "yield"))
    resources = filled(found, wider)["resources"]
    ids = {item["opendata_path"]: item["id"] for item in resources}
    assert {path: key for path, key in ids.items() if found.file(path)} == {file.path: file.id for file in found.files}
    assert len(set(ids.values())) == 5


def test_a_file_that_goes_loses_its_bytes_and_is_remembered_until_the_end() -> None:
    wider = whole(built(FOLDER, tables=("area", "yield")))[1]
    then = filled(held(wider, ""), PACKAGE)
    leaving = [item for item in then["resources"] if item.get("opendata_gone")]
    assert [(item["name"], item["url"], item["clear_upload"]) for item in leaving] == [
        ("yield.csv", "", True),
        ("yield.parquet", "", True),
    ]
    assert {key for item in leaving for key in item} == {"id", "name", "url", "clear_upload", "opendata_gone"}
    assert extras_of(then)["opendata_stage"] == "settling"


def test_an_order_that_somebody_chose_is_left_alone_where_no_file_comes() -> None:
    found = reread(KEPT, resources=[KEPT["resources"][place] for place in (2, 0, 1)])
    then = filled(found)
    assert extras_of(then)["opendata_stage"] == "live"
    assert [item["id"] for item in then["resources"]] == [file.id for file in found.files]


def test_a_file_that_has_its_name_is_not_on_its_way_out_whatever_else_is_said_of_it() -> None:
    """Else whoever may edit it has us remove it, and make it again under another id."""
    found = reread(KEPT, resources=[{**KEPT["resources"][0], "opendata_gone": "x"}, *KEPT["resources"][1:]])
    assert found.gone == ()
    assert len(revised(dict(found.told), dict(sending.settling(found, private=False).data()))["resources"]) == 3


def test_what_is_others_stays_as_it_is() -> None:
    tags = [*KEPT["tags"], {"name": "ưu tiên", "vocabulary_id": "v1", "display_name": "x"}]
    found = reread(with_extras(KEPT, theirs="1"), resources=[THEIRS, *KEPT["resources"]], tags=tags)
    update, then = filling(found)["update"], filled(found)
    assert extras_of(then)["theirs"] == "1"
    assert then["resources"][0] == THEIRS
    assert then["tags"] == [{"name": "ưu tiên", "vocabulary_id": "v1", "display_name": "x"}, {"name": "lúa"}]
    assert not {"owner_org", "private", "name", "state", "groups"} & update.keys()


def test_what_a_loader_wrote_of_a_file_is_kept_and_what_is_ours_stands_over_it() -> None:
    first = {**KEPT["resources"][0], "datastore_active": True, "hash": "an-md5", "name": "by hand"}
    found = reread(KEPT, resources=[first, *KEPT["resources"][1:]])
    sent = sending.parcel(LATER, found, SITE, Terms(loader=True))
    revision = sending.filling(found, LATER, sent, [], everything=False)
    resource = revised(dict(found.told), dict(revision.data()))["resources"][0]
    assert (resource["datastore_active"], resource["hash"], resource["name"]) == (
        True,
        "",
        "Diện tích lúa (CSV)",
    )  # new bytes


@pytest.mark.parametrize(
    ("there", "wanted", "sent"),
    [
        ([], [], None),
        (["agriculture"], ["agriculture"], None),
        (["theirs", "agriculture"], ["agriculture"], None),
        (["theirs"], ["agriculture"], ["agriculture"]),
        ([], ["agriculture"], ["agriculture"]),
        (["theirs"], [], None),
    ],
)
def test_groups_are_sent_only_where_one_is_to_be_added(
    there: list[str], wanted: list[str], sent: list[str] | None
) -> None:
    found = reread(KEPT, groups=[{"name": name, "id": "g"} for name in there])
    told = filling(found, groups=tuple(wanted)).get("update__groups__extend")
    assert told == (None if sent is None else json.dumps([{"name": name} for name in sent]))


@pytest.mark.parametrize(
    ("before", "private", "level", "stage"),
    [
        (Stage.NEW, True, AccessLevel.OPEN, "new"),
        (Stage.NEW, True, AccessLevel.SHARED, "live"),
        (Stage.HIDDEN, True, AccessLevel.OPEN, "hidden"),
        (Stage.LIVE, False, AccessLevel.OPEN, "live"),
        (Stage.SETTLING, False, AccessLevel.OPEN, "live"),
        (Stage.LIVE, True, AccessLevel.OPEN, "hidden"),
        (Stage.LIVE, True, AccessLevel.SHARED, "live"),
    ],
)
def test_what_visitors_do_not_see_is_live_once_filled_and_what_they_shall_see_once_revealed(
    before: Stage, level: AccessLevel, stage: str, *, private: bool
) -> None:
    found = reread(with_extras(KEPT, opendata_stage=before.value), private=private)
    edition = built(FOLDER, level=level)
    update = filling(found, edition)["update"]
    assert extras_of(filled(found, edition))["opendata_stage"] == stage
    assert update.get("private") is (True if level is AccessLevel.SHARED else None)


def test_settling_reveals_and_forgets_what_went() -> None:
    leaving = {"id": "r9999", "name": "old.csv", "url": "", "opendata_gone": "old.csv"}
    found = reread(with_extras(KEPT, theirs="1"), resources=[THEIRS, leaving, *KEPT["resources"]])
    revision = sending.settling(found, private=False)
    then = revised(dict(found.told), dict(revision.data()))
    before = found.extras | {"opendata_written": extras_of(then)["opendata_written"]}
    assert extras_of(then) == before | {"opendata_stage": "live"}
    assert then["resources"] == [THEIRS, *KEPT["resources"]]
    assert (then["private"], revision.update, revision.uploads) == (False, {"private": False}, {})


def test_hiding_changes_nothing_else_than_what_visitors_see() -> None:
    found = held(with_extras(KEPT, theirs="1"), "")
    patch: Raw = dict(sending.hiding(found, Stage.WITHDRAWING))
    told = extras_of(patch)
    assert told.pop("opendata_written") != found.extras["opendata_written"]
    before = {key: value for key, value in found.extras.items() if key != "opendata_written"}
    assert told == {**before, "opendata_stage": "withdrawing"}
    assert patch.keys() == {"id", "private", "extras"}


def test_emptying_clears_the_bytes_of_ours_alone() -> None:
    found = reread(KEPT, resources=[THEIRS, *KEPT["resources"]])
    resources: list[Raw] = sending.emptying(found)["resources"]  # type: ignore[assignment] # JSON
    assert [item.get("clear_upload") for item in resources] == [True, True, True, None]
    assert resources[-1] == THEIRS
    assert held({**KEPT, "resources": resources}, "").files == ()


def test_forgetting_leaves_nothing_of_ours_but_the_id_and_the_ids_of_what_was_there() -> None:
    found = reread(with_extras(KEPT, theirs="1", opendata_removed='["r0"]'), resources=[THEIRS, *KEPT["resources"]])
    patch: Raw = dict(sending.forgetting(found))
    assert patch["resources"] == [THEIRS]
    told = extras_of(patch)
    assert json.loads(told.pop("opendata_removed")) == sorted(["r0", *(file.id for file in found.files)])
    assert told == {"theirs": "1", "opendata_id": PACKAGE.id, "opendata_stage": "withdrawn"}
    assert "Lúa" not in json.dumps(patch, ensure_ascii=False)
    assert patch["private"] is True


def test_the_descriptor_that_is_sent_has_addresses_and_its_true_digest() -> None:
    found = held(KEPT, "")
    sent = sending.parcel(PACKAGE, found, SITE, Terms())
    content = sent.uploads["datapackage.json"].content
    assert isinstance(content, bytes)
    descriptor = json.loads(content)
    assert descriptor["resources"][0]["path"] == SITE + found.files[0].address
    assert plain(descriptor) == plain(PACKAGE.descriptor)
    assert sent.digests["datapackage.json"] == hashlib.sha256(content).hexdigest()
    assert sent.managed.extras["opendata_files"] == "area.csv area.parquet datapackage.json"


@given(st.sampled_from(sorted(EXTRAS)), st.text(max_size=5))
def test_an_extra_of_ours_is_never_kept_from_before(key: str, value: str) -> None:
    now = extras_of(filled(held(with_extras(KEPT, **{key: value}), "")))
    assert now.get(key) == extras_of(filled(held(KEPT, ""))).get(key)


def test_a_form_holds_the_same_as_json() -> None:
    revision = sending.settling(held(KEPT, ""), private=False)
    form = {key: json.loads(value) for key, value in revision.fields().items()}
    assert revised(KEPT, form) == revised(KEPT, dict(revision.data()))
    assert all(not isinstance(value, list) or key == "filter" for key, value in revision.data().items())
