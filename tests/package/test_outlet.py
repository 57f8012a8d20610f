"""What is written of one table: the published columns alone, and nothing half-written on a fault."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest
from package_helpers import block, cut, field, pour, schema
from readers import assert_readers_agree

from opendata.errors import DataError, DiskError
from opendata.package.naming import stems
from opendata.package.outlet import Outlet
from opendata.package.written import DigestingFile
from opendata.schema.types import arrow_schema

if TYPE_CHECKING:
    import io
    from pathlib import Path

    from opendata.model import Block, TableSchema

WITH_SECRET = schema([field("n", {"type": "integer"}), field("secret", {}), field("t", {})])
ROWS = block(WITH_SECRET, [["3", "1"], ["hush", "hush"], ["a", "b"]], [[3, 1], ["hush", "hush"], ["a", "b"]])


def outlet(folder: Path, made: TableSchema, *shown: str, hidden: bool = False) -> Outlet:
    kinds = arrow_schema(made)
    part = cut(made, *shown, hidden=hidden)
    selected = kinds.empty_table().select(list(part.fields)).schema
    return Outlet(part, selected, folder, "table")


def test_a_withheld_column_reaches_no_file(tmp_path: Path) -> None:
    made = outlet(tmp_path, WITH_SECRET, "n", "t", hidden=True)
    pour(made, ROWS)
    found = made.files()
    assert found.csv.path.read_bytes() == b"n,t\n1,b\n3,a\n"
    assert (found.rows, list(found.statistics)) == (2, ["n", "t"])
    for path in tmp_path.iterdir():
        assert b"hush" not in path.read_bytes()
        assert b"secret" not in path.read_bytes()


def test_the_order_stays_where_nothing_is_withheld(tmp_path: Path) -> None:
    made = outlet(tmp_path, WITH_SECRET)
    pour(made, ROWS)
    assert made.files().csv.path.read_bytes() == b"n,secret,t\n3,hush,a\n1,hush,b\n"
    assert_readers_agree(made.files().parquet.path, made.files().csv.path)


def test_an_empty_text_is_missing_in_both_files(tmp_path: Path) -> None:
    made = schema([field("n", {"type": "integer"}), field("t", {})])
    written = outlet(tmp_path, made)
    pour(written, block(made, [["1", "2"], ["", "b"]], [[1, 2], ["", "b"]]))
    assert pq.read_table(written.files().parquet.path).column("t").to_pylist() == [None, "b"]
    assert_readers_agree(written.files().parquet.path, written.files().csv.path)
    assert dict(written.files().statistics)["t"] == {"count": 1, "missing": 1, "distinct": 1}


@pytest.mark.parametrize("more", [{"constraints": {"required": True}}, {}])
def test_an_empty_text_that_is_required_is_refused(tmp_path: Path, more: dict[str, Any]) -> None:
    made = schema([field("n", {"type": "integer"}), field("t", more)], () if more else ("t",))
    written = outlet(tmp_path, made)
    with pytest.raises(DataError, match=r"Row 3 .* empty text in the required field t"):
        written.batch(block(made, [["1", "2"], ["b", ""]], [[1, 2], ["b", ""]]))
    written.abort()


def test_a_row_without_any_published_value_is_refused(tmp_path: Path) -> None:
    written = outlet(tmp_path, WITH_SECRET, "n", "t", hidden=True)
    with pytest.raises(DataError, match="Row 3 of the table table has no value in any published column"):
        written.batch(block(WITH_SECRET, [["1", None], ["x", "x"], ["b", None]], [[1, None], ["x", "x"], ["b", None]]))
    written.abort()
    assert not list(tmp_path.iterdir())


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class FullDisk:
    """A stream that has room for so many writes."""

    def __init__(self, stream: io.BufferedWriter, room: int) -> None:
        self.stream, self.room = stream, room

    def write(self, piece: bytes) -> int:
        self.room -= 1
        return self.stream.write(piece) if self.room >= 0 else full()

    def close(self) -> None:
        self.stream.close()

    @property
    def closed(self) -> bool:
        return self.stream.closed


@pytest.mark.parametrize("victim", ["_csv", "_parquet"])
@pytest.mark.parametrize("room", [0, 1, 2])
def test_a_full_disk_is_a_clear_error_and_leaves_nothing(tmp_path: Path, victim: str, room: int) -> None:
    written = outlet(tmp_path, WITH_SECRET)
    out = getattr(written, victim)._out
    out._stream = FullDisk(out._stream, room)
    with pytest.raises(DiskError, match="disk is full"):
        pour_many(written, ROWS)
    written.abort()
    assert not list(tmp_path.iterdir())


def pour_many(sink: Outlet, item: Block) -> None:
    for _ in range(10):
        sink.batch(item)
    sink.seal()


def test_a_disk_that_fails_only_at_the_last_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", full)
    written = outlet(tmp_path, WITH_SECRET)
    with pytest.raises(DiskError, match="disk is full"):
        pour(written, ROWS)
    written.abort()
    assert not list(tmp_path.iterdir())


def test_a_parquet_that_cannot_be_begun_takes_the_csv_with_it(tmp_path: Path) -> None:
    (tmp_path / "table.parquet").mkdir()
    with pytest.raises(DiskError):
        outlet(tmp_path, WITH_SECRET)
    assert [path.name for path in tmp_path.iterdir()] == ["table.parquet"]


def test_a_dropped_file_takes_no_more(tmp_path: Path) -> None:
    out = DigestingFile(tmp_path / "a")
    assert (out.write(b"abc"), out.tell(), out.closed) == (3, 3, False)
    out.drop()
    assert (out.write(b"d"), out.tell(), out.closed) == (1, 3, True)
    assert not list(tmp_path.iterdir())


def test_files_before_the_seal_are_none(tmp_path: Path) -> None:
    written = outlet(tmp_path, WITH_SECRET)
    with pytest.raises(RuntimeError):
        written.files()
    written.abort()


def test_names_of_files_are_safe_and_differ() -> None:
    names = ["a", "A", "a-2", "../../x", "con", "aux.old", "đ", "", "x" * 300]
    found = stems(names)
    assert len(set(found.values())) == len(names)
    assert all(stem and stem.isascii() and "/" not in stem and len(stem) < 100 for stem in found.values())
    assert not {"con", "aux.old", "."} & set(found.values())
