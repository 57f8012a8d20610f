"""Foreign keys on the screen: whether each can be told by hashes, and the tables that they point into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.schema.expected import expected
from opendata.schema.patterns import safe_batches
from opendata.schema.screen.keys import ReferenceScreen
from opendata.schema.screen.table import TableScreen
from opendata.schema.types import arrow_type, is_float, zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import ForeignKey, Table
    from opendata.schema.expected import Expected
    from opendata.schema.keys import KeyPlan
    from opendata.schema.screen.table import Values


@dataclass(frozen=True, slots=True)
class Pointer:
    """A foreign key that is screened, with the name of its target; `target` None: it points into its own table.

    `there`: the columns of the table that it points into.
    """

    name: str
    screen: ReferenceScreen
    fields: tuple[str, ...]
    target: Table | None
    there: Expected

    def take(self, values: Values) -> None:
        """Take rows of the table that has the key."""
        self.screen.point(values)
        if self.target is None:
            self.screen.target(values, self.fields)


def pointers(table: Table, plan: KeyPlan, columns: Expected) -> list[Pointer] | None:
    """The foreign keys of a table that frictionless would judge; None where one of them cannot be screened.

    Its fields must have the types of the fields that they point at: frictionless compares Python's values, to which
    1 and True are the same. Moments of a zone are not screened: naive ones differ from those with an offset.
    """
    found = []
    for key, name in plan.keys:
        target = plan.tables.get(name)
        there = columns if target is None else _opened(target)
        if set(key.fields) <= columns.names:
            fitting = target is None or len(there.columns) == len(target.labels)
            if there.errors or not fitting or not _alike(table, key, target or table, there):
                return None
            found.append(Pointer(name, ReferenceScreen(key.fields), key.reference_fields, target, there))
    return found


def _opened(target: Table) -> Expected:
    """The columns of a table that is pointed into: frictionless opens it even where the columns of the key are not.

    Raises:
        FrictionlessException: its schema is invalid, or a field of it cannot be read.
    """
    there = expected(target)
    TableScreen(target.schema, there.columns)  # makes a reader of each field, as frictionless does
    return there


def read_targets(pointers: Sequence[Pointer]) -> None:
    """Read each table that is pointed into, once.

    Raises:
        SourceError: one of them cannot be read.
    """
    for name in {item.name: None for item in pointers if item.target is not None}:
        mine = [item for item in pointers if item.name == name]
        for values in _values(mine[0].target, mine[0].there):
            for item in mine:
                item.screen.target(values, item.fields)


def _values(target: Table | None, there: Expected) -> Iterator[Values]:
    if target is not None:
        screen = TableScreen(target.schema, there.columns)
        for batch in safe_batches(target):
            yield from screen.read(batch).values


def _alike(table: Table, key: ForeignKey, target: Table, there: Expected) -> bool:
    for name, other in zip(key.fields, key.reference_fields, strict=False):
        one, two = table.schema.field(name), target.schema.field(other)
        if one is None or two is None or other not in there.names:
            return False
        if one.type != two.type or arrow_type(one) != arrow_type(two) or zone(one) or zone(two):
            return False
        if is_float(one) != is_float(two):  # 0.1 is another value than the decimal 0.1
            return False
    return len(key.fields) == len(key.reference_fields)
