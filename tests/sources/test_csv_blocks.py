"""Text read in blocks: the very rows that the csv module gives one by one, whatever the bytes, dialect and block."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sources_helpers import cells_of, text_file

from opendata.errors import SourceError
from opendata.model import Batch, Misfit, Place
from opendata.sources import limits
from opendata.sources.batching import batches, content
from opendata.sources.block_reading import BlockReading
from opendata.sources.dialect import Dialect
from opendata.sources.grid import Parsed
from opendata.sources.text_parts import TextParts

if TYPE_CHECKING:
    from collections.abc import Iterable

LABELS = ("a", "b", "c")


@dataclass(frozen=True)
class Found:
    """What a reader gave: the rows that fit and the misfits by number, and the words of its error."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    misfits: tuple[Misfit, ...]
    fault: tuple[str, str, str] | None


def found(batches: Iterable[Batch]) -> Found:
    fitting: list[tuple[int, tuple[str, ...]]] = []
    others: list[Misfit] = []
    fault = None
    try:
        for batch in batches:
            assert [column.null_count for column in batch.records.columns] == [0] * batch.records.num_columns
            fitting += zip(batch.rows.to_pylist(), cells_of(batch), strict=True)
            others += batch.misfits
            if batch.raw is not None:
                assert bytes(batch.raw) == b"".join(",".join(cells).encode() + b"\n" for cells in cells_of(batch))
    except SourceError as error:
        fault = (error.what, error.where, error.remedy)
    return Found(tuple(fitting), tuple(others), fault)


def both(parts: TextParts, width: int, header_row: int) -> tuple[Found, Found]:
    """What both readers give, each row in a batch of its own in the slow one: none is lost before an error."""
    labels = LABELS[:width]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BATCH_ROWS", 1)
        slow = found(batches(content(parts.lines(), parts.dialect, header_row), labels))
        reading = BlockReading(parts.blocks(width, header_row), labels, parts.dialect, header_row)
        fast = found(reading.batches())
    assert reading.digest() == digest_of(parts)
    return fast, slow


def digest_of(parts: TextParts) -> str:
    return "sha256:" + hashlib.sha256(b"".join(path.read_bytes() for path, _place in parts.files)).hexdigest()


marks = st.sampled_from([",", ";", "\t", "|", " ", "'", '"', "\\", "#", "a", "đ", "\u00a0"])
dialects = st.builds(
    Dialect,
    delimiter=st.one_of(st.just(","), marks),
    quote=st.one_of(st.just('"'), st.just(""), marks),
    double_quote=st.sampled_from([True, True, True, False]),
    escape=st.one_of(st.none(), st.none(), marks),
    skip_initial_space=st.booleans(),
    null=st.sampled_from([None, None, "", "a", "#", "a,b", "\n"]),
    header=st.booleans(),
    header_rows=st.sampled_from([None, None, (1,), (2,), (1, 3)]),
    comment=st.sampled_from([None, None, "", "#", "a", "aa", "\n"]),
    comment_rows=st.frozensets(st.integers(1, 9), max_size=2),
    skip_blank=st.booleans(),
)
encodings = st.sampled_from(
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32-be", "cp1258", "latin-1", "ascii", "gb18030"]
)
letters = st.sampled_from(
    [*',,,,,\n\n\n\n""""a b#\r;\\\'đ\ufeff\0\u2028\x85\x0b|\t', "\r\n", "\r\n", '","', '"\n"', "a,b\n", "a,b,c\n"]
)
texts = st.lists(letters, max_size=60).map("".join)
plain_cells = st.text(st.sampled_from("abđ 1"), max_size=4)
quoted_cells = plain_cells.map(lambda text: f'"{text}"')
odd_cells = st.sampled_from(['"a\n\nb"', '"a""b"', '"",', '"x"y', '"\r\n"', 'x"y', "", '""'])
cells = st.one_of(plain_cells, quoted_cells, odd_cells)
ends = st.sampled_from(["\n", "\n", "\n", "\r\n"])
lines = st.builds(lambda found, end: ",".join(found) + end, st.lists(cells, min_size=1, max_size=3), ends)
tables = st.lists(lines, max_size=30).map("".join)


@settings(deadline=None, max_examples=600)
@given(
    content=st.one_of(texts, tables),
    dialect=st.one_of(st.just(Dialect()), st.just(Dialect(header=False)), dialects),
    encoding=encodings,
    flaw=st.binary(max_size=2),
    block=st.integers(1, 64),
    width=st.integers(0, 3),
    header_row=st.integers(0, 3),
    record=st.sampled_from([1 << 20, 1 << 20, 30]),
)
def test_any_text_gives_the_same_rows_and_the_same_error(
    content: str, dialect: Dialect, encoding: str, flaw: bytes, block: int, width: int, header_row: int, record: int
) -> None:
    bytes_ = content.encode(encoding, "replace")
    middle = len(bytes_) // 2
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BLOCK_BYTES", block)
        patch.setattr(limits, "RECORD_CHARACTERS", record)
        path = text_file(Path(folder), bytes_[:middle] + flaw + bytes_[middle:])
        fast, slow = both(TextParts(((path, Place(path.name)),), encoding, dialect), width, header_row)
    assert fast == slow


