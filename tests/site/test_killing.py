"""Killed at any moment: a reader who goes by the descriptor meets no mixture, and the next run ends as if unharmed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from built_helpers import FIELDS, ROWS, built, ready, stopped, tree
from kill_helpers import ended_well, killed_before_write, posix, started
from site_helpers import Site, as_built, seen_by_descriptor
from site_killer import editions

from opendata.model import Standing

if TYPE_CHECKING:
    from collections.abc import Callable

    from opendata.model import Candidate, Receipt

pytestmark = posix


class Scenario:
    """Runs that were done, and the run that is killed."""

    def __init__(self, folder: Path, done: list[tuple[Candidate, ...]], killed: tuple[Candidate, ...]) -> None:
        self.killed = killed
        self.start = Site(folder / "start")
        for candidates in done:
            assert self.start.publish(*candidates).verified
        self.start.root.mkdir(exist_ok=True)
        self.seen = {None, *(_frozen(as_built(item.built)) for run in (*done, killed) for item in run if item.built)}

    def fresh(self, folder: Path) -> Site:
        """The portal as it is before the run that is killed."""
        shutil.copytree(self.start.root, folder / "portal", symlinks=True)
        return Site(folder / "portal")

    def run(self, site: Site) -> Receipt:
        return site.publish(*self.killed)


def _frozen(seen: tuple[str, dict[str, str]] | None) -> object:
    return seen and (seen[0], frozenset(seen[1].items()))


def _changed(folder: Path) -> Scenario:
    one, two, three = (ready(built(folder, rows=rows)) for rows in (ROWS, ROWS[:1], ROWS[1:]))
    return Scenario(folder, [(one,), (two,)], (three,))


def _created(folder: Path) -> Scenario:
    return Scenario(folder, [], (ready(built(folder)), ready(built(folder, "tea"))))


def _narrowed(folder: Path) -> Scenario:
    narrow = built(folder, fields=FIELDS[:2], rows=[row[:2] for row in ROWS])
    return Scenario(folder, [(ready(built(folder)),), (ready(built(folder, rows=ROWS[:1])),)], (ready(narrow),))


def _withdrawn(folder: Path) -> Scenario:
    paddy, tea = ready(built(folder)), ready(built(folder, "tea"))
    return Scenario(folder, [(paddy, tea)], (stopped("paddy", Standing.WITHHELD), tea))


@pytest.mark.parametrize("scenario", [_changed, _created, _narrowed, _withdrawn])
def test_killed_before_each_write_the_next_run_ends_as_if_unharmed(
    tmp_path: Path, scenario: Callable[[Path], Scenario]
) -> None:
    made = scenario(tmp_path)
    unharmed = made.fresh(tmp_path / "unharmed")
    assert made.run(unharmed).verified
    right, number, going = tree(unharmed.root), 0, True
    while going:
        number += 1
        site = made.fresh(tmp_path / str(number))
        going = killed_before_write(number, functools.partial(made.run, site))
        assert {_frozen(seen_by_descriptor(site.root, name)) for name in ("paddy", "tea")} <= made.seen
        assert made.run(site).verified
        assert tree(site.root) == right
        assert not [path for path in site.root.rglob("*") if path.name.startswith(".aside-")]
        shutil.rmtree(site.root.parent)
    assert number > 5


def test_what_was_withdrawn_is_never_met_again_whatever_was_killed(tmp_path: Path) -> None:
    made = _withdrawn(tmp_path)
    number, gone, going = 0, False, True
    while going:
        number += 1
        site = made.fresh(tmp_path / str(number))
        going = killed_before_write(number, functools.partial(made.run, site))
        there = (site.root / "paddy").exists()
        assert not (gone and there)
        gone = not there
    assert gone


def _watched(root: Path, process: subprocess.Popen[str]) -> list[object]:
    """Everything that a reader meets who reads without pause while the process runs."""
    met: list[object] = []
    while process.poll() is None:
        seen = _frozen(seen_by_descriptor(root, "paddy"))
        if seen not in met:
            met.append(seen)
    return met


def _killed_at_random(folder: Path, kills: int) -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    program = [sys.executable, str(Path(__file__).parent.parent / "site_killer.py"), str(folder), str(kills), "7"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "published\n"
        met = _watched(folder / "portal", process)
        assert process.stdout.readline() == "survived\n"
    (folder / "again").mkdir()
    assert set(met) == {_frozen(as_built(package)) for package in editions(folder / "again")}


def test_killed_at_random_a_reader_meets_no_mixture(tmp_path: Path) -> None:
    _killed_at_random(tmp_path, 20)


@pytest.mark.slow
def test_killed_200_times_at_random_a_reader_meets_no_mixture(tmp_path: Path) -> None:
    _killed_at_random(tmp_path, 200)


def test_two_publishers_of_the_same_end_in_one_state(tmp_path: Path, site: Site) -> None:
    packages = [ready(built(tmp_path, name)) for name in ("air", "paddy", "tea")]

    def run() -> None:
        assert site.publish(*packages).verified

    assert all([ended_well(process) for process in [started(run), started(run)]])  # noqa: C419 - wait for both
    (tmp_path / "alone").mkdir()
    alone = Site(tmp_path / "alone" / "portal")
    alone.publish(*packages)
    assert tree(site.root) == tree(alone.root)


def test_two_publishers_of_different_editions_both_end_and_one_is_there_whole(tmp_path: Path, site: Site) -> None:
    one, two = built(tmp_path), built(tmp_path, rows=ROWS[:1])

    def run(first: Candidate, second: Candidate) -> None:
        for candidate in (first, second) * 5:
            for outcome in site.publish(candidate).outcomes:
                assert outcome.verified or "changed on the portal after the plan" in outcome.error

    processes = [
        started(lambda: run(ready(one), ready(two))),
        started(lambda: run(ready(two), ready(one))),
    ]
    assert all([ended_well(process) for process in processes])  # noqa: C419 - wait for both
    assert seen_by_descriptor(site.root, "paddy") in {0: as_built(one), 1: as_built(two)}.values()
    assert site.publish(ready(one)).verified
    assert site.state().faults == ()
    assert site.folders("paddy") <= {one.folder_digest, two.folder_digest}
