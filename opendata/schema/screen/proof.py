"""What a proof gives: the typed values and canonical texts of the cells that are proven, and which are not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from opendata.schema.screen.arrow import chosen, mask_of, nulls

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from opendata.schema.screen.arrow import Mask
    from opendata.schema.screen.cells import Cells

    Column: TypeAlias = pa.Array[pa.Scalar[pa.DataType]]
    Proof: TypeAlias = Callable[[Cells], "Proven"]


@dataclass(frozen=True, slots=True)
class Proven:
    """A column after its proof. `values` and `texts` (in the default lexical form) are null where nothing is proven.

    `rest`: the cells that are there and not proven; None where all are.
    """

    values: Column
    texts: pa.StringArray
    rest: Mask | None = None


def by_form(cells: Cells, form: str, read: Callable[[pa.StringArray], Column]) -> Proven:
    """The proof of those cells alone that have a form, a whole match of an RE2 pattern; `read` gives their values.

    Raises:
        pyarrow.ArrowInvalid: `read` does; the form was not strict enough.
    """
    mask = matches(cells, form)
    fitting = chosen(mask, cells.array, None)
    return Proven(read(fitting), fitting, rest_of(cells, mask))


def matches(cells: Cells, form: str) -> Mask:
    """Which cells match an RE2 pattern as a whole; a missing one does not."""
    return mask_of(whole(cells.array, form))


def whole(array: pa.StringArray, form: str) -> pa.BooleanArray:
    """Whether texts match an RE2 pattern as a whole.

    Raises:
        pyarrow.ArrowInvalid: RE2 does not take the pattern.
    """
    import pyarrow.compute as pc

    return pc.match_substring_regex(array, rf"\A(?:{form})\z")


def rest_of(cells: Cells, proven: Mask) -> Mask | None:
    """The cells that are there and not among the proven; None where there is none."""
    rest = ~proven if cells.missing is None else ~(proven | cells.missing)
    return rest if rest.any() else None


def nothing(cells: Cells, kind: pa.DataType) -> Proven:
    """No cell proven."""
    import numpy as np
    import pyarrow as pa

    none = np.zeros(len(cells), np.bool_)
    return Proven(nulls(len(cells), kind), nulls(len(cells), pa.string()), rest_of(cells, none))
