"""The air-quality table: ten columns, every cell a function of its row's number, so that the bytes are always the same.

Row n is hour n // 200 at station n % 200: in order of time over many stations, as a network's export has it. So the
key (station, time) is nowhere sorted.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING

from screening.schema import STATES, TIDY, Form

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    import numpy.typing as npt

    Numbers = npt.NDArray[np.uint64]
    Cells = npt.NDArray[np.object_]

STATIONS = 200
FIRST = dt.datetime(2016, 1, 1)  # noqa: DTZ001 - the table's times are local ones
LONGEST_REVIEW = 40
"""Days after which the last measurement is reviewed."""


def cells(numbers: Numbers, total: int, form: Form = TIDY) -> list[Cells]:
    """The ten columns of the rows of these numbers, of a table of `total` rows."""
    hours, tenths = numbers // STATIONS, _tenths(form.decimal)
    days = hours // 24 + 1 + _chance(numbers, 1) % (LONGEST_REVIEW - 1)
    return [
        _stations()[numbers % STATIONS],
        _moments(form.moment, total)[hours],
        tenths[200 + _chance(numbers, 2) % 1500],
        _gaps(numbers, 3, tenths[200 + _chance(numbers, 4) % 2600]),
        _gaps(numbers, 5, tenths[200 + _chance(numbers, 6) % 900]),
        tenths[170 + _chance(numbers, 7) % 450],
        _texts(range(101))[_chance(numbers, 8) % 101],
        _texts((*STATES, *("valid",) * 3))[_chance(numbers, 9) % 6],
        _texts(("false", "true"))[_chance(numbers, 10) % 2],
        _days(form.day, total)[days],
    ]


def order(total: int) -> Numbers:
    """The numbers of all rows, shuffled, always in the same way."""
    import numpy as np

    return np.argsort(_chance(np.arange(total, dtype=np.uint64), 11), kind="stable").astype(np.uint64)


def chosen(total: int, many: int) -> list[int]:
    """So many places of rows, sorted, spread over the table by chance; never the first."""
    import numpy as np

    places = np.arange(1, total, dtype=np.uint64)
    return sorted((np.argsort(_chance(places, 12), kind="stable")[:many] + 1).tolist())


def _chance(numbers: Numbers, salt: int) -> Numbers:
    """A number of 64 bits that looks random for each number: the finaliser of SplitMix64."""
    import numpy as np

    mixed: Numbers = numbers * np.uint64(32) + np.uint64(salt)
    mixed = mixed * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _gaps(numbers: Numbers, salt: int, texts: Cells) -> Cells:
    """The texts, but for one in fifty, which is missing."""
    texts[_chance(numbers, salt) % 50 == 0] = ""
    return texts


def _texts(values: Iterable[object]) -> Cells:
    import numpy as np

    return np.array([str(value) for value in values], dtype=object)


@cache
def _stations() -> Cells:
    return _texts(f"{('HN', 'HP', 'DN', 'CT', 'SG')[number % 5]}-{number:03}" for number in range(STATIONS))


@cache
def _tenths(decimal: str) -> Cells:
    """-20.0, -19.9 and so on."""
    return _texts(f"{number / 10:.1f}".replace(".", decimal) for number in range(-200, 3000))


@cache
def _moments(form: str, total: int) -> Cells:
    return _texts((FIRST + dt.timedelta(hours=hour)).strftime(form) for hour in range(-(-total // STATIONS)))


@cache
def _days(form: str, total: int) -> Cells:
    count = total // STATIONS // 24 + LONGEST_REVIEW + 1
    return _texts((FIRST + dt.timedelta(days=day)).strftime(form) for day in range(count))
