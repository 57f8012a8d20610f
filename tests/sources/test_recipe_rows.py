"""Steps that choose, head, fill and order rows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from recipe_helpers import run_recipe

from opendata.errors import SourceError
from opendata.sources import limits
from opendata.sources.recipe.rows import header_labels


@pytest.mark.parametrize(
    ("head", "labels"),
    [
        ([["a", "b"]], ("a", "b")),
        ([["a", "", "c"]], ("a", "", "c")),
        ([["a", "b", "", ""]], ("a", "b")),
        (
            [["Tỉnh", "1995", "", "1996", ""], ["", "S", "N", "S", "N"]],
            ("Tỉnh", "1995 S", "1995 N", "1996 S", "1996 N"),
        ),
        ([["Tỉnh", "Năm", ""], ["", "1995", "1996"]], ("Tỉnh", "Năm 1995", "Năm 1996")),
        ([["A", "", "B", ""], ["x", "y", "", ""], ["1", "2", "1", "2"]], ("A x 1", "A y 2", "B 1", "B 2")),
        ([["A", "", "Ghi chú"], ["x", "y", ""]], ("A x", "A y", "Ghi chú")),
        ([["A", "A"], ["A", "b"]], ("A", "A b")),
        ([["A"], ["b", "c"]], ("A b", "A c")),
        ([["Tỉnh,  thành\nphố"], ["Ti\u0309nh, thành phố"]], ("Tỉnh, thành phố",)),
        ([[]], ()),
    ],
)
def test_a_header_of_several_rows_is_joined(head: list[list[str]], labels: tuple[str, ...]) -> None:
    assert header_labels(head, " ") == labels


TITLED = [["Bảng 1"], [], ["Tỉnh", "Năm", ""], ["", "1995", "1996"], ["x", "1", "2"], ["y", "3", "4"]]


def test_the_header_is_taken_from_its_rows_and_what_stands_above_is_left_out() -> None:
    made = run_recipe(TITLED, {"step": "header", "rows": [3, 4]})
    assert made.labels == ("Tỉnh", "Năm 1995", "Năm 1996")
    assert made.header_row == 4
    assert made.rows == [(5, ["x", "1", "2"]), (6, ["y", "3", "4"])]


def test_the_text_between_header_rows_can_be_chosen() -> None:
    assert run_recipe(TITLED, {"step": "header", "rows": [3, 4], "join": "/"}).labels[1] == "Năm/1995"


def test_rows_between_the_first_and_the_last_belong_to_the_header() -> None:
    made = run_recipe([["a"], ["b"], ["c"], ["1"]], {"step": "header", "rows": [1, 3]})
    assert (made.labels, made.rows) == (("a b c",), [(4, ["1"])])
    without = run_recipe(
        [["a"], ["b"], ["c"], ["1"]], {"step": "skip", "rows": [2]}, {"step": "header", "rows": [1, 3]}
    )
    assert without.labels == ("a c",)


def test_a_header_that_is_not_there_is_refused() -> None:
    with pytest.raises(SourceError, match="no row 9"):
        run_recipe([["a"]], {"step": "header", "rows": [9]})


def test_rows_are_skipped_by_their_number_in_the_file() -> None:
    lines = [["a"], ["1"], ["2"], ["3"]]
    assert run_recipe(lines, {"step": "skip", "rows": [2, 4, 9]}).rows == [(3, ["2"])]
    late = run_recipe(lines, {"step": "header", "rows": [1]}, {"step": "skip", "rows": [2]})
    assert late.rows == [(3, ["2"]), (4, ["3"])]


def test_rows_above_one_are_skipped() -> None:
    made = run_recipe([["title"], ["a"], ["1"]], {"step": "skip-before", "row": 2})
    assert (made.labels, made.header_row, made.rows) == (("a",), 2, [(3, ["1"])])


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        ("CẢ NƯỚC", ["Đồng bằng sông Hồng", "x", ""]),
        ("CẢ NƯỚC|Đồng bằng .*", ["x", ""]),
        ("x|y", ["CẢ NƯỚC", "Đồng bằng sông Hồng", ""]),
        ("C", ["CẢ NƯỚC", "Đồng bằng sông Hồng", "x", ""]),
        ("(?i)cả nước", ["Đồng bằng sông Hồng", "x", ""]),
        ("", ["CẢ NƯỚC", "Đồng bằng sông Hồng", "x"]),
        ("^x$", ["CẢ NƯỚC", "Đồng bằng sông Hồng", ""]),
    ],
)
def test_rows_are_dropped_where_the_whole_cell_matches(pattern: str, kept: list[str]) -> None:
    lines = [["a", "b"], [" CẢ NƯỚC ", "1"], ["Đồng bằng sông Hồng", "2"], ["x", "3"], ["", "4"]]
    made = run_recipe(lines, {"step": "drop-rows", "field": "a", "matches": pattern})
    assert [cells[0].strip() for _row, cells in made.rows] == kept


def test_cells_are_compared_composed() -> None:
    lines = [["a"], ["CA\u0309 NU\u031bO\u031b\u0301C"], ["x"]]
    assert run_recipe(lines, {"step": "drop-rows", "field": "a", "matches": "CẢ NƯỚC"}).rows == [(3, ["x"])]


def test_rows_are_dropped_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BATCH_ROWS", 3)
    lines = [["a"], *[[str(number)] for number in range(10)]]
    made = run_recipe(lines, {"step": "drop-rows", "field": "a", "matches": "[02468]"})
    assert [cells for _row, cells in made.rows] == [["1"], ["3"], ["5"], ["7"], ["9"]]


def test_blank_cells_are_filled_from_above() -> None:
    lines = [["v", "n"], ["", "0"], ["A", "1"], ["", "2"], [" ", "3"], ["B", "4"]]
    made = run_recipe(lines, {"step": "fill-down", "field": "v"})
    assert [cells[0] for _row, cells in made.rows] == ["", "A", "A", "A", "B"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["10", "9", "-1", "1.5"], ["-1", "1.5", "9", "10"]),
        (["10", "9", ""], ["", "9", "10"]),
        (["02", "01-1991", "10"], ["01-1991", "02", "10"]),
        (["b", "a", "10", "9"], ["10", "9", "a", "b"]),
        (["2016", "1995"], ["1995", "2016"]),
        (["1e3", "9"], ["1e3", "9"]),
    ],
)
def test_rows_are_sorted_by_size_or_by_characters(cells: list[str], expected: list[str]) -> None:
    made = run_recipe([["a", "b"], *[[cell, "x"] for cell in cells]], {"step": "sort", "by": ["a"]})
    assert [found[0] for _row, found in made.rows] == expected


def test_a_sort_keeps_row_numbers_and_the_order_of_equals() -> None:
    lines = [["a", "b"], ["2", "x"], ["1", "z"], ["2", "w"], ["1", "y"]]
    assert run_recipe(lines, {"step": "sort", "by": ["a"]}).rows == [
        (3, ["1", "z"]),
        (5, ["1", "y"]),
        (2, ["2", "x"]),
        (4, ["2", "w"]),
    ]
    assert [row for row, _cells in run_recipe(lines, {"step": "sort", "by": ["a", "b"]}).rows] == [5, 3, 4, 2]


@settings(deadline=None)
@given(
    st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-1000, max_value=1000), max_size=9)
)
def test_numbers_sort_as_numbers(values: list[Decimal]) -> None:
    made = run_recipe([["a", "b"], *[[format(value + 0, "f"), "x"] for value in values]], {"step": "sort", "by": ["a"]})
    found = [Decimal(cells[0]) for _row, cells in made.rows]
    assert found == sorted(values)


def test_too_many_rows_to_sort_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SORT_ROWS", 2)
    with pytest.raises(SourceError, match="More than 2 rows"):
        run_recipe([["a"], ["1"], ["2"], ["3"]], {"step": "sort", "by": ["a"]})
