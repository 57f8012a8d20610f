from __future__ import annotations

import dataclasses
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from schema_helpers import Collector, field_of, fields, schema_of, table_of

from opendata.errors import DiskError, SourceError
from opendata.model import AccessLevel, Checked, Field, ForeignKey, Reference, Report, TableSchema
from opendata.schema import check, finding_to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import Batch, Block, Json, Sink, Table


def codes(outcome: Checked | Report) -> list[tuple[str, int | None]]:
    assert isinstance(outcome, Report)
    return [(finding.code, finding.place.row) for finding in outcome.findings]


def test_a_clean_table_is_checked_and_its_blocks_reach_every_sink_in_order() -> None:
    rows = [[str(i), f"{i}.50"] for i in range(10)]
    table = table_of(rows, fields("integer", "number", primaryKey=["a"]), size=4)
    sinks = [Collector(), Collector()]
    outcome = check(table, (), sinks)
    assert isinstance(outcome, Checked)
    assert (outcome.rows, outcome.report.rows, outcome.digest) == (10, 10, table.digest())
    for sink in sinks:
        assert sink.values("a") == list(range(10))
        assert sink.texts("b") == [row[1] for row in rows]
        assert [row for block in sink.blocks for row in block.rows.to_pylist()] == list(range(2, 12))
        assert not sink.aborted
        assert not sink.sealed


def test_a_header_alone_is_a_valid_table_without_rows() -> None:
    sink = Collector()
    outcome = check(table_of([], fields("integer")), (), [sink])
    assert isinstance(outcome, Checked)
    assert outcome.rows == 0
    assert not sink.blocks


def test_neither_header_nor_rows_is_an_empty_source() -> None:
    assert codes(check(table_of([], fields("integer"), labels=[]))) == [("source-error", None)]


def test_a_table_without_a_header_goes_by_position() -> None:
    table = table_of([["1", "x"]], fields("integer", "string"), header_row=0)
    sink = Collector()
    assert isinstance(check(table, (), [sink]), Checked)
    assert sink.values("a") == [1]
    assert sink.blocks[0].rows.to_pylist() == [1]
    assert codes(check(table_of([["x", "x"]], fields("integer", "string"), header_row=0))) == [("type-error", 1)]


def test_findings_come_in_the_order_of_rows_with_misfits_among_them() -> None:
    rows = [["1", "a"], ["x", "b"], ["2"], [], ["3", "c", "d"], ["9" * 20, "e"], ["y", "f"]]
    sink = Collector()
    outcome = check(table_of(rows, fields("integer", "string"), size=7), (), [sink])
    expected = ["type-error", "missing-cell", "blank-row", "extra-cell", "inexact-value", "type-error"]
    assert codes(outcome) == list(zip(expected, range(3, 9), strict=True))
    assert isinstance(outcome, Report)
    assert outcome.rows == 7
    assert sink.aborted
    assert not sink.blocks


def test_blocks_before_the_first_fault_are_handed_on_and_then_aborted() -> None:
    sink = Collector()
    outcome = check(table_of([["1"], ["2"], ["x"], ["4"]], fields("integer"), size=2), (), [sink])
    assert codes(outcome) == [("type-error", 4)]
    assert sink.values("a") == [1, 2]
    assert sink.aborted


def test_the_limit_stops_early_and_says_so() -> None:
    opened: list[int] = []
    table = table_of([["x"]] * 50, fields("integer"), size=5)

    def batches() -> Iterator[Batch]:
        for number, batch in enumerate(table.batches()):
            opened.append(number)
            yield batch

    outcome = check(dataclasses.replace(table, batches=batches), limit=7)
    assert isinstance(outcome, Report)
    assert (len(outcome.findings), outcome.complete, outcome.rows) == (7, False, 10)
    assert opened == [0, 1]
    full = check(table)
    assert isinstance(full, Report)
    assert (len(full.findings), full.complete) == (50, True)


