from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any, BinaryIO

import pytest
from reader_helpers import CSV, MemoryReader, parquet_bytes

from opendata import client
from opendata.errors import ConflictError, DiskError, IntegrityError, UsageError
from opendata.model import AccessLevel, PortalDataset, PortalFile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def portal() -> MemoryReader:
    made = MemoryReader()
    made.put("rivers", {"levels": (CSV, parquet_bytes()), "stations": (b"id\n1\n", parquet_bytes())})
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_get_puts_all_files_of_one_format_into_the_folder(portal: MemoryReader, tmp_path: Path) -> None:
    paths = client.get(portal, "rivers", "csv", tmp_path / "new")
    assert paths == (tmp_path / "new/levels.csv", tmp_path / "new/stations.csv")
    assert paths[0].read_bytes() == CSV
    assert names(tmp_path / "new") == ["levels.csv", "stations.csv"]
    client.get(portal, "rivers", "parquet", tmp_path)
    assert names(tmp_path) == ["levels.parquet", "new", "stations.parquet"]


def test_files_that_are_there_already_are_left_alone(portal: MemoryReader, tmp_path: Path) -> None:
    client.get(portal, "rivers", "csv", tmp_path)
    before = [path.stat().st_mtime_ns for path in sorted(tmp_path.iterdir())]
    portal.opened.clear()
    assert len(client.get(portal, "rivers", "csv", tmp_path)) == 2
    assert [path.stat().st_mtime_ns for path in sorted(tmp_path.iterdir())] == before
    assert portal.opened == []


def test_another_file_of_that_name_is_never_overwritten(portal: MemoryReader, tmp_path: Path) -> None:
    (tmp_path / "stations.csv").write_text("mine")
    with pytest.raises(ConflictError, match="not overwritten") as caught:
        client.get(portal, "rivers", "csv", tmp_path)
    assert caught.value.where.endswith("stations.csv")
    assert names(tmp_path) == ["stations.csv"]
    assert (tmp_path / "stations.csv").read_text() == "mine"


def test_one_bad_file_leaves_none(portal: MemoryReader, tmp_path: Path) -> None:
    portal.bytes["rivers/1/stations.csv"] = b"id\n2\n"
    with pytest.raises(IntegrityError):
        client.get(portal, "rivers", "csv", tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize("path", ["../../evil.csv", "/evil.csv", ".bashrc", "c:evil.csv", "a/b.csv", "a\\..\\b.csv"])
def test_a_portal_cannot_write_where_it_likes(path: str, tmp_path: Path) -> None:
    portal = MemoryReader()
    portal.put("rivers", {"levels": (CSV, parquet_bytes())})
    digest = next(file.sha256 for file in portal.datasets["rivers"].files if file.path == "levels.csv")
    told = {"name": "levels", "path": path, "format": "csv", "hash": f"sha256:{digest}"}
    portal.datasets["rivers"] = PortalDataset(
        "rivers",
        None,
        None,
        AccessLevel.OPEN,
        None,
        (PortalFile(path, 1, digest, "rivers/1/levels.csv"),),
        descriptor={"name": "rivers", "resources": [told]},
    )
    folder = tmp_path / "deep" / "out"
    folder.mkdir(parents=True)
    with pytest.raises(IntegrityError, match="cannot be kept"):
        client.get(portal, "rivers", "csv", folder)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_unknown_format_is_wrong_usage(portal: MemoryReader, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="csv, parquet"):
        client.get(portal, "rivers", "pdf", tmp_path)


def test_a_folder_that_is_a_file_is_the_disks_error(portal: MemoryReader, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DiskError):
        client.get(portal, "rivers", "csv", tmp_path / "file")


def test_find_matches_all_words_without_marks(portal: MemoryReader) -> None:
    portal.put("lakes", {"levels": (CSV, parquet_bytes())})
    assert [entry.name for entry in client.find(portal)] == ["rivers", "lakes"]
    assert [entry.name for entry in client.find(portal, "TITLE lak")] == ["lakes"]
    assert client.find(portal, "sea") == ()


def test_show_gives_the_dataset_as_it_is_published(portal: MemoryReader) -> None:
    assert client.show(portal, "rivers") == portal.datasets["rivers"]


def test_a_file_that_had_come_whole_before_is_not_asked_for_again(portal: MemoryReader, tmp_path: Path) -> None:
    """The run was broken off between two files: of the first, all is there under its name aside."""
    (tmp_path / f".opendata-{hashlib.sha256(CSV).hexdigest()}.part").write_bytes(CSV)
    client.get(portal, "rivers", "csv", tmp_path)
    assert portal.opened == ["rivers/1/stations.csv"]
    assert (tmp_path / "levels.csv").read_bytes() == CSV
    assert names(tmp_path) == ["levels.csv", "stations.csv"]


@pytest.mark.parametrize("left", [b"x" * len(CSV), b"x" * (len(CSV) + 9)])
def test_what_was_left_and_is_no_beginning_is_fetched_anew(left: bytes, portal: MemoryReader, tmp_path: Path) -> None:
    (tmp_path / f".opendata-{hashlib.sha256(CSV).hexdigest()}.part").write_bytes(left)
    client.get(portal, "rivers", "csv", tmp_path)
    assert (tmp_path / "levels.csv").read_bytes() == CSV


class Endless(io.RawIOBase):
    """Bytes without an end; how many were read of it."""

    def __init__(self) -> None:
        super().__init__()
        self.read_of_it = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - as the base has it
        self.read_of_it += len(buffer)
        return len(buffer)


def test_a_file_without_an_end_is_read_as_far_as_was_told(
    portal: MemoryReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams: list[Endless] = []

    def open_endless(_file: PortalFile, _start: int = 0) -> BinaryIO:
        streams.append(Endless())
        return io.BufferedReader(streams[-1], client.CHUNK)

    monkeypatch.setattr(portal, "open", open_endless)
    with pytest.raises(IntegrityError, match="longer than"):
        client.get(portal, "rivers", "csv", tmp_path)
    assert names(tmp_path) == []
    assert all(stream.read_of_it <= 2 * client.CHUNK for stream in streams)
