from __future__ import annotations

import errno
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata import files
from opendata.errors import BusyError, DataError, DiskError, IntegrityError


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.rglob(f"{files.ASIDE}*"))


def test_write_is_whole_and_makes_folders(tmp_path: Path) -> None:
    files.write(tmp_path / "a" / "b.txt", b"one")
    files.write(tmp_path / "a" / "b.txt", b"two")
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"two"
    assert leftovers(tmp_path) == []


def test_a_fault_while_writing_keeps_the_old(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")

    def half() -> None:
        with files.replacing(target) as stream:
            stream.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half()
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_a_full_disk_is_three_lines_and_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    target = tmp_path / "a.txt"
    with pytest.raises(DiskError) as caught:
        files.write(target, b"new")
    assert caught.value.what == "The disk is full."
    assert str(target) in caught.value.where
    assert "Free some space" in caught.value.remedy
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        (PermissionError(errno.EACCES, "denied"), "Not allowed to read or write this file or folder."),
        (FileNotFoundError(errno.ENOENT, "none"), "No such file or folder."),
        (OSError(errno.EIO, "Input/output error"), "The disk failed: Input/output error"),
    ],
)
def test_each_fault_of_the_system_is_explained(fault: OSError, what: str, tmp_path: Path) -> None:
    with pytest.raises(DiskError) as caught, files.disk(tmp_path):
        raise fault
    assert caught.value.what == what
    assert caught.value.where == str(tmp_path)


def test_copy_keeps_every_byte(tmp_path: Path) -> None:
    source = tmp_path / "a"
    source.write_bytes(os.urandom(files.CHUNK + 17))
    files.copy(source, tmp_path / "x" / "b")
    assert files.sha256(tmp_path / "x" / "b") == files.sha256(source)


def test_a_verified_copy_has_every_byte(tmp_path: Path) -> None:
    source = tmp_path / "a"
    source.write_bytes(os.urandom(3 * files.CHUNK + 17))
    files.copy_verified(source, tmp_path / "x" / "b", files.sha256(source))
    assert (tmp_path / "x" / "b").read_bytes() == source.read_bytes()


def test_a_copy_of_other_bytes_than_expected_leaves_what_stood_there(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abd")
    (tmp_path / "b").write_bytes(b"old")
    with pytest.raises(IntegrityError, match="not what they should be"):
        files.copy_verified(tmp_path / "a", tmp_path / "b", hashlib.sha256(b"abc").hexdigest())
    assert (tmp_path / "b").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_copying_what_is_not_there_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(DiskError):
        files.copy(tmp_path / "none", tmp_path / "b")
    assert list(tmp_path.iterdir()) == []


def test_remove_takes_folders_and_links_and_follows_none(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    folder = tmp_path / "folder"
    (folder / "deep").mkdir(parents=True)
    (folder / "link").symlink_to(outside)
    files.remove(folder)
    files.remove(tmp_path / "never there")
    assert (outside / "kept").read_text() == "kept"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["outside"]


def test_sweep_removes_only_what_was_left_aside(tmp_path: Path) -> None:
    files.aside(tmp_path / "a.csv").write_text("half")
    files.aside(tmp_path / "folder").mkdir()
    (tmp_path / "a.csv").write_text("whole")
    files.sweep(tmp_path)
    files.sweep(tmp_path / "never there")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_a_workspace_goes_away_unless_renamed(tmp_path: Path) -> None:
    with files.workspace(tmp_path) as lost:
        (lost / "x").write_text("x")
    with files.workspace(tmp_path) as kept:
        (kept / "x").write_text("x")
        files.switch(kept, tmp_path / "done")
    assert [p.name for p in tmp_path.iterdir()] == ["done"]


def test_two_runs_are_kept_apart_and_a_killed_one_frees_its_lock(tmp_path: Path) -> None:
    holder = "import sys,time; from pathlib import Path; from opendata import files\n"
    holder += "with files.lock(Path(sys.argv[1])):\n print('held', flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", holder, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(BusyError) as caught, files.lock(tmp_path, seconds=0.1):
            pass
        assert "Another run" in caught.value.what
        process.kill()
    with files.lock(tmp_path, seconds=5):
        pass


def test_a_lock_in_a_folder_that_cannot_be_made_is_a_disk_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(DiskError), files.lock(tmp_path / "file" / "folder"):
        pass


@pytest.mark.parametrize("path", ["../a", "/a", "a/../../b", "c:/a", "C:a", "http://x/a", "\\\\host\\a", "a\0b", ""])
def test_a_path_that_leads_out_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        files.within(tmp_path, path)
    assert "out of the package" in caught.value.what


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "package"
    package.mkdir()
    (tmp_path / "secret.csv").write_text("x")
    (package / "a.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(DataError):
        files.within(package, "a.csv")


@given(st.text())
def test_a_safe_path_stays_inside(text: str) -> None:
    if files.safe_relative(text):
        root = Path("/folder/of/package")
        assert Path(os.path.normpath(root / text)).is_relative_to(root)


def test_digest_of_a_stream_is_of_what_is_left() -> None:
    stream = io.BytesIO(b"xabc")
    stream.read(1)
    assert files.sha256_of(stream).startswith("ba7816bf")


def test_regular_is_a_plain_file_only(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    assert files.regular(tmp_path / "a")
    assert not files.regular(tmp_path)
    assert not files.regular(tmp_path / "pipe")
    assert not files.regular(tmp_path / "none")


def test_the_cache_lies_beside_the_catalogue_where_that_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert files.cache_folder(tmp_path) == tmp_path / ".opendata"
    monkeypatch.setattr(files, "writable", lambda _: False)
    elsewhere = files.cache_folder(tmp_path)
    assert not elsewhere.is_relative_to(tmp_path)
    assert files.cache_folder(tmp_path) == elsewhere


def test_writable_is_found_by_trying(tmp_path: Path) -> None:
    assert files.writable(tmp_path / "new")
    (tmp_path / "file").write_text("x")
    assert not files.writable(tmp_path / "file")


def test_aside_names_differ_and_stay_short(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 190 + ".csv")
    first, second = files.aside(path), files.aside(path)
    assert first != second
    assert len(first.name) <= 200
