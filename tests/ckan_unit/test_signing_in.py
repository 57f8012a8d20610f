"""`login` keeps a token where it will be looked for, or says what stands over it."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cli_helpers import run
from scripted_portal import KEY, Asked, Scripted, Told, error, result

from opendata.api import login
from opendata.api.places import resolved
from opendata.errors import PortalError, UsageError
from opendata.publishing.tokens import VARIABLE, find

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWERS = {
    "user_show": result({"name": "lan"}),
    "organization_list_for_user": result([{"name": "so-nn"}]),
    "group_list_authz": result([]),
    "package_create": error(409, "Validation Error", name=["Missing value"]),
}


def knowing(asked: Asked) -> Told:
    """A portal where the right token's user is an editor of one organisation."""
    return ANSWERS[asked.path.rpartition("/")[2]] if asked.token == KEY else error(403, "Authorization Error")


@pytest.fixture
def portal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    with Scripted(knowing) as made:
        yield made


def named(portal: Scripted, more: str) -> None:
    """Call the portal "province" in opendata.toml."""
    Path("opendata.toml").write_text(f'[targets.province]\nurl = "{portal.url}"\n{more}\n', "utf-8")


def test_what_is_kept_is_what_publishing_uses(portal: Scripted, tmp_path: Path) -> None:
    kept = login(portal.url, KEY)
    assert kept.file.is_relative_to(tmp_path / "settings")
    found = find(resolved(portal.url))
    assert found is not None
    assert (found.text, kept.organizations) == (KEY, ("so-nn",))


def test_it_is_kept_in_the_file_that_the_target_names(
    portal: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "of-another-portal")
    named(portal, 'token_file = "secrets/province"')
    kept = login("province", KEY)
    assert kept.file == tmp_path.resolve() / "secrets/province"
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    found = find(resolved("province"))
    assert found is not None
    assert found.text == KEY


@pytest.mark.parametrize("value", [None, "some-other-token"])
def test_a_targets_own_variable_stands_over_what_would_be_kept(
    value: str | None, portal: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORTAL_TOKEN", raising=False)
    if value:
        monkeypatch.setenv("PORTAL_TOKEN", value)
    named(portal, 'token_env = "PORTAL_TOKEN"')
    with pytest.raises(UsageError, match="the environment variable PORTAL_TOKEN") as caught:
        login("province", KEY)
    assert "token_env" in caught.value.remedy
    assert (portal.log, (tmp_path / "settings").exists()) == ([], False)


def test_so_does_the_variable_for_all(portal: Scripted, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "some-other-token")
    with pytest.raises(UsageError, match=VARIABLE) as caught:
        login(portal.url, KEY)
    assert caught.value.remedy
    assert (portal.log, (tmp_path / "settings").exists()) == ([], False)
    monkeypatch.setenv(VARIABLE, " ")
    assert login(portal.url, KEY).file.exists()


def test_a_token_that_does_not_work_is_not_kept(portal: Scripted, tmp_path: Path) -> None:
    with pytest.raises(PortalError, match="does not accept the token"):
        login(portal.url, "another-token")
    assert not (tmp_path / "settings").exists()


@pytest.mark.parametrize("command", [["list"], ["search", "lúa"], ["show", "paddy"], ["get", "paddy"]])
def test_reading_sends_a_token_to_a_portal_that_has_a_name_and_nowhere_else(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, KEY)
    found, none = result({"results": [], "count": 0}), error(404, "Not Found Error")
    with Scripted(lambda asked: none if asked.path.endswith("package_show") else found) as portal:
        Path("opendata.toml").write_text(f'[targets.province]\nurl = "{portal.url}"\n', "utf-8")
        run(*command, "--from", portal.url)
        assert {asked.token for asked in portal.log} == {None}
        run(*command, "--from", "province")
        assert KEY in {asked.token for asked in portal.log}
