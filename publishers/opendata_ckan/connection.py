"""HTTP to one CKAN portal: action calls by ckanapi, uploads streamed from disk, downloads as streams.

Each answer is judged, each request counted and bounded in time and size. What is done here is done once:
trying again is `patience`'s.
"""

from __future__ import annotations

import contextlib
import io
import re
import ssl
import threading
import weakref
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import requests
from ckanapi import RemoteCKAN

from opendata.errors import PortalError, UsageError
from opendata.files import CHUNK, disk
from opendata.messages import _
from opendata.model import as_object
from opendata_ckan import answers
from opendata_ckan.download import Download, refuse_other_part
from opendata_ckan.sessions import AGENT, Session, origin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opendata.model import Json, JsonValue, Target

CONNECT = 10.0
READ = 60.0
UPLOAD = 900.0
"""Seconds: to connect, between two bytes of an answer, and for a portal to take in what was uploaded."""
LONGEST = 256 << 20
"""Bytes: no answer to an action call is longer."""
GONE = frozenset({401, 403, 404, 410})
"""HTTP statuses by which something is refused."""
_READ_PIECE = 64 << 10
_SIZE = re.compile("[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be sent: its name, and its bytes in a file or, where they are few, at hand."""

    name: str
    mediatype: str
    content: Path | bytes
    bytes: int


@dataclass(slots=True)
class Tally:
    """How many requests were sent, and how many bytes of files in them."""

    requests: int = 0
    bytes: int = 0


class Connection:
    """One portal, asked as the holder of the target's token (the owner) or as an anonymous visitor.

    Each thread keeps connections of its own open, so that one that ends its own takes none from the others.
    """

    def __init__(self, target: Target) -> None:
        """Nothing is sent yet.

        Raises:
            UsageError: the file of certificates is not there.
        """
        self.address = target.location.rstrip("/")
        self.signed_in = target.token is not None
        self.token_variable = target.token_env
        self._verify = _certificates(target.ca_bundle)
        self._token = target.token
        self._of_thread = threading.local()

    def call(self, action: str, data: Json, *, visitor: bool = False) -> JsonValue:
        """The result of an action, called by POST.

        Raises:
            PortalError: as `answers` has it.
        """
        session = self._session(visitor=visitor)
        carrier = _Carrier(self.address, session=session, user_agent=AGENT)
        with self._reaching(action):
            result: JsonValue = carrier.call_action(action, dict(data), requests_kwargs=self._options(READ))
            return result

    def show(self, action: str, data: Json, *, visitor: bool = False) -> Json:
        """The result of an action that answers an object.

        Raises:
            PortalError: as `answers` has it, or it is no object.
        """
        found = as_object(self.call(action, data, visitor=visitor))
        if not found:
            raise answers.odd(_("an empty answer"), f"{self.address} {action}")
        return found

    def send(self, action: str, fields: Mapping[str, str], uploads: Mapping[str, Upload]) -> Json:
        """The result of an action called with files, which are read from disk while they are sent.

        Raises:
            PortalError: as `answers` has it.
            DiskError: a file cannot be read.
        """
        from requests_toolbelt import MultipartEncoder

        with contextlib.ExitStack() as opened:
            parts: dict[str, object] = dict(fields)
            for key, upload in uploads.items():
                parts[key] = (upload.name, opened.enter_context(_opened(upload)), upload.mediatype)
                self._tally().bytes += upload.bytes
            body = MultipartEncoder(parts)
            carrier = _Carrier(self.address, session=self._session(visitor=False), user_agent=AGENT)
            with self._reaching(action):
                return as_object(carrier.upload(action, body, self._options(UPLOAD)))

    def open(self, path: str, start: int = 0, *, visitor: bool = False) -> BinaryIO:
        """The bytes at a path of the portal, from `start` on; redirects are followed, the token stays.

        None are there where the portal says that the file ends before.

        Raises:
            PortalError: as `answers` has it.
        """
        wanted = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        response = self._get(path, wanted, visitor=visitor)
        try:
            if start and response.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                response.close()
                return io.BytesIO()  # it has no byte there
            self._refuse(response, path)
            skip = refuse_other_part(response, start, path)
            return cast("BinaryIO", Download(response, self.address + path, skip))  # a buffer would lose what came
        except BaseException:
            response.close()
            raise

    def knock(self, path: str) -> bool:
        """True where an anonymous visitor who asks for a page or file gets it; False where they are refused.

        Raises:
            PortalError: nobody can tell from the answer.
        """
        with self._get(path, {}, visitor=True) as response:
            to_login = "/user/login" in response.url
            if response.status_code in GONE or to_login:
                return False
            self._refuse(response, path)
            return True

    def size(self, path: str, *, visitor: bool = False) -> int | None:
        """The size of the file at a path, by its headers; None where the portal does not tell.

        Raises:
            PortalError: as `answers` has it.
        """
        session = self._session(visitor=visitor)
        with self._reaching(path):
            response = session.head(
                self.address + path,
                headers={"Accept-Encoding": "identity"},
                allow_redirects=True,
                **self._options(READ),
            )
        self._refuse(response, path)
        told = response.headers.get("Content-Length", "")
        return int(told) if _SIZE.fullmatch(told) else None

    @contextlib.contextmanager
    def counting(self) -> Iterator[Tally]:
        """Count what this thread sends meanwhile."""
        self._of_thread.tally = Tally()
        yield self._tally()

    def part(self) -> None:
        """Close what this thread keeps open: a web server that binds each to one of its processes can choose anew."""
        for visitor in (False, True):
            self._session(visitor=visitor).close()

    def _tally(self) -> Tally:
        current: Tally | None = getattr(self._of_thread, "tally", None)
        return current if current is not None else Tally()

    def _session(self, *, visitor: bool) -> Session:
        name = "visitor" if visitor else "owner"
        kept: Session | None = getattr(self._of_thread, name, None)
        if kept is None:
            kept = Session(self.address, None if visitor else self._token)
            setattr(self._of_thread, name, kept)
            weakref.finalize(self, kept.close)
        return kept

    def _get(self, path: str, headers: Mapping[str, str], *, visitor: bool) -> requests.Response:
        session = self._session(visitor=visitor)
        with self._reaching(path):
            return session.get(self.address + path, headers=headers, stream=True, **self._options(READ))

    def _refuse(self, response: requests.Response, path: str) -> None:
        status, where = response.status_code, self.address + path
        if status in answers.BUSY:
            raise answers.busy(status, response.headers.get("Retry-After"), where)
        if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
            raise answers.missing(where)
        if status in GONE:
            raise answers.denied(where)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise answers.busy(status, None, where)
        if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
            said = f"HTTP {status}"
            raise answers.odd(said, where)

    def _options(self, seconds: float) -> dict[str, Any]:
        """What each request is given. `verify` at each, since an environment variable beats the session's own."""
        return {"timeout": (CONNECT, seconds), "verify": self._verify}

    @contextlib.contextmanager
    def _reaching(self, what: str) -> Iterator[None]:
        """Count a request, and turn what goes wrong on the way into an error of ours."""
        self._tally().requests += 1
        where = f"{self.address} {what}" if not what.startswith("/") else self.address + what
        try:
            yield
        except requests.exceptions.SSLError as fault:
            raise _untrusted(self.address, named=self._verify is not True) from fault
        except (requests.exceptions.TooManyRedirects, ValueError) as fault:  # sent on and on, or to no address at all
            raise answers.odd(type(fault).__name__, where) from fault
        except requests.exceptions.RequestException as fault:
            raise _away(fault, where) from fault


class _Carrier(RemoteCKAN):  # type: ignore[misc]  # ckanapi has no types
    """ckanapi's client, with the answer judged by its status before its words, and read up to a bound."""

    base_url = "api/3/action/"

    def upload(self, action: str, body: Any, options: dict[str, Any]) -> JsonValue:  # noqa: ANN401 - the encoder has no types
        """Post a multipart body, which is streamed, as ckanapi posts JSON."""
        url = f"{self.address.rstrip('/')}/{self.base_url}{action}"
        headers = {"Content-Type": body.content_type, "User-Agent": AGENT}
        return answers.judged(*self._request_fn(url, body, headers, None, options), f"{self.address} {action}")

    def call_action(self, action: str, data_dict: Any = None, **more: Any) -> Any:  # noqa: ANN401 - as ckanapi has it
        from ckanapi.common import prepare_action

        url, data, headers = prepare_action(action, data_dict, None, None, base_url=self.base_url)
        headers["User-Agent"] = AGENT
        options = more.get("requests_kwargs") or {}
        answer = self._request_fn(f"{self.address.rstrip('/')}/{url}", data, headers, None, options)
        return answers.judged(*answer, f"{self.address} {action}")

    def _request_fn(self, url: str, data: Any, headers: Any, files: Any, requests_kwargs: Any) -> tuple[int, str]:  # noqa: ANN401 - as ckanapi has it
        with self.session.post(
            url, data=data, headers=headers, files=files, allow_redirects=False, stream=True, **requests_kwargs
        ) as response:
            _refuse_status(response, url, self.session.hide(response.headers.get("Location", "")))
            return response.status_code, self.session.hide(_text(response, url))


def _refuse_status(response: requests.Response, url: str, location: str) -> None:
    status = response.status_code
    if status in answers.BUSY:
        raise answers.busy(status, response.headers.get("Retry-After"), url)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        raise answers.too_large(url)
    if response.is_redirect or response.is_permanent_redirect:
        host = origin(location)[1]
        what = _("The portal sends us to another address, at {host}.").format(host=host or "–")
        raise PortalError(what, url, _("If that is the portal, give its address as it is there."))


def _text(response: requests.Response, url: str) -> str:
    pieces, length = [], 0
    for piece in response.iter_content(_READ_PIECE):
        pieces.append(piece)
        length += len(piece)
        if length > LONGEST:
            raise answers.odd(_("an answer without an end"), url)
    return b"".join(pieces).decode("utf-8", "replace")


def _opened(upload: Upload) -> BinaryIO:
    if isinstance(upload.content, bytes):
        return io.BytesIO(upload.content)
    with disk(upload.content):
        return upload.content.open("rb", buffering=CHUNK)


def _certificates(bundle: str | None) -> str | bool:
    if bundle is None:
        return True
    remedy = _("Write in opendata.toml where the file with the portal's certificates is.")
    if not Path(bundle).is_file():
        raise UsageError(_("The file of certificates (ca_bundle) is not there."), bundle, remedy)
    with disk(Path(bundle)):
        try:
            ssl.create_default_context(cafile=bundle)
        except ssl.SSLError as fault:
            what = _("The file of certificates (ca_bundle) holds no certificate in PEM form.")
            raise UsageError(what, bundle, remedy) from fault
    return bundle


def _untrusted(address: str, *, named: bool) -> PortalError:
    remedy = _("Ask whoever keeps the portal for its certificate authority, and name the file as ca_bundle.")
    if named:
        remedy = _(
            "The file that ca_bundle names does not vouch for it: ask whoever keeps the portal for the right one."
        )
    return PortalError(_("The portal cannot prove who it is: its certificate is not trusted."), address, remedy)


def _away(fault: requests.exceptions.RequestException, where: str) -> answers.PassingError:
    slow = isinstance(fault, requests.exceptions.Timeout)
    what = _("The portal does not answer in time.") if slow else _("The portal cannot be reached, or broke off.")
    return answers.PassingError(what, where, _("Check the address and the network, then run the same command again."))