def test_the_limit_holds_for_findings_of_our_own_too() -> None:
    outcome = check(table_of([["9" * 20]] * 50, fields("integer"), size=50), limit=7)
    assert isinstance(outcome, Report)
    assert (len(outcome.findings), outcome.complete) == (7, False)


def test_a_schema_whose_descriptor_says_nothing_goes_by_the_model() -> None:
    bare = TableSchema(
        (Field("a", "integer", "default", AccessLevel.OPEN, {}, missing_values=("-",)), field_of({"name": "b"})), {}
    )
    sink = Collector()
    assert isinstance(check(table_of([["1", "x"], ["-", "y"]], bare), (), [sink]), Checked)
    assert sink.values("a") == [1, None]


def test_nothing_heavy_is_imported_before_it_is_used() -> None:
    heavy = "{'pyarrow', 'frictionless', 'pandas', 'jsonschema'}"
    program = f"import opendata.schema, sys; sys.exit(bool({heavy} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_fault_half_way_aborts_the_sinks_and_goes_to_the_caller() -> None:
    table = table_of([["1"], ["2"], ["3"]], fields("integer"), size=1)
    fault = SourceError("The file ends in the middle.", "table.csv", "Take it once more.")

    def batches() -> Iterator[Batch]:
        yield from list(table.batches())[:2]
        raise fault

    sink = Collector()
    with pytest.raises(SourceError) as met:
        check(dataclasses.replace(table, batches=batches), (), [sink])
    assert met.value is fault
    assert sink.values("a") == [1, 2]
    assert sink.aborted


DISK_FULL = DiskError("The disk is full.", "area.csv", "Free some space.")


class Full(Collector):
    """A sink whose disk is full, and which cannot even clean up."""

    def batch(self, block: Block) -> None:
        del block
        raise DISK_FULL

    def abort(self) -> None:
        super().abort()
        raise DISK_FULL


def test_a_fault_of_a_sink_aborts_all_of_them_and_goes_to_the_caller() -> None:
    sinks: Sequence[Collector] = [Collector(), Full(), Collector()]
    with pytest.raises(DiskError, match="disk is full"):
        check(table_of([["1"]], fields("integer")), (), sinks)
    assert all(sink.aborted for sink in sinks)


def test_an_interrupt_aborts_the_sinks() -> None:
    class Interrupted(Collector):
        def batch(self, block: Block) -> None:
            del block
            raise KeyboardInterrupt

    sink = Interrupted()
    sinks: Sequence[Sink] = [sink]
    with pytest.raises(KeyboardInterrupt):
        check(table_of([["1"]], fields("integer")), (), sinks)
    assert sink.aborted


def test_a_file_that_changes_meanwhile_is_refused() -> None:
    digests = iter(["sha256:1", "sha256:2"])
    table = dataclasses.replace(table_of([["1"]], fields("integer")), digest=lambda: next(digests))
    sink = Collector()
    with pytest.raises(SourceError, match="changed"):
        check(table, (), [sink])
    assert sink.aborted


UNITS = table_of([["01", "Hà Nội"], ["02", "Hà Giang"]], fields("string", "string"), name="units")


def _paddy(*units: str) -> Table:
    key = ForeignKey(("a",), "units", ("a",), "administrative-units")
    return table_of([[unit, "1"] for unit in units], fields("string", "integer"), keys=[key])


def test_a_key_into_another_package_is_looked_up_among_the_references() -> None:
    references = [Reference("administrative-units", "units", UNITS)]
    assert isinstance(check(_paddy("01", "02", ""), references), Checked)
    outcome = check(_paddy("01", "03"), references)
    assert codes(outcome) == [("foreign-key", 3)]
    assert isinstance(outcome, Report)
    assert '"03" is not found in the table administrative-units/units' in outcome.findings[0].message


