"""A table without rows, or without labels above them, is not passed, though frictionless finds nothing wrong in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalogue_helpers import package
from cli_helpers import run
from schema_helpers import Collector, fields

from opendata.model import Checked, Report
from opendata.schema import check, with_rows
from opendata.sources import open_file

if TYPE_CHECKING:
    from pathlib import Path


def verdict(path: Path, content: str) -> tuple[Checked | Report, Checked | Report]:
    path.write_text(content, encoding="utf-8")
    found = check(open_file(path, fields("string", "integer")))
    return found, with_rows(found)


def codes(report: Checked | Report) -> list[tuple[str, int | None]]:
    assert isinstance(report, Report)
    return [(finding.code, finding.place.row) for finding in report.findings]


def test_a_header_and_nothing_else(tmp_path: Path) -> None:
    found, told = verdict(tmp_path / "a.csv", "a,b\n")
    assert isinstance(found, Checked)
    assert codes(told) == [("no-rows", None)]


def test_a_blank_line_where_the_header_should_be(tmp_path: Path) -> None:
    found, told = verdict(tmp_path / "a.csv", "\nx,1\n")
    assert isinstance(found, Checked)  # frictionless takes the rows by position
    assert codes(told) == [("blank-header", 1)]
    assert told.rows == 1


def test_a_table_declared_to_have_no_header_has_its_labels_from_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("x,1\n", encoding="utf-8")
    sink = Collector()
    found = check(open_file(path, fields("string", "integer"), dialect={"header": False}), (), [sink])
    assert isinstance(with_rows(found), Checked)
    assert sink.values("b") == [1]


def test_what_is_found_stays_as_it_is(tmp_path: Path) -> None:
    found, told = verdict(tmp_path / "a.csv", "\nx,y\n")
    assert codes(found) == [("type-error", 2)]
    assert told is found


def test_no_package_is_built_of_rows_without_a_header(tmp_path: Path) -> None:
    package(tmp_path / "c", "levels", rows="\nSông Đà,120\n")
    done = run("check", tmp_path / "c")
    assert (done.code, "The header row is empty." in done.out) == (1, True)
    assert run("build", tmp_path / "c", "--out", tmp_path / "out").code == 1
    assert not list((tmp_path / "out").rglob("*.csv"))
