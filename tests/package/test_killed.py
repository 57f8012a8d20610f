"""Killed at any moment, a build leaves nothing that the next one does not put right."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from kill_helpers import killed_before_write, posix
from package_helpers import PADDY, nowhere, package, tree

from opendata import files
from opendata.model import AccessLevel
from opendata.package import build, lay_out

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = {key: value for key, value in PADDY.items() if key != "name"}

# Builds once elsewhere, then in a new child for each line it reads: a kill meets the build, not the imports.
# The child is waited for at the next line, so that until then its number is no other process's.
SCRIPT = """
import os, sys
from pathlib import Path
from opendata.descriptor import read
from opendata.model import AccessLevel
from opendata.package import build, lay_out
source, cache, out, warm = map(Path, sys.argv[1:])
lay_out(build(read(source), AccessLevel.OPEN, lambda key: None, warm / "cache"), warm)
print("ready", flush=True)
while sys.stdin.readline():
    child = os.fork()
    if not child:
        lay_out(build(read(source), AccessLevel.OPEN, lambda key: None, cache), out)
        os._exit(0)
    print(child, flush=True)
    sys.stdin.readline()
    print(os.waitpid(child, 0)[1], flush=True)
"""


class Builder:
    """Starts builds in processes that can be killed."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        assert self._said() == "ready"

    def start(self) -> int:
        self._ask()
        return int(self._said())

    def status(self) -> int:
        """Wait for the child: 0 where it came to its end."""
        self._ask()
        return int(self._said())

    def _ask(self) -> None:
        assert self._process.stdin is not None
        print(file=self._process.stdin, flush=True)

    def _said(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@contextlib.contextmanager
def builder(*folders: Path) -> Iterator[Builder]:
    command = [sys.executable, "-c", SCRIPT, *map(str, folders)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Builder(process)


def table(rows: int, area: str) -> str:
    return "unit_id,year,area,note\n" + "".join(f"{n},2016,{area},x\n" for n in range(rows))


def left_over(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.name.startswith(files.ASIDE)]


def walk(tmp_path: Path, times: int, rows: int) -> None:
    chance = random.Random(20260105)  # noqa: S311 - moments to kill at, no secret
    source, cache, out = tmp_path / "source", tmp_path / "cache", tmp_path / "out"
    package(source, {"paddy": ({"schema": SCHEMA}, table(rows, "0.5"))})
    with builder(source, cache, out, tmp_path / "warm") as builds:
        begun = time.monotonic()
        builds.start()
        assert builds.status() == 0
        whole = time.monotonic() - begun
        for number in range(1, times + 1):
            package(source, {"paddy": ({"schema": SCHEMA}, table(rows, f"{number}.5"))})
            child = builds.start()
            time.sleep(chance.random() * whole)
            os.kill(child, signal.SIGKILL)
            builds.status()
            put_right(tmp_path, number, rows)


def put_right(tmp_path: Path, number: int, rows: int) -> None:
    """The next build, and what it lays out, is what a build without any kill gives; nothing is left over."""
    dataset = package(tmp_path / "source", {"paddy": ({"schema": SCHEMA}, table(rows, f"{number}.5"))})
    built = build(dataset, AccessLevel.OPEN, nowhere, tmp_path / "cache")
    fresh = build(dataset, AccessLevel.OPEN, nowhere, tmp_path / "fresh")
    assert f"0,2016,{number}.5,x" in built.files[0].source.read_text()
    assert (built.digest, built.folder_digest) == (fresh.digest, fresh.folder_digest)
    lay_out(built, tmp_path / "out")
    lay_out(fresh, tmp_path / "beside")
    home = tmp_path / "beside" / built.name
    laid, expected = tree(tmp_path / "out" / built.name), tree(home / built.folder_digest)
    assert {
        path.name: path.read_bytes() for path in (tmp_path / "out" / built.name / built.folder_digest).iterdir()
    } == expected
    assert laid["datapackage.json"] == (home / "datapackage.json").read_bytes()
    assert not left_over(tmp_path / "cache")
    assert not left_over(tmp_path / "out")


@posix
def test_killed_before_each_write(tmp_path: Path) -> None:
    def act() -> None:
        lay_out(build(dataset, AccessLevel.OPEN, nowhere, tmp_path / "cache"), tmp_path / "out")

    dataset = package(tmp_path / "source", {"paddy": ({"schema": SCHEMA}, table(9, "0.5"))})
    act()
    for number in range(1, 1000):
        dataset = package(tmp_path / "source", {"paddy": ({"schema": SCHEMA}, table(9, f"{number}.5"))})
        killed = killed_before_write(number, act)
        put_right(tmp_path, number, 9)
        if not killed:
            break
    assert number > 20


@posix
def test_a_killed_build_is_put_right_by_the_next(tmp_path: Path) -> None:
    walk(tmp_path, 15, 100)


@pytest.mark.slow
@posix
def test_killed_many_times(tmp_path: Path) -> None:
    walk(tmp_path, 100, 1000)
