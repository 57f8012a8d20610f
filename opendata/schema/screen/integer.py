"""The proof of integers (Table Schema v2, "integer"): an optional minus and up to 18 digits.

Frictionless gives the text to Python's `int`, stripped, and without `bareNumber` freed of letters around it: neither
changes a text of this form. 18 digits always fit into int64. `+5`, `1_000`, other scripts' digits are not proven.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from opendata.schema.screen.proof import Proven, by_form

if TYPE_CHECKING:
    import pyarrow as pa

    from opendata.schema.screen.cells import Cells
    from opendata.schema.screen.proof import Column

FORM = "-?[0-9]{1,18}"
LONGEST = 18


def prove_integers(cells: Cells) -> Proven:
    """Prove whole numbers; their text is kept as it is written (007 stays 007).

    >>> import pyarrow as pa
    >>> from opendata.schema.screen.cells import cells_of
    >>> proven = prove_integers(cells_of(pa.array(["7", "007", "-5", "0x1F"])))
    >>> proven.values.to_pylist(), proven.rest.tolist()
    ([7, 7, -5, None], [False, False, False, True])
    """
    import pyarrow as pa

    if cells.longest <= LONGEST and cells.only(b"-0123456789"):
        with contextlib.suppress(pa.ArrowInvalid):  # a minus astray, an empty cell: cell by cell then
            return Proven(_read(cells.array), cells.array)
    return by_form(cells, FORM, _read)


def _read(array: pa.StringArray) -> Column:
    import pyarrow as pa

    return array.cast(pa.int64())
