from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from descriptor_helpers import dataset, fields, full

from opendata.edition import cut, outline
from opendata.errors import GateError
from opendata.model import AccessLevel, Batch, Checked, Outline, Place, Table, TableSchema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _no_batches() -> Iterator[Batch]:
    return iter(())


def checked(schema: TableSchema, name: str) -> Checked:
    labels = tuple(field.name for field in schema.fields)
    return Checked(Table(name, Place(name), labels, schema, _no_batches, lambda: "sha256:0"), "sha256:0", 0)


@pytest.fixture
def made(tmp_path: Path) -> Outline:
    descriptor = full()
    fields(descriptor)[2]["access"] = {"level": "internal"}
    return outline(dataset(tmp_path, descriptor), AccessLevel.OPEN)


def table_schema(made: Outline) -> TableSchema:
    schema = made.cuts[0].resource.schema
    assert schema is not None
    return schema


def test_an_edition_holds_the_tables_it_shows_and_no_other(made: Outline) -> None:
    shown, other = checked(table_schema(made), "pigs"), checked(table_schema(made), "other")
    edition = cut(made, [other, shown])
    assert edition.outline is made
    assert edition.checked == (shown,)


def test_a_table_that_was_not_checked_stops_the_edition(made: Outline) -> None:
    with pytest.raises(GateError, match="pigs was not checked"):
        cut(made, [checked(table_schema(made), "other")])


def test_a_table_that_lacks_a_shown_field_stops_the_edition(made: Outline) -> None:
    schema = table_schema(made)
    with pytest.raises(GateError):
        cut(made, [checked(replace(schema, fields=schema.fields[1:]), "pigs")])
    assert cut(made, [checked(replace(schema, fields=schema.fields[:2]), "pigs")])
