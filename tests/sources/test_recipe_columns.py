"""Steps that turn, name and choose columns."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recipe_helpers import run_recipe

from opendata.errors import SourceError

WIDE = [["Tỉnh", "1995", "Sơ bộ 2016"], ["x", "1", ""], ["y", "3", "4"]]
UNPIVOT = {"step": "unpivot", "keep": ["Tỉnh"], "name": "year", "value": "pigs"}


def test_columns_become_rows() -> None:
    made = run_recipe(WIDE, UNPIVOT)
    assert made.labels == ("Tỉnh", "year", "pigs")
    assert made.rows == [
        (2, ["x", "1995", "1"]),
        (2, ["x", "Sơ bộ 2016", ""]),
        (3, ["y", "1995", "3"]),
        (3, ["y", "Sơ bộ 2016", "4"]),
    ]


def test_a_pattern_keeps_what_its_group_catches() -> None:
    made = run_recipe(WIDE, UNPIVOT | {"pattern": r"^.*(?P<year>\d{4})$"})
    assert [cells[1] for _row, cells in made.rows] == ["1995", "2016", "1995", "2016"]


def test_further_groups_become_columns() -> None:
    lines = [["k", "1995 area", "1995 yield"], ["x", "1", "2"]]
    made = run_recipe(
        lines,
        {"step": "unpivot", "keep": ["k"], "name": "what", "value": "v", "pattern": r"(?P<year>\d{4}) (?P<what>\w+)"},
    )
    assert made.labels == ("k", "year", "what", "v")
    assert made.rows == [(2, ["x", "1995", "area", "1"]), (2, ["x", "1995", "yield", "2"])]


def test_a_pattern_without_groups_only_holds_the_labels_to_it() -> None:
    made = run_recipe([["k", "1995"], ["x", "1"]], UNPIVOT | {"keep": ["k"], "pattern": r"\d{4}"})
    assert made.rows == [(2, ["x", "1995", "1"])]


def test_a_label_that_does_not_match_is_refused() -> None:
    with pytest.raises(SourceError, match="The column Ghi chú does not match"):
        run_recipe([["Tỉnh", "1995", "Ghi chú"]], UNPIVOT | {"pattern": r"\d{4}"})


def test_kept_columns_come_in_the_order_asked_for() -> None:
    made = run_recipe([["a", "b", "1"], ["x", "y", "z"]], UNPIVOT | {"keep": ["b", "a"]})
    assert made.labels == ("b", "a", "year", "pigs")
    assert made.rows == [(2, ["y", "x", "1", "z"])]


def test_a_column_without_label_must_be_blank_to_be_left_out() -> None:
    lines = [["Tỉnh", "", "1995"], ["x", " ", "1"]]
    assert run_recipe(lines, UNPIVOT).rows == [(2, ["x", "1995", "1"])]
    with pytest.raises(SourceError) as caught:
        run_recipe([*lines, ["y", "stray", "2"]], UNPIVOT)
    assert "row 3, column 2" in caught.value.where
    with pytest.raises(SourceError) as caught:
        run_recipe([*lines, ["y", "", "2", "beyond"]], UNPIVOT)
    assert "row 3, column 4" in caught.value.where


def test_a_fault_found_after_turning_names_the_column_of_the_source() -> None:
    with pytest.raises(SourceError) as caught:
        run_recipe([*WIDE, ["z", "5", "KPH"]], UNPIVOT, {"step": "parse-numbers", "fields": ["pigs"]})
    assert caught.value.where == "a.xlsx, sheet S, row 4, column 3"
    assert "KPH" in caught.value.what
    assert "pigs" in caught.value.what


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(0, 4), st.data())
def test_turning_keeps_every_cell(columns: int, rows: int, data: st.DataObject) -> None:
    cells = st.text("ab1", max_size=3)
    grid = data.draw(st.lists(st.lists(cells, min_size=columns, max_size=columns), min_size=rows, max_size=rows))
    lines = [["key", *[f"c{number}" for number in range(columns)]], *[["k", *line] for line in grid]]
    made = run_recipe(lines, {"step": "unpivot", "keep": ["key"], "name": "n", "value": "v"})
    assert [found[2] for _row, found in made.rows] == [cell for line in grid for cell in line]
    assert [row for row, _found in made.rows] == [row for row in range(2, rows + 2) for _column in range(columns)]


def test_columns_are_renamed() -> None:
    made = run_recipe([["Năm", "b"], ["1", "2"]], {"step": "rename", "fields": {"Năm": "year"}})
    assert (made.labels, made.rows) == (("year", "b"), [(2, ["1", "2"])])
    swapped = run_recipe([["a", "b"], ["1", "2"]], {"step": "rename", "fields": {"a": "b", "b": "a"}})
    assert swapped.labels == ("b", "a")


def test_columns_are_chosen_and_ordered_and_the_others_left_out() -> None:
    lines = [["a", "", "b"], ["1", "note", "2", "stray"]]
    made = run_recipe(lines, {"step": "select", "fields": ["b", "a"]})
    assert (made.labels, made.rows) == (("b", "a"), [(2, ["2", "1"])])


def test_a_fault_found_after_choosing_names_the_column_of_the_source() -> None:
    with pytest.raises(SourceError, match="column 3"):
        run_recipe(
            [["a", "b", "c"], ["1", "2", "?"]],
            {"step": "select", "fields": ["c"]},
            {"step": "parse-numbers", "fields": ["c"]},
        )
