"""The header of a table as frictionless judges it: what is wrong with it, and which field each column has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.schema.verdict import judged_resource, judged_schema

if TYPE_CHECKING:
    from frictionless import Error

    from opendata.model import Table
    from opendata.schema.keys import KeyPlan
    from opendata.schema.screen.adjudged import JudgedField


@dataclass(frozen=True, slots=True)
class Column:
    """The field of one column, and the texts that stand for a missing value in it."""

    name: str
    field: JudgedField
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """The errors of a header, and its columns in order."""

    errors: tuple[Error, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> frozenset[str]:
        """The fields that have a column."""
        return frozenset(column.name for column in self.columns)


def expected(table: Table, plan: KeyPlan | None = None) -> Expected:
    """What frictionless expects of the columns of a table. No row is read.

    Raises:
        FrictionlessException: the schema, or a foreign key of it in `plan`, is invalid.
    """
    judged_schema(table.schema, plan.keys if plan else ())
    schema = judged_schema(table.schema)
    resource = judged_resource(table.name, table, schema, iter(()))
    with resource:
        header = resource.header
        fields = header.get_expected_fields()
        columns = [
            Column(
                field.name,
                field,
                tuple(field.missing_values if field.has_defined("missing_values") else schema.missing_values),
            )
            for field in fields
        ]
        return Expected(tuple(header.errors), tuple(columns))
