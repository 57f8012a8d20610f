"""Small packages written to disk, as an officer would have them."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json, JsonValue

ROWS = "river,level_cm\nSông Đà,120\nSông Mã,95\n"
OPEN: Json = {"level": "open", "reviewedBy": "Trần Thị B", "reviewedOn": "2026-01-05", "reason": "No person is in it."}
FIELDS: list[Json] = [
    {"name": "river", "type": "string", "title": "Sông"},
    {"name": "level_cm", "type": "integer", "title": "Mực nước", "unit": "cm"},
]


def package(
    folder: Path,
    name: str = "river-levels",
    *,
    access: Json | None = OPEN,
    rows: str = ROWS,
    fields: list[Json] = FIELDS,
    resource: Json | None = None,
    **changes: JsonValue,
) -> Path:
    """Write the package `name` into `folder`/`name`; `access` None declares no level. Returns its folder."""
    descriptor: dict[str, JsonValue] = {
        "$schema": "urn:opendata-vn:profile:1.0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "name": name,
        "title": "Mực nước sông Đà",
        "description": "Mực nước đo tại trạm.",
        "version": "1.0.0",
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "sector": "environment",
        "department": {"name": "Sở Nông nghiệp và Môi trường", "contact": {"email": "du-lieu@example.vn"}},
        "translations": {"en": {"title": "Levels of the Da river"}},
        "resources": [
            {
                "name": "levels",
                "type": "table",
                "path": "data/levels.csv",
                "format": "csv",
                "encoding": "utf-8",
                "schema": {"fields": fields},
                **(resource or {}),
            }
        ],
        **changes,
    }
    if access is not None:
        descriptor["access"] = access
    place = folder / name
    (place / "data").mkdir(parents=True)
    (place / "data" / "levels.csv").write_text(rows, encoding="utf-8", newline="")
    (place / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    return place


def change(place: Path, **changes: JsonValue) -> None:
    """Change properties of a package's descriptor; None removes one."""
    path = place / "datapackage.json"
    descriptor = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    kept = {key: value for key, value in descriptor.items() if value is not None}
    path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
