from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from descriptor_helpers import FULL, REVIEWED, UUID, dataset, fields, full

from opendata.edition import outline
from opendata.model import AccessLevel, Json, as_list, as_object

if TYPE_CHECKING:
    from pathlib import Path

OPEN, SHARED = AccessLevel.OPEN, AccessLevel.SHARED


def table(descriptor: Json, number: int = 0) -> Json:
    return as_object(as_list(descriptor["resources"])[number])


def names(descriptor: Json, number: int = 0) -> list[object]:
    schema = as_object(table(descriptor, number)["schema"])
    return [as_object(field)["name"] for field in as_list(schema["fields"])]


def two_tables() -> dict[str, Any]:
    """Pigs, and farms that pigs points to by year."""
    descriptor = full()
    farms = {
        "name": "farms",
        "path": "data/farms.csv",
        "schema": {
            "fields": [{"name": "year", "type": "year"}, {"name": "farms"}],
            "uniqueKeys": [["year"], ["farms"]],
        },
    }
    descriptor["resources"].append(farms)
    descriptor["resources"][0]["schema"]["foreignKeys"] = [
        {"fields": "year", "reference": {"resource": "farms", "fields": "year"}},
        {"fields": ["unit_id"], "reference": {"resource": "", "fields": ["unit_id"]}},
    ]
    return descriptor


def test_a_key_into_what_may_not_be_seen_is_not_told(tmp_path: Path) -> None:
    for made in (outline(dataset(tmp_path, FULL), OPEN), outline(dataset(tmp_path, FULL), OPEN, lambda _key: False)):
        assert "externalKeys" not in made.descriptor["resources"][0]


def test_what_an_open_edition_s_descriptor_says(tmp_path: Path) -> None:
    made = outline(dataset(tmp_path, FULL), OPEN, lambda _key: True)
    assert (made.name, made.level, made.withheld) == ("pigs", OPEN, ())
    assert (made.cuts[0].fields, made.cuts[0].sorted) == (("unit_id", "year", "pigs"), False)
    assert made.descriptor == {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "pigs",
        "id": UUID,
        "title": "Đàn lợn",
        "description": "Đàn lợn theo tỉnh",
        "version": "1.0.0",
        "sector": "agriculture",
        "licenses": FULL["licenses"],
        "translations": FULL["translations"],
        "department": FULL["department"],
        "coverage": FULL["coverage"],
        "update": FULL["update"],
        "access": {"level": "open"},
        "resources": [
            {
                "$schema": "https://datapackage.org/profiles/2.0/dataresource.json",
                "name": "pigs",
                "path": "pigs.csv",
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "externalKeys": FULL["resources"][0]["externalKeys"],
                "schema": {
                    "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
                    "fields": fields(FULL),
                    "primaryKey": ["unit_id", "year"],
                },
            }
        ],
    }


def test_what_is_for_the_owner_alone_is_not_copied(tmp_path: Path) -> None:
    descriptor = full(
        access={**REVIEWED, "importance": "core"},
        sources=[{"title": "Niên giám", "path": "source/nien-giam.xlsx", "email": "ong.a@example.org", "version": "2"}],
        contributors=[{"title": "Ông A", "email": "ong.a@example.org", "roles": ["author"], "hidden": "x"}],
        hidden={"a": 1},
        homepage="javascript:alert(1)",
    )
    descriptor["department"]["hidden"] = "x"
    table_ = descriptor["resources"][0]
    table_ |= {
        "origin": {"path": "source/nien-giam.xlsx", "sourceDigest": "sha256:" + "0" * 64, "recipe": [{"step": "skip"}]},
        "bytes": 7,
        "hash": "sha256:" + "1" * 64,
        "statistics": {"pigs": {"max": 9}},
        "disclosure": "none",
        "dialect": {"delimiter": ";"},
    }
    fields(descriptor)[2] |= {"personal": "none", "hidden": "x", "access": {"level": "open"}}
    made = outline(dataset(tmp_path, descriptor), OPEN).descriptor
    text = str(made)
    for word in (
        "secret",
        "nien-giam",
        "ong.a",
        "Nguyễn Văn A",
        "reason",
        "2026-01-31",
        "core",
        "data/pigs",
        "javascript",
    ):
        assert word not in text
    assert made["sources"] == [{"title": "Niên giám", "version": "2"}]
    assert made["contributors"] == [{"title": "Ông A", "roles": ["author"]}]
    assert not {"origin", "bytes", "hash", "statistics", "disclosure", "dialect", "access"} & table(made).keys()
    assert as_list(as_object(table(made)["schema"])["fields"])[2] == fields(FULL)[2]


