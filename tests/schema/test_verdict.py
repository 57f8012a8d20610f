"""The verdict is frictionless's own: the same codes, rows, fields and notes as it gives for the same CSV on disk."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from frictionless import Package, Resource
from hypothesis import given, settings
from hypothesis import strategies as st
from schema_helpers import csv_text, schema_of, table_of

from opendata.model import Checked, Reference
from opendata.schema import check

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Json

OURS = {"inexact-value", "unique-key"}
Told = tuple[str, int | None, str | None, str]


def frictionless_says(
    rows: Sequence[Sequence[str]], labels: Sequence[str], schema: Json, limit: int = 1000
) -> list[Told]:
    """What frictionless finds in the table written to disk; its own fault is told as ours is."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "table.csv").write_text(csv_text(rows, labels), "utf-8", newline="")
        dialect = {
            "header": True,
            "headerRows": [1],
            "csv": {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False},
        }
        descriptor = {"name": "table", "type": "table", "path": "table.csv", "encoding": "utf-8", "format": "csv"}
        resource = Resource.from_descriptor(
            {**descriptor, "dialect": dialect, "schema": schema}, basepath=folder, datapackage_version="v2"
        )
        errors = resource.validate(limit_errors=limit).tasks[0].errors
    said = [error.to_dict() for error in errors]
    return [(e["type"], e.get("rowNumber"), e.get("fieldName") or None, e["note"]) for e in said]


def we_say(
    rows: Sequence[Sequence[str]], labels: Sequence[str], schema: Json, *, size: int = 3, limit: int = 1000
) -> list[Told]:
    outcome = check(table_of(rows, schema_of(schema), labels=labels, size=size), limit=limit)
    if isinstance(outcome, Checked):
        return []
    found = [finding for finding in outcome.findings if finding.code not in OURS]
    header = {"label", "header"}
    return [(f.code, None if f.code.split("-")[-1] in header else f.place.row, f.place.field, f.note) for f in found]


CELLS = [
    *("", " ", "-", "NA", "0", "1", "2", "-1", "+5", "007", "1.5", "1,5", "1.234,5", "1e5", "1_000", "NaN", " 7 "),
    *("true", "True", "false", "yes", "có", "abc", "ABC", "Đắk Lắk", "2024", "24", "2024-05", "2024-13", "0999"),
    *("2024-01-05", "2024-1-5", "05/01/2024", "31/02/2024", "10:00:00", "10:00", "24:00:00", "2024-01-05T10:00:00"),
    *("2024-01-05T10:00:00Z", "2024-01-05 10:00:00", "P1D", "P1W", "P7D", "105.8, 21.0", "[1]", '{"a": 1}', "a,b"),
]
BOUNDS = {"integer": (0, 7), "number": (0.5, "1234.5"), "date": ("2024-01-05", "2024-12-31"), "year": (1999, 2024)}
PLAIN = ["string", "integer", "number", "boolean", "date", "time", "datetime", "year", "yearmonth", "duration", "any"]
HARD = ["geopoint", "object", "array", "list"]


@st.composite
def fields(draw: st.DrawFn, name: str) -> dict[str, object]:
    kind = draw(st.sampled_from(PLAIN + HARD))
    field: dict[str, object] = {"name": name, "type": kind}
    constraints: dict[str, object] = {}
    if draw(st.booleans()):
        constraints["required"] = draw(st.booleans())
    if kind in PLAIN and draw(st.booleans()):
        constraints["unique"] = draw(st.booleans())
    if kind in BOUNDS and draw(st.booleans()):
        low, high = BOUNDS[kind]
        lower, upper = draw(st.sampled_from([("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum")]))
        constraints |= {lower: low, upper: high}
    if kind == "string" and draw(st.booleans()):
        constraints |= draw(
            st.sampled_from([{"pattern": "[a-z]+|A"}, {"minLength": 2}, {"maxLength": 3}, {"enum": ["abc", "1"]}])
        )
    if kind == "number" and draw(st.booleans()):
        field |= {"decimalChar": ",", "groupChar": "."}
        constraints.pop("exclusiveMaximum", None)
        constraints.pop("maximum", None)
    if (
        kind == "date"
        and draw(st.booleans())
        and "minimum" not in constraints
        and "exclusiveMinimum" not in constraints
    ):
        field["format"] = draw(st.sampled_from(["%d/%m/%Y", "any"]))
    if draw(st.integers(0, 4)) == 0:
        field["missingValues"] = draw(st.sampled_from([["-"], ["", "NA"], []]))
    return {**field, "constraints": constraints} if constraints else field


