"""Built packages for tests of publishing, made without a build: the files are written here, the digests are true."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import uuid
from typing import TYPE_CHECKING

from opendata.model import AccessLevel, BuiltFile, BuiltPackage, Candidate, Json, JsonValue, Standing, canonical
from opendata.model.digest import content_digest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

ROWS = (("11", "2024", "1234567.50", "2024-12-31"), ("66", "2024", "89.10", "2024-12-31"))
FIELDS: tuple[Json, ...] = (
    {
        "name": "unit_id",
        "type": "string",
        "title": "Mã tỉnh",
        "translations": {"en": {"title": "Province code"}},
        "constraints": {"required": True, "pattern": "[0-9]{2}"},
    },
    {"name": "year", "type": "year", "title": "Năm", "constraints": {"required": True, "minimum": 1995}},
    {"name": "area", "type": "number", "title": "Diện tích", "unit": "nghìn ha", "constraints": {"minimum": 0}},
    {"name": "counted_on", "type": "date", "title": "Ngày đếm"},
)


def identity(name: str) -> str:
    """The same UUID for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_DNS, name))


def built(
    folder: Path,
    name: str = "paddy",
    *,
    id: str | None = None,  # noqa: A002 - the field's own name
    version: str | None = "1.0.0",
    level: AccessLevel = AccessLevel.OPEN,
    rows: Sequence[Sequence[str]] = ROWS,
    fields: Sequence[Json] = FIELDS,
    tables: Sequence[str] = ("area",),
    parquet: bytes = b"",
    more: Mapping[str, JsonValue] | None = None,
) -> BuiltPackage:
    """A built package whose files lie in a new folder under `folder`. Its Parquet is no real one."""
    where = folder / "built" / uuid.uuid4().hex
    where.mkdir(parents=True)
    files, resources = [], []
    for table in tables:
        names = [str(field["name"]) for field in fields]
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows([names, *rows])
        csv_file = _file(where, f"{table}.csv", text.getvalue().encode(), "text/csv", table)
        other = _file(where, f"{table}.parquet", b"PAR1" + parquet + csv_file.sha256.encode(), PARQUET, table)
        files += [csv_file, other]
        resources.append(_resource(table, csv_file, other, fields, len(rows)))
    descriptor = _descriptor(name, id or identity(name), version, level, resources, more or {})
    return BuiltPackage(
        name=name,
        id=id or identity(name),
        version=version,
        level=level,
        digest=str(descriptor["opendata_digest"]),
        folder_digest=_folder_digest(files),
        descriptor=descriptor,
        files=tuple(files),
    )


def ready(package: BuiltPackage) -> Candidate:
    """The candidate that this package is when nothing speaks against it."""
    name = package.name.partition("--")[0]
    return Candidate(name, package.name, package.id, Standing.READY, package, editions=(package.name,))


def stopped(name: str, standing: Standing, *, id: str | None = None) -> Candidate:  # noqa: A002 - the field's own name
    """A package that is not ready, its open edition not allowed where it is withheld or refused."""
    editions = (name,) if standing in {Standing.FAULTY, Standing.REFUSED} else ()
    return Candidate(name, name, id or identity(name), standing, reason="because", remedy="mend", editions=editions)


def tree(root: Path) -> dict[str, bytes]:
    """Every file of ours below a folder with its bytes; the lock file, which says nothing, is left out."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and path.name != ".opendata.lock"
    }


def with_digest(package: BuiltPackage, digest: str) -> BuiltPackage:
    """The package under another digest, which no files of its have."""
    return dataclasses.replace(package, digest=digest)


PARQUET = "application/vnd.apache.parquet"


def _file(where: Path, path: str, content: bytes, mediatype: str, table: str) -> BuiltFile:
    (where / path).write_bytes(content)
    return BuiltFile(path, where / path, len(content), hashlib.sha256(content).hexdigest(), mediatype, table)


def _resource(table: str, csv_file: BuiltFile, other: BuiltFile, fields: Sequence[Json], rows: int) -> Json:
    return {
        "name": table,
        "title": "Diện tích lúa",
        "translations": {"en": {"title": "Area of paddy"}},
        "path": csv_file.path,
        "format": "csv",
        "mediatype": csv_file.mediatype,
        "schema": {"fields": list(fields), "primaryKey": [str(fields[0]["name"])]},
        "bytes": csv_file.bytes,
        "hash": f"sha256:{csv_file.sha256}",
        "rows": rows,
        "alternates": [
            {
                "path": other.path,
                "format": "parquet",
                "mediatype": other.mediatype,
                "bytes": other.bytes,
                "hash": f"sha256:{other.sha256}",
            }
        ],
    }


def _descriptor(
    name: str,
    id_: str,
    version: str | None,
    level: AccessLevel,
    resources: Sequence[Json],
    more: Mapping[str, JsonValue],
) -> Json:
    descriptor: dict[str, JsonValue] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": f"Lúa {name} sông Đà",
        "description": "Diện tích lúa theo tỉnh.\n\nSố liệu của cơ quan thống kê.",
        "translations": {"en": {"title": f"Paddy {name}", "description": "Area of paddy by province."}},
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "keywords": ["lúa"],
        "sources": [{"title": "Tổng cục Thống kê", "path": "https://www.gso.gov.vn"}],
        "sector": "agriculture",
        "department": {"code": "H15.05", "name": "Sở Nông nghiệp", "contact": {"email": "so@example.vn"}},
        "coverage": {"units": ["66"], "start": "1995", "end": "2024"},
        "update": {"frequency": "annual", "due": "2026-12-31"},
        "access": {"level": level.value},
        **more,
        "resources": list(resources),
        "opendata_id": id_,
    }
    if version is not None:
        descriptor |= {"version": version, "opendata_version": version}
    return {**descriptor, "opendata_digest": content_digest(descriptor)}


def _folder_digest(files: Sequence[BuiltFile]) -> str:
    listed: JsonValue = sorted([file.path, file.sha256] for file in files)
    return hashlib.sha256(canonical(listed)).hexdigest()[:32]
