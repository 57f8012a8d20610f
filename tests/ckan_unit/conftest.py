"""A dataset of ours on a small CKAN, and a publisher that waits for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from built_helpers import ROWS, built
from small_desk import whole

from opendata_ckan import patience

if TYPE_CHECKING:
    from pathlib import Path

    from small_ckan import SmallCkan

    from opendata.model import BuiltPackage


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for between two tries."""
    monkeypatch.setattr(patience, "_sleep", lambda _seconds: None)


@pytest.fixture
def package(tmp_path: Path) -> BuiltPackage:
    """The package that the small CKAN holds."""
    return built(tmp_path)


@pytest.fixture
def later(tmp_path: Path) -> BuiltPackage:
    """Its next version, with other rows."""
    return built(tmp_path, rows=ROWS[:1], version="1.1.0")


@pytest.fixture
def ckan(package: BuiltPackage) -> SmallCkan:
    """A small CKAN that holds the package, whole and public."""
    return whole(package)[0]
