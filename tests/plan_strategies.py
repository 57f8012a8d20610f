"""Portals and catalogues of all kinds, as hypothesis draws them."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from built_helpers import FIELDS, ROWS, built, identity, ready, stopped
from fake_portal import FakePortal, as_published
from hypothesis import strategies as st

from opendata.model import Standing
from opendata.publishing.plan import make

if TYPE_CHECKING:
    from opendata.model import BuiltPackage, Candidate, Plan

FOLDER = Path(tempfile.mkdtemp(prefix="plans-"))
NAMES = ("air", "beds", "paddy", "pigs", "tea")
KINDS = ("first", "second", "narrow")
WAYS = ("ready", "withheld", "refused", "faulty", "absent")
STATES = ("none", "ours", "foreign", "nameless", "edited", "faulty", "bare")


def _package(name: str, kind: str) -> BuiltPackage:
    if kind == "narrow":
        return built(FOLDER, name, fields=FIELDS[:1], rows=[row[:1] for row in ROWS])
    return built(FOLDER, name, rows=ROWS if kind == "first" else ROWS[:1])


PACKAGES = {(name, kind): _package(name, kind) for name in NAMES for kind in KINDS}


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Candidate, ...]:
    found = []
    for name in NAMES:
        way = draw(st.sampled_from(WAYS))
        if way == "ready":
            found.append(ready(PACKAGES[name, draw(st.sampled_from(KINDS))]))
        elif way != "absent":
            found.append(stopped(name, Standing(way)))
    return tuple(draw(st.permutations(found)))


@st.composite
def portals(draw: st.DrawFn) -> FakePortal:
    portal = FakePortal()
    for name in NAMES:
        way = draw(st.sampled_from(STATES))
        held = as_published(PACKAGES[name, draw(st.sampled_from(KINDS))])
        changes = {
            "ours": {},
            "foreign": {"id": identity("others")},
            "nameless": {"id": None},
            "edited": {"intact": False},
            "faulty": {"faults": ("A file is missing: area.csv",)},
            "bare": {"descriptor": None},
        }
        if way in changes:
            portal.datasets[name] = dataclasses.replace(held, **changes[way])  # type: ignore[arg-type] # a table of changes
    portal.withdrawn = {identity(name) for name in draw(st.sets(st.sampled_from(NAMES)))}
    return portal


def plan_of(portal: FakePortal, candidates: tuple[Candidate, ...], overwrite: frozenset[str] = frozenset()) -> Plan:
    ids = [item.id for item in candidates if item.id]
    return make("fake", candidates, portal.look(NAMES, ids), levels=portal.levels, overwrite=overwrite)


OVERWRITE = st.frozensets(st.sampled_from(NAMES))
