"""A department's package from its files to what is published, and what is told where a table of it is wrong."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest
from package_helpers import field, nowhere, package, schema, tree

from opendata import package as room
from opendata.errors import CheckError
from opendata.model import AccessLevel, BuiltPackage, Json, as_list, as_object
from opendata.package.default_form import default_schema
from opendata.schema import finding_to_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from opendata.model import JsonValue

OPEN = AccessLevel.OPEN
UNITS: Json = {
    "schema": {
        "fields": [
            {"name": "unit_id", "title": "Mã tỉnh", "type": "string", "constraints": {"pattern": "[0-9]{2}"}},
            {"name": "name", "title": "Tên", "type": "string", "constraints": {"required": True}},
        ],
        "primaryKey": ["unit_id"],
    }
}
HARVEST: Json = {
    "title": "Thu hoạch",
    "schema": {
        "missingValues": ["", ".."],
        "fields": [
            {"name": "unit_id", "title": "Mã tỉnh", "type": "string"},
            {"name": "day", "title": "Ngày", "type": "date", "format": "%d/%m/%Y"},
            {
                "name": "yield",
                "title": "Năng suất",
                "type": "number",
                "unit": "tạ/ha",
                "decimalChar": ",",
                "groupChar": ".",
                "constraints": {"minimum": "0,5", "maximum": "1.500"},
            },
            {"name": "done", "title": "Xong", "type": "boolean", "trueValues": ["có"], "falseValues": ["không"]},
            {"name": "farms", "title": "Số hộ", "type": "integer", "constraints": {"minimum": 0}},
        ],
        "primaryKey": ["unit_id", "day"],
        "foreignKeys": [{"fields": ["unit_id"], "reference": {"resource": "units", "fields": ["unit_id"]}}],
    },
}
UNITS_CSV = "unit_id,name\n66,Đắk Lắk\n01,Hà Nội\n"
HARVEST_CSV = (
    "unit_id,day,yield,done,farms\n"
    '66,30/04/2016,"1.234,50",có,007\n'
    "01,1/5/2016,..,không,..\n"
    '01,30/04/2016,"0,5",..,12\n'
)
WRONG_CSV = (
    "unit_id,day,yield,done,farms\n"
    '66,31/04/2016,"1.234,50",có,7\n'
    "79,01/05/2016,..,yes,-1\n"
    '01,30/04/2016,"0,4",không,12\n'
    "01,30/04/2016,2,không,1 hộ\n"
    "01,02/05/2016\n"
)


def tables(harvest: str = HARVEST_CSV, units: str = UNITS_CSV) -> Mapping[str, tuple[Json, str]]:
    return {"harvest": (HARVEST, harvest), "units": (UNITS, units)}


def built(folder: Path, given: Mapping[str, tuple[Json, str]], **more: JsonValue) -> BuiltPackage:
    return room.build(package(folder / "source", given, **more), OPEN, nowhere, folder / "cache")


def resource(made: BuiltPackage, name: str) -> Json:
    return next(item for item in map(as_object, as_list(made.descriptor["resources"])) if item["name"] == name)


def test_a_table_written_the_vietnamese_way_is_published_in_the_default_one(tmp_path: Path) -> None:
    made = built(tmp_path, tables())
    contents = {file.path: file.source for file in made.files}
    assert list(contents) == ["harvest.csv", "harvest.parquet", "units.csv", "units.parquet"]
    assert contents["units.csv"].read_text(encoding="utf-8") == UNITS_CSV
    assert contents["harvest.csv"].read_text(encoding="utf-8") == (
        "unit_id,day,yield,done,farms\n66,2016-04-30,1234.50,true,007\n01,2016-05-01,,false,\n01,2016-04-30,0.5,,12\n"
    )
    values = pq.read_table(contents["harvest.parquet"]).to_pydict()
    assert [str(day) for day in values["day"]] == ["2016-04-30", "2016-05-01", "2016-04-30"]
    assert (values["yield"], values["done"], values["farms"]) == (
        [1234.5, None, 0.5], [True, False, None], [7, None, 12],
    )  # fmt: skip


def test_the_published_schema_says_how_the_published_cells_are_written(tmp_path: Path) -> None:
    made = resource(built(tmp_path, tables()), "harvest")
    declared = as_object(made["schema"])
    assert "missingValues" not in declared
    fields = {str(as_object(item)["name"]): as_object(item) for item in as_list(declared["fields"])}
    assert fields["yield"] == {
        "name": "yield", "title": "Năng suất", "type": "number", "unit": "tạ/ha",
        "constraints": {"minimum": "0.5", "maximum": "1500"},
    }  # fmt: skip
    assert fields["day"] == {"name": "day", "title": "Ngày", "type": "date"}
    assert fields["done"] == {"name": "done", "title": "Xong", "type": "boolean"}
    assert declared["primaryKey"] == ["unit_id", "day"]
    assert made["encoding"] == "utf-8"
    assert as_object(made["dialect"])["doubleQuote"] is True
    assert (made["rows"], made["title"]) == (3, "Thu hoạch")


def test_the_statistics_are_of_what_is_published(tmp_path: Path) -> None:
    assert resource(built(tmp_path, tables()), "harvest")["statistics"] == {
        "unit_id": {"count": 3, "missing": 0, "distinct": 2},
        "day": {"count": 3, "missing": 0, "min": "2016-04-30", "max": "2016-05-01", "distinct": 2},
        "yield": {"count": 2, "missing": 1, "min": 0.5, "max": 1234.5, "distinct": 2},
        "done": {"count": 2, "missing": 1, "distinct": 2},
        "farms": {"count": 2, "missing": 1, "min": 7, "max": 12, "distinct": 2},
    }


def test_every_fault_of_a_table_is_told_with_its_cell_and_what_to_write(tmp_path: Path) -> None:
    report = room.check(package(tmp_path, tables(WRONG_CSV)), nowhere)
    twice = "Remove the row that is there twice, or correct the value that tells the rows apart."
    short = "Add the missing cells; an empty cell needs its separator too."
    told = [finding_to_json(finding) for finding in report.findings]
    assert {item["path"] for item in told} == {"data/harvest.csv"}
    shown = ("code", "row", "column", "cell", "message", "remedy")
    assert [tuple(item[key] for key in shown) for item in told] == [
        (
            "type-error", 2, 2, "31/04/2016", '"31/04/2016" in Ngày (day) is not a date written as the schema asks.',
            "Write it as 31/12/2024, or leave the cell empty if the value is not known.",
        ),
        (
            "type-error", 3, 4, "yes", '"yes" in Xong (done) is neither yes nor no as the schema writes them.',
            "Write one of: có, không.",
        ),
        ("constraint-error", 3, 5, "-1", '"-1" in Số hộ (farms) is less than 0.', "Write a value of at least 0."),
        (
            "foreign-key", 3, None, None,
            '"79" is not found in the table units, which Mã tỉnh (unit_id) must agree with.',
            "Correct the value, or add it to the table that it points to.",
        ),
        (
            "constraint-error", 4, 3, "0,4", '"0,4" in Năng suất (yield) is less than 0,5.',
            "Write a value of at least 0,5.",
        ),
        (
            "type-error", 5, 5, "1 hộ", '"1 hộ" in Số hộ (farms) is not a whole number.',
            "Write digits only: no separator of thousands, no unit, no note.",
        ),
        ("primary-key", 5, None, None, "The row repeats the key of row 4: Mã tỉnh (unit_id), Ngày (day).", twice),
        ("missing-cell", 6, 3, None, "The row is too short: it has no cell for Năng suất (yield).", short),
        ("missing-cell", 6, 4, None, "The row is too short: it has no cell for Xong (done).", short),
        ("missing-cell", 6, 5, None, "The row is too short: it has no cell for Số hộ (farms).", short),
    ]  # fmt: skip
    assert (report.rows, report.complete) == (7, True)


def test_a_build_tells_of_every_table_and_of_the_one_that_is_gone(tmp_path: Path) -> None:
    given = {**tables(WRONG_CSV, "unit_id,name\n66,\n01,Hà Nội\n"), "gone": (UNITS, "")}
    dataset = package(tmp_path / "source", given)
    (tmp_path / "source" / "data" / "gone.csv").unlink()
    with pytest.raises(CheckError) as fault:
        room.build(dataset, OPEN, nowhere, tmp_path / "cache")
    findings = fault.value.report.findings
    assert [finding.code for finding in findings][:1] == ["source-error"]
    assert {finding.place.path for finding in findings} == {"data/gone.csv", "data/harvest.csv", "data/units.csv"}
    assert fault.value.what == f"Findings in the package paddy-by-province: {len(findings)}."
    assert fault.value.where == str(tmp_path / "source")
    assert fault.value.remedy == f'Run: opendata check "{tmp_path / "source"}"'
    assert room.check(dataset, nowhere).findings == findings
    assert not (tmp_path / "cache").exists()


def test_a_key_into_a_withheld_table_is_checked_and_that_table_not_published(tmp_path: Path) -> None:
    hidden = {**UNITS, "access": {"level": "internal"}}
    made = built(tmp_path / "a", {"harvest": (HARVEST, HARVEST_CSV), "units": (hidden, UNITS_CSV)})
    assert {file.resource for file in made.files} == {"harvest"}
    assert "foreignKeys" not in as_object(resource(made, "harvest")["schema"])
    for content in tree(tmp_path / "a" / "cache").values():
        assert "Đắk Lắk".encode() not in content
        assert b"units" not in content
    with pytest.raises(CheckError) as fault:
        built(tmp_path / "b", {"harvest": (HARVEST, HARVEST_CSV), "units": (hidden, "unit_id,name\n01,Hà Nội\n")})
    assert [(f.code, f.place.row) for f in fault.value.report.findings] == [("foreign-key", 2)]


def test_the_sources_of_a_table_go_before_those_of_its_package(tmp_path: Path) -> None:
    own = {**UNITS, "sources": [{"title": "Tổng cục Thống kê"}, {"path": "https://example.org/"}]}
    made = built(tmp_path, {"harvest": (HARVEST, HARVEST_CSV), "units": (own, UNITS_CSV)}, sources=[{"title": "Sở"}])
    assert resource(made, "units")["lineage"] == {"derivedFrom": ["Tổng cục Thống kê"]}
    assert resource(made, "harvest")["lineage"] == {"derivedFrom": ["Sở"]}


def test_no_source_and_no_version_leave_no_trace(tmp_path: Path) -> None:
    dataset = package(tmp_path / "source", tables())
    path = tmp_path / "source" / "datapackage.json"
    said = {key: value for key, value in json.loads(path.read_bytes()).items() if key not in {"sources", "version"}}
    path.write_text(json.dumps(said), encoding="utf-8")
    from opendata.descriptor import read

    made = room.build(read(dataset.folder), OPEN, nowhere, tmp_path / "cache")
    assert "opendata_version" not in made.descriptor
    assert "lineage" not in resource(made, "units")
    parquet = pq.read_schema(made.files[1].source).metadata or {}
    assert b"version" not in parquet
    assert json.loads(parquet[b"licenses"]) == made.descriptor["licenses"]
    assert parquet[b"title"].decode() == "Thu hoạch"


@pytest.mark.parametrize(("level", "steps"), [("open", ["skip", "rename"]), ("internal", None)])
def test_the_steps_of_a_recipe_are_told_once_and_not_where_one_could_be_of_a_withheld_column(
    tmp_path: Path, level: str, steps: list[str] | None
) -> None:
    from opendata.sources import origin_digests

    fields: list[JsonValue] = [
        {"name": "unit_id", "type": "string"},
        {"name": "name", "type": "string", "access": {"level": level}},
    ]
    recipe: list[JsonValue] = [
        {"step": "skip", "rows": [8]},
        {"step": "rename", "fields": {"ten": "name"}},
        {"step": "skip", "rows": [9]},
    ]
    origin: Json = {"path": "source.csv", "recipe": recipe}
    table: Json = {"schema": {"fields": fields}, "origin": origin}
    dataset = package(tmp_path / "source", {"units": (table, UNITS_CSV)})
    (tmp_path / "source" / "source.csv").write_text(UNITS_CSV.replace("name", "ten"), encoding="utf-8")
    found = dataset.resources[0].origin
    assert found is not None
    source, digest = origin_digests(dataset.folder, found)
    fresh: Json = {**table, "origin": {**origin, "sourceDigest": source, "recipeDigest": digest}}
    lineage = as_object(resource(built(tmp_path, {"units": (fresh, UNITS_CSV)}), "units")["lineage"])
    assert lineage.get("steps") == steps


def test_only_what_is_shown_is_brought_to_the_default_form() -> None:
    source = schema([field("a", {"type": "number", "decimalChar": ","}), field("secret", {"type": "string"})])
    shown: Json = {
        "fields": [{"name": "a", "type": "number", "decimalChar": ",", "title": "A"}],
        "missingValues": ["-"],
    }
    assert default_schema(shown, source) == {"fields": [{"name": "a", "type": "number", "title": "A"}]}
