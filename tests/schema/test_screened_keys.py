"""Keys by their hashes: equal values have equal ones, whatever the type; on disk as in memory; rows in their order."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from schema_helpers import fields, schema_of, table_of

from opendata.model import Checked, Reference, Report
from opendata.schema import check
from opendata.schema.screen import spill
from opendata.schema.screen.hashing import hash_key
from opendata.schema.screen.spill import KeyStore

if TYPE_CHECKING:
    from collections.abc import Sequence

HASHES = st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 20) | st.integers(2**64 - 20, 2**64 - 1), max_size=60)
COLUMNS = [
    (pa.int64(), [0, 1, -1, 2**62]),
    (pa.int32(), [0, 1, -1, 2**31 - 1]),
    (pa.float64(), [0.0, -0.0, 1.0, 1.5, -1.5]),
    (pa.decimal128(6, 2), [Decimal("1.50"), Decimal("-1.50"), Decimal(0)]),
    (pa.bool_(), [True, False]),
    (pa.date32(), [dt.date(2024, 1, 1), dt.date(1, 1, 1)]),
    (pa.time64("us"), [dt.time(1), dt.time(1, 0, 0, 1)]),
    (pa.timestamp("us"), [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 1, 0, 0, 0, 1)]),  # noqa: DTZ001 - naive ones
    (pa.string(), ["", "a", "b", "ab", "ba", "a" * 8, "a" * 9, "a" * 17, "đ", "\0", "\0\0"]),
]


def store(hashes: Sequence[int], first: int = 0) -> KeyStore:
    made = KeyStore()
    for at in range(0, len(hashes), 7):
        part = np.array(hashes[at : at + 7], np.uint64)
        made.add(part, np.arange(first + at, first + at + len(part)))
    return made


@pytest.mark.parametrize("held", [0, 10, 1000])
@given(hashes=HASHES, other=HASHES)
def test_repeated_and_absent_are_those_of_a_set(held: int, hashes: list[int], other: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spill, "HELD", held)
        with store(hashes) as here, store(other) as there:
            twice = [row for row, value in enumerate(hashes) if hashes.count(value) > 1]
            assert here.repeated().tolist() == twice
            assert here.absent_from(there).tolist() == [row for row, value in enumerate(hashes) if value not in other]
            assert here.repeated().tolist() == twice


def test_one_store_in_memory_and_one_on_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD", 5)
    with store([1, 2]) as small, store(range(20)) as large:
        assert small.absent_from(large).tolist() == []
        assert large.absent_from(small).tolist() == [0, *range(3, 20)]


@pytest.mark.parametrize(("kind", "values"), COLUMNS, ids=str)
def test_equal_values_have_equal_hashes_and_others_have_others(kind: pa.DataType, values: list[Any]) -> None:
    column = pa.array([*values, None, *values, None], kind)
    key = hash_key([column, pa.array(["x"] * len(column))], 3)
    half = len(values) + 1
    assert key.hashes[:half].tolist() == key.hashes[half:].tolist()
    assert len(set(key.hashes[:half].tolist())) == len({*values, None})
    assert key.hashes.tolist() != hash_key([column, pa.array(["y"] * len(column))], 3).hashes.tolist()
    assert hash_key([column.slice(1)], 3).hashes.tolist() == hash_key([column], 3).hashes[1:].tolist()


def test_keys_beyond_memory_are_judged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD", 16)
    rows = [[str(number), str(number % 50)] for number in range(200)]
    schema = fields("integer", "string", primaryKey=["a", "b"])
    assert isinstance(check(table_of(rows, schema, size=10)), Checked)
    outcome = check(table_of([*rows, ["07", "7"], ["199", "49"]], schema, size=10))
    assert isinstance(outcome, Report)
    assert [(finding.code, finding.place.row, finding.note) for finding in outcome.findings] == [
        ("primary-key", 202, "the same as in the row at position 9"),
        ("primary-key", 203, "the same as in the row at position 201"),
    ]


def test_a_foreign_key_beyond_memory_is_judged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spill, "HELD", 16)
    units = table_of([[str(number)] for number in range(100)], fields("integer"), name="units", size=9)
    key = {"fields": ["a"], "reference": {"resource": "units", "fields": ["a"]}}
    schema = schema_of({**fields("integer").descriptor, "foreignKeys": [key]})
    rows = [[str(number % 100)] for number in range(300)]
    assert isinstance(check(table_of(rows, schema), [Reference(None, "units", units)]), Checked)
    outcome = check(table_of([*rows, ["100"], ["099"]], schema), [Reference(None, "units", units)])
    assert isinstance(outcome, Report)
    assert [(finding.code, finding.place.row) for finding in outcome.findings] == [("foreign-key", 302)]


def test_frictionless_is_given_no_more_of_a_target_than_the_suspects_may_point_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from opendata.schema import verdict

    units = table_of([[str(number)] for number in range(1000)], fields("integer"), name="units", size=100)
    key = {"fields": ["a"], "reference": {"resource": "units", "fields": ["a"]}}
    schema = schema_of({**fields("integer", "integer").descriptor, "foreignKeys": [key]})
    rows = [[str(number), "1"] for number in range(500)]
    given: list[list[str]] = []
    cells = verdict._cells

    def counted(*told: Any) -> Any:  # noqa: ANN401 - as it is
        for row in cells(*told):
            given.append(row)
            yield row

    monkeypatch.setattr(verdict, "_cells", counted)
    outcome = check(table_of([*rows, ["7", "x"], ["1000", "1"]], schema), [Reference(None, "units", units)])
    assert isinstance(outcome, Report)
    found = [(finding.code, finding.place.row) for finding in outcome.findings]
    assert found == [("type-error", 502), ("foreign-key", 503)]
    assert ["7"] in given
    assert len([row for row in given if len(row) == 1 and row != ["a"]]) == 1
