"""Types, constraints and key with pandera on polars: all that is wrong, as it tells with `lazy`.

The command line names the CSV file and its Table Schema. Exit status 1 where anything is found.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors
from polars_by_hand import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable


def column(field: dict[str, Any]) -> pa.Column:
    """A field as pandera has it."""
    rules = field.get("constraints", {})
    checks: dict[str, Callable[[Any], pa.Check]] = {
        "minimum": pa.Check.ge,
        "maximum": pa.Check.le,
        "enum": pa.Check.isin,
        "pattern": lambda text: pa.Check.str_matches(f"^(?:{text})$"),
    }
    wanted = [checks[rule](value) for rule, value in rules.items() if rule in checks]
    return pa.Column(TYPES[field["type"]], checks=wanted, nullable=not rules.get("required", False))


def validate(source: str, schema: dict[str, Any]) -> None:
    """Read all of it, then validate.

    Raises:
        SchemaErrors: something is wrong. A cell of another type already stops the reading.
    """
    columns = {field["name"]: column(field) for field in schema["fields"]}
    table = pl.read_csv(source, schema={field["name"]: TYPES[field["type"]] for field in schema["fields"]})
    pa.DataFrameSchema(columns, unique=schema["primaryKey"]).validate(table, lazy=True)


if __name__ == "__main__":
    try:
        validate(sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")))
    except SchemaErrors as found:
        sys.stdout.write(f"{found}\n")
        sys.exit(1)
