"""What an answer to an action call means, each kind of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from opendata.errors import PortalError
from opendata_ckan import answers
from opendata_ckan.answers import (
    SHOWN,
    DeniedError,
    InvalidError,
    MissingError,
    NoActionError,
    PassingError,
    busy,
    judged,
)

WHERE = "https://data.example.vn package_show"


def refused(kind: str, **more: Any) -> str:  # noqa: ANN401 - whatever JSON has
    return json.dumps({"help": "", "success": False, "error": {"__type": kind, **more}})


@pytest.mark.parametrize("value", [{"a": 1}, [1], "text", "", None, True, 0])
def test_a_result_is_what_stands_there(value: Any) -> None:  # noqa: ANN401 - whatever JSON has
    assert judged(200, json.dumps({"success": True, "result": value}), WHERE) == value


@pytest.mark.parametrize(
    ("status", "text", "kind", "said"),
    [
        (403, refused("Authorization Error", message="Access denied: no"), DeniedError, "does not allow"),
        (404, refused("Not Found Error", message="Not found: paddy"), MissingError, "no such thing"),
        (404, refused("Not Found Error"), MissingError, "no such thing"),
        (409, refused("Validation Error", name=["Taken."]), InvalidError, '{"name": ["Taken."]}'),
        (409, refused("Search Query Error", message="Search Query is invalid: {'a'}"), PassingError, "{'a'}"),
        (409, refused("Search Error", message="Search error: down"), PassingError, "failed: down"),
        (409, refused("Search Error"), PassingError, "failed: –"),
        (409, refused("Search Error", message={"a": 1}), PassingError, "failed: {'a': 1}"),
        (500, refused("Search Index Error", message="Unable to add: disk"), PassingError, "failed: disk"),
        (409, refused("Integrity Error", message="x"), PassingError, "answers oddly: HTTP 409"),
        (401, "<html>Sign in</html>", DeniedError, "does not allow"),
        (403, "<html>Forbidden</html>", DeniedError, "does not allow"),
        (400, json.dumps("Bad request - Action name not known: x_status"), NoActionError, "does not offer"),
        (400, json.dumps("Bad request - JSON Error: No request body data"), PassingError, "No request body data"),
        (400, "Bad request", PassingError, "HTTP 400 Bad request"),
        (404, "<html>Not here</html>", PortalError, "no CKAN portal at this address"),
        (405, "<html>Not so</html>", PortalError, "no CKAN portal at this address"),
        (501, "", PortalError, "no CKAN portal at this address"),
        (500, "<html>Server error</html>", PassingError, "failed: HTTP 500"),
        (500, json.dumps({"success": False, "error": {"message": "x"}}), PassingError, "failed: HTTP 500"),
        (200, "<!DOCTYPE html><title>Maintenance</title>", PassingError, "oddly: HTTP 200 <!DOCTYPE html>"),
        (200, "", PassingError, "answers oddly: HTTP 200"),
        (200, "[1]", PassingError, "answers oddly: HTTP 200 [1]"),
        (200, "null", PassingError, "answers oddly: HTTP 200 null"),
        (200, json.dumps({"success": False}), PassingError, "answers oddly"),
        (200, json.dumps({"success": True}), PassingError, "answers oddly"),
        (200, json.dumps({"error": "a text"}), PassingError, "answers oddly"),
        (200, "[" * 100_000, PassingError, "answers oddly"),
        (400, "[" * 100_000, PassingError, "answers oddly"),
    ],
)
def test_a_refusal_is_of_its_kind_and_says_where(status: int, text: str, kind: type[PortalError], said: str) -> None:
    with pytest.raises(PortalError) as caught:
        judged(status, text, WHERE)
    assert type(caught.value) is kind
    assert said in caught.value.what
    assert (caught.value.where, bool(caught.value.remedy)) == (WHERE, True)
    assert caught.value.__suppress_context__


def test_fields_that_are_not_accepted_are_told_apart_from_what_they_are() -> None:
    with pytest.raises(InvalidError) as caught:
        judged(409, refused("Validation Error", name=["Đã có."], extras=[{}, {"key": ["x"]}]), WHERE)
    assert caught.value.fields == {"name": ["Đã có."], "extras": [{}, {"key": ["x"]}]}
    assert "Đã có." in caught.value.what
    assert InvalidError.fields == {}


def test_a_file_too_large_is_told_by_status_or_by_words() -> None:
    with pytest.raises(InvalidError, match="does not take a file this large") as caught:
        judged(409, refused("Validation Error", upload=["File upload too large"]), WHERE)
    assert caught.value.fields == {"upload": ["too large"]}
    assert answers.too_large(WHERE).fields == {}  # of a whole form too large nobody can tell which file is


@pytest.mark.parametrize(
    "text", [refused("Validation Error", name=["x" * 5000]), "y" * 5000, refused("Search Error", message="z" * 5000)]
)
def test_a_portals_own_words_are_cut_and_stand_on_one_line(text: str) -> None:
    with pytest.raises(PortalError) as caught:
        judged(409, text.replace("xx", "x\\n"), WHERE)
    assert len(caught.value.what) < SHOWN + 100
    assert "\n" not in caught.value.what


def test_half_a_character_in_a_portals_words_can_be_printed() -> None:
    for text in (refused("Validation Error", name=["\ud800"]), refused("Search Error", message="\ud800")):
        with pytest.raises(PortalError) as caught:
            judged(409, text, WHERE)
        assert "\\ud800" in str(caught.value).encode().decode()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("5", 5.0),
        (" 120 ", 120.0),
        ("0", 0.0),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("Wed, 21 Oct 2099 07:28:00", None),
        ("Wed, 21 Oct 2099 07:28:00 +99999999999999999999", None),
        ("Wed, 99999999999999999999999 Oct 2099 07:28:00 GMT", None),
        ("9" * 5000, float("inf")),
    ],
)
def test_what_a_busy_portal_asks_for(header: str | None, seconds: float | None) -> None:
    fault = busy(503, header, WHERE)
    assert "HTTP 503" in fault.what
    assert fault.wait == seconds


def test_a_date_to_wait_for_is_that_far_away() -> None:
    header = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    wait = busy(503, header, WHERE).wait
    assert wait is not None
    assert 28 <= wait <= 30
    assert PassingError.wait is None
