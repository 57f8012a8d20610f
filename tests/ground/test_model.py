from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from opendata.model import AccessLevel, Plan, Report, Step, as_list, as_object, as_text, as_texts, canonical, dump
from opendata.model.layout import plain, prefixed
from opendata.model.portal import Action

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def test_levels_go_from_open_to_closed() -> None:
    assert sorted([AccessLevel.CLOSED, AccessLevel.SHARED, AccessLevel.INTERNAL, AccessLevel.OPEN]) == list(AccessLevel)
    assert [level.value for level in AccessLevel if level.published] == ["open", "shared"]


@given(VALUES)
def test_json_comes_back_as_it_went(value: object) -> None:
    assert json.loads(dump(value)) == value
    assert json.loads(canonical(value)) == value


@given(st.dictionaries(st.text(), st.integers()))
def test_canonical_json_knows_no_order(value: dict[str, int]) -> None:
    assert canonical(value) == canonical(dict(reversed(value.items())))


@given(VALUES)
def test_reading_json_never_fails(value: object) -> None:
    assert isinstance(as_object(value), dict)
    assert not isinstance(as_list(value), str)
    assert as_text(value) is None or as_text(value) == value
    assert all(isinstance(item, str) for item in as_texts(value))


@given(st.lists(st.sampled_from(["area.csv", "yield.csv", "x.parquet"]), max_size=3))
def test_plain_undoes_prefixed(paths: list[str]) -> None:
    descriptor = {"name": "a", "resources": [{"path": p, "alternates": [{"path": p + ".parquet"}]} for p in paths]}
    assert plain(prefixed(descriptor, "0123/")) == descriptor


def test_only_writing_steps_are_pending() -> None:
    steps = tuple(Step(action, action.value, "id") for action in Action)
    plan = Plan("t", steps, (), "digest")
    assert [step.name for step in plan.pending] == ["create", "update", "withdraw"]


def test_a_report_without_findings_is_valid() -> None:
    assert Report().valid
