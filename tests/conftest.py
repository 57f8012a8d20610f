"""What every test has: English messages, no network beyond this machine, the corpus where it is."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how long a case takes is no matter of a test
settings.load_profile("untimed")

os.environ["OPENDATA_LANG"] = "en"
for name in ("OPENDATA_TOKEN", "LANGUAGE"):
    os.environ.pop(name, None)

# What belongs to the user (the secret that seals the build cache) stays out of the home of whoever runs the tests.
_home = tempfile.TemporaryDirectory(prefix="opendata-tests-")
os.environ["XDG_DATA_HOME"] = _home.name
os.environ["XDG_CACHE_HOME"] = _home.name

HERE = {"", "127.0.0.1", "::1", "localhost"}
_connect, _connect_ex, _getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo


def _refuse_elsewhere(host: object) -> None:
    if host not in HERE:
        message = f"a test tried to reach {host}"
        raise AssertionError(message)


def _to_here(self: socket.socket, address: Any) -> None:  # noqa: ANN401 - as the socket has it
    _refuse_elsewhere(address[0] if isinstance(address, tuple) else "")
    _connect(self, address)


def _to_here_ex(self: socket.socket, address: Any) -> int:  # noqa: ANN401 - as the socket has it
    _refuse_elsewhere(address[0] if isinstance(address, tuple) else "")
    return _connect_ex(self, address)


def _name_of_here(host: Any, *words: Any, **more: Any) -> Any:  # noqa: ANN401 - as the socket has it
    _refuse_elsewhere(host.decode() if isinstance(host, bytes) else host or "")
    return _getaddrinfo(host, *words, **more)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _to_here)
    monkeypatch.setattr(socket.socket, "connect_ex", _to_here_ex)
    monkeypatch.setattr(socket, "getaddrinfo", _name_of_here)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files; the test skips where OPENDATA_CORPUS does not name one."""
    folder = os.environ.get("OPENDATA_CORPUS")
    if not folder or not Path(folder).is_dir():
        pytest.skip("OPENDATA_CORPUS names no folder of real files")
    return Path(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the corpus or for a CKAN portal is marked so, that it can be chosen and counted."""
    for item in items:
        for name in ("corpus", "ckan"):
            if name in getattr(item, "fixturenames", ()):
                item.add_marker(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran with the corpus, and how many were skipped for want of it."""
    told = {
        kind: sum("corpus" in report.keywords for report in terminalreporter.stats.get(kind, ()))
        for kind in ("passed", "failed", "skipped")
    }
    terminalreporter.write_line(
        f"with the corpus: {told['passed'] + told['failed']} tests ran, {told['skipped']} skipped"
    )


@pytest.fixture
def project() -> Path:
    """The checkout that the tests lie in."""
    return Path(__file__).parent.parent
