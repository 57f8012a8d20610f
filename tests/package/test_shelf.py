"""The build cache: found again, never wrong, whatever was altered in it."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING

import pytest
from package_helpers import PADDY, PADDY_CSV, nowhere, package, tree

from opendata import package as room
from opendata.errors import DataError
from opendata.model import AccessLevel, BuiltPackage, Dataset, Reference, dump
from opendata.model.digest import KEY, content_digest
from opendata.package import building, keying
from opendata.package.shelf import KEPT, shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from opendata.model import Outline
    from opendata.package.judging import Opened

SCHEMA = {key: value for key, value in PADDY.items() if key != "name"}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The keys of the builds that were really made."""
    keys: list[str] = []
    make = building._make

    def counted(outline: Outline, opened: Sequence[Opened], digests: Sequence[str], place: Path) -> BuiltPackage:
        keys.append(place.name)
        return make(outline, opened, digests, place)

    monkeypatch.setattr(building, "_make", counted)
    return keys


def build(dataset: Dataset, cache: Path) -> BuiltPackage:
    return room.build(dataset, AccessLevel.OPEN, nowhere, cache)


def test_a_second_build_is_found_and_nothing_is_written(tmp_path: Path, made: list[str]) -> None:
    dataset = package(tmp_path / "source")
    first, before = build(dataset, tmp_path / "cache"), tree(tmp_path / "cache")
    assert build(dataset, tmp_path / "cache") == first
    assert len(made) == 1
    assert tree(tmp_path / "cache") == before


def data(folder: Path) -> None:
    (folder / "data" / "paddy.csv").write_text(PADDY_CSV + "02,2017,5,\n", encoding="utf-8")


def descriptor(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Lúa theo tỉnh", "Lúa"), encoding="utf-8")


@pytest.mark.parametrize("change", [data, descriptor])
def test_another_input_is_another_build(tmp_path: Path, made: list[str], change: Callable[[Path], None]) -> None:
    from opendata.descriptor import read

    first = build(package(tmp_path / "source"), tmp_path / "cache")
    change(tmp_path / "source")
    assert build(read(tmp_path / "source"), tmp_path / "cache").digest != first.digest
    assert len(set(made)) == 2


def test_another_tool_is_another_build_of_the_same_bytes(
    tmp_path: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = package(tmp_path / "source")
    first = build(dataset, tmp_path / "cache")
    monkeypatch.setattr(keying, "tools", lambda: ("another pyarrow",))
    assert build(dataset, tmp_path / "cache").digest == first.digest
    assert len(set(made)) == 2


def test_a_table_of_another_package_is_an_input(tmp_path: Path, made: list[str]) -> None:
    from opendata.sources import open_resource

    key = [{"fields": ["unit_id"], "reference": {"package": "units", "resource": "units", "fields": ["id"]}}]
    dataset = package(tmp_path / "source", {"paddy": ({"schema": SCHEMA, "externalKeys": key}, PADDY_CSV)})
    schema = {"fields": [{"name": "id", "type": "string"}], "primaryKey": "id"}

    def find(_key: object) -> Reference:
        return Reference("units", "units", open_resource(other, other.resources[0]))

    for codes in ("id\n01\n66\n", "id\n01\n66\n", "id\n66\n01\n"):
        other = package(tmp_path / "units", {"units": ({"schema": schema}, codes)}, name="units")
        room.build(dataset, AccessLevel.OPEN, find, tmp_path / "cache")
    assert len(made) == 2


def entry(cache: Path) -> Path:
    (found,) = (path for path in (cache / "builds" / "paddy-by-province").iterdir() if path.is_dir())
    return found


def longer(folder: Path) -> None:
    with (folder / "paddy.csv").open("ab") as stream:
        stream.write(b"x")


def altered(folder: Path) -> None:
    path = folder / "paddy.parquet"
    content = path.read_bytes()
    path.write_bytes(content[:10] + bytes([content[10] ^ 1]) + content[11:])


def gone(folder: Path) -> None:
    (folder / "paddy.parquet").unlink()


def no_json(folder: Path) -> None:
    (folder / "datapackage.json").write_bytes(b"{")


def no_object(folder: Path) -> None:
    (folder / "datapackage.json").write_bytes(b"[" * 100_000)


def no_text(folder: Path) -> None:
    (folder / "datapackage.json").write_bytes(b"\xff")


def no_manifest(folder: Path) -> None:
    (folder / "datapackage.json").unlink()


def another_title(folder: Path) -> None:
    path = folder / "datapackage.json"
    path.write_bytes(path.read_bytes().replace("Lúa".encode(), b"Rice"))


def climbing(folder: Path) -> None:
    path = folder / "datapackage.json"
    moved = json.loads(path.read_bytes().replace(b'"paddy.parquet"', b'"../../paddy.parquet"'))
    path.write_bytes(dump({**moved, KEY: content_digest(moved)}))


@pytest.mark.parametrize(
    "damage", [longer, altered, gone, no_json, no_object, no_text, no_manifest, another_title, climbing]
)
def test_a_damaged_build_is_made_again(tmp_path: Path, made: list[str], damage: Callable[[Path], None]) -> None:
    dataset = package(tmp_path / "source")
    first, before = build(dataset, tmp_path / "cache"), tree(tmp_path / "cache")
    damage(entry(tmp_path / "cache"))
    assert build(dataset, tmp_path / "cache") == first
    assert len(made) == 2
    assert tree(tmp_path / "cache") == before


def test_old_builds_are_pruned_and_the_last_used_stay(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = build(package(tmp_path / "source"), cache)
    for number in range(KEPT + 2):
        dataset = package(tmp_path / "source", title=f"Bản {number}")
        build(dataset, cache)
        for age, found in enumerate(sorted((cache / "builds" / "paddy-by-province").glob("*/datapackage.json"))):
            os.utime(found, ns=(age, age))
        build(dataset, cache)
    kept = [path for path in (cache / "builds" / "paddy-by-province").iterdir() if path.is_dir()]
    assert len(kept) == KEPT
    assert build(dataset, cache).files[0].source.parent in kept
    assert first.files[0].source.parent not in kept or first.files[0].source.exists()


def test_two_at_once_make_one_build(tmp_path: Path, made: list[str]) -> None:
    dataset = package(tmp_path / "source")
    found: list[BuiltPackage] = []
    threads = [threading.Thread(target=lambda: found.append(build(dataset, tmp_path / "cache"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(item == found[0] for item in found)
    assert len(made) == 1


@pytest.mark.parametrize("name", ["..", "", "a/b", "Tên", ".hidden", "x" * 200, "con", "a--closed"])
def test_a_name_that_is_no_folder_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="cannot be a folder's name"), shelf(tmp_path, name):
        pass
    assert not list(tmp_path.iterdir())
