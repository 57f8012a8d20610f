"""The schema of a published table: its cells are in the default lexical form, a missing one is empty."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from opendata.model import as_list, as_object, as_text

if TYPE_CHECKING:
    from opendata.model import Json, TableSchema


def default_schema(shown: Json, source: TableSchema) -> Json:
    """The published schema `shown` without the ways in which the source wrote its cells.

    Only what `shown` holds is brought to the default form; of `source` nothing is added but a type's reading.
    """
    from opendata.schema import default_descriptor

    known = {field.name: field for field in source.fields}
    described = [as_object(field) for field in as_list(shown.get("fields"))]
    fields = [
        default_descriptor(dataclasses.replace(known[as_text(field.get("name")) or ""], descriptor=field))
        for field in described
    ]
    return {**{key: value for key, value in shown.items() if key != "missingValues"}, "fields": fields}
