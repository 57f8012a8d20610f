"""CKAN's action API, as whoever holds a token, or as nobody."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

Files = dict[str, tuple[str, bytes]]


class RefusedError(Exception):
    """The portal did not do it. `status` is HTTP's; `error` is what CKAN said."""

    def __init__(self, action: str, status: int, error: Any) -> None:  # noqa: ANN401 - JSON of any shape
        super().__init__(f"{action}: {status} {error}")
        self.status, self.error = status, error


@dataclass(frozen=True, slots=True)
class Caller:
    """Calls actions of the portal at `url`; without a token, as any visitor.

    `act("package_show", id="x")` is the action's result. With `files` (field → name and bytes) the call is a form, as
    uploads must be; what is no text in it is sent as JSON text, as `package_revise` takes it.
    """

    url: str
    token: str = field(default="", repr=False)

    def __call__(self, action: str, *, files: Files | None = None, **data: Any) -> Any:  # noqa: ANN401 - JSON
        status, body = self.ask(action, files=files, **data)
        if status != 200:
            error = body.get("error", body) if isinstance(body, dict) else body
            raise RefusedError(action, status, error)
        return body["result"]

    def ask(self, action: str, *, files: Files | None = None, **data: Any) -> tuple[int, Any]:  # noqa: ANN401 - JSON
        """The status and the body, whatever they are."""
        kind, content = _form(data, files) if files else ("application/json", json.dumps(data).encode())
        headers = {"Content-Type": kind} | ({"Authorization": self.token} if self.token else {})
        request = urllib.request.Request(f"{self.url}/api/3/action/{action}", content, headers)  # noqa: S310 - ours
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=300) as answer:
                return answer.status, _parsed(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _parsed(error.read())


def _parsed(body: bytes) -> Any:  # noqa: ANN401 - JSON, or the text of a page
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _form(data: dict[str, Any], files: Files) -> tuple[str, bytes]:
    """A multipart form: its type and its bytes."""
    border = secrets.token_hex(16)
    parts = []
    for name, value in data.items():
        text = value if isinstance(value, str) else json.dumps(value)
        parts.append((f'name="{name}"', text.encode()))
    parts += [(f'name="{name}"; filename="{called}"', content) for name, (called, content) in files.items()]
    body = b"".join(
        f"--{border}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    )
    return f"multipart/form-data; boundary={border}", body + f"--{border}--\r\n".encode()
