"""The command that compares: what it runs, how it measures a process, and what it makes of the figures."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
import whole
from screening import found as results
from screening import jobs, outcome
from screening.jobs import ARROW, CHECK, CHECK_ALL, FRICTIONLESS, FRICTIONLESS_ALL, HELP, Case

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = {tool: Case(100, "clean", tool) for tool in (ARROW, CHECK, FRICTIONLESS)}


def figures(*seconds: float, peak: int = 10**6) -> list[whole.Figures]:
    return [whole.Figures(item, item, peak) for item in seconds]


def rows(table: str) -> dict[str, list[str]]:
    """The rows of a table in Markdown by the first two cells; those of goals by the first."""
    cut = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]
    return {cells[0] if len(cells) == 4 else f"{cells[0]}: {cells[1]}": cells for cells in cut}


def test_a_process_is_measured_with_all_that_it_starts(tmp_path: Path) -> None:
    child = "import subprocess, sys; print('note'); subprocess.run([sys.executable, '-c', 'bytearray(200_000_000)'])"
    took = whole.run([sys.executable, "-c", child], tmp_path, {}, word=b"note")
    assert took.peak > 200_000_000
    assert took.printed == 1
    assert took.seconds > 0


def test_a_process_that_ends_otherwise_than_it_should_is_no_figure(tmp_path: Path) -> None:
    ended = [sys.executable, "-c", "import sys; sys.exit('no such table')"]
    with pytest.raises(whole.FailedError, match="no such table"):
        whole.run(ended, tmp_path, {})
    assert whole.run(ended, tmp_path, {}, codes=(1,)).seconds > 0


def test_bad_rows_are_for_the_smallest_size_alone_and_expected_to_be_found() -> None:
    cases = list(jobs.cases([1000, 2000]))
    assert {case.rows for case in cases if case.variant in {"few", "many"}} == {1000}
    assert {case.rows for case in cases if case.tool == CHECK} == {1000, 2000}
    assert {case.codes for case in cases if case.variant == "many"} == {(1,)}
    assert {case.codes for case in cases if case.variant not in {"few", "many"}} == {(0,)}
    assert cases[0] == Case(0, "", HELP)
    assert len(cases) == len(set(cases))


def test_only_frictionless_on_large_tables_is_slow() -> None:
    slow = [case for case in jobs.cases([1_000_000, 10_000_000]) if case.slow]
    assert slow == [Case(10_000_000, "clean", FRICTIONLESS)]


def test_the_figures_come_back_from_their_file(tmp_path: Path) -> None:
    kept = results.Found({CLEAN[CHECK]: figures(1.5, 2.5)})
    results.write(tmp_path / "kept.json", kept)
    assert results.read(tmp_path / "kept.json") == kept
    assert results.read(tmp_path / "none.json") == results.Found() == results.read(None)


def test_the_table_has_medians_and_ratios() -> None:
    found = results.Found(
        {
            CLEAN[ARROW]: figures(2),
            CLEAN[CHECK]: figures(9, 1, 3),
            CLEAN[FRICTIONLESS]: figures(90),
            Case(100, "many", CHECK_ALL): figures(5),
            Case(100, "many", FRICTIONLESS_ALL): figures(20),
            Case(100, "shuffled", CHECK): figures(6),
        }
    )
    told = rows(outcome.text(found))
    assert told[f"100 rows, clean: {CHECK}"][2:6] == ["3", "3.00", "1.50", "30.0"]
    assert told[f"100 rows, clean, shuffled: {CHECK}"][3:6] == ["6.00", "3.00", "15.0"]
    assert told[f"100 rows, 1 % bad rows: {CHECK_ALL}"][3:6] == ["5.00", "2.50", "4.0"]


def test_each_goal_says_whether_it_holds_or_was_not_measured() -> None:
    found = results.Found(
        {
            CLEAN[ARROW]: figures(2),
            CLEAN[CHECK]: figures(3, peak=450 * 10**6),
            CLEAN[FRICTIONLESS]: figures(90),
            Case(0, "", HELP): figures(0.1, peak=36 * 10**6),
        }
    )
    told = {what: cells[1:] for what, cells in rows(outcome.goals(found, [100])).items()}
    assert told[f"100 rows, clean: {CHECK} / bare pyarrow"] == ["at most 1", "1.5", "NO"]
    assert told[f"100 rows, clean: {CHECK}: peak MB"] == ["at most 450", "450", "yes"]
    assert told[f"100 rows, clean: {CHECK} / qsv (stretch: 1)"] == ["at most 1.4", "–", "not measured"]
    assert told[f"{HELP}: seconds"] == ["at most 0.15", "0.1", "yes"]
    assert told[f"{HELP}: peak MB"] == ["at most 35", "36", "NO"]
