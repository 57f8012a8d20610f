"""What opendata.toml says of a portal: organisations, the upload limit, certificates and tokens beside it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace

import pytest
from cli_helpers import run

from opendata.errors import UsageError
from opendata.model import Secret, Target
from opendata.publishing import targets
from opendata.publishing.targets import resolve
from opendata.publishing.tokens import keep

PORTAL = '[targets.t]\nurl = "https://data.example.vn"\n'


def settings(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "opendata.toml").write_text(text, "utf-8")
    return folder


def test_files_are_named_from_where_the_settings_lie(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    settings(tmp_path, f'{PORTAL}token_file = "secrets/t"\nca_bundle = "ca.pem"\n')
    found = resolve("t", below)
    here = tmp_path.resolve()
    assert (found.token_file, found.ca_bundle) == (str(here / "secrets/t"), str(here / "ca.pem"))


@pytest.mark.parametrize("file", ["", ".", "secrets", "secrets/", "/"])
def test_a_folder_holds_no_token(file: str, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    settings(tmp_path, f'{PORTAL}token_file = "{file}"\n')
    with pytest.raises(UsageError, match=r"targets\.t\.token_file names a folder, not a file: /") as caught:
        resolve("t", tmp_path)
    assert "opendata login" in caught.value.remedy


@pytest.mark.parametrize("key", ["token_file", "ca_bundle"])
def test_a_file_may_be_named_from_the_root_or_the_users_home(key: str, tmp_path: Path) -> None:
    settings(tmp_path, f'{PORTAL}{key} = "/etc/portal"\n')
    assert getattr(resolve("t", tmp_path), key) == "/etc/portal"
    settings(tmp_path, f'{PORTAL}{key} = "~/portal"\n')
    assert getattr(resolve("t", tmp_path), key) == str(Path.home() / "portal")


def test_the_upload_limit_is_told_in_megabytes(tmp_path: Path) -> None:
    assert resolve("t", settings(tmp_path, PORTAL)).max_upload is None
    assert resolve("t", settings(tmp_path, f"{PORTAL}max_upload = 100\n")).max_upload == 104_857_600


@pytest.mark.parametrize("value", ["0", "-1", "true", "false", "1.5", '"100"', "[1]", "{}"])
def test_another_upload_limit_is_refused(value: str, tmp_path: Path) -> None:
    settings(tmp_path, f"{PORTAL}max_upload = {value}\n")
    with pytest.raises(UsageError, match=r"targets\.t\.max_upload"):
        resolve("t", tmp_path)


@pytest.mark.parametrize("key", [key for key in targets.KEYS if key not in {"url", "max_upload"}])
@pytest.mark.parametrize("value", ["5", "true", "[]", "{}"])
def test_every_other_key_is_a_text(key: str, value: str, tmp_path: Path) -> None:
    settings(tmp_path, f"{PORTAL}{key} = {value}\n")
    with pytest.raises(UsageError, match=rf"targets\.t\.{key}"):
        resolve("t", tmp_path)


def test_organisations_count_for_an_address_too(tmp_path: Path) -> None:
    settings(tmp_path, '[organizations]\n"H15.05" = "so-nn"\n')
    below = tmp_path / "a"
    below.mkdir()
    assert resolve("https://data.example.vn", below).organizations == {"H15.05": "so-nn"}


def test_organisations_come_from_the_nearest_settings_that_have_any(tmp_path: Path) -> None:
    settings(tmp_path, f'{PORTAL}[organizations]\n"H15.05" = "far"\n"H15.06" = "far"\n')
    near = settings(tmp_path / "a", "[organizations]\n")
    assert resolve("https://a.vn", near).organizations == {"H15.05": "far", "H15.06": "far"}
    settings(near, '[organizations]\n"H15.05" = "near"\n')
    assert resolve("https://a.vn", near).organizations == {"H15.05": "near"}
    assert resolve("t", near).organizations["H15.05"] == "far"  # a named target goes by the file that names it


@pytest.mark.parametrize("text", ['[organizations]\n"H15.05" = 5\n', "organizations = 5\n"])
def test_organisations_that_are_no_texts_are_refused(text: str, tmp_path: Path) -> None:
    settings(tmp_path, text)
    with pytest.raises(UsageError, match=r"Not understood in opendata\.toml: organizations"):
        resolve("https://a.vn", tmp_path)


BAD = [
    "https://user:GEHEIM@[bad",
    "https://user:GEHEIM@data.example.vn:abc",
    "https://user:GEHEIM@",
    "https://GEHEIM@data.example.vn",
    "https://user:GEHEIM@data.example.vn",
    "ftp://user:GEHEIM@data.example.vn",
    "https://user:GEHEIM@data.example.vn:99999/a@b",
    "https://user:GE/HEIM@data.example.vn",
    "https://data.example.vn/@user:GEHEIM@[",
]
PORTS = ["https://data.example.vn:abc", "https://data.example.vn:99999", "https://data.example.vn:-1/vi"]


@pytest.mark.parametrize(
    ("url", "publisher", "told"),
    [
        ("https://data.example.vn", "site", "The publisher site writes a folder, and targets.t.url is an address."),
        ("./portal", "ckan", "The publisher ckan serves an address, and targets.t.url is a folder."),
    ],
)
def test_a_folder_is_no_address(url: str, publisher: str, told: str, tmp_path: Path) -> None:
    settings(tmp_path, f'[targets.t]\nurl = "{url}"\npublisher = "{publisher}"\n')
    with pytest.raises(UsageError) as caught:
        resolve("t", tmp_path)
    assert (caught.value.what, caught.value.where) == (told, str(tmp_path / "opendata.toml"))


@pytest.mark.parametrize("url", ["https://data.example.vn", "./portal"])
def test_a_publisher_of_others_may_have_either(url: str, tmp_path: Path) -> None:
    settings(tmp_path, f'[targets.t]\nurl = "{url}"\npublisher = "mine"\n')
    assert resolve("t", tmp_path).publisher == "mine"


@pytest.mark.parametrize("address", [*BAD, *PORTS])
def test_a_bad_address_is_wrong_usage_and_shows_no_secret(address: str, tmp_path: Path) -> None:
    settings(tmp_path, f'[targets.t]\nurl = "{address}"\n')
    for name in (address, "t"):
        with pytest.raises(UsageError) as caught:
            resolve(name, tmp_path)
        shown = f"{caught.value} {caught.value!r}"
        assert "HEIM" not in shown
        assert caught.value.remedy


@pytest.mark.parametrize("address", [*BAD, *PORTS])
def test_a_bad_address_ends_with_status_2(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["list", "--from", address], ["login", address], ["verify", "--to", address]):
        ran = run(*words)
        assert ran.code == 2
        assert "HEIM" not in ran.out + ran.err


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The publisher that is installed is the target that it is made for."""
    found = [SimpleNamespace(name="ckan", load=lambda: lambda target: target)]
    monkeypatch.setattr("importlib.metadata.entry_points", lambda group: found if group == targets.GROUP else [])
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))


