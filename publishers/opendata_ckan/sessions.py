"""HTTP sessions that give a token to nobody but the portal, and none at all on a visitor's behalf."""

from __future__ import annotations

import re
from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    from urllib3 import ProxyManager

    from opendata.model import Secret

AGENT = "opendata-vn (+https://datapackage.org)"
PIECE = 256 << 10
"""Bytes of a body that are read and sent at once: by urllib3's own 16 kB, a large file takes several times the CPU."""
SENDING = 900.0
"""Seconds: for the portal to take such a piece."""
HIDDEN = "***"
_PORTS = {"http": 80, "https": 443}


class Session(requests.Session):
    """Takes a token along to its own origin only; keeps no cookies; never reads a .netrc file."""

    def __init__(self, address: str, token: Secret | None) -> None:
        """`address` is the portal's; without a token it is what an anonymous visitor's browser sends."""
        super().__init__()
        self.auth = _Bearer(address, token)
        self._token = token
        self.headers["User-Agent"] = AGENT
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in _PORTS:
            self.mount(f"{scheme}://", _Adapter())

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:  # noqa: ARG002 - as requests has it
        """On a redirect: the token goes along to the same origin only."""
        prepared_request.headers.pop("Authorization", None)
        if isinstance(self.auth, _Bearer):
            self.auth(prepared_request)

    def hide(self, text: str) -> str:
        """What the portal says, without the token: a debug page may say again what it was asked with.

        JSON may have any letter of it as an escape, and does not hold the token then, but says it once it is read.
        """
        if self._token is None:
            return text
        bare = text.replace(self._token.text, HIDDEN)
        return _escaped(self._token.text).sub(HIDDEN, bare) if "\\" in bare else bare


class _Plain(HTTPConnection):
    """urllib3 goes on with the time to connect while a body is sent: a slow or busy portal needs more."""

    def send(self, data: Any) -> None:  # noqa: ANN401 - as the base has it
        """As the base has it; what is sent first connects."""
        if self.sock is not None:
            self.sock.settimeout(SENDING)
        super().send(data)


class _Secure(_Plain, HTTPSConnection):
    """The same by TLS."""


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


_POOLS = {"http": _PlainPool, "https": _SecurePool}


class _Adapter(HTTPAdapter):
    """Sends bodies in large pieces, and gives a portal the time to take each."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **more: Any) -> None:  # noqa: ANN401, FBT001, FBT002 - as requests has it
        """As requests has it, which gives what is `more` to urllib3."""
        super().init_poolmanager(connections, maxsize, block, **{"blocksize": PIECE, **more})
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **more: Any) -> ProxyManager:  # noqa: ANN401 - as requests has it
        """The same by way of a proxy."""
        manager: ProxyManager = super().proxy_manager_for(proxy, **{"blocksize": PIECE, **more})
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _Bearer(AuthBase):
    """CKAN's way: the bare token in the header Authorization. It is set so that no .netrc entry takes its place."""

    def __init__(self, address: str, token: Secret | None) -> None:
        self._origin = origin(address)
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token where the request goes to the portal itself."""
        if self._token is not None and origin(request.url or "") == self._origin:
            request.headers["Authorization"] = self._token.text
        return request


@lru_cache(maxsize=8)
def _escaped(token: str) -> re.Pattern[str]:
    r"""What JSON can write for the token: each character as it is, as four hex digits, or after a backslash.

    >>> bool(_escaped("a/b").fullmatch(r"\u0061\/b")), bool(_escaped("a/b").search("a-b"))
    (True, False)
    """
    return re.compile("".join(map(_written, token)))


def _written(letter: str) -> str:
    r"""The ways to write a character in JSON, as a pattern; beyond the first plane it takes two escapes."""
    halves = letter.encode("utf-16-be").hex()
    escapes = "".join(rf"\\u(?i:{halves[at : at + 4]})" for at in range(0, len(halves), 4))
    ways = [re.escape(letter), escapes, *([r"\\/"] if letter == "/" else [])]
    return f"(?:{'|'.join(ways)})"


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address.

    >>> origin("https://data.example.vn/vi/") == origin("https://DATA.example.vn:443")
    True
    """
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)
