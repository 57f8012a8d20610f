"""Dates, times, addresses: the formats that a JSON Schema validator without extras does not look at."""

from __future__ import annotations

import datetime as dt
import functools
import re
from typing import TYPE_CHECKING

from opendata.model.words import is_email

if TYPE_CHECKING:
    from collections.abc import Callable

    from jsonschema import FormatChecker

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERIOD = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:?[0-9]{2})?"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def is_date(text: str) -> bool:
    """True for a real day as YYYY-MM-DD.

    >>> is_date("2024-02-29"), is_date("2023-02-29"), is_date("20240229")
    (True, False, False)
    """
    return bool(_DATE.fullmatch(text)) and _real(text)


def is_period(text: str) -> bool:
    """True for a year, a month or a day: what a coverage begins and ends with.

    >>> [is_period(text) for text in ("1995", "2018-12", "2018-13", "2018-12-31", "12/2018")]
    [True, True, False, True, False]
    """
    found = _PERIOD.fullmatch(text)
    return found is not None and _real(f"{found[1]}-{found[2] or '01'}-{found[3] or '01'}")


def is_moment(text: str) -> bool:
    """True for a day and time as ISO 8601 has them (RFC 3339, or without its offset).

    >>> is_moment("1985-04-12T23:20:50.52Z"), is_moment("1985-04-12"), is_moment("1985-13-12T23:20:50Z")
    (True, False, False)
    """
    if not _MOMENT.fullmatch(text) or not _real(text[:10]):
        return False
    hour, minute, second = (int(part) for part in text[11:19].split(":"))
    return hour < 24 and minute < 60 and second <= 60  # noqa: PLR2004 - a clock's own figures


def is_uri(text: str) -> bool:
    """True for an absolute address.

    >>> is_uri("https://example.org/a"), is_uri("example.org"), is_uri("https://example.org/a b")
    (True, False, False)
    """
    return bool(_URI.fullmatch(text))


@functools.cache
def checker() -> FormatChecker:
    """The formats above for jsonschema; a value that is no text is the affair of its type."""
    from jsonschema import FormatChecker

    made = FormatChecker(formats=())
    rules = {"date": is_date, "period": is_period, "date-time": is_moment, "uri": is_uri, "email": is_email}
    for name, rule in rules.items():
        made.checkers[name] = (functools.partial(_holds, rule), ())
    return made


def _holds(rule: Callable[[str], bool], value: object) -> bool:
    return not isinstance(value, str) or rule(value)


def _real(day: str) -> bool:
    try:
        dt.date.fromisoformat(day)
    except ValueError:
        return False
    return True
