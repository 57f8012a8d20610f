"""What the tests of shipped packages share: reading them back, and the rules that every one of them keeps."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, TypeAlias

ROOT = Path(__file__).parent.parent
PACKAGES = ROOT / "datapackages"
SCHEMAS = ROOT / "schemas"

Rows: TypeAlias = list[dict[str, str]]
SCHEMA_KEYS = ("fields", "primaryKey", "uniqueKeys", "foreignKeys", "missingValues")


def load(path: Path) -> Any:  # noqa: ANN401 - JSON as it stands, for tests to look into
    """The JSON of a file."""
    return json.loads(path.read_text(encoding="utf-8"))


def descriptor(package: str) -> Any:  # noqa: ANN401 - JSON as it stands, for tests to look into
    """The datapackage.json of a shipped package, named by sector and name."""
    return load(PACKAGES / package / "datapackage.json")


def shipped(package: str, resource: str) -> Rows:
    """The rows of a shipped table, as text."""
    with (PACKAGES / package / "data" / f"{resource}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def keyed(rows: Rows, *fields: str) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows by their key; fails where two rows have one key."""
    found = {tuple(row[name] for name in fields): row for row in rows}
    assert len(found) == len(rows)
    return found


def text(rows: Rows) -> str:
    """The rows as CSV in the project's form: LF, quotes only where needed, missing values empty."""
    import io

    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def assert_holds(package: str, resource: str, *figures: tuple[dict[str, str], dict[str, str]]) -> None:
    """The table has one row where `figures` say, with the figures they say: read from the source by eye."""
    rows = shipped(package, resource)
    for place, expected in figures:
        found = [row for row in rows if place.items() <= row.items()]
        assert [{name: row[name] for name in expected} for row in found] == [expected]


def assert_recomputed(package: str, tables: dict[str, Rows]) -> None:
    """The package ships exactly these tables, each to the byte."""
    folder = PACKAGES / package / "data"
    assert sorted(tables) == sorted(path.stem for path in folder.iterdir())
    for name, rows in tables.items():
        # Compared as sets first, so that a failure names the rows that differ.
        ours, source = ({tuple(row.items()) for row in table} for table in (shipped(package, name), rows))
        assert ours - source == set()
        assert source - ours == set()
        assert (folder / f"{name}.csv").read_bytes() == text(rows).encode()


def assert_keys(package: str) -> None:
    """Primary keys are there and unique, rows lie in their order; keys into this and other packages resolve."""
    for resource in descriptor(package)["resources"]:
        rows, schema = shipped(package, resource["name"]), resource["schema"]
        key = schema["primaryKey"]
        keyed(rows, *key)
        assert all(row[name] for row in rows for name in key)
        kinds = {field["name"]: field["type"] for field in schema["fields"]}
        order = [[int(row[n]) if kinds[n] in {"integer", "year"} else row[n] for n in key] for row in rows]
        assert order == sorted(order)
        for foreign in (*schema.get("foreignKeys", ()), *resource.get("externalKeys", ())):
            assert_resolves(package, rows, foreign)


def assert_resolves(package: str, rows: Rows, foreign: Any) -> None:  # noqa: ANN401 - JSON as it stands
    """Each key of `rows` is found in the table that `foreign` names; an empty cell asks for nothing."""
    reference = foreign["reference"]
    home = package
    if "package" in reference:
        home = str(next(PACKAGES.glob(f"*/{reference['package']}")).relative_to(PACKAGES))
    table = shipped(home, reference["resource"]) if "resource" in reference else rows
    known = {tuple(row[name] for name in reference["fields"]) for row in table}
    asked = {tuple(row[name] for name in foreign["fields"]) for row in rows}
    assert {key for key in asked if all(key)} <= known


def outside_their_time(rows: Rows) -> set[tuple[str, int]]:
    """The provinces and years of those rows whose province did not exist on any day of the year."""
    periods = {
        unit["unit_id"]: (int(unit["valid_from"][:4] or 0), int(unit["valid_to"][:4] or 9999))
        for unit in shipped("reference/administrative-units", "units")
    }
    asked = {(row["unit_id"], int(row["year"])) for row in rows}
    return {(unit, year) for unit, year in asked if not periods[unit][0] <= year <= periods[unit][1]}


def assert_sector_schema(package: str) -> None:
    """Each table's inline schema is its sector's, and its code lists are the sector's too."""
    for resource in descriptor(package)["resources"]:
        schema = resource["schema"]
        name, _, version = schema["conformsTo"].partition("@")
        sector = load(SCHEMAS / f"{name}.json")
        assert sector["version"] == version
        assert {key: schema.get(key) for key in SCHEMA_KEYS} == {key: sector.get(key) for key in SCHEMA_KEYS}
        for field in schema["fields"]:
            assert_code_list(field)


def assert_code_list(field: Any) -> None:  # noqa: ANN401 - JSON as it stands
    """A field with a code list allows its codes, all and only, under its labels."""
    if "codelist" in field:
        codes = load(SCHEMAS / "codelists" / f"{field['codelist']}.json")["codes"]
        assert field["constraints"]["enum"] == [code["code"] for code in codes]
        assert field["categories"] == [
            {
                "value": code["code"],
                "label": code["title"],
                "translations": {"en": {"label": code["translations"]["en"]["title"]}},
            }
            for code in codes
        ]
    else:
        assert "enum" not in field.get("constraints", {})


def assert_told(package: str) -> None:
    """Title, description and every field are in Vietnamese, with English beside; the data's form is the project's."""
    package_json = descriptor(package)
    for item in (package_json, *package_json["resources"]):
        assert item["title"]
        assert len(item["description"]) > 40
        assert item["translations"]["en"]["title"]
        assert len(item["translations"]["en"]["description"]) > 40
    for resource in package_json["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["title"]
            assert field["translations"]["en"]["title"]
        content = (PACKAGES / package / resource["path"]).read_bytes()
        assert not content.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in content
        assert content.endswith(b"\n")


def assert_stock_valid(package: str) -> None:
    """A frictionless that knows nothing of the project calls the package valid."""
    from frictionless import Package

    report = Package(str(PACKAGES / package / "datapackage.json")).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldName", "type", "note"])[:5]
