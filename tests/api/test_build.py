from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import FIELDS, OPEN, change, package

from opendata import AccessLevel, ConflictError, Standing, UsageError, build

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json

SECRET = [{"name": "river", "type": "string"}, {"name": "keeper", "type": "string"}]


def with_level(level: str) -> list[Json]:
    return [SECRET[0], {**SECRET[1], "access": {"level": level}}]


def holding(folder: Path, text: str) -> list[str]:
    """The files of a folder, and the names in it, that hold a text, as bytes."""
    needle = text.encode()
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path.name for path in files if needle in path.read_bytes() or text in path.name]


def standings(catalogue: Path, out: Path, level: AccessLevel = AccessLevel.OPEN) -> dict[str, Standing]:
    return {item.published_name: item.standing for item in build(catalogue, out, level)}


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "catalogue"


def test_editions_are_laid_out_as_a_site_has_them(catalogue: Path, tmp_path: Path) -> None:
    package(catalogue)
    assert standings(catalogue, tmp_path / "out") == {"river-levels": Standing.READY}
    assert (tmp_path / "out/river-levels/datapackage.json").is_file()
    assert len(list((tmp_path / "out").glob("river-levels/*/levels.csv"))) == 1


def test_building_again_writes_nothing(catalogue: Path, tmp_path: Path) -> None:
    package(catalogue)
    out = tmp_path / "out"
    build(catalogue, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file() and path.name[0] != "."}
    build(catalogue, out)
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_up_to_shared_builds_both_editions(catalogue: Path, tmp_path: Path) -> None:
    package(catalogue, fields=[FIELDS[0], {**FIELDS[1], "access": {"level": "shared"}}])
    package(catalogue, "dengue", access={**OPEN, "level": "shared"})
    ready, other = Standing.READY, Standing.NOT_FOR_TARGET
    names = ("dengue--shared", "river-levels", "river-levels--shared")
    assert standings(catalogue, tmp_path / "a") == dict(zip(names, (other, ready, other), strict=True))
    assert standings(catalogue, tmp_path / "b", AccessLevel.SHARED) == dict.fromkeys(names, ready)
    assert sorted(path.parent.name for path in (tmp_path / "b").glob("*/datapackage.json")) == list(names)


@pytest.mark.parametrize("level", [AccessLevel.INTERNAL, AccessLevel.CLOSED])
def test_no_edition_is_built_for_a_level_that_is_never_published(
    catalogue: Path, tmp_path: Path, level: AccessLevel
) -> None:
    package(catalogue)
    with pytest.raises(UsageError, match=level.value):
        build(catalogue, tmp_path / "out", level)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("access", [{"level": "internal"}, {**OPEN, "level": "shared"}, None])
def test_an_edition_that_may_no_longer_be_is_removed(catalogue: Path, tmp_path: Path, access: Json | None) -> None:
    place = package(catalogue)
    package(catalogue, "other")
    build(catalogue, tmp_path / "out")
    change(place, access=access)
    build(catalogue, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.name[0] != ".") == ["other"]


def test_an_edition_whose_data_are_faulty_stays_as_it_was(catalogue: Path, tmp_path: Path) -> None:
    place = package(catalogue)
    build(catalogue, tmp_path / "out")
    (place / "data/levels.csv").write_text("river,level_cm\nSông Đà,high\n", encoding="utf-8")
    assert standings(catalogue, tmp_path / "out") == {"river-levels": Standing.FAULTY}
    assert len(list((tmp_path / "out").glob("river-levels/*/levels.csv"))) == 1


def test_a_column_that_is_withheld_now_leaves_no_trace_of_before(catalogue: Path, tmp_path: Path) -> None:
    """The digest folder of before is kept for readers; not where it shows what may no longer be seen."""
    out = tmp_path / "out"
    place = package(catalogue, fields=SECRET, rows="river,keeper\nSông Đà,Nguyễn Văn An\n")
    build(catalogue, out)
    assert holding(out, "Nguyễn Văn An")
    change(place, resources=[_resource(with_level("internal"))])
    build(catalogue, out)
    assert (holding(out, "Nguyễn Văn An"), holding(out, "keeper")) == ([], [])


def _resource(fields: list[Json]) -> Json:
    return {"name": "levels", "type": "table", "path": "data/levels.csv", "schema": {"fields": fields}}


def test_a_table_that_is_withheld_now_leaves_no_trace_of_before(catalogue: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    place = package(catalogue, fields=SECRET, rows="river,keeper\nSông Đà,Nguyễn Văn An\n")
    (place / "data/other.csv").write_text("river,keeper\nSông Mã,x\n", encoding="utf-8")
    other = {**_resource(SECRET), "name": "other", "path": "data/other.csv"}
    change(place, resources=[_resource(SECRET), other])
    build(catalogue, out)
    change(place, resources=[{**_resource(SECRET), "access": {"level": "internal"}}, other])
    build(catalogue, out)
    assert holding(out, "Nguyễn Văn An") == []


def test_what_is_not_ours_is_never_touched(catalogue: Path, tmp_path: Path) -> None:
    package(catalogue)
    mine = tmp_path / "out/river-levels/datapackage.json"
    mine.parent.mkdir(parents=True)
    mine.write_text('{"name": "mine"}')
    with pytest.raises(ConflictError):
        build(catalogue, tmp_path / "out")
    assert mine.read_text() == '{"name": "mine"}'


def test_another_dataset_of_the_same_name_is_never_removed(catalogue: Path, tmp_path: Path) -> None:
    """It shows a column that ours has not, but it is not ours to purge."""
    out = tmp_path / "out"
    package(tmp_path / "elsewhere", fields=SECRET, rows="river,keeper\nSông Đà,x\n")
    build(tmp_path / "elsewhere", out)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    package(catalogue, id="5e3cbb3e-0000-4000-8000-000000000000")
    with pytest.raises(ConflictError):
        build(catalogue, out)
    assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before


def test_an_edited_descriptor_does_not_hide_what_lies_beside_it(catalogue: Path, tmp_path: Path) -> None:
    """Somebody took the column out of the descriptor in the folder by hand; the old files still hold it."""
    out = tmp_path / "out"
    place = package(catalogue, fields=SECRET, rows="river,keeper\nSông Đà,Nguyễn Văn An\n")
    build(catalogue, out)
    told = out / "river-levels/datapackage.json"
    descriptor = json.loads(told.read_bytes())
    descriptor["resources"][0]["schema"]["fields"] = descriptor["resources"][0]["schema"]["fields"][:1]
    told.write_text(json.dumps(descriptor), encoding="utf-8")
    change(place, resources=[_resource(with_level("internal"))])
    build(catalogue, out)
    assert holding(out, "Nguyễn Văn An") == []
