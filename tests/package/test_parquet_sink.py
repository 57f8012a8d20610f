"""The Parquet we publish: the same bytes however the blocks came, with descriptions and without a clock."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st
from package_helpers import block, every_type, field, pour, schema

from opendata.package.parquet_sink import ParquetSink
from opendata.schema.types import arrow_schema

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NUMBERS = schema([field("n", {"type": "integer", "title": "Số", "description": "một số"})])
PLAIN = arrow_schema(NUMBERS).with_metadata({b"title": "Bảng".encode()})


def write(path: Path, sizes: list[int], group_rows: int) -> bytes:
    sink = ParquetSink(path, PLAIN, group_rows)
    start = 0
    for size in sizes:
        numbers = list(range(start, start + size))
        sink.batch(block(NUMBERS, [[str(n) for n in numbers]], [numbers]))
        start += size
    sink.seal()
    content = path.read_bytes()
    assert sink.file is not None
    assert (sink.file.bytes, sink.file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    path.unlink()
    return content


@given(st.lists(st.integers(0, 25), max_size=8), st.integers(1, 20))
def test_the_cut_into_blocks_does_not_show(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], group: int
) -> None:
    folder = tmp_path_factory.mktemp("parquet")
    assert write(folder / "a", sizes, group) == write(folder / "b", [sum(sizes)], group)


def test_row_groups_have_one_size(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(write(tmp_path / "a", [7, 9, 1], 5))
    metadata = pq.read_metadata(tmp_path / "b")
    assert [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)] == [5, 5, 5, 2]
    assert metadata.row_group(0).column(0).compression == "ZSTD"
    assert pq.read_table(tmp_path / "b").column("n").to_pylist() == list(range(17))


def test_no_rows_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(write(tmp_path / "a", [], 5))
    table = pq.read_table(tmp_path / "b")
    assert (table.num_rows, table.schema.field("n").type) == (0, pa.int64())


def test_descriptions_are_metadata_of_fields_and_schema(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(write(tmp_path / "a", [1], 5))
    found = pq.read_schema(tmp_path / "b")
    assert (found.metadata or {})[b"title"].decode() == "Bảng"
    assert (found.field("n").metadata or {})[b"description"].decode() == "một số"


def test_every_type_survives(tmp_path: Path) -> None:
    made, whole = every_type()
    sink = ParquetSink(tmp_path / "a", arrow_schema(made))
    pour(sink, whole)
    assert pq.read_table(tmp_path / "a").to_batches()[0].equals(whole.values)


def test_abort_leaves_nothing_and_can_be_repeated(tmp_path: Path) -> None:
    sink = ParquetSink(tmp_path / "a", PLAIN, 2)
    sink.batch(block(NUMBERS, [["1", "2", "3"]], [[1, 2, 3]]))
    sink.abort()
    sink.abort()
    assert sink.file is None
    assert not list(tmp_path.iterdir())
