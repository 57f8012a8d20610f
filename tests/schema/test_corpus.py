"""Files of others, read by our sources: the same verdict as frictionless's on the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from frictionless import Resource
from schema_helpers import schema_of

from opendata.model import Checked, as_list, as_object
from opendata.schema import check
from opendata.sources import open_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opendata.model import Json

LARGEST = 100_000
KINDS = ("number", "date", "year", "boolean")


def _files(corpus: Path) -> Iterator[Path]:
    for folder in ("frictionless-py_data", "csv-spectrum", "tableschema-py_data"):
        for path in sorted((corpus / "peer" / folder).rglob("*.csv")):
            if 0 < path.stat().st_size <= LARGEST:
                yield path


def _resource(path: Path, schema: Json | None = None) -> Resource:
    csv = {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}
    descriptor = {"name": "table", "type": "table", "path": path.name, "encoding": "utf-8", "format": "csv"}
    descriptor["dialect"] = {"header": True, "headerRows": [1], "csv": csv}  # type: ignore[assignment]
    return Resource.from_descriptor(
        {**descriptor, **({"schema": schema} if schema else {})}, basepath=str(path.parent), datapackage_version="v2"
    )


def _schemas(path: Path) -> Iterator[Json]:
    """The schema that frictionless itself infers, and two that the data will not fit."""
    resource = _resource(path)
    resource.infer()
    inferred: Json = resource.schema.to_descriptor()
    names = [as_object(field)["name"] for field in as_list(inferred.get("fields"))]
    yield inferred
    yield {"fields": [{"name": name, "type": "string"} for name in names], "primaryKey": names[:1]}
    yield {
        "fields": [
            {"name": name, "type": KINDS[i % len(KINDS)], "constraints": {"required": True, "unique": True}}
            for i, name in enumerate(names)
        ]
    }


@pytest.mark.corpus
@pytest.mark.slow
def test_files_of_others_are_judged_as_frictionless_judges_them(corpus: Path) -> None:
    judged = 0
    for path in _files(corpus):
        try:
            path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        for schema in _schemas(path):
            theirs = [error.to_dict() for error in _resource(path, schema).validate().tasks[0].errors]
            outcome = check(open_file(path, schema_of(schema), name="table"))
            found = () if isinstance(outcome, Checked) else outcome.findings
            ours = [(f.code, f.place.field, f.note) for f in found if f.code != "inexact-value"]
            assert ours == [(e["type"], e.get("fieldName") or None, e["note"]) for e in theirs], path
            rows = [f.place.row for f in found if f.code != "inexact-value" and "label" not in f.code]
            assert rows == [e["rowNumber"] for e in theirs if "rowNumber" in e], path
            judged += 1
    assert judged > 50
