"""Which cells stand for no value: those that equal one of `missingValues` letter by letter, before anything is stripped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.schema.screen.cells import Cells, Mask


def missing_cells(cells: Cells, missing: Sequence[str]) -> Mask | None:
    """Which cells are missing; None where none is.

    >>> import pyarrow as pa
    >>> from opendata.schema.screen.cells import cells_of
    >>> missing_cells(cells_of(pa.array(["1", "-", " "])), ["", "-"]).tolist()
    [False, True, False]
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    marks = [mark for mark in missing if _may_be(cells, len(mark.encode()))]
    if marks == [""]:
        return cells.lengths == 0
    if not marks:
        return None
    found: Any = pc.call_function("is_in", [cells.array], pc.SetLookupOptions(pa.array(marks, pa.string())))
    mask: Mask = found.to_numpy(zero_copy_only=False)
    return mask if np.any(mask) else None


def _may_be(cells: Cells, length: int) -> bool:
    return bool((cells.lengths == length).any())
