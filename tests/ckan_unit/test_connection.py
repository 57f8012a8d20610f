"""Requests to a portal that answers oddly, breaks off, or has no end: each is an error of ours."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import certifi
import pytest
from scripted_portal import KEY, Asked, Scripted, Told, error, redirect, result

from opendata.errors import DiskError, PortalError, UsageError
from opendata.model import Target
from opendata_ckan import connection as rooms
from opendata_ckan import download, sessions
from opendata_ckan.answers import DeniedError, InvalidError, MissingError, PassingError, TooLargeError
from opendata_ckan.connection import Connection, Upload
from opendata_ckan.download import PIECE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHOLE = bytes(range(256)) * 40
HTML = {"Content-Type": "text/html"}
CSV = "text/csv"

# ---- actions


def test_an_action_is_called_by_post_with_json() -> None:
    with Scripted(result({"a": 1})) as portal:
        address = portal.url + "/vi/"
        assert Connection(Target("t", "ckan", address)).call("package_show", {"id": "lúa"}) == {"a": 1}
    (asked,) = portal.log
    assert (asked.method, asked.path) == ("POST", "/vi/api/3/action/package_show")
    assert (asked.data, asked.token) == ({"id": "lúa"}, None)
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize("value", [None, [], {}, "text", 1])
def test_an_object_is_wanted_and_nothing_else_will_do(value: object) -> None:
    with Scripted(result(value)) as portal, pytest.raises(PassingError, match="an empty answer"):
        portal.connection().show("package_show", {})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(403, "Authorization Error"), DeniedError),
        (Told(403, b"<html>no</html>", HTML), DeniedError),
        (error(404, "Not Found Error"), MissingError),
        (error(409, "Validation Error", name=["x"]), InvalidError),
        (Told(413, b"<html>too large</html>", HTML), TooLargeError),
        (Told(429), PassingError),
        (Told(502, b"<html>", HTML), PassingError),
        (Told(503, b"<html>", HTML), PassingError),
        (Told(504, b"<html>", HTML), PassingError),
        (Told(500, b"<html>", HTML), PassingError),
        (Told(200, b"<html>", HTML), PassingError),
        (Told(400, b'"Bad request"', HTML), PassingError),
        (Told(200, b"\xff\xfe{", HTML), PassingError),
        (Told(200, b"not gzip", {"Content-Encoding": "gzip"}), PassingError),
        (Told(200, b'{"success": true, "result": 1}', length="1000"), PassingError),
    ],
)
def test_an_answer_is_judged_whether_files_were_sent_or_not(answer: Told, kind: type[PortalError]) -> None:
    with Scripted(answer) as portal:
        connection = portal.connection()
        for ask in (
            lambda: connection.call("package_revise", {}),
            lambda: connection.send("package_revise", {"a": "1"}, {"f": Upload("a.csv", CSV, b"1", 1)}),
        ):
            with pytest.raises(PortalError) as caught:
                ask()
            assert type(caught.value) is kind
            assert caught.value.where.startswith(portal.url)


def test_an_answer_may_be_compressed_and_without_a_length() -> None:
    body = gzip.compress(json.dumps({"success": True, "result": "ờ" * 9000}).encode())
    with Scripted(Told(200, body, {"Content-Encoding": "gzip"}, length="")) as portal:
        assert portal.connection().call("x", {}) == "ờ" * 9000


@pytest.mark.parametrize("compressed", [True, False])
def test_an_answer_without_an_end_is_not_read_to_it(monkeypatch: pytest.MonkeyPatch, *, compressed: bool) -> None:
    monkeypatch.setattr(rooms, "LONGEST", 1 << 20)
    body = b" " * (2 << 20)
    answer = Told(200, gzip.compress(body), {"Content-Encoding": "gzip"}) if compressed else Told(200, body)
    with Scripted(answer) as portal, pytest.raises(PassingError, match="an answer without an end"):
        portal.connection().call("x", {})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_action_is_never_called_elsewhere(status: int) -> None:
    with Scripted(redirect("https://other.example.vn/api/3/action/x", status)) as portal:
        with pytest.raises(PortalError, match=r"another address, at other\.example\.vn\.") as caught:
            portal.connection().call("x", {})
        assert type(caught.value) is PortalError  # not worth another try
    assert len(portal.log) == 1


BAD_PLACES = [
    "http://[",
    "http://127.0.0.1:99999/",
    "http://127.0.0.1:abc/",
    "http://" + "a" * 300 + ".vn/",
    "javascript:alert(1)",
    "file:///etc/passwd",
    "http://",
    "/loop",
]


@pytest.mark.parametrize("place", BAD_PLACES)
def test_a_redirect_to_no_address_is_an_odd_answer(place: str) -> None:
    with Scripted(redirect(place)) as portal:
        connection = portal.connection()
        for ask in (
            lambda: connection.call("x", {}),
            lambda: connection.open("/x"),
            lambda: connection.size("/x"),
            lambda: connection.knock("/x"),
        ):
            with pytest.raises(PortalError):
                ask()


def test_a_portal_that_is_not_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(PassingError, match="cannot be reached"):
        Connection(Target("t", "ckan", address)).call("x", {})


def test_a_portal_that_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            server.accept()[0].close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(PassingError, match="cannot be reached, or broke off"):
            Connection(Target("t", "ckan", address)).call("x", {})
        thread.join()


def test_a_portal_that_does_not_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "READ", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(PassingError, match="does not answer in time"):
            Connection(Target("t", "ckan", address)).call("x", {})


def test_a_portal_that_cannot_prove_who_it_is() -> None:
    with Scripted(result(1)) as portal:
        address = portal.url.replace("http:", "https:")
        with pytest.raises(PortalError, match="certificate is not trusted") as caught:
            Connection(Target("t", "ckan", address)).call("x", {})
        assert type(caught.value) is PortalError
        assert "ca_bundle" in caught.value.remedy


def test_certificates_that_are_not_there_are_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ca_bundle") as caught:
        Connection(Target("t", "ckan", "https://a.example", ca_bundle=str(tmp_path / "none.pem")))
    assert "none.pem" in caught.value.where
    shutil.copyfile(certifi.where(), tmp_path / "some.pem")
    assert Connection(Target("t", "ckan", "https://a.example", ca_bundle=str(tmp_path / "some.pem")))._verify == str(
        tmp_path / "some.pem"
    )


@pytest.mark.parametrize(
    "content", ["", "no certificate", "-----BEGIN CERTIFICATE-----\nxx\n-----END CERTIFICATE-----\n"]
)
def test_a_file_without_certificates_is_wrong_usage(content: str, tmp_path: Path) -> None:
    bundle = tmp_path / "some.pem"
    bundle.write_text(content, "utf-8")
    with pytest.raises(UsageError, match="holds no certificate in PEM form") as caught:
        Connection(Target("t", "ckan", "https://a.example", ca_bundle=str(bundle)))
    assert caught.value.where == str(bundle)


def test_certificates_that_do_not_vouch_for_the_portal_are_not_asked_for_again() -> None:
    with Scripted(result(1)) as portal:
        address = portal.url.replace("http:", "https:")
        with pytest.raises(PortalError, match="certificate is not trusted") as caught:
            Connection(Target("t", "ckan", address, ca_bundle=certifi.where())).call("x", {})
    assert "does not vouch for it" in caught.value.remedy


def test_an_environments_certificates_do_not_take_the_targets_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    bundle = tmp_path / "some.pem"
    shutil.copyfile(certifi.where(), bundle)
    connection = Connection(Target("t", "ckan", "https://a.example", ca_bundle=str(bundle)))
    assert connection._options(1) == {"timeout": (rooms.CONNECT, 1), "verify": str(bundle)}


# ---- files sent


def test_files_are_sent_with_their_names_types_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(WHOLE)
    uploads = {
        "update__resources__0__upload": Upload("area.csv", CSV, tmp_path / "a.csv", len(WHOLE)),
        "update__resources__1__upload": Upload("datapackage.json", "application/json", b"{}", 2),
    }
    with Scripted(result({"package": {}})) as portal:
        connection = portal.connection()
        with connection.counting() as tally:
            assert connection.send("package_revise", {"match": '{"tên": 1}'}, uploads) == {"package": {}}
        assert (tally.requests, tally.bytes) == (1, len(WHOLE) + 2)
    (asked,) = portal.log
    assert (asked.path, asked.token) == ("/api/3/action/package_revise", KEY)
    assert int(asked.headers["content-length"]) == len(asked.body)
    assert WHOLE in asked.body
    assert '{"tên": 1}'.encode() in asked.body
    assert b'name="update__resources__0__upload"; filename="area.csv"\r\nContent-Type: text/csv' in asked.body


def test_a_file_that_is_gone_is_the_disks_fault(tmp_path: Path) -> None:
    with Scripted(result({})) as portal, pytest.raises(DiskError):
        portal.connection().send("package_revise", {}, {"f": Upload("a", CSV, tmp_path / "none.csv", 1)})
    assert portal.log == []


LARGE = bytes(32 << 20)
"""More than the buffers of two sockets hold together."""


@contextlib.contextmanager
def hesitating(seconds: float | None) -> Iterator[str]:
    """The address of a portal that lets what is sent lie so long (None: until it is hung up) before it reads on."""
    ended = threading.Event()

    def serve(server: socket.socket) -> None:
        asker, _address = server.accept()
        with asker, asker.makefile("rb") as sent:
            headers = list(iter(sent.readline, b"\r\n"))
            ended.wait(seconds)
            if seconds is not None:
                sent.read(next(int(line.split()[1]) for line in headers if line.lower().startswith(b"content-length")))
                asker.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 33\r\n\r\n{"success": true, "result": {}}  ')

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            ended.set()
            thread.join()


def test_a_portal_may_take_longer_to_take_a_file_in_than_to_be_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "CONNECT", 0.2)
    upload = Upload("a.csv", CSV, LARGE, len(LARGE))
    with hesitating(0.8) as address:
        assert Connection(Target("t", "ckan", address)).send("package_revise", {}, {"f": upload}) == {}


def test_a_portal_that_takes_nothing_in_is_not_waited_for_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "SENDING", 0.2)
    with hesitating(None) as address, pytest.raises(PassingError):
        Connection(Target("t", "ckan", address)).send("x", {}, {"f": Upload("a.csv", CSV, LARGE, len(LARGE))})


def test_each_thread_counts_its_own() -> None:
    with Scripted(result(1)) as portal:
        connection = portal.connection()
        connection.call("x", {})  # nobody counts this one
        with connection.counting() as tally:
            thread = threading.Thread(target=connection.call, args=("x", {}))
            thread.start()
            thread.join()
            connection.call("x", {})
        assert (tally.requests, tally.bytes) == (1, 0)


# ---- files fetched


def serving(asked: Asked) -> Told:
    """The bytes, or the part that is asked for."""
    start = int(asked.headers.get("range", "bytes=0-")[6:-1])
    if not start:
        return Told(200, WHOLE)
    return Told(206, WHOLE[start:], {"Content-Range": f"bytes {start}-{len(WHOLE) - 1}/{len(WHOLE)}"})


@pytest.mark.parametrize("start", [0, 1, 5000, len(WHOLE) - 1])
def test_a_file_is_read_from_any_byte_on(start: int) -> None:
    with Scripted(serving) as portal, portal.connection().open("/f", start) as stream:
        assert stream.read() == WHOLE[start:]
    (asked,) = portal.log
    assert asked.headers.get("range") == (f"bytes={start}-" if start else None)
    assert asked.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("start", [1, 5000, len(WHOLE), len(WHOLE) + 10])
def test_where_the_whole_comes_its_beginning_is_skipped(start: int) -> None:
    with Scripted(Told(200, WHOLE)) as portal, portal.connection().open("/f", start) as stream:
        assert stream.read() == WHOLE[start:]


def test_a_long_beginning_is_skipped_piece_by_piece() -> None:
    body = b"a" * (2 * PIECE + 100) + b"rest"
    with Scripted(Told(200, body)) as portal, portal.connection().open("/f", len(body) - 4) as stream:
        assert (stream.readable(), stream.read()) == (True, b"rest")


@pytest.mark.parametrize(
    "told", ["bytes 0-9/10", "bytes 51-99/100", "bytes */100", "", "items 50-99/100", "bytes -50", "bytes 5-"]
)
def test_another_part_than_the_one_asked_for_is_refused(told: str) -> None:
    headers = {"Content-Range": told} if told else {}
    with Scripted(Told(206, b"x", headers)) as portal, pytest.raises(PassingError, match="another part of the file"):
        portal.connection().open("/f", 50)


def test_a_part_is_not_taken_for_the_whole() -> None:
    headers = {"Content-Range": "bytes 50-99/100"}
    with Scripted(Told(206, b"x" * 50, headers)) as portal, pytest.raises(PassingError, match="another part"):
        portal.connection().open("/f")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Told(401), DeniedError),
        (Told(403), DeniedError),
        (Told(404), MissingError),
        (Told(410), MissingError),
        (Told(416), PassingError),
        (Told(500), PassingError),
        (Told(503, b"", {"Retry-After": "7"}), PassingError),
        (Told(204), PassingError),
        (Told(304), PassingError),
    ],
)
def test_a_file_that_does_not_come_says_why(answer: Told, kind: type[PortalError]) -> None:
    with Scripted(answer) as portal:
        connection = portal.connection()
        for ask in (lambda: connection.open("/f"), lambda: connection.size("/f")):
            with pytest.raises(PortalError) as caught:
                ask()
            assert type(caught.value) is kind
            assert portal.url + "/f" in caught.value.where
            assert getattr(caught.value, "wait", None) == (7.0 if answer.headers else None)


def test_beyond_the_end_of_a_file_there_is_nothing() -> None:
    with Scripted(Told(416, b"<html>", HTML)) as portal, portal.connection().open("/f", 50) as stream:
        assert stream.read() == b""


def test_a_file_that_breaks_off_is_no_file() -> None:
    with Scripted(Told(200, WHOLE, length=str(len(WHOLE) + 1))) as portal:
        stream = portal.connection().open("/f")
        with stream, pytest.raises(PassingError, match="broke off within a file"):
            stream.read()
        with portal.connection().open("/f", 9) as stream, pytest.raises(PassingError, match="broke off within a file"):
            stream.read()


def test_a_file_is_not_unpacked_on_the_way() -> None:
    packed = gzip.compress(WHOLE)
    answer = Told(200, packed, {"Content-Encoding": "gzip"})
    with Scripted(answer) as portal, portal.connection().open("/f") as stream:
        assert stream.read() == packed


def test_no_more_of_a_file_is_held_than_a_piece() -> None:
    with Scripted(Told(200, WHOLE)) as portal:
        connection = portal.connection()
        response = connection._get("/f", {}, visitor=False)
        with download.Download(response, "/f") as stream:
            assert stream.readinto(bytearray(10)) == 10
            assert stream.read() == WHOLE[10:]
        assert stream.closed


@pytest.mark.parametrize(
    ("answer", "size"),
    [
        (Told(200, b"12345"), 5),
        (Told(200, b"", length=""), None),
        (Told(200, b"", length="x"), None),
        (Told(200, b"", length="9" * 5000), None),
    ],
)
def test_a_size_is_what_the_headers_tell(answer: Told, size: int | None) -> None:
    with Scripted(answer) as portal:
        assert portal.connection().size("/f") == size
    assert [asked.method for asked in portal.log] == ["HEAD"]


# ---- a visitor at the door


@pytest.mark.parametrize(("status", "seen"), [(200, True), (401, False), (403, False), (404, False), (410, False)])
def test_a_visitor_gets_in_or_is_refused(status: int, seen: bool) -> None:  # noqa: FBT001 - a table of cases
    with Scripted(Told(status)) as portal:
        assert portal.connection().knock("/dataset/paddy") is seen
    assert portal.log[0].token is None


def test_one_who_is_sent_to_sign_in_is_refused() -> None:
    def answer(asked: Asked) -> Told:
        return Told(200) if "/user/login" in asked.path else redirect("/user/login?came_from=/dataset/a")

    with Scripted(answer) as portal:
        assert portal.connection().knock("/dataset/a") is False
        portal._script[:] = [lambda asked: Told(200) if asked.path == "/vi" else redirect("/vi")]
        assert portal.connection().knock("/dataset/a") is True


@pytest.mark.parametrize("status", [400, 418, 429, 500, 502, 503])
def test_an_answer_that_nobody_can_judge_is_no_refusal(status: int) -> None:
    with Scripted(Told(status)) as portal, pytest.raises(PassingError):
        portal.connection().knock("/dataset/a")


# ---- what is kept open


@pytest.fixture
def accepted(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections that scripted portals accept, which they keep open."""
    made: list[object] = []
    monkeypatch.setattr("scripted_portal._Handler.protocol_version", "HTTP/1.1")
    monkeypatch.setattr(
        "scripted_portal._Server.verify_request", lambda _self, _by, address: made.append(address) or True
    )
    return made


def test_a_thread_that_ends_its_connections_leaves_those_of_others(accepted: list[object]) -> None:
    with Scripted(result({"a": 1})) as portal, ThreadPoolExecutor(1) as other:
        connection = portal.connection()
        connection.show("status_show", {})
        other.submit(connection.show, "status_show", {}).result()
        assert len(accepted) == 2
        other.submit(connection.part).result()
        connection.show("status_show", {})
        assert len(accepted) == 2
        connection.part()
        connection.show("status_show", {})
        assert len(accepted) == 3
        connection.part()


def test_what_threads_kept_open_is_closed_with_the_connection(accepted: list[object]) -> None:
    with Scripted(result({"a": 1})) as portal:
        connection = portal.connection()
        for visitor in (False, True):
            connection.show("status_show", {}, visitor=visitor)
        with ThreadPoolExecutor(1) as other:
            other.submit(connection.show, "status_show", {}).result()
            sessions_ = [connection._session(visitor=visitor) for visitor in (False, True)]
        assert len(accepted) == 3
        closed: list[object] = []
        for session in sessions_:
            session.adapters["http://"].close = lambda: closed.append(1)
        del connection
        assert len(closed) == 2
