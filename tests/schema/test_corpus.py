"""Files of others, read by our sources: the same verdict as frictionless's on the same bytes, under several schemas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from frictionless import FrictionlessException, Resource
from verdict_helpers import Case, Source, compared, differences, frictionless_says, pinned, we_say

from opendata.descriptor import read
from opendata.errors import OpendataError, SourceError
from opendata.model import as_list, as_object, as_text
from opendata.schema import infer
from opendata.sources import detect, open_file, open_resource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opendata.model import Dataset, Json, Table

pytestmark = pytest.mark.no_cover  # tracing would double its time; the other tests cover what it runs

LARGEST = 150_000
"""Bytes of the largest file: frictionless reads a megabyte in a minute under six schemas."""
WRONG = ("number", "date", "year", "boolean", "integer", "datetime", "yearmonth", "time", "geopoint", "duration")
FOLDERS = {
    "ckanext-xloader_samples": 10,
    "csv-spectrum": 10,
    "csvw_tests": 50,
    "datasets_language-codes": 3,
    "datasets_population": 0,
    "frictionless-ckan-mapper_fixtures": 0,
    "frictionless-py_data": 100,
    "qsv_test": 5,
    "tableschema-py_data": 10,
    "testsuite-extended_packages": 2,
}
"""The folders of peer/, each with how many files at least are read as tables and compared."""


@pytest.mark.corpus
@pytest.mark.slow
@pytest.mark.parametrize("folder", FOLDERS)
def test_files_of_others_are_judged_as_frictionless_judges_them(corpus: Path, folder: str) -> None:
    judged = 0
    for path in sorted((corpus / "peer" / folder).rglob("*")):
        if path.suffix in {".csv", ".tsv", ".txt"} and 0 < path.stat().st_size <= LARGEST and path.is_file():
            judged += _judged(path)
    assert judged >= FOLDERS[folder]


def _judged(path: Path) -> bool:
    """Compare the verdicts on one file under each schema; False where it is no table to us."""
    try:
        seen = detect(path)
        table = open_file(path, dialect=seen.dialect, encoding=seen.encoding)
        for _batch in table.batches():
            pass
    except SourceError:
        return False
    for name, schema in _schemas(path, table, seen.dialect or {}, seen.encoding or "utf-8"):
        source = Source("table", schema, seen.dialect or {}, seen.encoding or "utf-8", path.read_bytes())
        for case in (Case(source), Case(source, rows=7, block=64, limit=3)):
            told = differences(case)
            assert not told, f"{path}, schema {name} {schema}, limit {case.limit}:\n{told}"
    return True


def _schemas(path: Path, table: Table, dialect: Json, encoding: str) -> Iterator[tuple[str, Json]]:
    names = [field.name for field in table.schema.fields]
    texts: list[Json] = [{"name": name, "type": "string"} for name in names]
    yield "of strings", {"fields": texts}
    yield "of strings, keyed", {"fields": texts, "primaryKey": names[:1], "missingValues": ["", "-", "NA"]}
    yield "that we infer", infer(table).schema.descriptor
    wrong = [{"name": name, "type": WRONG[place % len(WRONG)]} for place, name in enumerate(names)]
    yield "that is wrong", {"fields": wrong}
    yield "of fewer fields", {"fields": [*texts[1:][::-1], {"name": "nowhere", "type": "any"}], "fieldsMatch": "subset"}
    inferred = _inferred(path, table, dialect, encoding)
    if inferred:
        yield "that frictionless infers", inferred
        yield "with constraints", {"fields": [_constrained(as_object(field)) for field in as_list(inferred["fields"])]}


def _inferred(path: Path, table: Table, dialect: Json, encoding: str) -> Json | None:
    rules = pinned(Source("table", {}, dialect, encoding, b""), table)
    about = {"name": "table", "type": "table", "path": path.name, "format": "csv", "encoding": encoding}
    resource = Resource.from_descriptor({**about, "dialect": rules}, basepath=str(path.parent))
    try:
        resource.infer()
    except FrictionlessException:
        return None
    schema: Json = resource.schema.to_descriptor()
    return schema if schema.get("fields") else None


def _constrained(field: Json) -> Json:
    kind = as_text(field.get("type"))
    asked: dict[str, object] = {"required": True}
    if kind not in {"array", "object", "geojson"}:
        asked["unique"] = True
    if kind == "string":
        asked |= {"minLength": 2, "maxLength": 9, "pattern": "[A-Za-z ]+"}
    if kind in {"integer", "number"}:
        asked |= {"minimum": 2, "exclusiveMaximum": 1000}
    return {**field, "constraints": asked}  # type: ignore[dict-item] # made of JSON


@pytest.mark.corpus
@pytest.mark.slow
def test_packages_of_others_are_judged_as_frictionless_judges_them(corpus: Path) -> None:
    judged = 0
    for path in sorted((corpus / "peer").rglob("*datapackage*.json")):
        try:
            dataset = read(path)
        except OpendataError:
            continue  # invalid, or none
        judged += sum(_judged_resource(dataset, name) for name in [each.name for each in dataset.resources])
    assert judged >= 10


def _judged_resource(dataset: Dataset, name: str) -> bool:
    resource = dataset.resource(name)
    if not resource or not resource.tabular or len(resource.paths) != 1 or not resource.schema:
        return False
    file = dataset.folder / resource.paths[0]
    if resource.schema.foreign_keys or file.suffix != ".csv" or not file.is_file() or file.stat().st_size > LARGEST:
        return False
    try:
        table = open_resource(dataset, resource)
        ours = we_say(table, [])
    except SourceError:
        return False
    declared = as_object(resource.descriptor.get("dialect"))
    source = Source("table", resource.schema.descriptor, declared, resource.encoding, b"", file.name)
    theirs = frictionless_says(file.parent, [source], [pinned(source, table)])
    told = compared(ours, theirs, 1000)
    assert not told, f"{dataset.folder}, {name}:\n{told}"
    return True
