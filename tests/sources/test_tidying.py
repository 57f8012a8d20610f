"""The tidy table that a recipe makes of a department's workbook, in the layout that departments use."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import pytest
from recipe_helpers import resolve
from sources_helpers import misfits, origin, rows, text_file, xls, xlsx

from opendata.descriptor import recipe_digest
from opendata.errors import DataError, DescriptorError, SourceError
from opendata.sources import origin_digests, tidy
from opendata.sources.table import text_schema

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json, Table

GRID: list[list[object]] = [
    ["ĐÀN LỢN PHÂN THEO TỈNH", None, None, None],
    ["Đơn vị: nghìn con", None, None, None],
    [None, None, None, None],
    ["Tỉnh", "Năm", None, "Ngày báo cáo"],
    [None, "2003", "Sơ bộ 2004", None],
    ["CẢ NƯỚC", "9.999,9", "9.999,9", None],
    ["Tây Nguyên", None, None, None],
    ["Đắk Lắk", "1.234,5", 1234.5, dt.date(2004, 12, 31)],
    ["Đắk Lắk", "..", 7, "31/12/2004"],
    ["Nguồn: Tổng cục Thống kê", None, None, None],
]

RECIPE: list[Json] = [
    {"step": "header", "rows": [4, 5], "join": " "},
    {"step": "drop-rows", "field": "Tỉnh", "matches": "CẢ NƯỚC|Tây Nguyên|Nguồn:.*"},
    {
        "step": "unpivot",
        "keep": ["Tỉnh", "Ngày báo cáo"],
        "name": "year",
        "value": "pigs",
        "pattern": r"Năm (?:Sơ bộ )?(?P<year>\d{4})",
    },
    {"step": "parse-numbers", "fields": ["pigs"], "missing": [".."]},
    {"step": "parse-dates", "fields": ["Ngày báo cáo"], "format": "%d/%m/%Y"},
    {"step": "recode-units", "field": "Tỉnh", "into": "unit_id", "year": "year"},
    {"step": "rename", "fields": {"Ngày báo cáo": "reported"}},
    {"step": "select", "fields": ["unit_id", "year", "pigs", "reported"]},
    {"step": "sort", "by": ["unit_id", "pigs"]},
]

NAMES = ("unit_id", "year", "pigs", "reported")
SCHEMA = text_schema(NAMES)
EXPECTED = [
    (9, ("66-1975", "2003", "", "2004-12-31")),
    (8, ("66-1975", "2003", "1234.5", "2004-12-31")),
    (9, ("66-2004", "2004", "7", "2004-12-31")),
    (8, ("66-2004", "2004", "1234.5", "2004-12-31")),
]


def made(folder: Path, path: str, *recipe: Json, sheet: str | None = None, **more: object) -> Table:
    return tidy(folder, origin(path, *recipe, sheet=sheet, **more), SCHEMA, "pigs", resolve)


def test_a_departments_workbook_becomes_a_tidy_table(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", {"Khác": [["x"]], "Đàn lợn": GRID})
    table = made(tmp_path, "a.xlsx", *RECIPE, sheet="Đàn lợn")
    assert (table.name, table.labels, table.header_row) == ("pigs", NAMES, 5)
    assert (table.place.path, table.place.sheet) == ("a.xlsx", "Đàn lợn")
    assert table.schema is SCHEMA
    assert rows(table) == rows(table) == EXPECTED
    assert misfits(table) == []
    assert table.digest() == "sha256:" + hashlib.sha256((tmp_path / "a.xlsx").read_bytes()).hexdigest()


def test_an_old_workbook_gives_the_same(tmp_path: Path) -> None:
    grid = [[None if isinstance(cell, dt.date) else cell for cell in line] for line in GRID]
    xls(tmp_path / "a.xls", {"S": grid})
    expected = [(row, (*cells[:3], "2004-12-31" if row == 9 else "")) for row, cells in EXPECTED]
    assert rows(made(tmp_path, "a.xls", *RECIPE)) == expected


def test_a_csv_source_is_read_as_its_origin_declares(tmp_path: Path) -> None:
    text_file(tmp_path, "#note\nTinh;so\nx;1.234,5\n".encode("utf-16"), "source/a.txt")
    steps: list[Json] = [{"step": "parse-numbers", "fields": ["so"]}]
    dialect = {"delimiter": ";", "commentChar": "#"}
    table = made(tmp_path, "source/a.txt", *steps, encoding="utf-16", dialect=dialect)
    assert (table.labels, table.header_row) == (("Tinh", "so"), 2)
    assert rows(table) == [(3, ("x", "1234.5"))]


def test_cells_are_plain_texts_in_the_end(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", {"S": [["a"], [1.5]]})
    (batch,) = made(tmp_path, "a.xlsx").batches()
    assert batch.records.to_pydict() == {"a": ["1.5"]}


def test_a_value_that_cannot_be_treated_is_named_while_rows_are_drawn(tmp_path: Path) -> None:
    xlsx(tmp_path / "a.xlsx", {"S": [*GRID[:-1], ["Kon Tum", "1", "2", None]]})
    table = made(tmp_path, "a.xlsx", *RECIPE)
    with pytest.raises(SourceError) as caught:
        rows(table)
    assert "Kon Tum" in caught.value.what
    assert caught.value.where == "a.xlsx, sheet S, row 10, column 1"


def test_the_shipped_list_of_units_serves_where_no_other_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import opendata.units

    monkeypatch.setattr(opendata.units, "resolve", lambda name, year: f"{name}-{year}")
    text_file(tmp_path, "a\nx\n")
    step: Json = {"step": "recode-units", "field": "a"}
    assert rows(tidy(tmp_path, origin("a.csv", step), SCHEMA, "t")) == [(2, ("x-None",))]


def test_a_faulty_recipe_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(DescriptorError):
        made(tmp_path, "none.xlsx", {"step": "nothing"})


@pytest.mark.parametrize("path", ["../a.xlsx", "/a.xlsx", "none.xlsx"])
def test_a_source_outside_or_missing_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(DataError):
        made(tmp_path, path)
    with pytest.raises(DataError):
        origin_digests(tmp_path, origin(path))


def test_the_digests_tell_what_the_table_was_made_of(tmp_path: Path) -> None:
    text_file(tmp_path, "a\n1\n")
    step: Json = {"step": "skip", "rows": [1]}
    first = origin_digests(tmp_path, origin("a.csv", step))
    assert first == ("sha256:" + hashlib.sha256(b"a\n1\n").hexdigest(), recipe_digest([step]))
    assert origin_digests(tmp_path, origin("a.csv"))[0] == first[0]
    assert origin_digests(tmp_path, origin("a.csv"))[1] != first[1]
    text_file(tmp_path, "a\n2\n")
    assert origin_digests(tmp_path, origin("a.csv", step))[0] != first[0]
