"""Do all readers see the same table? One normaliser, and one list of what a reader cannot hold, with its reason."""

from __future__ import annotations

import csv as stdlib_csv
import datetime as dt
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

Columns = dict[str, list[Any]]


@dataclass(frozen=True)
class CannotHold:
    """`reader` gives back another value for columns of such a type: the one that `instead` makes of ours."""

    reader: str
    reason: str
    concerns: Callable[[pa.DataType], bool]
    instead: Callable[[Any], Any]
    only_with_missing: bool = False


def _zoned(kind: pa.DataType) -> bool:
    return pa.types.is_timestamp(kind) and kind.tz is not None


def _microseconds(value: dt.time) -> int:
    return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond


def _nearly(value: Decimal) -> object:
    return pytest.approx(float(value), rel=1e-14)


CANNOT_HOLD = (
    CannotHold(
        "pandas", "integers become doubles where some are missing", pa.types.is_integer, float, only_with_missing=True
    ),
    CannotHold("fastparquet", "decimals become doubles, multiplied by 0.01 and the like", pa.types.is_decimal, _nearly),
    CannotHold("fastparquet", "times of day come as raw microseconds", pa.types.is_time, _microseconds),
    CannotHold(
        "fastparquet",
        "a time zone is dropped, the moment given in UTC",
        _zoned,
        lambda value: value.replace(tzinfo=None),
    ),
)


def normal(value: Any) -> Any:  # noqa: ANN401 - whatever a reader gives
    """A value as all readers can be compared by it: NaN is missing, a date its midnight, a zoned moment in UTC."""
    if hasattr(value, "to_pydatetime"):
        value = None if value != value else value.to_pydatetime(warn=False)  # noqa: PLR0124 - NaT differs from itself
    if hasattr(value, "item"):
        value = value.item()
    if value is None or type(value).__name__ in {"NAType", "NaTType"} or _is_nan(value):
        return None
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC) if value.tzinfo else value
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a date has no zone
    return value


def assert_readers_agree(parquet: Path, csv: Path) -> None:
    """Every reader sees in `parquet` what pyarrow sees there, and `csv` says the same, row by row."""
    table = pq.read_table(parquet)
    ours = {name: [normal(value) for value in table.column(name).to_pylist()] for name in table.column_names}
    kinds = {field.name: field.type for field in table.schema}
    _assert_same("csv", _read_csv(csv, kinds), ours)
    for reader, read in READERS.items():
        found = {name: [normal(value) for value in values] for name, values in read(parquet).items()}
        _assert_same(reader, found, {name: _as_held(reader, kinds[name], ours[name]) for name in ours})


def _as_held(reader: str, kind: pa.DataType, values: list[Any]) -> list[Any]:
    for item in CANNOT_HOLD:
        if item.reader == reader and item.concerns(kind) and (None in values or not item.only_with_missing):
            return [value if value is None else item.instead(value) for value in values]
    return values


def _assert_same(reader: str, found: Columns, expected: Columns) -> None:
    assert list(found) == list(expected), f"{reader} sees other columns"
    for name, values in expected.items():
        assert len(found[name]) == len(values), f"{reader} sees another number of rows"
        for row, (one, other) in enumerate(zip(found[name], values, strict=True), 1):
            assert one == other, f"{reader}, column {name}, row {row}: {one!r} instead of {other!r}"
            assert isinstance(one, bool) == isinstance(other, bool), f"{reader}, column {name}: not the same type"


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _pandas(parquet: Path) -> Columns:
    import pandas as pd

    return _of_frame(pd.read_parquet(parquet, engine="pyarrow"))


def _fastparquet(parquet: Path) -> Columns:
    import fastparquet

    with parquet.open("rb") as stream:  # by its path it leaves the file open
        return _of_frame(fastparquet.ParquetFile(stream).to_pandas())


def _of_frame(frame: pd.DataFrame) -> Columns:
    return {name: list(frame[name]) for name in frame.columns}


def _polars(parquet: Path) -> Columns:
    import polars as pl

    columns: Columns = pl.read_parquet(parquet).to_dict(as_series=False)
    return columns


def _duckdb(parquet: Path) -> Columns:
    import duckdb

    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [str(parquet)])
        names = [column[0] for column in found.description or ()]
        rows = found.fetchall()
    return {name: [row[position] for row in rows] for position, name in enumerate(names)}


READERS: dict[str, Callable[[Path], Columns]] = {
    "pandas": _pandas,
    "fastparquet": _fastparquet,
    "polars": _polars,
    "duckdb": _duckdb,
}


def _read_csv(path: Path, kinds: dict[str, pa.DataType]) -> Columns:
    with path.open(encoding="utf-8", newline="") as stream:
        header, *rows = stdlib_csv.reader(stream)
    return {name: [normal(_value(row[position], kinds[name])) for row in rows] for position, name in enumerate(header)}


def _value(text: str, kind: pa.DataType) -> object:
    if not text:
        return None
    return next(read for concerns, read in _TEXTS if concerns(kind))(text, kind)


def _moment(text: str, kind: pa.TimestampType) -> dt.datetime:
    value = dt.datetime.fromisoformat(text)
    return value.replace(tzinfo=ZoneInfo(kind.tz)) if kind.tz and not value.tzinfo else value


_TEXTS: tuple[tuple[Callable[[pa.DataType], bool], Callable[[str, Any], Any]], ...] = (
    (pa.types.is_string, lambda text, _: text),
    (pa.types.is_integer, lambda text, _: int(text)),
    (pa.types.is_floating, lambda text, _: float(text)),
    (pa.types.is_decimal, lambda text, _: Decimal(text)),
    (pa.types.is_boolean, lambda text, _: text in {"true", "True", "TRUE", "1"}),
    (pa.types.is_date, lambda text, _: dt.date.fromisoformat(text)),
    (pa.types.is_time, lambda text, _: dt.time.fromisoformat(text)),
    (pa.types.is_timestamp, _moment),
)
