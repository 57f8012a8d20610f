"""What is to be said about the first rows of a table, in plain words: titles above it, several tables, lost zeros."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model.words import is_code_label
from opendata.sources import limits
from opendata.sources.grid import Numeral, trimmed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from opendata.sources.grid import Line

Range = tuple[tuple[int, int], tuple[int, int]]

YEAR = re.compile(r"(?:19|20)[0-9]{2}")


def header_row(lines: Sequence[Line]) -> int | None:
    """The first row that looks like a header: nearly as wide as the table, and no numbers in it; None: none does."""
    sample = [line for line in islice(lines, limits.SAMPLE_ROWS) if _filled(line)]
    if not sample:
        return None
    width = Counter(len(trimmed(line.cells)) for line in sample).most_common(1)[0][0]
    for line in sample:
        enough = _filled(line) * 10 >= width * 6
        if enough and not any(_number(cell) for cell in line.cells) and len(trimmed(line.cells)) * 10 >= width * 8:
            return line.row
    return None


def labelled_row(lines: Sequence[Line], labels: Collection[str]) -> tuple[int, int]:
    """How many of these labels stand in one row, and the first row in which so many do."""
    wanted = set(labels)
    found = ((len(wanted & {cell.strip() for cell in line.cells}), line.row) for line in lines)
    return max(found, key=lambda item: (item[0], -item[1]), default=(0, 0))


def remarks(lines: Sequence[Line], row: int | None, merged: Sequence[Range] = ()) -> tuple[str, ...]:
    """What was not understood, or only supposed."""
    if not lines:
        return (_("There are no rows."),)
    if row is None:
        return (_("No row looks like a header; row 1 is taken for it."),)
    return (*_above(lines, row), *_around(lines, row, merged), *_below(lines, row), *_codes(lines, row))


def _above(lines: Sequence[Line], row: int) -> Iterator[str]:
    if row > 1 and any(_filled(line) for line in lines if line.row < row):
        note = _("What stands above row {row}, which looks like the header, is not read: titles or notes.")
        yield note.format(row=row)


def _around(lines: Sequence[Line], row: int, merged: Sequence[Range]) -> Iterator[str]:
    head = next(line for line in lines if line.row == row)
    ranges = [(first[0] + 1, last[0] + 1) for first, last in merged if first != last]
    if any(first <= row <= last for first, last in ranges):
        yield _("There are merged cells at the header: it may take several rows, which needs a recipe.")
    below = [first for first, _last in ranges if first > row]
    if below:
        note = _(
            "There are merged cells below the header, the first in row {row}: all but one of each are read as empty."
        )
        yield note.format(row=min(below))
    if any(not cell.strip() for cell in trimmed(head.cells)):
        yield _("Some columns have no header (row {row}).").format(row=row)
    texts = [cell.strip() for cell in head.cells if cell.strip()]
    double = ", ".join(sorted(text for text, count in Counter(texts).items() if count > 1))
    if double:
        yield _("More than one column is called: {names}").format(names=double[:200])


def _below(lines: Sequence[Line], row: int) -> Iterator[str]:
    body = [line for line in lines if line.row > row]
    gaps = [one.row for one, two in pairwise(body) if not _filled(one) and _filled(two)]
    if gaps:
        note = _("A blank row (row {row}) divides the rows: there may be several tables, or notes below the table.")
        yield note.format(row=gaps[0])
    if not any(_filled(line) for line in body):
        yield _("There are no rows below the header.")


def _codes(lines: Sequence[Line], row: int) -> Iterator[str]:
    head = next(line for line in lines if line.row == row)
    for column, label in enumerate(head.cells):
        cells = [
            line.cells[column]
            for line in islice(lines, limits.SAMPLE_ROWS)
            if line.row > row and column < len(line.cells)
        ]
        numerals = [cell for cell in cells if isinstance(cell, Numeral)]
        if numerals and is_code_label(label) and all(cell.isdecimal() for cell in numerals):
            note = _("The column {field} looks like codes but holds numbers: zeros at their beginning may be lost.")
            yield note.format(field=label)


def _filled(line: Line) -> int:
    return sum(bool(cell.strip()) for cell in line.cells)


def _number(cell: str) -> bool:
    text = cell.strip().lstrip("-+")
    if YEAR.fullmatch(text):
        return False  # years often head columns
    return isinstance(cell, Numeral) or (text[:1].isdecimal() and not any(letter.isalpha() for letter in text))
