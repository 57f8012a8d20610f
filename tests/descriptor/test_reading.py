from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from descriptor_helpers import FULL, UUID, dataset, full, package

from opendata.descriptor import faults, read, recipe_digest
from opendata.errors import DescriptorError, DiskError
from opendata.model import AccessLevel, ForeignKey

if TYPE_CHECKING:
    from pathlib import Path

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
TABLE = {"name": "t", "path": "t.csv"}


def test_everything_is_read(tmp_path: Path) -> None:
    made = dataset(tmp_path, FULL)
    assert (made.name, made.id, made.title, made.version) == ("pigs", UUID, "Đàn lợn", "1.0.0")
    assert (made.sector, made.level, made.folder) == ("agriculture", AccessLevel.OPEN, tmp_path)
    assert made.descriptor == FULL
    department = made.department
    assert (department.code, department.name, department.agency) == ("H15.05", "Sở Nông nghiệp", True)
    assert (department.email, department.phone) == ("channuoi@example.org", None)
    table = made.resource("pigs")
    assert table is not None
    assert table.schema is not None
    assert (table.paths, table.format, table.encoding, table.tabular) == (("data/pigs.csv",), "csv", "utf-8", True)
    assert table.schema.primary_key == ("unit_id", "year")
    assert table.external_keys == (ForeignKey(("unit_id",), "units", ("unit_id",), "administrative-units"),)
    assert table.schema.fields[2].decimal == (12, 1)


def test_the_descriptor_s_file_can_be_named(tmp_path: Path) -> None:
    package(tmp_path, FULL)
    assert read(tmp_path / "datapackage.json") == read(tmp_path)


def test_a_folder_without_a_descriptor(tmp_path: Path) -> None:
    with pytest.raises(DiskError):
        read(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DiskError):
        read(tmp_path / "no")


def test_an_id_of_its_own_is_kept_in_small_letters(tmp_path: Path) -> None:
    assert dataset(tmp_path, full(id=UUID.upper())).id == UUID


def test_the_id_of_a_foreign_package_is_stable_and_told_from_agency_and_name(tmp_path: Path) -> None:
    made = [
        dataset(tmp_path / "a", {"name": "x", "resources": [TABLE]}),
        dataset(tmp_path / "b", {"name": "x", "id": "some-id", "resources": [TABLE]}),
        dataset(tmp_path / "c", {"name": "y", "resources": [TABLE]}),
        dataset(tmp_path / "d", {"name": "x", "department": {"code": "H15"}, "resources": [TABLE]}),
    ]
    assert all(uuid.UUID(item.id).version == 5 for item in made)
    assert made[0].id == made[1].id
    assert len({item.id for item in made}) == 3
    assert made[0].id == str(uuid.uuid5(uuid.NAMESPACE_URL, "urn:opendata-vn:dataset::x"))


def test_a_package_without_a_name_has_its_folder_s(tmp_path: Path) -> None:
    assert dataset(tmp_path / "folder-name", {"resources": [TABLE]}).name == "folder-name"


@pytest.mark.parametrize(
    "descriptor",
    [
        {"name": "a.b_c/d", "resources": [TABLE]},
        {"profile": "tabular-data-package", "resources": [{**TABLE, "profile": "tabular-data-resource"}]},
        {"profile": "https://specs.frictionlessdata.io/schemas/tabular-data-package.json", "resources": [TABLE]},
        {"profile": "fiscal-data-package", "resources": [TABLE]},
        {"$schema": V2, "name": "Bất kỳ tên nào", "resources": [{**TABLE, "name": "Bảng một"}]},
        {"$schema": "https://example.org/my-profile.json", "resources": [TABLE]},
        {"resources": [{"name": "t", "data": [["a"], [1]]}]},
        {"resources": [{**TABLE, "type": "file", "homepage": "none", "sources": [{"title": "a", "email": ""}]}]},
        {"resources": [TABLE], "keywords": [], "contributors": [{"title": "a", "role": "author"}]},
        {"resources": [TABLE], "sector": "mining", "department": "x", "coverage": 1, "update": [], "translations": 3},
        {"resources": [{**TABLE, "schema": {"fields": [{"name": "a", "type": "any"}]}}]},
        {"resources": [{**TABLE, "schema": {"fields": [{"name": "a", "example": 1, "type": "integer"}]}}]},
        {"resources": [{**TABLE, "path": "./t.csv"}]},
    ],
    ids=lambda item: json.dumps(item, ensure_ascii=False)[:60],
)
def test_packages_made_by_others_are_read_as_they_stand(descriptor: dict[str, Any], tmp_path: Path) -> None:
    made = dataset(tmp_path, descriptor)
    assert made.level is AccessLevel.INTERNAL
    assert len(made.resources) == 1


