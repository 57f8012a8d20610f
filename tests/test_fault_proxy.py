from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from fault_proxy import (
    CUT_AFTER,
    CUT_BEFORE,
    CUT_DURING_REQUEST,
    CUT_DURING_RESPONSE,
    THREAD,
    TRUNCATED,
    WRONG_BYTES,
    Fault,
    FaultProxy,
    Record,
    cut_before,
    delay,
    html,
    json_string,
    redirect,
    status,
)
from kill_helpers import posix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

CREATE = "/api/3/action/package_create"
FILE = "/dataset/paddy/resource/1/download/paddy.csv"
CONTENT = b"district,year,value\n" * 500
UPLOAD = 50 << 20
CUTS = (http.client.HTTPException, OSError)


@dataclass
class Portal:
    """What stands behind the proxy, and what it was asked."""

    url: str = ""
    asked: list[tuple[str, int, str]] = field(default_factory=list)
    """Of each whole request its line, its body's size and digest."""
    headers: list[list[tuple[str, str]]] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    """The sizes of the bodies that broke off."""
    gate: threading.Barrier | None = None
    """Where every request waits for the others."""

    def lines(self) -> list[str]:
        return [line for line, _, _ in self.asked]


class Asked(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    portal: Portal

    def do_GET(self) -> None:
        digest, size = hashlib.sha256(), 0
        try:
            for piece in self._chunks() if "Transfer-Encoding" in self.headers else self._pieces():
                digest.update(piece)
                size += len(piece)
        except (EOFError, ConnectionError):
            self.portal.broken.append(size)
            self.close_connection = True
        else:
            self.portal.asked.append((f"{self.command} {self.path}", size, digest.hexdigest()))
            self.portal.headers.append(self.headers.items())
            self._answer()

    do_POST = do_HEAD = do_GET  # noqa: N815 - as the base has it

    def _pieces(self, left: int | None = None) -> Iterator[bytes]:
        left = int(self.headers["Content-Length"] or 0) if left is None else left
        while left:
            piece = self.rfile.read1(min(left, 1 << 16))
            if not piece:
                raise EOFError
            left -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        while line := self.rfile.readline():
            yield from self._pieces(int(line, 16))
            self.rfile.readline()
            if not int(line, 16):
                return
        raise EOFError

    def _answer(self) -> None:
        if self.portal.gate:
            with suppress(threading.BrokenBarrierError):
                self.portal.gate.wait(10)
        if self.path.startswith("/hangs-up"):
            self.close_connection = True
            return
        body = CONTENT if "/download/" in self.path else json.dumps({"result": self.path}).encode()
        self.send_response(200)
        self.send_header("Set-Cookie", "one=1")
        self.send_header("Set-Cookie", "two=2")
        body = self._framed(body)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def _framed(self, body: bytes) -> bytes:
        if self.path.endswith("?chunked"):
            self.send_header("Transfer-Encoding", "chunked")
            return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9], body[9:], b""))
        if self.path.endswith("?until-closed"):
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(len(body) + 9 * self.path.endswith("?broken")))
            self.close_connection = self.path.endswith("?broken")
        return body

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def portal() -> Iterator[Portal]:
    portal = Portal()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("AskedHere", (Asked,), {"portal": portal}))
    server.daemon_threads = False  # its close then waits for every connection: one left open would hang the test
    portal.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield portal
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def proxy(portal: Portal) -> Iterator[FaultProxy]:
    with FaultProxy(portal.url) as proxy:
        yield proxy
    assert THREAD not in {thread.name for thread in threading.enumerate()}


def connected(proxy: FaultProxy) -> closing[http.client.HTTPConnection]:
    return closing(http.client.HTTPConnection(urlsplit(proxy.url).netloc, timeout=20))


