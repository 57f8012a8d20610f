"""The first pass over a table: every batch on the screen, clean blocks to the sinks, keys into their stores."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from opendata.errors import OpendataError
from opendata.model import as_object
from opendata.schema.expected import expected
from opendata.schema.handing_on import HandingOn
from opendata.schema.plain import plain
from opendata.schema.referring import pointers, read_targets
from opendata.schema.screen.keys import PRIMARY, TOGETHER, UNIQUE, Key, UniqueScreen
from opendata.schema.screen.table import TableScreen
from opendata.schema.setting_aside import Aside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import Batch, Json, Sink, Table
    from opendata.schema.keys import KeyPlan
    from opendata.schema.referring import Pointer
    from opendata.schema.screen.arrow import Whole
    from opendata.schema.screen.table import Doubt, Screened


@dataclass(slots=True)
class Screening:
    """What the screen tells of a table.

    `suspects`: the rows that frictionless has to judge, in order; None: all of them, since a key could not be screened.
    `broken`: a row is wrong by itself. `complete` is False where it stopped at the limit. `adjudged`: by field, the
    cells that frictionless had to read. `needed`: by the name of a table that keys point into, those of its rows that
    the suspects may point at. `kept`: the rows of the suspects themselves; None: they have to be read once more.
    """

    rows: int = 0
    suspects: Whole | None = None
    broken: bool = False
    doubts: list[Doubt] = field(default_factory=list)
    complete: bool = True
    adjudged: dict[str, int] = field(default_factory=dict)
    needed: dict[str, Whole] = field(default_factory=dict)
    kept: tuple[Batch, ...] | None = None

    @property
    def clean(self) -> bool:
        """True where nothing is left to be judged."""
        return self.suspects is not None and not len(self.suspects) and not self.doubts


@dataclass(frozen=True, slots=True)
class Ready:
    """A table whose header and schema are sound, with its screen. `pointing` None: a foreign key cannot be screened."""

    screen: TableScreen
    unique: tuple[Key, ...]
    pointing: tuple[Pointer, ...] | None


def prepared(table: Table, plan: KeyPlan) -> Ready | None:
    """Make ready the screen of a table; None where frictionless finds fault with its schema or its header."""
    try:
        columns = plain(table, plan) or expected(table, plan)
        if columns.errors or len(columns.columns) != len(table.labels):
            return None
        pointing = pointers(table, plan, columns)
        screen = TableScreen(table.schema, columns.columns)
    except OpendataError:
        raise
    except Exception:  # noqa: BLE001 - whatever frictionless fails with, it is to say so itself
        return None
    return Ready(screen, tuple(_unique_keys(table, columns.names)), None if pointing is None else tuple(pointing))


def screen(batches: Iterator[Batch], ready: Ready, sinks: Sequence[Sink], limit: int) -> Screening:
    """Screen the batches of a table; what is clean goes to the sinks until something is found.

    It stops after the batch with which as many rows as `limit` are wrong: each of them is worth a finding.

    Raises:
        SourceError: the source, or a table that a key points into, could not be read.
        Exception: whatever a sink raised.
    """
    pointing = ready.pointing or ()
    with contextlib.ExitStack() as stack:
        unique = stack.enter_context(UniqueScreen(ready.unique))
        for item in pointing:
            stack.callback(item.screen.close)
        with HandingOn(sinks) as handing:
            course = _Course(ready.screen, unique, pointing, handing, limit)
            course.run(batches)
        found = course.found
        read_targets(pointing)
        if ready.pointing is None or unique.odd or any(item.screen.odd for item in pointing):
            return found
        suspects = _merged([*course.suspects, unique.repeated(), *(item.screen.lost() for item in pointing)])
        # Where it stopped at the limit, not all rows of the table itself are known.
        known = [item for item in pointing if found.complete or item.target is not None]
        return replace(found, suspects=suspects, needed=_needed(known, suspects), kept=course.aside.kept(suspects))


def _needed(pointing: Sequence[Pointer], suspects: Whole) -> dict[str, Whole]:
    names = {item.name for item in pointing}
    return {name: _merged([item.screen.needed(suspects) for item in pointing if item.name == name]) for name in names}


class _Course:
    def __init__(
        self, screen: TableScreen, unique: UniqueScreen, pointing: Sequence[Pointer], handing: HandingOn, limit: int
    ) -> None:
        self._screen = screen
        self._unique = unique
        self._pointing = pointing
        self._handing = handing
        self._limit = limit
        self.suspects: list[Whole] = []
        self.aside = Aside()
        self._count = 0
        self.found = Screening()

    def run(self, batches: Iterator[Batch]) -> None:
        for batch in batches:
            self._take(batch)
            if self._count >= self._limit:
                self.found.complete = False
                break
        self.found.broken = self._count > 0

    def _take(self, batch: Batch) -> None:
        screened = self._screen.read(batch)
        wrong = [screened.suspects, *(self._unique.add(values) for values in screened.values)]
        for item in self._pointing:
            for values in screened.values:
                item.take(values)
        suspects = _merged(wrong)
        self.found.rows += batch.records.num_rows + len(batch.misfits)
        self.found.doubts.extend(screened.doubts)
        self._count += len(suspects) + len(screened.doubts)
        self.suspects.append(suspects)
        self.aside.take(batch, suspects)
        self._explain(screened)
        if not self._count and batch.records.num_rows:
            self._handing.give(screened.block)

    def _explain(self, screened: Screened) -> None:
        for name, cells in screened.adjudged.items():
            self.found.adjudged[name] = self.found.adjudged.get(name, 0) + cells


def _unique_keys(table: Table, names: frozenset[str]) -> list[Key]:
    """The keys of a table all of whose fields have a column, as frictionless judges them, and its unique keys."""
    keys = [Key(UNIQUE, (item.name,)) for item in table.schema.fields if _unique(item.descriptor)]
    if table.schema.primary_key:
        keys.append(Key(PRIMARY, tuple(table.schema.primary_key)))
    keys.extend(Key(TOGETHER, tuple(key)) for key in table.schema.unique_keys)
    return [key for key in keys if names.issuperset(key.fields)]


def _unique(descriptor: Json) -> bool:
    return bool(as_object(descriptor.get("constraints")).get("unique"))


def _merged(rows: Sequence[Whole]) -> Whole:
    import numpy as np

    return np.unique(np.concatenate([np.zeros(0, np.int64), *rows]))