@settings(deadline=None)
@given(
    contents=st.lists(tables.map("x,y\n".__add__), min_size=2, max_size=3),
    dialect=st.one_of(st.just(Dialect()), dialects),
    block=st.integers(1, 64),
    header_row=st.integers(0, 5),
    flaw=st.sampled_from(["", "", "x,z\n", "\x00"]),
)
def test_several_files_give_the_same_rows_and_the_same_error(
    contents: list[str], dialect: Dialect, block: int, header_row: int, flaw: str
) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BLOCK_BYTES", block)
        texts = [*contents[:-1], flaw + contents[-1]]
        paths = [text_file(Path(folder), text, f"{number}.csv") for number, text in enumerate(texts)]
        fast, slow = both(TextParts(tuple((path, Place(path.name)) for path in paths), "utf-8", dialect), 2, header_row)
    assert fast == slow


@pytest.mark.parametrize("header_row", range(8))
def test_a_header_that_ends_in_a_later_file_is_no_row(tmp_path: Path, header_row: int) -> None:
    names = ("1.csv", "2.csv", "3.csv")
    paths = [text_file(tmp_path, f"x,y\n{name},1\n2,3\n", name) for name in names]
    parts = TextParts(tuple((path, Place(path.name)) for path in paths), "utf-8", Dialect())
    fast, slow = both(parts, 2, header_row)
    assert fast == slow
    assert [row for row, _cells in fast.rows] == list(range(header_row + 1, 8))


def parsed(folder: Path, content: bytes | str, dialect: Dialect = Dialect(), encoding: str = "utf-8") -> float:  # noqa: B008 - frozen
    """The share of a file's records below its first line that come in blocks."""
    path = text_file(folder, content)
    pieces = list(TextParts(((path, Place("a.csv")),), encoding, dialect).pieces(2, 1, lambda _piece: None))
    block = sum(piece.records.num_rows for piece in pieces if isinstance(piece, Parsed))
    alone = sum(not isinstance(piece, Parsed) and piece.row > 1 for piece in pieces)
    return block / (block + alone)


ROWS = 2000


@pytest.mark.parametrize(
    ("content", "dialect", "encoding"),
    [
        ("a,b\n" + "1,đ\n" * ROWS, Dialect(), "utf-8"),
        ("a,b\n" + "1,đ\n" * ROWS + "2,3", Dialect(), "utf-8"),
        ("a,b\r\n" + "1,đ\r\n" * ROWS, Dialect(), "utf-8"),
        ("a,b\n" + '"1\n","đ,""x"\r\n' * ROWS, Dialect(), "utf-8"),
        ("a,b\n" + '1,"x\n\ny"\n' * ROWS, Dialect(), "utf-8"),
        ("a,b\n" + ",\n1,2\n" * ROWS, Dialect(), "utf-8"),
        ("a;b\n" + "1;đ\n" * ROWS, Dialect(delimiter=";", comment="#", null="x", escape="\\"), "utf-8"),
        ("a,b\n" + '"1,đ\n' * ROWS, Dialect(quote=""), "utf-8"),
        ("\ufeffa,b\n" + "1,đ\n" * ROWS, Dialect(), "utf-8"),
        ("a,b\n" + "1,đ\n" * ROWS, Dialect(), "utf-16"),
        ("a,b\n" + "1,đ\n" * ROWS, Dialect(), "cp1258"),
    ],
)
def test_what_is_plain_comes_in_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str, dialect: Dialect, encoding: str
) -> None:
    monkeypatch.setattr(limits, "BLOCK_BYTES", 1000)
    assert parsed(tmp_path, content.encode(encoding), dialect, encoding) == 1


@pytest.mark.parametrize("odd", ["1\n", "1,2,3\n", "1,2,3\r\n", "đ,đ,đ,\n"])
def test_a_row_of_another_width_comes_with_its_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str) -> None:
    monkeypatch.setattr(limits, "BLOCK_BYTES", 1000)
    assert parsed(tmp_path, "a,b\n" + "1,2\n" * ROWS + odd + "1,2\n" * ROWS) == 1


@pytest.mark.parametrize("odd", ["\n", '1,x"y"\n', "1,2\r", '"1"x"",2\n', '"1",2,3\n'])
def test_an_odd_row_is_read_alone_and_blocks_follow_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    monkeypatch.setattr(limits, "BLOCK_BYTES", 1000)
    share = parsed(tmp_path, "a,b\n" + "1,2\n" * ROWS + odd + "1,2\n" * ROWS)
    assert 0.9 < share < 1
