"""The small disk is full where it should be, loses nothing, and is always taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from small_disk import NoMountError, SmallDisk

if TYPE_CHECKING:
    from pathlib import Path


def test_a_disk_that_is_full_takes_no_byte_more_and_gives_back_what_it_held(tmp_path: Path) -> None:
    place = tmp_path / "here"
    place.mkdir()
    (place / "old").write_bytes(b"1")
    try:
        with SmallDisk(tmp_path / "disk") as disk:
            disk.carry(place)
            assert (place / "old").read_bytes() == b"1"
            disk.fill()
            with pytest.raises(OSError, match="No space left"):
                (place / "new").write_bytes(b"2")
            disk.free()
            (place / "new").write_bytes(b"2")
    except NoMountError as error:
        pytest.skip(str(error))
    assert not place.is_mount()
    assert not (tmp_path / "disk").is_mount()
    assert {path.name: path.read_bytes() for path in place.iterdir()} == {"old": b"1", "new": b"2"}


def test_it_is_taken_away_whatever_happens(tmp_path: Path) -> None:
    place = tmp_path / "here"

    def fail() -> None:
        with SmallDisk(tmp_path / "disk") as disk:
            disk.carry(place)
            message = "in the middle"
            raise ValueError(message)

    try:
        with pytest.raises(ValueError, match="in the middle"):
            fail()
    except NoMountError as error:
        pytest.skip(str(error))
    assert not place.is_mount()
    assert not (tmp_path / "disk").is_mount()


def test_where_nothing_may_be_mounted_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoMountError, match="mount"), SmallDisk(tmp_path / "disk"):
        pass
