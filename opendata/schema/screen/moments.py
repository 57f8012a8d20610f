"""The proof of dates, times and datetimes (Table Schema v2, clauses of these names): digits at fixed places.

`default` is ISO 8601: `YYYY-MM-DD`, `hh:mm:ss` with up to six decimals, both with a `T` between. `any` proves the same
texts, which dateutil reads so; a pattern proves what has its layout. Proven are real days of the years 1 to 9999 and
times from 00:00:00 to 23:59:59.999999, without an offset; all else is read by frictionless.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opendata.schema.screen.arrow import text_column
from opendata.schema.screen.layout import ISO_DATE, ISO_DATETIME, ISO_TIME, Layout, fraction, layout
from opendata.schema.screen.proof import Proven, rest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from opendata.schema.screen.arrow import Bytes, Mask
    from opendata.schema.screen.cells import Cells
    from opendata.schema.screen.layout import Number
    from opendata.schema.screen.proof import Column

    Numbers = Mapping[str, Number]
    Reading = tuple[NDArray[np.int64], Mask]
    Reader = Callable[[Numbers], Reading]

DECIMALS = range(1, 7)
CLOCKS = ({"H", "M", "S"}, {"H", "M"})
DATE = {"Y", "m", "d"}
INSTANTS = (DATE, *(DATE | clock for clock in CLOCKS))
LAST = 9999
SECOND, DAY = 1_000_000, 86_400_000_000


@dataclass(frozen=True, slots=True)
class Moments:
    """The proof for the layouts of one field, by width. `written`: the layout of their texts; None: they are kept."""

    kind: pa.DataType
    layouts: Mapping[int, Layout]
    read: Reader
    written: Layout | None = None

    def __call__(self, cells: Cells) -> Proven:
        """Prove moments.

        >>> import pyarrow as pa
        >>> from opendata.schema.screen.cells import cells_of
        >>> proven = dates("%d/%m/%Y")(cells_of(pa.array(["31/12/2024", "31/02/2024"])))
        >>> proven.values.to_pylist(), proven.texts.to_pylist()
        ([datetime.date(2024, 12, 31), None], ['2024-12-31', None])
        """
        import numpy as np

        numbers = np.zeros(len(cells), np.int64)
        proven = np.zeros(len(cells), np.bool_)
        texts: list[Bytes] = []
        for at, letters in cells.widths():
            found = self.layouts.get(letters.shape[1])
            if found is None:
                continue
            parts, good = found.read(letters)
            values, real = self.read(parts)
            where: Any = slice(None) if at is None else at
            numbers[where], proven[where] = values, good & real
            if self.written is not None:
                texts.append(found.rewritten(letters[good & real], self.written))
        text = cells.array if self.written is None else fixed(texts, proven)
        return Proven(_stored(numbers, proven, self.kind), text, rest_of(cells, proven))


def dates(pattern: str | None) -> Moments | None:
    """The proof of dates in a `strptime` pattern (None: in ISO 8601); None where it has no layout."""
    import pyarrow as pa

    found = layout(ISO_DATE if pattern is None else pattern)
    if found is None or found.parts.keys() != DATE:
        return None
    return Moments(pa.date32(), {found.width: found}, _days, _anew(pattern, ISO_DATE))


def times(pattern: str | None) -> Moments | None:
    """The proof of times in a `strptime` pattern; None: in ISO 8601, with decimals of a second too."""
    import pyarrow as pa

    found = layout(ISO_TIME if pattern is None else pattern)
    if found is None or found.parts.keys() not in CLOCKS:
        return None
    layouts = _with_decimals(found) if pattern is None else {found.width: found}
    return Moments(pa.time64("us"), layouts, _clock, _anew(pattern, ISO_TIME))


def datetimes(pattern: str | None, zone: str | None) -> Moments | None:
    """The proof of datetimes without an offset, as of `times`; None: no layout, or the zone is not UTC."""
    import pyarrow as pa

    found = layout(ISO_DATETIME if pattern is None else pattern)
    if zone not in {None, "UTC"} or found is None or found.parts.keys() not in INSTANTS:
        return None
    layouts = _with_decimals(found) if pattern is None else {found.width: found}
    return Moments(pa.timestamp("us", tz=zone), layouts, _instants, _anew(pattern, ISO_DATETIME))


def fixed(texts: Sequence[Bytes], proven: Mask) -> pa.StringArray:
    """A text column of one width: the texts in their order where the mask holds, null elsewhere."""
    import numpy as np

    data = np.concatenate([text.ravel() for text in texts]) if texts else np.zeros(0, np.uint8)
    width = texts[0].shape[1] if texts else 0
    starts = np.zeros(len(proven) + 1, np.int32)
    np.cumsum(proven * np.int32(width), out=starts[1:])
    return text_column(proven, starts, np.ascontiguousarray(data))


def _stored(numbers: NDArray[np.int64], proven: Mask, kind: pa.DataType) -> Column:
    import numpy as np
    import pyarrow as pa

    mask = None if proven.all() else ~proven
    if kind == pa.date32():
        return pa.array(numbers.astype(np.int32), pa.int32(), mask=mask).view(kind)
    return pa.array(numbers, pa.int64(), mask=mask).view(kind)


def _anew(pattern: str | None, default: str) -> Layout | None:
    return None if pattern in {None, default} else layout(default)


def _with_decimals(plain: Layout) -> dict[int, Layout]:
    found = [plain, *(fraction(plain, digits) for digits in DECIMALS)]
    return {item.width: item for item in found}


def _days(parts: Numbers) -> Reading:
    """Days since 1970, and which are real days of the years 1 to 9999."""
    import numpy as np

    year, month, day = parts["Y"], parts["m"], parts["d"]
    real = (year >= 1) & (year <= LAST) & (month >= 1) & (month <= 12) & (day >= 1)  # noqa: PLR2004 - months of a year
    first = _first_days()
    at = np.where(real, year * 12 + month - 1, 12)
    real &= day <= first[at + 1] - first[at]
    return (first[at] + day - 1).astype(np.int64), real


@functools.cache
def _first_days() -> NDArray[np.int32]:
    """The first day of each month of the years 0 to 9999, and of the month after them, in days since 1970."""
    import numpy as np

    months = np.arange(-1970 * 12, (LAST + 1 - 1970) * 12 + 1).astype("datetime64[M]")
    return months.astype("datetime64[D]").astype(np.int64).astype(np.int32)


def _clock(parts: Numbers) -> Reading:
    """Microseconds since midnight, and which are times of a day."""
    import numpy as np

    zero = np.zeros(1, np.int32)
    hour, minute, second = (parts.get(name, zero) for name in "HMS")
    real = (hour <= 23) & (minute <= 59) & (second <= 59)  # noqa: PLR2004 - as clocks go
    whole = ((hour.astype(np.int64) * 60 + minute) * 60 + second) * SECOND
    return whole + parts["f"] if "f" in parts else whole, real


def _instants(parts: Numbers) -> Reading:
    days, real = _days(parts)
    clock, good = _clock(parts)
    return days * DAY + clock, real & good