def test_a_withheld_field_takes_its_keys_with_it_and_its_sector_schema(tmp_path: Path) -> None:
    descriptor = two_tables()
    descriptor["resources"][0]["schema"] |= {
        "conformsTo": "agriculture/pigs@1.0",
        "uniqueKeys": [["unit_id"], ["pigs"]],
    }
    whole = outline(dataset(tmp_path / "whole", descriptor), OPEN).descriptor
    schema = as_object(table(whole)["schema"])
    assert schema["conformsTo"] == "agriculture/pigs@1.0"
    assert [as_object(key)["fields"] for key in as_list(schema["foreignKeys"])] == [["year"], ["unit_id"]]
    fields(descriptor)[0]["access"] = {"level": "internal"}
    made = outline(dataset(tmp_path / "less", descriptor), OPEN)
    schema = as_object(table(made.descriptor)["schema"])
    assert names(made.descriptor) == ["year", "pigs"]
    assert schema.keys() == {"$schema", "fields", "foreignKeys", "uniqueKeys"}
    assert schema["uniqueKeys"] == [["pigs"]]
    assert [as_object(key)["fields"] for key in as_list(schema["foreignKeys"])] == [["year"]]
    assert "externalKeys" not in table(made.descriptor)
    assert "unit_id" not in str(made.descriptor)
    assert [cut.sorted for cut in made.cuts] == [True, False]


def test_a_key_into_a_withheld_table_or_field_goes(tmp_path: Path) -> None:
    descriptor = two_tables()
    fields(descriptor, 1)[0]["access"] = {"level": "shared"}
    made = outline(dataset(tmp_path / "field", descriptor), OPEN).descriptor
    assert [as_object(key)["fields"] for key in as_list(as_object(table(made)["schema"])["foreignKeys"])] == [
        ["unit_id"]
    ]
    descriptor["resources"][1]["access"] = {"level": "shared"}
    del fields(descriptor, 1)[0]["access"]
    made = outline(dataset(tmp_path / "table", descriptor), OPEN).descriptor
    assert "farms" not in str(made)
    shared = outline(dataset(tmp_path / "shared", descriptor), SHARED).descriptor
    assert len(as_list(as_object(table(shared)["schema"])["foreignKeys"])) == 2


@pytest.mark.parametrize(
    ("changes", "count", "told"),
    [
        ([{}, {}, {}], None, 0),
        ([{}, {"access": {"level": "internal"}}, {}], 1, 1),
        ([{}, {"access": {"level": "closed"}}, {}], None, 1),
        ([{}, {"access": {"level": "closed"}}, {"access": {"level": "shared"}}], 1, 2),
        ([{}, {"personal": "basic"}, {"disclosure": "drop"}], 2, 2),
        ([{}, {"personal": "basic", "access": {"level": "closed"}}, {}], None, 1),
    ],
)
def test_how_many_fields_are_withheld_is_told_without_the_closed(
    changes: list[dict[str, Any]], count: int | None, told: int, tmp_path: Path
) -> None:
    descriptor = full()
    for field, change in zip(fields(descriptor), changes, strict=True):
        field.update(change)
    made = outline(dataset(tmp_path, descriptor), OPEN)
    assert made.descriptor.get("withheldFields") == count
    assert len(made.withheld) == told


def test_a_shared_edition_shows_personal_fields_and_counts_nothing(tmp_path: Path) -> None:
    descriptor = full()
    fields(descriptor)[1]["personal"] = "quasi"
    fields(descriptor)[2]["access"] = {"level": "internal"}
    made = outline(dataset(tmp_path, descriptor), SHARED)
    assert names(made.descriptor) == ["unit_id", "year"]
    assert made.descriptor["access"] == {"level": "shared"}
    assert "withheldFields" not in made.descriptor
    assert "personal" not in str(made.descriptor)


def test_the_owner_is_told_what_is_withheld_and_why(tmp_path: Path) -> None:
    descriptor = two_tables()
    descriptor["resources"][1]["access"] = {"level": "closed"}
    descriptor["resources"].append({"name": "note", "path": "note.pdf"})
    fields(descriptor)[1]["personal"] = "basic"
    fields(descriptor)[2]["disclosure"] = "drop"
    made = outline(dataset(tmp_path, descriptor), OPEN)
    assert [(item.resource, item.field, item.level.value, item.reason) for item in made.withheld] == [
        ("pigs", "year", "open", "It is declared as personal data (basic)."),
        ("pigs", "pigs", "open", "It is declared to be dropped from what is published."),
        ("farms", None, "closed", "Its level is closed."),
        ("note", None, "open", "It is no table."),
    ]
    assert [cut.resource.name for cut in made.cuts] == ["pigs"]


