"""Statistics of each column, counted while the rows go by: exact, and the same however the blocks were cut."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa

    from opendata.model import Block, Json, JsonValue

    Column = pa.Array[pa.Scalar[pa.DataType]]

DISTINCT_LIMIT = 1000
"""Up to so many different values are counted; of a column with more, the number is not told."""


class TallySink:
    """Counts rows and, for each column, values, missing ones, the least, the greatest and the different ones."""

    def __init__(self, fields: Sequence[str]) -> None:
        """Begin with nothing counted."""
        self.rows = 0
        self._columns = {name: _Column() for name in fields}

    def batch(self, block: Block) -> None:
        """Count the block's values."""
        self.rows += block.values.num_rows
        for column, values in zip(self._columns.values(), block.values.columns, strict=True):
            column.count(values)

    def seal(self) -> None:
        """Nothing is left to do."""

    def abort(self) -> None:
        """Forget what was counted."""
        self.rows = 0
        self._columns = {name: _Column() for name in self._columns}

    def statistics(self) -> Json:
        """The statistics by field name, as they stand in the descriptor.

        `min` and `max` of numbers and dates alone; decimals, dates and times as text, times of a zone in UTC.
        """
        return {name: column.told() for name, column in self._columns.items()}


class _Column:
    def __init__(self) -> None:
        self.values = 0
        self.missing = 0
        self.least: Any = None
        self.greatest: Any = None
        self.different: set[object] | None = set()
        self.known: Column | None = None

    def count(self, values: Column) -> None:
        self.values += len(values) - values.null_count
        self.missing += values.null_count
        self._range(values)
        self._differ(values)

    def told(self) -> Json:
        told: dict[str, JsonValue] = {"count": self.values, "missing": self.missing}
        if self.least is not None:
            told |= {"min": _json(self.least), "max": _json(self.greatest)}
        if self.different is not None:
            told["distinct"] = len(self.different)
        return told

    def _range(self, values: Column) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        if pa.types.is_string(values.type) or pa.types.is_boolean(values.type):
            return
        if pa.types.is_floating(values.type):
            values = values.filter(pc.is_finite(values))
        found: dict[str, Any] = pc.call_function("min_max", [values]).as_py()
        bounds = [item for item in (self.least, self.greatest, found["min"], found["max"]) if item is not None]
        if bounds:
            self.least, self.greatest = min(bounds), max(bounds)

    def _differ(self, values: Column) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        if self.different is None:
            return
        found: Any = pc.call_function("unique", [values]).drop_null()
        if self.known is not None:
            known = pc.call_function("is_in", [found], pc.SetLookupOptions(self.known))
            found = found.filter(pc.call_function("invert", [known]))
        if not len(found):
            return
        self.different.update(_comparable(value) for value in found.to_pylist())
        self.known = found if self.known is None else pa.concat_arrays([self.known, found])
        if len(self.different) > DISTINCT_LIMIT:
            self.different = self.known = None


def _comparable(value: object) -> object:
    """NaN differs from itself: all of them are counted as one."""
    return "NaN" if value != value else value  # noqa: PLR0124 - the test for NaN that needs no type


def _json(value: float | decimal.Decimal | dt.date | dt.time) -> JsonValue:
    if isinstance(value, int | float):
        return value
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
    return value.isoformat()
