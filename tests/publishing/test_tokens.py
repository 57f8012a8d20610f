"""Where a token is looked for and in which order, and that nobody else can read it."""

from __future__ import annotations

import dataclasses
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opendata.errors import DiskError, UsageError
from opendata.model import Secret, Target
from opendata.publishing import tokens
from opendata.publishing.tokens import VARIABLE, find, keep, token

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://data.example.vn"
PORTAL = Target(ADDRESS, "ckan", ADDRESS)


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.delenv("PORTAL_TOKEN", raising=False)


def file(folder: Path, text: str, mode: int = 0o600) -> str:
    path = folder / "portal.token"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return str(path)


def text_of(secret: Secret | None) -> str | None:
    return None if secret is None else secret.text


def test_each_place_stands_over_those_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find(PORTAL) is None
    keep(PORTAL, Secret("from-login"))
    assert text_of(find(PORTAL)) == "from-login"
    monkeypatch.setenv(VARIABLE, "from-the-variable")
    assert text_of(find(PORTAL)) == "from-the-variable"
    named = dataclasses.replace(PORTAL, token_file=file(tmp_path, "from-a-file\n"))
    assert text_of(find(named)) == "from-a-file"
    monkeypatch.setenv("PORTAL_TOKEN", "from-its-own-variable")
    named = dataclasses.replace(named, token_env="PORTAL_TOKEN")  # noqa: S106 - the name of a variable
    found = find(named)
    assert (text_of(found), found and found.origin) == ("from-its-own-variable", "PORTAL_TOKEN")


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_variable_that_is_named_and_empty_is_no_leave_to_look_elsewhere(
    value: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(PORTAL, Secret("from-login"))
    monkeypatch.setenv(VARIABLE, "from-the-variable")
    if value is not None:
        monkeypatch.setenv("PORTAL_TOKEN", value)
    named = dataclasses.replace(PORTAL, token_env="PORTAL_TOKEN", token_file=file(tmp_path, "from-a-file"))  # noqa: S106 - a name
    assert find(named) is None


def test_a_file_that_is_named_and_not_there_is_no_leave_to_look_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "from-the-variable")
    absent = str(tmp_path / "absent")
    with pytest.raises(UsageError, match="is not there yet") as caught:
        find(dataclasses.replace(PORTAL, name="province", token_file=absent))
    assert (caught.value.where, caught.value.remedy) == (absent, "Run: opendata login province")


def test_an_empty_variable_of_ours_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, " ")
    keep(PORTAL, Secret("from-login"))
    assert text_of(find(PORTAL)) == "from-login"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o620, 0o602, 0o601, 0o610])
def test_a_file_that_others_have_any_right_to_is_refused(mode: int, tmp_path: Path) -> None:
    named = dataclasses.replace(PORTAL, token_file=file(tmp_path, "from-a-file", mode))
    with pytest.raises(DiskError, match="Others than you") as caught:
        find(named)
    assert "chmod 600" in caught.value.remedy
    assert "from-a-file" not in str(caught.value)


def test_what_login_kept_is_refused_once_others_can_read_it() -> None:
    keep(PORTAL, Secret("from-login")).chmod(0o644)
    with pytest.raises(DiskError, match="Others than you"):
        find(PORTAL)


def test_what_is_kept_is_its_users_alone_and_replaces_the_one_before() -> None:
    path = keep(PORTAL, Secret("the-first"))
    assert keep(PORTAL, Secret("the-second")) == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) & 0o077 == 0
    assert [item.read_text() for item in path.parent.iterdir()] == ["the-second"]


@pytest.mark.parametrize(
    ("address", "same"),
    [
        ("https://data.example.vn/", True),
        ("https://DATA.example.vn", True),
        ("http://data.example.vn", False),
        ("https://data.example.vn:8443", False),
        ("https://data.example.vn/vi", False),
        ("https://example.vn", False),
    ],
)
def test_a_token_is_kept_for_one_address(address: str, same: bool) -> None:  # noqa: FBT001 - a table of cases
    keep(PORTAL, Secret("from-login"))
    assert text_of(find(Target(address, "ckan", address))) == ("from-login" if same else None)


@pytest.mark.parametrize("text", ["", "short", "two words", "dấu-tiếng-việt", "line\nline12", "a" * 8193, "\x00" * 9])
def test_what_can_be_no_token_is_refused_and_not_repeated(text: str, tmp_path: Path) -> None:
    named = dataclasses.replace(PORTAL, token_file=file(tmp_path, text))
    with pytest.raises(UsageError, match="no token") as caught:
        find(named)
    assert caught.value.where == named.token_file
    assert not text or text not in str(caught.value)


def test_bytes_that_are_no_text_are_no_token(tmp_path: Path) -> None:
    path = tmp_path / "portal.token"
    path.write_bytes(b"\xff\xfe" * 20)
    path.chmod(0o600)
    with pytest.raises(UsageError, match="no token"):
        find(dataclasses.replace(PORTAL, token_file=str(path)))


@given(st.text())
@example("abcdefgh\r\n")
@example("abcdefgh\r\nX-Other: 1")
def test_whatever_is_a_token_can_stand_in_a_header(text: str) -> None:
    try:
        found = token(text, "here").text
    except UsageError:
        return
    assert found == text.strip()
    assert found.isascii()
    assert found.isprintable()
    assert " " not in found


def test_no_variable_is_read_but_those_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CKAN_TOKEN", "somebody-elses")
    assert (tokens.VARIABLE, find(PORTAL)) == ("OPENDATA_TOKEN", None)
