from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING

import pytest

from opendata.errors import UsageError
from opendata.model import Target
from opendata.publishing import targets
from opendata.publishing.targets import publisher, resolve

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text", ["./portal", "portal/", "/srv/portal", "C:\\portal", ".\\portal", "C:portal", ".", "../p"]
)
def test_a_path_is_a_site(tmp_path: Path, text: str) -> None:
    target = resolve(text, tmp_path)
    assert (target.name, target.publisher) == (text, "site")


def test_a_home_folder_is_found(tmp_path: Path) -> None:
    assert "~" not in resolve("~/portal", tmp_path).location


@pytest.mark.parametrize("text", ["https://data.example.vn", "http://localhost:5000/ckan"])
def test_an_address_is_a_ckan_portal(tmp_path: Path, text: str) -> None:
    assert resolve(text, tmp_path) == Target(text, "ckan", text)


@pytest.mark.parametrize("text", ["ftp://example.vn/x", "https://", "http://[::1", "file:///srv/portal"])
def test_another_address_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UsageError, match="not the address of a portal"):
        resolve(text, tmp_path)


def test_a_secret_in_an_address_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds a password or token") as caught:
        resolve("https://user:geheim@data.example.vn", tmp_path)
    assert "geheim" not in str(caught.value)


def test_a_name_is_looked_up_in_the_folder_and_above(tmp_path: Path) -> None:
    (tmp_path / "opendata.toml").write_text(
        '[targets.province]\nurl = "https://data.example.vn"\norganization = "so-y-te"\ntoken_env = "T"\n'
        '[targets.here]\nurl = "./portal"\n[organizations]\n"H15.05" = "so-nong-nghiep"\n'
    )
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    found = resolve("province", below)
    assert found == Target(
        "province",
        "ckan",
        "https://data.example.vn",
        organization="so-y-te",
        token_env="T",  # noqa: S106 - the name of a variable
        organizations={"H15.05": "so-nong-nghiep"},
    )
    assert resolve("here", below).location == str(tmp_path.resolve() / "portal")


def test_the_nearer_file_wins(tmp_path: Path) -> None:
    below = tmp_path / "a"
    below.mkdir()
    (tmp_path / "opendata.toml").write_text('[targets.t]\nurl = "./far"\n[targets.other]\nurl = "./other"\n')
    (below / "opendata.toml").write_text('[targets.t]\nurl = "./near"\n')
    assert resolve("t", below).location.endswith("near")
    assert resolve("other", below).location.endswith("other")


def test_a_publisher_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "opendata.toml").write_text('[targets.t]\nurl = "https://a.vn"\npublisher = "dataverse"\n')
    assert resolve("t", tmp_path).publisher == "dataverse"


def test_an_unknown_name_says_how_to_write_a_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No target has the name portal") as caught:
        resolve("portal", tmp_path)
    assert "./portal" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[targets.t]\nurl = "./p"\ntoken = "x"\n', "targets.t.token"),
        ("[targets.t]\nurl = 5\n", "targets.t.url"),
        ("[targets]\nt = 5\n", "targets.t"),
        ("targets = 5\n", "targets"),
        ('[targets.t]\norganization = "a"\n', "no url"),
        ("[targets.t\n", "not TOML"),
        ('[targets.t]\nurl = "https://u:p@a.vn"\n', "password"),
    ],
)
def test_settings_that_are_not_understood_are_an_error(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "opendata.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        resolve("t", tmp_path)
    assert key in caught.value.what


def test_settings_that_are_no_text_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "opendata.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not TOML"):
        resolve("t", tmp_path)


def _entry_points(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("site", "opendata_site:SitePublisher", targets.GROUP)
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: [point] if group == targets.GROUP else [])


def test_the_publisher_comes_from_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from opendata_site import SitePublisher

    _entry_points(monkeypatch)
    assert isinstance(publisher(resolve(f"{tmp_path}/portal", tmp_path)), SitePublisher)
    assert list(tmp_path.iterdir()) == []


def test_a_publisher_that_is_not_installed_lists_those_that_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _entry_points(monkeypatch)
    with pytest.raises(UsageError, match='No publisher named "ckan" is installed') as caught:
        publisher(resolve("https://data.example.vn", tmp_path))
    assert caught.value.remedy == "Installed are: site."
