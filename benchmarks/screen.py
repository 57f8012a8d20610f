"""Checking a large table: ours beside frictionless, bare pyarrow, DuckDB, polars, pandera and qsv, in one run.

    python benchmarks/screen.py --others peers-screen/bin/python [--rows 1000000 10000000] [--folder F] [--runs 3]

Each tool is a whole process, and the tools take turns. BENCHMARKS.md says what is compared, and how it came out.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import whole
from screening import found as results
from screening import jobs, outcome
from screening.variants import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screening.found import Found
    from screening.jobs import Case

GENERATOR = Path(__file__).parent / "air_quality.py"
FINDING = b'"note":'
"""What stands once in each finding, in our JSON and in frictionless's."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where it is done, by which other Python, and what came of it."""

    folder: Path
    others: str
    found: Found

    def time(self, case: Case) -> bool:
        """Run a case and keep its figures; False where it failed."""
        place = Place.of(self.folder, case.rows, case.variant)
        _forget(place)
        with TemporaryDirectory(dir=self.folder) as work:
            out, home = Path(work, "out"), Path(work, "home")
            out.mkdir()
            words = jobs.command(case, place, out, self.others)
            around, beside = jobs.environment(case, home), place.folder if case.rows else out
            try:
                took = whole.run(words, beside, around, case.codes, FINDING)
            except whole.FailedError as fault:
                _say(f"{case.label} FAILED: {fault}")
                return False
        _forget(place)
        self.found.figures.setdefault(case, []).append(took)
        _say(f"{case.label}: {took.seconds:.2f} s, {took.peak / 1e6:.0f} MB")
        return True


def main() -> None:
    """Make the tables, time all cases in turn, so often; print what was found, and the goals."""
    asked = _asked()
    found = results.read(asked.results)
    with TemporaryDirectory(dir=asked.folder) as kept:
        folder = (asked.folder or Path(kept)).resolve()
        todo = [case for case in jobs.cases(asked.rows) if _wanted(case, asked.only)]
        _make(folder, todo)
        bench = Bench(folder, asked.others, found)
        for turn in range(asked.runs):
            for case in [case for case in todo if not (turn and case.slow and asked.slow_once)]:
                if not bench.time(case):
                    todo.remove(case)
                results.write(asked.results, found)
    sys.stdout.write(f"{outcome.text(found)}\n{outcome.goals(found, asked.rows)}")


def _make(folder: Path, todo: Iterable[Case]) -> None:
    """Make the tables that are not there, by another process: this one is to stay small."""
    for rows, variant in dict.fromkeys((case.rows, case.variant) for case in todo if case.rows):
        words = [sys.executable, str(GENERATOR), str(folder), "--rows", str(rows), "--variant", variant]
        subprocess.run(words, check=True, stdout=sys.stderr)


def _forget(place: Place) -> None:
    """Remove what a build kept, in which the next one would find all that it makes."""
    shutil.rmtree(place.package / ".opendata", ignore_errors=True)


def _wanted(case: Case, only: list[str] | None) -> bool:
    return not only or any(word in case.label for word in only)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--folder", type=Path, help="keeps the tables; else a temporary one")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--others", default=sys.executable, help="a Python that has what peers-screen.txt names")
    parser.add_argument("--only", action="append", help="a part of a case's name; may be given several times")
    once = "run frictionless once where it takes minutes"
    parser.add_argument("--slow-once", action=argparse.BooleanOptionalAction, default=True, help=once)
    parser.add_argument("--results", type=Path, help="a file that keeps the figures, and adds to those of before")
    asked = parser.parse_args()
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
    return asked


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    main()
