"""Values as Arrow will hold them, and the refusal of each that it could not give back as it was written.

A double gives a written decimal back where its shortest form is that very number: always up to 15 significant
digits, beyond that only for some (0.30000000000000004, which is what another program's double was written as).
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, Inexact
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.schema.inexact import InexactError
from opendata.schema.lexical import canonical_text
from opendata.schema.types import is_float, zone
from opendata.schema.untold import refuse_untold
from opendata.schema.verdict import cell_reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from opendata.model import Field

INT64, INT32 = 2**63, 2**31
# As many digits as an int may be read from, any exponent: what would be rounded even so is told as Inexact.
_ROOMY = Context(prec=5000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact])
_BEYOND_MICROSECONDS = re.compile(r"[.,][0-9]{6}[0-9]*[1-9]")


def exact_value(field: Field) -> Callable[[str, object], object]:
    """A function of a cell's text and its value that gives the value for the field's Arrow type.

    That function raises InexactError where the Arrow type would not give back what was written.

    >>> from opendata.model import AccessLevel, Field
    >>> exact_value(Field("a", "number", "default", AccessLevel.OPEN, {}))("1.50", Decimal("1.50"))
    1.5
    """
    if field.type == "number":
        return _decimal(field.decimal) if field.decimal else _written(field)
    if field.type in {"date", "time", "datetime"}:
        return _told(field)
    return _EXACT.get(field.type) or canonical_text(field)


def _same(_text: str, value: object) -> object:
    return value


def _told(field: Field) -> Callable[[str, object], object]:
    refuse = refuse_untold(field)
    kept = _moment(zone(field)) if field.type == "datetime" else _EXACT[field.type]

    def told(text: str, value: object) -> object:
        refuse(text)
        return kept(text, value)

    return told


def _within(bound: int) -> Callable[[str, object], object]:
    def whole(_text: str, value: object) -> object:
        assert isinstance(value, int)  # noqa: S101 - the cell reader of integer and year gives nothing else
        if -bound <= value < bound:
            return value
        reason = _("A whole number must lie between {low} and {high} to be kept exactly.")
        remedy = _("Correct the number, or give the field the type string if it is a code.")
        raise InexactError(reason.format(low=-bound, high=bound - 1), remedy)

    return whole


def _written(field: Field) -> Callable[[str, object], object]:
    """For doubles; where frictionless itself reads one (`floatNumber`), the decimal is read that was written."""
    if not is_float(field):
        return _double
    read = cell_reader(
        replace(field, descriptor={name: value for name, value in field.descriptor.items() if name != "floatNumber"}),
        constrained=False,
    )

    def double(text: str, value: object) -> object:
        written = read(text)[0]
        return _double(text, value if written is None else written)

    return double


def _double(text: str, value: object) -> object:
    if isinstance(value, Decimal):
        number = float(value) if not value.is_nan() else math.nan
        kept = not value.is_finite() or Decimal(repr(number)) == value
    else:  # floatNumber: frictionless itself reads a double, and infinity where it is too large for one
        assert isinstance(value, float)  # noqa: S101 - the cell reader of number gives nothing else
        number, kept = value, math.isfinite(value) or not any(map(str.isdigit, text))
    if kept:
        return number
    reason = _("A number is kept as a double, which holds about 15 digits; this one would be changed.")
    remedy = _('Write at most 15 digits, or declare "decimal": [digits, decimal places] for the field.')
    raise InexactError(reason, remedy)


def _decimal(size: tuple[int, int]) -> Callable[[str, object], object]:
    precision, scale = size

    def fixed(text: str, value: object) -> object:
        number = value if isinstance(value, Decimal) else Decimal(text.strip())
        if number.is_finite() and _fits(number, precision, scale):
            return number.quantize(Decimal(1).scaleb(-scale), context=_ROOMY)
        reason = _("The field is declared with {digits} digits, {places} of them decimal places; this does not fit.")
        remedy = _('Round the number, or declare a larger "decimal": [digits, decimal places] for the field.')
        raise InexactError(reason.format(digits=precision, places=scale), remedy)

    return fixed


def _fits(number: Decimal, precision: int, scale: int) -> bool:
    try:
        _sign, digits, exponent = number.normalize(_ROOMY).as_tuple()
    except Inexact:
        return False
    assert isinstance(exponent, int)  # noqa: S101 - a finite number has one
    return not number or (-exponent <= scale and len(digits) + exponent <= precision - scale)


def _clock(text: str, value: object) -> object:
    assert isinstance(value, time)  # noqa: S101 - the cell reader of time gives nothing else
    _refuse_nanoseconds(text)
    if text.startswith("24") and not value.hour:
        reason = _("24:00 is the end of a day, and would be kept as its beginning.")
        raise InexactError(reason, _("Write 00:00:00, or the last moment that is meant, such as 23:59:59."))
    if value.tzinfo is None:
        return value
    reason = _("A time of day is kept without its offset from UTC, which would be lost.")
    remedy = _("Write the time without an offset, or the full moment in a field of the type datetime.")
    raise InexactError(reason, remedy)


def _moment(name: str | None) -> Callable[[str, object], object]:
    zoned = _zone_info(name) if name else None

    def moment(text: str, value: object) -> object:
        assert isinstance(value, datetime)  # noqa: S101 - the cell reader of datetime gives nothing else
        _refuse_nanoseconds(text)
        return _zoned(value, zoned) if zoned else _naive(value)

    return moment


def _naive(value: datetime) -> datetime:
    if value.tzinfo is None:
        return value
    reason = _("The moment carries an offset from UTC, and the field declares no time zone; the offset would be lost.")
    remedy = _('Declare "timezone" for the field, such as "UTC" or "Asia/Ho_Chi_Minh".')
    raise InexactError(reason, remedy)


def _zoned(value: datetime, info: ZoneInfo) -> datetime:
    if value.tzinfo is None:
        return _local(value, info)
    try:
        _refuse_seconds_of_offset(value)
        return value.astimezone(UTC)
    except OverflowError:
        reason = _("In UTC this moment lies outside the years 1 to 9999.")
        raise InexactError(reason, _("Correct the year.")) from None
    except ValueError:  # the format "any" lets such an offset pass
        reason = _("The offset from UTC is 24 hours or more; no moment has such an offset.")
        raise InexactError(reason, _("Write the moment with its offset, such as +07:00.")) from None


def _refuse_seconds_of_offset(value: datetime) -> None:
    offset = value.utcoffset()
    if offset is not None and offset % timedelta(minutes=1):
        reason = _("The offset from UTC has seconds, which no other program reads.")
        raise InexactError(reason, _("Write the moment with its offset, such as +07:00."))


def _local(value: datetime, info: ZoneInfo) -> datetime:
    early, late = (value.replace(tzinfo=info, fold=fold) for fold in (0, 1))
    if early.utcoffset() == late.utcoffset():
        return _zoned(early, info)
    reason = _("When the clocks changed, this time of day came twice or not at all in the zone {zone}.")
    raise InexactError(reason.format(zone=info.key), _("Write the moment with its offset, such as +07:00."))


def _refuse_nanoseconds(text: str) -> None:
    if _BEYOND_MICROSECONDS.search(text):
        reason = _("Times are kept to the microsecond; the digits beyond the sixth would be lost.")
        raise InexactError(reason, _("Write at most six decimal places of a second."))


def _zone_info(name: str) -> ZoneInfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(name)


_EXACT: dict[str, Callable[[str, object], object]] = {
    "integer": _within(INT64),
    "year": _within(INT32),
    "boolean": _same,
    "date": _same,
    "time": _clock,
}
