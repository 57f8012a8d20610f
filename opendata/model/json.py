"""JSON as the rest of the library sees it: typed, and read with a check at each step."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | Sequence[JsonValue] | Mapping[str, JsonValue] | None"
Json: TypeAlias = Mapping[str, JsonValue]


def as_object(value: JsonValue) -> Json:
    """The value where it is an object, else an empty one.

    >>> as_object({"a": 1}), as_object("a")
    ({'a': 1}, {})
    """
    return value if isinstance(value, Mapping) else {}


def as_list(value: JsonValue) -> Sequence[JsonValue]:
    """The value where it is an array, else an empty one (a string is no array).

    >>> as_list([1, 2]), as_list("ab"), as_list(None)
    ([1, 2], (), ())
    """
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def as_text(value: JsonValue) -> str | None:
    """The value where it is a string, else None.

    >>> as_text("a"), as_text(1)
    ('a', None)
    """
    return value if isinstance(value, str) else None


def as_texts(value: JsonValue) -> tuple[str, ...]:
    """The strings of an array, or the one string that stands for it, as Table Schema allows for keys.

    >>> as_texts(["a", 1, "b"]), as_texts("a"), as_texts(None)
    (('a', 'b'), ('a',), ())
    """
    if isinstance(value, str):
        return (value,)
    return tuple(item for item in as_list(value) if isinstance(item, str))


def parsed(text: str | bytes) -> JsonValue:
    """The JSON value of a text; None where it is none, or one nested beyond reading.

    >>> parsed('{"a": 1}'), parsed(b"{"), parsed("")
    ({'a': 1}, None, None)
    """
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value


def dump(value: JsonValue) -> bytes:
    r"""JSON as we write it everywhere: UTF-8, two blanks, keys in their own order, one line feed at the end.

    Raises:
        ValueError: a number that JSON has no form for (NaN, infinity).

    >>> dump({"tên": [1, 2]})
    b'{\n  "t\xc3\xaan": [\n    1,\n    2\n  ]\n}\n'
    """
    return (json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def canonical(value: JsonValue) -> bytes:
    """JSON for digests: keys sorted, no blanks; two values that are equal give the same bytes.

    >>> canonical({"b": 1, "a": [True, None]})
    b'{"a":[true,null],"b":1}'
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
