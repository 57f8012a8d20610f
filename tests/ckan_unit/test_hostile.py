"""Whatever a portal answers ends in a value or in an error of ours."""

from __future__ import annotations

import contextlib
import copy
import json
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built, ready, stopped
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from scripted_portal import Asked, Scripted, Told, result
from small_ckan import SITE, SmallCkan
from small_desk import plan_of, whole

from opendata.errors import OpendataError
from opendata.model import Standing
from opendata_ckan import CkanPublisher, sending
from opendata_ckan.answers import DEEPEST, PassingError, judged
from opendata_ckan.held import held, portal_dataset
from opendata_ckan.mapping import Terms
from opendata_ckan.probing import _resources
from opendata_ckan.reading import _entry

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(tempfile.mkdtemp(prefix="hostile-"))
PACKAGE = built(FOLDER)
KEPT = whole(PACKAGE)[1]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ODD = JSON | st.sampled_from(
    ["9" * 5000, 10**400, "[1, 2]", '{"a": 1}', "[[1]]", "NaN", "[" * 5000, '["\\ud800", "/.."]']
)


pytestmark = pytest.mark.usefixtures("slept")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - whatever JSON has
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


PLACES = sorted(set(places(KEPT)) - {()}, key=str)


def replaced(place: tuple[Any, ...], value: object) -> dict[str, Any]:
    told = copy.deepcopy(KEPT)
    inner: Any = told
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return told


def read_all(told: object) -> None:
    """All that is ever made of a dataset that a portal tells of."""
    found = held(told, "")  # type: ignore[arg-type] # whatever JSON has
    assert isinstance(found.intact, bool)
    portal_dataset(found)
    _entry(found)
    _resources(found)
    parcel = sending.parcel(PACKAGE, found, SITE, Terms())
    revision = sending.filling(found, PACKAGE, parcel, ["agriculture"], everything=False)
    patches = [sending.hiding(found, found.stage), sending.emptying(found), sending.forgetting(found)]
    for wanted in (revision.data(), sending.settling(found, private=False).data(), *patches):
        json.dumps(wanted, ensure_ascii=False).encode()


@given(st.sampled_from(PLACES), ODD)
@settings(max_examples=400)
def test_a_dataset_with_anything_in_any_place_is_read_or_refused(place: tuple[Any, ...], value: object) -> None:
    with contextlib.suppress(PassingError):
        read_all(replaced(place, value))


@pytest.mark.parametrize("size", ["9" * 5000, "-1", "٣", "1" * 19, math.inf, True, [1]])
def test_a_size_that_is_none_is_an_edit_by_hand(size: object) -> None:
    assert not held(replaced(("resources", 0, "size"), size), "").intact


@given(st.sampled_from(["opendata_removed", "opendata_files", "opendata_stage", "opendata_level"]), ODD)
@settings(max_examples=200)
def test_an_extra_that_says_anything_is_read(key: str, value: object) -> None:
    extras = [*KEPT["extras"], {"key": key, "value": value}]
    read_all({**KEPT, "extras": extras})


@given(JSON)
def test_what_is_no_dataset_is_refused(value: object) -> None:
    with pytest.raises(PassingError):
        read_all(value)


@pytest.mark.parametrize("inner", ["[", '{"a":'])
def test_a_refusal_nested_without_end_is_odd(inner: str) -> None:
    close = {"[": "]", '{"a":': "}"}[inner]
    for depth in (DEEPEST, 400):
        with pytest.raises(PassingError, match="answers oddly"):
            judged(409, _invalid(inner * depth + "1" + close * depth), "")


def test_a_dataset_that_an_editor_nested_without_end_hinders_nobody() -> None:
    resource = {**KEPT["resources"][0], "opendata_summary": json.loads("[" * 400 + "]" * 400)}
    told = json.dumps({"success": True, "result": {**KEPT, "resources": [resource]}})
    read_all(judged(200, told, ""))


def _invalid(value: str) -> str:
    return f'{{"success": false, "error": {{"__type": "Validation Error", "name": {value}}}}}'


