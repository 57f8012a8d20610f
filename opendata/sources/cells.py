"""The cells of a workbook as text, the same on every machine.

| in the workbook      | as text                                                                     |
|----------------------|-----------------------------------------------------------------------------|
| text                 | as it stands                                                                |
| number               | the shortest decimal that gives it back, no exponent, whole ones without .0 |
| … beyond a double    | as it is written (`corrections`)                                            |
| true, false          | `true`, `false`                                                             |
| date                 | `2018-12-31`                                                                |
| date and time        | `2018-12-31T07:00:00`, fractions of a second only where there are some      |
| time                 | `07:00:00`                                                                  |
| duration ([h]:mm:ss) | `PT30H5M`                                                                   |
| failed formula       | what the program shows, such as `#DIV/0!` (`corrections`)                   |
| blank                | empty                                                                       |

A workbook does not say whether midnight is meant as a date or as a date and time, so a column in which any cell has
a time of day is written as dates and times throughout.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

from opendata.sources.grid import Moment, Numeral

Value = int | float | str | bool | dt.time | dt.date | dt.datetime | dt.timedelta


def text(value: Value, *, timed: bool = False) -> str:
    """One cell as text; `timed`: its column holds dates and times, so a date is midnight.

    >>> [text(v) for v in (5.0, 0.1, 1e21, True, "x", dt.date(2018, 12, 31))]
    ['5', '0.1', '1000000000000000000000', 'true', 'x', '2018-12-31']
    >>> text(dt.date(2018, 12, 31), timed=True)
    '2018-12-31T00:00:00'
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return number(value) if isinstance(value, int | float) else _moment(value, timed=timed)


def marked(value: Value, *, timed: bool = False) -> str:
    """As `text`, a Numeral or a Moment where the workbook holds a number or a time: what recipes go by.

    >>> isinstance(marked(5.0), Numeral), isinstance(marked("5"), Numeral), isinstance(marked(dt.time(7)), Moment)
    (True, False, True)
    """
    if isinstance(value, str | bool):
        return text(value)
    said = text(value, timed=timed)
    return Numeral(said) if isinstance(value, int | float) else Moment(said)


def number(value: float) -> str:
    """The shortest decimal that gives the number back, without exponent; empty where it is none.

    >>> number(-0.0), number(1e-7), number(1234567890123457.0), number(float("nan"))
    ('0', '0.0000001', '1234567890123457', '')
    """
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return ""
    written = repr(value)
    if "e" in written:
        written = format(Decimal(written), "f")
    written = written.removesuffix(".0")
    return "0" if written == "-0" else written


def duration(value: dt.timedelta) -> str:
    """A duration in ISO 8601, hours being its largest part.

    >>> duration(dt.timedelta(hours=30, minutes=5)), duration(dt.timedelta(0)), duration(dt.timedelta(seconds=-1.5))
    ('PT30H5M', 'PT0S', '-PT1.5S')
    """
    minutes, rest = divmod(abs(value), dt.timedelta(minutes=1))
    hours, minutes = divmod(minutes, 60)
    seconds = number(rest.seconds + rest.microseconds / 1_000_000)
    parts = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{seconds}S" if seconds != "0" else ""]
    return ("-" if value < dt.timedelta(0) else "") + "PT" + ("".join(parts) or "0S")


def _moment(value: dt.time | dt.date | dt.timedelta, *, timed: bool) -> str:
    if isinstance(value, dt.timedelta):
        return duration(value)
    if timed and not isinstance(value, dt.datetime | dt.time):
        return f"{value.isoformat()}T00:00:00"
    return value.isoformat()
