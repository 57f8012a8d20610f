"""A file on its way from the portal, as a stream that tells when the way breaks."""

from __future__ import annotations

import io
import re
from http import HTTPStatus
from typing import TYPE_CHECKING

import requests
import urllib3

from opendata.messages import _
from opendata_ckan import answers

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

PIECE = 1 << 20


class Download(io.RawIOBase):
    """The bytes of an answer, none of them kept. The first `skip` are thrown away."""

    def __init__(self, response: requests.Response, where: str, skip: int = 0) -> None:
        """Take over the answer; it is closed with the stream."""
        super().__init__()
        self._response = response
        self._where = where
        self._skip = skip

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer as far as bytes have come.

        Raises:
            PassingError: the connection broke off before the end.
        """
        view = memoryview(buffer).cast("B")
        while self._skip:
            self._skip -= len(self._piece(min(self._skip, PIECE))) or self._skip
        piece = self._piece(min(len(view), PIECE))
        view[: len(piece)] = piece
        return len(piece)

    def close(self) -> None:
        """Close the connection, or give it back where all was read."""
        self._response.close()
        super().close()

    def _piece(self, size: int) -> bytes:
        try:
            piece: bytes = self._response.raw.read(size, decode_content=False)
        except (urllib3.exceptions.HTTPError, requests.exceptions.RequestException, OSError) as fault:
            remedy = _("Run the same command again: it goes on where it stopped.")
            raise answers.PassingError(_("The connection broke off within a file."), self._where, remedy) from fault
        return piece


def refuse_other_part(response: requests.Response, start: int, path: str) -> int:
    """How many bytes of an answer come before the byte `start`: all of them where the portal sends the whole file.

    Raises:
        PassingError: it sends another part than the one asked for.
    """
    if response.status_code != HTTPStatus.PARTIAL_CONTENT:
        return start
    if re.match(rf"bytes {start}-", response.headers.get("Content-Range", "")) is None:
        raise answers.odd(_("another part of the file than the one asked for"), path)
    return 0
