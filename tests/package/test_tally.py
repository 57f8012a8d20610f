"""Statistics: exact, bounded, and independent of the blocks."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st
from package_helpers import block, every_type, field, pour, schema

from opendata.model import as_object, canonical
from opendata.package.tally import DISTINCT_LIMIT, TallySink

if TYPE_CHECKING:
    from opendata.model import JsonValue


def told(values: list[Any], size: int = 1000, **descriptor: JsonValue) -> dict[str, Any]:
    made = schema([field("a", descriptor)])
    sink = TallySink(["a"])
    parts = [values[start : start + size] for start in range(0, len(values), size)]
    pour(sink, *(block(made, [[None if v is None else str(v) for v in part]], [part]) for part in parts))
    assert sink.rows == len(values)
    return dict(as_object(sink.statistics()["a"]))


@given(st.lists(st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1))), st.integers(1, 7))
def test_integers_are_exact_in_any_blocks(values: list[int | None], size: int) -> None:
    present = [value for value in values if value is not None]
    expected: dict[str, object] = {"count": len(present), "missing": len(values) - len(present)}
    expected |= {"min": min(present), "max": max(present)} if present else {}
    assert told(values, size, type="integer") == {**expected, "distinct": len(set(present))}


@given(st.lists(st.floats()))
def test_numbers_never_give_what_json_cannot_hold(values: list[float]) -> None:
    assert json.loads(canonical(told(values, type="number")))["count"] == len(values)


@given(st.lists(st.decimals(-1000, 1000, places=2), min_size=1))
def test_decimals_are_told_as_text(values: list[Decimal]) -> None:
    found = told(values, type="number", decimal=[12, 2])
    assert (Decimal(found["min"]), Decimal(found["max"])) == (min(values), max(values))


def test_infinite_and_undefined_numbers_have_no_part_in_the_range() -> None:
    found = told([1.5, float("inf"), float("nan"), float("nan"), None, -2.0], type="number")
    assert found == {"count": 5, "missing": 1, "min": -2.0, "max": 1.5, "distinct": 4}


def test_texts_have_no_range_and_many_no_distinct() -> None:
    assert told(["b", "a", "b", None], type="string") == {"count": 3, "missing": 1, "distinct": 2}
    many = [str(number) for number in range(DISTINCT_LIMIT + 1)]
    assert told(many[:-1], type="string")["distinct"] == DISTINCT_LIMIT
    assert "distinct" not in told(many, type="string")
    assert "distinct" not in told([*many, *many], 100, type="string")


def test_times_are_told_as_text_and_zoned_ones_in_utc() -> None:
    made, whole = every_type()
    sink = TallySink([item.name for item in made.fields])
    pour(sink, whole)
    found = {name: as_object(value) for name, value in sink.statistics().items()}
    assert (found["day"]["min"], found["day"]["max"]) == ("1900-01-01", "2024-02-29")
    assert (found["zoned"]["min"], found["zoned"]["max"]) == ("2024-01-05T00:00:00Z", "2024-01-05T16:30:00Z")
    assert (found["moment"]["min"], found["moment"]["max"]) == ("1969-12-31T23:59:59.000001", "2024-01-05T07:00:00")
    assert (found["clock"]["min"], found["clock"]["max"]) == ("00:00:00.500000", "23:59:59")
    assert (found["year"]["min"], found["year"]["distinct"], found["zoned"]["distinct"]) == (1, 3, 2)


def test_abort_forgets() -> None:
    sink = TallySink(["a"])
    sink.batch(block(schema([field("a", {})]), [["x"]]))
    sink.abort()
    assert (sink.rows, sink.statistics()) == (0, {"a": {"count": 0, "missing": 0, "distinct": 0}})
