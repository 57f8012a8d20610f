"""What is written beside the table: its schema, its dialect, the package around it, and a JSON Schema for qsv."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from material import descriptor
from screening.schema import schema

if TYPE_CHECKING:
    from screening.schema import Form
    from screening.variants import Place

NAME = "air-quality"
MOMENT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}$"
KINDS: dict[str, dict[str, Any]] = {
    "datetime": {"type": "string", "pattern": MOMENT},
    "date": {"type": "string", "format": "date"},
}


def write(place: Place, form: Form) -> None:
    """Write all of them."""
    place.table.parent.mkdir(parents=True, exist_ok=True)
    told = {
        place.schema: schema(form),
        place.dialect: form.dialect,
        place.json_schema: json_schema(),
        place.package / "datapackage.json": package(form, place.table.relative_to(place.package).as_posix()),
    }
    for path, value in told.items():
        path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def package(form: Form, path: str) -> dict[str, Any]:
    """A package of the one table, open, so that it can be built."""
    told = {
        "name": NAME,
        "title": "Chất lượng không khí theo giờ",
        "description": "Số liệu tạo ra để đo tốc độ; không phải số liệu quan trắc.",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "keywords": ["không khí"],
    }
    table = {"name": NAME, "title": "Theo giờ", "type": "table", "path": path, "format": "csv", "encoding": "utf-8"}
    return descriptor(told, [{**table, "dialect": form.dialect, "schema": schema(form)}])


def json_schema() -> dict[str, Any]:
    """The schema of a row as JSON Schema: types and constraints, without the key."""
    fields = schema()["fields"]
    needed = [field["name"] for field in fields if field.get("constraints", {}).get("required")]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {field["name"]: _property(field) for field in fields},
        "required": needed,
    }


def _property(field: dict[str, Any]) -> dict[str, Any]:
    rules = dict(field.get("constraints", {}))
    told = {**KINDS.get(field["type"], {"type": field["type"]})}
    if not rules.pop("required", False):
        told["type"] = [told["type"], "null"]
    if "pattern" in rules:  # Table Schema's is for the whole text
        rules["pattern"] = f"^(?:{rules['pattern']})$"
    return {**told, **rules}
