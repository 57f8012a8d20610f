"""The verdict is frictionless's own: random tables, dialects and dirty bytes, each judged by both.

The long run is one command (docs/developers.md); each difference that was ever found stays here as an example.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, example, given, seed, settings
from verdict_helpers import Case, Source, differences
from verdict_strategies import cases

pytestmark = pytest.mark.no_cover  # tracing would double its time; the other tests cover what it runs

QUICK = 300
CHUNK = 1000
"""So many cases share a seed: a long run that was broken off is gone on with at the seed it had come to."""

FUZZ = int(os.environ.get("OPENDATA_FUZZ", "0"))
FIRST = int(os.environ.get("OPENDATA_SEED", "1"))


def agrees(case: Case) -> None:
    """Both verdicts on a case are the same, but for what is meant to differ."""
    told = differences(case)
    assert not told, told


def csv(content: str, *fields: dict[str, object], dialect: dict[str, object] | None = None, **more: object) -> Case:
    """A case of one table in UTF-8."""
    return Case(Source("table", {"fields": list(fields), **more}, dialect or {}, "utf-8", content.encode()))


A, B = {"name": "a", "type": "string"}, {"name": "b", "type": "string"}
SHAPES = Source(
    "units", {"fields": [{"name": "id", "type": "string", "format": "wkt"}]}, {}, "utf-8", b"id\n", "units.csv"
)
INTO = [{"fields": ["b"], "reference": {"resource": "units", "fields": ["id"]}}]
POINTING = Source("table", {"fields": [A, B], "fieldsMatch": "superset", "foreignKeys": INTO}, {}, "utf-8", b"a\n")
ITSELF = [{"fields": ["a"], "reference": {"resource": "", "fields": ["a"]}}]
ARRAY = {"name": "a", "type": "array"}
TWICE = Source("table", {"fields": [ARRAY]}, {"header": False}, "utf-16", "\ufeff[1]\n".encode("utf-16"))
NUMBERS = Source("units", {"fields": [{"name": "id", "type": "number"}]}, {}, "utf-8", b"id\n0.1\n", "units.csv")
FLOAT = {"name": "b", "type": "number", "floatNumber": True}
FLOATS = Source("table", {"fields": [FLOAT], "foreignKeys": INTO}, {}, "utf-8", b"b\n0.1\n")


@settings(max_examples=QUICK, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(cases())
@example(csv("#\na\n1\n", A, dialect={"commentChar": "#", "headerRows": [1, 2]}))
@example(csv(",x\na,b\n1,2\n", A, {"name": "x b"}, dialect={"headerRows": [1, 2]}))
@example(csv(",x\na,b\n1,2\n", A, {"name": "x b"}, dialect={"headerRows": [1, 2]}, fieldsMatch="subset"))
@example(Case(POINTING, (SHAPES,)))  # the table is opened although nothing points into it
@example(Case(FLOATS, (NUMBERS,)))  # 0.1 is not the decimal 0.1
@example(Case(TWICE))  # the second mark is text
@example(csv(",a\na,a\n", A, B, dialect={"headerRows": [1, 2]}, fieldsMatch="equal", foreignKeys=ITSELF))
@example(csv("\n", A, dialect={"commentRows": [1], "header": False}))
@example(
    replace(
        csv(
            "a,b\n\n2024-05,1900-01\n1900-02,1900-02\n1900-03,2024-05\n",
            {"name": "a", "type": "yearmonth"},
            {"name": "b", "type": "yearmonth", "constraints": {"exclusiveMinimum": "1900-02"}},
            foreignKeys=[{"fields": ["a"], "reference": {"resource": "", "fields": ["b"]}}],
        ),
        rows=1,
        block=1,
        limit=3,
    )
)
@example(
    csv(
        "a,d\nx,10:00:00+25:00\n",
        {**A, "type": "integer"},
        {"name": "d", "type": "time", "format": "any"},
        uniqueKeys=[["d"]],
    )
)
def test_random_tables_are_judged_as_frictionless_judges_them(case: Case) -> None:
    agrees(case)


@pytest.mark.fuzz
@pytest.mark.parametrize("number", range(FIRST, FIRST + -(-FUZZ // CHUNK)))
def test_the_long_run(number: int) -> None:
    phases = [Phase.generate, Phase.shrink]
    rules = settings(
        max_examples=min(CHUNK, FUZZ),
        deadline=None,
        database=None,
        phases=phases,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    seed(number)(rules(given(cases())(agrees)))()
