"""Patterns that would take endless time to compare with a cell, found before a cell is compared.

Python's engine tries the ways in which a pattern can meet a text one after another. How many there can be is bounded
here from the pattern alone: `(a+)+` doubles them with each letter; `[A-Z]+( [A-Z]+)*` has only one way at a time.
"""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

from opendata.errors import SourceError
from opendata.messages import _
from opendata.model import as_object, as_text
from opendata.schema.wording import named

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import Batch, Field, Table

WAYS = 1_000_000
"""More ways than this are not tried for a cell: each takes about 30 nanoseconds."""

SHORT = 64
"""A pattern that may have more than WAYS for a text as short as this is refused as it stands."""

LONGEST = 1 << 24
"""Longer than any cell."""

Item = tuple[object, object]  # an operation of Python's parser, and what it applies to
_parser = importlib.import_module("re._parser")
_CATEGORIES = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w", "NOT_DIGIT": r"\D", "NOT_SPACE": r"\S", "NOT_WORD": r"\W"}
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_INSIDE = {"SUBPATTERN": -1, "ATOMIC_GROUP": None, "ASSERT": 1, "ASSERT_NOT": 1}
_LETTERS = {"LITERAL", "NOT_LITERAL", "ANY", "IN"}


def longest_cell(pattern: str) -> int:
    """How long a cell may be for a constraint `pattern`, in characters; 0 where none is safe.

    >>> longest_cell("[A-Z]{2}[0-9]+") > 1_000_000, longest_cell("(a+)+"), longest_cell(".*a.*b.*c.*d.*e")
    (True, 0, 0)
    """
    return _longest(f"^{pattern}$")


@lru_cache(maxsize=256)
def _longest(pattern: str) -> int:
    try:
        items = list(_parser.parse(pattern))
    except (re.error, RecursionError, OverflowError):  # the check of the declaration tells
        return LONGEST
    if re.compile(pattern).flags & re.IGNORECASE:
        items = [("OPAQUE", items)]
    low, high = 0, LONGEST
    while low < high:
        length = (low + high + 1) // 2
        low, high = (length, high) if _ways(items, length) <= WAYS else (low, length - 1)
    return low if low >= SHORT else 0


def _ways(items: Sequence[Item], length: int) -> float:
    total = 1.0
    for number, item in enumerate(items):
        total = min(total * _item_ways(item, items[number + 1 :], length), float(WAYS) ** 4)
    return total
