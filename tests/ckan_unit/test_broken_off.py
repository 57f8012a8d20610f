"""A run that ends at any request, done or not, is gone on with by the next; no visitor ever meets half a dataset."""

from __future__ import annotations

import copy
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import FIELDS, ROWS, built, ready, stopped
from scripted_portal import Asked, Scripted, Told
from small_ckan import SmallCkan
from small_desk import plan_of, publish

from opendata.model import AccessLevel, Standing
from opendata.publishing.apply import apply
from opendata_ckan import CkanPublisher, patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from opendata.model import Candidate

ODD = Told(200, b"<html>")
NOT_OURS = ("id", "metadata_modified", "opendata_written", "opendata_removed", "last_modified", "url")


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "_sleep", lambda _seconds: None)
    monkeypatch.setattr(patience, "ATTEMPTS", 2)


def cases(folder: Path) -> Iterator[tuple[str, Candidate | None, Candidate]]:
    """What is there before, and what is to be there after."""
    first = built(folder)
    narrow = built(folder, fields=FIELDS[:1], rows=[row[:1] for row in ROWS], version="2.0.0")
    wider = built(folder, tables=("area", "yield"), version="1.1.0")
    shared = built(folder, level=AccessLevel.SHARED)
    yield "new", None, ready(first)
    yield "new and shared", None, ready(shared)
    yield "changed", ready(first), ready(built(folder, rows=ROWS[:1], version="1.1.0"))
    yield "narrower", ready(first), ready(narrow)
    yield "wider", ready(first), ready(wider)
    yield "a table goes", ready(wider), ready(first)
    yield "opened", ready(shared), ready(built(folder, version="1.1.0"))
    yield "withdrawn", ready(first), stopped("paddy", Standing.WITHHELD)


def stopping(ckan: SmallCkan, number: int, *, done: bool) -> Callable[[Asked], Told]:
    """A portal that is gone from its request of that number on, which is still done or not."""
    left = [number]

    def answer(asked: Asked) -> Told:
        left[0] -= 1
        if left[0] == 0 and done:
            ckan(asked)
        return ckan(asked) if left[0] > 0 else ODD

    return answer


def state(ckan: SmallCkan) -> Any:  # noqa: ANN401 - to be compared
    """What is there, but for ids and times. (The descriptor tells ids.)"""
    told = []
    for dataset in ckan.datasets.values():
        kept = copy.deepcopy({key: value for key, value in dataset.items() if key not in NOT_OURS})
        kept["extras"] = [item for item in dataset["extras"] if item["key"] not in NOT_OURS]
        kept["resources"] = [
            (item["opendata_path"], item["opendata_edition"], item["id"] in ckan.files) for item in dataset["resources"]
        ]
        told.append({key: value or None for key, value in kept.items()})
    return told


def refuse_halves(ckan: SmallCkan) -> None:
    """Fail where a visitor could see a dataset with files of two editions, or without one of its files."""
    for dataset in ckan.public:
        extras = {item["key"]: item["value"] for item in dataset["extras"]}
        files = [item for item in dataset["resources"] if item.get("opendata_path")]
        assert {item["opendata_edition"] for item in files} == {extras["opendata_digest"]}
        assert {item["opendata_path"] for item in files} == set(extras["opendata_files"].split())
        for item in files:
            assert hashlib.sha256(ckan.files[item["id"]]).hexdigest() == item["opendata_sha256"]


def run(ckan: SmallCkan, script: Callable[[Asked], Told], wanted: Candidate) -> bool:
    with Scripted(ckan) as portal:
        publisher = CkanPublisher(portal.target())
        plan = plan_of(publisher, wanted)
        ckan.log.clear()
        portal._script[:] = [script]
        return apply(plan, publisher).verified


@pytest.mark.parametrize("number", range(8), ids=lambda number: f"case{number}")
def test_wherever_it_ends_the_next_run_makes_it_whole(number: int, tmp_path: Path) -> None:
    name, before, after = list(cases(tmp_path))[number]
    start = SmallCkan()
    if before is not None:
        assert publish(start, before).verified
    fine = copy.deepcopy(start)
    assert publish(fine, after).verified
    writes = [at + 1 for at, item in enumerate(fine.log) if item in fine.writes()]
    for at in sorted({*writes, *(item + 1 for item in writes), len(fine.log)}):
        for done in (True, False):
            ckan = copy.deepcopy(start)
            ckan.watch = refuse_halves
            assert not run(ckan, stopping(ckan, at, done=done), after), (name, at, done)
            assert publish(ckan, after).verified, (name, at, done)
            assert state(ckan) == state(fine), (name, at, done)
