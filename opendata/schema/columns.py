"""What is seen of a column while its cells go by; nothing of it grows with the rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opendata.schema import kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LEADING_ZERO = re.compile(r"0[0-9]+")
_NUMERAL = re.compile(r"[-+]?[0-9][0-9.,' \u00a0\u202f]*%?")
# Frictionless strips the cells of these types before it reads them; of others, a blank around a value is wrong.
_STRIPPED = frozenset({kinds.INTEGER, kinds.NUMBER, kinds.COMMA})


@dataclass(slots=True)
class Column:
    """A column so far: how many cells hinder each kind, the first that does, and what settles its form.

    `filled` counts the cells with a value; markers for missing values and empty cells are none. `digital` counts those
    with digits and no letter, `numerals` those of them that look like a number, whether or not it can be read. `only`
    is the value of all cells, None where there are several.
    """

    label: str
    filled: int = 0
    empty: int = 0
    hindered: dict[str, int] = field(default_factory=lambda: dict.fromkeys(kinds.KINDS, 0))
    first: dict[str, tuple[int, str]] = field(default_factory=dict)
    markers: set[str] = field(default_factory=set)
    widths: set[int] = field(default_factory=set)
    leading_zero: int | None = None
    not_digits: int = 0
    point_settled: bool = False
    comma_settled: bool = False
    day_settled: bool = False
    group_seen: bool = False
    digital: int = 0
    first_digital: tuple[int, str] = (0, "")
    numerals: int = 0
    only: str | None = None

    def see(self, cells: Iterable[tuple[str, int]], row_of: Callable[[str], int]) -> None:
        """Take distinct cells, each with how often it stands there; `row_of` tells in which row first."""
        for cell, count in cells:
            if not cell:
                self.empty += count
            elif cell.strip() in kinds.MARKERS:
                self.markers.add(cell)
            else:
                self.only = cell if not self.filled or self.only == cell else None
                self.filled += count
                self._see_kinds(cell, count, row_of)
                self._see_digits(cell, count, row_of)

    def _see_kinds(self, cell: str, count: int, row_of: Callable[[str], int]) -> None:
        text = cell.strip()
        fits = kinds.kinds_of(text)
        if text != cell:
            fits &= _STRIPPED
        for kind in kinds.KINDS:
            if kind not in fits:
                self.hindered[kind] += count
                if kind not in self.first:
                    self.first[kind] = (row_of(cell), cell)
        self._see_form(text, fits)

    def _see_form(self, text: str, fits: frozenset[str]) -> None:
        if kinds.NUMBER in fits:
            self.point_settled |= kinds.settles_point(text)
        if kinds.COMMA in fits:
            self.comma_settled |= kinds.settles_comma(text)
            self.group_seen |= "." in text
        if kinds.DAY_FIRST in fits:
            self.day_settled |= kinds.settles_day(text)

    def _see_digits(self, cell: str, count: int, row_of: Callable[[str], int]) -> None:
        if not (cell.isascii() and cell.isdigit()):
            self.not_digits += count
        elif len(self.widths) <= 1:
            self.widths.add(len(cell))
        if self.leading_zero is None and _LEADING_ZERO.fullmatch(cell):
            self.leading_zero = row_of(cell)
        if any(letter.isdigit() for letter in cell) and not any(letter.isalpha() for letter in cell):
            self.digital += count
            self.numerals += count * (_NUMERAL.fullmatch(cell.strip()) is not None)
            if not self.first_digital[0] and not (cell.isascii() and cell.isdigit()):
                self.first_digital = (row_of(cell), cell)
