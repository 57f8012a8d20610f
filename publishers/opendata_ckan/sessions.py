"""HTTP sessions that give a token to nobody but the portal, and none at all on a visitor's behalf."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

if TYPE_CHECKING:
    from opendata.model import Secret

AGENT = "opendata-vn (+https://datapackage.org)"
POOL = 32
_PORTS = {"http": 80, "https": 443}


class Session(requests.Session):
    """Takes a token along to its own origin only; keeps no cookies; never reads a .netrc file."""

    def __init__(self, address: str, token: Secret | None) -> None:
        """`address` is the portal's; without a token it is what an anonymous visitor's browser sends."""
        super().__init__()
        self.auth = _Bearer(address, token)
        self.headers["User-Agent"] = AGENT
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in _PORTS:
            self.mount(f"{scheme}://", HTTPAdapter(pool_connections=POOL, pool_maxsize=POOL))

    def rebuild_auth(self, prepared_request: requests.PreparedRequest, response: requests.Response) -> None:  # noqa: ARG002 - as requests has it
        """On a redirect: the token goes along to the same origin only."""
        prepared_request.headers.pop("Authorization", None)
        if isinstance(self.auth, _Bearer):
            self.auth(prepared_request)


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


def origin(address: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address.

    >>> origin("https://data.example.vn/vi/") == origin("https://DATA.example.vn:443")
    True
    """
    parts = urlsplit(address)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _PORTS.get(parts.scheme)
