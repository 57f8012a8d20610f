"""In how many ways a pattern can meet a text: what Python's engine tries one after another, bounded beforehand.

`(a+)+` doubles the ways with each letter; in `[A-Z]+( [A-Z]+)*` the next letter always tells which way to go.
"""

from __future__ import annotations

import importlib
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    Items = Sequence[tuple[Any, Any]]  # operations of Python's parser, each with what it applies to

STEPS = 100_000_000
"""More steps than this are not taken for one cell: that is a second or less. Each way may go over the whole text."""

SHORT = 64
"""A pattern with more than STEPS for a text as short as this is safe for none."""

LONGEST = 1 << 24
"""Longer than any cell."""

END = ("END", None)
_MANY = 1e24
_COUNTED = 20_000
_ENUMERATED = 1000
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_LETTERS = {"LITERAL", "NOT_LITERAL", "ANY", "IN"}
_CLASSES = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w", "NOT_DIGIT": r"\D", "NOT_SPACE": r"\S", "NOT_WORD": r"\W"}
# Under these flags a letter is more than itself, or an end more than one place.
_LOOSE = re.compile(r"\(\?[aLsux]*[im]")
_parser = importlib.import_module("re._parser")


class _TangledError(Exception):
    """A pattern that takes too long even to be counted."""


@lru_cache(maxsize=256)
def longest_cell(pattern: str) -> int:
    """How long a cell may be to be compared with a constraint `pattern`, in characters; 0 where none is safe.

    >>> longest_cell("[A-Z]+( [A-Z]+)*") == LONGEST, longest_cell(".*a.*b"), longest_cell("(a+)+")
    (True, 463, 0)
    """
    try:
        items = list(_parser.parse(f"^{pattern}$"))
        return _longest(items, strict=not _LOOSE.search(pattern))
    except (re.error, OverflowError):  # the check of the declaration tells
        return LONGEST
    except (RecursionError, _TangledError):
        return 0


def _longest(items: Items, *, strict: bool) -> int:
    low, high = 0, LONGEST
    while low < high:
        length = (low + high + 1) // 2
        if length * _Count(length, strict=strict).ways(items, ()) <= STEPS:
            low = length
        else:
            high = length - 1
    return low if low >= SHORT else 0


