"""The guess of a primary key: the fewest columns whose values no two rows share, codes and periods before all else."""

from __future__ import annotations

import hashlib
from itertools import combinations
from typing import TYPE_CHECKING, cast

from opendata.messages import _
from opendata.model.words import words
from opendata.schema import kinds
from opendata.schema.naming import header_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opendata.model import Batch, Table
    from opendata.schema.columns import Column
    from opendata.schema.guessing import Guess

_CODES = frozenset({"ma", "code", "id"})
_PERIODS = frozenset(
    {"nam", "year", "ky", "period", "thang", "month", "quy", "quarter", "tuan", "week", "ngay", "day", "date"}
)
_PERIOD_KINDS = frozenset({kinds.YEAR, kinds.DATE, kinds.DAY_FIRST, kinds.DATETIME, kinds.MOMENT})
_MEASURES = frozenset({kinds.NUMBER, kinds.COMMA})
# A running number is another one next month, and a note tells no rows apart.
_NEVER = frozenset({"stt", "tt", "so thu tu", "no", "ghi chu", "note", "notes", "remark", "remarks"})
_LEADING, _MOST = 5, 3
HELD = 1_000_000


def guess_key(
    table: Table, columns: Sequence[Column], guesses: Sequence[Guess], held: int = HELD
) -> tuple[tuple[int, ...], str]:
    """The positions of the key's columns, none where there is no key, and the note to the user.

    A column of one single year, month or date joins the key: next month's rows have another. The table is read once
    for each number of columns tried, first with a code among them. At most `held` hashes of keys are in memory.
    """
    for tried in _tries(columns, guesses):
        combination, full = _unique(table, tried, guesses, held)
        if full:
            return (), _("No key was looked for: the table has too many rows. Name the fields that tell rows apart.")
        if combination:
            key = tuple(sorted({*combination, *_single_periods(columns, guesses)}))
            named = ", ".join(str(guesses[place].descriptor["name"]) for place in key)
            return key, _("The key was guessed: no two rows share {fields}. Confirm it.").format(fields=named)
    return (), _("No key was found: no few leading columns tell the rows apart.")


def _tries(columns: Sequence[Column], guesses: Sequence[Guess]) -> Iterator[list[tuple[int, ...]]]:
    """Combinations to try together: with a code and else periods, then any; the smaller and the plainer first."""
    places = [place for place, column in enumerate(columns) if _may_be_key(column, guesses[place])]
    codes = {place for place in places if header_words(columns[place].label) & _CODES}
    plain = [place for place in places if place not in codes and not _is_period(columns[place], guesses[place])]
    leading = sorted(sorted(places, key=lambda place: place in plain)[:_LEADING])
    done: set[tuple[int, ...]] = set()
    for best in (True, False):
        for size in range(1, _MOST + 1):
            found = [it for it in combinations(leading, size) if it not in done]
            if best:
                found = [it for it in found if codes.intersection(it) and not set(plain).intersection(it)]
            done.update(found)
            yield sorted(found, key=lambda it: len(it) > 1 and len(set(plain).intersection(it)))


def _may_be_key(column: Column, guess: Guess) -> bool:
    missing = column.empty or not column.filled or (column.markers and guess.kind)
    if missing or guess.kind in _MEASURES or " ".join(words(column.label)) in _NEVER:
        return False
    measured = guess.kind == kinds.INTEGER or (column.not_digits and column.numerals * 2 > column.filled)
    return not measured or bool(header_words(column.label) & (_CODES | _PERIODS))


def _is_period(column: Column, guess: Guess) -> bool:
    return guess.kind in _PERIOD_KINDS or bool(header_words(column.label) & _PERIODS)


def _single_periods(columns: Sequence[Column], guesses: Sequence[Guess]) -> Iterator[int]:
    for place, column in enumerate(columns):
        if column.only is not None and _may_be_key(column, guesses[place]) and _is_period(column, guesses[place]):
            yield place


def _unique(
    table: Table, tried: Sequence[tuple[int, ...]], guesses: Sequence[Guess], held: int
) -> tuple[tuple[int, ...], bool]:
    """The first combination that no two rows share; True where too many hashes would be held."""
    seen: dict[tuple[int, ...], set[bytes]] = {combination: set() for combination in tried}
    for batch in table.batches() if tried else ():
        for combination in list(seen):
            columns = [_keys(batch, place, guesses[place].kind) for place in combination]
            if not _add(zip(*columns, strict=True), seen[combination]):
                del seen[combination]
        if not seen:
            break
        if sum(map(len, seen.values())) > held:
            return (), True
    return next(iter(seen), ()), False


def _keys(batch: Batch, place: int, kind: str | None) -> list[object]:
    """The cells of a column as a key compares them: by value."""
    cells = cast("list[str]", batch.records.column(place).to_pylist())
    read = kinds.VALUES.get(kind or "")
    return [read(cell) for cell in cells] if read else [*cells]


def _add(keys: Iterable[tuple[object, ...]], seen: set[bytes]) -> bool:
    """Add the keys of a batch; False where one was there already."""
    for cells in keys:
        key = hashlib.blake2b(repr(cells).encode("utf-8", "surrogatepass"), digest_size=8).digest()
        if key in seen:
            return False
        seen.add(key)
    return True
