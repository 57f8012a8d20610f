"""What is tried again, how often, and after what time; no test waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scripted_portal import Scripted, Told, result

from opendata.errors import PortalError
from opendata_ckan import patience
from opendata_ckan.answers import DeniedError, InvalidError, MissingError, NoActionError, PassingError

if TYPE_CHECKING:
    from collections.abc import Callable

AWAY = Told(503, b"<html>away</html>", {"Content-Type": "text/html"})


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of each wait, none of which is waited for."""
    told: list[float] = []
    monkeypatch.setattr(patience, "_sleep", told.append)
    return told


def failing(times: int, fault: BaseException) -> Callable[[], str]:
    left = [fault] * times

    def read() -> str:
        if left:
            raise left.pop()
        return "there"

    return read


def passing(wait: float | None = None) -> PassingError:
    fault = PassingError("busy")
    fault.wait = wait
    return fault


def test_what_passes_is_tried_again_each_time_later(slept: list[float]) -> None:
    assert patience.patiently(failing(patience.ATTEMPTS - 1, passing())) == "there"
    spans = [patience.FIRST * 2**number for number in range(patience.ATTEMPTS - 1)]
    assert len(slept) == len(spans)
    assert all(span / 2 <= seconds <= span for seconds, span in zip(slept, spans, strict=True))


def test_what_does_not_pass_is_raised_as_it_is_at_the_end(slept: list[float]) -> None:
    fault = passing()
    with pytest.raises(PassingError) as caught:
        patience.patiently(failing(patience.ATTEMPTS, fault))
    assert caught.value is fault
    assert len(slept) == patience.ATTEMPTS - 1


@pytest.mark.parametrize(
    "fault",
    [DeniedError("x"), MissingError("x"), InvalidError("x"), NoActionError("x"), PortalError("x"), KeyError("x")],
)
def test_nothing_else_is_tried_again(slept: list[float], fault: Exception) -> None:
    with pytest.raises(type(fault)):
        patience.patiently(failing(1, fault))
    assert slept == []


def test_a_portal_is_waited_for_as_long_as_it_asks(slept: list[float]) -> None:
    assert patience.patiently(failing(2, passing(patience.LONGEST))) == "there"
    assert all(patience.LONGEST < seconds <= patience.LONGEST + 1 for seconds in slept)


def test_one_that_asks_for_too_long_is_not_waited_for(slept: list[float]) -> None:
    with pytest.raises(PassingError):
        patience.patiently(failing(1, passing(patience.LONGEST + 1)))
    assert slept == []


def test_it_sleeps_in_truth() -> None:
    patience._sleep(0)


@pytest.mark.parametrize("header", ["2", "Wed, 21 Oct 2015 07:28:00 GMT", None])
def test_a_busy_portal_is_asked_again(slept: list[float], header: str | None) -> None:
    busy = Told(429, b"", {"Retry-After": header} if header else {})
    with Scripted(busy, AWAY, result({"a": 1})) as portal:
        connection = portal.connection()
        assert patience.patiently(lambda: connection.call("package_show", {"id": "a"})) == {"a": 1}
    assert len(portal.log) == 3
    assert (slept[0] > 2) is (header == "2")


def test_a_portal_closed_until_tomorrow_is_asked_once(slept: list[float]) -> None:
    with Scripted(Told(503, b"", {"Retry-After": "86400"})) as portal:
        connection = portal.connection()
        with pytest.raises(PassingError, match="busy or away"):
            patience.patiently(lambda: connection.call("package_show", {"id": "a"}))
    assert (len(portal.log), slept) == (1, [])
