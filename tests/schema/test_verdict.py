"""The verdict is frictionless's own in what random tables seldom meet: limits, invalid schemas, keys between tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schema_helpers import csv_text, schema_of, table_of
from verdict_cells import NEARLY
from verdict_helpers import Case, Source, Verdict, compared, differences, frictionless_says, we_say

if TYPE_CHECKING:
    from pathlib import Path

Rows = list[list[str]]


def source(name: str, rows: Rows, labels: list[str], schema: dict[str, object]) -> Source:
    """A file of these rows, each cell quoted."""
    return Source(name, schema, {}, "utf-8", csv_text(rows, labels).encode(), f"{name}.csv")


CELLS = st.sampled_from([*NEARLY["integer"][:20], *NEARLY["date"][:20], "", " "])


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.lists(CELLS, max_size=3), max_size=8), st.integers(1, 4), st.integers(1, 9))
def test_the_limit_cuts_where_frictionless_cuts(rows: Rows, size: int, limit: int) -> None:
    schema: dict[str, object] = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "date"}]}
    told = differences(Case(source("table", rows, ["a", "b"], schema), rows=size, limit=limit))
    assert not told, told


@pytest.mark.parametrize(
    "schema",
    [
        {"fields": [{"name": "a", "type": "integer", "constraints": {"pattern": "[0-9]"}}]},
        {"fields": [{"name": "a", "type": "date", "example": "x"}]},
        {"fields": [{"name": "a", "type": "string"}, {"name": "a", "type": "string"}]},
        {"fields": [{"name": "a", "type": "string"}], "primaryKey": ["b"]},
        {"fields": [{"name": "a", "type": "string", "format": "phone"}]},
        {"fields": [{"name": "a", "type": "text"}]},
        {"fields": [{"name": "a", "missingValues": "-"}]},
        {"fields": [{"name": "a", "required": True}]},
        {"fields": [{"name": "a", "type": "integer", "required": False}]},
    ],
)
def test_an_invalid_schema_is_told_as_frictionless_tells_it(schema: dict[str, object], tmp_path: Path) -> None:
    table = source("table", [["1"]], ["a"], schema)
    (tmp_path / table.path).write_bytes(table.content)
    theirs = frictionless_says(tmp_path, [table])
    assert theirs.errors
    assert not compared(we_say(table_of([["1"]], schema_of(schema), labels=["a"]), []), theirs, 1000)


KEYS = st.lists(st.lists(st.sampled_from(["", "1", "01", "1.0", "x", "2"]), min_size=2, max_size=2), max_size=6)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(KEYS, KEYS, st.sampled_from(["string", "integer", "number", "any"]), st.sampled_from([["a"], ["a", "b"]]))
def test_keys_into_another_table_are_judged_as_in_a_package(here: Rows, there: Rows, kind: str, key: list[str]) -> None:
    plain: dict[str, object] = {"fields": [{"name": "a", "type": kind}, {"name": "b", "type": "string"}]}
    foreign = {"fields": key, "reference": {"resource": "units", "fields": key}}
    table = source("table", here, ["a", "b"], {**plain, "foreignKeys": [foreign]})
    told = differences(Case(table, (source("units", there, ["a", "b"], plain),), rows=2))
    assert not told, told


@pytest.mark.parametrize(
    "ours",
    [
        Verdict(),
        Verdict((("type-error", 3, "a", "n"), ("blank-row", 2, None, ""))),
        Verdict((("blank-row", 2, None, ""), ("type-error", 3, "a", "other"))),
        Verdict((("blank-row", 2, None, ""), ("type-error", 4, "a", "n"))),
        Verdict((("blank-row", 2, None, ""),), own=("inexact-value",)),
        Verdict((("blank-row", 2, None, ""),)),
    ],
)
def test_another_verdict_is_seen_to_be_another(ours: Verdict) -> None:
    theirs = Verdict((("blank-row", 2, None, ""), ("type-error", 3, "a", "n")))
    assert compared(ours, theirs, 1000)
    assert not compared(theirs, theirs, 1000)


def test_a_table_on_which_frictionless_breaks_may_not_pass() -> None:
    broken = Verdict(crash="TypeError")
    assert compared(Verdict(), broken, 1000)
    assert compared(Verdict((("type-error", 3, "a", "n"),)), broken, 1000)
    assert not compared(Verdict((("check-failed", 3, None, "n"),), complete=False), broken, 1000)
