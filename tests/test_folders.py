from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from opendata import folders
from opendata.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def touch(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    return folder


def found(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folders.find_packages(folder)]


def test_packages_are_found_in_order_at_any_depth(tmp_path: Path) -> None:
    touch(tmp_path, "b/datapackage.json", "a/x/datapackage.json", "a/y/z/datapackage.json", "c/other.json")
    assert found(tmp_path) == ["a/x", "a/y/z", "b"]


def test_a_package_is_not_looked_into(tmp_path: Path) -> None:
    touch(tmp_path, "a/datapackage.json", "a/inner/datapackage.json")
    assert found(tmp_path) == ["a"]
    assert found(tmp_path / "a") == ["."]


def test_hidden_folders_and_published_sites_are_passed_by(tmp_path: Path) -> None:
    touch(tmp_path, ".opendata/x/datapackage.json", "portal/opendata-site.json", "portal/x/datapackage.json")
    touch(tmp_path, "a/datapackage.json")
    assert found(tmp_path) == ["a"]
    assert folders.find_packages(tmp_path / "portal") == ()


def test_links_are_not_followed(tmp_path: Path) -> None:
    touch(tmp_path, "a/datapackage.json")
    (tmp_path / "round").symlink_to(tmp_path, target_is_directory=True)
    assert found(tmp_path) == ["a"]


def test_a_hidden_folder_may_be_the_catalogue_itself(tmp_path: Path) -> None:
    touch(tmp_path, ".here/a/datapackage.json")
    assert found(tmp_path / ".here") == ["a"]


@pytest.mark.parametrize("name", ["no-such-folder", "file"])
def test_what_is_no_folder_is_wrong_usage(name: str, tmp_path: Path) -> None:
    touch(tmp_path, "file")
    with pytest.raises(UsageError, match="no such folder"):
        folders.find_packages(tmp_path / name)


@pytest.mark.parametrize("name", ["schemas", "datapackages"])
def test_a_checkout_has_its_data_beside_the_library(name: str, project: Path) -> None:
    assert folders.data_folder(name) == project / name


def test_an_installed_library_has_its_data_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "_data/schemas/agriculture/pigs.json")
    monkeypatch.setattr(folders, "files", lambda _package: tmp_path)
    assert folders.data_folder("schemas") == tmp_path / "_data" / "schemas"
    assert folders.data_folder("datapackages") == tmp_path.parent / "datapackages"


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(folders, "data_folder", lambda name: tmp_path / name)
    return tmp_path


def test_a_shipped_package_by_its_name(shipped: Path) -> None:
    assert folders.shipped_package("pigs") is None
    touch(shipped, "datapackages/agriculture/pigs/datapackage.json")
    assert folders.shipped_package("pigs") == shipped / "datapackages" / "agriculture" / "pigs"
    assert folders.shipped_package("agriculture") is None
    assert folders.shipped_package("../agriculture/pigs") is None


def test_a_sector_schema_by_name_and_version(shipped: Path) -> None:
    path = touch(shipped, "schemas/agriculture/pigs.json") / "schemas" / "agriculture" / "pigs.json"
    path.write_text('{"version": "1.0"}')
    assert folders.sector_schema("agriculture/pigs@1.0") == path


@pytest.mark.parametrize(
    "name",
    [
        "agriculture/pigs@2.0",
        "agriculture/pigs",
        "pigs@1.0",
        "agriculture/../agriculture/pigs@1.0",
        "/etc/x@1",
        "@1",
        "",
    ],
)
def test_no_other_name_is_a_sector_schema(name: str, shipped: Path) -> None:
    path = touch(shipped, "schemas/agriculture/pigs.json") / "schemas" / "agriculture" / "pigs.json"
    path.write_text('{"version": "1.0"}')
    assert folders.sector_schema(name) is None


def test_a_schema_s_file_without_a_version_has_none(shipped: Path) -> None:
    path = touch(shipped, "schemas/agriculture/pigs.json") / "schemas" / "agriculture" / "pigs.json"
    path.write_text("[]")
    assert folders.sector_schema("agriculture/pigs@1.0") is None


def test_packages_are_found_however_deep_the_folders_go(tmp_path: Path) -> None:
    """Deeper than Python's own recursion goes; taken down again here, since pytest's cleaning recurses."""
    deep = [tmp_path]
    for _level in range(1200):
        deep.append(deep[-1] / "a")
        deep[-1].mkdir()
    touch(deep[-1], "datapackage.json")
    touch(tmp_path, "b/datapackage.json")
    try:
        assert [len(path.parts) for path in folders.find_packages(tmp_path)] == [
            len(path.parts) for path in (deep[-1], tmp_path / "b")
        ]
    finally:
        (deep[-1] / "datapackage.json").unlink()
        for folder in reversed(deep[1:]):
            folder.rmdir()
