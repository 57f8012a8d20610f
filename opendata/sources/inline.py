"""Data that stands in the descriptor itself: rows as arrays, or as objects."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import as_list, as_object, canonical
from opendata.sources.grid import Line, refusal
from opendata.sources.opened import empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.errors import SourceError
    from opendata.model import JsonValue, Place


def records(data: JsonValue, fields: Sequence[str], place: Place) -> Iterator[Line]:
    """The rows of inline data, numbered from 1. `fields` names the columns of objects; empty: the first one's keys.

    Raises:
        SourceError: it is no array of arrays or of objects, or empty.
    """
    items = as_list(data)
    if not items:
        raise empty(place) if isinstance(data, list | tuple) else _unknown(place, 1)
    if isinstance(items[0], Mapping):
        keys = list(fields) or list(items[0])
        yield Line(1, keys)
        for row, item in enumerate(items, start=2):
            yield Line(row, _cells(_of_object(item, keys, place, row), place, row))
        return
    for row, item in enumerate(items, start=1):
        if not isinstance(item, list | tuple):
            raise _unknown(place, row)
        yield Line(row, _cells(item, place, row))


def _of_object(item: JsonValue, keys: Sequence[str], place: Place, row: int) -> list[JsonValue]:
    if not isinstance(item, Mapping):
        raise _unknown(place, row)
    found = as_object(item)
    return [found.get(key) for key in keys]


def _cells(values: Sequence[JsonValue], place: Place, row: int) -> list[str]:
    cells = [text(value) for value in values]
    for column, cell in enumerate(cells, start=1):
        if not _whole(cell):
            what = _("The text holds half of a character.")
            raise refusal(what, place, _("Write the text of this cell anew."), row, column)
    return cells


def text(value: JsonValue) -> str:
    """A JSON value as the text of a cell: null is empty, true is "true", arrays and objects are JSON.

    >>> [text(v) for v in (None, True, 2.50, "a", [1])]
    ['', 'true', '2.5', 'a', '[1]']
    """
    if value is None:
        return ""
    if isinstance(value, float) and not math.isfinite(value):
        return {"inf": "INF", "-inf": "-INF"}.get(str(value), "NaN")
    return value if isinstance(value, str) else canonical(value).decode("utf-8", "surrogatepass")


def _whole(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unknown(place: Place, row: int) -> SourceError:
    what = _("The data in the descriptor is no table: each row has to be an array, or each an object.")
    return refusal(what, place, _("Correct `data` of this resource, or put the table into a CSV file."), row)
