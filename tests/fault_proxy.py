"""A reverse proxy on this machine that stands before a portal, numbers what passes, and spoils what it is told to.

    with FaultProxy("http://127.0.0.1:5000") as proxy:
        proxy.fault(3, CUT_AFTER)                                       # the request numbered 3, from 0
        proxy.fault(lambda seen: seen.action == "package_revise", status(502, forwarded=True))      # the first such
        proxy.fault(lambda seen: seen.write, delay(0.2), always=True)
        proxy.on(5, before=lambda _: kill(client))                      # see `FaultProxy.on`
        ...
        assert proxy.unmet() == []
        assert [seen.action for seen in proxy.writes()] == ["package_create", "package_revise"]

Requests are numbered in the order in which their headers have wholly arrived. Bodies stream both ways and are never
rewritten but by a fault; what a fault or a hook needs whole is set aside on the disk. Each request goes to the portal
over a connection of its own, with the portal's own Host. Where the portal cannot be reached or hangs up, the client's
connection is cut. A request is in the log, with its status, before the client has its answer or sees the cut: a test
need not wait.

Addresses that the portal writes into its answers are its own and lead past the proxy. A portal that is to name the
proxy instead is given the proxy's address as its configured one, for which the proxy takes a `port`.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum, auto
from http.client import HTTPException, HTTPResponse, responses
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Generic, Self, TypeVar
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from io import BufferedIOBase

PIECE = 1 << 16
IN_MEMORY = 1 << 20
LINE = 1 << 16
PATIENCE = 10.0
THREAD = "fault-proxy"
TOKENS = ("Authorization", "X-CKAN-API-Key")
HOP_BY_HOP = {"connection", "expect", "host", "keep-alive", "proxy-connection"}
HOP_BY_HOP |= {"te", "trailer", "transfer-encoding", "upgrade"}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
ACTION = re.compile(r"/api/(?:\d+/)?action/(\w+)")
DOWNLOAD = re.compile(r"/dataset/.+/download(?:/|$)")
READING = re.compile(
    r"(?:^get_|^am_following_)|"
    r"_(?:show|list|search|search_sql|autocomplete|info|count|status|authz|for_user|with_resources)$",
)


@dataclass(frozen=True)
class Record:
    """One request as it was seen."""

    index: int
    method: str
    path: str
    """With its query."""
    token: bool
    """It carried an Authorization or X-CKAN-API-Key header."""
    sent: int = 0
    """Bytes of its body that were read from the client."""
    upstream: int | None = None
    """What the portal answered; None where it was not asked in full, or did not answer."""
    status: int | None = None
    """What the client was told, even if no one listened any more; None where it was cut off without an answer."""
    fault: Fault | None = None
    """What was done to it."""
    error: str = ""
    """What went wrong on the way without having been asked for, such as a client that went away."""

    @property
    def action(self) -> str:
        """The name of the CKAN action called, or nothing."""
        found = ACTION.search(self.path.partition("?")[0])
        return found[1] if found else ""

    @property
    def write(self) -> bool:
        """It asks for a change: neither a GET nor a POST to an action that only reads, such as resource_show."""
        return self.method not in SAFE and not READING.search(self.action)

    @property
    def download(self) -> bool:
        """It asks for the content of a file."""
        return self.method == "GET" and bool(DOWNLOAD.search(self.path.partition("?")[0]))


Which = int | Callable[[Record], bool]
Hook = Callable[[Record], object]


class Kind(Enum):
    PASS = auto()
    CUT_BEFORE = auto()
    CUT_DURING_REQUEST = auto()
    CUT_DURING_RESPONSE = auto()
    CUT_AFTER = auto()
    INSTEAD = auto()
    AFTERWARDS = auto()
    WRONG_BYTES = auto()
    TRUNCATED = auto()


@dataclass(frozen=True)
class Answer:
    """An answer that the portal did not give."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Fault:
    """What to do to a request. `replace(fault, seconds=1)` delays any of them."""

    kind: Kind
    seconds: float = 0.0
    """Waited before anything else is done."""
    reading: int = 0
    """With CUT_BEFORE: bytes of the request's body to read first, or as many as there are."""
    answer: Answer | None = None
    """With INSTEAD and AFTERWARDS: what the client is told."""


