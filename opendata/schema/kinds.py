"""What a single text could be: the kinds of value whose form it has, beyond text."""

from __future__ import annotations

import functools
import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

INTEGER, NUMBER, COMMA, BOOLEAN, YEAR = "integer", "number", "comma", "boolean", "year"
DATE, DAY_FIRST, DATETIME, MOMENT, TIME = "date", "day-first", "datetime", "moment", "time"
# In the order in which they are preferred where several fit. MOMENT: a datetime with an offset from UTC;
# COMMA: a number in Vietnamese form, 1.234,5; DAY_FIRST: dd/mm/yyyy.
KINDS: Final = (BOOLEAN, YEAR, INTEGER, NUMBER, COMMA, DATE, DATETIME, MOMENT, TIME, DAY_FIRST)

# Texts that stand for "no value" in Vietnamese tables; an empty cell is one anyway.
MARKERS: Final = ("..", "...", "-", "NA", "N/A")

_DAY, _CLOCK = r"[0-9]{4}-[0-9]{2}-[0-9]{2}", r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
_FORM = re.compile(
    r"(?P<boolean>true|True|TRUE|false|False|FALSE)"
    r"|(?P<whole>-?(?:0|[1-9][0-9]*))"
    r"|(?P<point>-?(?:0|[1-9][0-9]*)\.[0-9]+)"
    r"|(?P<power>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?[eE][+-]?[0-9]{1,3})"
    r"|(?P<comma>-?(?:0|[1-9][0-9]*|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?)"
    rf"|(?P<date>{_DAY})|(?P<datetime>{_DAY}T{_CLOCK})|(?P<moment>{_DAY}T{_CLOCK}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}}))"
    rf"|(?P<time>{_CLOCK})|(?P<slashes>[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}})"
)
_ONE_GROUP = re.compile(r"-?[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+")
_A_YEAR = re.compile(r"[12][0-9]{3}")
_SAFE_DIGITS, _THOUSAND, _INT64, _MONTHS = 15, 1000, 2**63, 12


@functools.lru_cache(maxsize=1 << 16)
def kinds_of(text: str) -> frozenset[str]:
    """The kinds that a text, not empty and no marker, has the form of.

    >>> sorted(kinds_of("1995")), sorted(kinds_of("1.234,5")), sorted(kinds_of("0123"))
    (['comma', 'integer', 'number', 'year'], ['comma'], [])
    """
    found = _FORM.fullmatch(text)
    return _READINGS[found.lastgroup or ""](text) if found else frozenset()


def settles_point(text: str) -> bool:
    """True where a text tells that a point stands before decimals: 1.5 or 12345, but not 1.234.

    >>> [settles_point(text) for text in ("1.5", "0.123", "12345", "1.234", "12")]
    [True, True, True, False, False]
    """
    return _plain_thousand(text) or "e" in text.lower() or ("." in text and not _ONE_GROUP.fullmatch(text))


def settles_comma(text: str) -> bool:
    """True where a text tells that a comma stands before decimals and a point between thousands.

    >>> [settles_comma(text) for text in ("1,5", "1.234,5", "1.234.567", "1,234", "1.234")]
    [True, True, True, False, False]
    """
    return _plain_thousand(text) or (("," in text or "." in text) and not _ONE_GROUP.fullmatch(text))


def settles_day(text: str) -> bool:
    """True where a date with slashes can only have its day first.

    >>> settles_day("13/01/2024"), settles_day("12/01/2024")
    (True, False)
    """
    return int(text.partition("/")[0]) > _MONTHS


def day_first(text: str) -> date:
    """The date of a text such as 5/1/2024. Raises ValueError where there is no such day."""
    day, month, year = (int(part) for part in text.split("/"))
    return date(year, month, day)


def _plain_thousand(text: str) -> bool:
    return text.lstrip("-").isdigit() and abs(int(text)) >= _THOUSAND


def _keeps(text: str) -> bool:
    if len(text) <= _SAFE_DIGITS and "e" not in text.lower():
        return True
    number = Decimal(text)
    return Decimal(repr(float(number))) == number


def _whole(text: str) -> frozenset[str]:
    if len(text) > _SAFE_DIGITS + 5 or not -_INT64 <= int(text) < _INT64:
        return frozenset()
    return frozenset(
        {
            INTEGER,
            *((NUMBER, COMMA) if _keeps(text) else ()),
            *((YEAR,) if _A_YEAR.fullmatch(text) else ()),
        }
    )


def _point(text: str) -> frozenset[str]:
    kinds = {NUMBER} if _keeps(text) else set()
    return frozenset(kinds | ({COMMA} if _GROUPED.fullmatch(text) else set()))


def _comma(text: str) -> frozenset[str]:
    return frozenset({COMMA}) if _keeps(text.replace(".", "").replace(",", ".")) else frozenset()


def _if_read(kind: str, read: Callable[[str], object], text: str) -> frozenset[str]:
    try:
        read(text)
    except (ValueError, OverflowError):
        return frozenset()
    return frozenset({kind})


def _in_utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


_READINGS: dict[str, Callable[[str], frozenset[str]]] = {
    "boolean": lambda _text: frozenset({BOOLEAN}),
    "whole": _whole,
    "point": _point,
    "power": lambda text: frozenset({NUMBER}) if _keeps(text) else frozenset(),
    "comma": _comma,
    "date": lambda text: _if_read(DATE, date.fromisoformat, text),
    "datetime": lambda text: _if_read(DATETIME, datetime.fromisoformat, text),
    "moment": lambda text: _if_read(MOMENT, _in_utc, text),
    "time": lambda text: _if_read(TIME, time.fromisoformat, text),
    "slashes": lambda text: _if_read(DAY_FIRST, day_first, text),
}

# The values of the kinds that have more than one text for a value; the others are compared as they are written.
VALUES: Final[dict[str, Callable[[str], object]]] = {
    INTEGER: int,
    DAY_FIRST: day_first,
    DATETIME: datetime.fromisoformat,
    MOMENT: _in_utc,
    TIME: time.fromisoformat,
    BOOLEAN: str.lower,
}