@pytest.mark.parametrize(
    ("descriptor", "pointer"),
    [
        ({"name": "Bad Name", "resources": [TABLE]}, "/name"),
        ({"resources": [{**TABLE, "name": "Bad Name"}]}, "/resources/0/name"),
        ({"resources": [{"name": "t", "url": "http://example.org/t.csv"}]}, "/resources/0/url"),
        ({"resources": [TABLE], "access": {"level": "opne"}}, "/access/level"),
        ({"resources": [TABLE], "sector": "mining", "access": {"level": "internal"}, "name": "aa"}, "/sector"),
    ],
)
def test_what_is_a_fault_in_any_package(descriptor: dict[str, Any], pointer: str, tmp_path: Path) -> None:
    package(tmp_path, descriptor)
    assert pointer in [item.pointer for item in faults(descriptor, tmp_path)]


def field_package(version: str | None, field: dict[str, Any]) -> dict[str, Any]:
    named = {"$schema": version} if version else {}
    return {**named, "resources": [{**TABLE, "schema": {"fields": [{"name": "a", **field}]}}]}


LATER = [
    ({"type": "integer", "constraints": {"exclusiveMinimum": 1}}, "version 2"),
]


@pytest.mark.parametrize(("field", "said"), LATER)
def test_what_the_second_version_added_needs_it(field: dict[str, Any], said: str, tmp_path: Path) -> None:
    package(tmp_path, field_package(None, field))
    (finding,) = faults(field_package(None, field), tmp_path)
    assert said in finding.message
    assert faults(field_package(V2, field), tmp_path) == ()


def test_labelled_missing_values_need_the_second_version(tmp_path: Path) -> None:
    descriptor = field_package(None, {})
    descriptor["resources"][0]["schema"]["missingValues"] = [{"value": "..", "label": "chưa có"}]
    package(tmp_path, descriptor)
    assert [item.pointer for item in faults(descriptor, tmp_path)] == ["/resources/0/schema/missingValues"]
    made = dataset(tmp_path, {"$schema": V2, **descriptor})
    assert made.resources[0].schema is not None
    assert made.resources[0].schema.missing_values == ("..",)


def test_files_of_schema_and_dialect_are_put_in_place(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"fields": [{"name": "a", "type": "integer"}]}')
    (tmp_path / "d.json").write_text('{"delimiter": ";"}')
    written = {"resources": [{**TABLE, "schema": "s.json", "dialect": "d.json"}]}
    made = dataset(tmp_path, written)
    assert made.descriptor == written
    assert made.resources[0].schema is not None
    assert made.resources[0].schema.fields[0].type == "integer"
    assert made.resources[0].descriptor["dialect"] == {"delimiter": ";"}


def test_faults_of_a_schema_s_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("{")
    (tmp_path / "t.json").write_text('{"fields": [{"name": "a", "type": "jahr"}]}')
    descriptor = {"resources": [{**TABLE, "schema": "s.json"}, {"name": "u", "path": "t.csv", "schema": "t.json"}]}
    package(tmp_path, descriptor)
    messages = {item.pointer: item.message for item in faults(descriptor, tmp_path)}
    assert "s.json: The file is not JSON" in messages["/resources/0/schema"]
    assert "jahr" in messages["/resources/1/schema/fields/0/type"]


