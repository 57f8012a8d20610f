"""A token goes to the portal's own origin, and nothing else goes anywhere."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
import requests
from scripted_portal import KEY, Asked, Scripted, Told, error, redirect, result

from opendata.errors import PortalError
from opendata.model import Secret, Target
from opendata_ckan.answers import SHOWN
from opendata_ckan.connection import Connection, Upload
from opendata_ckan.sessions import AGENT, PIECE, Session, origin

if TYPE_CHECKING:
    from pathlib import Path

SECRET = Secret(KEY, "test")
BYTES = Told(200, b"bytes")


def tokens(portal: Scripted) -> list[str | None]:
    return [asked.token for asked in portal.log]


def header(session: requests.Session, address: str) -> str | None:
    """The token that a request to that address would carry."""
    return session.prepare_request(requests.Request("GET", address)).headers.get("Authorization")


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("https://data.example.vn/api", True),
        ("https://DATA.EXAMPLE.VN:443/", True),
        ("https://data.example.vn:8443/", False),
        ("http://data.example.vn/", False),
        ("http://data.example.vn:443/", False),
        ("https://example.vn/", False),
        ("https://data.example.vn.evil.example/", False),
        ("https://evil.example/?https://data.example.vn/", False),
        ("https://data.example.vn@evil.example/", False),
    ],
)
def test_the_token_belongs_to_scheme_host_and_port(address: str, sent: bool) -> None:  # noqa: FBT001 - a table of cases
    session = Session("https://data.example.vn/vi/", SECRET)
    assert header(session, address) == (KEY if sent else None)
    assert header(Session("https://data.example.vn/vi/", None), address) is None


def test_an_address_without_a_host_has_an_origin_of_its_own() -> None:
    assert origin("") == ("", "", None)
    assert origin("https://a.vn") != origin("http://a.vn")


def test_no_other_way_of_signing_in_is_taken_on_a_redirect() -> None:
    session = Session("https://data.example.vn", SECRET)
    session.auth = ("somebody", "else")
    request = requests.Request("GET", "https://data.example.vn", headers={"Authorization": "old"}).prepare()
    session.rebuild_auth(request, requests.Response())
    assert "Authorization" not in request.headers


def test_a_redirect_within_the_portal_keeps_the_token() -> None:
    def answer(asked: Asked) -> Told:
        return redirect("/there") if asked.path == "/here" else BYTES

    with Scripted(answer) as portal, portal.connection().open("/here") as stream:
        assert stream.read() == b"bytes"
    assert tokens(portal) == [KEY, KEY]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("way", ["other port", "other name"])
def test_a_redirect_elsewhere_loses_the_token_for_good(status: int, way: str) -> None:
    with Scripted(BYTES) as portal:
        back = portal.url + "/back"
        with Scripted(redirect(back, status)) as other:
            away = other.url if way == "other port" else other.url.replace("127.0.0.1", "localhost")
            portal._script[:] = [redirect(away + "/store", status), BYTES]
            with portal.connection().open("/file") as stream:
                assert stream.read() == b"bytes"
        assert tokens(other) == [None]
    assert tokens(portal) == [KEY, KEY]  # it is the portal's own again


def test_asking_for_a_size_loses_it_elsewhere_too() -> None:
    with Scripted(BYTES) as other, Scripted(redirect(other.url)) as portal:
        assert portal.connection().size("/file") == 5
    assert (tokens(portal), tokens(other)) == ([KEY], [None])


def test_a_visitor_has_no_token() -> None:
    with Scripted(result({"a": 1})) as portal:
        connection = portal.connection()
        connection.call("package_show", {}, visitor=True)
        connection.size("/x", visitor=True)
        assert connection.knock("/x")
        connection.open("/x", visitor=True).close()
    assert tokens(portal) == [None] * 4
    assert {asked.headers["user-agent"] for asked in portal.log} == {AGENT}


def test_no_netrc_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n", "utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with Scripted(result({"a": 1})) as portal:
        assert requests.get(portal.url, timeout=5).ok  # a plain client would send it
        for connection in (portal.connection(), portal.connection(token=None)):
            connection.call("status_show", {})
            connection.open("/x").close()
            connection.knock("/x")
    assert (tokens(portal)[0] or "").startswith("Basic ")
    assert tokens(portal)[1:] == [KEY, KEY, None, None, None, None]


def test_a_name_and_password_in_the_address_do_not_take_its_place() -> None:
    with Scripted(result({"a": 1})) as portal:
        address = portal.url.replace("//", "//user:password@")
        Connection(Target("t", "ckan", address, token=SECRET)).call("status_show", {})
    assert tokens(portal) == [KEY]


def test_cookies_are_not_kept() -> None:
    with Scripted(Told(200, b'{"success": true, "result": {"a": 1}}', {"Set-Cookie": "ckan=1; Path=/"})) as portal:
        connection = portal.connection()
        for _try in range(2):
            connection.call("status_show", {})
            connection.knock("/x")
    assert [asked.headers.get("cookie") for asked in portal.log] == [None] * 4


def test_the_token_shows_in_no_representation() -> None:
    with Scripted(BYTES) as portal:
        connection = portal.connection()
        session = connection._session(visitor=False)
        shown = [repr(item) + str(item) for item in (connection, session, session.auth, portal.target(), SECRET)]
        shown += [str(vars(connection)), str(vars(session)), str(session.headers)]
    assert not [text for text in shown if KEY in text]


def test_the_token_is_in_no_error_and_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answers = [Told(403, b"<html>no</html>"), Told(500), Told(409, b"{}"), redirect("http://other.example/"), Told(413)]
    said = []
    with Scripted(BYTES) as portal:
        connection = portal.connection()
        for answer in answers:
            for ask in (
                lambda: connection.call("package_revise", {"a": 1}),
                lambda: connection.send("package_revise", {"a": "1"}, {"f": Upload("a", "text/csv", b"a", 1)}),
            ):
                portal._script[:] = [answer]
                with pytest.raises(PortalError) as caught:
                    ask()
                said.append(f"{caught.value!r} {caught.value} {caught.value.__cause__!r} {caught.value.__context__!r}")
    assert set(tokens(portal)) == {KEY}
    connection = Connection(Target("t", "ckan", "http://127.0.0.1:9", token=SECRET))
    with pytest.raises(PortalError) as caught:
        connection.call("package_show", {})
    said.append(f"{caught.value!r} {caught.value.__cause__!r}")
    assert any(record.name.startswith("urllib3") for record in caplog.records)
    assert not [text for text in (*said, *(record.getMessage() for record in caplog.records)) if KEY in text]


ECHO = f"Authorization: {KEY}"


@pytest.mark.parametrize(
    "answer",
    [
        Told(200, f"<html>DEBUG {ECHO}</html>".encode()),
        Told(400, f"DEBUG {'x' * (SHOWN - 30)} {ECHO}".encode()),  # cut within the token
        error(409, "Validation Error", message=[ECHO]),
        error(409, "Validation Error", **{KEY: ["x"]}),
        error(409, "Search Error", message=ECHO),
        error(409, "Integrity Error", message=ECHO),
        result(ECHO),
        result([ECHO]),
    ],
)
def test_a_portal_that_says_the_token_again_is_not_quoted_with_it(answer: Told) -> None:
    with Scripted(answer) as portal:
        connection = portal.connection()
        for ask in (
            lambda: connection.show("package_show", {}),
            lambda: [connection.send("package_revise", {"a": "1"}, {"f": Upload("a", "text/csv", b"a", 1)})],
        ):
            try:
                said = str(ask())
            except PortalError as fault:
                fields = getattr(fault, "fields", "")
                said = f"{fault!r} {fault} {fault.__cause__!r} {fault.__context__!r} {fields}"
            assert KEY[:8] not in said


@pytest.mark.parametrize("address", ["http://data.example.vn", "https://data.example.vn"])
def test_a_large_file_is_sent_in_large_pieces(address: str) -> None:
    with Session(address, Secret("word", "test")) as session:
        adapter = session.get_adapter(address)
        managers = [adapter.poolmanager, adapter.proxy_manager_for("http://proxy.example.vn:3128")]
        assert [manager.connection_pool_kw["blocksize"] for manager in managers] == [PIECE, PIECE]
        assert managers[1].pool_classes_by_scheme == managers[0].pool_classes_by_scheme


# ---- the token in what a portal says


def escaped(text: str, *, all_of_it: bool = False, capital: bool = False) -> str:
    """The text as JSON may have it: its first letter, or each, as an escape."""
    form = "\\u{:04X}" if capital else "\\u{:04x}"
    return form.format(ord(text[0])) + (escaped(text[1:], all_of_it=True) if all_of_it and text[1:] else text[1:])


@pytest.mark.parametrize("said", [KEY, escaped(KEY), escaped(KEY, all_of_it=True), escaped("\xe9", capital=True)])
def test_a_token_that_a_portal_says_again_is_hidden_however_it_is_written(said: str) -> None:
    body = b'{"success": false, "error": {"__type": "Validation Error", "name": ["bad: %b"]}}' % said.encode()
    token = "\xe9" if "E9" in said else KEY
    with Scripted(Told(409, body)) as portal, pytest.raises(PortalError) as caught:
        portal.connection(token=Secret(token, "test")).call("package_create", {})
    assert token not in str(caught.value)
    assert "bad: ***" in caught.value.what


def test_a_slash_after_a_backslash_is_a_slash() -> None:
    session = Session("https://a.vn", Secret("ab/cd\U0001f33e", "test"))
    assert (
        session.hide(r"x ab\/cd\ud83c\udf3e ab/cd\U0001f33e y ab-cd".replace(r"\U0001f33e", "\U0001f33e"))
        == "x *** *** y ab-cd"
    )


def test_a_token_in_the_address_of_a_redirect_is_hidden() -> None:
    with Scripted(redirect(f"https://{KEY}.example.vn/")) as portal, pytest.raises(PortalError) as caught:
        portal.connection().call("status_show", {})
    assert KEY not in str(caught.value)
