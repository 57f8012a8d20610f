"""What is run: each tool on each variant of the table that says something of it."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from screening.variants import CLEAN, FEW, MANY, QUOTED, SHUFFLED, VARIANTS, VIETNAMESE, Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from screening.variants import Variant

ROOT = Path(__file__).resolve().parents[2]
TOOLS = Path(__file__).parent / "tools"
START = "import sys; from opendata.cli import main; sys.exit(main())"
ALL = str(10**9)
"""A limit of errors that no table reaches."""
SLOW_ROWS = 1_000_000
"""Above it a slow tool takes minutes."""

CHECK, PARQUET, BUILD, HELP = "opendata check", "opendata check, with Parquet", "opendata build", "opendata --help"
ARROW, FRICTIONLESS, QSV = "pyarrow CSV → Parquet", "frictionless validate", "qsv validate"
DUCKDB, PANDERA, POLARS = "DuckDB COPY", "pandera on polars", "polars, by hand"
CHECK_JSON, CHECK_ALL = "opendata check --json", "opendata check --json, all errors"
FRICTIONLESS_ALL = "frictionless validate, all errors"


@dataclass(frozen=True, slots=True)
class Tool:
    """A program. `words` makes its command line from Python, the table's place and a folder that it may fill.

    `ours`: it is run by this Python, with this checkout; the others by that of the peers. `beside`: the tool of
    frictionless that it is compared with.
    """

    name: str
    words: Callable[[str, Place, Path], list[str]]
    variants: tuple[Variant, ...] = (CLEAN,)
    ours: bool = False
    slow: bool = False
    beside: str = FRICTIONLESS


@dataclass(frozen=True, slots=True)
class Case:
    """A tool on a table of so many rows in a variant; `opendata --help` has none."""

    rows: int
    variant: str
    tool: str

    @property
    def label(self) -> str:
        """What it is called."""
        return f"{self.table}: {self.tool}" if self.rows else self.tool

    @property
    def table(self) -> str:
        """The table, as a person calls it."""
        return f"{self.rows:,} rows, {VARIANTS[self.variant].title}" if self.rows else "–"

    @property
    def codes(self) -> tuple[int, ...]:
        """The exit statuses that say what is true of the table."""
        return (1,) if self.rows and VARIANTS[self.variant].faults(self.rows) else (0,)

    @property
    def slow(self) -> bool:
        """True where it takes minutes."""
        return self.rows > SLOW_ROWS and BY_NAME[self.tool].slow


def cases(sizes: Sequence[int]) -> Iterator[Case]:
    """All cases, tables with errors in the smallest size alone."""
    yield Case(0, "", HELP)
    for size in sorted(sizes):
        for variant in VARIANTS.values():
            if size == min(sizes) or not variant.faults(size):
                yield from (Case(size, variant.name, tool.name) for tool in known() if variant in tool.variants)


def known() -> Iterator[Tool]:
    """The tools that are here: qsv is a binary of its own."""
    yield from (tool for tool in BY_NAME.values() if tool.name != QSV or _qsv())


def command(case: Case, place: Place, out: Path, others: str) -> list[str]:
    """The command line of a case."""
    tool = BY_NAME[case.tool]
    return tool.words(sys.executable if tool.ours else others, place, out)


def environment(case: Case, home: Path) -> dict[str, str]:
    """What a case finds around it: ours this checkout, and a home of its own; the others no path of ours."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    kept |= {"XDG_DATA_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    paths = os.pathsep.join((str(ROOT), str(ROOT / "publishers")))
    return kept | ({"PYTHONPATH": paths} if BY_NAME[case.tool].ours else {})


def _help(python: str, _place: Place, _out: Path) -> list[str]:
    return [python, "-c", START, "--help"]


def _check(python: str, place: Place, _out: Path) -> list[str]:
    return [python, "-c", START, "check", str(place.table), "--schema", str(place.schema)]


def _check_json(python: str, place: Place, out: Path) -> list[str]:
    return [*_check(python, place, out), "--json"]


def _check_all(python: str, place: Place, out: Path) -> list[str]:
    return [*_check_json(python, place, out), "--limit", ALL]


def _check_parquet(python: str, place: Place, out: Path) -> list[str]:
    words = [str(TOOLS / "check_parquet.py"), str(place.table), str(place.schema), str(out / "air-quality.parquet")]
    return [python, *words]


def _build(python: str, place: Place, out: Path) -> list[str]:
    return [python, "-c", START, "build", str(place.package), "--out", str(out / "built")]


def _frictionless(python: str, place: Place, _out: Path) -> list[str]:
    table = str(place.table.relative_to(place.folder))  # it takes no path that is absolute
    declared = ["--schema", place.schema.name, "--dialect", place.dialect.name, "--encoding", "utf-8"]
    return [python, "-m", "frictionless", "validate", table, *declared, "--json"]


def _frictionless_all(python: str, place: Place, out: Path) -> list[str]:
    return [*_frictionless(python, place, out), "--limit-errors", ALL]


def _qsv() -> str | None:
    return shutil.which("qsv") or shutil.which("qsvlite")


def _validate(_python: str, place: Place, _out: Path) -> list[str]:
    return [_qsv() or "qsv", "validate", str(place.table), str(place.json_schema)]


def _writer(script: str) -> Callable[[str, Place, Path], list[str]]:
    return lambda python, place, out: [python, str(TOOLS / script), str(place.table), str(out / "air-quality.parquet")]


def _validator(script: str) -> Callable[[str, Place, Path], list[str]]:
    return lambda python, place, _out: [python, str(TOOLS / script), str(place.table), str(place.schema)]


BY_NAME = {
    tool.name: tool
    for tool in (
        Tool(HELP, _help, (), ours=True),
        Tool(ARROW, _writer("arrow_parquet.py"), (CLEAN, SHUFFLED), ours=True),
        Tool(CHECK, _check, (CLEAN, SHUFFLED, VIETNAMESE, QUOTED), ours=True),
        Tool(PARQUET, _check_parquet, ours=True),
        Tool(BUILD, _build, (CLEAN, VIETNAMESE, QUOTED), ours=True),
        Tool(CHECK_JSON, _check_json, (FEW, MANY), ours=True),
        Tool(CHECK_ALL, _check_all, (MANY,), ours=True, beside=FRICTIONLESS_ALL),
        Tool(FRICTIONLESS, _frictionless, (CLEAN, FEW, MANY), slow=True),
        Tool(FRICTIONLESS_ALL, _frictionless_all, (MANY,), slow=True, beside=FRICTIONLESS_ALL),
        Tool(DUCKDB, _writer("duckdb_copy.py")),
        Tool(PANDERA, _validator("pandera_polars.py")),
        Tool(POLARS, _validator("polars_by_hand.py")),
        Tool(QSV, _validate),
    )
}
