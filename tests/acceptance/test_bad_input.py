"""Bad input: each with a clear error of three lines, its exit code, and nothing half-written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from acceptance_helpers import CSV, FIELDS, package, read, seen, table, write
from cli_helpers import run

from opendata import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(autouse=True)
def _silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is ever called: not even a name is looked up."""
    import socket

    def refuse(*words: object) -> None:
        message = f"something was called: {words}"
        raise AssertionError(message)

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return


def spoil(**changes: Any) -> Callable[[Path], None]:  # noqa: ANN401 - a descriptor's own properties
    def change(home: Path) -> None:
        write(home, {**read(home), **changes})

    return change


def spoil_table(**changes: Any) -> Callable[[Path], None]:  # noqa: ANN401 - as above
    return spoil(resources=[table("bang", **changes)])


def not_json(home: Path) -> None:
    (home / "datapackage.json").write_text('{"name": "aa",\n "resources": [', encoding="utf-8")


def missing_file(home: Path) -> None:
    (home / "data" / "bang.csv").unlink()


def link_out(home: Path) -> None:
    (home.parent.parent / "outside.csv").write_text(CSV)
    missing_file(home)
    (home / "data" / "bang.csv").symlink_to(home.parent.parent / "outside.csv")


def wrong_type(home: Path) -> None:
    rows = [f"{n:02},{n}" for n in range(1, 30)]
    rows[15] = "16,nhiều"
    (home / "data" / "bang.csv").write_text("ma,so\n" + "\n".join(rows) + "\n", encoding="utf-8")


def broken_key(home: Path) -> None:
    (home / "data" / "khac.csv").write_text("ma\n01\n", encoding="utf-8")
    key = {"fields": ["ma"], "reference": {"resource": "khac", "fields": ["ma"]}}
    other = table("khac", path="data/khac.csv", schema={"fields": FIELDS[:1]})
    spoil(resources=[table("bang", schema={"fields": FIELDS, "foreignKeys": [key]}), other])(home)


def empty(home: Path) -> None:
    (home / "data" / "bang.csv").write_bytes(b"")


def header_only(home: Path) -> None:
    (home / "data" / "bang.csv").write_text("ma,so\n")


