"""What an officer reads of a fault, word for word: table and field, what is wrong, how to mend it, and of what kind."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from descriptor_helpers import FULL, REVIEWED, fields, full, package

from opendata.descriptor import faults, glimpse, publishable, read
from opendata.descriptor.strict import parse
from opendata.errors import DescriptorError
from opendata.model import AccessLevel

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def at(*path: str | int, put: Any) -> Callable[[dict[str, Any]], None]:  # noqa: ANN401 - JSON of any shape
    def change(descriptor: dict[str, Any]) -> None:
        inner: Any = descriptor
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = put

    return change


TABLE = ("resources", 0)
FIELDS = (*TABLE, "schema", "fields")

# what is changed, pointer, code, message, remedy
SAID: list[tuple[Callable[[dict[str, Any]], None], str, str, str, str]] = [
    (at("title", put=5), "/title", "package-error",
     "The property “title” must be a text in quotation marks.", "Write it so."),
    (at("sector", put="mining"), "/sector", "package-error", "The property “sector” cannot be “mining”.",
     ("Write one of: agriculture, health, environment, reference, industry, education, culture-tourism,"
      " science-technology, transport, population.")),
    (at("access", "reviewedOn", put="31/01/2026"), "/access/reviewedOn", "package-error",
     "The property “reviewedOn” is not well formed: “31/01/2026”.",
     "Write a day that exists as year-month-day, such as 2026-03-31."),
    (at("coverage", "start", put="thời Lý"), "/coverage/start", "package-error",
     "The property “start” is not well formed: “thời Lý”.",
     "Write a year, a month or a day, such as 1995, 2018-12 or 2018-12-31."),
    (at("coverage", "end", put="1994-12"), "/coverage/end", "package-error",
     "The period ends before it begins.", "Exchange start and end."),
    (at("department", "contact", "email", put="phòng chăn nuôi"), "/department/contact/email", "package-error",
     "The property “email” is not well formed: “phòng chăn nuôi”.",
     "Write one e-mail address, such as office@example.org."),
    (at("id", put="17"), "/id", "package-error", "The property “id” is not well formed: “17”.",
     "Write a UUID, or leave the id out."),
    (at("department", "code", put="h15"), "/department/code", "package-error",
     "The property “code” is not well formed: “h15”.",
     "An agency's code has capital letters, digits and dots, such as H15.05."),
    (at("keywords", put=["lợn", 1]), "/keywords/1", "package-error",
     "The property “keywords” (item 2) must be a text in quotation marks.", "Write it so."),
    (at("missingValues", put=["-"]), "/missingValues", "package-error",
     "“missingValues” stands where it does nothing.", "Move it into the table's “schema”."),
    (at("$schema", put="urn:opendata-vn:profile:9.0"), "/$schema", "package-error",
     "This version of the profile is unknown: “urn:opendata-vn:profile:9.0”",
     "Write urn:opendata-vn:profile:1.0, or install a newer version."),
    (at("profile", put="https://example.org/p.json"), "/profile", "package-error",
     "Remote profiles are never fetched: “https://example.org/p.json”",
     "Remove the profile, or name one of the standard's."),
    (at(*TABLE, "path", put="data/none.csv"), "/resources/0/path", "scheme-error",
     "Table “pigs”: The file “data/none.csv” is not there.",
     "Put the file into the package's folder, or correct its path."),
    (at(*TABLE, "path", put="https://example.org/a.csv"), "/resources/0/path", "resource-error",
     "Table “pigs”: Remote files are never fetched: “https://example.org/a.csv”",
     "Download the file, put it into the package's folder, and give its path from there."),
    (at(*TABLE, "path", put="data"), "/resources/0/path", "resource-error",
     "Table “pigs”: This is not a plain file: “data”", "Name a file."),
    (at(*TABLE, "data", put=[]), "/resources/0", "resource-error",
     "Table “pigs”: A table has either a path or its data inline, not both.", "Remove one of the two."),
    (at(*TABLE, "missingValues", put=[""]), "/resources/0/missingValues", "resource-error",
     "Table “pigs”: “missingValues” stands where it does nothing.", "Move it into the table's “schema”."),
    (at(*TABLE, "access", put={"level": "open", "x": 1}), "/resources/0/access", "resource-error",
     "Table “pigs”: The property “access” holds something unknown.", "Check its spelling."),
    (at(*TABLE, "schema", "primaryKey", put=["tỉnh"]), "/resources/0/schema/primaryKey", "schema-error",
     "Table “pigs”: The key names a field that is not there: “tỉnh”", "Write one of the fields: pigs, unit_id, year."),
    (at(*TABLE, "externalKeys", 0, "fields", put=["unit_id", "year"]), "/resources/0/externalKeys/0", "resource-error",
     "Table “pigs”: The key has 2 fields here and 1 there.", "Name as many fields here as there, in the same order."),
    (at(*TABLE, "schema", "foreignKeys", put=[{"fields": "year", "reference": {"resource": "x", "fields": "y"}}]),
     "/resources/0/schema/foreignKeys/0/reference/resource", "schema-error",
     "Table “pigs”: The key points to a table that is not there: “x”",
     "Write the name of a table of this package, or “externalKeys” for one of another package."),
    (at(*FIELDS, 1, "name", put="unit_id"), "/resources/0/schema/fields/1/name", "schema-error",
     "Table “pigs”, field “unit_id”: Two fields are named “unit_id”.",
     "Give each field a name of its own, in the file too."),
    (at(*FIELDS, 1, "constraints", put={"maxLength": 4}), "/resources/0/schema/fields/1/constraints/maxLength",
     "field-error", "Table “pigs”, field “year”: A field of type year has no constraint “maxLength”.",
     "Remove the constraint, or choose another type."),
    (at(*FIELDS, 1, "constraints", put={"minimum": "MCM"}), "/resources/0/schema/fields/1/constraints/minimum",
     "field-error", "Table “pigs”, field “year”: The bound “MCM” is no value of type year.",
     "Write it as the values of the field are written."),
    (at(*FIELDS, 1, "required", put=True), "/resources/0/schema/fields/1/required", "field-error",
     "Table “pigs”, field “year”: “required” stands beside the field's constraints, where it does nothing.",
     "Move it into “constraints”."),
    (at(*FIELDS, 0, "decimal", put=[12, 1]), "/resources/0/schema/fields/0/decimal", "field-error",
     "Table “pigs”, field “unit_id”: Only a field of type number can be a decimal.",
     "Remove “decimal”, or change the type to number."),
    (at(*FIELDS, 2, "decimal", put=[2, 3]), "/resources/0/schema/fields/2/decimal", "field-error",
     "Table “pigs”, field “pigs”: A decimal cannot have more digits after the point than it has digits.",
     "Write [digits in all, digits after the point], such as [15, 2]."),
    (at(*FIELDS, 0, "timezone", put="Hà Nội"), "/resources/0/schema/fields/0/timezone", "field-error",
     "Table “pigs”, field “unit_id”: The time zone is unknown, or the field is no datetime: “Hà Nội”",
     "Write a zone such as Asia/Ho_Chi_Minh, on a datetime field."),
    (at(*FIELDS, 0, "constraints", put={"enum": ["a", "a"]}), "/resources/0/schema/fields/0/constraints/enum",
     "field-error", "Table “pigs”, field “unit_id”: The property “enum” holds the same thing twice.",
     "Remove one of them."),
]  # fmt: skip


@pytest.mark.parametrize(("change", "pointer", "code", "message", "remedy"), SAID, ids=[item[1] for item in SAID])
def test_a_fault_in_words(
    change: Callable[[dict[str, Any]], None], pointer: str, code: str, message: str, remedy: str, tmp_path: Path
) -> None:
    descriptor = full()
    change(descriptor)
    package(tmp_path, full())
    found = {item.pointer: item for item in faults(descriptor, tmp_path)}
    assert (found[pointer].message, found[pointer].remedy) == (message, remedy)
    assert found[pointer].code == code


def lowered(descriptor: dict[str, Any], package_level: str, table: str | None, field: str) -> None:
    descriptor["access"] = {**REVIEWED, "level": package_level}
    descriptor["resources"][0] |= {"access": {"level": table}} if table else {}
    fields(descriptor)[1]["access"] = {"level": field}


@pytest.mark.parametrize(
    ("above", "table", "field", "named"),
    [
        ("closed", None, "open", "closed"),
        ("open", "internal", "shared", "internal"),
        ("shared", None, "open", "shared"),
    ],
)
def test_a_part_that_is_lower_is_told_the_level_it_stands_in(
    above: str, table: str | None, field: str, named: str, tmp_path: Path
) -> None:
    descriptor = full()
    lowered(descriptor, above, table, field)
    package(tmp_path, descriptor)
    (found,) = faults(descriptor, tmp_path)
    assert found.message == (
        f"Table “pigs”, field “year”: The level {field} is lower than {named}, the level of what it is part of."
    )
    assert found.remedy == f"Remove it, or write {named} or a stricter level: a part may only restrict."
    assert found.code == "field-error"


def test_faults_come_in_the_order_of_the_descriptor_s_numbers_not_of_their_digits(tmp_path: Path) -> None:
    descriptor = full()
    plain = descriptor["resources"][0]["schema"]["fields"][0]
    descriptor["resources"][0]["schema"]["fields"] += [{**plain, "name": f"f{number}"} for number in range(9)]
    for number in (10, 2, 9):
        descriptor["resources"][0]["schema"]["fields"][number]["personal"] = "yes"
    package(tmp_path, descriptor)
    pointers = [item.pointer for item in faults(descriptor, tmp_path)]
    assert pointers == [f"/resources/0/schema/fields/{number}/personal" for number in (2, 9, 10)]


def test_a_table_without_a_name_is_told_by_its_number(tmp_path: Path) -> None:
    descriptor = full()
    other = copy.deepcopy(descriptor["resources"][0])
    del other["name"]
    other["schema"]["fields"][1] = {"type": "jahr"}
    descriptor["resources"].append(other)
    package(tmp_path, descriptor)
    said = {item.pointer: item.message for item in faults(descriptor, tmp_path)}
    assert said["/resources/1/name"] == "Table “2”: The property “name” is missing."
    assert said["/resources/1/schema/fields/1/type"].startswith("Table “2”, field “2”: ")


def test_a_key_with_a_slash_is_escaped_in_its_pointer(tmp_path: Path) -> None:
    descriptor = full(translations={"en/~": {"title": 1}})
    package(tmp_path, descriptor)
    pointers = [item.pointer for item in faults(descriptor, tmp_path)]
    assert pointers == ["/translations/en~1~0/title"]


def test_one_fault_is_told_with_its_place_and_several_with_the_first(tmp_path: Path) -> None:
    package(tmp_path, full(sector="mining"))
    with pytest.raises(DescriptorError) as one:
        read(tmp_path)
    assert one.value.where == f"{tmp_path / 'datapackage.json'} /sector"
    assert one.value.what == "The property “sector” cannot be “mining”."
    package(tmp_path, full(sector="mining", title=5, id="17"))
    with pytest.raises(DescriptorError) as several:
        read(tmp_path)
    assert several.value.where == str(tmp_path / "datapackage.json")
    assert several.value.what == ("The descriptor has 3 faults; the first: The property “id” is not well formed: “17”.")
    assert several.value.remedy == several.value.findings[0].remedy == "Write a UUID, or leave the id out."
    assert [item.pointer for item in several.value.findings] == ["/id", "/sector", "/title"]


@pytest.mark.parametrize(
    ("start", "end", "sound"),
    [
        ("1995", "1995", True),
        ("1995-06", "1995", True),
        ("1995", "1995-01", True),
        ("1995-12-31", "1995-12", True),
        ("1995-06", "1995-05", False),
        ("1995-06-02", "1995-06-01", False),
        ("1995-06-02", "1995-05", False),
        ("1996", "1995-12-31", False),
    ],
)
def test_a_period_is_judged_by_what_both_ends_say(start: str, end: str, sound: bool, tmp_path: Path) -> None:  # noqa: FBT001 - one of a table
    descriptor = full(coverage={"units": ["VN"], "start": start, "end": end})
    package(tmp_path, descriptor)
    assert [item.pointer for item in faults(descriptor, tmp_path)] == ([] if sound else ["/coverage/end"])


@pytest.mark.parametrize("content", ['{"fields": [{"name": "a"}, {"name": "a"}]}', "[1]", "{", '{"a": 1, "a": 2}'])
def test_a_faulty_file_of_a_schema_is_a_fault_of_its_table(content: str, tmp_path: Path) -> None:
    descriptor = full()
    descriptor["resources"][0]["schema"] = "schema.json"
    del descriptor["resources"][0]["externalKeys"]
    package(tmp_path, descriptor)
    (tmp_path / "schema.json").write_text(content, encoding="utf-8")
    found = faults(descriptor, tmp_path)
    assert found
    assert all(str(item.pointer).startswith("/resources/0/schema") for item in found)
    assert all(item.message.startswith("Table “pigs”") for item in found)
    assert {item.code for item in found} == {"schema-error"}
    assert all(item.remedy for item in found)


def test_what_even_a_faulty_descriptor_says_of_itself(tmp_path: Path) -> None:
    """By it a dataset is withdrawn whose descriptor was spoilt: identity and level must not depend on the fault."""
    sound = read(package(tmp_path / "sound", FULL))
    path = package(tmp_path / "a", full(sector="mining")) / "datapackage.json"
    seen = glimpse(path, "pigs")
    assert seen is not None
    assert (seen.id, seen.level) == (sound.id, AccessLevel.OPEN)
    bare = {key: value for key, value in full(title=7).items() if key not in {"id", "access"}}
    seen = glimpse(package(tmp_path / "b", bare) / "datapackage.json", "pigs")
    assert seen is not None
    assert seen.level is AccessLevel.INTERNAL
    assert seen.id == read(package(tmp_path / "c", {**bare, "title": "Đàn lợn"})).id
    elsewhere = glimpse(tmp_path / "b" / "datapackage.json", "cattle")
    assert elsewhere is not None
    assert elsewhere.id != seen.id
    (tmp_path / "b" / "datapackage.json").write_text("{", encoding="utf-8")
    assert glimpse(tmp_path / "b" / "datapackage.json", "pigs") is None
    assert glimpse(tmp_path / "none.json", "pigs") is None


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b'{"a": 1, "b": 2, "a": 3}', "a"),
        (b'{"a": 1, "b": 2, "b": 3}', "b"),
        (b'{"x": [{"c": 1, "d": {}, "e": 2, "d": 3}]}', "d"),
        ('{"tỉnh": 1, "tỉnh": 1}'.encode(), "tỉnh"),
    ],
)
def test_the_key_that_stands_twice_is_named(content: bytes, key: str) -> None:
    with pytest.raises(DescriptorError, match="stands twice") as caught:
        parse(content)
    assert f"“{key}”" in caught.value.what


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("ab", True),
        ("a" * 90, True),
        ("a", False),
        ("a" * 91, False),
        ("a--b", False),
        ("con", False),
        ("lpt9", False),
        ("com10", True),
        ("a.b", False),
        ("a_b", False),
    ],
)
def test_a_name_made_by_others_may_not_do_for_an_address(name: str, sound: bool, tmp_path: Path) -> None:  # noqa: FBT001 - one of a table
    made = read(package(tmp_path, {"name": name, "resources": [{"name": "t", "path": "t.csv"}]}))
    found = {item.pointer: item.message for item in publishable(made)}
    assert found.get("/name") == (None if sound else "The package has no name that can stand in an address.")


def test_a_name_taken_from_the_folder_does_not_do_for_an_address(tmp_path: Path) -> None:
    made = read(package(tmp_path / "pigs", {"resources": [{"name": "t", "path": "t.csv"}]}))
    assert made.name == "pigs"
    assert "/name" in {item.pointer for item in publishable(made)}
