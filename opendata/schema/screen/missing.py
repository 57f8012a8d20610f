"""Which cells stand for no value: those equal to one of `missingValues`, before anything is stripped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.schema.screen.arrow import is_text, mask_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.schema.screen.arrow import Mask
    from opendata.schema.screen.cells import Cells


def missing_cells(cells: Cells, missing: Sequence[str]) -> Mask | None:
    """Which cells are missing; None where none is.

    >>> import pyarrow as pa
    >>> from opendata.schema.screen.cells import cells_of
    >>> missing_cells(cells_of(pa.array(["1", "-", " "])), ["", "-"]).tolist()
    [False, True, False]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    marks = [mark for mark in missing if is_text(mark) and _may_be(cells, len(mark.encode()))]
    if not marks:
        return None
    if marks == [""]:
        empty: Mask = cells.lengths == 0
        return empty
    mask = mask_of(pc.call_function("is_in", [cells.array], pc.SetLookupOptions(pa.array(marks, pa.string()))))
    return mask if mask.any() else None


def _may_be(cells: Cells, length: int) -> bool:
    return bool((cells.lengths == length).any())
