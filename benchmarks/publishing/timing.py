"""How long requests take, by kind, as their sender sees it."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator

_ACTION = re.compile(r"/action/(\w+)")


@contextmanager
def timed(*, wanted: bool) -> Iterator[dict[str, list[float]]]:
    """Collect the seconds of each request of this process by its kind, where that is wanted."""
    kinds: dict[str, list[float]] = {}
    plain = requests.Session.request

    def request(self: requests.Session, method: str, url: str, *given: Any, **more: Any) -> requests.Response:  # noqa: ANN401 - as requests has it
        begun = time.perf_counter()
        answer = plain(self, method, url, *given, **more)
        kinds.setdefault(_kind(self, url, more), []).append(time.perf_counter() - begun)
        return answer

    if wanted:
        requests.Session.request = request  # type: ignore[assignment, method-assign]
    try:
        yield kinds
    finally:
        requests.Session.request = plain  # type: ignore[method-assign]


def _kind(session: requests.Session, url: str, more: dict[str, Any]) -> str:
    found = _ACTION.search(url)
    name = found[1] if found else "download"
    if name == "package_revise":
        name += " (reveal)" if isinstance(more.get("data"), bytes) else " (fill)"
    who = getattr(session.auth, "_token", None)
    return name if who is not None else f"{name}, visitor"
