"""What changed between two states of a table, told by its key, without holding either in memory."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from opendata.model import Batch, Table

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """How many rows came, went and changed. Without a key a changed row is one that went and one that came."""

    came: int = 0
    went: int = 0
    changed: int = 0
    kept: int = 0

    @property
    def none(self) -> bool:
        """True where both states hold the same rows."""
        return not (self.came or self.went or self.changed)


def compare(old: Iterable[Row], new: Iterable[Row], key: Sequence[int], scratch: Path) -> Changes:
    """Count what changed from `old` to `new`, rows matched by the columns at the positions `key`.

    An empty `key` matches whole rows. `scratch` is a folder for a temporary database, removed after.

    >>> from pathlib import Path; from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     compare([("a", "1"), ("b", "2")], [("a", "1"), ("b", "3"), ("c", "4")], [0], Path(folder))
    Changes(came=1, went=0, changed=1, kept=1)
    """
    path = scratch / "changes.sqlite"
    try:
        with closing(sqlite3.connect(path)) as database:
            database.execute("PRAGMA journal_mode = OFF")
            database.execute("PRAGMA synchronous = OFF")
            for state, rows in (("old", old), ("new", new)):
                _store(database, state, _hashed(rows, key))
            return _count(database)
    finally:
        path.unlink(missing_ok=True)


def rows_of(table: Table, fields: Sequence[str]) -> Iterator[Row]:
    """The rows of a table as texts, the columns in the order of `fields`; one that is missing is empty.

    A row that does not fit the header comes as it stands.
    """
    places = [table.labels.index(name) if name in table.labels else None for name in fields]
    for batch in table.batches():
        yield from _rows(batch, places)
        yield from (misfit.cells for misfit in batch.misfits)


def _rows(batch: Batch, places: Sequence[int | None]) -> Iterator[Row]:
    empty = [""] * batch.records.num_rows
    columns = [empty if at is None else batch.records.column(at).to_pylist() for at in places]
    yield from zip(*columns, strict=True)


def _hashed(rows: Iterable[Row], key: Sequence[int]) -> Iterator[tuple[bytes, bytes]]:
    for row in rows:
        parts = tuple(row[at] if at < len(row) else "" for at in key) or row
        yield _digest(parts), _digest(row)


def _digest(cells: Row) -> bytes:
    return hashlib.blake2b("".join(f"{len(cell)}:{cell}" for cell in cells).encode(), digest_size=16).digest()


def _store(database: sqlite3.Connection, state: str, rows: Iterable[tuple[bytes, bytes]]) -> None:
    """Keep the rows in a table named by `state`, those of one key numbered, so that a repeated row meets its like."""
    database.execute("CREATE TEMP TABLE raw (key BLOB, row BLOB)")
    database.executemany("INSERT INTO raw VALUES (?, ?)", rows)
    numbered = "SELECT key, row, row_number() OVER (PARTITION BY key ORDER BY row) AS nth FROM raw"
    database.execute(f"CREATE TABLE {state} AS {numbered}")
    database.execute(f"CREATE INDEX {state}_key ON {state} (key, nth)")
    database.execute("DROP TABLE raw")


def _count(database: sqlite3.Connection) -> Changes:
    both = "FROM old JOIN new USING (key, nth) WHERE old.row {} new.row"
    kept = _one(database, "SELECT count(*) " + both.format("="))
    changed = _one(database, "SELECT count(*) " + both.format("<>"))
    before, after = _one(database, "SELECT count(*) FROM old"), _one(database, "SELECT count(*) FROM new")
    return Changes(came=after - kept - changed, went=before - kept - changed, changed=changed, kept=kept)


def _one(database: sqlite3.Connection, query: str) -> int:
    (number,) = database.execute(query).fetchone()
    return int(number)