def asked(
    proxy: FaultProxy, method: str = "GET", path: str = "/", body: bytes | Iterable[bytes] | None = None, **headers: str
) -> tuple[int, bytes, http.client.HTTPMessage]:
    """The answer to one request over a connection of its own."""
    with connected(proxy) as connection:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another thread of this test does."""
    end = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def zeros(size: int) -> Iterator[bytes]:
    yield from (bytes(1 << 16) for _ in range(size >> 16))


def digest(pieces: Iterable[bytes]) -> str:
    whole = hashlib.sha256()
    for piece in pieces:
        whole.update(piece)
    return whole.hexdigest()


def test_it_forwards_and_writes_down(proxy: FaultProxy, portal: Portal) -> None:
    code, body, headers = asked(proxy, "POST", CREATE + "?x=1", b"{}", Authorization="secret", Content_Type="a/b")
    assert (code, json.loads(body)) == (200, {"result": CREATE + "?x=1"})
    assert headers.get_all("Set-Cookie") == ["one=1", "two=2"]
    assert portal.asked == [(f"POST {CREATE}?x=1", 2, digest([b"{}"]))]
    sent = portal.headers[0]
    assert ("Host", urlsplit(portal.url).netloc) in sent
    assert {("Authorization", "secret"), ("Content-Type", "a/b"), ("Content-Length", "2")} < set(sent)
    assert len([name for name, _ in sent if name == "Host"]) == 1
    assert proxy.log == [Record(0, "POST", CREATE + "?x=1", token=True, sent=2, upstream=200, status=200)]
    assert proxy.log[0].action == "package_create"


def test_a_portal_in_a_folder_keeps_its_path(portal: Portal) -> None:
    with FaultProxy(portal.url + "/data/") as proxy:
        assert proxy.url.endswith("/data")
        asked(proxy, path=urlsplit(proxy.url).path + FILE)
        assert proxy.downloads() == proxy.log
    assert portal.lines() == ["GET /data" + FILE]


def test_it_tells_writes_reads_and_downloads_apart(proxy: FaultProxy) -> None:
    writes = [
        ("POST", f"/api/3/action/{name}")
        for name in (
            "package_revise",
            "resource_create",
            "datastore_delete",
            "organization_patch",
            "task_status_update",
        )
    ]
    writes += [("POST", "/api/action/package_delete"), ("POST", "/somewhere/else")]
    reads = [
        ("POST", f"/api/3/action/{name}")
        for name in ("package_show", "resource_show", "package_search", "datastore_search_sql", "datastore_info")
    ]
    reads += [("GET", "/api/3/action/package_create"), ("GET", "/"), ("HEAD", FILE)]
    downloads = [("GET", FILE), ("GET", FILE + "?x=1"), ("GET", "/data/dataset/1/resource/2/download")]
    for method, path in writes + reads + downloads:
        asked(proxy, method, path)
    assert [(seen.method, seen.path) for seen in proxy.writes()] == writes
    assert [(seen.method, seen.path) for seen in proxy.reads()] == reads
    assert [(seen.method, seen.path) for seen in proxy.downloads()] == downloads
    assert [seen.index for seen in proxy.log] == list(range(len(proxy.log)))


def test_either_header_is_a_token(proxy: FaultProxy) -> None:
    asked(proxy)
    asked(proxy, Authorization="x")
    asked(proxy, X_CKAN_API_Key="x")
    assert [seen.token for seen in proxy.log] == [False, True, True]


@pytest.mark.parametrize("how", ["", "?chunked", "?until-closed"])
def test_an_answer_comes_as_the_portal_frames_it(proxy: FaultProxy, how: str) -> None:
    code, body, headers = asked(proxy, path=FILE + how)
    assert (code, body) == (200, CONTENT)
    assert headers["Content-Length"] == (None if how else str(len(CONTENT)))
    assert headers["Transfer-Encoding"] == ("chunked" if how == "?chunked" else None)
    assert asked(proxy, "HEAD", FILE + how)[:2] == (200, b"")


def test_a_connection_is_kept_open(proxy: FaultProxy, portal: Portal) -> None:
    with connected(proxy) as connection:
        connection.connect()
        first = connection.sock
        for number in range(5):
            connection.request("POST", CREATE, b"x" * number)
            assert connection.getresponse().read()
            assert connection.sock is first
        connection.request("GET", FILE + "?chunked")
        assert connection.getresponse().read() == CONTENT
        proxy.fault(6, status(503))
        connection.request("POST", CREATE, b"refused")
        assert connection.getresponse().read()
        assert connection.sock is first
    assert [seen.sent for seen in proxy.log] == [0, 1, 2, 3, 4, 0, 7]
    assert len(portal.asked) == 6


def test_the_answer_to_a_head_has_no_body(proxy: FaultProxy) -> None:
    proxy.fault(0, status(503))
    proxy.fault(lambda seen: seen.index > 1, TRUNCATED, always=True)
    for path in ("/", FILE, FILE, FILE + "?chunked"):
        with socket.create_connection(("127.0.0.1", urlsplit(proxy.url).port or 0), 10) as connection:
            connection.sendall(f"HEAD {path} HTTP/1.1\r\nConnection: close\r\n\r\n".encode())
            with connection.makefile("rb") as file:
                assert file.read().partition(b"\r\n\r\n")[1:] == (b"\r\n\r\n", b"")


def test_old_clients_and_closing_ones_are_hung_up_on(proxy: FaultProxy) -> None:
    for line in ("GET / HTTP/1.0\r\nConnection: keep-alive", "GET / HTTP/1.1\r\nConnection: close"):
        with socket.create_connection(("127.0.0.1", urlsplit(proxy.url).port or 0), 10) as connection:
            connection.sendall(f"{line}\r\nHost: x\r\n\r\n".encode())
            with connection.makefile("rb") as file:
                assert b"Connection: close" in file.read()


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_passes_without_being_held(proxy: FaultProxy, portal: Portal, *, chunked: bool) -> None:
    headers = {} if chunked else {"Content_Length": str(UPLOAD)}
    tracemalloc.start()
    try:
        asked(proxy, "POST", "/api/3/action/resource_create", zeros(UPLOAD), **headers)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert portal.asked[0][1:] == (UPLOAD, digest(zeros(UPLOAD)))
    assert proxy.log[0].sent == UPLOAD
    assert peak < 5 << 20


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_set_aside_is_on_the_disk(proxy: FaultProxy, portal: Portal, *, chunked: bool) -> None:
    proxy.on(0, before=lambda _: None, after=lambda _: None)
    proxy.fault(0, CUT_DURING_REQUEST)
    headers = {} if chunked else {"Content_Length": str(UPLOAD)}
    tracemalloc.start()
    try:
        with pytest.raises(CUTS):
            asked(proxy, "POST", "/api/3/action/resource_create", zeros(UPLOAD), **headers)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    until(lambda: portal.broken == [UPLOAD // 2])
    assert proxy.log[0].sent == UPLOAD
    assert peak < 6 << 20


def test_four_at_once(proxy: FaultProxy, portal: Portal) -> None:
    portal.gate = threading.Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda number: asked(proxy, path=f"/{number}"), range(40)))
    assert [json.loads(body)["result"] for _, body, _ in answers] == [f"/{number}" for number in range(40)]
    assert [seen.index for seen in proxy.log] == list(range(40))
    assert sorted(portal.lines()) == sorted(f"GET {seen.path}" for seen in proxy.log)


def test_nothing_is_forwarded_when_cut_before(proxy: FaultProxy, portal: Portal) -> None:
    proxy.fault(0, CUT_BEFORE)
    proxy.fault(1, cut_before(1000))
    proxy.fault(2, cut_before(1 << 30))
    for _ in range(3):
        with pytest.raises(CUTS):
            asked(proxy, "POST", CREATE, zeros(1 << 23), Content_Length=str(1 << 23))
    assert [seen.status for seen in proxy.log] == [None] * 3
    assert proxy.log[0].sent == 0
    assert 1000 <= proxy.log[1].sent < 1 << 23
    assert proxy.log[2].sent == 1 << 23
    assert (portal.asked, portal.broken, proxy.unmet()) == ([], [], [])


@pytest.mark.parametrize(("size", "half"), [(1 << 23, 1 << 22), (1, 0)])
@pytest.mark.parametrize("chunked", [False, True])
def test_half_a_request_is_forwarded(proxy: FaultProxy, portal: Portal, size: int, half: int, *, chunked: bool) -> None:
    proxy.fault(0, CUT_DURING_REQUEST)
    body = zeros(size) if size > 1 else [b"x"]
    with pytest.raises(CUTS):
        asked(proxy, "POST", CREATE, body, **({} if chunked else {"Content_Length": str(size)}))
    until(lambda: portal.broken == [half])
    assert (portal.asked, proxy.log[0].status, proxy.log[0].upstream) == ([], None, None)


def test_a_request_without_a_body_has_no_half(proxy: FaultProxy, portal: Portal) -> None:
    proxy.fault(0, CUT_DURING_REQUEST)
    with pytest.raises(CUTS):
        asked(proxy)
    assert (portal.asked, portal.broken) == ([], [])


@pytest.mark.parametrize("how", ["", "?chunked"])
def test_half_an_answer_is_told(proxy: FaultProxy, portal: Portal, how: str) -> None:
    proxy.fault(0, CUT_DURING_RESPONSE)
    with pytest.raises(http.client.IncompleteRead) as met:
        asked(proxy, path=FILE + how)
    assert met.value.partial == CONTENT[: len(CONTENT) // 2]
    assert portal.lines() == [f"GET {FILE}{how}"]
    assert (proxy.log[0].status, proxy.log[0].upstream) == (200, 200)


def test_an_answer_is_lost(proxy: FaultProxy, portal: Portal) -> None:
    proxy.fault(lambda seen: seen.action == "package_create", CUT_AFTER)
    with pytest.raises(http.client.RemoteDisconnected):
        asked(proxy, "POST", CREATE, b"{}")
    assert portal.lines() == [f"POST {CREATE}"]
    assert proxy.log == [Record(0, "POST", CREATE, token=False, sent=2, upstream=200, fault=CUT_AFTER)]
    assert asked(proxy, "POST", CREATE, b"{}")[0] == 200


def test_a_delay(proxy: FaultProxy, portal: Portal) -> None:
    proxy.fault(0, delay(0.3))
    proxy.fault(1, replace(status(429), seconds=0.3))
    for wanted in (200, 429):
        begun = time.monotonic()
        assert asked(proxy)[0] == wanted
        assert time.monotonic() - begun >= 0.3
    assert len(portal.asked) == 1


PAGE = "text/html"
JSON = "application/json"


@pytest.mark.parametrize("forwarded", [False, True])
@pytest.mark.parametrize(
    ("make", "code", "kind", "start"),
    [
        *[(lambda code=code, **how: status(code, **how), code, PAGE, b"<html>") for code in (500, 502, 503, 504)],
        (html, 200, PAGE, b"<!DOCTYPE html>"),
        (lambda **how: json_string(400, **how), 400, JSON, b'"Bad request'),
        (lambda **how: json_string(200, **how), 200, JSON, b'"Bad request'),
    ],
)
def test_another_answer(
    proxy: FaultProxy,
    portal: Portal,
    make: Callable[..., Fault],
    code: int,
    kind: str,
    start: bytes,
    *,
    forwarded: bool,
) -> None:
    proxy.fault(0, make(forwarded=forwarded))
    told, body, headers = asked(proxy, "POST", CREATE, b"{}")
    assert (told, headers["Content-Type"].partition(";")[0]) == (code, kind)
    assert body.startswith(start)
    assert portal.lines() == [f"POST {CREATE}"] * forwarded
    seen = proxy.log[0]
    assert (seen.status, seen.upstream, seen.sent) == (code, 200 if forwarded else None, 2)


def test_too_many_requests(proxy: FaultProxy) -> None:
    proxy.fault(0, status(429, retry_after="1"))
    proxy.fault(1, status(429))
    assert [asked(proxy)[2]["Retry-After"] for _ in range(2)] == ["1", None]
    proxy.fault(2, status(503))
    assert asked(proxy, "HEAD")[:2] == (503, b"")


def test_wrong_bytes_are_as_many(proxy: FaultProxy) -> None:
    proxy.fault(lambda seen: seen.download, WRONG_BYTES, always=True)
    for how in ("", "?chunked"):
        body = asked(proxy, path=FILE + how)[1]
        wrong = [place for place, (one, other) in enumerate(zip(body, CONTENT, strict=True)) if one != other]
        assert wrong == [len(CONTENT) // 2]
        assert body.isascii()


def test_a_truncated_answer_agrees_with_its_length(proxy: FaultProxy) -> None:
    proxy.fault(lambda seen: seen.download, TRUNCATED, always=True)
    for how in ("", "?chunked", "?until-closed"):
        code, body, headers = asked(proxy, path=FILE + how)
        assert (code, body) == (200, CONTENT[: len(CONTENT) // 2])
        assert (headers["Content-Length"], headers["Transfer-Encoding"]) == (str(len(body)), None)


@pytest.mark.parametrize("code", [302, 307])
def test_a_redirect(proxy: FaultProxy, portal: Portal, code: int) -> None:
    proxy.fault(0, redirect("http://127.0.0.1:9/elsewhere", code))
    told, _, headers = asked(proxy, "POST", CREATE, b"{}", Authorization="secret")
    assert (told, headers["Location"]) == (code, "http://127.0.0.1:9/elsewhere")
    assert portal.asked == []


def test_faults_are_met_once_or_always(proxy: FaultProxy) -> None:
    proxy.fault(lambda seen: seen.write, status(502))
    proxy.fault(3, status(503))
    proxy.fault(lambda seen: seen.index >= 2, status(504), always=True)
    proxy.fault(99, CUT_AFTER)
    assert [asked(proxy, "POST", CREATE)[0] for _ in range(5)] == [502, 200, 504, 503, 504]
    assert proxy.unmet() == [CUT_AFTER]


def test_reset_begins_anew(proxy: FaultProxy) -> None:
    proxy.fault(lambda _: True, status(502), always=True)
    proxy.on(1, before=lambda _: False)
    assert asked(proxy)[0] == 502
    proxy.reset()
    assert (proxy.log, proxy.unmet()) == ([], [])
    assert [asked(proxy)[0] for _ in range(2)] == [200, 200]
    assert [seen.index for seen in proxy.log] == [0, 1]


def test_a_request_from_before_a_reset_is_not_in_the_new_log(proxy: FaultProxy) -> None:
    proxy.on(0, after=lambda _: proxy.reset())
    assert asked(proxy)[0] == 200
    assert proxy.log == []


def test_hooks_stand_at_the_boundary(proxy: FaultProxy, portal: Portal) -> None:
    met: list[tuple[str, int, int | None, int]] = []
    proxy.on(
        0,
        before=lambda seen: met.append(("before", seen.sent, seen.upstream, len(portal.asked))),
        after=lambda seen: met.append(("after", seen.sent, seen.upstream, len(portal.asked))),
    )
    assert asked(proxy, "POST", CREATE, b"{}")[0] == 200
    assert met == [("before", 2, None, 0), ("after", 2, 200, 1)]
    assert asked(proxy, "POST", CREATE, b"{}")[0] == 200
    assert len(met) == 2


def test_a_hook_that_says_false_drops(proxy: FaultProxy, portal: Portal) -> None:
    proxy.on(0, before=lambda _: False)
    proxy.on(1, after=lambda _: False)
    for _ in range(2):
        with pytest.raises(http.client.RemoteDisconnected):
            asked(proxy, "POST", CREATE, b"{}")
    assert len(portal.asked) == 1
    assert [(seen.upstream, seen.status) for seen in proxy.log] == [(None, None), (200, None)]


@posix
@pytest.mark.parametrize(
    ("when", "said", "fault", "committed", "broken"),
    [
        ("before", False, None, 0, []),
        ("before", None, None, 1, []),
        ("before", None, CUT_DURING_REQUEST, 0, [1 << 20]),
        ("after", None, None, 1, []),
        ("after", False, None, 1, []),
    ],
)
def test_a_client_is_killed_at_the_boundary(
    proxy: FaultProxy,
    portal: Portal,
    when: str,
    said: object,
    fault: Fault | None,
    committed: int,
    broken: list[int],
) -> None:
    ready = threading.Event()

    def kill(_seen: Record) -> object:
        assert ready.wait(10)
        os.kill(client.pid, signal.SIGKILL)
        assert client.wait(10) == -signal.SIGKILL
        return said

    if fault:
        proxy.fault(0, fault)
    proxy.on(0, before=kill if when == "before" else None, after=kill if when == "after" else None)
    program = f"from urllib.request import urlopen; urlopen('{proxy.url}{CREATE}', bytes(1 << 21))"
    with subprocess.Popen([sys.executable, "-c", program]) as client:
        ready.set()
        assert client.wait(20) == -signal.SIGKILL
    until(lambda: len(portal.asked) == committed and portal.broken == broken)
    assert asked(proxy)[0] == 200
    assert portal.lines() == [f"POST {CREATE}"] * committed + ["GET /"]


def test_what_a_hook_raises_is_told(portal: Portal) -> None:
    def fail(_seen: Record) -> None:
        pytest.fail("as a test does")

    proxy = FaultProxy(portal.url)
    proxy.on(0, before=fail)
    with pytest.raises(CUTS):
        asked(proxy)
    with pytest.raises(pytest.fail.Exception, match="as a test does"):
        proxy.close()
    assert portal.asked == []
    proxy.close()


def test_what_a_predicate_raises_is_told(portal: Portal) -> None:
    proxy = FaultProxy(portal.url)
    proxy.fault(lambda _: bool(1 // 0), CUT_AFTER)
    with pytest.raises(CUTS):
        asked(proxy)
    with pytest.raises(ZeroDivisionError):
        proxy.close()


def test_the_test_s_own_failure_comes_first(portal: Portal) -> None:
    def fails() -> None:
        with FaultProxy(portal.url) as proxy:
            proxy.on(0, before=lambda _: 1 // 0)
            asked(proxy)

    with pytest.raises(CUTS):
        fails()


@pytest.mark.parametrize("path", ["/hangs-up", FILE + "?broken"])
def test_what_the_portal_does_is_done_to_the_client(proxy: FaultProxy, path: str) -> None:
    with pytest.raises(CUTS):
        asked(proxy, path=path)
    assert proxy.log[0].error
    assert asked(proxy)[0] == 200


def test_a_portal_that_is_away_cuts(portal: Portal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with FaultProxy(f"http://127.0.0.1:{port}") as proxy:
        with pytest.raises(CUTS):
            asked(proxy)
        assert "refused" in proxy.log[0].error
    assert portal.asked == []


def test_a_portal_that_answers_early_is_heard() -> None:
    def refuse() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 3\r\n\r\nno!")
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1 << 16):
                pass

    with socket.create_server(("127.0.0.1", 0)) as listening, ThreadPoolExecutor(1) as pool:
        done = pool.submit(refuse)
        with FaultProxy(f"http://127.0.0.1:{listening.getsockname()[1]}") as proxy:
            code, body, _ = asked(proxy, "POST", CREATE, zeros(1 << 22), Content_Length=str(1 << 22))
            assert (code, body) == (413, b"no!")
            assert proxy.log[0].sent == 1 << 22
        done.result(10)


def test_a_client_that_goes_away_leaves_half_a_request(proxy: FaultProxy, portal: Portal) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(proxy.url).port or 0), 10) as connection:
        connection.sendall(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nhalf")
    until(lambda: portal.broken == [4])
    until(lambda: bool(proxy.log[0].error))
    assert (proxy.log[0].sent, proxy.log[0].status) == (4, None)


def test_close_is_prompt_and_cuts_what_is_under_way(portal: Portal) -> None:
    portal.gate = threading.Barrier(2)
    proxy = FaultProxy(portal.url)
    proxy.fault(1, delay(60))
    with ThreadPoolExecutor(3) as pool, connected(proxy) as idle:
        idle.connect()
        waiting = [pool.submit(asked, proxy) for _ in range(2)]
        until(lambda: len(proxy.log) == 2 and len(portal.asked) == 1)
        begun = time.monotonic()
        proxy.close()
        assert time.monotonic() - begun < 1
        portal.gate.abort()
        for one in waiting:
            assert isinstance(one.exception(10), CUTS)
    assert THREAD not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(CUTS):
        asked(proxy)


def test_it_leaves_no_file_open(portal: Portal) -> None:
    def files() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count, of a folder that changes as it is read

    if not os.path.isdir("/proc/self/fd"):  # noqa: PTH112
        pytest.skip("this system does not show a process its open files")
    before = files()
    for fault in (CUT_BEFORE, CUT_DURING_REQUEST, CUT_DURING_RESPONSE, CUT_AFTER, TRUNCATED, status(502)):
        with FaultProxy(portal.url) as proxy:
            proxy.fault(0, fault)
            if fault in {TRUNCATED, status(502)}:
                asked(proxy, "POST", CREATE, bytes(1 << 21))
            else:
                with pytest.raises(CUTS):
                    asked(proxy, "POST", CREATE, bytes(1 << 21))
    until(lambda: files() <= before)