@pytest.mark.parametrize("reference", [None, Reference(None, "units", UNITS), Reference("other", "units", UNITS)])
def test_a_key_without_its_table_is_found_and_the_rest_is_checked(reference: Reference | None) -> None:
    table = _paddy("01")
    outcome = check(table, [reference] if reference else [])
    assert codes(outcome) == [("reference-missing", None)]
    assert isinstance(outcome, Report)
    assert "administrative-units/units" in outcome.findings[0].message


def test_a_key_into_the_same_package_and_one_into_the_table_itself() -> None:
    schema = schema_of(
        {
            "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}],
            "foreignKeys": [
                {"fields": ["a"], "reference": {"resource": "units", "fields": ["a"]}},
                {"fields": ["b"], "reference": {"resource": "", "fields": ["a"]}},
            ],
        }
    )
    references = [Reference(None, "units", UNITS)]
    assert isinstance(check(table_of([["01", ""], ["02", "01"]], schema), references), Checked)
    outcome = check(table_of([["01", "02"], ["03", "01"]], schema), references)
    assert codes(outcome) == [("foreign-key", 2), ("foreign-key", 3)]
    named = dataclasses.replace(schema.foreign_keys[1], resource="table")
    own = dataclasses.replace(schema, foreign_keys=(named,))
    assert codes(check(table_of([["01", "02"]], own))) == [("foreign-key", 2)]


def test_a_reference_that_cannot_be_read_is_its_own_error() -> None:
    fault = SourceError("The file is no table.", "units.csv", "Save it as CSV.")

    def broken() -> Iterator[Batch]:
        raise fault
        yield

    units = dataclasses.replace(UNITS, batches=broken)
    sink = Collector()
    with pytest.raises(SourceError) as met:
        check(_paddy("01"), [Reference("administrative-units", "units", units)], [sink])
    assert met.value is fault
    assert sink.aborted


def test_unique_keys_are_judged_by_value_and_not_where_a_value_is_missing() -> None:
    schema = fields("number", "string", uniqueKeys=[["a", "b"]])
    rows = [["1.0", "x"], ["1", "y"], ["1.00", "x"], ["1", ""], ["1", ""]]
    outcome = check(table_of(rows, schema))
    assert codes(outcome) == [("unique-key", 4)]
    assert isinstance(outcome, Report)
    assert "row 2" in outcome.findings[0].message


@pytest.mark.parametrize("kind", ["array", "list", "object", "geojson"])
@pytest.mark.parametrize("where", ["primaryKey", "uniqueKeys", "unique", "foreignKeys"])
def test_what_frictionless_fails_on_is_a_finding(kind: str, where: str) -> None:
    field: dict[str, object] = {"name": "a", "type": kind}
    schema: dict[str, object] = {"fields": [field]}
    if where == "unique":
        field["constraints"] = {"unique": True}
    elif where == "foreignKeys":
        schema[where] = [{"fields": ["a"], "reference": {"resource": "", "fields": ["a"]}}]
    else:
        schema[where] = ["a"] if where == "primaryKey" else [["a"]]
    outcome = check(table_of([["[1]"], ["[1]"]], schema_of(schema)))  # type: ignore[arg-type]
    assert codes(outcome) == [("key-type", None)]
    assert isinstance(outcome, Report)
    assert not outcome.complete


def test_a_key_into_values_that_cannot_be_compared_is_a_finding() -> None:
    units = table_of([["[1]"]], fields("array"), name="units")
    outcome = check(_paddy("01"), [Reference("administrative-units", "units", units)])
    assert codes(outcome) == [("key-type", None)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ({"type": "datetime", "constraints": {"minimum": "2024-01-01T00:00:00"}}, "2024-01-01T00:00:00Z"),
        ({"type": "integer", "constraints": {"minimum": "x"}}, "1"),
        ({"type": "string", "constraints": {"pattern": "("}}, "1"),
        ({"type": "number", "constraints": {"unique": True}}, "sNaN"),
    ],
)
def test_where_frictionless_itself_breaks_off_there_is_a_finding_and_no_traceback(
    field: dict[str, object], cell: str
) -> None:
    schema = schema_of({"fields": [{"name": "a", **field}]})  # type: ignore[dict-item]
    outcome = check(table_of([[cell]], schema))
    assert isinstance(outcome, Report)
    assert [finding.code for finding in outcome.findings] == ["check-failed"]
    assert not outcome.complete


