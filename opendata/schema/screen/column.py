"""One column of a batch: missing cells set aside, the rest proven, and what is not proven read by frictionless."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from opendata.schema.screen.adjudged import Adjudicator
from opendata.schema.screen.arrow import mask_of, nulls, taken
from opendata.schema.screen.cells import cells_of, without
from opendata.schema.screen.missing import missing_cells
from opendata.schema.screen.proof import nothing
from opendata.schema.screen.proofs import constraints_of, proof_of
from opendata.schema.types import arrow_type

if TYPE_CHECKING:
    import pyarrow as pa

    from opendata.model import Field
    from opendata.schema.inexact import InexactError
    from opendata.schema.screen.adjudged import JudgedField
    from opendata.schema.screen.arrow import Mask
    from opendata.schema.screen.cells import Cells
    from opendata.schema.screen.proof import Column, Proven


@dataclass(frozen=True, slots=True)
class Read:
    """A column as read: `values` and `texts` null where a cell is missing or wrong.

    `missing` and `wrong` are None where no cell is. `inexact`: what its Arrow type would change, by position.
    `odd`: `values` does not hold all of a value, so that equal ones cannot be told by them. `adjudged` counts the cells
    that frictionless has read. `kept`: each text is the cell as it stands in the source, and each missing one is empty.
    """

    values: Column
    texts: pa.StringArray
    missing: Mask | None = None
    wrong: Mask | None = None
    inexact: tuple[tuple[int, InexactError], ...] = ()
    odd: bool = False
    adjudged: int = 0
    kept: bool = False


class ColumnScreen:
    """Reads the cells of one field."""

    def __init__(self, field: Field, judged: JudgedField, missing: tuple[str, ...]) -> None:
        """Choose the proofs. `missing`: the texts that stand for no value."""
        self.field = field
        self._missing = missing
        self._required = bool(judged.constraints.get("required"))
        self._kind = arrow_type(field)
        self._adjudicator = Adjudicator(field, judged)
        constraints = constraints_of(field, judged)
        self._constraints = constraints or []
        self._proof = proof_of(field) if constraints is not None else None

    def read(self, array: pa.StringArray) -> Read:
        """Read a column of cells; one that is null is missing."""
        cells = cells_of(cast("pa.StringArray", array.fill_null(""))) if array.null_count else cells_of(array)
        missing = missing_cells(cells, self._missing)
        if array.null_count:
            absent = mask_of(array.is_null())
            missing = absent if missing is None else missing | absent
        plain = missing is None or not cells.lengths[missing].any()
        return self._read(without(cells, missing), missing, plain=plain)

    def _read(self, cells: Cells, missing: Mask | None, *, plain: bool) -> Read:
        proven = self._proven(cells)
        wrong = missing if self._required and missing is not None else None
        read = Read(proven.values, proven.texts, missing, wrong, kept=plain and proven.texts is cells.array)
        return read if proven.rest is None else self._adjudged(cells, read, proven.rest)

    def _proven(self, cells: Cells) -> Proven:
        if self._proof is None:
            return nothing(cells, self._kind)
        proven = self._proof(cells)
        for constraint in self._constraints:
            broken = constraint(cells, proven)
            if broken is not None:
                proven = replace(proven, rest=broken if proven.rest is None else proven.rest | broken)
        return proven

    def _adjudged(self, cells: Cells, read: Read, rest: Mask) -> Read:
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        at = np.flatnonzero(rest)
        verdict = self._adjudicator.read(taken(cells.array, at))
        mask = pa.array(rest)
        wrong = np.zeros(len(cells), np.bool_) if read.wrong is None else read.wrong.copy()
        wrong[at[verdict.wrong]] = True
        return Read(
            pc.call_function("replace_with_mask", [read.values, mask, verdict.values]),
            pc.call_function("replace_with_mask", [read.texts, mask, verdict.texts]),
            read.missing,
            wrong if wrong.any() else None,
            tuple((int(at[position]), fault) for position, fault in verdict.inexact),
            verdict.odd,
            len(at),
        )


def absent(rows: int, field: Field) -> Read:
    """A field without a column: missing in each row, which `fieldsMatch` allowed."""
    import pyarrow as pa

    return Read(nulls(rows, arrow_type(field)), nulls(rows, pa.string()))
