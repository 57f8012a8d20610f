"""The CSV we publish: read back by any reader as it was, quoted only where needed."""

from __future__ import annotations

import csv
import hashlib
import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from package_helpers import block, field, pour, schema

from opendata.package.csv_sink import CsvSink, lines

if TYPE_CHECKING:
    from pathlib import Path

CELL = st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
ROWS = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1))


def texts(rows: list[list[str | None]]) -> pa.RecordBatch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=[f"f{n}" for n in range(len(columns))])


@given(ROWS)
def test_what_is_written_is_read_back(rows: list[list[str | None]]) -> None:
    written = bytes(lines(texts(rows))).decode()
    found = list(csv.reader(io.StringIO(written, newline="")))
    assert found == [[cell or "" for cell in row] for row in rows]


@given(ROWS)
def test_quotes_stand_only_where_needed(rows: list[list[str | None]]) -> None:
    plain = [[cell for cell in row if cell and not set(cell) & set('",\r\n')] for row in rows]
    written = bytes(lines(texts([[cell] for row in plain for cell in row]))) if any(plain) else b""
    assert b'"' not in written


@given(ROWS)
def test_a_canonical_source_comes_out_as_it_was(rows: list[list[str | None]]) -> None:
    source = bytes(lines(texts(rows)))
    again = list(csv.reader(io.StringIO(source.decode(), newline="")))
    assert bytes(lines(texts([list(row) for row in again]))) == source


@given(ROWS, st.integers(1, 5))
def test_the_cut_into_blocks_does_not_show(rows: list[list[str | None]], size: int) -> None:
    whole = texts(rows)
    parts = [bytes(lines(whole.slice(start, size))) for start in range(0, whole.num_rows, size)]
    assert b"".join(parts) == bytes(lines(whole))


def test_a_column_alone_shows_its_empty_cell() -> None:
    assert bytes(lines(texts([["a"], [None], ["b"]]))) == b'a\n""\nb\n'


def test_file_is_utf8_without_mark_and_lf(tmp_path: Path) -> None:
    made = schema([field("mã", {}), field("tên, đầy đủ", {})])
    sink = CsvSink(tmp_path / "a.csv", ["mã", "tên, đầy đủ"])
    pour(sink, block(made, [["01", "=cmd"], ["Hà Nội", None]]))
    content = (tmp_path / "a.csv").read_bytes()
    assert content == 'mã,"tên, đầy đủ"\n01,Hà Nội\n=cmd,\n'.encode()
    assert sink.file is not None
    assert (sink.file.bytes, sink.file.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_no_rows_is_a_header_alone(tmp_path: Path) -> None:
    sink = CsvSink(tmp_path / "a.csv", ["a"])
    pour(sink, block(schema([field("a", {})]), [[]]))
    assert (tmp_path / "a.csv").read_bytes() == b"a\n"


@pytest.mark.parametrize("sealed", [True, False])
def test_abort_leaves_nothing_and_can_be_repeated(tmp_path: Path, *, sealed: bool) -> None:
    sink = CsvSink(tmp_path / "a.csv", ["a"])
    sink.batch(block(schema([field("a", {})]), [["x"]]))
    if sealed:
        sink.seal()
    sink.abort()
    sink.abort()
    assert sink.file is None
    assert not list(tmp_path.iterdir())
