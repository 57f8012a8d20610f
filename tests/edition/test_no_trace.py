"""Of what is withheld there is no trace: every text of it is a marker, and no marker is in the published descriptor."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import Any

from descriptor_helpers import REVIEWED, full, package
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata.descriptor import read
from opendata.edition import levels, outline
from opendata.errors import GateError
from opendata.model import AccessLevel, Outline, canonical

MARK = "ZQX"
LEVEL = st.sampled_from([None, "open", "shared", "internal", "closed"])


@st.composite
def field(draw: st.DrawFn, name: str, above: str) -> tuple[dict[str, Any], bool]:
    """A field and whether the open edition withholds it; where it does, all its texts are markers."""
    order = [level.value for level in AccessLevel]
    level = draw(st.sampled_from([None, *order[order.index(above) :]]))
    personal = draw(st.sampled_from(["none", "none", "none", "basic", "quasi"]))
    drop = draw(st.sampled_from([None, None, None, "drop"]))
    hidden = (level or above) != "open" or personal != "none" or drop is not None
    mark = f"{MARK}{name}" if hidden else name
    made: dict[str, Any] = {
        "name": mark,
        "type": "string",
        "title": f"title {mark}",
        "description": f"about {mark}",
        "example": mark,
        "unit": mark,
        "translations": {"en": {"title": mark}},
        "missingValues": [mark],
        "constraints": {"enum": [mark]},
        "personal": personal,
    }
    made |= {"access": {"level": level}} if level else {}
    return made | ({"disclosure": drop} if drop else {}), hidden


@st.composite
def table(draw: st.DrawFn, name: str) -> dict[str, Any]:
    level = draw(LEVEL)
    hidden = level not in {None, "open"}
    count = draw(st.integers(1, 4))
    made = [draw(field(f"{name}f{number}", level or "open")) for number in range(count)]
    mark = f"zqx-{name}" if hidden else name
    names = [item["name"] for item, _hidden in made]
    keys = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    resource: dict[str, Any] = {
        "name": mark,
        "title": mark,
        "path": f"data/{MARK}{name}.csv",
        "sources": [{"title": mark, "path": f"source/{MARK}.xlsx"}],
        "origin": {"path": f"source/{MARK}.xlsx", "sheet": MARK, "recipe": [{"step": "skip", "note": MARK}]},
        "bytes": 1,
        "statistics": {name: {"max": MARK} for name in names},
        "schema": {
            "fields": [item for item, _hidden in made],
            "primaryKey": draw(keys),
            "uniqueKeys": [draw(keys)],
            "foreignKeys": [{"fields": (own := draw(keys)), "reference": {"resource": "", "fields": own}}],
            "conformsTo": "agriculture/zqx@1.0" if any(hidden for _item, hidden in made) else "agriculture/pigs@1.0",
        },
        "externalKeys": [
            {"fields": (own := draw(keys)), "reference": {"package": "units", "resource": "units", "fields": own}}
        ],
    }
    return resource | ({"access": {"level": level}} if level else {})


@st.composite
def packages(draw: st.DrawFn) -> dict[str, Any]:
    tables = [draw(table(f"t{number}")) for number in range(draw(st.integers(1, 3)))]
    first, last = tables[0], tables[-1]
    own, there = first["schema"]["fields"][0]["name"], last["schema"]["fields"][-1]["name"]
    key = {"fields": [own], "reference": {"resource": last["name"], "fields": [there]}}
    first["schema"]["foreignKeys"].append(key)
    tables.append({"name": "zqx-note", "path": f"{MARK}.pdf", "title": MARK})
    access = {**REVIEWED, "reviewedBy": MARK, "reason": MARK}
    return full(access=access, resources=tables, contributors=[{"title": "a", "email": f"{MARK}@example.org"}])


@settings(max_examples=150, deadline=None)
@given(packages())
def test_nothing_withheld_leaves_a_trace_in_the_open_descriptor(descriptor: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dataset = read(package(Path(folder), descriptor))
    with contextlib.suppress(GateError):
        _without_trace(outline(dataset, AccessLevel.OPEN))


def _without_trace(made: Outline) -> None:
    assert MARK not in canonical(made.descriptor).decode()
    assert "zqx" not in canonical(made.descriptor).decode()
    for cut in made.cuts:
        schema = cut.resource.schema
        assert schema is not None
        hidden = [item.name for item in schema.fields if item.name not in cut.fields]
        assert not any(name.startswith(MARK) for name in cut.fields)
        assert all(name.startswith(MARK) for name in hidden)
        assert cut.sorted == bool(hidden)


@settings(max_examples=60, deadline=None)
@given(packages())
def test_an_outline_is_the_same_each_time_and_shared_shows_no_less(descriptor: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        dataset = read(package(Path(folder), descriptor))
    shown: list[set[tuple[str, str]]] = []
    for level in levels(dataset):
        try:
            made, again = outline(dataset, level), outline(dataset, level)
        except GateError:
            shown.append(set())
            continue
        assert canonical(made.descriptor) == canonical(again.descriptor)
        shown.append({(cut.resource.name, name) for cut in made.cuts for name in cut.fields})
    if len(shown) == 2:
        assert shown[0] < shown[1]
