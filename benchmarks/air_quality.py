"""Makes the air-quality table that checking is measured on: ten columns, the same bytes every time, in a variant.

    python benchmarks/air_quality.py FOLDER [--rows 1000000] [--variant clean]

FOLDER/ROWS-VARIANT/ then holds the table in a data package, its schema and its dialect. A table that is there is left.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from screening import columns, descriptors
from screening.faults import spoil
from screening.schema import NAMES
from screening.variants import VARIANTS, Place, Variant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screening.columns import Numbers
    from screening.schema import Form

BLOCK = 100_000
"""Rows that are made at once."""


def make(folder: Path, rows: int, variant: Variant) -> Place:
    """Write the table of so many rows, and what belongs to it, where it is not there yet."""
    place = Place.of(folder, rows, variant.name)
    descriptors.write(place, variant.form)
    if not place.table.exists():
        aside = place.table.with_suffix(".part")
        with aside.open("w", encoding="utf-8", newline="") as file:
            file.writelines(text(rows, variant))
        aside.replace(place.table)
    return place


def text(rows: int, variant: Variant) -> Iterator[str]:
    """The CSV of so many rows, a block of lines at a time."""
    import numpy as np

    numbers = columns.order(rows) if variant.shuffled else np.arange(rows, dtype=np.uint64)
    bad = bad_rows(rows, variant)
    turns = {place: turn for turn, place in enumerate(bad)}
    yield _lines([NAMES], variant.form)
    for start in range(0, rows, BLOCK):
        made = _block(numbers, start, variant.form)
        for place in range(start, min(start + BLOCK, rows)) if turns else ():
            if place in turns:
                other = _row(numbers, _good_before(place, turns), variant.form)
                made[place - start] = spoil(list(made[place - start]), turns[place], other)
        yield _lines(made, variant.form)


def bad_rows(rows: int, variant: Variant) -> list[int]:
    """The places of the bad rows, sorted; the first row of the table is 0, in line 2 of the file."""
    return columns.chosen(rows, variant.faults(rows))


def _block(numbers: Numbers, start: int, form: Form) -> list[list[str] | tuple[str, ...]]:
    made = columns.cells(numbers[start : start + BLOCK], len(numbers), form)
    return list(zip(*(column.tolist() for column in made), strict=True))


def _row(numbers: Numbers, place: int, form: Form) -> list[str]:
    return [str(column[0]) for column in columns.cells(numbers[place : place + 1], len(numbers), form)]


def _good_before(place: int, bad: dict[int, int]) -> int:
    return next(other for other in range(place - 1, -1, -1) if other not in bad)


def _lines(rows: list[list[str] | tuple[str, ...]], form: Form) -> str:
    mark = '"' if form.quoted else ""
    between = f"{mark}{form.delimiter}{mark}"
    return "".join(f"{mark}{between.join(row)}{mark}\n" for row in rows)


def main() -> None:
    """Make what is asked for, and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--variant", choices=VARIANTS, default="clean")
    asked = parser.parse_args()
    sys.stdout.write(f"{make(asked.folder, asked.rows, VARIANTS[asked.variant]).table}\n")


if __name__ == "__main__":
    main()
