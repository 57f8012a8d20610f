r"""The proof of the constraint `pattern`: what RE2 matches, Python's engine matches as well.

Frictionless compares with Python's `^PATTERN$`, without brackets around PATTERN. The pattern is parsed by Python and
written anew for RE2, as long as it holds nothing but letters, lists of letters, repeats, groups and branches. A class
such as `\d` has fewer letters in RE2 than in Python, so it may stand where it is not negated. Look-around, flags,
references back and negated classes such as `\D` are not proven.
"""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Items = Iterable[tuple[Any, Any]]

_parser = importlib.import_module("re._parser")
_CLASSES = {"CATEGORY_DIGIT": "0-9", "CATEGORY_WORD": "0-9A-Za-z_", "CATEGORY_SPACE": r"\t\n\f\r "}
_MOST = 200
"""RE2 allows more, but multiplies repeats within repeats."""


class _UnprovenError(Exception):
    """Something in the pattern that RE2 may take otherwise."""


@lru_cache(maxsize=256)
def as_re2(pattern: str) -> str | None:
    r"""The RE2 pattern that a whole cell matches only where it matches `^pattern$` in Python; None: none is proven.

    >>> as_re2("[A-Z]{2}|x"), as_re2(r"\d+"), as_re2("(?=a)")
    ('(?:^(?:[\\x{41}-\\x{5a}]){2,2}|\\x{78}$)', '^(?:[0-9]){1,}$', None)
    """
    try:
        tree = _parser.parse(f"^{pattern}$")
        return None if tree.state.flags & ~re.UNICODE.value else _sequence(tree)
    except (_UnprovenError, re.error, RecursionError, OverflowError):
        return None


def _sequence(items: Items) -> str:
    return "".join(_item(str(name), told) for name, told in items)


def _item(name: str, told: Any) -> str:  # noqa: ANN401 - what Python's parser gives
    if name == "LITERAL":
        return _letter(told)
    if name == "NOT_LITERAL":
        return f"[^{_letter(told)}]"
    if name == "ANY":
        return r"[^\n]"
    if name == "IN":
        return _list(told)
    if name == "AT":
        return _end(str(told))
    return _compound(name, told)


def _compound(name: str, told: Any) -> str:  # noqa: ANN401 - what Python's parser gives
    if name == "BRANCH":
        return "(?:" + "|".join(_sequence(branch) for branch in told[1]) + ")"
    if name == "SUBPATTERN" and not told[1] and not told[2]:
        return f"(?:{_sequence(told[3])})"
    if name in {"MAX_REPEAT", "MIN_REPEAT"}:
        return _repeat(*told)
    raise _UnprovenError


def _letter(code: int) -> str:
    if chr(code).encode(errors="ignore") == b"":  # half of a pair is no letter to RE2
        raise _UnprovenError
    return rf"\x{{{code:x}}}"


def _list(told: Sequence[tuple[Any, Any]]) -> str:
    names = [str(name) for name, _value in told]
    if names[0] == "NEGATE" and "CATEGORY" not in names:
        return f"[^{''.join(_listed(str(name), value) for name, value in told[1:])}]"
    return f"[{''.join(_listed(str(name), value) for name, value in told)}]"


def _listed(name: str, value: Any) -> str:  # noqa: ANN401 - what Python's parser gives
    if name == "LITERAL":
        return _letter(value)
    if name == "RANGE":
        return f"{_letter(value[0])}-{_letter(value[1])}"
    if name == "CATEGORY" and str(value) in _CLASSES:
        return _CLASSES[str(value)]
    raise _UnprovenError


def _end(name: str) -> str:
    if name == "AT_BEGINNING":
        return "^"
    if name == "AT_END":
        return "$"
    raise _UnprovenError


def _repeat(low: int, high: Any, items: Items) -> str:  # noqa: ANN401 - a number, or Python's mark for none
    endless = str(high) == "MAXREPEAT"
    if low > _MOST or (not endless and high > _MOST):
        raise _UnprovenError
    most = "" if endless else str(high)
    return f"(?:{_sequence(items)}){{{low},{most}}}"
