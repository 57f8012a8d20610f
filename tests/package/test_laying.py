"""A built package in a folder: whole files under their digest, the descriptor last, nothing written twice."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
from typing import TYPE_CHECKING

import frictionless
import pytest
from package_helpers import PADDY, PADDY_CSV, nowhere, package, tree

from opendata import files
from opendata.errors import ConflictError, DataError, DiskError
from opendata.model import AccessLevel, BuiltPackage
from opendata.model.digest import content_digest
from opendata.model.layout import plain
from opendata.package import build, lay_out

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {key: value for key, value in PADDY.items() if key != "name"}
NAME = "paddy-by-province"


def made(folder: Path, content: str = PADDY_CSV, **more: str) -> BuiltPackage:
    dataset = package(folder / "source", {"paddy": ({"schema": SCHEMA}, content)}, **more)
    return build(dataset, AccessLevel.OPEN, nowhere, folder / "cache")


def times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.name != ".opendata.lock"}


def test_the_layout(tmp_path: Path) -> None:
    built = made(tmp_path)
    lay_out(built, tmp_path / "out")
    digest = built.folder_digest
    assert sorted(tree(tmp_path / "out")) == sorted(
        [f"{NAME}/datapackage.json", f"{NAME}/{digest}/paddy.csv", f"{NAME}/{digest}/paddy.parquet"]
    )
    descriptor = json.loads((tmp_path / "out" / NAME / "datapackage.json").read_bytes())
    assert descriptor["resources"][0]["path"] == f"{digest}/paddy.csv"
    assert content_digest(plain(descriptor)) == built.digest
    report = frictionless.validate(str(tmp_path / "out" / NAME / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])


def test_again_writes_nothing(tmp_path: Path) -> None:
    built = made(tmp_path)
    lay_out(built, tmp_path / "out")
    before = times(tmp_path / "out")
    lay_out(built, tmp_path / "out")
    assert times(tmp_path / "out") == before


def test_a_change_of_words_touches_no_csv(tmp_path: Path) -> None:
    lay_out(made(tmp_path), tmp_path / "out")
    before = tree(tmp_path / "out")
    lay_out(made(tmp_path, department={"name": "Sở", "contact": {"email": "b@example.org"}}), tmp_path / "out")
    after = tree(tmp_path / "out")
    assert [path for path in after if after[path] != before.get(path)] == [f"{NAME}/datapackage.json"]


def test_no_digest_before_is_kept_nor_one_that_a_kill_left(tmp_path: Path) -> None:
    digests = []
    for year in ("2018", "2019", "2020"):
        built = made(tmp_path, f"{PADDY_CSV}01,{year},1,\n")
        lay_out(built, tmp_path / "out")
        digests.append(built.folder_digest)
    (tmp_path / "out" / NAME / ("0" * 32)).mkdir()
    lay_out(built, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out" / NAME).iterdir() if path.is_dir()] == digests[2:]


def test_a_damaged_file_is_put_right(tmp_path: Path) -> None:
    built = made(tmp_path)
    lay_out(built, tmp_path / "out")
    before = tree(tmp_path / "out")
    (tmp_path / "out" / NAME / built.folder_digest / "paddy.csv").write_text("x")
    lay_out(built, tmp_path / "out")
    assert tree(tmp_path / "out") == before


def test_what_a_killed_run_left_is_finished(tmp_path: Path) -> None:
    built = made(tmp_path)
    lay_out(built, tmp_path / "out")
    before = tree(tmp_path / "out")
    (tmp_path / "out" / NAME / "datapackage.json").unlink()
    (tmp_path / "out" / NAME / f"{files.ASIDE}abc").mkdir()
    (tmp_path / "out" / NAME / f"{files.ASIDE}abc" / "paddy.csv").write_text("half")
    lay_out(built, tmp_path / "out")
    assert tree(tmp_path / "out") == before


@pytest.mark.parametrize("fails_at", range(4))
def test_a_full_disk_leaves_the_old_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: int) -> None:
    lay_out(made(tmp_path), tmp_path / "out")
    before, built = tree(tmp_path / "out"), made(tmp_path, f"{PADDY_CSV}02,2018,1,\n")
    calls, fsync = iter(range(10)), os.fsync

    def full(descriptor: int) -> None:
        if next(calls) == fails_at:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        if fails_at < 3:
            with pytest.raises(DiskError, match="disk is full"):
                lay_out(built, tmp_path / "out")
            after = tree(tmp_path / "out")
            assert {path: after[path] for path in before} == before
            assert not [path for path in (tmp_path / "out").rglob("*") if path.name.startswith(files.ASIDE)]
    lay_out(built, tmp_path / "out")
    assert built.digest.encode() in tree(tmp_path / "out")[f"{NAME}/datapackage.json"]


def test_a_source_package_is_never_overwritten(tmp_path: Path) -> None:
    built = made(tmp_path)
    package(tmp_path / "catalogue" / NAME)
    before = tree(tmp_path / "catalogue")
    with pytest.raises(ConflictError, match="not published from this package"):
        lay_out(built, tmp_path / "catalogue")
    assert tree(tmp_path / "catalogue") == before


@pytest.mark.parametrize("content", ["{", "[]", '{"opendata_id": "another"}'])
def test_what_is_not_ours_is_never_overwritten(tmp_path: Path, content: str) -> None:
    files.write(tmp_path / "out" / NAME / "datapackage.json", content.encode())
    with pytest.raises(ConflictError):
        lay_out(made(tmp_path), tmp_path / "out")
    assert tree(tmp_path / "out") == {f"{NAME}/datapackage.json": content.encode()}


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    files.write(tmp_path / "out" / NAME / "photos" / "a.jpg", b"x")
    with pytest.raises(ConflictError):
        lay_out(made(tmp_path), tmp_path / "out")
    assert tree(tmp_path / "out") == {f"{NAME}/photos/a.jpg": b"x"}


@pytest.mark.parametrize("name", ["../paddy", "..", ".", "a/b", "/paddy", "c:/paddy"])
def test_a_name_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    built = dataclasses.replace(made(tmp_path), name=name)
    with pytest.raises(DataError):
        lay_out(built, tmp_path / "deep" / "out")
    assert not (tmp_path / "deep" / "paddy").exists()
    assert not tree(tmp_path / "deep")
