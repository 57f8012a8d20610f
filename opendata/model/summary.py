"""What a published descriptor says, as short digests: enough to tell what changed, and nothing to read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opendata.model.digest import bare, canonical_digest
from opendata.model.json import as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model.json import Json, JsonValue

OURS = frozenset({"resources", "version", "opendata_id", "opendata_version", "opendata_digest"})
"""Keys of a descriptor that are told in other words than "the metadata changed"."""

DIGITS = 12
TABLE = ""
"""The field name under which a table itself stands."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Of each metadata key, and of each field by the names of table and field, the first digits of its digest."""

    metadata: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[tuple[str, str], str] = field(default_factory=dict)


def summarise(descriptor: Json) -> Summary:
    """The summary of a published descriptor.

    >>> made = summarise({"title": "Lúa", "resources": [{"name": "area", "schema": {"fields": [{"name": "year"}]}}]})
    >>> list(made.metadata), list(made.columns)
    (['title'], [('area', ''), ('area', 'year')])
    """
    metadata = {key: _short(value) for key, value in descriptor.items() if key not in OURS}
    columns: dict[tuple[str, str], str] = {}
    for resource in map(as_object, as_list(descriptor.get("resources"))):
        table = as_text(resource.get("name")) or ""
        columns[table, TABLE] = ""
        for item in map(as_object, as_list(as_object(resource.get("schema")).get("fields"))):
            columns[table, as_text(item.get("name")) or ""] = _short(item)
    return Summary(metadata, columns)


def to_json(summary: Summary) -> Json:
    """The summary as a portal keeps it: fields by table.

    >>> to_json(Summary({"title": "0f"}, {("area", ""): "", ("area", "year"): "a1"}))
    {'metadata': {'title': '0f'}, 'tables': {'area': {'year': 'a1'}}}
    """
    tables: dict[str, dict[str, JsonValue]] = {}
    for (table, name), digest in summary.columns.items():
        tables.setdefault(table, {})
        if name:
            tables[table][name] = digest
    return {"metadata": dict(summary.metadata), "tables": tables}


def from_json(told: JsonValue) -> Summary | None:
    """The summary that a portal keeps; None where it keeps none.

    >>> from_json({"metadata": {}, "tables": {"area": {"year": "a1"}}}).columns
    {('area', ''): '', ('area', 'year'): 'a1'}
    >>> from_json("edited") is None
    True
    """
    metadata, tables = as_object(told).get("metadata"), as_object(told).get("tables")
    if metadata is None or tables is None:
        return None
    columns: dict[tuple[str, str], str] = {}
    for table, fields in as_object(tables).items():
        columns[table, TABLE] = ""
        columns |= {(table, name): as_text(digest) or "" for name, digest in as_object(fields).items()}
    return Summary({key: as_text(digest) or "" for key, digest in as_object(metadata).items()}, columns)


def _short(value: JsonValue) -> str:
    return (bare(canonical_digest(value)) or "")[:DIGITS]