CUT_BEFORE = Fault(Kind.CUT_BEFORE)
"""The client's connection is closed, and nothing is forwarded; `cut_before(n)` reads so much of the body first."""
CUT_DURING_REQUEST = Fault(Kind.CUT_DURING_REQUEST)
"""Half of the request's body is forwarded, then both sides are cut. A request without a body is not forwarded."""
CUT_DURING_RESPONSE = Fault(Kind.CUT_DURING_RESPONSE)
"""The portal answers in full; the client gets the status, all headers and half of the body, and is cut."""
CUT_AFTER = Fault(Kind.CUT_AFTER)
"""The lost answer: the portal has answered in full, and the client is cut without a word."""
WRONG_BYTES = Fault(Kind.WRONG_BYTES)
"""The lowest bit of the byte in the middle of the answer's body is flipped: as long as before, and text stays text."""
TRUNCATED = Fault(Kind.TRUNCATED)
"""The client gets half of the answer's body, with a Content-Length that agrees."""


def cut_before(reading: int) -> Fault:
    return Fault(Kind.CUT_BEFORE, reading=reading)


def delay(seconds: float) -> Fault:
    """Wait, then forward."""
    return Fault(Kind.PASS, seconds=seconds)


def status(code: int, *, retry_after: str | None = None, forwarded: bool = False) -> Fault:
    """A bare status as a gateway before the portal gives it; `forwarded`: after the portal has done what was asked."""
    headers = (("Content-Type", "text/html"),) + ((("Retry-After", retry_after),) if retry_after else ())
    body = f"<html><h1>{code} {responses.get(code, '')}</h1></html>".encode()
    return _answered(Answer(code, body, headers), forwarded=forwarded)


def html(*, forwarded: bool = False) -> Fault:
    """A page with status 200 where JSON was asked for."""
    body = b"<!DOCTYPE html><html><title>Maintenance</title><h1>Maintenance</h1></html>"
    return _answered(Answer(200, body, (("Content-Type", "text/html; charset=utf-8"),)), forwarded=forwarded)


def json_string(code: int, *, forwarded: bool = False) -> Fault:
    """JSON, but a string and no object, as CKAN answers "Bad request - ..."."""
    body = json.dumps("Bad request - JSON Error: No request body data").encode()
    headers = (("Content-Type", "application/json;charset=utf-8"),)
    return _answered(Answer(code, body, headers), forwarded=forwarded)


def refusal(code: int, kind: str, **told: object) -> Fault:
    """What CKAN answers to a call that it refuses: the kind of error, and what it tells of it."""
    body = json.dumps({"success": False, "error": {"__type": kind, **told}}).encode()
    return _answered(Answer(code, body, (("Content-Type", "application/json;charset=utf-8"),)), forwarded=False)


def redirect(location: str, code: int = 302, *, forwarded: bool = False) -> Fault:
    return _answered(Answer(code, b"", (("Location", location),)), forwarded=forwarded)


def _answered(answer: Answer, *, forwarded: bool) -> Fault:
    return Fault(Kind.AFTERWARDS if forwarded else Kind.INSTEAD, answer=answer)


