from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import package

from opendata.catalogue import open_catalogue
from opendata.errors import DescriptorError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_catalogue_is_every_package_below_a_folder_in_the_order_of_paths(tmp_path: Path) -> None:
    package(tmp_path / "water", "rivers")
    package(tmp_path / "air", "smog")
    assert open_catalogue(tmp_path).names == ("smog", "rivers")


@pytest.mark.parametrize("inside", ["", "datapackage.json"])
def test_one_package_is_a_catalogue_too(tmp_path: Path, inside: str) -> None:
    place = package(tmp_path)
    catalogue = open_catalogue(place / inside)
    assert (catalogue.folder, catalogue.names) == (place, ("river-levels",))


def test_a_faulty_package_hides_none_of_its_neighbours(tmp_path: Path) -> None:
    package(tmp_path, "good")
    package(tmp_path, "bad", sector="cooking")
    catalogue = open_catalogue(tmp_path)
    assert [item.name for item in catalogue.datasets] == ["good"]
    (faulty,) = catalogue.faulty
    assert faulty.name == "bad"
    assert any("sector" in (finding.pointer or "") for finding in faulty.findings)


@pytest.mark.parametrize("content", ["not json", '{"name": 3}', "[]", ""])
def test_a_faulty_package_without_a_readable_name_goes_by_its_folder(tmp_path: Path, content: str) -> None:
    place = package(tmp_path, "good")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "datapackage.json").write_text(content, encoding="utf-8")
    catalogue = open_catalogue(place.parent)
    assert [item.name for item in catalogue.faulty] == ["odd"]


def test_two_packages_of_one_name_are_an_error_that_names_both_folders(tmp_path: Path) -> None:
    first, second = package(tmp_path / "a"), package(tmp_path / "b", id="5e3cbb3e-0000-4000-8000-000000000000")
    with pytest.raises(DescriptorError) as caught:
        open_catalogue(tmp_path)
    assert str(first) in caught.value.where
    assert str(second) in caught.value.where


def test_a_faulty_twin_is_an_error_too(tmp_path: Path) -> None:
    package(tmp_path / "a")
    package(tmp_path / "b", sector="cooking")
    with pytest.raises(DescriptorError, match="river-levels"):
        open_catalogue(tmp_path)


def test_two_packages_of_one_id_are_an_error(tmp_path: Path) -> None:
    package(tmp_path, "one", id="5e3cbb3e-0000-4000-8000-000000000000")
    package(tmp_path, "two", id="5e3cbb3e-0000-4000-8000-000000000000")
    with pytest.raises(DescriptorError, match="5e3cbb3e"):
        open_catalogue(tmp_path)


def test_a_folder_that_is_not_there_or_holds_no_package_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        open_catalogue(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="opendata new"):
        open_catalogue(tmp_path)


def _odd(catalogue: Path) -> Path:
    """The place of the descriptor of a package called odd, beside a sound one."""
    package(catalogue, "good")
    (catalogue / "odd").mkdir()
    return catalogue / "odd" / "datapackage.json"


def _faulty_name(catalogue: Path) -> str:
    opened = open_catalogue(catalogue)
    assert [item.name for item in opened.datasets] == ["good"]
    (faulty,) = opened.faulty
    assert faulty.error.remedy
    return faulty.name


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_for_a_descriptor_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(_odd(tmp_path))
    assert _faulty_name(tmp_path) == "odd"


def test_a_descriptor_that_leads_out_of_its_package_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text('{"name": "secret"}')
    _odd(tmp_path).symlink_to(tmp_path / "secret.json")
    assert _faulty_name(tmp_path) == "odd"


def test_of_an_endless_descriptor_no_more_is_read_than_may_be(tmp_path: Path) -> None:
    with _odd(tmp_path).open("wb") as stream:
        stream.truncate(1 << 40)
    assert _faulty_name(tmp_path) == "odd"


@pytest.mark.parametrize("name", ["\\ud800x", "\\u001b[31m", "a\\nb", "\\u202eb", "", "  "])
def test_a_faulty_package_whose_name_cannot_be_shown_goes_by_its_folder(tmp_path: Path, name: str) -> None:
    _odd(tmp_path).write_text(f'{{"name": "{name}"}}')
    assert _faulty_name(tmp_path) == "odd"


def test_a_folder_whose_name_cannot_be_shown_goes_by_what_can(tmp_path: Path) -> None:
    _odd(tmp_path).write_text("{}")
    (tmp_path / "odd").rename(tmp_path / "o\x1bd\udcff")
    assert _faulty_name(tmp_path) == "o\ufffdd\ufffd"