def made(target: Target) -> object:
    return targets.publisher(target)


@pytest.mark.usefixtures("named")
def test_a_publisher_gets_the_token_of_its_target(monkeypatch: pytest.MonkeyPatch) -> None:
    target = Target("t", "ckan", "https://a.vn")
    assert made(target) == target
    monkeypatch.setenv("OPENDATA_TOKEN", "from-the-variable")
    assert made(target) == dataclasses.replace(target, token=Secret("from-the-variable", "OPENDATA_TOKEN"))
    given = dataclasses.replace(target, token=Secret("given-by-hand"))
    assert made(given) == given


@pytest.mark.usefixtures("named")
def test_reading_at_an_address_that_has_no_name_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    bare, called = Target("https://a.vn", "ckan", "https://a.vn"), Target("t", "ckan", "https://a.vn")
    keep(bare, Secret("from-login"))
    assert targets.publisher(bare, reading=True) == bare
    monkeypatch.setenv("OPENDATA_TOKEN", "from-the-variable")
    assert targets.publisher(bare, reading=True) == bare
    secret = Secret("from-the-variable", "OPENDATA_TOKEN")
    assert targets.publisher(called, reading=True) == dataclasses.replace(called, token=secret)
    assert made(bare) == dataclasses.replace(bare, token=secret)


@pytest.mark.usefixtures("named")
def test_a_folder_gets_no_token(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OPENDATA_TOKEN", "from-the-variable")
    target = Target("t", "ckan", str(tmp_path))
    assert made(target) == target
