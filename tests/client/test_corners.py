"""Corners of reading back: when it looks twice, when it does not, and what it never believes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reader_helpers import CSV, TABLE, MemoryReader, parquet_bytes

from opendata import client
from opendata.api.places import folder_of
from opendata.errors import ConflictError, GateError, IntegrityError, PortalError, UsageError
from opendata.model import AccessLevel, PortalDataset

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def portal() -> MemoryReader:
    made = MemoryReader()
    made.put("rivers", {"levels": (CSV, parquet_bytes())})
    return made


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_is_asked_of_no_portal(name: str, portal: MemoryReader, tmp_path: Path) -> None:
    for read in (
        lambda: client.show(portal, name, "./portal"),
        lambda: client.load(portal, name, None, "./portal"),
        lambda: client.get(portal, name, "csv", tmp_path, "./portal"),
    ):
        with pytest.raises(UsageError, match="No dataset was named") as caught:
            read()
        assert caught.value.remedy == "See the names with: opendata list --from ./portal"
    assert portal.looks == 0


def test_a_file_in_the_way_is_not_looked_at_twice(portal: MemoryReader, tmp_path: Path) -> None:
    (tmp_path / "levels.csv").write_text("mine")
    with pytest.raises(ConflictError):
        client.get(portal, "rivers", "csv", tmp_path)
    assert (portal.looks, portal.opened) == (1, [])


def test_bytes_that_stay_wrong_are_looked_at_twice_and_leave_nothing(portal: MemoryReader, tmp_path: Path) -> None:
    portal.bytes["rivers/1/levels.csv"] = CSV[:-1]
    with pytest.raises(IntegrityError) as caught:
        client.get(portal, "rivers", "csv", tmp_path / "out")
    assert caught.value.where == "rivers: rivers/1/levels.csv"
    assert portal.looks == 2
    assert not list((tmp_path / "out").glob("*"))


def test_wrong_bytes_are_said_to_be_of_a_portal_and_a_dataset(portal: MemoryReader) -> None:
    portal.bytes["rivers/1/levels.parquet"] = b"PAR1"
    portal.bytes["rivers/1/levels.csv"] = CSV[:-1]
    with pytest.raises(IntegrityError) as caught:
        client.load(portal, "rivers", where="https://data.example.vn")
    assert caught.value.where.startswith("https://data.example.vn rivers: rivers/1/levels.")


def test_a_folder_in_a_file_s_place_is_not_taken_for_it(portal: MemoryReader, tmp_path: Path) -> None:
    (tmp_path / "levels.csv").mkdir()
    with pytest.raises(PortalError):
        client.get(portal, "rivers", "csv", tmp_path)
    assert (tmp_path / "levels.csv").is_dir()


@pytest.mark.parametrize("level", [AccessLevel.INTERNAL, AccessLevel.SHARED])
def test_the_gate_says_the_level_and_where(level: AccessLevel, portal: MemoryReader, tmp_path: Path) -> None:
    portal.datasets["staff"] = PortalDataset("staff", "1", None, level, None, ())
    with pytest.raises(GateError) as caught:
        client.get(portal, "staff", "csv", tmp_path, "./portal")
    assert level.value in caught.value.what
    assert (caught.value.where, caught.value.remedy) == ("./portal", "Ask its department for the data.")
    assert portal.looks == 1


def test_a_table_of_several_is_the_one_that_is_named(portal: MemoryReader) -> None:
    portal.put("two", {name: (CSV, parquet_bytes(TABLE.slice(at))) for name, at in (("a", 0), ("b", 1))})
    assert [client.load(portal, "two", name).num_rows for name in ("a", "b")] == [2, 1]
    with pytest.raises(UsageError) as caught:
        client.load(portal, "two", "c", "./portal")
    assert (caught.value.where, caught.value.remedy) == ("./portal", "Give one of: a, b")


@pytest.mark.parametrize("text", ["./a", "a/", ".", "..", "/a", "a\\b", "~/a"])
def test_what_is_written_as_a_path_is_one(text: str) -> None:
    assert folder_of(text) is not None


@pytest.mark.parametrize("text", ["a", "province", "https://a.vn/b", "http://a.vn"])
def test_a_name_or_an_address_is_no_path(text: str) -> None:
    assert folder_of(text) is None
