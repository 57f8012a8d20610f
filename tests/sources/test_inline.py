"""Data that stands in the descriptor."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.errors import SourceError
from opendata.model import JsonValue, Place
from opendata.sources import inline


def lines(data: JsonValue, fields: tuple[str, ...] = ()) -> list[tuple[int, list[str]]]:
    return [(line.row, list(line.cells)) for line in inline.records(data, fields, Place())]


def test_rows_as_arrays() -> None:
    data: JsonValue = [["a", "b"], [1, None], [True, 2.5], [[1], {"x": "ư"}], []]
    expected = [["a", "b"], ["1", ""], ["true", "2.5"], ["[1]", '{"x":"ư"}'], []]
    assert lines(data) == list(enumerate(expected, start=1))


def test_rows_as_objects_take_their_columns_from_the_first_or_from_the_schema() -> None:
    data: JsonValue = [{"a": 1, "b": 2}, {"b": 3, "c": 4}]
    assert lines(data) == [(1, ["a", "b"]), (2, ["1", "2"]), (3, ["", "3"])]
    assert lines(data, ("c", "a")) == [(1, ["c", "a"]), (2, ["", "1"]), (3, ["4", ""])]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ([], ""),
        ("a,b\n1,2", "row 1"),
        ({"a": 1}, "row 1"),
        (5, "row 1"),
        ([1, 2], "row 1"),
        (["ab"], "row 1"),
        ([["a"], {"a": 1}], "row 2"),
        ([{"a": 1}, ["b"]], "row 3"),
        ([["a"], ["\ud800"]], "row 2, column 1"),
    ],
)
def test_what_is_no_table_is_refused(data: JsonValue, where: str) -> None:
    with pytest.raises(SourceError) as caught:
        lines(data)
    assert caught.value.where == where


@pytest.mark.parametrize(("value", "text"), [(float("nan"), "NaN"), (float("inf"), "INF"), (float("-inf"), "-INF")])
def test_numbers_that_json_has_no_form_for(value: float, text: str) -> None:
    assert inline.text(value) == text


@settings(deadline=None)
@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()))
def test_every_value_has_a_text(value: JsonValue) -> None:
    assert isinstance(inline.text(value), str)
