"""A small HTTP server on this machine that answers as a test tells it, and writes down what it was asked.

It is no portal: it gives the odd, broken and hostile answers that no real one can be brought to give.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from opendata.model import Secret, Target
from opendata_ckan.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable

KEY = "s3cr3t-0f-the-portal"


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: dict[str, str]
    """By names in small letters."""
    body: bytes = b""

    @property
    def token(self) -> str | None:
        return self.headers.get("authorization")

    @property
    def data(self) -> Any:  # noqa: ANN401 - JSON as it stands
        return json.loads(self.body)


@dataclass(frozen=True)
class Told:
    """An answer. `length`: what Content-Length says instead of the truth; "" for none at all."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: str | None = None


def result(value: Any, status: int = 200) -> Told:  # noqa: ANN401 - whatever JSON has
    """An answer of CKAN's."""
    body = json.dumps({"success": True, "result": value}).encode()
    return Told(status, body, {"Content-Type": "application/json"})


def error(status: int, kind: str, **more: Any) -> Told:  # noqa: ANN401 - whatever JSON has
    """A refusal of CKAN's."""
    body = json.dumps({"success": False, "error": {"__type": kind, **more}}).encode()
    return Told(status, body, {"Content-Type": "application/json"})


def redirect(location: str, status: int = 302) -> Told:
    return Told(status, b"", {"Location": location})


class Scripted:
    """Answers each request by `script`, or with the answers of a list, the last one for ever."""

    def __init__(self, *script: Told | Callable[[Asked], Told]) -> None:
        self.log: list[Asked] = []
        self._script = list(script)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.002,), daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, asked: Asked) -> Told:
        with self._lock:
            self.log.append(asked)
            now = self._script[0] if len(self._script) == 1 else self._script.pop(0)
        return now if isinstance(now, Told) else now(asked)

    def target(self, **more: Any) -> Target:  # noqa: ANN401 - as the fields of a target have it
        return Target(self.url, "ckan", self.url, **{"token": Secret(KEY, "test"), **more})

    def connection(self, **more: Any) -> Connection:  # noqa: ANN401 - as the fields of a target have it
        return Connection(self.target(**more))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, here: tuple[str, int], script: Scripted) -> None:
        super().__init__(here, _Handler)
        self.script = script


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _serve(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        told = self.server.script.answer(Asked(self.command, self.path, headers, self.rfile.read(size)))
        self.send_response(told.status)
        for name, value in told.headers.items():
            self.send_header(name, value)
        length = str(len(told.body)) if told.length is None else told.length
        if length:
            self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(told.body)

    do_GET = do_POST = do_HEAD = _serve  # noqa: N815 - as the base has it

    def log_message(self, *_words: object) -> None:
        pass
