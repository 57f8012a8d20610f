"""The Parquet and the CSV of one table say the same to every reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from package_helpers import EVERY_TYPE, cut, every_type, pour
from readers import CANNOT_HOLD, READERS, assert_readers_agree

from opendata.package.outlet import Outlet
from opendata.schema.types import arrow_schema

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Path]:
    made, block = every_type()
    outlet = Outlet(cut(made), arrow_schema(made), tmp_path, "table")
    pour(outlet, block)
    return outlet.files().parquet.path, outlet.files().csv.path


def test_all_readers_agree_on_every_type(written: tuple[Path, Path]) -> None:
    assert_readers_agree(*written)


def test_every_type_of_table_schema_is_in_the_table() -> None:
    kinds = {str(descriptor["type"]) for descriptor, _ in EVERY_TYPE.values()}
    assert kinds == {
        *("any", "array", "boolean", "date", "datetime", "duration", "geojson", "geopoint", "integer", "list"),
        *("number", "object", "string", "time", "year", "yearmonth"),
    }


def test_a_difference_is_seen(written: tuple[Path, Path], tmp_path: Path) -> None:
    parquet, csv = written
    table = pq.read_table(parquet)
    other = table.set_column(2, "whole", pc.add(table.column("whole"), pa.scalar(1)))
    pq.write_table(other, tmp_path / "other.parquet")
    with pytest.raises(AssertionError, match="column whole, row 1"):
        assert_readers_agree(tmp_path / "other.parquet", csv)


def test_each_exemption_is_needed(written: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    assert {item.reader for item in CANNOT_HOLD} <= READERS.keys()
    for item in CANNOT_HOLD:
        others = tuple(other for other in CANNOT_HOLD if other is not item)
        monkeypatch.setattr("readers.CANNOT_HOLD", others)
        with pytest.raises(AssertionError, match=f"{item.reader}, column"):
            assert_readers_agree(*written)