@st.composite
def schemas(draw: st.DrawFn) -> dict[str, object]:
    names = ["a", "b", "c"][: draw(st.integers(1, 3))]
    schema: dict[str, object] = {"fields": [draw(fields(name)) for name in names]}
    plain = [field["name"] for field in schema["fields"] if field["type"] in PLAIN]  # type: ignore[attr-defined]
    if plain and draw(st.booleans()):
        schema["primaryKey"] = draw(st.lists(st.sampled_from(plain), min_size=1, unique=True))
    if plain and draw(st.booleans()):
        key, target = draw(st.sampled_from(plain)), draw(st.sampled_from(plain))
        schema["foreignKeys"] = [{"fields": [key], "reference": {"resource": "", "fields": [target]}}]
    if draw(st.booleans()):
        schema["missingValues"] = draw(st.sampled_from([["", "-"], ["NA"], [""]]))
    if draw(st.integers(0, 3)) == 0:
        schema["fieldsMatch"] = draw(st.sampled_from(["exact", "equal", "subset", "superset", "partial"]))
    return schema


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, object], list[str], list[list[str]]]:
    schema = draw(schemas())
    labels = [field["name"] for field in schema["fields"]]  # type: ignore[attr-defined]
    if draw(st.integers(0, 3)) == 0:
        labels = draw(st.lists(st.sampled_from(["a", "b", "c", "d", ""]), min_size=1, max_size=4))
    row = st.lists(st.sampled_from(CELLS), min_size=len(labels), max_size=len(labels))
    odd = st.lists(st.sampled_from(CELLS), max_size=5)
    rows = draw(st.lists(st.one_of(row, row, row, odd), max_size=8))
    return schema, labels, rows


@settings(max_examples=400, deadline=None)
@given(tables(), st.integers(1, 4))
def test_we_find_what_frictionless_finds(table: tuple[Json, list[str], list[list[str]]], size: int) -> None:
    schema, labels, rows = table
    assert we_say(rows, labels, schema, size=size) == frictionless_says(rows, labels, schema)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(CELLS), max_size=3), max_size=8), st.integers(1, 4), st.integers(1, 9))
def test_the_limit_cuts_where_frictionless_cuts(rows: list[list[str]], size: int, limit: int) -> None:
    schema: Json = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "date"}]}
    theirs = frictionless_says(rows, ["a", "b"], schema, limit)
    assert we_say(rows, ["a", "b"], schema, size=size, limit=limit) == theirs


@pytest.mark.parametrize(
    "schema",
    [
        {"fields": [{"name": "a", "type": "integer", "constraints": {"pattern": "[0-9]"}}]},
        {"fields": [{"name": "a", "type": "date", "example": "x"}]},
        {"fields": [{"name": "a", "type": "string"}, {"name": "a", "type": "string"}]},
        {"fields": [{"name": "a", "type": "string"}], "primaryKey": ["b"]},
    ],
)
def test_an_invalid_schema_is_told_as_frictionless_tells_it(schema: Json) -> None:
    from frictionless import FrictionlessException, Schema

    with pytest.raises(FrictionlessException) as refusal:
        Schema.from_descriptor(dict(schema))
    theirs = [(error.type, None, None, error.note) for error in refusal.value.to_errors()]
    assert we_say([["1"]], ["a"], schema) == theirs


KEYS = st.lists(st.lists(st.sampled_from(["", "1", "01", "1.0", "x", "2"]), min_size=2, max_size=2), max_size=6)


@settings(max_examples=100, deadline=None)
@given(KEYS, KEYS, st.sampled_from(["string", "integer", "number", "any"]), st.sampled_from([["a"], ["a", "b"]]))
def test_keys_into_another_table_are_judged_as_in_a_package(
    here: list[list[str]], there: list[list[str]], kind: str, key: list[str]
) -> None:
    plain: Json = {"fields": [{"name": "a", "type": kind}, {"name": "b", "type": "string"}]}
    schema: Json = {**plain, "foreignKeys": [{"fields": key, "reference": {"resource": "units", "fields": key}}]}
    resources = [
        {"name": name, "type": "table", "data": [["a", "b"], *rows], "schema": declared}
        for name, rows, declared in (("table", here, schema), ("units", there, plain))
    ]
    theirs = Package.from_descriptor({"resources": resources}).validate(name="table").tasks[0].errors
    units = Reference(None, "units", table_of(there, schema_of(plain), name="units"))
    outcome = check(table_of(here, schema_of(schema)), [units])
    ours = () if isinstance(outcome, Checked) else outcome.findings
    assert [(f.code, f.place.row, f.note) for f in ours if f.code not in OURS] == [
        (error.type, error.to_dict()["rowNumber"], error.note) for error in theirs
    ]
