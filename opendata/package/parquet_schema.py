"""The Arrow schema of a published table, with what a reader of the Parquet alone wants to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model import as_list, as_object, as_text, canonical

if TYPE_CHECKING:
    import pyarrow as pa

    from opendata.model import Cut, Json, Outline, Table

TEXTS = ("title", "description")


def parquet_schema(outline: Outline, cut: Cut, table: Table) -> pa.Schema:
    """The cut's fields alone, each with its description, and the dataset's published metadata as the schema's.

    The keys: `id`, `package`, `version`, `licenses` (JSON), `resource`, `title` and `description` of the resource.
    """
    import pyarrow as pa

    from opendata.schema import arrow_schema

    whole = arrow_schema(table.schema)
    fields = [whole.field(name) for name in cut.fields]
    return pa.schema(fields, metadata={key.encode(): text.encode() for key, text in _metadata(outline, cut).items()})


def _metadata(outline: Outline, cut: Cut) -> dict[str, str]:
    resource = _resource(outline.descriptor, cut.resource.name)
    known = {
        "id": outline.dataset.id,
        "package": outline.name,
        "version": outline.dataset.version,
        "licenses": canonical(as_list(outline.descriptor.get("licenses"))).decode(),
        "resource": cut.resource.name,
        **{key: as_text(resource.get(key)) for key in TEXTS},
    }
    return {key: text for key, text in known.items() if text}


def _resource(descriptor: Json, name: str) -> Json:
    resources = map(as_object, as_list(descriptor.get("resources")))
    return next((resource for resource in resources if resource.get("name") == name), {})
