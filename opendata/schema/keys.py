"""Keys: which tables they point into, and the unique keys, which frictionless does not judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import Finding, Place
from opendata.schema.wording import named_fields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from opendata.model import ForeignKey, Reference, Table


@dataclass(frozen=True, slots=True)
class KeyPlan:
    """The foreign keys to be judged, each with the name of its table; those tables; those not given."""

    keys: tuple[tuple[ForeignKey, str], ...]
    tables: Mapping[str, Table]
    findings: tuple[Finding, ...]


def plan_keys(table: Table, references: Sequence[Reference]) -> KeyPlan:
    """Find for each foreign key of a table, its schema's and its own, the table that it points into."""
    given = {(reference.package, reference.resource): reference.table for reference in references}
    keys: list[tuple[ForeignKey, str]] = []
    tables: dict[str, Table] = {}
    findings: list[Finding] = []
    for key in dict.fromkeys((*table.schema.foreign_keys, *table.keys)):
        if key.package is None and key.resource in {"", table.name}:
            keys.append((key, key.resource))
        elif target := given.get((key.package, key.resource)):
            name = key.resource if key.package is None else f"{key.package}/{key.resource}"
            tables[name] = target
            keys.append((key, name))
        else:
            findings.append(_reference_missing(table, key))
    return KeyPlan(tuple(keys), tables, tuple(findings))


def _comparable(cells: tuple[object, ...]) -> bool:
    """False where Python can tell no hash: of a time with an offset of a day, say, which the format `any` lets pass."""
    try:
        hash(cells)
    except (TypeError, ValueError, ArithmeticError):
        return False
    return True


def _reference_missing(table: Table, key: ForeignKey) -> Finding:
    target = f"{key.package}/{key.resource}" if key.package else key.resource
    message = _("The table {target}, which {fields} must agree with, was not given, so the key cannot be checked.")
    remedy = _("Put the package that holds this table beside this one, or check the name in the key.")
    fields = named_fields(table.schema, key.fields)
    place = Place(table.place.path, table.place.sheet, field=", ".join(key.fields))
    return Finding("reference-missing", place, message.format(target=target, fields=fields), remedy)


class UniqueKeys:
    """Judges the `uniqueKeys` of a schema by values; a row with a missing value in a key is not compared, as in SQL.

    Holds every key in memory, as frictionless does with primary keys.
    """

    def __init__(self, table: Table) -> None:
        """Start with no row seen."""
        self._table = table
        self._seen: list[tuple[tuple[str, ...], dict[tuple[object, ...], int]]]
        self._seen = [(key, {}) for key in table.schema.unique_keys]

    def judge(self, row: int, values: Mapping[str, object]) -> Iterator[Finding]:
        """What the row repeats of an earlier one."""
        for key, seen in self._seen:
            cells = tuple(values.get(name) for name in key)
            if None in cells or not _comparable(cells):
                continue
            if first := seen.get(cells):
                yield self._repeated(row, key, first)
            seen[cells] = row

    def _repeated(self, row: int, key: tuple[str, ...], first: int) -> Finding:
        message = _("Row {row} repeats {fields} of row {other}; no two rows may have the same.")
        remedy = _("Remove the row that is there twice, or correct the value that tells the rows apart.")
        fields = named_fields(self._table.schema, key)
        place = Place(self._table.place.path, self._table.place.sheet, row)
        note = f'the same as in the row at position "{first}"'
        return Finding("unique-key", place, message.format(row=row, fields=fields, other=first), remedy, note)
