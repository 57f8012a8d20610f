"""What is sent, held by CKAN in its own way and read back, is intact; what anybody changes by hand is not."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
from built_helpers import ROWS, built
from hypothesis import given, settings
from hypothesis import strategies as st
from small_ckan import SITE
from small_desk import changed, reread, whole, with_extras

from opendata.model import AccessLevel
from opendata_ckan import sending
from opendata_ckan.held import held
from opendata_ckan.mapping import EXTRAS, FIELDS, Terms
from opendata_ckan.normal import dataset_seal, file_seal, metadata_digest, normal
from opendata_ckan.resources import FIELDS as FILE_FIELDS

FOLDER = Path(tempfile.mkdtemp(prefix="seals-"))
PACKAGE = built(FOLDER, more={"homepage": "https://a.vn", "created": "2026-01-02", "keywords": ["lúa", "gạo"]})
KEPT = whole(PACKAGE)[1]

Raw = dict[str, Any]
JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)


def test_what_was_sent_is_intact_and_has_the_digest_that_was_sent() -> None:
    found = held(KEPT, "")
    sent = sending.parcel(PACKAGE, found, SITE, Terms())
    assert (found.intact, found.faults, found.metadata) == (True, (), sent.metadata)
    assert found.editions == {PACKAGE.digest}
    assert {file.path: file.sha256 for file in found.files} == sent.digests


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
DESCRIPTORS = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS,
        "description": TEXTS.map(lambda text: text.replace(" ", "\r\n")),
        "keywords": st.lists(TEXTS, max_size=4),
        "homepage": TEXTS,
        "department": st.fixed_dictionaries({"name": TEXTS, "contact": st.fixed_dictionaries({"email": TEXTS})}),
        "licenses": st.lists(st.fixed_dictionaries({"name": TEXTS}), max_size=2),
        "translations": st.fixed_dictionaries({"en": st.fixed_dictionaries({"title": TEXTS, "description": TEXTS})}),
    },
)


@given(DESCRIPTORS, st.booleans())
@settings(max_examples=100, deadline=None)
def test_whatever_a_descriptor_says_is_read_back_as_it_was_sent(more: Raw, loader: bool) -> None:  # noqa: FBT001 - drawn
    package = changed(PACKAGE, **more)
    found = held(whole(package, loader=loader)[1], "")
    assert found.intact
    assert found.metadata == sending.parcel(package, found, SITE, Terms(loader=loader)).metadata


def as_told_elsewhere(dataset: Raw) -> Raw:
    """The same dataset as a form that is saved unchanged, a search, a loader or another CKAN tells it."""
    told = copy.deepcopy(dataset)
    told |= {"notes": told["notes"].replace("\n", "\r\n"), "metadata_modified": "later", "num_resources": 9}
    told["url"] = told["url"] or ""
    told["extras"] = [*told["extras"][::-1], {"key": "title_en", "value": ""}, {"key": "theirs", "value": "1"}]
    told["tags"] = [{"name": tag["name"], "display_name": "x"} for tag in reversed(told["tags"])]
    told["tags"].append({"name": "of a vocabulary", "vocabulary_id": "v"})
    told |= {"groups": [{"name": "theirs"}], "organization": {"name": "moved"}, "owner_org": "moved"}
    for number, resource in enumerate(told["resources"]):
        resource["format"] = str(resource["format"]).lower()
        resource |= {"size": str(resource["size"]), "hash": "an-md5", "datastore_active": True, "position": 9 - number}
        resource |= {"url": "https://elsewhere.vn/x", "last_modified": "later", "id": f"other{number}"}
        resource |= {key: None for key, value in resource.items() if value == ""}
    told["resources"] = [{"id": "theirs", "name": "x", "url": "https://a.vn"}, *reversed(told["resources"])]
    return told


def test_what_ckan_loaders_and_administrators_do_by_themselves_breaks_no_seal() -> None:
    found = held(as_told_elsewhere(KEPT), "")
    assert found.intact
    assert found.metadata == held(KEPT, "").metadata


def other_than(value: object) -> st.SearchStrategy[object]:
    """Values that CKAN would not tell as the same one."""
    plain = str("" if value is None else value).upper()
    return JSON.filter(lambda drawn: str("" if drawn is None else drawn).upper() != plain)


@given(st.sampled_from(FIELDS), st.data())
@settings(max_examples=150)
def test_any_change_of_a_field_breaks_the_datasets_seal_alone(field: str, data: st.DataObject) -> None:
    found = reread(KEPT, **{field: data.draw(other_than(KEPT[field]))})
    assert not found.intact
    assert found.metadata != held(KEPT, "").metadata
    assert all(file.sealed for file in found.files)
    assert found.editions == {PACKAGE.digest}  # it is an edit by hand, no mixture


@given(st.sampled_from(sorted(EXTRAS)), st.text(max_size=8) | st.none())
@settings(max_examples=150)
def test_any_change_of_an_extra_of_ours_breaks_it(key: str, value: str | None) -> None:
    before = {item["key"]: item["value"] for item in KEPT["extras"]}.get(key)
    found = held(with_extras(KEPT, **{key: value}), "")
    assert found.intact is ((before or None) == (value or None))


@given(st.integers(0, 2), st.sampled_from(FILE_FIELDS), st.data())
@settings(max_examples=200)
def test_any_change_of_a_file_breaks_its_own_seal_alone(number: int, field: str, data: st.DataObject) -> None:
    told = copy.deepcopy(KEPT)
    told["resources"][number][field] = data.draw(other_than(KEPT["resources"][number].get(field)))
    found = held(told, "")
    broken = [file.told["position"] for file in found.files if not file.sealed]
    taken_off = [file.told["position"] for file in found.gone]
    assert [*broken, *taken_off] == [number]
    assert not found.intact or found.faults
    assert dataset_seal(told) == dataset_seal(KEPT)


@given(st.lists(st.text(st.characters(categories=("L", "N")), min_size=2, max_size=8), max_size=4, unique=True))
def test_any_change_of_the_tags_breaks_it(names: list[str]) -> None:
    found = reread(KEPT, tags=[{"name": name} for name in names])
    assert found.intact is (sorted(names) == ["gạo", "lúa"])


@pytest.mark.parametrize("change", ["one more", "one less", "one twice"])
def test_a_file_that_comes_or_goes_by_hand_is_seen(change: str) -> None:
    files = copy.deepcopy(KEPT["resources"])
    if change == "one less":
        files = files[1:]
    else:
        files.append({**files[0], "id": "more", **({"opendata_path": "more.csv"} if change == "one more" else {})})
    found = reread(KEPT, resources=files)
    assert found.metadata != held(KEPT, "").metadata
    assert (found.intact, found.missing) == ((True, ("area.csv",)) if change == "one less" else (False, ()))


@pytest.mark.parametrize("path", [None, "", 5])
def test_a_file_of_ours_whose_name_was_taken_off_is_not_taken_for_somebody_elses(path: object) -> None:
    found = reread(KEPT, resources=[{**KEPT["resources"][0], "opendata_path": path}, *KEPT["resources"][1:]])
    assert (found.foreign, [file.id for file in found.gone]) == ((), [KEPT["resources"][0]["id"]])
    (leaving,) = (item for item in sending.emptying(found)["resources"] if item["name"] == found.gone[0].id)  # type: ignore[union-attr,index,call-overload] # JSON
    assert held({**KEPT, "resources": [leaving]}, "").gone
    assert "A file is missing: area.csv" in found.faults


def test_parts_of_two_editions_are_told_from_an_edit_by_hand() -> None:
    """A loader writes a dataset back as it read it: each part is as it was sealed, but they do not belong together."""
    later = whole(built(FOLDER, rows=ROWS[:1], version="2.0.0"))[1]
    mixed = reread(later, resources=[KEPT["resources"][0], *later["resources"][1:]])
    assert mixed.intact
    assert len(mixed.editions) == 2
    assert mixed.faults == ("Parts of two editions stand together: what was published last is put right.",)


@given(st.sampled_from(FILE_FIELDS), JSON, st.floats() | st.text(max_size=5))
def test_a_seal_hangs_on_what_is_said_and_not_on_how(field: str, value: object, other: object) -> None:
    resource = {"opendata_path": "a.csv", "size": 5, field: value}
    assert file_seal(resource) == file_seal({"theirs": other, **dict(reversed(resource.items()))})
    assert file_seal({**resource, "size": "5"} if field != "size" else resource) == file_seal(resource)


@given(st.dictionaries(st.sampled_from([*FIELDS, "tags", "extras", "resources", "theirs"]), JSON))
def test_whatever_a_dataset_is_it_has_one_form(dataset: Raw) -> None:
    assert normal(dataset) == normal({**dataset, "theirs": 1})
    assert metadata_digest(dataset).startswith("sha256:")


def test_a_shared_edition_and_an_open_one_are_told_apart() -> None:
    shared = whole(built(FOLDER, level=AccessLevel.SHARED))[1]
    assert metadata_digest(shared) != metadata_digest(whole(built(FOLDER))[1])
