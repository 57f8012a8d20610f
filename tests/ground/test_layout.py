"""How editions lie in a folder: what a descriptor names, which folder it leads into, and how that comes to be."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from opendata import files
from opendata.errors import IntegrityError
from opendata.model.layout import folder_of, is_folder_digest, parts, prefixed, superseded

if TYPE_CHECKING:
    from pathlib import Path

OLD, NEW = "0" * 32, "f" * 32
TWO = {"resources": [{"name": "a", "path": "a.csv", "alternates": [{"path": "a.parquet"}]}, {"name": "b"}]}


def test_the_parts_of_a_descriptor_are_the_tables_and_their_alternates() -> None:
    assert [(part.resource, part.path) for part in parts(TWO)] == [("a", "a.csv"), ("a", "a.parquet"), ("b", "")]
    assert list(parts({"resources": "none"})) == []


def test_the_folder_is_one_that_all_tables_lie_in() -> None:
    one = {"resources": [{"path": "a.csv"}, {"path": "b.csv"}]}
    assert folder_of(prefixed(one, f"{NEW}/")) == NEW
    assert folder_of({"resources": [{"path": f"{OLD}/a.csv"}, {"path": f"{NEW}/b.csv"}]}) == ""
    assert folder_of(one) == folder_of({}) == folder_of(prefixed(one, "data/")) == ""


def test_only_folders_of_other_editions_are_superseded() -> None:
    assert superseded([OLD, "vi.html", NEW, "photos", "f" * 31], {NEW}) == (OLD,)
    assert not is_folder_digest("F" * 32)


def test_a_folder_appears_whole_in_the_place_of_what_stood_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    files.write(tmp_path / "out" / "left.csv", b"half")
    files.place_folder(tmp_path / "out", {"a.csv": (tmp_path / "a", hashlib.sha256(b"abc").hexdigest())})
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.csv"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "out"]


def test_bytes_that_are_not_what_they_should_be_leave_what_stood_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abd")
    files.write(tmp_path / "out" / "old.csv", b"old")
    with pytest.raises(IntegrityError, match="not what they should be"):
        files.place_folder(tmp_path / "out", {"a.csv": (tmp_path / "a", hashlib.sha256(b"abc").hexdigest())})
    assert (tmp_path / "out" / "old.csv").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "out"]
