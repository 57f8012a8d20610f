"""A download that breaks off goes on where it stopped, and nothing is handed on that is not whole."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_helpers import CSV, TABLE, MemoryReader, parquet_bytes

from opendata import client
from opendata.errors import DiskError, IntegrityError, PortalError
from opendata.model import AccessLevel, PortalDataset, PortalFile

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "rivers/1/levels.csv"
DIGEST = hashlib.sha256(CSV).hexdigest()
PART = f".opendata-{DIGEST}.part"


@pytest.fixture
def portal() -> MemoryReader:
    made = MemoryReader()
    made.put("rivers", {"levels": (CSV, parquet_bytes())})
    return made


def breaking(portal: MemoryReader, *breaks: int) -> list[int]:
    """Let each opening give so many bytes and break off, the last one give all; tell where each began."""
    begun: list[int] = []
    left = list(breaks)
    plain = portal.open

    def open_at(file: PortalFile, start: int = 0) -> BinaryIO:
        begun.append(start)
        stream = plain(file, start)
        return breaking_after(stream, left.pop(0)) if left else stream

    portal.open = open_at  # type: ignore[method-assign] # the test's own way
    return begun


def breaking_after(stream: BinaryIO, most: int) -> BinaryIO:
    kept = io.BytesIO(stream.read(most))
    plain = kept.read

    def read(size: int | None = -1, /) -> bytes:
        piece = plain(size)
        if not piece:
            message = "The connection broke off."
            raise PortalError(message, "", "Try again.")
        return piece

    kept.read = read  # type: ignore[method-assign] # the test's own way
    return kept


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_goes_on_at_the_byte_where_it_stopped(portal: MemoryReader, tmp_path: Path) -> None:
    begun = breaking(portal, 3, 5)
    (path,) = client.get(portal, "rivers", "csv", tmp_path)
    assert (begun, path.read_bytes(), names(tmp_path)) == ([0, 3, 8], CSV, ["levels.csv"])


def test_a_table_is_loaded_so_too(portal: MemoryReader) -> None:
    begun = breaking(portal, 10, 20)
    assert client.load(portal, "rivers").equals(TABLE)
    assert begun == [0, 10, 30]


def test_one_that_gives_nothing_more_is_not_asked_for_ever(portal: MemoryReader, tmp_path: Path) -> None:
    begun = breaking(portal, 3, 0, 0, 0)
    with pytest.raises(PortalError, match="broke off"):
        client.get(portal, "rivers", "csv", tmp_path)
    assert begun == [0, 3, 3]  # once more for the descriptor of now
    assert names(tmp_path) == [PART]


def test_one_that_breaks_off_again_and_again_is_given_up(portal: MemoryReader, tmp_path: Path) -> None:
    begun = breaking(portal, *[1] * (2 * client.BREAKS))
    with pytest.raises(PortalError, match="broke off"):
        client.get(portal, "rivers", "csv", tmp_path)
    assert begun == [*range(client.BREAKS), *range(client.BREAKS, 2 * client.BREAKS)]


def test_the_next_run_goes_on_with_what_the_last_one_left(portal: MemoryReader, tmp_path: Path) -> None:
    breaking(portal, 7, 0, 0)
    with pytest.raises(PortalError):
        client.get(portal, "rivers", "csv", tmp_path)
    assert (tmp_path / PART).read_bytes() == CSV[:7]
    begun = breaking(portal)
    client.get(portal, "rivers", "csv", tmp_path)
    assert (begun[-1], names(tmp_path), (tmp_path / "levels.csv").read_bytes()) == (7, ["levels.csv"], CSV)


def test_what_is_whole_already_is_only_put_in_its_place(portal: MemoryReader, tmp_path: Path) -> None:
    (tmp_path / PART).write_bytes(CSV)
    begun = breaking(portal)
    client.get(portal, "rivers", "csv", tmp_path)
    assert (begun, (tmp_path / "levels.csv").read_bytes()) == ([], CSV)


@pytest.mark.parametrize("left", [b"other bytes", CSV + b"more", b"\x00" * len(CSV)])
def test_other_bytes_than_the_files_start_anew(left: bytes, portal: MemoryReader, tmp_path: Path) -> None:
    (tmp_path / PART).write_bytes(left)
    (path,) = client.get(portal, "rivers", "csv", tmp_path)
    assert (path.read_bytes(), names(tmp_path)) == (CSV, ["levels.csv"])
    assert portal.opened == [ADDRESS, ADDRESS]


def test_a_new_edition_does_not_go_on_with_the_bytes_of_the_old(portal: MemoryReader, tmp_path: Path) -> None:
    breaking(portal, 7, 0, 0)
    with pytest.raises(PortalError):
        client.get(portal, "rivers", "csv", tmp_path)
    portal.put("rivers", {"levels": (b"river\nnew\n", parquet_bytes())}, prefix="2/")
    (path,) = client.get(portal, "rivers", "csv", tmp_path)
    assert path.read_bytes() == b"river\nnew\n"


def test_a_link_in_the_place_of_the_rest_is_not_written_through(portal: MemoryReader, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    (tmp_path / PART).symlink_to(tmp_path / "mine")
    with pytest.raises(DiskError, match="link"):
        client.get(portal, "rivers", "csv", tmp_path)
    assert (tmp_path / "mine").read_bytes() == b"mine"


def test_a_table_of_several_files_keeps_those_that_came(portal: MemoryReader, tmp_path: Path) -> None:
    portal.put("two", {name: (CSV + name.encode(), parquet_bytes()) for name in ("a", "b")})
    breaking(portal, 1000, 0, 0, 0)
    with pytest.raises(PortalError):
        client.get(portal, "two", "csv", tmp_path)
    left = names(tmp_path)
    assert left
    assert all(name.endswith(".part") for name in left)
    assert [path.name for path in client.get(portal, "two", "csv", tmp_path)] == ["a.csv", "b.csv"]
    assert names(tmp_path) == ["a.csv", "b.csv"]


@pytest.mark.parametrize("name", ["\ud800.csv", "a\n.csv", "a\x00.csv", "a" * 300 + ".csv", ""])
def test_a_name_that_no_disk_holds_is_an_error_of_ours(name: str, tmp_path: Path) -> None:
    portal = MemoryReader(bytes={ADDRESS: CSV})
    told = {"name": "levels", "path": name, "format": "csv", "hash": f"sha256:{DIGEST}"}
    file = PortalFile(name, len(CSV), DIGEST, ADDRESS)
    portal.datasets["rivers"] = PortalDataset(
        "rivers", None, None, AccessLevel.OPEN, None, (file,), descriptor={"name": "rivers", "resources": [told]}
    )
    with pytest.raises((IntegrityError, DiskError)):
        client.get(portal, "rivers", "csv", tmp_path)
    assert names(tmp_path) == []


@given(st.binary(min_size=1, max_size=200), st.lists(st.integers(1, 30), max_size=client.BREAKS - 1))
@settings(max_examples=100)
def test_wherever_it_breaks_off_the_bytes_are_the_files(content: bytes, breaks: list[int]) -> None:
    portal = MemoryReader()
    portal.put("rivers", {"levels": (content, b"")})
    begun = breaking(portal, *breaks)
    kept = io.BytesIO()
    file = portal.datasets["rivers"].files[0]
    client._fetch(portal, client._Wanted("levels", "csv", hashlib.sha256(content).hexdigest(), file), kept)
    assert kept.getvalue() == content
    assert begun == sorted(set(begun))
