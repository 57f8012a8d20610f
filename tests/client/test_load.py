from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reader_helpers import CSV, TABLE, MemoryReader, parquet_bytes

from opendata import client
from opendata.errors import GateError, IntegrityError, PortalError, UsageError
from opendata.model import AccessLevel, PortalDataset, PortalState

if TYPE_CHECKING:
    from collections.abc import Sequence


@pytest.fixture
def portal() -> MemoryReader:
    made = MemoryReader()
    made.put("rivers", {"levels": (CSV, parquet_bytes())})
    return made


def test_load_gives_the_table_that_was_published(portal: MemoryReader) -> None:
    assert client.load(portal, "rivers").equals(TABLE)
    assert client.load(portal, "rivers", "levels").equals(TABLE)


def test_load_reads_the_parquet_alone(portal: MemoryReader) -> None:
    client.load(portal, "rivers")
    assert portal.opened == ["rivers/1/levels.parquet"]


def test_of_several_tables_one_must_be_named(portal: MemoryReader) -> None:
    portal.put("two", {name: (CSV, parquet_bytes(TABLE.slice(start))) for name, start in (("a", 0), ("b", 1))})
    with pytest.raises(UsageError, match="several tables") as caught:
        client.load(portal, "two")
    assert "a, b" in caught.value.remedy
    assert client.load(portal, "two", "b").equals(TABLE.slice(1))


def test_a_table_that_is_not_there_is_told_with_those_that_are(portal: MemoryReader) -> None:
    with pytest.raises(UsageError, match="no table of that name") as caught:
        client.load(portal, "rivers", "depths")
    assert "levels" in caught.value.remedy


def test_a_dataset_that_is_not_there_is_told_with_those_that_look_like_it(portal: MemoryReader) -> None:
    with pytest.raises(UsageError, match="river") as caught:
        client.load(portal, "rivrs", where="./portal")
    assert (caught.value.where, caught.value.remedy) == ("./portal", "Did you mean rivers?")


def test_bytes_other_than_the_digest_are_refused_after_a_second_look_and_both_digests_named(
    portal: MemoryReader,
) -> None:
    told = next(file.sha256 for file in portal.datasets["rivers"].files if file.path == "levels.parquet")
    portal.bytes["rivers/1/levels.parquet"] = parquet_bytes(TABLE.slice(1))
    with pytest.raises(IntegrityError) as caught:
        client.load(portal, "rivers")
    assert told is not None
    assert told in caught.value.what
    assert len([word for word in caught.value.what.replace(",", " ").split() if len(word) == 64]) == 2
    assert portal.looks == 2


def test_the_digest_that_counts_is_the_descriptors(portal: MemoryReader) -> None:
    """What the portal says of its own files proves nothing: it can be wrong in the same way as the bytes are."""
    other = parquet_bytes(TABLE.slice(1))
    liar = MemoryReader()
    liar.put("rivers", {"levels": (CSV, other)})
    believed = portal.datasets["rivers"]
    portal.datasets["rivers"] = PortalDataset(
        "rivers", None, None, AccessLevel.OPEN, None, liar.datasets["rivers"].files, descriptor=believed.descriptor
    )
    portal.bytes = liar.bytes
    with pytest.raises(IntegrityError):
        client.load(portal, "rivers")


class Moving(MemoryReader):
    """A portal that publishes anew, and prunes, between the first look and the opening of a file."""

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:
        found = super().look(names, ids, visitor=visitor)
        if self.looks == 1:
            self.bytes.clear()
            self.put("rivers", {"levels": (CSV, parquet_bytes(TABLE.slice(1)))}, prefix="2/")
        return found


def test_a_file_that_is_gone_sends_back_to_the_descriptor_once() -> None:
    portal = Moving()
    portal.put("rivers", {"levels": (CSV, parquet_bytes())})
    assert client.load(portal, "rivers").equals(TABLE.slice(1))
    assert portal.opened == ["rivers/1/levels.parquet", "rivers/2/levels.parquet"]


def test_a_file_that_stays_gone_is_the_portals_error(portal: MemoryReader) -> None:
    portal.bytes.clear()
    with pytest.raises(PortalError, match="gone"):
        client.load(portal, "rivers")
    assert portal.looks == 2


def test_a_dataset_without_files_is_behind_the_gate(portal: MemoryReader) -> None:
    portal.datasets["staff"] = PortalDataset("staff", "1", None, AccessLevel.INTERNAL, None, ())
    with pytest.raises(GateError, match="internal"):
        client.load(portal, "staff")


def test_a_file_without_a_digest_is_not_read(portal: MemoryReader) -> None:
    found = portal.datasets["rivers"]
    bare = {"name": "rivers", "resources": [{"name": "levels", "path": "levels.parquet", "format": "parquet"}]}
    portal.datasets["rivers"] = PortalDataset(
        "rivers", None, None, AccessLevel.OPEN, None, found.files, descriptor=bare
    )
    with pytest.raises(UsageError, match="Parquet"):
        client.load(portal, "rivers")
    assert portal.opened == []


@pytest.mark.parametrize("junk", [b"PAR1junkPAR1", b"", b"a,b\n1,2\n", parquet_bytes()[:-8] + b"\xff\xff\xff\x7fPAR1"])
def test_bytes_that_agree_with_their_digest_and_are_no_parquet_are_told_so(portal: MemoryReader, junk: bytes) -> None:
    portal.put("rivers", {"levels": (CSV, junk)})
    with pytest.raises(IntegrityError, match="no table in Parquet form") as caught:
        client.load(portal, "rivers")
    assert caught.value.remedy
