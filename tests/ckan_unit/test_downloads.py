"""A file fetched from a portal whose connection breaks off: all that came counts, and the rest is asked for."""

from __future__ import annotations

import hashlib
import io

import pytest
from scripted_portal import Asked, Scripted, Told

from opendata import client
from opendata.errors import IntegrityError, PortalError
from opendata.model import PortalFile
from opendata_ckan import CkanPublisher
from opendata_ckan.answers import PassingError

WHOLE = bytes(range(256)) * 40
WANTED = client._Wanted("t", "csv", hashlib.sha256(WHOLE).hexdigest(), PortalFile("t.csv", len(WHOLE), None, "/f"))


pytestmark = pytest.mark.usefixtures("slept")


def part(asked: Asked, most: int | None = None) -> Told:
    """What is asked for, as servers give it; no more than `most` of it before the connection breaks off."""
    start = int(asked.headers.get("range", "bytes=0-")[6:-1])
    left = WHOLE[start:]
    if not left:
        return Told(416, b"<html>", {"Content-Range": f"bytes */{len(WHOLE)}"})
    headers = {"Content-Range": f"bytes {start}-{len(WHOLE) - 1}/{len(WHOLE)}", "Connection": "close"}
    return Told(206 if start else 200, left[:most], headers, length=str(len(left)))


def fetched(portal: Scripted, kept: bytes = b"") -> bytes:
    stream = io.BytesIO(kept)
    client._fetch(CkanPublisher(portal.target()), WANTED, stream)
    return stream.getvalue()


def test_all_that_came_before_a_break_counts() -> None:
    with Scripted(lambda asked: part(asked, 3000)) as portal:
        assert fetched(portal) == WHOLE
    assert [asked.headers.get("range") for asked in portal.log] == [
        None,
        "bytes=3000-",
        "bytes=6000-",
        "bytes=9000-",
    ]


def test_a_portal_that_gives_nothing_any_more_is_given_up() -> None:
    with Scripted(lambda asked: part(asked, 0 if "range" in asked.headers else 100)) as portal:
        with pytest.raises(PassingError, match="broke off within a file"):
            fetched(portal)
        assert len(portal.log) == 2


def test_a_file_that_is_there_whole_is_not_asked_for() -> None:
    with Scripted(part) as portal:
        assert fetched(portal, WHOLE) == WHOLE
        assert portal.log == []


@pytest.mark.parametrize("kept", [b"x" * len(WHOLE), WHOLE + b"more"])
def test_what_is_longer_or_other_than_the_file_is_refused_and_thrown_away(kept: bytes) -> None:
    stream = io.BytesIO(kept)
    with Scripted(part) as portal:
        with pytest.raises(IntegrityError):
            client._fetch(CkanPublisher(portal.target()), WANTED, stream)
        assert stream.getvalue() == b""
        assert fetched(portal) == WHOLE


def test_a_portal_that_has_no_beginning_of_a_file_answers_oddly() -> None:
    with Scripted(Told(416)) as portal, pytest.raises(PortalError, match="HTTP 416"):
        fetched(portal)


def test_no_byte_is_there_after_the_last_one() -> None:
    with Scripted(part) as portal, portal.connection().open("/f", len(WHOLE)) as stream:
        assert stream.read() == b""
