"""The order of rows where a column is withheld: of the published values alone, typed, missing first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_helpers import block, every_type, field, pour, schema

from opendata.errors import DataError
from opendata.package import sorting
from opendata.package.sorting import SortingSink

if TYPE_CHECKING:
    import random

    from opendata.model import Block

TWO = schema([field("n", {"type": "integer"}), field("t", {})])
ROWS = st.lists(st.tuples(st.one_of(st.none(), st.integers(-50, 50)), st.one_of(st.none(), st.text("abĐ", max_size=2))))


class Collected:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.ended = ""

    def batch(self, block: Block) -> None:
        self.blocks.append(block)

    def seal(self) -> None:
        self.ended = "sealed"

    def abort(self) -> None:
        self.ended = "aborted"

    def rows(self) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for item in self.blocks for row in item.values.to_pylist()]

    def texts(self) -> list[tuple[Any, ...]]:
        return [tuple(row.values()) for item in self.blocks for row in item.texts.to_pylist()]


def two(rows: list[tuple[int | None, str | None]]) -> Block:
    numbers, texts = [row[0] for row in rows], [row[1] for row in rows]
    return block(TWO, [[None if n is None else str(n) for n in numbers], texts], [numbers, texts])


def in_order(blocks: list[Block], limit: int = 1000) -> Collected:
    inner = Collected()
    pour(SortingSink(inner, "table", limit), *blocks)
    assert inner.ended == "sealed"
    return inner


@given(ROWS, st.randoms(use_true_random=False), st.integers(1, 9))
def test_the_order_of_the_source_leaves_no_trace(
    rows: list[tuple[int | None, str | None]], chance: random.Random, size: int
) -> None:
    expected = sorted(
        rows, key=lambda row: (row[0] is not None, row[0] or 0, row[1] is not None, (row[1] or "").encode())
    )
    chance.shuffle(rows)
    found = in_order([two(rows[start : start + size]) for start in range(0, len(rows), size)])
    assert found.rows() == expected
    assert [row[1] for row in found.texts()] == [row[1] for row in expected]


def test_numbers_are_ordered_as_numbers() -> None:
    assert [row[0] for row in in_order([two([(10, "a"), (9, "b"), (None, "c"), (-1, "d")])]).rows()] == [
        None,
        -1,
        9,
        10,
    ]


def test_equal_values_are_ordered_by_how_they_are_written() -> None:
    made = schema([field("n", {"type": "number"})])
    one, other = ["1.50", "1.5", "1.500"], ["1.500", "1.50", "1.5"]
    found = [in_order([block(made, [texts], [[1.5, 1.5, 1.5]])]).texts() for texts in (one, other)]
    assert found[0] == found[1] == [("1.5",), ("1.50",), ("1.500",)]


def test_every_type_can_be_sorted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sorting, "SLICE_ROWS", 3)
    _, whole = every_type()
    found = in_order([whole, whole])
    assert len(found.blocks) == 3
    assert found.blocks[0].values.schema.equals(whole.values.schema, check_metadata=True)
    assert sorted(row[0] for row in found.rows()) == [row[0] for row in found.rows()]


def test_too_many_rows_are_refused_with_a_remedy() -> None:
    sink = SortingSink(Collected(), "big", limit=3)
    sink.batch(two([(1, "a"), (2, "b"), (3, "c")]))
    with pytest.raises(DataError, match="more than 3 rows") as fault:
        sink.batch(two([(4, "d")]))
    assert (fault.value.where, bool(fault.value.remedy)) == ("big", True)


def test_abort_reaches_what_is_behind() -> None:
    inner = Collected()
    sink = SortingSink(inner, "table")
    sink.batch(two([(1, "a")]))
    sink.abort()
    assert (inner.ended, inner.blocks) == ("aborted", [])
