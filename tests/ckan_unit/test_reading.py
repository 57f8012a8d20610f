"""Reading one dataset: its descriptor is read up to a bound."""

from __future__ import annotations

import contextlib
import io

import pytest
from scripted_portal import Scripted, result

from opendata.errors import IntegrityError
from opendata_ckan import reading
from opendata_ckan.connection import Connection
from opendata_ckan.held import DIGEST, ID
from opendata_ckan.resources import PATH

DATASET = {
    "id": "k",
    "name": "paddy",
    "private": False,
    "metadata_modified": "2026",
    "extras": [{"key": ID, "value": "1"}, {"key": DIGEST, "value": "sha256:0"}],
    "resources": [{"id": "r", PATH: "datapackage.json", "url": "https://a.vn/x", "url_type": "upload"}],
}


class Endless(io.BytesIO):
    """Blanks without an end; `given` of them were read."""

    given = 0

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert size > 0
        self.given += size
        return b" " * size


def test_a_descriptor_without_an_end_is_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST", 3 << 20)
    stream = Endless()
    monkeypatch.setattr(Connection, "open", lambda *_asked, **_more: contextlib.nullcontext(stream))
    with Scripted(result(DATASET)) as portal, pytest.raises(IntegrityError, match="digest names"):
        reading.as_read(portal.connection(), "paddy")
    assert stream.given <= 2 * (4 << 20)
