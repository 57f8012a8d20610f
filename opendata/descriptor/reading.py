"""A package read from its folder: judged first, all faults at once, then a value."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from opendata.descriptor.fault import error
from opendata.descriptor.faults import judged
from opendata.descriptor.levels import declared_level, effective, hidden, package_level, said_level
from opendata.descriptor.local import paths_of
from opendata.descriptor.strict import load
from opendata.descriptor.tables import foreign_key, parse_schema
from opendata.errors import OpendataError
from opendata.files import disk
from opendata.folders import DESCRIPTOR
from opendata.model import (
    AccessLevel,
    Dataset,
    Department,
    Origin,
    Resource,
    Review,
    as_list,
    as_object,
    as_text,
)

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_COMPRESSED = {".gz", ".zip", ".bz2", ".xz"}
_TABULAR = {"csv", "tsv", "xlsx", "xls", "ods"}


def read(path: Path, *, missing_ok: bool = False) -> Dataset:
    """The data package in the folder `path`, or whose descriptor is the file `path`.

    Nothing is fetched, and no data is read; data files must be there unless `missing_ok`.

    Raises:
        DescriptorError: every fault of the descriptor, in `findings`.
        DiskError: it cannot be read.
    """
    with disk(path):
        file = path / DESCRIPTOR if path.is_dir() else path
    descriptor = load(file)
    resolved, findings = judged(descriptor, file.parent, str(file), missing_ok=missing_ok)
    if findings:
        raise error(file, findings)
    return _dataset(descriptor, resolved, file.parent)


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What even a faulty descriptor says: which dataset it is, and its access level (internal where none is said).

    `hidden` names the tables (field empty) and fields that it withholds from the public.
    """

    id: str
    level: AccessLevel
    hidden: frozenset[tuple[str, str]]


def glimpse(path: Path, name: str) -> Glimpse | None:
    """The identity and level in the descriptor `path`, faults or not; None where it cannot be read as JSON at all.

    `name` is the package's name. Nothing else of a faulty descriptor may be believed.
    """
    try:
        descriptor = load(path)
    except OpendataError:
        return None
    return Glimpse(
        _identity(descriptor, _department(descriptor), name),
        said_level(descriptor) or AccessLevel.INTERNAL,
        hidden(descriptor),
    )


def _dataset(descriptor: Json, resolved: Json, folder: Path) -> Dataset:
    name = as_text(descriptor.get("name")) or folder.resolve().name
    department, level = _department(descriptor), package_level(descriptor)
    access = as_object(descriptor.get("access"))
    texts = [as_text(access.get(key)) for key in ("reviewedBy", "reviewedOn", "reason")]
    return Dataset(
        name=name,
        id=_identity(descriptor, department, name),
        folder=folder,
        level=level,
        descriptor=descriptor,
        resources=tuple(_resource(as_object(item), level) for item in as_list(resolved.get("resources"))),
        declared=declared_level(descriptor),
        review=Review(*texts),
        department=department,
        title=as_text(descriptor.get("title")),
        version=as_text(descriptor.get("version")),
        sector=as_text(descriptor.get("sector")),
    )


def _identity(descriptor: Json, department: Department, name: str) -> str:
    own = as_text(descriptor.get("id")) or ""
    if _UUID.fullmatch(own):
        return own.lower()
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"urn:opendata-vn:dataset:{department.code or ''}:{name}"))


def _department(descriptor: Json) -> Department:
    department = as_object(descriptor.get("department"))
    contact = as_object(department.get("contact"))
    return Department(
        code=as_text(department.get("code")),
        name=as_text(department.get("name")),
        email=as_text(contact.get("email")),
        phone=as_text(contact.get("phone")),
        agency=department.get("agency") is not False,
    )


def _resource(descriptor: Json, above: AccessLevel) -> Resource:
    level = effective(descriptor, above)
    schema = descriptor.get("schema")
    return Resource(
        name=as_text(descriptor.get("name")) or "",
        paths=tuple(path for _place, path in paths_of(descriptor)),
        level=level,
        descriptor=descriptor,
        schema=parse_schema(schema, level) if isinstance(schema, dict) else None,
        format=_format(descriptor),
        encoding=as_text(descriptor.get("encoding")) or "utf-8",
        tabular=_tabular(descriptor),
        disclosure=_disclosure(descriptor),
        external_keys=tuple(foreign_key(as_object(key)) for key in as_list(descriptor.get("externalKeys"))),
        origin=_origin(descriptor),
    )


def _format(descriptor: Json) -> str:
    """The format declared, else as the first file's name ends; csv where nothing says more."""
    declared = as_text(descriptor.get("format"))
    if declared:
        return declared.lower()
    path = PurePosixPath(next((path for _place, path in paths_of(descriptor)), "inline"))
    if path.suffix.lower() in _COMPRESSED:
        path = path.with_suffix("")
    return path.suffix.lower().removeprefix(".") or "csv"


def _tabular(descriptor: Json) -> bool:
    if "type" in descriptor:
        return descriptor["type"] == "table"
    if descriptor.get("profile") == "tabular-data-resource":
        return True
    return "schema" in descriptor or "data" in descriptor or _format(descriptor) in _TABULAR


def _disclosure(descriptor: Json) -> str | None:
    value = descriptor.get("disclosure")
    return as_text(value) or as_text(as_object(value).get("kind"))


def _origin(descriptor: Json) -> Origin | None:
    origin = as_object(descriptor.get("origin"))
    path = as_text(origin.get("path"))
    if path is None:
        return None
    return Origin(
        path=path,
        descriptor=origin,
        recipe=tuple(as_object(step) for step in as_list(origin.get("recipe"))),
        sheet=as_text(origin.get("sheet")),
        source_digest=as_text(origin.get("sourceDigest")),
        recipe_digest=as_text(origin.get("recipeDigest")),
    )
