"""Cells that no proof covers, each distinct text of a batch read once by frictionless's own cell reader."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol, cast

from opendata.schema.exact import exact_value
from opendata.schema.inexact import InexactError
from opendata.schema.lexical import canonical_text
from opendata.schema.types import arrow_type

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import pyarrow as pa

    from opendata.model import Field
    from opendata.schema.screen.arrow import Mask
    from opendata.schema.screen.proof import Column

    CellReader = Callable[[Any], tuple[Any, Mapping[str, str] | None]]


class JudgedField(Protocol):
    """A field as frictionless has it."""

    constraints: dict[str, Any]

    def create_value_reader(self) -> Callable[[Any], Any]:
        """A function that reads a value, or a bound; None where it cannot be read."""
        ...

    def create_cell_reader(self) -> CellReader:
        """A function that reads a cell, and tells what is wrong with it."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """Cells as frictionless reads them, by position. The value of a wrong cell is kept where it has one: keys count it.

    `odd`: a cell has a value of which `values` does not hold all, so that equal ones could not be told.
    """

    values: Column
    texts: pa.StringArray
    wrong: Mask
    inexact: tuple[tuple[int, InexactError], ...]
    odd: bool


@dataclass(slots=True)
class _Distinct:
    texts: list[str | None] = field(default_factory=list)
    values: list[object] = field(default_factory=list)
    wrong: list[bool] = field(default_factory=list)
    inexact: dict[int, InexactError] = field(default_factory=dict)
    odd: bool = False

    def add(self, text: str | None, value: object, *, wrong: bool) -> None:
        self.texts.append(text)
        self.values.append(value)
        self.wrong.append(wrong)


class Adjudicator:
    """Reads the cells of one field."""

    def __init__(self, field: Field, judged: JudgedField) -> None:
        """Take the reader of the field as frictionless has it."""
        self._reader = judged.create_cell_reader()
        self._canonical = canonical_text(field)
        self._exact = exact_value(field)
        self._type = arrow_type(field)

    def read(self, cells: pa.StringArray) -> Verdict:
        """The verdict on cells none of which is missing."""
        import numpy as np
        import pyarrow as pa

        encoded: Any = cells.dictionary_encode()
        read = self._distinct(cast("list[str]", encoded.dictionary.to_pylist()))
        indices = encoded.indices.to_numpy()
        return Verdict(
            pa.array(read.values, self._type).take(encoded.indices),
            pa.array(read.texts, pa.string()).take(encoded.indices),
            np.array(read.wrong, np.bool_)[indices],
            tuple(_spread(read.inexact, indices)) if read.inexact else (),
            read.odd,
        )

    def _distinct(self, cells: Sequence[str]) -> _Distinct:
        read = _Distinct()
        for position, cell in enumerate(cells):
            try:
                value, notes = self._reader(cell)
            except Exception:  # noqa: BLE001 - whatever frictionless fails with at this cell, it will say so itself
                read.add(None, None, wrong=True)
                continue
            if value is None:
                read.add(None, None, wrong=True)
                continue
            read.odd |= _unlike_itself(value)
            try:
                kept = self._exact(cell, value)  # first: what is refused here may have no canonical text at all
                read.add(self._canonical(cell, value), kept, wrong=bool(notes))
            except InexactError as inexact:
                read.odd = True
                read.add(None, None, wrong=bool(notes))
                if not notes:
                    read.inexact[position] = inexact
        return read


def _unlike_itself(value: object) -> bool:
    """True for NaN, which equals nothing; frictionless itself fails on a signalling one in a key."""
    return value.is_nan() if isinstance(value, Decimal) else isinstance(value, float) and math.isnan(value)


def _spread(inexact: Mapping[int, InexactError], indices: np.ndarray[Any, Any]) -> list[tuple[int, InexactError]]:
    import numpy as np

    where = np.flatnonzero(np.isin(indices, list(inexact)))
    return [(int(at), inexact[int(indices[at])]) for at in where]
