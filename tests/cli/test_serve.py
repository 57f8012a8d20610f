from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from cli_helpers import run, spawn

from opendata.cli.server import open_server, until_interrupted
from opendata.errors import PortalError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "portal"
    (folder / "rivers" / "0f").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name, text in {
        "opendata-site.json": "{}",
        "index.html": "<p>Sông Đà</p>",
        "rivers/datapackage.json": "{}",
        "rivers/0f/levels.csv": "a\n1\n",
        "rivers/0f/levels.parquet": "PAR1",
        ".opendata.lock": "secret",
        ".git/config": "secret",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    (tmp_path / "outside.txt").write_text("secret")
    return folder


@pytest.fixture
def port(site: Path) -> Iterator[int]:
    with open_server(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def ask(port: int, path: str) -> tuple[int, dict[str, str], bytes]:
    """Ask for a path exactly as written: a client that tidies it up would hide the fault."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    try:
        connection.putrequest("GET", path, skip_host=False)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/rivers/datapackage.json", "application/json"),
        ("/rivers/0f/levels.csv", "text/csv; charset=utf-8"),
        ("/rivers/0f/levels.parquet", "application/vnd.apache.parquet"),
        ("/rivers/0f/levels.csv?download=1", "text/csv; charset=utf-8"),
    ],
)
def test_files_are_given_with_their_type(port: int, path: str, kind: str) -> None:
    status, headers, _body = ask(port, path)
    assert (status, headers["Content-type"], headers["X-Content-Type-Options"]) == (200, kind, "nosniff")


@pytest.mark.parametrize(
    "path",
    [
        "/.opendata.lock",
        "/.git/config",
        "/%2egit/config",
        "/rivers/../.git/config",
        "/rivers/%2e%2e/.git/config",
        "/../outside.txt",
        "/%2e%2e/outside.txt",
        "/..%2foutside.txt",
        "/rivers/..%5c..%5coutside.txt",
        "//../outside.txt",
        "/rivers/",
        "/rivers/0f/",
        "/nothing.csv",
    ],
)
def test_nothing_hidden_outside_or_listed_is_given(port: int, path: str) -> None:
    status, _headers, body = ask(port, path)
    assert status == 404
    assert b"secret" not in body
    assert b"levels" not in body


def test_a_link_out_of_the_folder_is_not_followed(port: int, site: Path) -> None:
    (site / "out.txt").symlink_to(site.parent / "outside.txt")
    (site / "way").symlink_to(site.parent, target_is_directory=True)
    assert [ask(port, path)[0] for path in ("/out.txt", "/way/outside.txt")] == [404, 404]


def test_the_server_listens_to_this_machine_alone(site: Path) -> None:
    with open_server(site, 0) as server:
        assert server.server_address[0] == "127.0.0.1"


def test_a_port_that_is_taken_is_told_with_its_remedy(site: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(PortalError, match="cannot be used") as caught:
            open_server(site, taken.getsockname()[1])
    assert "--port" in caught.value.remedy


def test_ctrl_c_is_the_way_to_end_it(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_work: object) -> None:
        def work() -> None:
            raise KeyboardInterrupt

        until_interrupted(work)

    monkeypatch.setattr("opendata.cli.server.until_interrupted", interrupted)
    ran = run("serve", site, "--port", 0)
    assert (ran.code, ran.err) == (0, "")
    assert "http://127.0.0.1:" in ran.out
    told = run("serve", site, "--port", 0, "--json").json
    assert isinstance(told, dict)
    assert told["address"].startswith("http://127.0.0.1:")


@pytest.mark.parametrize("name", ["empty", "nowhere"])
def test_a_folder_that_is_no_portal_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    ran = run("serve", tmp_path / name)
    assert ran.code == 2
    assert "opendata publish" in ran.err


@pytest.mark.skipif(sys.platform == "win32", reason="another process cannot be sent Ctrl-C there alone")
def test_ctrl_c_ends_the_process_cleanly(site: Path) -> None:
    kept = signal.signal(signal.SIGINT, signal.default_int_handler)  # a child would inherit that it is ignored
    process = subprocess.Popen(spawn("serve", site, "--port", 0), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    signal.signal(signal.SIGINT, kept)
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = next(word for word in process.stdout.readline().decode().split() if word.startswith("http://"))
        assert ask(int(address.rstrip("/").rpartition(":")[2]), "/")[0] == 200
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b""
    assert process.returncode == 0


@pytest.mark.parametrize("path", ["/%00", "/rivers/%00.csv", "/" + "a" * 5000, "/%ff"])
def test_an_address_that_no_file_can_have_is_not_found(port: int, path: str) -> None:
    assert ask(port, path)[0] == 404
