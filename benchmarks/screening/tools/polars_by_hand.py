"""Types, constraints and key with polars, written by hand: how many rows break each. No places, no texts, no digest.

The command line names the CSV file and its Table Schema. Exit status 1 where anything is found.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TYPES = {
    "string": pl.String(),
    "number": pl.Float64(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "datetime": pl.Datetime("us"),
}

TESTS: dict[str, Callable[[pl.Expr, Any], pl.Expr]] = {
    "required": lambda column, _value: column.is_null(),
    "minimum": lambda column, value: column < value,
    "maximum": lambda column, value: column > value,
    "enum": lambda column, value: ~column.is_in(value),
    "pattern": lambda column, value: ~column.str.contains(f"^(?:{value})$"),
}
"""Where a constraint is broken."""


def broken(field: dict[str, Any]) -> Iterator[pl.Expr]:
    """For each constraint of a field: in how many rows it is broken."""
    column, rules = pl.col(field["name"]), field.get("constraints", {})
    for rule, value in rules.items():
        yield TESTS[rule](column, value).sum().alias(f"{field['name']} {rule}")


def found(source: str, schema: dict[str, Any]) -> dict[str, int]:
    """How many rows break which constraint, and how many repeat a key. A cell of another type ends it."""
    types = {field["name"]: TYPES[field["type"]] for field in schema["fields"]}
    read = pl.scan_csv(source, schema=types)
    tests = [test for field in schema["fields"] for test in broken(field)]
    repeated = (pl.len() - pl.struct(schema["primaryKey"]).n_unique()).alias("primaryKey")
    told: dict[str, int] = read.select(*tests, repeated).collect(engine="streaming").row(0, named=True)
    return told


if __name__ == "__main__":
    told = found(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    sys.stdout.write(json.dumps(told) + "\n")
    sys.exit(any(told.values()))
