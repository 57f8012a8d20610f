"""Each cell that nearly fits, under each way to declare its type: alone among clean cells, in blocks small and large.

What random tables meet once in a thousand cases is met here in each run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from schema_helpers import csv_text
from verdict_cells import ANY, FORMATS, NEARLY, clean
from verdict_helpers import Case, Source, differences
from verdict_strategies import HARD, LISTED, ORDERED, WAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

Draft = dict[str, object]

pytestmark = pytest.mark.no_cover  # tracing would double its time; the other tests cover what it runs


def _variants() -> Iterator[Draft]:
    for kind in NEARLY:
        ways = [{}, *({"format": form} for form in FORMATS.get(kind, ())), *(way for way in WAYS.get(kind, ()) if way)]
        for way in ways:
            yield {"name": "a", "type": kind, **way}


def _asked(field: Draft) -> Iterator[tuple[str, Draft, Draft]]:
    """What is asked of a field beside its type: a name, properties of the field, properties of the schema."""
    yield "plain", {}, {}
    yield "missing", {"missingValues": ["-", " ", "0", "NA"], "constraints": {"required": True}}, {}
    if field["type"] in ORDERED:
        yield "bounded", {"constraints": {"minimum": clean(field, 3), "exclusiveMaximum": clean(field, 20)}}, {}
    if field["type"] in LISTED:
        yield "listed", {"constraints": {"enum": [clean(field, number) for number in range(4)]}}, {}
    if field["type"] == "string":
        for name, value in (("minLength", 2), ("maxLength", 3), ("pattern", r"\w+|\D{2}"), ("pattern", r"[^\s]*")):
            yield f"{name} {value}", {"constraints": {name: value}}, {}
    if field["type"] not in HARD:
        yield "unique", {"constraints": {"unique": True}}, {}
        yield "keyed", {}, {"primaryKey": ["a"]}
        yield "pointing", {}, {"foreignKeys": [{"fields": ["a"], "reference": {"resource": "", "fields": ["a"]}}]}


def _tables() -> Iterator[tuple[str, Draft, Draft]]:
    for field in _variants():
        told = " ".join(f"{key}={value}" for key, value in field.items() if key != "name")
        for name, more, around in _asked(field):
            yield f"{told}, {name}", {**field, **more}, around


TABLES = list(_tables())


def _case(field: Draft, around: Draft, *, rows: int, block: int, every: int) -> Case:
    """A table whose every so manyth row is a trap, the others clean."""
    cells = dict.fromkeys([*NEARLY[str(field["type"])], *ANY])
    lines: list[list[str]] = []
    for trap in cells:
        lines.extend([clean(field, len(lines) + number)] for number in range(every - 1))
        lines.append([trap])
    schema = {"fields": [field], **around}
    return Case(
        Source("table", schema, {}, "utf-8", csv_text(lines, ["a"]).encode()), rows=rows, block=block, limit=10_000
    )


@pytest.mark.parametrize(("field", "around"), [each[1:] for each in TABLES], ids=[each[0] for each in TABLES])
def test_each_trap_alone_is_judged_as_frictionless_judges_it(field: Draft, around: Draft) -> None:
    told = differences(_case(field, around, rows=1, block=1, every=1))
    assert not told, told


FEW = [each for each in TABLES if each[0].endswith((", plain", ", keyed"))]


@pytest.mark.slow
@pytest.mark.parametrize(("field", "around"), [each[1:] for each in FEW], ids=[each[0] for each in FEW])
def test_each_trap_among_clean_cells_is_judged_as_frictionless_judges_it(field: Draft, around: Draft) -> None:
    told = differences(_case(field, around, rows=4, block=40, every=4))
    assert not told, told
