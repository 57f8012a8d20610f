"""What is wrong in a bad row: one thing in each, of ten kinds in turn."""

from __future__ import annotations

from screening.schema import KEY, NAMES

REPLACED = (
    ("pm25", "n/a"),  # type-error
    ("pm10", "-1.0"),  # below its minimum
    ("humidity", "140"),  # above its maximum
    ("status", "ok"),  # not in its enum
    ("station", "hn-12"),  # not of its pattern
    ("temperature", ""),  # required
    ("preliminary", "maybe"),  # type-error
    ("reviewed", "2024-02-30"),  # type-error: no such day
)
KINDS = len(REPLACED) + 2


def spoil(row: list[str], turn: int, other: list[str]) -> list[str]:
    """The row with the fault whose turn it is; `other` is a good row of the same table."""
    kind = turn % KINDS
    if kind == len(REPLACED):  # missing-cell
        return row[:-1]
    if kind > len(REPLACED):  # primary-key
        return other[: len(KEY)] + row[len(KEY) :]
    name, cell = REPLACED[kind]
    place = NAMES.index(name)
    return [*row[:place], cell, *row[place + 1 :]]
