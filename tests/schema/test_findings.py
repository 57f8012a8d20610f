"""What an officer is told: every error of frictionless has words of its own."""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING

import frictionless.errors
import pytest
from schema_helpers import schema_of, table_of

from opendata import messages
from opendata.model import Finding, Report
from opendata.schema import check, wording

if TYPE_CHECKING:
    from opendata.model import Json, JsonValue

PLACEHOLDERS = {"field", "cell", "row", "column", "note", "other", "allowed", "form"}


def finding(cell: str, constraints: Json | None = None, **field: JsonValue) -> Finding:
    """The first finding for one cell of the field "Diện tích (area)"."""
    descriptor: Json = {"name": "area", "title": "Diện tích", **field, "constraints": constraints or {}}
    outcome = check(table_of([[cell, "1"]], schema_of({"fields": [descriptor, {"name": "row"}]})))
    assert isinstance(outcome, Report)
    return outcome.findings[0]


def test_every_error_of_a_table_row_cell_header_or_label_has_its_sentences() -> None:
    tabular = {kind.type for kind in frictionless.errors.TableError.list_children(root=True)}
    tabular |= {kind.type for kind in frictionless.errors.FileError.list_children(root=True)}
    worded = set(wording.SENTENCES) | {"type-error", "constraint-error"}
    assert tabular - worded == set()


def test_sentences_use_known_placeholders_only() -> None:
    tables = [wording.SENTENCES, wording.TYPES, wording.CONSTRAINTS, {"": wording.FALLBACK}]
    tables += [{"": wording.OTHER_TYPE}, {"": wording.OTHER_CONSTRAINT}]
    for sentence in {sentence for table in tables for pair in table.values() for sentence in pair}:
        names = {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}
        assert names <= PLACEHOLDERS, sentence
        assert sentence.endswith((".", "{note}", "{allowed}")), sentence


@pytest.mark.parametrize(
    ("field", "cell", "message", "remedy"),
    [
        ({"type": "integer"}, "1,5", "is not a whole number", "digits only"),
        ({"type": "number"}, "1,5", "is not a number", "1234.5"),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, "x", "is not a number", "1.234,5"),
        ({"type": "boolean"}, "x", "is neither yes nor no", "true, false"),
        (
            {"type": "boolean", "trueValues": ["có"], "falseValues": ["không"]},
            "x",
            "is neither yes nor no",
            "có, không",
        ),
        ({"type": "date"}, "5/1/2024", "is not a date", "2024-12-31"),
        ({"type": "date", "format": "%d/%m/%Y"}, "2024", "is not a date", "31/12/2024"),
        ({"type": "time"}, "10:00", "is not a time", "23:59:58"),
        ({"type": "datetime"}, "10:00", "is not a date and time", "2024-12-31T23:59:58"),
        ({"type": "year"}, "24", "is not a year", "2024"),
        ({"type": "yearmonth"}, "24", "is not a year and month", "2024-12"),
        ({"type": "string", "format": "email"}, "x", "is not an e-mail address", ""),
        ({"type": "geojson"}, "x", "cannot be read as the type", ""),
    ],
)
def test_a_wrong_type_says_what_was_expected_and_how_to_write_it(
    field: dict[str, JsonValue], cell: str, message: str, remedy: str
) -> None:
    found = finding(cell, None, **field)
    assert (found.code, found.cell, found.place.column) == ("type-error", cell, 1)
    assert f'"{cell}" in Diện tích (area) {message}' in found.message
    assert remedy in found.remedy


@pytest.mark.parametrize(
    ("kind", "constraint", "cell", "said"),
    [
        ("integer", {"minimum": 5}, "1", "less than 5"),
        ("integer", {"maximum": 5}, "9", "more than 5"),
        ("integer", {"exclusiveMinimum": 5}, "5", "not more than 5"),
        ("integer", {"exclusiveMaximum": 5}, "5", "not less than 5"),
        ("string", {"minLength": 3}, "a", "shorter than 3"),
        ("string", {"maxLength": 1}, "abc", "longer than 1"),
        ("string", {"pattern": "[0-9]{2}"}, "a", "[0-9]{2}"),
        ("string", {"enum": ["a", "b"]}, "c", "not one of the allowed values"),
        ("string", {"required": True}, "", "must have one in each row"),
    ],
)
def test_a_broken_constraint_names_its_bound(kind: str, constraint: Json, cell: str, said: str) -> None:
    found = finding(cell, constraint, type=kind)
    assert found.code == "constraint-error"
    assert said in found.message
    assert "Diện tích (area)" in found.message
    assert found.note.startswith("constraint ")


def test_a_long_list_is_cut() -> None:
    found = finding("x", {"enum": [str(i) for i in range(100)]}, type="string")
    assert found.remedy.startswith("Write one of: 0, 1, 2")
    assert found.remedy.endswith(", 19, ….")


def test_other_rows_and_columns_are_named() -> None:
    schema = schema_of(
        {"fields": [{"name": "a", "type": "string", "constraints": {"unique": True}}], "primaryKey": "a"}
    )
    outcome = check(table_of([["x"], ["x"]], schema))
    assert isinstance(outcome, Report)
    assert [item.message for item in outcome.findings] == [
        '"x" stands in a in row 2 already; each value may stand there once.',
        "The row repeats the key of row 2: a.",
    ]
    schema = schema_of({"fields": [{"name": "a"}, {"name": "b"}]})
    outcome = check(table_of([], schema, labels=["a", "a"]))
    assert isinstance(outcome, Report)
    assert outcome.findings[0].message == 'The name "a" stands above column 2 and above column 1 too.'


def test_findings_speak_the_language_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        messages, "translate", lambda text, _code: text.replace("is not a whole number", "không phải số nguyên")
    )
    assert re.search("không phải số nguyên", finding("x", type="integer").message)


def test_braces_in_the_data_do_no_harm() -> None:
    assert '"{0}{note}"' in finding("{0}{note}", type="integer").message


def test_a_very_long_cell_is_cut_in_the_message_alone() -> None:
    found = finding("x" * 5000, type="integer")
    assert found.cell == "x" * 5000
    assert len(found.message) < 200
