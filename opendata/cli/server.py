"""A web server for one folder: this machine alone, files alone, nothing hidden, nothing outside."""

from __future__ import annotations

import errno
import http.server
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urlsplit

from opendata.errors import PortalError
from opendata.files import disk_error
from opendata.messages import _

if TYPE_CHECKING:
    import io
    from collections.abc import Callable

HERE = "127.0.0.1"
TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Gives files; a folder only where it has an index.html."""

    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012 - as the base has it

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Refuse what is hidden, or leads out of the folder by a link."""
        if not visible(self.path) or not self._inside():
            self.send_error(404)
            return None
        return super().send_head()

    def list_directory(self, path: object) -> None:  # noqa: ARG002 - never a listing
        """No folder is ever listed."""
        self.send_error(404)

    def end_headers(self) -> None:
        """No guessing of types, no memory of what may be published anew."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Say nothing: who looks at what is nobody's business."""

    def _inside(self) -> bool:
        path = Path(self.translate_path(self.path))
        try:
            return path.resolve().is_relative_to(Path(self.directory).resolve())
        except (ValueError, OSError, RuntimeError):  # a NUL in it, far too long, a link to itself: no file of ours
            return False


def visible(address: str) -> bool:
    """True where no part of an address is hidden.

    >>> [visible(a) for a in ("/a/b.csv", "/.opendata.lock", "/a/%2egit/x", "/")]
    [True, False, False, True]
    """
    path = posixpath.normpath(unquote(urlsplit(address).path))
    return not any(part.startswith(".") for part in path.replace("\\", "/").split("/"))


def open_server(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """A server for the folder, bound and not yet serving.

    Raises:
        PortalError: the port is taken, or may not be used.
    """

    def handler(*args: object) -> Handler:
        return Handler(*args, directory=str(folder))  # type: ignore[arg-type]  # what socketserver hands on

    try:
        return http.server.ThreadingHTTPServer((HERE, port), handler)
    except OSError as fault:
        if fault.errno not in {errno.EADDRINUSE, errno.EACCES}:
            raise disk_error(fault, folder) from fault
        remedy = _("Choose another one, or let any free one be taken: --port 0")
        raise PortalError(_("The port {port} cannot be used.").format(port=port), HERE, remedy) from fault


def until_interrupted(work: Callable[[], None]) -> None:
    """Do the work until Ctrl-C, which ends it in good order."""
    try:
        work()
    except KeyboardInterrupt:
        return
