"""The rows of a header as an option says them."""

from __future__ import annotations

from opendata.errors import UsageError
from opendata.messages import _

TALLEST = 21


def rows(header: str) -> tuple[int, ...]:
    """The rows that "4" or "4-5" names; none where it is empty.

    Raises:
        UsageError: it names none, or far too many.

    >>> rows("4"), rows("4-5"), rows("")
    ((4,), (4, 5), ())
    """
    if not header:
        return ()
    first, dash, last = header.partition("-")
    numbers = [int(part) for part in (first, last if dash else first) if part.isdecimal()]
    if numbers[1:] and 0 < numbers[0] <= numbers[1] < numbers[0] + TALLEST:
        return tuple(range(numbers[0], numbers[1] + 1))
    what = _("--header takes a row, or the first and last row.")
    raise UsageError(what, header, _("Write --header 4, or --header 4-5."))