class FaultProxy:
    """The proxy itself; it works from its construction until `close`."""

    def __init__(self, upstream: str, port: int = 0) -> None:
        """Stand before `upstream`; `port` is for a portal whose own configured address is to be the proxy's."""
        parts = urlsplit(upstream)
        self._desk = _Desk()
        self._server = _Server(("127.0.0.1", port), (parts.hostname or "", parts.port or 80), parts.netloc, self._desk)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}{parts.path.rstrip('/')}"
        self._accepting = _thread(self._server.serve_forever, 0.02)
        self._accepting.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        self._stop()
        if problem is None:
            self._server.tell_problems()

    @property
    def log(self) -> list[Record]:
        """Every request until now, in the order of arrival."""
        return self._desk.log()

    def writes(self) -> list[Record]:
        return [seen for seen in self.log if seen.write]

    def downloads(self) -> list[Record]:
        return [seen for seen in self.log if seen.download]

    def reads(self) -> list[Record]:
        """What is neither a write nor a download."""
        return [seen for seen in self.log if not seen.write and not seen.download]

    def fault(self, which: Which, fault: Fault, *, always: bool = False) -> None:
        """Do that to the request of that number, or to the first that `which` is true of; `always`: to every such one.

        One request meets one fault, the earliest given that fits. `which` sees the request before its body is read.
        """
        self._desk.plan_fault(_Planned(which, always, fault))

    def on(self, which: Which, *, before: Hook | None = None, after: Hook | None = None, always: bool = False) -> None:
        """Call these at that request, with its record, in the thread that serves it; the client waits meanwhile.

        `before` runs when the request is here in full, its body set aside, and nothing is forwarded. Where it returns
        False, nothing ever is, and the client's connection is cut: kill the client, return False, and the portal has
        not been asked. Where it returns anything else, the request goes on in full, even if the client is dead by now;
        with CUT_DURING_REQUEST planned beside it, half of it goes on.

        `after` runs when the portal has answered in full and the client has none of it. Where it returns False, the
        client's connection is cut without an answer. It does not run where the portal is not asked.

        What a hook raises cuts the connection, and `close` raises it.
        """
        self._desk.plan_hooks(_Planned(which, always, (before, after)))

    def unmet(self) -> list[Fault]:
        """The faults that no request has met yet."""
        return self._desk.unmet()

    def reset(self) -> None:
        """Forget the log, the faults and the hooks, and count from 0 again."""
        self._desk.reset()

    def close(self) -> None:
        """Cut every connection and end every thread. Raises what went wrong inside, such as in a hook."""
        self._stop()
        self._server.tell_problems()

    def _stop(self) -> None:
        self._server.closing.set()
        self._server.shutdown()
        self._accepting.join()
        self._server.server_close()
        self._server.end_all()


Plan = TypeVar("Plan")
Hooks = tuple[Hook | None, Hook | None]


@dataclass
class _Planned(Generic[Plan]):
    """What is to happen to the requests that `which` tells, and whether it did."""

    which: Which
    always: bool
    plan: Plan
    met: bool = False

    def meets(self, seen: Record) -> bool:
        """Whether it is this request's turn; said once, it is used up."""
        if self.met and not self.always:
            return False
        fits = seen.index == self.which if isinstance(self.which, int) else self.which(seen)
        self.met = self.met or fits
        return fits


@dataclass
class _Met:
    """A request, what was planned for it, and the book that it is written down in."""

    record: Record
    book: dict[int, Record]
    before: list[Hook]
    after: list[Hook]

    @property
    def fault(self) -> Fault:
        return self.record.fault or Fault(Kind.PASS)