class _Count:
    """Counts the ways for texts of one length. `strict`: letters are compared as they stand."""

    def __init__(self, length: int, *, strict: bool) -> None:
        self.length = length
        self.strict = strict
        self.steps = 0

    def ways(self, items: Items, following: Items) -> float:
        """The ways of a sequence, where `following` comes after it."""
        self._step()
        total = 1.0
        for number, (kind, value) in enumerate(items):
            if str(kind) not in _LETTERS:
                self._step(len(items) // 100)
                total *= self._of(str(kind), value, [*items[number + 1 :], *following])
            if total > _MANY:
                return _MANY
        return total

    def _step(self, steps: int = 1) -> None:
        self.steps += steps
        if self.steps > _COUNTED:
            raise _TangledError

    def _of(self, kind: str, value: Any, rest: Items) -> float:  # noqa: ANN401 - the parser's own
        if kind in _REPEATS:
            return self._repeat(*value, kind=kind, rest=rest)
        if kind == "BRANCH":
            return self._branch(value[1], rest)
        if kind == "GROUPREF_EXISTS":
            return self.ways(value[1], rest) + self.ways(value[2] or (), rest)
        if kind == "SUBPATTERN":
            return self.ways(value[-1], rest)
        if kind in {"ASSERT", "ASSERT_NOT"}:
            return self.ways(value[-1], ())
        return self.ways(value, ()) if kind == "ATOMIC_GROUP" else 1

    def _repeat(self, low: int, high: int, body: Items, *, kind: str, rest: Items) -> float:
        most = min(int(high), max(self.length, low))
        again = [(kind, (0, high, body)), *rest]
        inner = self.ways(body, again)
        told = most == low or self._apart([self._first(body, again), self._first(rest, ())])
        turns = 1 if told else most - low + 1
        if inner <= 1:
            return turns
        return turns * inner**most if most * math.log(inner) < math.log(_MANY) else _MANY

    def _branch(self, options: Sequence[Items], rest: Items) -> float:
        ways = [self.ways(option, rest) for option in options]
        return max(ways) if self._apart([self._first(option, rest) for option in options]) else sum(ways)

    def _apart(self, firsts: Sequence[Items | None]) -> bool:
        """True where no letter can begin two of them."""
        if not self.strict or None in firsts or sum(END in (first or ()) for first in firsts) > 1:
            return False
        before: list[tuple[Any, Any]] = []
        taken: set[int] = set()
        for first in firsts:
            letters = [item for item in first or () if item != END]
            wide = [item for item in letters if _letters(item) is None]
            few = {letter for item in letters for letter in _letters(item) or ()}
            self._step(len(wide) * (len(before) + len(taken)) + len(few) * len(before) // 10)
            if few & taken or any(_admits(item, letter) for item in before for letter in few):
                return False
            if (before and wide) or any(_admits(item, letter) for item in wide for letter in taken):
                return False
            before += wide
            taken |= few
        return True

    def _first(self, items: Items, following: Items) -> Items | None:
        """The letters that a sequence may begin with, up to the end of the text; None where they cannot be told."""
        found: list[tuple[Any, Any]] = []
        for number, (kind, value) in enumerate(queue := [*items, *following]):
            self._step()
            name = str(kind)
            if name in _LETTERS:
                return [*found, (kind, value)]
            if name == "AT" and str(value) in {"AT_END", "AT_END_STRING"}:
                return [*found, END]
            if name in {"AT", "ASSERT", "ASSERT_NOT"}:
                continue
            if name in {"SUBPATTERN", "BRANCH"}:
                options = [value[-1]] if name == "SUBPATTERN" else value[1]
                return _joined(found, [self._first(option, queue[number + 1 :]) for option in options])
            inner = self._first(value[2], ()) if name in _REPEATS and not _blank(value[2]) else None
            if inner is None:
                return None
            found += inner
            if value[0]:
                return found
        return found


def _joined(found: Items, parts: Sequence[Items | None]) -> Items | None:
    joined = list(found)
    for part in parts:
        if part is None:
            return None
        joined += part
    return joined


def _blank(items: Items) -> bool:
    """True where a sequence may take no letter at all, or where that cannot be told."""
    return not any(_takes(str(kind), value) for kind, value in items)


def _takes(kind: str, value: Any) -> bool:  # noqa: ANN401 - the parser's own
    if kind == "SUBPATTERN":
        return not _blank(value[-1])
    if kind == "BRANCH":
        return not any(_blank(option) for option in value[1])
    return kind in _LETTERS or (kind in _REPEATS and value[0] > 0 and not _blank(value[2]))


def _letters(item: tuple[Any, Any]) -> range | list[int] | None:
    """All letters of a class, where they are few."""
    kind, value = str(item[0]), item[1]
    if kind == "LITERAL":
        return [value]
    found: list[int] = []
    parts: Items = value if kind == "IN" else [("ANY", None)]
    for part, what in parts:
        if str(part) not in {"LITERAL", "RANGE"} or len(found) > _ENUMERATED:
            return None
        found += [what] if str(part) == "LITERAL" else range(what[0], min(what[1], what[0] + 2 * _ENUMERATED) + 1)
    return found if len(found) <= _ENUMERATED else None


def _admits(item: tuple[Any, Any], letter: int) -> bool:
    kind, value = str(item[0]), item[1]
    if kind == "IN":
        negated = str(value[0][0]) == "NEGATE"
        return negated != any(_part_admits(str(part), what, letter) for part, what in value)
    return kind == "ANY" or (value == letter) == (kind == "LITERAL")


def _part_admits(kind: str, value: Any, letter: int) -> bool:  # noqa: ANN401 - the parser's own
    if kind == "CATEGORY":
        return bool(re.match(_CLASSES[str(value).removeprefix("CATEGORY_")], chr(letter)))
    if kind == "RANGE":
        return bool(value[0] <= letter <= value[1])
    return kind == "LITERAL" and bool(value == letter)
