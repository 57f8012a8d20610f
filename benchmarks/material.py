"""What is published: the same tables for all, as packages for us and as CSV files for the others, in two versions.

`base` is published first; in `changed` one cell of the first dataset is another. A dataset of the others is so many
CSV files. One of ours is a table as CSV and as Parquet, and datapackage.json: as many files of about as many bytes.
"""

from __future__ import annotations

import json
import random
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSIONS = ("base", "changed")
CSV_SHARE = 0.65
"""How much of the bytes of a dataset of ours is CSV; the rest is Parquet and descriptor."""
FIELDS = [
    {"name": "day", "type": "date", "title": "Ngày"},
    {"name": "station", "type": "string", "title": "Trạm"},
    {"name": "level_cm", "type": "integer", "title": "Mực nước", "unit": "cm"},
    {"name": "flow", "type": "number", "title": "Lưu lượng", "unit": "m³/s"},
]
HEAD = ",".join(str(field["name"]) for field in FIELDS) + "\n"
STATIONS = ("Sông Đà", "Sông Mã", "Sông Hồng", "Sông Lô", "Sông Chảy")


@dataclass(frozen=True, slots=True)
class Amount:
    """How many datasets, of how many files, of how many bytes each."""

    datasets: int
    files: int
    size: int

    @property
    def tables(self) -> int:
        """Tables in a package of ours: each is two files, and the descriptor is one."""
        return max(1, (self.files - 1) // 2)


def make(folder: Path, amount: Amount) -> None:
    """Write all of it: folder/ours/VERSION/NAME and folder/others/VERSION/NAME."""
    for version in VERSIONS:
        for number in range(amount.datasets):
            changed = version == "changed" and number == 0
            name = f"bench-river-levels-{number:04}"
            _package(folder / "ours" / version / name, name, amount, changed=changed)
            _files(folder / "others" / version / name, name, amount, changed=changed)


def descriptor(told: dict[str, Any], resources: list[dict[str, Any]]) -> dict[str, Any]:
    """What an open package of ours says, so that it can be built."""
    return {
        "$schema": "urn:opendata-vn:profile:1.0",
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, told["name"])),
        **told,
        "version": "1.0.0",
        "department": {"name": "Sở Nông nghiệp và Môi trường", "contact": {"email": "du-lieu@example.vn"}},
        "access": {"level": "open", "reviewedBy": "Trần Thị B", "reviewedOn": "2026-01-05", "reason": "No person."},
        "resources": resources,
    }


def _package(place: Path, name: str, amount: Amount, *, changed: bool) -> None:
    (place / "data").mkdir(parents=True)
    size = int(amount.files * amount.size * CSV_SHARE / amount.tables)
    tables = [f"levels-{number}" for number in range(amount.tables)]
    for number, table in enumerate(tables):
        text = rows(f"{name} ours {table}", size, changed=changed and number == 0)
        (place / "data" / f"{table}.csv").write_text(text, encoding="utf-8", newline="")
    _write(place / "datapackage.json", descriptor(_told(name), [_resource(table) for table in tables]))


def _files(place: Path, name: str, amount: Amount, *, changed: bool) -> None:
    place.mkdir(parents=True)
    for number in range(amount.files):
        text = rows(f"{name} others {number}", amount.size, changed=changed and number == 0)
        (place / f"levels-{number}.csv").write_text(text, encoding="utf-8", newline="")
    _write(place / "dataset.json", _told(name))


def _told(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": f"Mực nước sông Đà {name[-4:]}",
        "description": "Mực nước và lưu lượng đo hằng ngày tại trạm. " * 4,
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "keywords": ["mực nước", "lưu lượng", "sông"],
    }


def _resource(table: str) -> dict[str, Any]:
    return {
        "name": table,
        "title": "Mực nước theo ngày",
        "type": "table",
        "path": f"data/{table}.csv",
        "format": "csv",
        "encoding": "utf-8",
        "schema": {"fields": FIELDS},
    }


def rows(seed: str, size: int, *, changed: bool) -> str:
    """A table of about so many bytes, the same for the same seed; `changed` is another first cell."""
    lines, length = [HEAD], len(HEAD)
    for line in _lines(random.Random(seed)):  # noqa: S311 - rows, no secrets
        lines.append(line)
        length += len(line.encode())
        if length >= size:
            break
    if changed:
        lines[1] = "2020-01-01," + lines[1].partition(",")[2]
    return "".join(lines)


def _lines(chance: random.Random) -> Iterator[str]:
    while True:
        day = f"{chance.randrange(1980, 2020)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        yield f"{day},{chance.choice(STATIONS)},{chance.randrange(10, 999)},{chance.randrange(10**6) / 100:.2f}\n"


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