class _Desk:
    """Numbers the requests, writes them down, and knows what is planned. For many threads at once."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._book: dict[int, Record] = {}
            self._faults: list[_Planned[Fault]] = []
            self._hooks: list[_Planned[Hooks]] = []

    def plan_fault(self, planned: _Planned[Fault]) -> None:
        with self._lock:
            self._faults.append(planned)

    def plan_hooks(self, planned: _Planned[Hooks]) -> None:
        with self._lock:
            self._hooks.append(planned)

    def unmet(self) -> list[Fault]:
        with self._lock:
            return [planned.plan for planned in self._faults if not planned.met]

    def log(self) -> list[Record]:
        with self._lock:
            return list(self._book.values())

    def arrived(self, method: str, path: str, *, token: bool) -> _Met:
        with self._lock:
            seen = Record(len(self._book), method, path, token)
            self._book[seen.index] = seen
            hooks = [planned.plan for planned in self._hooks if planned.meets(seen)]
            fault = next((planned.plan for planned in self._faults if planned.meets(seen)), None)
            met = _Met(seen, self._book, [one for one, _ in hooks if one], [one for _, one in hooks if one])
            self.note(met, fault=fault)
            return met

    def note(self, met: _Met, **changes: Any) -> None:  # noqa: ANN401 - as the fields of a record have it
        """Write down what became of a request; one from before a reset goes to the book of its time."""
        with self._lock:
            met.record = met.book[met.record.index] = replace(met.record, **changes)


class _Server(ThreadingMixIn, TCPServer):
    """Takes connections, each in a thread of its own, and can end all that it has begun."""

    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, here: tuple[str, int], upstream: tuple[str, int], host: str, desk: _Desk) -> None:
        super().__init__(here, _Handler)
        self.upstream, self.host, self.desk = upstream, host, desk
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._live: set[socket.socket] = set()
        self._serving: list[threading.Thread] = []
        self._problems: list[BaseException] = []

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the base has it
        thread = _thread(self.process_request_thread, request, client_address)
        self._serving = [other for other in self._serving if other.is_alive()] + [thread]
        thread.start()

    @contextmanager
    def watched(self, connection: socket.socket) -> Iterator[None]:
        """Have it cut when all is ended, for as long as it is used."""
        with self._lock:
            self._live.add(connection)
        try:
            self.go_on()
            yield
        finally:
            with self._lock:
                self._live.discard(connection)

    def go_on(self, seconds: float = 0.0) -> None:
        """Wait so long, unless all is to end."""
        if self.closing.wait(seconds) if seconds else self.closing.is_set():
            message = "the proxy was closed"
            raise ConnectionAbortedError(message)

    def end_all(self) -> None:
        with self._lock:
            for connection in self._live:
                _cut(connection)
        patience = time.monotonic() + PATIENCE
        for thread in self._serving:
            thread.join(max(0.0, patience - time.monotonic()))
        if any(thread.is_alive() for thread in self._serving):
            self.problem(TimeoutError(f"the proxy waited {PATIENCE:.0f} seconds for a hook to return"))

    def problem(self, problem: BaseException | None) -> None:
        if problem:
            self._problems.append(problem)

    def tell_problems(self) -> None:
        """Raise the first of what went wrong that nobody had asked for."""
        problems, self._problems = self._problems, []
        if problems:
            raise problems[0]

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - as the base has it
        self.problem(sys.exception())


class _Handler(BaseHTTPRequestHandler):
    """A client's connection, with one request after the other."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def handle(self) -> None:
        with suppress(OSError), self.server.watched(self.connection):
            super().handle()

    def do_GET(self) -> None:
        token = any(name in self.headers for name in TOKENS)
        exchange = _Exchange(self, self.server.desk.arrived(self.command, self.path, token=token))
        try:
            exchange.run()
        except (OSError, HTTPException) as problem:
            exchange.note(error=repr(problem))
            self.cut()

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_GET  # noqa: N815 - as the base has it

    def cut(self) -> None:
        self.close_connection = True
        _cut(self.connection)

    def log_message(self, *_words: object) -> None:
        """Say nothing: the log is the proxy's."""


