"""A data package as its descriptor says it: dataset, resources, fields, keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model.access import AccessLevel
    from opendata.model.json import Json, JsonValue


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a Table Schema. `descriptor` is the field as written; the rest is read from it."""

    name: str
    type: str
    format: str
    level: AccessLevel
    descriptor: Json
    missing_values: tuple[str, ...] | None = None
    personal: str = "none"
    disclosure: str | None = None
    decimal: tuple[int, int] | None = None
    timezone: str | None = None


def field_format(descriptor: Json) -> str:
    """A field's format: "default" where it declares none, without the mark that it had before Table Schema 1.0.

    >>> field_format({}), field_format({"format": "fmt:%d/%m/%Y"}), field_format({"format": ""})
    ('default', '%d/%m/%Y', '')
    """
    told = str(descriptor.get("format", "default"))
    return told.replace("fmt:", "") if told.startswith("fmt:") else told


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A key into another table. `package` None: this package; `resource` empty: this very table."""

    fields: tuple[str, ...]
    resource: str
    reference_fields: tuple[str, ...]
    package: str | None = None


@dataclass(frozen=True, slots=True)
class TableSchema:
    """A Table Schema. `descriptor` is the schema as written, Table Schema v1 or v2."""

    fields: tuple[Field, ...]
    descriptor: Json
    primary_key: tuple[str, ...] = ()
    unique_keys: tuple[tuple[str, ...], ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ("",)

    @property
    def fields_match(self) -> JsonValue:
        """How fields go to columns (Table Schema v2, `fieldsMatch`), "exact" where nobody says: not judged.

        The published profile of 2.0 types it as a list, of which this is the first.
        """
        told = self.descriptor.get("fieldsMatch", "exact")
        if isinstance(told, Sequence) and not isinstance(told, str):
            return told[0] if told else "exact"
        return told

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((item for item in self.fields if item.name == name), None)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a tidy table came from: a file in the package's folder, and the steps that make the table of it.

    `source_digest` and `recipe_digest` are what `update` wrote when it last ran ("sha256:…"), or None.
    """

    path: str
    descriptor: Json
    recipe: tuple[Json, ...] = ()
    sheet: str | None = None
    source_digest: str | None = None
    recipe_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One table of a package. `paths` are relative, within the package's folder; empty where `data` is inline.

    `schema` is None where none is declared. `tabular` is False for a resource that is no table (a PDF, say).
    """

    name: str
    paths: tuple[str, ...]
    level: AccessLevel
    descriptor: Json
    schema: TableSchema | None = None
    format: str = "csv"
    encoding: str = "utf-8"
    tabular: bool = True
    disclosure: str | None = None
    external_keys: tuple[ForeignKey, ...] = ()
    origin: Origin | None = None

    @property
    def keys(self) -> tuple[ForeignKey, ...]:
        """All foreign keys: into this package, then into others."""
        return (self.schema.foreign_keys if self.schema else ()) + self.external_keys


@dataclass(frozen=True, slots=True)
class Review:
    """Who lowered a package to open or shared, when (a date as written) and why. None: not said."""

    by: str | None = None
    on: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Department:
    """The owner: agency code (Decision 20/2020/QĐ-TTg), name, contact. `agency` False: no state agency."""

    code: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    agency: bool = True


@dataclass(frozen=True, slots=True)
class Dataset:
    """A data package read from disk. `folder` holds its datapackage.json; `descriptor` is that file as written.

    `level` is the effective one: internal where none is declared. `declared` tells what was written.
    `id` is a UUID as text; for a package made by others it is derived from agency code and name.
    """

    name: str
    id: str
    folder: Path
    level: AccessLevel
    descriptor: Json
    resources: tuple[Resource, ...]
    declared: AccessLevel | None = None
    review: Review = field(default_factory=Review)
    department: Department = field(default_factory=Department)
    title: str | None = None
    version: str | None = None
    sector: str | None = None

    def resource(self, name: str) -> Resource | None:
        """The resource of that name, or None."""
        return next((item for item in self.resources if item.name == name), None)


def is_zone(name: str) -> bool:
    """True for the name of a time zone.

    >>> is_zone("Asia/Ho_Chi_Minh"), is_zone("Asia/Atlantis"), is_zone("../secret")
    (True, False, False)
    """
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (OSError, ValueError, KeyError):
        return False
    return True
