"""What is told of a declaration without frictionless is what frictionless says of it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from schema_helpers import schema_of, table_of

from opendata.schema.expected import expected
from opendata.schema.keys import plan_keys
from opendata.schema.plain import plain
from opendata.schema.screen.constraints import exactly
from opendata.schema.types import arrow_type

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Table
    from opendata.schema.expected import Column

KINDS = [
    "string",
    "integer",
    "number",
    "boolean",
    "date",
    "time",
    "datetime",
    "year",
    "yearmonth",
    "any",
    "list",
    "odd",
]
FORMATS = ["default", "default", "default", "any", "email", "%Y", "", 7]
VALUES: list[Any] = [
    *(
        0,
        1,
        -1,
        7.5,
        1e308,
        0.1234567890123456,
        10**30,
        True,
        False,
        None,
        "",
        "a",
        "7",
        "7.5",
        "2024-01-05",
        "(",
        "[a-z]+",
    ),
    *([], ["a"], ["a", 1], ["a", "a"], {}, {"a": 1}),
]
CONSTRAINTS = ["required", "unique", "enum", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]
CELLS = ["", "a", "7", "7.5", "-", "true", "2024-01-05", "10:00:00", "2024", "x" * 9, "[a-z]+", "abc"]
NAMES = ["a", "b", "c", "", " a"]
USUAL: list[dict[str, Any]] = [
    {"name": "a", "type": "string", "constraints": {"required": True, "pattern": "[A-Z]{2}", "maxLength": 5}},
    {"name": "b", "type": "number", "title": "Bụi", "constraints": {"minimum": 0, "exclusiveMaximum": 0.5}},
    {"name": "c", "type": "integer", "format": "default", "constraints": {"minimum": -5, "unique": True}},
    {"name": "d", "type": "string", "constraints": {"enum": ["valid", "error"], "minLength": 0}},
    *({"name": f"e{kind}", "type": kind} for kind in KINDS[3:9]),
]

constraints = st.dictionaries(st.sampled_from([*CONSTRAINTS, "minLength", "maxLength", "odd"]), st.sampled_from(VALUES))
declared = st.fixed_dictionaries(
    {"name": st.sampled_from(NAMES), "type": st.sampled_from(KINDS)},
    optional={
        "format": st.sampled_from(FORMATS),
        "constraints": constraints | st.sampled_from(VALUES),
        "missingValues": st.sampled_from([[], ["-"], [""]]),
        "bareNumber": st.booleans(),
        "decimalChar": st.sampled_from([",", "."]),
        "trueValues": st.just(["có"]),
        "title": st.just("Tên"),
    },
)
schemas = st.fixed_dictionaries(
    {"fields": st.lists(declared, min_size=1, max_size=3)},
    optional={
        "primaryKey": st.lists(st.sampled_from(NAMES), max_size=2),
        "fieldsMatch": st.sampled_from(["exact", "subset"]),
        "missingValues": st.sampled_from([["", "-"], ["-"], [], [""], "-", [{"value": "-"}], ["", ""]]),
    },
)


def _told(descriptor: dict[str, Any], labels: list[str] | None = None, header_row: int = 1) -> tuple[Table, Any]:
    schema = schema_of(descriptor)
    missing = descriptor.get("missingValues", [""])
    texts = tuple(item for item in missing if isinstance(item, str))
    table = table_of([], replace(schema, missing_values=texts), labels=labels, header_row=header_row)
    return table, plain(table, plan_keys(table, ()))


def _same(found: Column, wanted: Column, table: Table) -> None:
    assert (found.name, found.missing) == (wanted.name, wanted.missing)
    assert found.field.constraints == wanted.field.constraints
    field = table.schema.field(found.name)
    assert field
    kind = arrow_type(field)
    for name, told in found.field.constraints.items():
        if "imum" in name or name == "enum":
            for value in told if name == "enum" else [told]:
                read = [exactly(side.field.create_value_reader()(value), kind) for side in (found, wanted)]
                assert read[0] == read[1]
                assert type(read[0]) is type(read[1])
    ours, theirs = found.field.create_cell_reader(), wanted.field.create_cell_reader()
    for cell in CELLS:
        assert ours(cell) == theirs(cell)


@settings(max_examples=400)
@given(schemas, st.none() | st.lists(st.sampled_from(NAMES), max_size=3), st.sampled_from([0, 1, 1, 1]))
@example({"fields": USUAL, "primaryKey": ["a", "c"]}, None, 1)
@example({"fields": [{"name": "a", "type": "string", "format": ""}]}, None, 1)  # found by chance
@example({"fields": USUAL, "missingValues": ["-", "x"]}, None, 1)
def test_what_is_plain_frictionless_finds_sound(
    descriptor: dict[str, Any], labels: list[str] | None, header_row: int
) -> None:
    table, found = _told(descriptor, labels, header_row)
    if found is None:
        return
    wanted = expected(table, plan_keys(table, ()))  # it raises nothing
    assert not wanted.errors
    assert len(found.columns) == len(wanted.columns)
    for ours, theirs in zip(found.columns, wanted.columns, strict=True):
        _same(ours, theirs, table)


def test_the_usual_is_plain() -> None:
    assert _told({"fields": USUAL, "primaryKey": ["a"], "uniqueKeys": [["b", "c"]]})[1]


@pytest.mark.parametrize(
    "changed",
    [
        {"constraints": {"minimum": 1}},
        {"constraints": {"enum": [1]}},
        {"constraints": {"minLength": "1"}},
        {"constraints": {"pattern": "("}},
        {"constraints": {"required": "yes"}},
        {"constraints": []},
        {"format": "email"},
        {"missingValues": ["-"]},
        {"type": "geopoint"},
        {"name": ""},
    ],
)
def test_of_anything_else_frictionless_is_asked(changed: dict[str, Any]) -> None:
    assert _told({"fields": [{"name": "a", "type": "string"}]})[1]
    assert _told({"fields": [{"name": "a", "type": "string", **changed}]})[1] is None


@pytest.mark.parametrize(("labels", "header_row"), [(["b"], 1), (["a", "b"], 1), ([], 1), (None, 0)])
def test_of_a_header_that_is_not_the_schema_frictionless_is_asked(labels: list[str] | None, header_row: int) -> None:
    assert _told({"fields": [{"name": "a", "type": "string"}]}, labels, header_row)[1] is None


def test_frictionless_is_not_even_imported_where_nothing_is_wrong(tmp_path: Path) -> None:
    rows = tmp_path / "levels.csv"
    rows.write_text("river,level\nSông Đà,7\n", encoding="utf-8")
    (tmp_path / "s.json").write_text(
        '{"fields": [{"name": "river", "type": "string"}, {"name": "level", "type": "integer"}]}', encoding="utf-8"
    )
    code = (
        "import sys\nfrom opendata.cli import main\n"
        "code = main(sys.argv[1:])\nprint(code, 'frictionless' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, "check", str(rows), "--schema", str(tmp_path / "s.json")]
    clean = subprocess.run(command, capture_output=True, text=True, check=True)
    assert clean.stdout.endswith("0 False\n"), clean.stdout + clean.stderr
    rows.write_text("river,level\nSông Đà,x\n", encoding="utf-8")
    wrong = subprocess.run(command, capture_output=True, text=True, check=True)
    assert wrong.stdout.endswith("1 True\n"), wrong.stdout + wrong.stderr
