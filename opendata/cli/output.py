"""What a command prints: lines and columns for people, one JSON document for machines."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import click

from opendata.model import dump

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import JsonValue

GAP = "  "
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def line(text: str = "", *, error: bool = False) -> None:
    """Print one line, its letters composed and its control characters shown as blanks, however they came."""
    click.echo(clean(text), err=error)


def document(value: JsonValue) -> None:
    """Print one JSON document on standard output."""
    click.echo(dump(value).decode(), nl=False)


def clean(text: str) -> str:
    r"""The text as a terminal can take it: NFC, no control or turning characters (a title may come from anybody).

    >>> clean("a\x1b[31m\tb"), len(clean("e\u0302"))
    ('a [31m b', 1)
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if unicodedata.category(letter) in _UNPRINTABLE else letter for letter in composed)


def width(text: str) -> int:
    """How many columns of a terminal the text takes.

    >>> width("Sông Đà"), width("水")
    (7, 2)
    """
    return sum(_width(letter) for letter in text)


def columns(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> list[str]:
    """The rows as lines whose columns stand under each other; those numbered in `right` are set to the right.

    >>> columns([["Tên", "1"], ["Sông Đà", "20"]], right=[1])
    ['Tên       1', 'Sông Đà  20']
    """
    cells = [[clean(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    return [GAP.join(_padded(row, widths, right)).rstrip() for row in cells]


def table(rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> None:
    """Print the rows in columns, the first of them as the heading."""
    for text in columns(rows, right):
        line(text)


def size(count: int | None) -> str:
    """A number of bytes as people say it; "" where it is not known.

    >>> size(512), size(20_480), size(5_000_000), size(None)
    ('512 B', '20.5 kB', '5.0 MB', '')
    """
    if count is None:
        return ""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if amount < _STEP or unit == "TB":
            break
        amount /= _STEP
    return f"{amount:.0f} B" if unit == "B" else f"{amount:.1f} {unit}"


_STEP = 1000


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in {"W", "F"} else 1


def _padded(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> list[str]:
    blanks = [" " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
    return [
        blank + cell if at in right else cell + blank for at, (cell, blank) in enumerate(zip(row, blanks, strict=True))
    ]