DUPLICATE = {"fields": [FIELDS[0], FIELDS[1], FIELDS[1]]}
BAD = {
    "not JSON": (not_json, "line 2"),
    "unknown sector": (spoil(sector="farming"), "farming"),
    "missing file": (missing_file, "bang.csv"),
    "path that climbs out": (spoil_table(path="../../x.csv"), "../../x.csv"),
    "absolute path": (spoil_table(path="/etc/passwd"), "/etc/passwd"),
    "link out": (link_out, "bang.csv"),
    "remote path": (spoil_table(path="http://127.0.0.1:9/x.csv"), "http://127.0.0.1:9/x.csv"),
    "remote schema": (spoil_table(schema="http://127.0.0.1:9/s.json"), "http://127.0.0.1:9/s.json"),
    "remote dialect": (spoil_table(dialect="http://127.0.0.1:9/d.json"), "http://127.0.0.1:9/d.json"),
    "remote profile": (spoil(profile="http://127.0.0.1:9/p.json"), "http://127.0.0.1:9/p.json"),
    "remote profile of a resource": (spoil_table(profile="http://127.0.0.1:9/p.json"), "http://127.0.0.1:9/p.json"),
    "duplicate field": (spoil_table(schema=DUPLICATE), "so"),
    "wrong type on row 17": (wrong_type, "row 17"),
    "broken foreign key": (broken_key, "row 3"),
    "empty file": (empty, "bang.csv"),
    "header only": (header_only, "no rows"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_told_and_nothing_is_written(case: str, tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    spoiled, said = BAD[case]
    spoiled(package(catalogue, "aa"))
    checked = run("check", catalogue / "aa")
    assert checked.code == 1, checked.out + checked.err
    assert said in checked.out + checked.err
    assert "Traceback" not in checked.out + checked.err
    published = run("publish", catalogue, "--to", target)
    assert published.code == 1, published.out + published.err
    assert not (target / "aa").exists()


@pytest.mark.parametrize("case", BAD)
def test_its_neighbours_are_published(case: str, tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "good")
    BAD[case][0](package(catalogue, "aa"))
    published = run("publish", catalogue, "--to", target)
    assert published.code == 1
    assert (target / "good" / "datapackage.json").exists()
    stopped = run("publish", catalogue, "--to", tmp_path / "other", "--all-or-nothing")
    assert stopped.code == 1
    assert not (tmp_path / "other" / "good").exists()


def bomb(path: Path) -> Path:
    """A small workbook whose two cells span billions."""
    sheet = (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        "</sheetData></worksheet>"
    )
    book = (
        '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package_ns = "http://schemas.openxmlformats.org/package/2006"
    relations = (
        f'<?xml version="1.0"?><Relationships xmlns="{package_ns}/relationships">'
        '<Relationship Id="rId1" Type="{type}" Target="{target}"/></Relationships>'
    )
    types = (
        f'<?xml version="1.0"?><Types xmlns="{package_ns}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", relations.format(type=f"{office}/officeDocument", target="xl/workbook.xml"))
        archive.writestr("xl/workbook.xml", book)
        target = relations.format(type=f"{office}/worksheet", target="worksheets/sheet1.xml")
        archive.writestr("xl/_rels/workbook.xml.rels", target)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


# A child's ru_maxrss counts what its parent held when it was forked; the peak of its own memory stands in /proc.
MEASURED = """
import re, sys
from opendata.cli import main
code = main()
print("peak kB", re.search(r"VmHWM:\\s+([0-9]+)", open("/proc/self/status").read())[1])
sys.exit(code)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
@pytest.mark.parametrize("command", ["new", "check"])
def test_a_workbook_that_claims_billions_of_cells_is_refused_within_300_mb(command: str, tmp_path: Path) -> None:
    file = bomb(tmp_path / "bom.xlsx")
    assert file.stat().st_size < 5000
    schema = tmp_path / "schema.json"
    schema.write_text('{"fields": [{"name": "a", "type": "string"}]}')
    more = ["--schema", str(schema)] if command == "check" else ["--yes"]
    words = [sys.executable, "-c", MEASURED, command, str(file), *more]
    done = subprocess.run(words, capture_output=True, cwd=tmp_path, text=True, check=False, timeout=120)
    assert done.returncode == 1, done.stdout + done.stderr
    assert int(done.stdout.rpartition("peak kB ")[2]) < 300 * 1024
    assert "Traceback" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["bom.xlsx", "schema.json"]


@pytest.mark.parametrize("command", ["build", "publish"])
def test_a_full_disk_leaves_nothing_half_written(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "aa")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    where = "--out" if command == "build" else "--to"
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        failed = run(command, catalogue, where, target)
    assert failed.code == 3, failed.out + failed.err
    assert "disk is full" in failed.out + failed.err
    assert not target.exists() or not (target / "aa" / "datapackage.json").exists()
    left = [p for p in tmp_path.rglob("*") if p.name.startswith(files.ASIDE)]
    assert left == []
    assert run(command, catalogue, where, target).code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="file modes are another system's")
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    package(tmp_path / "catalogue", "aa")
    (tmp_path / "file").write_text("in the way")
    failed = run("publish", tmp_path / "catalogue", "--to", tmp_path / "file" / "portal")
    assert failed.code == 3
    assert str(tmp_path / "file") in failed.err
    assert "Choose another folder" in failed.err


def test_a_target_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    package(tmp_path / "catalogue", "aa")
    target = tmp_path / "holiday"
    target.mkdir()
    (target / "photo.txt").write_text("mine")
    before = seen(target)
    failed = run("publish", tmp_path / "catalogue", "--to", target)
    assert failed.code == 3
    assert changed_nothing(before, target)


def changed_nothing(before: dict[str, tuple[bytes, int]], target: Path) -> bool:
    return seen(target) == before


def test_a_bare_word_is_no_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    package(tmp_path / "catalogue", "aa")
    failed = run("publish", "catalogue", "--to", "portal")
    assert failed.code == 2
    assert "./portal" in failed.err
