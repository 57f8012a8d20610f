"""What every test has: English messages, no network beyond this machine, the corpus where it is."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

os.environ["OPENDATA_LANG"] = "en"
for name in ("OPENDATA_TOKEN", "LANGUAGE"):
    os.environ.pop(name, None)

_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: object) -> None:
    host = address[0] if isinstance(address, tuple) else ""
    if host not in {"", "127.0.0.1", "::1", "localhost"}:
        message = f"a test tried to reach {host}"
        raise AssertionError(message)
    _connect(self, address)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real files; the test skips where OPENDATA_CORPUS does not name one."""
    folder = os.environ.get("OPENDATA_CORPUS")
    if not folder or not Path(folder).is_dir():
        pytest.skip("OPENDATA_CORPUS names no folder of real files")
    return Path(folder)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the corpus is marked so, that it can be chosen and counted."""
    for item in items:
        if "corpus" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.corpus)


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
