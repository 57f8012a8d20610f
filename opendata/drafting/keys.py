"""The key as an officer names it: the columns that tell one row from another, by header or by field name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

NO_KEY = frozenset({"-", "none"})


def named_fields(said: str, columns: Sequence[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that a text names, separated by commas, and those parts of it that name none.

    `columns` are the name and header of each field. A header may hold commas itself; marks and case do not matter.

    >>> columns = [("ma", "Mã"), ("tinh_thanh_pho", "Tỉnh, thành phố"), ("nam", "Năm")]
    >>> named_fields("Tỉnh, thành phố, nam", columns), named_fields("ma,x", columns), named_fields("-", columns)
    ((('tinh_thanh_pho', 'nam'), ()), (('ma',), ('x',)), ((), ()))
    """
    if said.strip().lower() in NO_KEY | {""}:
        return (), ()
    parts = [part.strip() for part in said.split(",") if part.strip()]
    found: dict[str, None] = {}
    unknown: list[str] = []
    while parts:
        length, name = _longest(parts, columns)
        if name is None:
            unknown.append(parts[0])
        else:
            found[name] = None
        parts = parts[length:]
    return tuple(found), tuple(unknown)


def key_of(said: str | None, columns: Sequence[tuple[str, str]], guess: tuple[str, ...]) -> tuple[str, ...]:
    """The key that an answer names; the guess where nothing is answered.

    >>> key_of(None, [], ("ma",)), key_of("none", [], ("ma",)), key_of("Năm", [("nam", "Năm")], ("ma",))
    (('ma',), (), ('nam',))
    """
    return named_fields(said, columns)[0] if said and said.strip() else guess


def _longest(parts: Sequence[str], columns: Sequence[tuple[str, str]]) -> tuple[int, str | None]:
    """How many of the first parts name a field together, and which."""
    for length in range(len(parts), 0, -1):
        text = ", ".join(parts[:length])
        for name, label in columns:
            if text in {name, label.strip()} or (words(text) and words(text) in {words(name), words(label)}):
                return length, name
    return 1, None
