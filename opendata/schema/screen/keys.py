"""The keys of a table on the screen: which rows may break one, told by hashes of their values."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.schema.screen.hashing import hash_key
from opendata.schema.screen.spill import KeyStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Self

    from opendata.schema.screen.arrow import Whole
    from opendata.schema.screen.table import Values

SEED = 1
UNIQUE, PRIMARY, TOGETHER = "unique", "primary", "together"


@dataclass(frozen=True, slots=True)
class Key:
    """Fields that are unique together.

    `kind`: `unique`, one field whose missing values are not compared (the constraint); `primary`, where a row without
    any value is wrong, and missing parts are compared; `together`, a unique key: a row with a missing part is not.
    """

    kind: str
    fields: tuple[str, ...]


class UniqueScreen:
    """Finds the rows that may repeat a key of an earlier row."""

    def __init__(self, keys: Sequence[Key]) -> None:
        """Keep the hashes of each key."""
        self._keys = [(key, KeyStore()) for key in keys]
        self.odd = False
        """A key holds values that a hash cannot compare: any row may repeat one."""

    def __enter__(self) -> Self:
        """Use it until it is left; what is on disk is gone then."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """Remove what is on disk."""
        with contextlib.ExitStack() as stack:
            for _key, store in self._keys:
                stack.callback(store.__exit__)

    def add(self, values: Values) -> Whole:
        """Take some rows; those that are wrong by themselves, in order: without any value in the primary key."""
        import numpy as np

        wrong = [np.zeros(0, np.int64)]
        for key, store in self._keys:
            if not values.odd.isdisjoint(key.fields):
                self.odd = True
                continue
            found = hash_key([values.columns[name] for name in key.fields], SEED)
            skipped = found.partial if key.kind == TOGETHER else found.empty
            if key.kind == PRIMARY:
                wrong.append(values.rows[found.empty])
            if skipped.any():
                store.add(found.hashes[~skipped], values.rows[~skipped])
            else:
                store.add(found.hashes, values.rows)
        return np.unique(np.concatenate(wrong))

    def repeated(self) -> Whole:
        """The rows that may repeat a key, and those that they repeat, in order."""
        import numpy as np

        return np.unique(np.concatenate([np.zeros(0, np.int64), *(store.repeated() for _key, store in self._keys)]))


class ReferenceScreen:
    """Finds the rows of a foreign key that the table it points into may not have.

    A hash must not be taken for another here: there are two, seeded by chance, and both must be found.
    """

    def __init__(self, fields: tuple[str, ...]) -> None:
        """Keep the hashes of the rows that point; `target` those of the table that they point into."""
        self.fields = fields
        self._seeds = [secrets.randbits(64), secrets.randbits(64)]
        self._here = [KeyStore(), KeyStore()]
        self._there = [KeyStore(), KeyStore()]
        self.odd = False

    def close(self) -> None:
        """Remove what is on disk."""
        with contextlib.ExitStack() as stack:
            for store in (*self._here, *self._there):
                stack.callback(store.__exit__)

    def point(self, values: Values) -> None:
        """Take rows that point."""
        self._add(self._here, values, self.fields)

    def target(self, values: Values, fields: Iterable[str]) -> None:
        """Take rows that are pointed at by these fields."""
        self._add(self._there, values, tuple(fields))

    def lost(self) -> Whole:
        """The rows that may point at nothing, in order."""
        import numpy as np

        pairs = zip(self._here, self._there, strict=True)
        return np.unique(np.concatenate([here.absent_from(there) for here, there in pairs]))

    def needed(self, rows: Whole) -> Whole:
        """The rows of the target that these rows may point at, in order."""
        return self._there[0].rows_of(self._here[0].hashes_of(rows))

    def _add(self, stores: Sequence[KeyStore], values: Values, fields: tuple[str, ...]) -> None:
        if not values.odd.isdisjoint(fields):
            self.odd = True
            return
        for store, seed in zip(stores, self._seeds, strict=True):
            found = hash_key([values.columns[name] for name in fields], seed)
            store.add(found.hashes[~found.empty], values.rows[~found.empty])