@pytest.mark.parametrize("text", [r'"\ud800"', r'{"\uDC00": 1}', r'["a", "\udfff\ud800"]'])
def test_half_a_character_is_no_answer(text: str) -> None:
    with pytest.raises(PassingError, match="answers oddly") as caught:
        judged(200, f'{{"success": true, "result": {text}}}', "")
    str(caught.value).encode()


@pytest.mark.parametrize("text", [r'"\ud83d\ude00"', '"😀"', r'"\\ud800"'])
def test_a_whole_character_is_one_however_it_is_written(text: str) -> None:
    assert judged(200, f'{{"success": true, "result": {text}}}', "") == json.loads(text)


ACTIONS = [
    "status_show",
    "user_show",
    "organization_list_for_user",
    "group_list_authz",
    "package_search",
    "package_create",
    "package_revise",
    "package_patch",
    "package_show",
    "datastore_delete",
    "xloader_status",
]


OTHERS = {"count": 1, "results": [replaced(("name",), "others")]}
VERSION = {"ckan_version": "9" * 5000 + "." + "9" * 5000, "site_url": "http://[", "extensions": ["xloader"]}


def lying(action: str, value: object) -> Any:  # noqa: ANN401 - a script
    """A portal with one dataset that answers one kind of question with whatever was drawn."""
    ckan = SmallCkan(plugins=("xloader", "datastore"))
    ckan.store({**copy.deepcopy(KEPT), "name": "tea", "id": "tea"})

    def answer(asked: Asked) -> Told:
        return result(value) if asked.path.endswith(f"/{action}") else ckan(asked)

    return answer


@given(
    st.sampled_from(ACTIONS), ODD | st.sampled_from(PLACES).flatmap(lambda place: ODD.map(lambda v: replaced(place, v)))
)
@example("package_search", OTHERS)
@example("status_show", VERSION)
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_portal_that_lies_ends_in_an_error_of_ours(action: str, value: object) -> None:
    with Scripted(lying(action, value)) as portal, contextlib.suppress(OpendataError):
        publisher = CkanPublisher(portal.target())
        for ask in (
            publisher.owners,
            lambda: list(publisher.entries("a")),
            lambda: publisher.look(["tea"], visitor=True),
        ):
            with contextlib.suppress(OpendataError):
                ask()
        new, gone = ready(PACKAGE), stopped("tea", Standing.WITHHELD, id=PACKAGE.id)
        plan = plan_of(publisher, new, gone)
        for step in plan.steps:
            with contextlib.suppress(OpendataError):
                publisher.carry_out(step)
            with contextlib.suppress(OpendataError):
                publisher.probe(step.name)
        for dataset in publisher.look(["tea", "paddy"]).datasets:
            publisher.examine(dataset)
        publisher.finish()


CONTENT = st.binary(max_size=50) | JSON.map(lambda value: json.dumps(value).encode())


@given(CONTENT)
@example(json.dumps({"a": math.nan, "opendata_digest": PACKAGE.digest}).encode())
@example(json.dumps({"a": "\ud800", "opendata_digest": PACKAGE.digest}).encode())
@example(b"[" * 5000)
@settings(max_examples=20, deadline=None)
def test_a_descriptor_that_says_anything_is_refused(content: bytes) -> None:
    ckan, kept = whole(PACKAGE)
    key = next(item["id"] for item in kept["resources"] if item["opendata_path"] == "datapackage.json")
    ckan.files[key] = content
    with Scripted(ckan) as portal, pytest.raises(OpendataError):
        CkanPublisher(portal.target()).look(["paddy"], visitor=True)


def test_a_file_that_is_no_descriptor_any_more_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opendata_ckan.reading.LONGEST", 1000)
    ckan, kept = whole(PACKAGE)
    key = next(item["id"] for item in kept["resources"] if item["opendata_path"] == "datapackage.json")
    ckan.files[key] += b" " * 5000
    with Scripted(ckan) as portal, pytest.raises(OpendataError, match="descriptor"):
        CkanPublisher(portal.target()).look(["paddy"], visitor=True)
