"""ckanapi's load, as its users do it: datasets as another portal dumped them, their files fetched from its addresses.

The other portal is a web server of this process.
"""

from __future__ import annotations

import threading
import uuid
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import task
from ckanapi_batch import command, metadata, starting, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from task import Task


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that says nothing."""

    def log_message(self, *_words: object) -> None:
        """Nothing."""


def lines(todo: Task, source: str) -> Iterator[dict[str, Any]]:
    """The datasets with their resources, whose ids are told: load does not learn those that a portal makes."""
    for told, files in todo.datasets():
        resources = [_resource(todo, told["name"], file, source) for file in files]
        yield {**metadata(told, todo.organisation), "resources": resources}


def _resource(todo: Task, dataset: str, file: Path, source: str) -> dict[str, Any]:
    key = uuid.uuid5(uuid.NAMESPACE_URL, f"{todo.organisation}/{dataset}/{file.name}")
    url = f"{source}/{dataset}/{file.name}"
    return {"id": str(key), "name": file.name, "format": "CSV", "url_type": "upload", "url": url}


if __name__ == "__main__":
    wanted = task.read()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=wanted.folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with TemporaryDirectory() as place:
        batch = write(Path(place, "datasets"), lines(wanted, f"http://127.0.0.1:{server.server_address[1]}"))
        idle = starting(wanted, Path(place))
        with task.measured() as measured:
            what = ["load", "datasets", "--upload-resources", "-p", str(wanted.jobs)]
            measured.seconds = command(wanted, what, batch) - idle
