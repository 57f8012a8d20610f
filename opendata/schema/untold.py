"""What a text does not say of a moment, and a reader puts there; what it says, and a reader leaves out.

With the format `any` dateutil takes what is missing from today's date: the same file would be another one tomorrow.
"""

from __future__ import annotations

import functools
import re
from datetime import date, datetime
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.schema.inexact import InexactError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dateutil.parser import parser

    from opendata.model import Field

    Reader = Callable[[str], tuple[datetime, datetime]]

UTC_NAMES = {"UTC", "GMT", "Z"}
WEEKS, WEEKDAYS = {"U", "W"}, {"a", "A", "w", "u"}
TOO_MUCH = {"date": frozenset("HIMSfzcX"), "time": frozenset("YymdbBjcxGVUW"), "datetime": frozenset[str]()}
"""Parts of a pattern that a type does not keep."""
NO_DATE = date(1900, 1, 1)
"""What `strptime` supposes where a pattern has no date."""


def refuse_untold(field: Field) -> Callable[[str], None]:
    """A function that refuses texts of a valid moment whose value is not just what they say.

    It raises InexactError where the value would hold a part of today's date, or lack a date, time or zone of the text.

    >>> from opendata.model import AccessLevel, Field
    >>> refuse_untold(Field("a", "date", "any", AccessLevel.OPEN, {}))("5 Jan 2024")
    >>> refuse_untold(Field("a", "date", "any", AccessLevel.OPEN, {}))("Jan 5")
    Traceback (most recent call last):
    ...
    opendata.schema.inexact.InexactError: The date is not written in full; the rest would be taken from today's.
    """
    if field.format == "default":
        return _nothing
    if field.format == "any":
        return functools.partial(_REFUSALS[field.type], _freely)
    return _by(field.type, field.format)


def _nothing(_text: str) -> None:
    pass


def _date(read: Reader, text: str) -> None:
    first, second = read(text)
    if first.date() != second.date():
        raise _unsaid_date()
    if first.tzinfo or any(part == same and part for part, same in zip(_clock(first), _clock(second), strict=True)):
        reason = _("A date is kept without the time of day that is written with it.")
        raise InexactError(reason, _("Write the date alone, or give the field the type datetime."))


def _clock(moment: datetime) -> tuple[int, ...]:
    return moment.hour, moment.minute, moment.second, moment.microsecond


def _time(read: Reader, text: str) -> None:
    first, second = read(text)
    if first.hour != second.hour:
        reason = _("The text says no time of day.")
        raise InexactError(reason, _("Write it as hh:mm:ss."))
    said = (first.year == second.year, first.month == second.month, first.day == second.day)
    if any(said) and first.date() != NO_DATE:
        reason = _("A time of day is kept without the date that is written with it.")
        raise InexactError(reason, _("Write the time alone, or give the field the type datetime."))


def _datetime(read: Reader, text: str) -> None:
    first, second = read(text)
    if first.date() != second.date():
        raise _unsaid_date()


_REFUSALS = {"date": _date, "time": _time, "datetime": _datetime}


def _unsaid_date() -> InexactError:
    reason = _("The date is not written in full; the rest would be taken from today's.")
    return InexactError(reason, _("Write year, month and day, such as 2024-12-31."))


def _by(kind: str, pattern: str) -> Callable[[str], None]:
    """For a pattern of `strptime`, which supposes nothing of today's: texts are read again where it says too much."""
    named = set(re.findall(r"%(.)", pattern.replace("%%", "")))
    if "Z" in named:
        return _refuse(_unkept_zone)
    if (named & WEEKS and not named & WEEKDAYS) or ("p" in named) != ("I" in named):
        return _refuse(_open_or_dropped)
    return functools.partial(_REFUSALS[kind], _reader(pattern)) if named & TOO_MUCH[kind] else _nothing


def _reader(pattern: str) -> Reader:
    def read(text: str) -> tuple[datetime, datetime]:
        found = datetime.strptime(text, pattern)  # noqa: DTZ007 - what is read is only looked at
        return found, found

    return read


def _refuse(fault: Callable[[], InexactError]) -> Callable[[str], None]:
    def refuse(_text: str) -> None:
        raise fault()

    return refuse


def _open_or_dropped() -> InexactError:
    reason = _("The format leaves a part of the moment open, or drops it.")
    return InexactError(reason, _("Correct the format: %I and %p need each other, %U and %W the day of the week."))


def _freely(text: str) -> tuple[datetime, datetime]:
    """What dateutil reads on two days that have nothing in common: the parts that are equal the text says."""
    try:
        first, second = (
            found.parse(text, default=day, tzinfos=_zone) for found, day in zip(_parsers(), _DAYS, strict=True)
        )
    except (ValueError, OverflowError):  # a day that not every month has
        raise _unsaid_date() from None
    return first, second


_DAYS = (datetime(2001, 1, 1, 1, 1, 1, 1), datetime(1902, 2, 2, 2, 2, 2, 2))  # noqa: DTZ001 - the texts have no zone


@functools.cache
def _parsers() -> tuple[parser, parser]:
    """Of two centuries, to tell which year a text of two digits leaves to the reader."""
    from dateutil import parser

    class OneCentury(parser.parserinfo):
        def __init__(self, century: int) -> None:
            super().__init__()
            self.century = century

        def convertyear(self, year: int, century_specified: bool = False) -> int:  # noqa: FBT001, FBT002 - dateutil's
            return year if century_specified or year >= 100 else self.century + year  # noqa: PLR2004 - two digits

    return parser.parser(OneCentury(2000)), parser.parser(OneCentury(1900))


def _zone(name: str | None, offset: int | None) -> int | None:
    """The offset in seconds as written; a name is refused: dateutil takes it for nothing, or for the machine's own."""
    if name is not None and name.upper() not in UTC_NAMES:
        raise _unkept_zone()
    return offset


def _unkept_zone() -> InexactError:
    reason = _("The moment carries the name of a time zone, which would be lost.")
    return InexactError(reason, _("Write its offset from UTC, such as +07:00."))
