"""The guess of a primary key: the fewest leading columns whose values no two rows share."""

from __future__ import annotations

import hashlib
from itertools import combinations
from typing import TYPE_CHECKING, cast

from opendata.messages import _
from opendata.schema import kinds
from opendata.schema.naming import header_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from opendata.model import Batch, Table
    from opendata.schema.columns import Column
    from opendata.schema.guessing import Guess

# Columns of measures are no keys, nor is a number, but where its header says that it counts or names something.
_NAMING = frozenset({"ma", "code", "id", "stt", "thang", "month", "quy", "quarter", "tuan", "week", "ngay", "day"})
_LEADING, _MOST = 5, 3
HELD = 1_000_000


def guess_key(
    table: Table, columns: Sequence[Column], guesses: Sequence[Guess], held: int = HELD
) -> tuple[tuple[int, ...], str]:
    """The positions of the key's columns, none where there is no key, and the note to the user.

    The table is read once for each number of columns tried. At most `held` hashes of keys are in memory.
    """
    leading = [place for place, column in enumerate(columns) if _may_be_key(column, guesses[place])][:_LEADING]
    for size in range(1, _MOST + 1):
        combination, full = _unique(table, list(combinations(leading, size)), guesses, held)
        if full:
            return (), _("No key was looked for: the table has too many rows. Name the fields that tell rows apart.")
        if combination:
            named = ", ".join(str(guesses[place].descriptor["name"]) for place in combination)
            return combination, _("The key was guessed: no two rows share {fields}. Confirm it.").format(fields=named)
    return (), _("No key was found: no few leading columns tell the rows apart.")


def _may_be_key(column: Column, guess: Guess) -> bool:
    missing = column.empty or not column.filled or (column.markers and guess.kind)
    if missing or guess.kind in {kinds.NUMBER, kinds.COMMA}:
        return False
    return guess.kind != kinds.INTEGER or bool(header_words(column.label) & _NAMING)


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
