"""The proofs of constraints (Table Schema v2, "Constraints"), each on the values that the type's proof gave.

A bound or a listed value is taken as frictionless reads it. Where the field's Arrow type does not hold it exactly there
is no proof. Doubles of 15 digits lie in the order of the decimals that were written.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from opendata.schema.screen.arrow import mask_of
from opendata.schema.screen.proof import matches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pyarrow as pa

    from opendata.schema.screen.arrow import Mask
    from opendata.schema.screen.cells import Cells
    from opendata.schema.screen.proof import Column, Proven

    Constraint = Callable[[Cells, Proven], "Mask | None"]

# What a value must be, and the Arrow function that finds where it is not.
BOUNDS: dict[str, tuple[Callable[[Any, Any], bool], str, str]] = {
    "minimum": (operator.ge, "less", "min"),
    "maximum": (operator.le, "greater", "max"),
    "exclusiveMinimum": (operator.gt, "less_equal", "min"),
    "exclusiveMaximum": (operator.lt, "greater_equal", "max"),
}
DIGITS = 15


@dataclass(frozen=True, slots=True)
class Bounds:
    """A value lies on the right side of every bound, each under the name of its constraint."""

    bounds: Mapping[str, Any]

    def __call__(self, _cells: Cells, proven: Proven) -> Mask | None:
        """Which values are not proven to lie there; None where all do."""
        import numpy as np
        import pyarrow.compute as pc

        utmost: Any = pc.call_function("min_max", [proven.values]).as_py()
        broken = [
            _beyond(name, bound, proven.values)
            for name, bound in self.bounds.items()
            if utmost["min"] is not None and not BOUNDS[name][0](utmost[BOUNDS[name][2]], bound)
        ]
        return np.logical_or.reduce(broken) if broken else None


@dataclass(frozen=True, slots=True)
class Listed:
    """A value is one of those that `enum` lists."""

    values: Column

    def __call__(self, _cells: Cells, proven: Proven) -> Mask | None:
        """Which values are not among them; None where all are."""
        import pyarrow.compute as pc

        found: Any = pc.call_function("is_in", [proven.values], pc.SetLookupOptions(self.values))
        known = pc.call_function("or", [found, proven.values.is_null()])
        return None if pc.call_function("all", [known]).as_py() else ~mask_of(known)


@dataclass(frozen=True, slots=True)
class Length:
    """A text is no shorter than `least` and no longer than `most` letters, counted as code points."""

    least: int
    most: int | None

    def __call__(self, cells: Cells, _proven: Proven) -> Mask | None:
        """Which texts are not proven to be so; None where all are. Bytes are counted first: a letter has up to 4."""
        import pyarrow as pa
        import pyarrow.compute as pc

        shortest = int(cells.lengths.min()) if len(cells) and cells.missing is None else 0
        if shortest >= 4 * self.least and (self.most is None or cells.longest <= self.most):
            return None
        letters: Any = pc.utf8_length(cells.array)
        wrong = pc.call_function("less", [letters, pa.scalar(self.least)])
        if self.most is not None:
            wrong = pc.call_function("or", [wrong, pc.call_function("greater", [letters, pa.scalar(self.most)])])
        return mask_of(wrong)


@dataclass(frozen=True, slots=True)
class Matched:
    """A text matches a pattern, told for RE2."""

    form: str

    def __call__(self, cells: Cells, _proven: Proven) -> Mask | None:
        """Which texts are not proven to match; None where all are."""
        wrong = ~matches(cells, self.form)
        wrong = wrong if cells.missing is None else wrong & ~cells.missing
        return wrong if wrong.any() else None


def _beyond(name: str, bound: object, values: Column) -> Mask:
    import pyarrow as pa
    import pyarrow.compute as pc

    return mask_of(pc.call_function(BOUNDS[name][1], [values, pa.scalar(bound, values.type)]))


def exactly(value: object, kind: pa.DataType) -> object | None:
    """A bound or a listed value as the Arrow type holds it; None where it would not be the same value.

    >>> import pyarrow as pa
    >>> exactly(Decimal("0.5"), pa.float64()), exactly(Decimal("0.1234567890123456"), pa.float64())
    (0.5, None)
    """
    import pyarrow as pa

    if pa.types.is_floating(kind):
        return _double(value)
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        return None  # kept in a zone, a moment does not tell any more whether an offset was written
    try:
        kept = pa.scalar(value, kind).as_py()
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return None
    same: bool = type(kept) is type(value) and kept == value
    return kept if same or (isinstance(kept, Decimal) and kept == value) else None


def listed(values: Sequence[object], kind: pa.DataType) -> Listed | None:
    """The proof for the values of `enum`; None where one of them is not held exactly."""
    import pyarrow as pa

    kept = [exactly(value, kind) for value in values]
    return None if None in kept else Listed(pa.array(kept, kind))


def _double(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, Decimal | float | int):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite() or len(number.as_tuple().digits) > DIGITS:
        return None
    double = float(number)
    return double if Decimal(repr(double)) == number else None
