"""A run killed for good at the boundary of a request, before the portal acted or after: run again, and all is well.

Each case is the command itself, in a process of its own, reaching the portal through a proxy that kills it. From before
that run until after the next a visitor polls, who is never to meet a dataset that is not whole.
"""

from __future__ import annotations

import os
import random
import secrets
import shutil
import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from catalogue_helpers import FIELDS, OPEN, change, package
from ckan_desk import Desk
from ckan_helpers import new_organisation
from ckan_matrix import cases, check_all, differences, half_seen, portrait
from ckan_poller import polled, versions_in
from cli_helpers import run as run_here
from cli_helpers import spawn
from fault_proxy import FaultProxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ckan_helpers import Portal
    from ckan_poller import Version
    from fault_proxy import Record

SECOND = "river,level_cm\nSông Đà,130\nSông Mã,90\nSông Lô,77\n"
SHARED = {**OPEN, "level": "shared"}
KILL = f"kill{secrets.token_hex(3)}"
"""What names begin with: another run on the same portal, or what one that was broken off left there, has other ones."""
ONE, TWO, THREE = (f"{KILL}-{number}" for number in ("one", "two", "three"))
SAMPLE = 3


@dataclass(frozen=True)
class Stand:
    """A catalogue of three packages on disk, in its first and its second state, and how it is published."""

    first: Path
    second: Path
    work: Path
    versions: dict[str, list[Version]]
    """What a visitor may meet of each dataset, by name: its open editions, of which a shared one has none."""

    def command(self, address: str, organization: str, catalogue: Path, jobs: int) -> list[str]:
        options = ["--organization", organization, "--jobs", jobs, "--lang", "en"]
        return spawn("publish", catalogue, "--to", address, *options)


def _catalogue(folder: Path) -> Path:
    package(folder, ONE)
    package(folder, TWO, title="Hai bảng")
    package(folder, THREE, access=SHARED, rows="river,level_cm\nSông Cầu,12\n")
    return folder


def _versions(*catalogues: Path) -> dict[str, list[Version]]:
    met: dict[str, list[Version]] = {THREE: [], f"{THREE}--shared": []}
    for catalogue in catalogues:
        out = catalogue.with_name(f"{catalogue.name}-built")
        assert run_here("build", catalogue, "--out", out).code == 0
        for name, version in versions_in(out).items():
            met.setdefault(name, []).append(version)
    return met


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kills")


@pytest.fixture(scope="module", params=["new", "changed", "withdrawn"])
def stand(request: pytest.FixtureRequest, root: Path) -> Stand:
    """What is there before, and what is published over it; for `new`, nothing is there before."""
    work = root / request.param
    first, second = _catalogue(work / "first"), _catalogue(work / "second")
    if request.param == "new":
        shutil.rmtree(first)
    if request.param == "changed":
        change(second / ONE, version="1.1.0")
        (second / f"{ONE}/data/levels.csv").write_text(SECOND, encoding="utf-8", newline="")
        change(second / TWO, title="Hai bảng, bản mới")
        shutil.rmtree(second / THREE)
        narrow = "river\nSông Cầu\n"
        package(second, THREE, access=SHARED, rows=narrow, fields=FIELDS[:1])
    if request.param == "withdrawn":
        for name in (ONE, TWO, THREE):
            change(second / name, access={"level": "internal"})
    there = [second] if request.param == "new" else [first] if request.param == "withdrawn" else [first, second]
    return Stand(first, second, work, _versions(*there))


@pytest.fixture
def desk(ckan: Portal, tmp_path: Path) -> Iterator[Desk]:
    with new_organisation(ckan) as made:
        yield Desk(made, tmp_path)


def run(stand: Stand, desk: Desk, catalogue: Path, address: str = "") -> subprocess.CompletedProcess[str]:
    command = stand.command(address or desk.organisation.portal.url, desk.organisation.name, catalogue, 1)
    return subprocess.run(command, env=_environment(desk), capture_output=True, text=True, check=False, timeout=300)


def _environment(desk: Desk) -> dict[str, str]:
    return {**os.environ, "OPENDATA_TOKEN": desk.organisation.token}


def _prepared(stand: Stand, desk: Desk) -> None:
    if stand.first.is_dir():
        done = run(stand, desk, stand.first)
        assert done.returncode == 0, done.stdout + done.stderr


def _finished(stand: Stand, desk: Desk) -> None:
    done = run(stand, desk, stand.second)
    assert done.returncode == 0, done.stdout + done.stderr


def _killed(stand: Stand, desk: Desk, proxy: FaultProxy, index: int, when: str, jobs: int) -> None:
    """Run the command; it is killed at the request of that number, before the portal acts on it or after."""
    started: list[subprocess.Popen[bytes]] = []

    def kill(_seen: Record) -> bool:
        started[0].kill()
        started[0].wait()
        return False

    hooks: dict[str, Any] = {when: kill}
    proxy.on(index, **hooks)
    command = stand.command(proxy.url, desk.organisation.name, stand.second, jobs)
    with subprocess.Popen(
        command, env=_environment(desk), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        started.append(process)
        process.wait(timeout=300)


def _undisturbed(stand: Stand, ckan: Portal, folder: Path) -> tuple[Any, int]:
    """What the portal holds in the end where nothing went wrong, and how many requests that took."""
    with new_organisation(ckan) as made, FaultProxy(ckan.url) as proxy:
        desk = Desk(made, folder)
        _prepared(stand, desk)
        done = run(stand, desk, stand.second, proxy.url)
        assert done.returncode == 0, done.stdout + done.stderr
        return portrait(desk), len(proxy.log)


def _check(stand: Stand, ckan: Portal, folder: Path, case: tuple[int, str], jobs: int, wanted: object) -> None:
    with ExitStack() as stack:
        desk = Desk(stack.enter_context(new_organisation(ckan)), folder)
        proxy = stack.enter_context(FaultProxy(ckan.url))
        _prepared(stand, desk)
        with polled(ckan.url, stand.versions) as diary:
            _killed(stand, desk, proxy, *case, jobs)
            assert half_seen(desk) == [], case
            before = desk.keys()
            _finished(stand, desk)
        assert diary.findings == [], case
        assert {name for name, _path, _digest in diary.met} == {name for name, some in stand.versions.items() if some}
        assert differences(portrait(desk), wanted) == [], case
        after = desk.keys()
        assert {name: keys[0] for name, keys in before.items()}.items() <= {n: k[0] for n, k in after.items()}.items()
        if "withdrawn" not in stand.work.name:
            assert all(set(keys) <= set(after[name]) for name, keys in before.items()), case


def test_killed_at_a_boundary_of_a_request_and_run_again(stand: Stand, ckan: Portal, tmp_path: Path) -> None:
    wanted, count = _undisturbed(stand, ckan, tmp_path)
    every = [(index, when) for index in range(count) for when in ("before", "after")]
    chosen = cases(every, SAMPLE, stand.work.name)
    check_all(chosen, lambda case: _check(stand, ckan, tmp_path, case, 1, wanted))


def test_killed_with_four_at_once_and_run_again(stand: Stand, ckan: Portal, tmp_path: Path) -> None:
    wanted, count = _undisturbed(stand, ckan, tmp_path)
    every = [(index, when) for index in range(count) for when in ("before", "after")]
    chosen = random.Random(f"{stand.work.name} 4").sample(every, min(20, len(every)))  # noqa: S311 - to choose
    chosen = cases(chosen, 1, stand.work.name)
    check_all(chosen, lambda case: _check(stand, ckan, tmp_path, case, 4, wanted))