def test_a_table_of_which_every_field_is_withheld_is_withheld(tmp_path: Path) -> None:
    descriptor = two_tables()
    for field in fields(descriptor, 1):
        field["access"] = {"level": "shared"}
    made = outline(dataset(tmp_path, descriptor), OPEN)
    assert [cut.resource.name for cut in made.cuts] == ["pigs"]
    assert made.withheld[-1].field is None
    assert "farms" not in str(made.descriptor)


def test_how_the_source_writes_goes_along_for_the_build_and_matching_by_name_does_not(tmp_path: Path) -> None:
    descriptor = full()
    descriptor["resources"][0]["schema"] |= {
        "fieldsMatch": "subset",
        "missingValues": [{"value": "..", "label": "chưa có"}],
    }
    fields(descriptor)[2] |= {
        "decimalChar": ",",
        "missingValues": ["-"],
        "constraints": {"minimum": "0,5", "odd": None},
    }
    fields(descriptor)[2]["constraints"].pop("odd")
    schema = as_object(table(outline(dataset(tmp_path, descriptor), OPEN).descriptor)["schema"])
    field = as_object(as_list(schema["fields"])[2])
    assert "fieldsMatch" not in schema
    assert schema["missingValues"] == [{"value": "..", "label": "chưa có"}]
    assert (field["decimalChar"], field["missingValues"]) == (",", ["-"])
    assert field["constraints"] == {"minimum": "0,5"}


def test_the_outline_does_not_touch_the_dataset(tmp_path: Path) -> None:
    descriptor = two_tables()
    made = dataset(tmp_path, descriptor)
    before = copy.deepcopy(made.descriptor)
    outline(made, OPEN)
    assert made.descriptor == before


def test_published_descriptors_are_valid_for_frictionless(tmp_path: Path) -> None:
    import frictionless

    descriptor = two_tables()
    fields(descriptor)[2]["access"] = {"level": "internal"}
    made = outline(dataset(tmp_path, descriptor), OPEN).descriptor
    package = frictionless.Package.from_descriptor(copy.deepcopy(dict(made)))
    assert [resource.name for resource in package.resources] == ["pigs", "farms"]


def test_titles_and_names_come_along_in_other_languages_and_nothing_beside_them(tmp_path: Path) -> None:
    title = {"vi": {"title": "Phạm vi công cộng"}}
    beside = {
        "vi": {**title["vi"], "email": "secret", "keywords": ["secret"], "name": "secret"},
        "en": {"path": "secret"},
    }
    name = {"en": {"name": "Department of Agriculture"}}
    descriptor = full(
        licenses=[{"name": "other-pd", "title": "Public domain", "translations": beside}],
        sources=[{"title": "Public domain", "translations": beside}],
        contributors=[{"title": "Public domain", "translations": beside}],
        department={
            "name": "Sở Nông nghiệp",
            "contact": {
                "name": "Phòng",
                "email": "a@b.vn",
                "translations": {"en": {"name": "Office", "email": "secret"}},
            },
            "translations": {"en": {**name["en"], "title": "secret"}},
        },
    )
    descriptor["resources"][0]["licenses"] = [{"name": "other-pd", "translations": beside}]
    made = outline(dataset(tmp_path, descriptor), OPEN).descriptor
    assert made["licenses"] == [{"name": "other-pd", "title": "Public domain", "translations": title}]
    assert made["sources"] == made["contributors"] == [{"title": "Public domain", "translations": title}]
    assert table(made)["licenses"] == [{"name": "other-pd", "translations": title}]
    contact = {"name": "Phòng", "email": "a@b.vn", "translations": {"en": {"name": "Office"}}}
    assert made["department"] == {"name": "Sở Nông nghiệp", "contact": contact, "translations": name}
    assert "secret" not in str(made)


def test_labels_of_codes_come_along_in_other_languages(tmp_path: Path) -> None:
    descriptor = full()
    label = {"value": "66", "label": "Đắk Lắk", "translations": {"en": {"label": "Dak Lak"}}}
    fields(descriptor)[0]["categories"] = [{**label, "hidden": "x"}]
    made = outline(dataset(tmp_path, descriptor), OPEN).descriptor
    assert as_object(as_list(as_object(table(made)["schema"])["fields"])[0])["categories"] == [label]


def test_a_key_into_its_own_table_names_no_table(tmp_path: Path) -> None:
    made = outline(dataset(tmp_path, two_tables()), OPEN).descriptor
    keys = [as_object(key) for key in as_list(as_object(table(made)["schema"])["foreignKeys"])]
    assert keys[1] == {"fields": ["unit_id"], "reference": {"fields": ["unit_id"]}}
