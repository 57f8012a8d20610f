"""Recipes run over a few lines, without a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.model import Json, Place
from opendata.sources.grid import Line
from opendata.sources.recipe import Context, parse, run

if TYPE_CHECKING:
    from collections.abc import Sequence

UNITS = {
    ("Đắk Lắk", None): "66-2025",
    ("Đắk Lắk", 2003): "66-1975",
    ("Đắk Lắk", 2004): "66-2004",
    ("Hà Tây", 2004): "28",
}


@dataclass(frozen=True)
class Made:
    labels: tuple[str, ...]
    header_row: int
    rows: list[tuple[int, list[str]]]


def resolve(name: str, year: int | None) -> str | None:
    return UNITS.get((name, year))


def run_recipe(lines: Sequence[Sequence[str]], *recipe: Json) -> Made:
    """The labels and rows that a recipe makes of lines numbered from 1."""
    numbered = (Line(row, cells) for row, cells in enumerate(lines, start=1))
    flow = run(parse(recipe), numbered, Context(Place("a.xlsx", "S"), resolve))
    return Made(flow.labels, flow.header_row, [(record.row, record.cells) for record in flow.records])
