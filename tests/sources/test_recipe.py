"""Recipes: read from JSON with all faults at once, documented, and run step after step."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING

import pytest
from recipe_helpers import run_recipe

from opendata.errors import DescriptorError, SourceError
from opendata.sources.recipe import STEPS, DropRows, Header, Pattern, Recode, Unpivot, parse
from opendata.sources.recipe.reading import READERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Json


def faults(*recipe: Json) -> list[tuple[str | None, str, str]]:
    with pytest.raises(DescriptorError) as caught:
        parse(recipe)
    return [(item.pointer, item.message, item.remedy) for item in caught.value.findings]


def test_steps_are_sorted_named_and_documented() -> None:
    assert list(STEPS) == sorted(STEPS)
    for name, step in STEPS.items():
        assert vars(step)["STEP"] == name
        assert dataclasses.is_dataclass(step)
        assert step.__doc__
        for field in dataclasses.fields(step):  # type: ignore[arg-type] # as just asserted
            assert str(field.type) in READERS


@pytest.mark.parametrize("name", STEPS)
def test_the_example_of_each_step_can_be_read(name: str) -> None:
    found = re.search(r"Example: `(\{.*\})`", STEPS[name].__doc__ or "")
    assert found
    example = json.loads(found[1])
    assert example["step"] == name
    (step,) = parse([example])
    assert isinstance(step, STEPS[name])  # type: ignore[arg-type] # the values of STEPS are classes


def test_steps_are_frozen_values() -> None:
    (step,) = parse([{"step": "header", "rows": [4, 5], "join": "/"}])
    assert step == Header((4, 5), "/")
    with pytest.raises(dataclasses.FrozenInstanceError):
        step.join = " "  # type: ignore[attr-defined] # that it cannot be set is the point
    assert parse([{"step": "drop-rows", "field": "a", "matches": "x"}]) == (DropRows("a", Pattern("x")),)
    assert parse([{"step": "recode", "field": "a", "map": {"x": "y"}}]) == (Recode("a", {"x": "y"}),)
    assert parse([{"step": "unpivot", "keep": [], "name": "n", "value": "v", "pattern": None}]) == (
        Unpivot((), "n", "v"),
    )
    assert parse([]) == ()


def test_all_faults_are_told_at_once_with_their_pointers() -> None:
    found = faults(
        {"step": "skip"},
        {"step": "nothing"},
        {"step": "skip", "rows": [0], "row": 1, "a/b~c": 2},
        {"step": "sort", "by": ["a"]},
        {},
    )
    assert [pointer for pointer, _what, _remedy in found] == [
        "/origin/recipe/0/rows",
        "/origin/recipe/1/step",
        "/origin/recipe/2/row",
        "/origin/recipe/2/a~1b~0c",
        "/origin/recipe/2/rows",
        "/origin/recipe/4/step",
    ]
    assert all(what and remedy for _pointer, what, remedy in found)
    assert "drop-rows, fill-down" in found[1][2]


def test_the_error_says_how_many_and_the_first() -> None:
    with pytest.raises(DescriptorError) as caught:
        parse([{"step": "x"}, {"step": "y"}], "/resources/0/origin/recipe")
    assert "2 faults" in caught.value.what
    assert caught.value.where.startswith("/resources/0/origin/recipe/0/step: ")
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("step", "pointer"),
    [
        ({"step": "skip", "rows": []}, "rows"),
        ({"step": "skip", "rows": [True]}, "rows"),
        ({"step": "skip", "rows": "1"}, "rows"),
        ({"step": "skip-before", "row": 0}, "row"),
        ({"step": "skip-before", "row": "2"}, "row"),
        ({"step": "header", "rows": [1], "join": None}, "join"),
        ({"step": "drop-rows", "field": 1, "matches": "x"}, "field"),
        ({"step": "drop-rows", "field": "a", "matches": "("}, "matches"),
        ({"step": "drop-rows", "field": "a", "matches": "(?=x)"}, "matches"),
        ({"step": "select", "fields": "a"}, "fields"),
        ({"step": "select", "fields": [1]}, "fields"),
        ({"step": "rename", "fields": ["a"]}, "fields"),
        ({"step": "rename", "fields": {"a": 1}}, "fields"),
        ({"step": "recode", "field": "a", "map": {"x": None}}, "map"),
        ({"step": "recode", "field": "a", "map": {}, "into": 1}, "into"),
        ({"step": "unpivot", "keep": [], "name": "n", "value": "v", "pattern": "(?P<m>x)"}, "pattern"),
        ({"step": "unpivot", "keep": [], "name": "n", "value": "v", "pattern": "(?P<n>x)(y)"}, "pattern"),
        ({"step": "parse-numbers", "fields": ["a"], "decimal": ".", "group": "."}, "decimal"),
        ({"step": "parse-numbers", "fields": ["a"], "decimal": ""}, "decimal"),
        ({"step": "parse-numbers", "fields": ["a"], "group": "  "}, "decimal"),
        ({"step": "parse-dates", "fields": ["a"], "format": "dd/mm/yyyy"}, "format"),
        ({"step": "parse-dates", "fields": ["a"], "format": "%d/%B/%Y"}, "format"),
        ({"step": "parse-dates", "fields": ["a"], "format": "%d%"}, "format"),
    ],
)
def test_a_wrong_property_is_told_by_its_pointer(step: Json, pointer: str) -> None:
    assert [found[0] for found in faults(step)] == [f"/origin/recipe/0/{pointer}"]


def test_a_step_that_is_no_object_is_told() -> None:
    recipe: Sequence[Json] = ["skip"]  # type: ignore[list-item] # as a person may write it
    assert faults(*recipe)[0][0] == "/origin/recipe/0"


def test_an_expression_that_would_run_for_ever_elsewhere_is_harmless() -> None:
    lines = [["a"], ["a" * 5000 + "!"]]
    assert len(run_recipe(lines, {"step": "drop-rows", "field": "a", "matches": "(a+)+"}).rows) == 1


def test_the_first_row_is_the_header_where_no_step_says() -> None:
    made = run_recipe([["a ", " b\nc"], ["1", "2"], ["", ""], ["3"]])
    assert (made.labels, made.header_row) == (("a", "b c"), 1)
    assert made.rows == [(2, ["1", "2"]), (4, ["3", ""])]


@pytest.mark.parametrize("lines", [[["a"], ["1", "x"]], [["a", "", "b"], ["1", "x", "2"]]])
def test_a_cell_under_no_header_is_never_lost(lines: list[list[str]]) -> None:
    with pytest.raises(SourceError) as caught:
        run_recipe(lines)
    assert "row 2, column 2" in caught.value.where
    assert "x" in caught.value.what


def test_nothing_left_is_an_error() -> None:
    with pytest.raises(SourceError, match="No row is left"):
        run_recipe([["a"]], {"step": "skip", "rows": [1]})


@pytest.mark.parametrize(
    "step",
    [
        {"step": "drop-rows", "field": "z", "matches": "x"},
        {"step": "fill-down", "field": "z"},
        {"step": "sort", "by": ["z"]},
        {"step": "unpivot", "keep": ["z"], "name": "n", "value": "v"},
        {"step": "rename", "fields": {"z": "y"}},
        {"step": "select", "fields": ["z"]},
        {"step": "parse-numbers", "fields": ["z"]},
        {"step": "parse-dates", "fields": ["z"], "format": "%d"},
        {"step": "recode", "field": "z", "map": {}},
        {"step": "recode-units", "field": "z"},
        {"step": "recode-units", "field": "a", "year": "z"},
    ],
)
def test_a_column_that_is_not_there_is_named_and_those_there_are_listed(step: Json) -> None:
    with pytest.raises(SourceError) as caught:
        run_recipe([["a", "b"], ["1", "2"]], step)
    assert "column z" in caught.value.what
    assert "a, b" in caught.value.remedy
    assert caught.value.where == "a.xlsx, sheet S"


def test_a_name_that_two_columns_have_is_refused() -> None:
    with pytest.raises(SourceError, match="More than one column"):
        run_recipe([["a", "a"], ["1", "2"]], {"step": "sort", "by": ["a"]})


def test_columns_are_found_however_their_names_are_composed() -> None:
    made = run_recipe([["Ti\u0309nh  thành\nphố"], ["x"]], {"step": "select", "fields": ["Tỉnh thành phố"]})
    assert made.labels == ("Tỉnh thành phố",)
