"""Compound files: their sectors, and the sheets measured in them, whole and altered."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_helpers import xls

from opendata.errors import SourceError
from opendata.model import Place
from opendata.sources import limits, ole
from opendata.sources.ole import Compound

if TYPE_CHECKING:
    from pathlib import Path

BOUND_SHEET = 0x85


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path: Path = tmp_path_factory.mktemp("ole") / "a.xls"
    return xls(path, {"S": [["a", "b"], *[[number, "x"] for number in range(300)]], "T": [["c"]]}).read_bytes()


def check(content: bytes) -> None:
    ole.check(io.BytesIO(content), Place("a.xls"))


def refused(content: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        check(content)
    assert caught.value.remedy
    return caught.value.what


def test_a_sound_file_passes(book: bytes) -> None:
    check(book)


def test_its_streams_are_put_together(book: bytes) -> None:
    compound = Compound(book)
    assert "Workbook" in compound.entries
    stream = compound.stream("Workbook")
    assert struct.unpack_from("<H", stream) == (0x809,)
    assert len(stream) == compound.entries["Workbook"][1]


def test_a_file_too_large_is_refused(book: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ole, "FILE_BYTES", 1000)
    assert "unpacks" in refused(book)


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (30, b"\x20\x00"),
        (32, b"\x0b\x00"),
        (48, b"\x00\xff\x00\x00"),
        (60, b"\x00\xff\x00\x00"),
        (76, b"\x00\xff\x00\x00"),
    ],
)
def test_a_header_that_leads_nowhere_is_refused(book: bytes, at: int, value: bytes) -> None:
    assert "damaged" in refused(book[:at] + value + book[at + len(value) :])


def test_a_chain_that_runs_in_a_circle_is_refused(book: bytes) -> None:
    (table,) = struct.unpack_from("<I", book, 76)
    start, _size = Compound(book).entries["Workbook"]
    at = (table + 1) * 512 + 4 * start
    assert "damaged" in refused(book[:at] + struct.pack("<I", start) + book[at + 4 :])


def records(book: bytes) -> list[tuple[int, int]]:
    """Kind and place of each record, where the stream lies in one piece from the first sector on."""
    found, at = [], 512
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == 0:
            break
        found.append((kind, at))
        at += 4 + size
    return found


def altered(book: bytes, kind: int, offset: int, value: bytes) -> bytes:
    at = next(place for found, place in records(book) if found == kind) + offset
    return book[:at] + value + book[at + len(value) :]


def test_a_workbook_under_a_password_is_named(book: bytes) -> None:
    assert "password" in refused(altered(book, 0x42, 0, b"\x2f\x00"))


def test_a_sheet_that_lies_outside_is_empty_or_refused(book: bytes) -> None:
    outside = altered(book, BOUND_SHEET, 4, struct.pack("<I", 1 << 30))
    check(outside)


def test_dimensions_beyond_the_format_are_refused(book: bytes) -> None:
    claim = struct.pack("<IIHH", 0, 1 << 30, 0, 256)
    assert "claims" in refused(altered(book, 0x200, 4, claim))


def test_a_record_longer_than_its_file_is_refused(book: bytes) -> None:
    assert "damaged" in refused(altered(book, 0x200, 2, b"\xff\xff"))


def test_too_many_sheets_are_refused(book: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ole, "SHEETS", 1)
    assert "damaged" in refused(book)


def test_the_same_sheet_named_twice_counts_twice(book: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    first = next(place for kind, place in records(book) if kind == BOUND_SHEET)
    offset = book[first + 4 : first + 8]
    second = [place for kind, place in records(book) if kind == BOUND_SHEET][1]
    twice = book[: second + 4] + offset + book[second + 8 :]
    monkeypatch.setattr(limits, "SPARSE_CELLS", 0)
    monkeypatch.setattr(limits, "SHEET_CELLS", 602 + 100)
    check(book)
    assert "claims 1,204" in refused(twice)


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_any_alteration_passes_or_is_refused_in_words(book: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(book) - 1))
    content = book[:at] + data.draw(st.binary(min_size=1, max_size=8)) + book[at + 8 :]
    try:
        check(content)
    except SourceError as fault:
        assert fault.remedy  # noqa: PT017 - either outcome is right


@settings(deadline=None)
@given(st.binary(max_size=1200))
def test_any_bytes_are_refused(content: bytes) -> None:
    assert refused(content)
