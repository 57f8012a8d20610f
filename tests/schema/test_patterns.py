"""Patterns that could keep the check busy for ever are found before a cell is compared; all others judge as before."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schema_helpers import schema_of, table_of

from opendata.errors import SourceError
from opendata.model import Checked, ForeignKey, Json, Reference, Report
from opendata.schema import check
from opendata.schema.ways import LONGEST, longest_cell

HOSTILE = [
    *("(a+)+", "(a+)+$", "(a|a)*", "(a?)*b", "(a*)*", "(x+x+)+y", "(.*)*", r"([a-z]+)*\d", r"(\d+,?)+", r"(\w+\s?)*"),
    *("((a{1,50}){1,50}){1,50}", "(?i:a+ )*", "a?" * 40 + "a" * 40, "(?:|)" * 40, "(a|)" * 40, "(?!(a+)+b)a"),
    *("(?:" * 40 + "a" + "+)" * 40, "[a-z]|(a*a*)*", "(?:(?:a+)+)?", ".*a.*a.*a.*a.*b", "(?>(a+)+b)", "(?:a|b|ab)*c"),
]
ORDINARY = [
    *("[A-Z]{2}[0-9]{3,5}", r"\d{4}-\d{2}(-\d{2})?", "a|b", "(?:Nam|Nữ)(?:, (?:Nam|Nữ))*", "[A-Z]+( [A-Z]+)*", ".+"),
    *(r"(\d{1,3}\.){3}\d{1,3}", r"\w+ \w+", "(a|ab)*c", r"(?:[a-z]\d|\d[a-z])*", r"[A-ZĐ]{2,5}\d*", "", "(a{2}){3}"),
    *("a" * 100_000, "(?:a|b)" * 5000),
]


@pytest.mark.parametrize("pattern", HOSTILE, ids=lambda pattern: pattern[:20])
def test_a_pattern_with_endless_ways_is_safe_for_no_cell(pattern: str) -> None:
    assert longest_cell(pattern) == 0


@pytest.mark.parametrize("pattern", ORDINARY, ids=lambda pattern: pattern[:20])
def test_an_ordinary_pattern_is_safe_for_any_cell(pattern: str) -> None:
    assert longest_cell(pattern) > 100_000


@pytest.mark.parametrize(
    ("pattern", "least"),
    [(r"[^@]+@[^@]+\.[a-z]{2,}", 5000), (r"\s*(.*?)\s*", 300), ("(?!.*foo).*", 5000), (r"(a)\1*", 5000)],
)
def test_one_with_a_few_choices_is_safe_for_cells_of_ordinary_length(pattern: str, least: int) -> None:
    assert least < longest_cell(pattern) < LONGEST


@pytest.mark.parametrize("pattern", ["(", "a{99999999999}", "[z-a]"])
def test_what_is_no_pattern_is_told_elsewhere(pattern: str) -> None:
    assert longest_cell(pattern) == LONGEST


ATOMS = st.sampled_from(["a", "b", "[ab]", "[^a]", ".", r"\w", "(?:$)", r"(?:\b)"])
TIMES = st.sampled_from(["", "", "*", "+", "?", "{0,3}", "*?"])


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    return st.one_of(
        two.map("".join),
        two.map("(?:{0[0]}|{0[1]})".format),
        st.tuples(inner, TIMES).map("(?:{0[0]}){0[1]}".format),
        inner.map("(?!{})".format),
    )


PATTERNS = st.recursive(st.tuples(ATOMS, TIMES).map("".join), _grown, max_leaves=8)


@settings(deadline=None, max_examples=300)
@given(PATTERNS)
def test_what_is_called_safe_comes_to_an_end(pattern: str) -> None:
    """What matters is that it comes back: with ways that double at each letter, 500 letters outlast any machine."""
    length = min(longest_cell(pattern), 500)
    for text in ("a" * length, "a" * (length - 1) + "c", "ab" * (length // 2) + "c") if length else ():
        found = re.match(f"^{pattern}$", text)
        assert found is None or found.start() == 0


def _field(pattern: str) -> Json:
    return {"name": "a", "type": "string", "constraints": {"pattern": pattern}}


def _check(field: Json, *cells: str) -> Checked | Report:
    return check(table_of([[cell] for cell in cells], schema_of({"fields": [field]})))


@pytest.mark.parametrize(
    "field",
    [
        _field("(a+)+$"),
        {"name": "a", "type": "array", "arrayItem": {"type": "string", "constraints": {"pattern": "(a+)+"}}},
    ],
)
def test_an_endless_pattern_is_a_finding_before_any_row(field: Json) -> None:
    outcome = _check(field, "a" * 40 + "b")
    assert isinstance(outcome, Report)
    assert [finding.code for finding in outcome.findings] == ["pattern-unsafe"]
    (finding,) = outcome.findings
    assert (finding.place.field, outcome.rows, outcome.complete) == ("a", 0, False)
    assert finding.remedy


def test_an_endless_pattern_of_a_table_that_a_key_points_into_is_one_too() -> None:
    there = table_of([["a" * 40 + "b"]], schema_of({"fields": [_field("(a+)+")]}), name="there")
    table = table_of([["x"]], schema_of({"fields": [{"name": "a", "type": "string"}]}), keys=[_key()])
    outcome = check(table, [Reference(None, "there", there)])
    assert isinstance(outcome, Report)
    assert [finding.code for finding in outcome.findings] == ["pattern-unsafe"]


def _key() -> ForeignKey:
    return ForeignKey(("a",), "there", ("a",))


@pytest.mark.parametrize(
    "field", [_field(".*a.*a.*b"), {"name": "a", "type": "number", "bareNumber": False}], ids=["pattern", "bareNumber"]
)
def test_a_cell_too_long_to_be_compared_is_refused_and_its_row_told(field: Json) -> None:
    with pytest.raises(SourceError, match="longer than") as caught:
        _check(field, "aab" if "constraints" in field else "1", "a" * 20_000)
    assert "row 3" in caught.value.where
    assert caught.value.remedy


def test_so_it_is_in_a_row_that_does_not_fit_and_in_the_target_of_a_key() -> None:
    schema = schema_of({"fields": [_field(".*a.*a.*b")]})
    with pytest.raises(SourceError, match="longer than"):
        check(table_of([["a" * 20_000, "x"]], schema))
    there = table_of([["a" * 20_000]], schema, name="there")
    table = table_of([["x"]], schema_of({"fields": [{"name": "a", "type": "string"}]}), keys=[_key()])
    with pytest.raises(SourceError, match="longer than"):
        check(table, [Reference(None, "there", there)])


def test_a_long_cell_of_another_field_does_no_harm() -> None:
    schema = schema_of({"fields": [_field(".*a.*b"), {"name": "b", "type": "string"}]})
    assert isinstance(check(table_of([["ab", "a" * 20_000]], schema)), Checked)


def test_a_limit_goes_to_the_column_that_the_field_goes_to() -> None:
    declared = {"fields": [_field(".*a.*b"), {"name": "b", "type": "string"}]}
    rows = [["a" * 20_000, "ab"]]
    with pytest.raises(SourceError, match="A cell of a is longer than"):
        check(table_of(rows, schema_of(declared), labels=["b", "a"]))  # by their order
    for match in ("equal", ["partial"]):
        by_name = schema_of({**declared, "fieldsMatch": match})
        assert isinstance(check(table_of(rows, by_name, labels=["b", "a"])), Checked)
        with pytest.raises(SourceError, match="A cell of a is longer than"):
            check(table_of([row[::-1] for row in rows], by_name, labels=["b", "a"]))
