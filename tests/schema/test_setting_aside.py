"""Rows that are wrong are kept where they are few, so that the table is read once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from schema_helpers import fields, table_of

from opendata.model import Report
from opendata.schema import check, setting_aside
from opendata.schema.setting_aside import Aside

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Batch, Table

ROWS = [["1", "a"], ["x", "b"], ["3", "c"], ["4"], [], ["6", "f"], ["y", "g"], ["8", "h", "i"]]
WRONG = [3, 5, 6, 8, 9]


def _counted(table: Table, readings: list[int]) -> Table:
    def batches() -> Iterator[Batch]:
        readings.append(1)
        yield from table.batches()

    return replace(table, batches=batches)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_a_few_wrong_rows_are_judged_without_a_second_reading(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    readings: list[int] = []
    table = _counted(table_of(ROWS, fields("integer", "string"), size=size), readings)
    kept = check(table)
    assert isinstance(kept, Report)
    assert len(readings) == 1
    assert [finding.place.row for finding in kept.findings] == WRONG
    monkeypatch.setattr(setting_aside, "MOST", 0)
    assert check(table) == kept
    assert len(readings) == 3


def test_a_row_that_repeats_another_needs_the_table_once_more() -> None:
    readings: list[int] = []
    rows = [["1", "a"], ["2", "b"], ["1", "c"], ["4"]]
    found = check(_counted(table_of(rows, fields("integer", "string", primaryKey=["a"])), readings))
    assert isinstance(found, Report)
    assert [(finding.code, finding.place.row) for finding in found.findings] == [
        ("primary-key", 4),
        ("missing-cell", 5),
    ]
    assert len(readings) == 2


def test_nothing_is_kept_of_many(monkeypatch: pytest.MonkeyPatch) -> None:
    (batch,) = table_of(ROWS, fields("integer", "string"), size=100).batches()
    wanted, all_of_them = np.array(WRONG), np.arange(2, 10)
    for most, expected in ((1 << 20, True), (100, False)):
        monkeypatch.setattr(setting_aside, "MOST", most)
        aside = Aside()
        aside.take(batch, wanted)
        assert (aside.kept(wanted) is not None) is expected
        assert aside.kept(all_of_them) is None


def test_blank_lines_count_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setting_aside, "MOST", 1 << 20)
    blank = table_of([[]] * 10_000, fields("string"), size=10_000)
    aside = Aside()
    for batch in blank.batches():
        aside.take(batch, np.arange(2, 10_002))
    assert aside.kept(np.arange(2, 10_002)) is None
