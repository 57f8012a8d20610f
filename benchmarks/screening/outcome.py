"""What is printed in the end: a row for each case, and a row for each goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drawing import drawn, middle
from screening.jobs import (
    ARROW,
    BUILD,
    BY_NAME,
    CHECK,
    CHECK_ALL,
    CHECK_JSON,
    HELP,
    PARQUET,
    QSV,
    Case,
)
from screening.variants import CLEAN, FEW, MANY, QUOTED, VARIANTS, VIETNAMESE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from screening.found import Found

HEAD = ("table", "tool", "runs", "seconds", "× pyarrow", "frictionless ×", "CPU s", "peak MB", "findings")
NONE = "–"


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and its bound; 0: it was not measured."""

    what: str
    found: float
    bound: float
    least: bool = False
    """True where the figure is to be that large at least; else at most."""

    @property
    def row(self) -> tuple[str, str, str, str]:
        """As it is shown."""
        asked = f"{'at least' if self.least else 'at most'} {self.bound:,.4g}"
        if not self.found:
            return self.what, asked, NONE, "not measured"
        holds = self.found >= self.bound if self.least else self.found <= self.bound
        return self.what, asked, f"{self.found:,.3g}", "yes" if holds else "NO"


def text(found: Found) -> str:
    """A row for each case: medians, and the ratios to bare pyarrow and to frictionless on as many rows."""
    tools, tables = list(BY_NAME), ["", *VARIANTS]
    place = {case: (case.rows, tables.index(case.variant), tools.index(case.tool)) for case in found.figures}
    return drawn(HEAD, [_row(found, case) for case in sorted(place, key=place.__getitem__)])


def _row(found: Found, case: Case) -> tuple[str, ...]:
    took = found.figures[case]
    arrow = found.ratio(case, Case(case.rows, CLEAN.name, ARROW))
    times = _beside(found, case)
    printed = max(item.printed for item in took)
    return (
        case.table,
        case.tool,
        str(len(took)),
        f"{found.seconds(case):.2f}",
        f"{arrow:.2f}" if arrow else NONE,
        f"{times:.1f}" if times else NONE,
        f"{middle(item.cpu for item in took):.2f}",
        f"{found.peak(case) / 1e6:.0f}",
        str(printed) if case.codes == (1,) else NONE,
    )


def _beside(found: Found, case: Case) -> float:
    """How many times as long frictionless takes, on the same table or else on the clean one."""
    beside = BY_NAME[case.tool].beside
    same = found.ratio(Case(case.rows, case.variant, beside), case)
    return same or found.ratio(Case(case.rows, CLEAN.name, beside), case)


def goals(found: Found, sizes: Sequence[int]) -> str:
    """A row for each goal, those for 10 million rows with the largest size, those for 1 million with the smallest."""
    small, large = min(sizes), max(sizes)
    told = [*_clean(found, large), *_built(found, large), *_small(found, small), *_errors(found, small)]
    told += [*_memory(found, small, large), *_start(found)]
    return drawn(("goal", "bound", "found", "holds"), [goal.row for goal in told])


def _clean(found: Found, rows: int) -> Iterator[Goal]:
    arrow, check = (Case(rows, CLEAN.name, tool) for tool in (ARROW, CHECK))
    yield Goal(f"{check.label} / bare pyarrow", found.ratio(check, arrow), 1.0)
    yield Goal(f"{check.label}: frictionless / ours", _beside(found, check), 60, least=True)
    parquet = Case(rows, CLEAN.name, PARQUET)
    yield Goal(f"{parquet.label} / bare pyarrow", found.ratio(parquet, arrow), 1.25)


def _built(found: Found, rows: int) -> Iterator[Goal]:
    for variant, bound in ((CLEAN, 2.0), (VIETNAMESE, 3.5), (QUOTED, 3.5)):
        case = Case(rows, variant.name, BUILD)
        yield Goal(f"{case.label} / bare pyarrow", found.ratio(case, Case(rows, CLEAN.name, ARROW)), bound)


def _small(found: Found, rows: int) -> Iterator[Goal]:
    check = Case(rows, CLEAN.name, CHECK)
    yield Goal(f"{check.label}: frictionless / ours", _beside(found, check), 24, least=True)
    yield Goal(f"{check.label} / qsv (stretch: 1)", found.ratio(check, Case(rows, CLEAN.name, QSV)), 1.4)


def _errors(found: Found, rows: int) -> Iterator[Goal]:
    for variant, tool, bound in ((FEW, CHECK_JSON, 20), (MANY, CHECK_ALL, 6), (MANY, CHECK_JSON, 2.4)):
        case = Case(rows, variant.name, tool)
        ratio = found.ratio(Case(rows, variant.name, BY_NAME[tool].beside), case)
        yield Goal(f"{case.label}: frictionless / ours", ratio, bound, least=True)


def _memory(found: Found, small: int, large: int) -> Iterator[Goal]:
    for variant, tool in ((CLEAN, CHECK), (CLEAN, PARQUET), (CLEAN, BUILD), (VIETNAMESE, BUILD), (QUOTED, BUILD)):
        case, less = (Case(rows, variant.name, tool) for rows in (large, small))
        peak, before = found.peak(case), found.peak(less)
        yield Goal(f"{case.label}: peak MB", peak / 1e6, 450)
        if large > small:
            yield Goal(f"{case.label}: peak / that at {small:,}", peak / before if before else 0.0, 1.25)


def _start(found: Found) -> Iterator[Goal]:
    case = Case(0, "", HELP)
    yield Goal(f"{HELP}: seconds", found.seconds(case), 0.15)
    yield Goal(f"{HELP}: peak MB", found.peak(case) / 1e6, 35)
