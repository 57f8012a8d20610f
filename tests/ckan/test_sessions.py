from __future__ import annotations

import pytest

from opendata.model import Secret
from opendata_ckan.sessions import PIECE, Session


@pytest.mark.parametrize("address", ["http://data.example.vn", "https://data.example.vn"])
def test_a_large_file_is_sent_in_large_pieces(address: str) -> None:
    with Session(address, Secret("word", "test")) as session:
        adapter = session.get_adapter(address)
        managers = [adapter.poolmanager, adapter.proxy_manager_for("http://proxy.example.vn:3128")]
        assert [manager.connection_pool_kw["blocksize"] for manager in managers] == [PIECE, PIECE]
