from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import FIELDS, OPEN, ROWS, package

from opendata import client
from opendata.catalogue import CatalogueReader, open_catalogue
from opendata.errors import CheckError, DescriptorError, DiskError, GateError, IntegrityError, UsageError
from opendata.model import AccessLevel

if TYPE_CHECKING:
    from pathlib import Path


def reader(folder: Path) -> CatalogueReader:
    return CatalogueReader(open_catalogue(folder), folder.parent / "cache")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "catalogue"
    package(made)
    package(made, "staff", access={"level": "internal"}, title="Cán bộ", description="Người", translations={})
    package(made, "dengue", access={**OPEN, "level": "shared"}, title="Sốt xuất huyết", translations={})
    package(made, "bad", sector="cooking")
    return made


def test_entries_are_all_packages_with_their_level(folder: Path) -> None:
    found = {entry.name: (entry.level, bool(entry.fault)) for entry in reader(folder).entries()}
    assert found == {
        "river-levels": (AccessLevel.OPEN, False),
        "staff": (AccessLevel.INTERNAL, False),
        "dengue": (AccessLevel.SHARED, False),
        "bad": (AccessLevel.INTERNAL, True),
    }


@pytest.mark.parametrize(
    "words",
    ["song da", "SÔNG ĐÀ", "Da river", "muc nuoc", "level_cm", "river-lev", "so\u0302ng d\u0061\u0300", "do tai tram"],
)
def test_search_finds_titles_descriptions_names_and_fields_in_both_languages(folder: Path, words: str) -> None:
    assert "river-levels" in [entry.name for entry in reader(folder).entries(words)]


def test_search_wants_every_word(folder: Path) -> None:
    assert [entry.name for entry in reader(folder).entries("sot xuat")] == ["dengue"]
    assert list(reader(folder).entries("sot mekong")) == []


def test_an_open_edition_is_read_back_as_it_was_written(folder: Path, tmp_path: Path) -> None:
    table = client.load(reader(folder), "river-levels")
    assert table.to_pydict() == {"river": ["Sông Đà", "Sông Mã"], "level_cm": [120, 95]}
    (path,) = client.get(reader(folder), "river-levels", "csv", tmp_path / "out")
    assert path.read_text(encoding="utf-8") == ROWS


@pytest.mark.parametrize("name", ["staff", "dengue"])
def test_what_has_no_open_edition_can_be_shown_to_its_owner_and_not_read(folder: Path, name: str) -> None:
    shown = client.show(reader(folder), name)
    assert shown.files == ()
    assert shown.descriptor is not None
    with pytest.raises(GateError):
        client.load(reader(folder), name)
    with pytest.raises(GateError):
        client.get(reader(folder), name, "csv", folder.parent)


def test_a_package_lowered_without_review_is_not_read(tmp_path: Path) -> None:
    package(tmp_path / "c", access={"level": "open"})
    assert client.show(reader(tmp_path / "c"), "river-levels").files == ()
    with pytest.raises(GateError):
        client.load(reader(tmp_path / "c"), "river-levels")


def test_a_withheld_column_is_not_in_what_is_read(tmp_path: Path) -> None:
    package(tmp_path / "c", fields=[FIELDS[0], {**FIELDS[1], "access": {"level": "internal"}}])
    assert client.load(reader(tmp_path / "c"), "river-levels").column_names == ["river"]
    shown = client.show(reader(tmp_path / "c"), "river-levels")
    assert "level_cm" not in str(shown.descriptor)


def test_a_faulty_package_is_told_with_its_findings(folder: Path) -> None:
    with pytest.raises(DescriptorError) as caught:
        client.load(reader(folder), "bad")
    assert caught.value.findings


def test_data_found_wanting_is_not_read(tmp_path: Path) -> None:
    package(tmp_path / "c", rows="river,level_cm\nSông Đà,high\n")
    with pytest.raises(CheckError):
        client.load(reader(tmp_path / "c"), "river-levels")


def test_a_name_that_is_not_there_is_wrong_usage(folder: Path) -> None:
    with pytest.raises(UsageError, match="river"):
        client.load(reader(folder), "river")


def test_a_built_file_that_is_gone_is_the_disks_error(folder: Path) -> None:
    found = client.show(reader(folder), "river-levels")
    for file in (folder.parent / "cache").rglob("*.csv"):
        file.unlink()
    with pytest.raises(DiskError):
        reader(folder).open(found.files[0])


def test_a_built_file_that_was_changed_is_built_anew(folder: Path) -> None:
    client.show(reader(folder), "river-levels")
    for file in (folder.parent / "cache").rglob("*.parquet"):
        file.write_bytes(b"PAR1")
    try:
        assert client.load(reader(folder), "river-levels").num_rows == 2
    except IntegrityError:
        pytest.fail("the cache was believed")
