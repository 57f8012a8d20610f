"""Each fault: found, with its pointer, a message and a remedy; and all at once."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from descriptor_helpers import FULL, full, package
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.descriptor import faults, read
from opendata.errors import DescriptorError

Steps = tuple[Any, ...]
FIELD: Steps = ("resources", 0, "schema", "fields")
SCHEMA: Steps = ("resources", 0, "schema")


def put(descriptor: Any, path: Steps, value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    made = copy.deepcopy(descriptor)
    inner = made
    for step in path[:-1]:
        inner = inner[step]
    if value is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = value
    return made


def found(descriptor: dict[str, Any], tmp_path: Path) -> dict[str | None, str]:
    package(tmp_path, descriptor)
    return {item.pointer: item.message for item in faults(descriptor, tmp_path)}


# where, what is put there (None: removed), pointer of the fault, a word of its message
CASES: list[tuple[Steps, Any, str, str]] = [
    (("resources",), None, "/resources", "“resources” is missing"),
    (("resources",), [], "/resources", "“resources” is empty"),
    (("resources",), {}, "/resources", "must be a list"),
    (("resources",), ["a"], "/resources/0", "must be an object"),
    (("name",), None, "/name", "“name” is missing"),
    (("name",), "Bad Name", "/name", "Bad Name"),
    (("name",), "a--b", "/name", "a--b"),
    (("name",), "nul", "/name", "nul"),
    (("name",), "ok\n", "/name", "ok"),
    (("name",), 3, "/name", "must be a text"),
    (("id",), "17", "/id", "17"),
    (("title",), 5, "/title", "must be a text"),
    (("homepage",), "no address", "/homepage", "no address"),
    (("created",), "yesterday", "/created", "yesterday"),
    (("keywords",), [], "/keywords", "empty"),
    (("keywords",), ["a", 1], "/keywords/1", "item 2"),
    (("licenses",), [{}], "/licenses/0/name", "“name” is missing"),
    (("licenses",), [{"name": "not a name"}], "/licenses/0/name", "not a name"),
    (("sources",), [{}], "/sources/0", "empty"),
    (("sources",), [{"title": "a", "email": "nobody"}], "/sources/0/email", "nobody"),
    (("$schema",), "urn:opendata-vn:profile:9.0", "/$schema", "unknown"),
    (("profile",), "https://example.org/profile.json", "/profile", "never fetched"),
    (("profile",), "../profile.json", "/profile", "leads out"),
    (("missingValues",), ["-"], "/missingValues", "does nothing"),
    (("fields",), [], "/fields", "does nothing"),
    (("sector",), "mining", "/sector", "cannot be “mining”"),
    (("department", "code"), "h15", "/department/code", "h15"),
    (("department", "contact", "email"), "nobody", "/department/contact/email", "nobody"),
    (("coverage", "start"), "2018-13", "/coverage/start", "2018-13"),
    (("coverage", "end"), "1994", "/coverage/end", "ends before it begins"),
    (("coverage", "units"), ["a b"], "/coverage/units/0", "a b"),
    (("update", "frequency"), "often", "/update/frequency", "often"),
    (("update", "due"), "31/12/2026", "/update/due", "31/12/2026"),
    (("translations", "en", "title"), 1, "/translations/en/title", "must be a text"),
    (("access", "level"), "public", "/access/level", "cannot be “public”"),
    (("access", "reviewedOn"), "2026-02-30", "/access/reviewedOn", "2026-02-30"),
    (("access", "importance"), "huge", "/access/importance", "huge"),
    (("access", "levle"), "closed", "/access", "unknown"),
    (("resources", 0, "name"), None, "/resources/0/name", "“name” is missing"),
    (("resources", 0, "name"), "Bad Name", "/resources/0/name", "Bad Name"),
    (("resources", 0, "path"), None, "/resources/0/path", "“path” is missing"),
    (("resources", 0, "data"), [], "/resources/0", "not both"),
    (("resources", 0, "path"), [], "/resources/0/path", "empty"),
    (("resources", 0, "path"), 7, "/resources/0/path", "must be a text"),
    (("resources", 0, "path"), "/etc/passwd", "/resources/0/path", "leads out"),
    (("resources", 0, "path"), "../a.csv", "/resources/0/path", "leads out"),
    (("resources", 0, "path"), "data/../../a.csv", "/resources/0/path", "leads out"),
    (("resources", 0, "path"), "c:/a.csv", "/resources/0/path", "leads out"),
    (("resources", 0, "path"), "data\\a.csv", "/resources/0/path", "leads out"),
    (("resources", 0, "path"), "", "/resources/0/path", "leads out"),
    (("resources", 0, "path"), "http://example.org/a.csv", "/resources/0/path", "never fetched"),
    (("resources", 0, "path"), ["data/pigs.csv", "http://example.org/a.csv"], "/resources/0/path/1", "never fetched"),
    (("resources", 0, "path"), ["data/no.csv"], "/resources/0/path/0", "“data/no.csv” is not there"),
    (("resources", 0, "path"), ["x" * 5000], "/resources/0/path/0", "is not there"),
    (("resources", 0, "extrapaths"), ["s3://bucket/a.csv"], "/resources/0/extrapaths/0", "never fetched"),
    (("resources", 0, "schema"), "http://example.org/s.json", "/resources/0/schema", "never fetched"),
    (("resources", 0, "schema"), "no.json", "/resources/0/schema", "is not there"),
    (("resources", 0, "dialect"), "https://example.org/d.json", "/resources/0/dialect", "never fetched"),
    (("resources", 0, "dialect"), "../d.json", "/resources/0/dialect", "leads out"),
    (("resources", 0, "dialect"), {"header": "yes"}, "/resources/0/dialect/header", "true or false"),
    (("resources", 0, "profile"), "ftp://example.org/p.json", "/resources/0/profile", "never fetched"),
    (("resources", 0, "type"), "file", "/resources/0/type", "cannot be “file”"),
    (("resources", 0, "mediatype"), "csv", "/resources/0/mediatype", "csv"),
    (("resources", 0, "missingValues"), [""], "/resources/0/missingValues", "does nothing"),
    (("resources", 0, "disclosure"), "some", "/resources/0/disclosure", "some"),
    (("resources", 0, "disclosure"), {"threshold": 5}, "/resources/0/disclosure/kind", "missing"),
    (("resources", 0, "disclosure"), {"kind": "counts", "threshold": 0}, "/resources/0/disclosure/threshold", "small"),
    (("resources", 0, "access"), {"levle": "closed"}, "/resources/0/access/level", "missing"),
    (("resources", 0, "access"), "closed", "/resources/0/access", "must be an object"),
    (("resources", 0, "origin"), {"recipe": []}, "/resources/0/origin/path", "missing"),
    (("resources", 0, "origin"), {"path": "../x.xlsx"}, "/resources/0/origin/path", "leads out"),
    (("resources", 0, "origin"), {"path": "x.xlsx", "recipe": [{}]}, "/resources/0/origin/recipe/0/step", "missing"),
    (("resources", 0, "externalKeys"), {}, "/resources/0/externalKeys", "must be a list"),
    (("resources", 0, "externalKeys", 0, "reference", "package"), None,
     "/resources/0/externalKeys/0/reference/package", "missing"),
    (("resources", 0, "externalKeys", 0, "fields"), ["no"], "/resources/0/externalKeys/0/fields", "“no”"),
    (("resources", 0, "externalKeys", 0, "fields"), ["unit_id", "year"],
     "/resources/0/externalKeys/0", "2 fields here"),
    (SCHEMA, [], "/resources/0/schema", "must be a text"),
    ((*SCHEMA, "fields"), [], "/resources/0/schema/fields", "empty"),
    ((*SCHEMA, "fieldsMatch"), ["exact"], "/resources/0/schema/fieldsMatch", "must be a text"),
    ((*SCHEMA, "fieldsMatch"), "some", "/resources/0/schema/fieldsMatch", "some"),
    ((*SCHEMA, "conformsTo"), "pigs", "/resources/0/schema/conformsTo", "pigs"),
    ((*SCHEMA, "missingValues"), [1], "/resources/0/schema/missingValues/0", "must be a text"),
    ((*SCHEMA, "missingValues"), [{"label": "a"}], "/resources/0/schema/missingValues/0/value", "missing"),
    ((*SCHEMA, "primaryKey"), ["no"], "/resources/0/schema/primaryKey", "“no”"),
    ((*SCHEMA, "primaryKey"), "no", "/resources/0/schema/primaryKey", "“no”"),
    ((*SCHEMA, "uniqueKeys"), [["year"], ["no"]], "/resources/0/schema/uniqueKeys/1", "“no”"),
    ((*FIELD, 1, "name"), "unit_id", "/resources/0/schema/fields/1/name", "Two fields are named “unit_id”"),
    ((*FIELD, 1, "name"), "", "/resources/0/schema/fields/1/name", "empty"),
    ((*FIELD, 1, "name"), "a\nb", "/resources/0/schema/fields/1/name", "line break"),
    ((*FIELD, 1, "name"), None, "/resources/0/schema/fields/1/name", "missing"),
    ((*FIELD, 1), "year", "/resources/0/schema/fields/1", "must be an object"),
    ((*FIELD, 1, "type"), "jahr", "/resources/0/schema/fields/1/type", "cannot be “jahr”"),
    ((*FIELD, 1, "format"), "YYYY", "/resources/0/schema/fields/1/format", "YYYY"),
    ((*FIELD, 1, "required"), True, "/resources/0/schema/fields/1/required", "constraints"),
    ((*FIELD, 1, "constraints"), {"required": "yes"},
     "/resources/0/schema/fields/1/constraints/required", "true or false"),
    ((*FIELD, 1, "constraints"), {"pattern": "a"},
     "/resources/0/schema/fields/1/constraints/pattern", "has no constraint"),
    ((*FIELD, 1, "constraints"), {"minimum": "x"}, "/resources/0/schema/fields/1/constraints/minimum", "“x”"),
    ((*FIELD, 2, "constraints"), {"minimum": True}, "/resources/0/schema/fields/2/constraints/minimum", "text in quot"),
    ((*FIELD, 0, "constraints"), {"pattern": "(a"},
     "/resources/0/schema/fields/0/constraints/pattern", "regular expression"),
    ((*FIELD, 0, "constraints"), {"enum": ["a", 1]},
     "/resources/0/schema/fields/0/constraints/enum/1", "must be a text"),
    ((*FIELD, 0, "constraints"), {"enum": ["a", "a"]},
     "/resources/0/schema/fields/0/constraints/enum", "same thing twice"),
    ((*FIELD, 0, "access"), {"level": "publc"}, "/resources/0/schema/fields/0/access/level", "publc"),
    ((*FIELD, 0, "personal"), "yes", "/resources/0/schema/fields/0/personal", "yes"),
    ((*FIELD, 0, "disclosure"), "hash", "/resources/0/schema/fields/0/disclosure", "hash"),
    ((*FIELD, 0, "decimal"), [3, 1], "/resources/0/schema/fields/0/decimal", "type number"),
    ((*FIELD, 2, "decimal"), [3], "/resources/0/schema/fields/2/decimal", "too short"),
    ((*FIELD, 2, "decimal"), [39, 1], "/resources/0/schema/fields/2/decimal/0", "too large"),
    ((*FIELD, 2, "decimal"), [3, 4], "/resources/0/schema/fields/2/decimal", "more digits"),
    ((*FIELD, 0, "timezone"), "Asia/Ho_Chi_Minh", "/resources/0/schema/fields/0/timezone", "no datetime"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "pointer", "said"), CASES, ids=lambda value: str(value)[:40])
def test_a_fault_is_found_where_it_is(path: Steps, value: Any, pointer: str, said: str, tmp_path: Path) -> None:  # noqa: ANN401 - JSON of any shape
    messages = found(put(FULL, path, value), tmp_path)
    assert pointer in messages
    assert said in messages[pointer]


@pytest.mark.parametrize(("path", "value", "pointer", "said"), CASES, ids=lambda value: str(value)[:40])
def test_each_finding_says_how_to_mend(path: Steps, value: Any, pointer: str, said: str, tmp_path: Path) -> None:  # noqa: ANN401 - JSON of any shape
    del pointer, said
    descriptor = put(FULL, path, value)
    package(tmp_path, descriptor)
    for item in faults(descriptor, tmp_path):
        assert item.message
        assert item.remedy
        assert item.code.endswith("-error")
        assert item.place.path == str(tmp_path / "datapackage.json")


def test_the_full_descriptor_has_no_fault(tmp_path: Path) -> None:
    assert found(FULL, tmp_path) == {}


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    broken = put(
        put(put(FULL, ("sector",), "mining"), (*FIELD, 1, "type"), "jahr"), ("resources", 0, "path"), "../a.csv"
    )
    package(tmp_path, broken)
    with pytest.raises(DescriptorError, match="3 faults") as caught:
        read(tmp_path)
    pointers = [item.pointer for item in caught.value.findings]
    assert pointers == ["/resources/0/path", "/resources/0/schema/fields/1/type", "/sector"]


def test_codes_are_those_of_frictionless(tmp_path: Path) -> None:
    broken = full(sector="mining")
    broken["resources"][0]["mediatype"] = "csv"
    broken["resources"][0]["dialect"] = {"header": "yes"}
    broken["resources"][0]["schema"]["primaryKey"] = "no"
    broken["resources"][0]["schema"]["fields"][1]["type"] = "jahr"
    broken["resources"][0]["path"] = "gone.csv"
    package(tmp_path, broken)
    (tmp_path / "gone.csv").unlink()
    codes = {item.code for item in faults(broken, tmp_path)}
    assert codes == {"package-error", "resource-error", "dialect-error", "schema-error", "field-error", "scheme-error"}


def test_a_finding_names_table_and_field(tmp_path: Path) -> None:
    broken = put(FULL, (*FIELD, 1, "type"), "jahr")
    package(tmp_path, broken)
    (finding,) = faults(broken, tmp_path)
    assert finding.message.startswith("Table “pigs”, field “year”: ")
    assert finding.remedy.startswith("Write one of: string, number, integer")
    assert finding.place.field == "year"


def test_a_folder_is_no_data_file(tmp_path: Path) -> None:
    package(tmp_path, FULL)
    messages = {item.pointer: item.message for item in faults(put(FULL, ("resources", 0, "path"), "data"), tmp_path)}
    assert "not a plain file" in messages["/resources/0/path"]


def test_two_tables_of_one_name(tmp_path: Path) -> None:
    broken = full()
    broken["resources"].append(copy.deepcopy(broken["resources"][0]))
    assert "Two tables are named “pigs”" in found(broken, tmp_path)["/resources/1/name"]


def test_several_missing_properties_are_each_told(tmp_path: Path) -> None:
    broken = put(FULL, ("resources", 0, "externalKeys", 0, "reference"), {})
    pointers = {pointer for pointer in found(broken, tmp_path) if pointer}
    assert {f"/resources/0/externalKeys/0/reference/{key}" for key in ("package", "resource", "fields")} <= pointers


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: Steps = ()) -> list[Steps]:  # noqa: ANN401 - JSON of any shape
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return (
        [path, *(inner for key, item in steps for inner in places(item, (*path, key)))]
        if path
        else [inner for key, item in steps for inner in places(item, (key,))]
    )


@settings(deadline=None)
@given(st.sampled_from(places(FULL)), ANY)
def test_no_descriptor_however_odd_is_a_crash(path: Steps, value: Any) -> None:  # noqa: ANN401 - JSON of any shape
    broken = put(FULL, path, {} if value is None else value)
    for item in faults(broken, Path("no-such-folder")):
        assert item.message


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["name", "resources", "access", "$schema", "coverage", "fields"]), ANY))
def test_no_object_at_all_is_a_crash(value: dict[str, Any]) -> None:
    assert faults(value, Path("no-such-folder"))
