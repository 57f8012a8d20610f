"""The descriptor that is published: the edition's, with what only a build knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model import as_list, as_object, as_text
from opendata.model.digest import KEY, content_digest, told
from opendata.package.csv_sink import DIALECT
from opendata.package.default_form import default_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model import Cut, Json, JsonValue, Outline
    from opendata.package.outlet import TableFiles
    from opendata.package.written import Written

CSV = "text/csv"
PARQUET = "application/vnd.apache.parquet"


def described(outline: Outline, tables: Mapping[str, TableFiles]) -> Json:
    """The outline's descriptor with paths, sizes, digests, row counts, statistics, alternates and lineage.

    Nothing in it depends on a clock, a place on this machine or a withheld column.
    """
    cuts = {cut.resource.name: cut for cut in outline.cuts}
    resources: list[JsonValue] = []
    for resource in map(as_object, as_list(outline.descriptor.get("resources"))):
        name = as_text(resource.get("name")) or ""
        lineage = _lineage(outline.descriptor, resource, cuts[name])
        shown = {**resource, **_schema(resource, cuts[name]), **_facts(tables[name])}
        resources.append({**shown, **({"lineage": lineage} if lineage else {})})
    descriptor: dict[str, JsonValue] = {**outline.descriptor, "resources": resources}
    return {**descriptor, **_identity(outline), KEY: content_digest({**descriptor, **_identity(outline)})}


def _identity(outline: Outline) -> Json:
    version = outline.dataset.version
    return {"opendata_id": outline.dataset.id} | ({"opendata_version": version} if version else {})


def _schema(resource: Json, cut: Cut) -> Json:
    source = cut.resource.schema
    return {"schema": default_schema(as_object(resource.get("schema")), source)} if source else {}


def _facts(table: TableFiles) -> Json:
    return {
        **_file(table.csv, "csv", CSV),
        "encoding": "utf-8",
        "dialect": dict(DIALECT),
        "rows": table.rows,
        "statistics": table.statistics,
        "alternates": [_file(table.parquet, "parquet", PARQUET)],
    }


def _file(written: Written, form: str, mediatype: str) -> Json:
    return {
        "path": written.path.name,
        "format": form,
        "mediatype": mediatype,
        "bytes": written.bytes,
        "hash": told(written.sha256),
    }


def _lineage(package: Json, resource: Json, cut: Cut) -> Json:
    """Titles of the sources and the kinds of steps; no step where a column is withheld: it could be that column's."""
    sources = as_list(resource.get("sources")) or as_list(package.get("sources"))
    titles = [title for title in (as_text(as_object(source).get("title")) for source in sources) if title]
    origin = None if cut.sorted else cut.resource.origin
    steps = [as_text(step.get("step")) for step in origin.recipe] if origin else []
    kinds = list(dict.fromkeys(step for step in steps if step))
    return ({"derivedFrom": titles} if titles else {}) | ({"steps": kinds} if kinds else {})
