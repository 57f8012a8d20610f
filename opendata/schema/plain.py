"""Declarations that frictionless finds nothing wrong with, told without it: its import takes as long as many rows.

Only what is plainly sound is told here; whatever else is declared, frictionless is asked.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from opendata.model import as_object
from opendata.schema.expected import Column, Expected, expected
from opendata.schema.verdict import READ

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opendata.model import Field, Table, TableSchema
    from opendata.schema.keys import KeyPlan
    from opendata.schema.screen.adjudged import CellReader, JudgedField

# What a field may declare beside its type, where frictionless would heed it.
_PLAIN: Final = {"constraints", "format"}


@dataclass(slots=True)
class PlainField:
    """A field of a plain declaration; `asked` tells it as frictionless has it, once a cell has to be judged."""

    constraints: dict[str, Any]
    asked: Callable[[], JudgedField]

    def create_value_reader(self) -> Callable[[Any], Any]:
        """Bounds and listed values are what frictionless makes of them: texts, whole numbers, and exact decimals."""
        return lambda told: Decimal(str(told)) if isinstance(told, float) else told

    def create_cell_reader(self) -> CellReader:
        """Frictionless's own reader, made when the first cell comes."""
        made = functools.cache(lambda: self.asked().create_cell_reader())

        def read(cell: Any) -> tuple[Any, Mapping[str, str] | None]:  # noqa: ANN401 - as frictionless types it
            return made()(cell)

        return read


def plain(table: Table, plan: KeyPlan) -> Expected | None:
    """The columns of a table whose header and schema are plainly sound; None where frictionless has to be asked.

    Plain is a header of just the names of the fields, in their order, each once; fields of the types below in their
    default format, with constraints that are of the right kind; no foreign key.
    """
    if plan.keys or not _is_headed(table) or not _is_declared(table.schema):
        return None
    asked = functools.cache(lambda: expected(table, plan).columns)
    columns = [_column(asked, at, field, table.schema) for at, field in enumerate(table.schema.fields)]
    return Expected((), tuple(columns))


def _column(asked: Callable[[], tuple[Column, ...]], at: int, field: Field, schema: TableSchema) -> Column:
    constraints = dict(as_object(field.descriptor.get("constraints")))
    return Column(field.name, PlainField(constraints, lambda: asked()[at].field), schema.missing_values)


def _is_headed(table: Table) -> bool:
    names = [field.name for field in table.schema.fields]
    return table.header_row > 0 and list(table.labels) == names and all(names) and len(set(names)) == len(names)


def _is_declared(schema: TableSchema) -> bool:
    missing = list(schema.missing_values)
    return (
        "fieldsMatch" not in schema.descriptor
        and schema.descriptor.get("missingValues", missing) == missing
        and {field.name for field in schema.fields}.issuperset(schema.primary_key)
        and all(map(_is_plain, schema.fields))
    )


def _is_plain(field: Field) -> bool:
    constraints = field.descriptor.get("constraints", {})
    kinds = _KINDS.get(field.type)
    return (
        kinds is not None
        and field.format == field.descriptor.get("format", "default") == "default"
        and field.missing_values is None
        and not (set(READ) - _PLAIN) & field.descriptor.keys()
        and isinstance(constraints, dict)
        and all(name in kinds and kinds[name](value) for name, value in constraints.items())
    )


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return type(value) is int


def _is_number(value: object) -> bool:
    return _is_whole(value) or (isinstance(value, float) and math.isfinite(value))


def _is_length(value: object) -> bool:
    return isinstance(value, int) and _is_whole(value) and value >= 0


def _are_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, str) for item in value)


def _is_pattern(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(re.compile(f"^{value}$"))
    except (re.error, OverflowError, RecursionError):
        return False


_ALWAYS: Final[Mapping[str, Callable[[object], bool]]] = {"required": _is_flag, "unique": _is_flag}
_BOUNDS: Final = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_KINDS: Final[Mapping[str, Mapping[str, Callable[[object], bool]]]] = {
    "string": {
        **_ALWAYS,
        "enum": _are_texts,
        "pattern": _is_pattern,
        "minLength": _is_length,
        "maxLength": _is_length,
    },
    "integer": {**_ALWAYS, **dict.fromkeys(_BOUNDS, _is_whole)},
    "number": {**_ALWAYS, **dict.fromkeys(_BOUNDS, _is_number)},
    **dict.fromkeys(("boolean", "date", "time", "datetime", "year", "yearmonth"), _ALWAYS),
}
