"""ckanapi's batch, as its users do it: one file of actions for the command line, files from the disk.

Its commands start two processes of Python; what that takes is measured with a batch of one question, and taken off.
One process does the work: with more, a file may be sent before its dataset is there, and files of one dataset sent
at once overwrite each other's entries.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from subprocess import DEVNULL, run
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import task

if TYPE_CHECKING:
    from collections.abc import Iterator

    from task import Task


def metadata(told: dict[str, Any], organisation: str) -> dict[str, Any]:
    """A dataset as CKAN has it."""
    return {
        "name": told["name"],
        "title": told["title"],
        "notes": told["description"],
        "license_id": "cc-by",
        "owner_org": organisation,
        "private": False,
        "tags": [{"name": word} for word in told["keywords"]],
    }


def lines(todo: Task) -> Iterator[dict[str, Any]]:
    """The actions, in order."""
    for told, files in todo.datasets():
        yield {"action": "package_create", "data": metadata(told, todo.organisation)}
        for file in files:
            data = {"package_id": told["name"], "name": file.name, "format": "CSV"}
            yield {"action": "resource_create", "data": data, "files": {"upload": str(file)}}


def command(todo: Task, what: list[str], source: Path) -> float:
    """Seconds of a command of ckanapi's that reads a file of lines."""
    programs = Path(sys.executable).parent
    found = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"}
    words = [str(programs / "ckanapi"), *what, "-I", str(source), "-q", "-r", todo.url, "-a", todo.token]
    begun = time.perf_counter()
    run(words, check=False, env=found, stderr=DEVNULL)
    return time.perf_counter() - begun


def write(path: Path, values: Iterator[dict[str, Any]]) -> Path:
    """A file of JSON lines."""
    path.write_text("".join(json.dumps(value) + "\n" for value in values), encoding="utf-8")
    return path


def starting(todo: Task, folder: Path) -> float:
    """Seconds that the commands take to start, with one small question."""
    question = write(folder / "question", iter([{"action": "status_show"}]))
    return command(todo, ["batch", "--local-files"], question)


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        wanted = task.read()
        source = write(Path(place, "batch"), lines(wanted))
        idle = starting(wanted, Path(place))
        with task.measured() as measured:
            measured.seconds = command(wanted, ["batch", "--local-files"], source) - idle
