"""One reading of a text table: its digest, its thread, and the bytes that need no writing."""

from __future__ import annotations

import dataclasses
import hashlib
import threading
from typing import TYPE_CHECKING

import pytest
from sources_helpers import dataset, resource, rows, text_file

from opendata.errors import SourceError
from opendata.schema.reading import reading_of
from opendata.sources import limits, open_file, open_resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.model import Json, Table

CONTENT = "a,b\n" + "".join(f"{row},đ\n" for row in range(500))


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BLOCK_BYTES", 256)


def sha256(*contents: bytes) -> str:
    return "sha256:" + hashlib.sha256(b"".join(contents)).hexdigest()


def helpers() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name == "opendata-reading"]


def taken(number: int | None) -> Callable[[Table], str]:
    """The digest after so many batches were taken, the others still to come."""

    def digest(table: Table) -> str:
        reading = reading_of(table)
        batches = reading.batches()
        for _ in range(number or 0):
            next(batches)
        if number is None:
            list(batches)
        return reading.digest()

    return digest


@pytest.mark.parametrize("number", [0, 1, 3, None])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_digest_is_that_of_the_files_bytes_however_much_was_taken(
    tmp_path: Path, encoding: str, number: int | None
) -> None:
    content = CONTENT.encode(encoding)
    table = open_file(text_file(tmp_path, content), encoding=encoding)
    assert taken(number)(table) == table.digest() == sha256(content)
    assert helpers() == []


def test_the_digest_of_a_reading_that_took_nothing(tmp_path: Path) -> None:
    assert reading_of(open_file(text_file(tmp_path, CONTENT))).digest() == sha256(CONTENT.encode())


def test_the_digest_of_a_reading_that_was_closed(tmp_path: Path) -> None:
    reading = reading_of(open_file(text_file(tmp_path, CONTENT)))
    for _batch in reading.batches():
        break
    assert helpers() == []
    assert reading.digest() == sha256(CONTENT.encode())


def test_after_the_digest_no_batch_comes_and_no_thread_is_left(tmp_path: Path) -> None:
    reading = reading_of(open_file(text_file(tmp_path, CONTENT)))
    batches = reading.batches()
    next(batches)
    assert reading.digest() == sha256(CONTENT.encode())
    assert helpers() == []
    assert list(batches) == []


@pytest.mark.parametrize("number", [0, 1, 5, None])
def test_several_files_are_hashed_as_one(tmp_path: Path, number: int | None) -> None:
    parts = [CONTENT.encode(), b"a,b\n9,9\n", CONTENT.encode()]
    names = tuple(text_file(tmp_path, part, f"{number}.csv").name for number, part in enumerate(parts))
    table = open_resource(dataset(tmp_path), resource(*names))
    assert taken(number)(table) == table.digest() == sha256(*parts)


def test_a_file_is_read_once_and_what_comes_after_is_not_in_the_digest(tmp_path: Path) -> None:
    path = text_file(tmp_path, CONTENT)
    reading = reading_of(open_file(path))
    assert sum(batch.records.num_rows for batch in reading.batches()) == 500
    path.write_text(CONTENT + "1,2\n", encoding="utf-8")
    assert reading.digest() == sha256(CONTENT.encode())


def test_a_file_that_changes_on_the_way_has_the_digest_of_what_was_read(tmp_path: Path) -> None:
    path = text_file(tmp_path, CONTENT)
    reading = reading_of(open_file(path))
    batches = reading.batches()
    first = next(batches)
    with path.open("a", encoding="utf-8") as stream:
        stream.write("1,2\n")
    assert first.records.num_rows + sum(batch.records.num_rows for batch in batches) == 501
    assert reading.digest() == sha256((CONTENT + "1,2\n").encode())


def test_a_table_that_cannot_hash_as_it_reads_is_hashed_before_and_after(tmp_path: Path) -> None:
    digests = iter(["sha256:1", "sha256:1", "sha256:2", "sha256:3"])
    whole = open_file(text_file(tmp_path, CONTENT))
    table = dataclasses.replace(whole, hashed=None, digest=lambda: next(digests))
    reading = reading_of(table)
    assert sum(batch.records.num_rows for batch in reading.batches()) == 500
    assert reading.digest() == "sha256:1"
    reading = reading_of(table)
    list(reading.batches())
    with pytest.raises(SourceError, match="changed") as caught:
        reading.digest()
    assert caught.value.where == str(tmp_path / "a.csv")
    assert caught.value.remedy


def test_a_large_file_is_read_on_a_helper_thread_and_a_small_one_is_not(tmp_path: Path) -> None:
    large = open_file(text_file(tmp_path, CONTENT)).batches()
    next(large)
    assert helpers() == ["opendata-reading"]
    del large
    assert helpers() == []
    small = open_file(text_file(tmp_path, "a,b\n1,2\n" * 5)).batches()
    next(small)
    assert helpers() == []


def test_an_error_on_the_helper_thread_comes_to_who_reads(tmp_path: Path) -> None:
    table = open_file(text_file(tmp_path, CONTENT.encode() + b"1,\xff\n"))
    with pytest.raises(SourceError, match="hexadecimal FF"):
        rows(table)
    assert helpers() == []


def test_a_file_that_has_gone_is_refused(tmp_path: Path) -> None:
    path = text_file(tmp_path, CONTENT)
    table = open_file(path)
    path.unlink()
    with pytest.raises(SourceError):
        rows(table)
    with pytest.raises(SourceError):
        reading_of(table).digest()


def raw(path: Path, dialect: Json | None = None, encoding: str | None = None) -> bytes | None:
    """The bytes of all batches; None where one has none."""
    found = [batch.raw for batch in open_file(path, dialect=dialect, encoding=encoding).batches()]
    whole = [bytes(part) for part in found if part is not None]
    return b"".join(whole) if len(whole) == len(found) else None


BODY = "1,đ\n2,\n"


@pytest.mark.parametrize("content", ["a,b\n" + BODY, "\ufeffa,b\n" + BODY, '"a","b"\r\n' + BODY, "a,b\n" + BODY[:-1]])
def test_the_bytes_of_plain_rows_travel_with_them(tmp_path: Path, content: str) -> None:
    assert raw(text_file(tmp_path, content)) == BODY.encode()
    assert raw(text_file(tmp_path, content.encode("utf-16")), encoding="utf-16") == BODY.encode()


@pytest.mark.parametrize(
    ("content", "dialect"),
    [
        ('a,b\n"1",2\n', {}),
        ('a,b\n"1,2\n', {"quoteChar": ""}),
        ("a,b\n'1',2\n", {"quoteChar": "'"}),
        ('a,b\n"1,2\n', {"quoteChar": "'"}),
        ("a,b\n1,2\r\n", {}),
        ("a;b\n1;2\n", {"delimiter": ";"}),
        ("a,b\n1,-\n", {"nullSequence": "-"}),
        ("a,b\n1,2\n#,2\n", {"commentChar": "#"}),
        ("a,b\n1,2\n,\n", {"skipBlankRows": True}),
        ("a,b\n1,2\n3,4\n", {"commentRows": [3]}),
        ("a,b\n1,2\n\n", {}),
        ('a\n""\n', {}),
        ("a,b\n1, 2\n", {"skipInitialSpace": True}),
        ("a,b\n1,2\\,3\n", {"escapeChar": "\\"}),
    ],
)
def test_rows_that_would_be_written_otherwise_travel_without_bytes(tmp_path: Path, content: str, dialect: Json) -> None:
    assert raw(text_file(tmp_path, content), dialect) is None
