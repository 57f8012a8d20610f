"""A small catalogue made anew for each test, and a portal folder seen as bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(__file__).parent.parent
SHIPPED = PROJECT / "datapackages"
REVIEWED = {"level": "open", "reviewedBy": "Nguyễn Văn A", "reviewedOn": "2026-01-02", "reason": "Số liệu tổng hợp"}
FIELDS = [
    {"name": "ma", "type": "string", "title": "Mã"},
    {"name": "so", "type": "integer", "title": "Số"},
]
CSV = "ma,so\n01,5\n02,6\n"


def package(folder: Path, name: str, **changes: Any) -> Path:  # noqa: ANN401 - a descriptor's own properties
    """A valid open package of one table in `folder`/`name`; a change to None takes the property away."""
    descriptor: dict[str, Any] = {
        "$schema": "urn:opendata-vn:profile:1.0",
        "id": f"00000000-0000-4000-8000-{int.from_bytes(name.encode()[-5:], 'big'):012x}",
        "name": name,
        "title": f"Bảng {name}",
        "licenses": [{"name": "CC-BY-4.0"}],
        "sector": "agriculture",
        "department": {"code": "H15.05", "name": "Sở Nông nghiệp", "contact": {"email": "so@tinh.gov.vn"}},
        "access": REVIEWED,
        "resources": [table("bang")],
        **changes,
    }
    home = folder / name
    (home / "data").mkdir(parents=True, exist_ok=True)
    (home / "data" / "bang.csv").write_text(CSV, encoding="utf-8")
    write(home, {key: value for key, value in descriptor.items() if value is not None})
    return home


def table(name: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 - a descriptor's own properties
    """A resource for data/bang.csv."""
    resource = {
        "name": name,
        "type": "table",
        "path": "data/bang.csv",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": FIELDS, "primaryKey": ["ma"]},
        **changes,
    }
    return {key: value for key, value in resource.items() if value is not None}


def write(home: Path, descriptor: Mapping[str, Any]) -> None:
    """Write a package's descriptor."""
    (home / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")


def read(home: Path) -> dict[str, Any]:
    """Read a package's descriptor."""
    return json.loads((home / "datapackage.json").read_bytes())


def seen(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below a folder with its bytes and its time, what runs need for themselves left out."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".opendata.lock" and ".opendata" not in path.parts
    }


def changed(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """The names of files that came, went or changed."""
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
