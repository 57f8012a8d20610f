"""Publishing to a CKAN portal: ours beside ckanapi, frictionless and hdx-python-api, on the same portal in one run.

    python benchmarks/ckan.py --url http://127.0.0.1:5000 --token-file TOKEN --others peers/bin/python

TOKEN holds a sysadmin's token: each tool gets an organisation of its own with an editor's token, and all of it is
purged in the end. BENCHMARKS.md says what is compared, and how it came out.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import house
import material
import processes
import results
import running
import table
from publishing.task import Task
from running import STEPS, Tool

from opendata.api.sending import JOBS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckan_helpers import Organisation, Portal
    from results import Results

PID = "a process of the portal, whose CPU time and that of its children is told; may be given several times"
TOOLS = (
    Tool("ours, 1 job", "ours.py", ours=True),
    Tool(f"ours, {JOBS} jobs", "ours.py", ours=True, jobs=JOBS),
    Tool("ckanapi batch", "ckanapi_batch.py", blind=True),
    Tool("ckanapi load", "ckanapi_load.py"),
    Tool("ckanapi load -p 3", "ckanapi_load.py", jobs=3),
    Tool("frictionless", "frictionless_publish.py", blind=True),
    Tool("hdx-python-api", "hdx_create.py"),
)


@dataclass(frozen=True, slots=True)
class Bench:
    """Where it is done, with what, and what came of it."""

    there: Portal
    folder: Path
    python: str
    watched: Sequence[int]
    profile: bool
    results: Results

    def count(self, tool: Tool) -> None:
        """All steps of a tool in a fresh organisation, by way of a counting proxy."""
        with house.organisation(self.there) as made:
            for step in _steps(tool):
                found = running.counted(tool, self._task(tool, step, made), self.python)
                self.results.counts[tool.name, step] = found
                self.results.holds[tool.name, step] = house.holds(self.there, made)
                _say(f"{tool.name}, {step}: {found}, {self.results.holds[tool.name, step]}")

    def time(self, tool: Tool) -> None:
        """All steps of a tool in a fresh organisation, timed."""
        with house.organisation(self.there) as made:
            for step in _steps(tool):
                before = processes.seconds(self.watched)
                found = running.run(tool, self._task(tool, step, made), self.python)
                found = replace(found, portal=processes.seconds(self.watched) - before)
                self.results.figures.setdefault((tool.name, step), []).append(found)
                _say(f"{tool.name}, {step}: {found.seconds:.2f} s, portal {found.portal:.2f} s")

    def _task(self, tool: Tool, step: str, made: Organisation) -> Task:
        folder = self.folder / ("ours" if tool.ours else "others") / STEPS[step]
        return Task(self.there.url, made.token, made.name, str(folder), profile=self.profile)


def main() -> None:
    """Count each tool once, then time all of them in turn, so often; print the table."""
    asked = _asked()
    amount = material.Amount(asked.datasets, asked.files, asked.size)
    found = results.read(asked.results, amount)
    with TemporaryDirectory(dir=asked.work) as place:
        material.make(Path(place), amount)
        there = house.portal(asked.url, asked.token_file)
        bench = Bench(there, Path(place), asked.others, asked.pid, asked.profile, found)
        tools = [tool for tool in TOOLS if not asked.only or any(word in tool.name for word in asked.only)]
        steps = [(bench.count, tool) for tool in tools if (tool.name, "new") not in found.counts]
        steps += [(bench.time, tool) for _run in range(asked.runs) for tool in tools]
        for step, tool in steps:
            step(tool)
            results.write(asked.results, amount, found)
    parts = [table.text(found), table.goals(found, amount.datasets), table.kinds(found) if asked.profile else ""]
    sys.stdout.write("\n".join(parts))


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="the portal's address")
    parser.add_argument("--token-file", required=True, type=Path, help="a file with a sysadmin's token")
    parser.add_argument("--datasets", type=int, default=100)
    parser.add_argument("--files", type=int, default=3, help="files in a dataset")
    parser.add_argument("--size", type=int, default=40_000, help="bytes of a file")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--others", default=sys.executable, help="a Python that has what peers.txt names")
    parser.add_argument("--only", action="append", help="a part of a tool's name; may be given several times")
    parser.add_argument("--pid", action="append", type=int, default=[], help=PID)
    parser.add_argument("--profile", action="store_true", help="tell how long ours waits for each kind of request")
    parser.add_argument("--results", type=Path, help="a file that keeps the figures, and adds to those of before")
    parser.add_argument("--work", help="the folder for what is published; else a temporary one")
    return parser.parse_args()


def _steps(tool: Tool) -> list[str]:
    return [step for step in STEPS if not (tool.blind and step == "changed")]


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
