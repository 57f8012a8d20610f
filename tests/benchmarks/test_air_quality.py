"""The generator of the table that checking is measured on."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING

import air_quality
import jsonschema
import pytest
from screening.faults import KINDS
from screening.schema import KEY, NAMES
from screening.variants import CLEAN, FEW, MANY, QUOTED, SHUFFLED, VARIANTS, VIETNAMESE

import opendata

if TYPE_CHECKING:
    from pathlib import Path

    from screening.variants import Place, Variant

SOUND = [CLEAN, SHUFFLED, VIETNAMESE, QUOTED]


def text(rows: int, variant: Variant) -> str:
    return "".join(air_quality.text(rows, variant))


def read(rows: int, variant: Variant) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text(rows, variant)), delimiter=variant.form.delimiter))


def judged(place: Place) -> list[tuple[str, int]]:
    """Each error that frictionless finds: its type and row."""
    from frictionless import Dialect, Resource, Schema

    resource = Resource(
        path="air-quality.csv",
        basepath=str(place.table.parent),
        encoding="utf-8",
        schema=Schema.from_descriptor(json.loads(place.schema.read_text())),
        dialect=Dialect.from_descriptor(json.loads(place.dialect.read_text())),
    )
    return [(error.type, error.row_number) for error in resource.validate().tasks[0].errors]


DIGESTS = {
    "clean": "067fa19d46e5a37d",
    "shuffled": "61f28eb00a091074",
    "few": "8d799cac3b486797",
    "many": "8d799cac3b486797",
    "vietnamese": "a9f7b543dbffa5ce",
    "quoted": "bab4f26a58f90a31",
}


@pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)
def test_the_bytes_are_always_the_same(variant: Variant) -> None:
    assert hashlib.sha256(text(1000, variant).encode()).hexdigest()[:16] == DIGESTS[variant.name]


@pytest.mark.parametrize("variant", [CLEAN, SHUFFLED, MANY], ids=lambda item: item.name)
def test_how_many_rows_are_made_at_once_does_not_show(variant: Variant, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = text(700, variant)
    monkeypatch.setattr(air_quality, "BLOCK", 33)
    assert text(700, variant) == whole


def test_the_table_has_ten_columns_in_order_of_time_over_many_stations() -> None:
    header, *rows = read(1000, CLEAN)
    assert (len(header), len(rows), {len(row) for row in rows}) == (10, 1000, {10})
    keys = [tuple(row[: len(KEY)]) for row in rows]
    assert len(set(keys)) == 1000
    assert keys != sorted(keys)
    assert [time for _station, time in keys] == sorted(time for _station, time in keys)


def test_the_shuffled_table_has_the_same_rows_in_no_order() -> None:
    (header, *rows), (other, *shuffled) = read(1000, CLEAN), read(1000, SHUFFLED)
    assert header == other
    assert sorted(rows) == sorted(shuffled)
    times = [row[1] for row in shuffled]
    assert times not in (sorted(times), sorted(times, reverse=True))


def test_the_forms_to_be_rewritten_hold_the_same_values() -> None:
    assert read(500, QUOTED) == read(500, CLEAN)
    assert all(
        cell.startswith('"') and cell.endswith('"') for cell in text(20, QUOTED).replace("\n", ",")[:-1].split(",")
    )
    day, moment = NAMES.index("reviewed"), NAMES.index("time")
    for clean, other in zip(read(500, CLEAN)[1:], read(500, VIETNAMESE)[1:], strict=True):
        assert "/".join(reversed(clean[day].split("-"))) == other[day]
        assert "/".join(reversed(clean[moment][:10].split("-"))) + " " + clean[moment][11:] == other[moment]
        assert clean[2].replace(".", ",") == other[2]


@pytest.mark.parametrize("variant", SOUND, ids=lambda item: item.name)
def test_a_sound_table_is_valid_for_frictionless_for_us_and_can_be_built(variant: Variant, tmp_path: Path) -> None:
    place = air_quality.make(tmp_path / "made", 400, variant)
    assert judged(place) == []
    assert opendata.check(place.table, place.schema).valid
    (built,) = opendata.build(place.package, tmp_path / "out")
    assert (built.standing.value, built.reason) == ("ready", "")


@pytest.mark.parametrize(("variant", "rows", "bad"), [(FEW, 600, 10), (MANY, 3000, 30)])
def test_as_many_rows_are_bad_as_is_said(variant: Variant, rows: int, bad: int, tmp_path: Path) -> None:
    place = air_quality.make(tmp_path, rows, variant)
    found = judged(place)
    assert sorted({row for _kind, row in found}) == [row + 2 for row in air_quality.bad_rows(rows, variant)]
    assert len({row for _kind, row in found}) == bad == variant.faults(rows)
    assert {kind for kind, _row in found} == {"type-error", "constraint-error", "missing-cell", "primary-key"}
    ours = opendata.check(place.table, place.schema).findings
    assert [(item.code, item.place.row) for item in ours] == found


def test_ten_bad_rows_are_one_of_each_kind(tmp_path: Path) -> None:
    assert len(judged(air_quality.make(tmp_path, 600, FEW))) == KINDS == 10


def test_a_table_that_is_there_is_left(tmp_path: Path) -> None:
    place = air_quality.make(tmp_path, 300, CLEAN)
    place.table.write_text("mine")
    assert air_quality.make(tmp_path, 300, CLEAN).table.read_text() == "mine"


def test_the_json_schema_for_qsv_takes_sound_rows_and_refuses_spoilt_ones(tmp_path: Path) -> None:
    place = air_quality.make(tmp_path, 600, FEW)
    check = jsonschema.Draft202012Validator(json.loads(place.json_schema.read_text()))
    header, *rows = csv.reader(io.StringIO(place.table.read_text()))
    refused = [
        turn for turn, row in enumerate(rows) if not check.is_valid(dict(zip(header, map(typed, row), strict=False)))
    ]
    *spoilt, _short, _repeated = air_quality.bad_rows(600, FEW)
    assert set(refused) == {place for place in spoilt if rows[place][9] != "2024-02-30"}  # formats are not asserted


def typed(cell: str) -> object:
    """A cell as qsv takes it."""
    try:
        return json.loads(cell) if cell else None
    except ValueError:
        return cell