def test_a_zone_and_a_decimal_that_cannot_be_are_findings() -> None:
    schema = schema_of(
        {
            "fields": [
                {"name": "a", "type": "datetime", "timezone": "Asia/Atlantis"},
                {"name": "b", "type": "number", "decimal": [99, 2]},
            ]
        }
    )
    outcome = check(table_of([["2024-01-01T00:00:00", "1"]], schema))
    assert codes(outcome) == [("field-error", None), ("field-error", None)]


@pytest.mark.parametrize(
    ("match", "labels", "expected"),
    [
        ("exact", ["a", "b"], []),
        ("exact", ["b", "a"], ["incorrect-label", "incorrect-label"]),
        ("exact", ["a", "a"], ["duplicate-label"]),
        ("exact", ["a", ""], ["blank-label"]),
        ("exact", ["a"], ["missing-label"]),
        ("exact", ["a", "b", "c"], ["extra-label"]),
        ("equal", ["b", "a"], []),
        (["equal"], ["b", "a"], []),
        ("equal", ["b", "a", "c"], ["extra-label"]),
        ("subset", ["c", "b", "a"], []),
        ("superset", ["b"], []),
        ("superset", ["b", "c"], ["extra-label"]),
        ("partial", ["c", "b"], []),
        ("partial", ["c"], ["unmatched-header"]),
    ],
)
def test_labels_match_fields_as_the_schema_asks(match: str | list[str], labels: list[str], expected: list[str]) -> None:
    schema = schema_of({**fields("string", "string").descriptor, "fieldsMatch": match})
    sink = Collector()
    outcome = check(table_of([labels], schema, labels=labels), (), [sink])
    if expected:
        assert codes(outcome) == [(code, 1) for code in expected]
    else:
        assert isinstance(outcome, Checked)
        for name in "ab":
            assert sink.texts(name) == [name if name in labels else None]
        assert sink.blocks[0].values.schema.names == ["a", "b"]


def test_labels_that_stand_twice_cannot_be_matched_by_name() -> None:
    schema = schema_of({**fields("string", "string").descriptor, "fieldsMatch": "subset"})
    outcome = check(table_of([["1", "2"]], schema, labels=["a", "a"]))
    assert isinstance(outcome, Report)
    assert "unique labels" in outcome.findings[0].note


@pytest.mark.parametrize("where", ["schema", "profile", "$schema", "field"])
def test_nothing_remote_is_ever_called(where: str) -> None:
    # The tests' own guard fails on any connection.
    address = "https://example.org/schema.json"
    field: Json = {"name": "a", "type": "string", **({"profile": address, "$ref": address} if where == "field" else {})}
    descriptor: Json = {"fields": [field], **({where: address} if where != "field" else {})}
    assert isinstance(check(table_of([["1"]], schema_of(descriptor))), Checked)


def test_a_finding_for_machines_has_exactly_these_keys() -> None:
    outcome = check(table_of([["x"]], fields("integer")))
    assert isinstance(outcome, Report)
    assert finding_to_json(outcome.findings[0]) == {
        "code": "type-error",
        "path": "table.csv",
        "sheet": None,
        "row": 2,
        "column": 1,
        "field": "a",
        "cell": "x",
        "note": 'type is "integer/default"',
        "message": '"x" in a is not a whole number.',
        "remedy": "Write digits only: no separator of thousands, no unit, no note.",
    }
    pointed = dataclasses.replace(outcome.findings[0], pointer="/fields/0")
    assert finding_to_json(pointed)["pointer"] == "/fields/0"