def test_a_link_that_leads_out_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n")
    folder = package(tmp_path / "p", {"resources": [{"name": "t", "path": "t.csv"}]})
    (folder / "t.csv").unlink()
    (folder / "t.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(DescriptorError, match="leads out"):
        read(folder)


def test_a_missing_data_file_can_be_let_pass_but_no_path_that_leads_out(tmp_path: Path) -> None:
    package(tmp_path, FULL)
    (tmp_path / "data" / "pigs.csv").unlink()
    with pytest.raises(DescriptorError, match="is not there"):
        read(tmp_path)
    assert read(tmp_path, missing_ok=True).name == "pigs"
    package(tmp_path, {"resources": [{"name": "t", "path": "../t.csv"}]})
    with pytest.raises(DescriptorError, match="leads out"):
        read(tmp_path, missing_ok=True)


def test_several_files_of_one_table(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).touch()
    made = dataset(tmp_path, {"resources": [{"name": "t", "path": ["a.csv", "b.csv"], "extrapaths": ["c.csv"]}]})
    assert made.resources[0].paths == ("a.csv", "b.csv", "c.csv")


@pytest.mark.parametrize(
    ("resource", "form", "tabular"),
    [
        ({"path": "a.csv"}, "csv", True),
        ({"path": "a.CSV.gz"}, "csv", True),
        ({"path": "a.xlsx"}, "xlsx", True),
        ({"path": "a.txt", "format": "CSV"}, "csv", True),
        ({"path": "a.pdf"}, "pdf", False),
        ({"path": "a.json"}, "json", False),
        ({"path": "a.json", "schema": {"fields": [{"name": "a"}]}}, "json", True),
        ({"path": "a.pdf", "type": "table"}, "pdf", True),
        ({"path": "a.csv", "type": "file"}, "csv", False),
        ({"path": "a", "profile": "tabular-data-resource"}, "csv", True),
        ({"data": [["a"], ["1"]]}, "csv", True),
    ],
)
def test_what_is_a_table_and_in_which_format(
    resource: dict[str, Any],
    form: str,
    tabular: bool,  # noqa: FBT001 - a column of the cases
    tmp_path: Path,
) -> None:
    made = dataset(tmp_path, {"resources": [{"name": "t", **resource}]}).resources[0]
    assert (made.format, made.tabular) == (form, tabular)


def test_the_origin_is_read(tmp_path: Path) -> None:
    descriptor = full()
    recipe = [{"step": "skip", "rows": [1]}]
    digest = recipe_digest(recipe)
    descriptor["resources"][0]["origin"] = {
        "path": "source/x.xlsx", "sheet": "Biểu 1", "recipe": recipe, "recipeDigest": digest
    }  # fmt: skip
    origin = dataset(tmp_path, descriptor).resources[0].origin
    assert origin is not None
    assert (origin.path, origin.sheet, origin.recipe) == ("source/x.xlsx", "Biểu 1", tuple(recipe))
    assert (origin.source_digest, origin.recipe_digest) == (None, digest)


def test_a_recipe_s_digest_follows_its_steps_and_their_order() -> None:
    one, two = {"step": "skip", "rows": [1]}, {"step": "sort", "by": ["a"]}
    digests = {recipe_digest(steps) for steps in ([one, two], [two, one], [one], [])}
    assert len(digests) == 4
    assert all(digest.startswith("sha256:") for digest in digests)


@pytest.mark.parametrize("value", ["counts", {"kind": "counts", "threshold": 5}])
def test_disclosure_in_both_forms(value: Any, tmp_path: Path) -> None:  # noqa: ANN401 - JSON of any shape
    descriptor = full()
    descriptor["resources"][0]["disclosure"] = value
    assert dataset(tmp_path, descriptor).resources[0].disclosure == "counts"


def test_an_owner_that_is_no_agency(tmp_path: Path) -> None:
    made = dataset(tmp_path, full(department={"name": "Dự án", "agency": False, "contact": {"phone": "024"}}))
    assert (made.department.agency, made.department.phone, made.department.code) == (False, "024", None)
