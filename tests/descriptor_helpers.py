"""Descriptors for tests: a small one that has everything, and folders that hold them."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from opendata.descriptor import read

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Dataset, Json

UUID = "0b0f3a4e-5f6c-4f0e-9a75-2f7b1f3c9d10"

REVIEWED: dict[str, Any] = {
    "level": "open",
    "reviewedBy": "Nguyễn Văn A, Sở Nông nghiệp",
    "reviewedOn": "2026-01-31",
    "reason": "Số liệu thống kê, không có cá nhân",
}

FULL: dict[str, Any] = {
    "$schema": "urn:opendata-vn:profile:1.0",
    "id": UUID,
    "name": "pigs",
    "title": "Đàn lợn",
    "description": "Đàn lợn theo tỉnh",
    "version": "1.0.0",
    "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
    "sector": "agriculture",
    "department": {
        "code": "H15.05",
        "name": "Sở Nông nghiệp",
        "contact": {"name": "Phòng Chăn nuôi", "email": "channuoi@example.org"},
    },
    "coverage": {"units": ["66", "66-1975"], "start": "1995", "end": "2018-12"},
    "update": {"frequency": "annual", "due": "2026-12-31"},
    "translations": {"en": {"title": "Pigs", "keywords": ["pigs"]}},
    "access": REVIEWED,
    "resources": [
        {
            "name": "pigs",
            "path": "data/pigs.csv",
            "schema": {
                "fields": [
                    {"name": "unit_id", "type": "string", "title": "Mã tỉnh"},
                    {"name": "year", "type": "year"},
                    {"name": "pigs", "type": "number", "decimal": [12, 1], "unit": "nghìn con"},
                ],
                "primaryKey": ["unit_id", "year"],
            },
            "externalKeys": [
                {
                    "fields": ["unit_id"],
                    "reference": {"package": "administrative-units", "resource": "units", "fields": ["unit_id"]},
                }
            ],
        }
    ],
}


def full(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON of any shape
    """A copy of the descriptor that has everything, with some of its properties changed; None removes one."""
    made = copy.deepcopy(FULL) | copy.deepcopy(changes)
    return {key: value for key, value in made.items() if value is not None}


def fields(descriptor: dict[str, Any], resource: int = 0) -> list[dict[str, Any]]:
    """The fields of a resource, to be changed in place."""
    found: list[dict[str, Any]] = descriptor["resources"][resource]["schema"]["fields"]
    return found


def package(folder: Path, descriptor: Json) -> Path:
    """The folder with this descriptor in it, and an empty file for each safe path of a resource."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
    for resource in descriptor.get("resources", ()):  # type: ignore[union-attr]
        path = resource.get("path") if isinstance(resource, dict) else None
        if isinstance(path, str) and ".." not in path and ":" not in path and not path.startswith("/"):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).touch()
    return folder


def dataset(folder: Path, descriptor: Json) -> Dataset:
    """That descriptor, written and read."""
    return read(package(folder, descriptor))
