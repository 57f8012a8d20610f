"""The figures as a table in Markdown, and the goals with what was reached."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from drawing import drawn, middle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from results import Key, Results
    from running import Count, Figures

    Counts = dict[Key, Count]
    Timed = dict[Key, list[Figures]]

HEAD = (
    "tool",
    "step",
    "requests",
    "writes",
    "state",
    "checks",
    "session",
    "MB sent",
    "seconds",
    "client CPU s",
    "portal CPU s",
    "peak MB",
    "held after",
)
BATCH, HDX = "ckanapi batch", "hdx-python-api"
PER_LOOK = 1000
"""Datasets that one read of state may be for."""


def text(found: Results) -> str:
    """A row for each step of each tool."""
    rows = found.counts.items()
    return drawn(HEAD, [_row(key, count, found.figures.get(key, []), found.holds[key]) for key, count in rows])


def _row(key: Key, found: Count, timed: Sequence[Figures], held: tuple[int, int]) -> tuple[str, ...]:
    numbers = (found.requests, found.writes, found.state, found.checks, found.session)
    took = [middle(getattr(item, name) for item in timed) for name in ("seconds", "cpu", "portal")]
    peak = max((item.peak for item in timed), default=0)
    sizes = (f"{found.sent / 1e6:.1f}", *(f"{item:.2f}" for item in took), f"{peak / 1e6:.0f}")
    return (*key, *map(str, numbers), *sizes, f"{held[0]} × {held[1] / max(held[0], 1):g}")


def kinds(found: Results) -> str:
    """Of each step whose requests were timed: how many of a kind, and the milliseconds that their sender waited."""
    lines = []
    for key, timed in found.figures.items():
        last = timed[-1].more.get("kinds", {}) if timed else {}
        for kind, took in sorted(last.items(), key=lambda item: -sum(item[1])):
            lines.append((*key, kind, str(len(took)), f"{median(took) * 1000:.0f}", f"{sum(took):.2f}"))
    return drawn(("tool", "step", "request", "of them", "ms, median", "s, all"), lines)


def goals(found: Results, datasets: int) -> str:
    """A line for each goal that the run can tell of."""
    counts, figures, lines = found.counts, found.figures, list[str]()
    for name in dict.fromkeys(tool for tool, _step in counts if tool.startswith("ours")):
        lines += _wire(name, counts, datasets)
        lines += _times(name, figures)
        lines += _ratio(f"{name}, again: requests / {HDX}", _requests(counts, name), _requests(counts, HDX), 1 / 50)
    return "".join(f"- {line}\n" for line in lines)


def _wire(name: str, counts: Counts, datasets: int) -> list[str]:
    new, again, changed = (counts[name, step] for step in ("new", "again", "changed"))
    looks = -(-datasets // PER_LOOK)
    return [
        _line(f"{name}: writes for a new dataset", new.writes / datasets, 3),
        _line(f"{name}: writes where nothing changed", again.writes, 0),
        _line(f"{name}: writes where one changed", changed.writes, 1),
        _line(f"{name}: reads of state", max(new.state, again.state, changed.state), looks),
    ]


def _times(name: str, figures: Timed) -> list[str]:
    new, again = (_seconds(figures, name, step) for step in ("new", "again"))
    lines = _ratio(f"{name}, new: seconds / {BATCH}", new, _seconds(figures, BATCH, "new"), 0.65)
    lines += [_spread(name, "new", figures), _spread(BATCH, "new", figures)]
    return lines + _ratio(f"{name}, again: seconds / {HDX}", again, _seconds(figures, HDX, "again"), 1 / 50)


def _ratio(what: str, ours: float, theirs: float, most: float) -> list[str]:
    return [_line(f"{what} = {ours:.2f} / {theirs:.2f}", ours / theirs, most)] if ours and theirs else []


def _spread(name: str, step: str, figures: Timed) -> str:
    took = ", ".join(f"{item.seconds:.2f}" for item in figures.get((name, step), []))
    return f"{name}, {step}: seconds of each run: {took or '–'}"


def _line(what: str, found: float, most: float) -> str:
    return f"{what}: {found:.3g} (goal: at most {most:.3g}) {'reached' if found <= most else 'MISSED'}"


def _requests(counts: Counts, name: str) -> float:
    found = counts.get((name, "again"))
    return found.requests if found else 0


def _seconds(figures: Timed, name: str, step: str) -> float:
    return middle(item.seconds for item in figures.get((name, step), []))
