from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from ckan_helpers import NoPortalError, new_organisation, portal_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ckan_helpers import Organisation, Portal


@pytest.fixture(scope="session")
def ckan() -> Portal:
    """A running CKAN; the test skips where the environment names none, and fails for want of one in CI."""
    try:
        return portal_of(os.environ)
    except NoPortalError as error:
        lacking = pytest.fail if os.environ.get("OPENDATA_CI") else pytest.skip
        lacking(str(error))


@pytest.fixture
def organisation(ckan: Portal) -> Iterator[Organisation]:
    """A fresh organisation with a fresh editor; purged afterwards with all that it has."""
    with new_organisation(ckan) as made:
        yield made


@pytest.fixture
def officer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, organisation: Organisation) -> None:
    """In a folder of their own, with the editor's token at hand; nothing is waited for between two tries."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("opendata_ckan.patience._sleep", lambda _seconds: None)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("OPENDATA_TOKEN", organisation.token)
