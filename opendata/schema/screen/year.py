"""The proof of years and months of years (Table Schema v2, "year" and "yearmonth"): `YYYY` and `YYYY-MM`.

Frictionless takes the years 0 to 9999, four letters long, and any year in a yearmonth, which is kept as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.schema.screen.layout import Layout
from opendata.schema.screen.proof import Proven, rest_of

if TYPE_CHECKING:
    from opendata.schema.screen.arrow import Mask
    from opendata.schema.screen.cells import Cells
    from opendata.schema.screen.layout import Number

YEAR = Layout(4, {"Y": (0, 4)}, ())
MONTH = Layout(7, {"Y": (0, 4), "m": (5, 2)}, ((4, ord("-")),))
MONTHS = 12


def prove_years(cells: Cells) -> Proven:
    """Prove years of four digits.

    >>> import pyarrow as pa
    >>> from opendata.schema.screen.cells import cells_of
    >>> prove_years(cells_of(pa.array(["2024", "24"]))).values.to_pylist()
    [2024, None]
    """
    import pyarrow as pa

    numbers, proven = _read(cells, YEAR, "Y")
    values = pa.array(numbers, pa.int32(), mask=None if proven.all() else ~proven)
    return Proven(values, cells.array, rest_of(cells, proven))


def prove_yearmonths(cells: Cells) -> Proven:
    """Prove months of years; their value is the text.

    >>> import pyarrow as pa
    >>> from opendata.schema.screen.cells import cells_of
    >>> prove_yearmonths(cells_of(pa.array(["2024-05", "2024-13"]))).rest.tolist()
    [False, True]
    """
    months, proven = _read(cells, MONTH, "m")
    proven &= (months >= 1) & (months <= MONTHS)
    return Proven(cells.array, cells.array, rest_of(cells, proven))


def _read(cells: Cells, layout: Layout, part: str) -> tuple[Number, Mask]:
    import numpy as np

    numbers, proven = np.zeros(len(cells), np.int32), np.zeros(len(cells), np.bool_)
    for at, letters in cells.widths():
        if letters.shape[1] == layout.width:
            found, good = layout.read(letters)
            where = slice(None) if at is None else at
            numbers[where], proven[where] = found[part], good
    return numbers, proven