class _Exchange:
    """One request and its answer."""

    def __init__(self, client: _Handler, met: _Met) -> None:
        self._client, self._server, self._met = client, client.server, met
        self._chunked = "chunked" in client.headers.get("Transfer-Encoding", "").lower()
        self._length = int(client.headers.get("Content-Length") or 0)
        file = client.rfile
        self._body = _Counted(_unchunked(file) if self._chunked else _sized(file.read1, self._length))
        if client.request_version == "HTTP/1.0":
            client.close_connection = True

    def note(self, **changes: Any) -> None:  # noqa: ANN401 - as the fields of a record have it
        sent = max(self._body.count, self._met.record.sent)
        self._server.desk.note(self._met, sent=sent, **changes)

    def run(self) -> None:
        fault = self._met.fault
        self._server.go_on(fault.seconds)
        if not self._met.before:
            self._go_on(fault)
            return
        with _kept(self._body) as (whole, size):
            self.note()
            self._body = _Counted(_sized(whole.read, size))
            if self._hooked(self._met.before):
                self._go_on(fault)
            else:
                self._cut()

    def _go_on(self, fault: Fault) -> None:
        if fault.kind is Kind.CUT_BEFORE:
            self._body.read(fault.reading)
            self._cut()
        elif fault.kind is Kind.CUT_DURING_REQUEST:
            self._ask_by_half()
        elif fault.kind is Kind.INSTEAD and fault.answer:
            self._body.read()
            self._tell(fault.answer)
        else:
            self._forward()

    def _hooked(self, hooks: list[Hook]) -> bool:
        """Whether to go on, after these were called."""
        try:
            said = [hook(self._met.record) for hook in hooks]
        except BaseException as problem:  # noqa: BLE001 - a hook is the test's, and may fail as a test does
            self._server.problem(problem)
            return False
        return not any(one is False for one in said)

    def _cut(self) -> None:
        self.note()
        self._client.cut()

    @contextmanager
    def _upstream(self) -> Iterator[socket.socket]:
        with socket.create_connection(self._server.upstream, PATIENCE) as connection:
            connection.settimeout(None)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._server.watched(connection):
                yield connection

    def _head(self) -> bytes:
        """The request's head as the portal gets it: the client's, but for what concerns the connection."""
        client = self._client
        kept = [(name, value) for name, value in client.headers.items() if name.lower() not in HOP_BY_HOP]
        own = [("Host", self._server.host), *kept, ("Connection", "close")]
        if self._chunked:
            own.append(("Transfer-Encoding", "chunked"))
        first = f"{client.command} {client.path} {client.request_version}"
        return "\r\n".join([first, *(f"{name}: {value}" for name, value in own), "", ""]).encode("latin-1")

    def _ask(self, upstream: socket.socket) -> None:
        """Send the whole request. A portal that stops listening may have answered: the rest is read and dropped."""
        going = _sent(upstream, self._head())
        for piece in self._body:
            going = going and _sent(upstream, _framed(piece, chunked=self._chunked))
        if going and self._chunked:
            _sent(upstream, b"0\r\n\r\n")

    def _ask_by_half(self) -> None:
        """Send the head and half the body, and cut both sides. The half of a chunked body is known at its end alone."""
        with _kept(self._body if self._chunked else ()) as (whole, size):
            half = (size or self._length) // 2
            pieces = _sized(whole.read, half) if self._chunked else self._body.first(half)
            if size or self._length:
                with self._upstream() as upstream:
                    _sent(upstream, self._head())
                    for piece in pieces:
                        _sent(upstream, _framed(piece, chunked=self._chunked))
                    _cut(upstream)
        self._cut()

    def _forward(self) -> None:
        with self._upstream() as upstream, closing(HTTPResponse(upstream, method=self._client.command)) as answer:
            self._ask(upstream)
            answer.begin()
            pieces = _answered_pieces(answer)
            if self._met.fault.kind is Kind.PASS and not self._met.after:
                self.note(upstream=answer.status)
                self._relay(answer, pieces)
                return
            with _kept(pieces) as (whole, size):
                self.note(upstream=answer.status)
                self._spoil(answer, whole, size)

    def _spoil(self, answer: HTTPResponse, whole: IO[bytes], size: int) -> None:
        """Tell the client what the fault leaves of an answer that is here in full."""
        fault = self._met.fault
        if not self._hooked(self._met.after) or fault.kind is Kind.CUT_AFTER:
            self._cut()
        elif fault.answer:
            self._tell(fault.answer)
        elif fault.kind is Kind.CUT_DURING_RESPONSE:
            self._relay(answer, _sized(whole.read, size // 2), whole=False)
            self._client.cut()
        elif fault.kind is Kind.TRUNCATED and size:
            self._relay(answer, _sized(whole.read, size // 2), length=size // 2)
        else:
            if fault.kind is Kind.WRONG_BYTES:
                _flip(whole, size // 2)
            self._relay(answer, _sized(whole.read, size))

    def _tell(self, answer: Answer) -> None:
        headers = [*answer.headers, ("Content-Length", str(len(answer.body)))]
        pieces = [] if self._client.command == "HEAD" else [answer.body]
        self._send(answer.status, responses.get(answer.status, ""), headers, pieces)

    def _relay(
        self, answer: HTTPResponse, pieces: Iterable[bytes], *, length: int | None = None, whole: bool = True
    ) -> None:
        """Send the portal's answer on, framed as the portal framed it; `length`: with that Content-Length instead."""
        dropped = HOP_BY_HOP | ({"content-length"} if length is not None else set())
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in dropped]
        if length is not None:
            headers.append(("Content-Length", str(length)))
        elif not answer.chunked and answer.length is None:
            self._client.close_connection = True
        chunked = bool(answer.chunked) and length is None and self._client.command != "HEAD"
        self._send(answer.status, answer.reason, headers, pieces, chunked=chunked, whole=whole)

    def _send(
        self,
        code: int,
        reason: str,
        headers: list[tuple[str, str]],
        pieces: Iterable[bytes],
        *,
        chunked: bool = False,
        whole: bool = True,
    ) -> None:
        client = self._client
        self.note(status=code)
        client.send_response_only(code, reason)
        ours = [("Transfer-Encoding", "chunked")] * chunked + [("Connection", "close")] * client.close_connection
        for name, value in [*headers, *ours]:
            client.send_header(name, value)
        client.end_headers()
        for piece in pieces:
            client.wfile.write(_framed(piece, chunked=chunked))
        if chunked and whole:
            client.wfile.write(b"0\r\n\r\n")


class _Counted:
    """The pieces of a body, and how many bytes of them were read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.count += len(piece)
            yield piece

    def first(self, count: int) -> Iterator[bytes]:
        """So many bytes from its beginning."""
        while count > 0 and (piece := next(iter(self), b"")):
            yield piece[:count]
            count -= len(piece)

    def read(self, count: int = sys.maxsize) -> None:
        """Read so much, or to the end, and drop it."""
        for _ in self.first(count):
            pass


def _thread(act: Callable[..., object], *words: object) -> threading.Thread:
    return threading.Thread(target=act, args=words, name=THREAD, daemon=True)


def _sized(read: Callable[[int], bytes], length: int) -> Iterator[bytes]:
    """So many bytes, in pieces."""
    while length:
        piece = read(min(length, PIECE))
        if not piece:
            message = f"a body broke off {length} bytes before its end"
            raise ConnectionAbortedError(message)
        length -= len(piece)
        yield piece


def _unchunked(file: BufferedIOBase) -> Iterator[bytes]:
    """A chunked body's bytes; its trailers are read and dropped."""
    while size := _chunk_size(file.readline(LINE)):
        yield from _sized(file.read1, size)
        file.readline(LINE)
    while file.readline(LINE).strip():
        pass


def _chunk_size(line: bytes) -> int:
    try:
        return int(line.partition(b";")[0], 16)
    except ValueError:
        message = "a chunked body broke off"
        raise ConnectionAbortedError(message) from None


def _answered_pieces(answer: HTTPResponse) -> Iterator[bytes]:
    if answer.chunked or answer.length is None:
        return iter(lambda: answer.read1(PIECE), b"")
    return _sized(answer.read1, answer.length)


def _framed(piece: bytes, *, chunked: bool) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece


@contextmanager
def _kept(pieces: Iterable[bytes]) -> Iterator[tuple[IO[bytes], int]]:
    """All of a body set aside, wound back, and its size."""
    with SpooledTemporaryFile(IN_MEMORY) as file:
        size = sum(file.write(piece) for piece in pieces)
        file.seek(0)
        yield file, size


def _flip(file: IO[bytes], place: int) -> None:
    """Flip the lowest bit of the byte there, if there is one, and wind back."""
    file.seek(place)
    byte = file.read(1)
    file.seek(place)
    file.write(bytes(one ^ 1 for one in byte))
    file.seek(0)


def _sent(connection: socket.socket, data: bytes) -> bool:
    """False where the other side does not listen any more."""
    try:
        connection.sendall(data)
    except OSError:
        return False
    return True


def _cut(connection: socket.socket) -> None:
    """End a connection at once, in every process that holds it."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
