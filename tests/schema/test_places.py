"""Where a finding is, and what is said of headers, rows and keys: whole findings on tables as departments send them."""

from __future__ import annotations

import dataclasses
import gc
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from schema_helpers import Collector, fields, schema_of, table_of

from opendata.errors import SourceError
from opendata.model import Checked, ForeignKey, Place, Reference, Report
from opendata.schema import check, finding_to_json, setting_aside

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import Batch, Finding, Json, JsonValue, Table

UNIT: Json = {"name": "unit_id", "title": "Mã tỉnh", "type": "string"}
YEAR: Json = {"name": "year", "title": "Năm", "type": "year"}
AREA: Json = {"name": "area", "title": "area", "type": "number"}
PADDY = [UNIT, YEAR, AREA]
TWICE = "Remove the row that is there twice, or correct the value that tells the rows apart."
Told = tuple[str, int | None, int | None, str | None, str | None, str]


def sheet(
    rows: Sequence[Sequence[str]], *, labels: Sequence[str] | None = None, size: int = 2, more: Json | None = None
) -> Table:
    """The sheet "Lúa" of a yearbook, its header in row 4."""
    schema = schema_of({"fields": PADDY, **(more or {})})
    table = table_of(rows, schema, labels=labels, size=size, header_row=4)
    return dataclasses.replace(table, place=Place("niên giám.xlsx", "Lúa"))


def found(table: Table, references: Sequence[Reference] = ()) -> tuple[Finding, ...]:
    outcome = check(table, references)
    assert isinstance(outcome, Report), outcome
    assert {(finding.place.path, finding.place.sheet) for finding in outcome.findings} == {("niên giám.xlsx", "Lúa")}
    return outcome.findings


def told(findings: Sequence[Finding]) -> list[Told]:
    return [(f.code, f.place.row, f.place.column, f.place.field, f.cell, f.message) for f in findings]


@pytest.mark.parametrize(
    ("labels", "expected", "remedy"),
    [
        (
            ["unit_id", "Năm", "area"],
            ("incorrect-label", 4, 2, "year", "Năm", 'Column 2 is named "Năm" where the schema expects Năm (year).'),
            "Rename the column, or put the columns into the order of the schema.",
        ),
        (
            ["unit_id", "year", "area", "Ghi chú"],
            ("extra-label", 4, 4, None, "Ghi chú", 'Column 4, "Ghi chú", is not in the schema.'),
            "Remove the column, or add a field of that name to the schema.",
        ),
        (
            ["unit_id", "year"],
            ("missing-label", 4, 3, "area", None, "The column area is missing."),
            "Add the column to the table, or take the field out of the schema.",
        ),
        (
            ["", "year", "area"],
            ("blank-label", 4, 1, "unit_id", None, "Column 1 has no name; it should be Mã tỉnh (unit_id)."),
            "Write the name of the column into the header row.",
        ),
        (
            ["unit_id", "year", "year"],
            ("duplicate-label", 4, 3, "area", "year", 'The name "year" stands above column 3 and above column 2 too.'),
            "Give each column a name of its own.",
        ),
    ],
)
def test_a_wrong_header_is_told_by_its_row_column_and_name(labels: list[str], expected: Told, remedy: str) -> None:
    first, *_others = found(sheet([["01", "2016", "1.5", "x"][: len(labels)]], labels=labels))
    assert told([first]) == [expected]
    assert first.remedy == remedy


def test_a_title_with_the_same_name_is_not_said_twice() -> None:
    assert found(sheet([["01", "2016", "x"]]))[0].message == '"x" in area is not a number.'


def test_rows_too_long_too_short_and_empty_are_told_cell_by_cell() -> None:
    rows = [["01", "2016", "1", "2", ""], ["01"], [], ["", "", ""], ["02", "2016", "3"]]
    findings = found(sheet(rows))
    long = 'The row is too long: it has a cell, "{}", in column {}, where the header has none.'
    assert told(findings) == [
        ("extra-cell", 5, 4, None, "2", long.format("2", 4)),
        ("extra-cell", 5, 5, None, "", long.format("", 5)),
        ("missing-cell", 6, 2, "year", None, "The row is too short: it has no cell for Năm (year)."),
        ("missing-cell", 6, 3, "area", None, "The row is too short: it has no cell for area."),
        ("blank-row", 7, None, None, None, "The row is empty."),
        ("blank-row", 8, None, None, None, "The row is empty."),
    ]
    assert [finding.remedy for finding in findings[1:5]] == [
        "Remove the cell, or put the text into quotes if it holds the separator.",
        "Add the missing cells; an empty cell needs its separator too.",
        "Add the missing cells; an empty cell needs its separator too.",
        "Remove the empty row.",
    ]


def test_a_key_that_stands_twice_names_the_row_before_it() -> None:
    rows = [["01", "2016", "1"], ["02", "2016", "2"], ["01", "2016", "3"], ["01", "2017", "4"], ["01", "2016", "5"]]
    findings = found(sheet(rows, more={"primaryKey": ["unit_id", "year"]}))
    said = "The row repeats the key of row {}: Mã tỉnh (unit_id), Năm (year)."
    assert told(findings) == [
        ("primary-key", 7, None, None, None, said.format(5)),
        ("primary-key", 9, None, None, None, said.format(7)),
    ]
    assert {finding.remedy for finding in findings} == {TWICE}


def test_a_row_without_its_key_is_told_apart_from_one_that_repeats_it() -> None:
    (finding,) = found(sheet([["01", "2016", "1"], ["", "", "2"]], more={"primaryKey": ["unit_id", "year"]}))
    said = "The row has no value in its key: Mã tỉnh (unit_id), Năm (year)."
    assert told([finding]) == [("primary-key", 6, None, None, None, said)]
    assert finding.remedy == "Write the value that tells this row from the others."


def test_a_unique_key_that_stands_again_names_the_last_row_with_it() -> None:
    rows = [["01", "2016", "1"], ["01", "", "2"], ["01", "2016", "3"], ["01", "", "4"], ["01", "2016", "5"]]
    findings = found(sheet(rows, more={"uniqueKeys": [["unit_id", "year"]]}))
    said = "Row {} repeats Mã tỉnh (unit_id), Năm (year) of row {}; no two rows may have the same."
    assert told(findings) == [
        ("unique-key", 7, None, None, None, said.format(7, 5)),
        ("unique-key", 9, None, None, None, said.format(9, 7)),
    ]
    assert {finding.remedy for finding in findings} == {TWICE}
    assert findings[1].note == 'the same as in the row at position "7"'


def units(*codes: str) -> Table:
    return table_of([[code] for code in codes], schema_of({"fields": [UNIT]}), name="units")


@pytest.mark.parametrize(
    ("package", "resource", "target"),
    [("administrative-units", "units", "administrative-units/units"), (None, "units", "units"), (None, "", "table")],
)
def test_a_key_that_leads_nowhere_names_the_table_and_the_field(
    package: str | None, resource: str, target: str
) -> None:
    key = ForeignKey(("unit_id",), resource, ("unit_id" if resource else "area",), package)
    table = dataclasses.replace(sheet([["1", "2016", "1"], ["79", "2016", "2"]]), keys=(key,))
    if not resource:
        schema = schema_of({"fields": [UNIT, YEAR, {**AREA, "type": "string"}]})
        table = dataclasses.replace(table, schema=schema)
    findings = found(table, [Reference(package, resource, units("1", "66"))] if resource else [])
    said = f'"79" is not found in the table {target}, which Mã tỉnh (unit_id) must agree with.'
    assert told(findings) == [("foreign-key", 6, None, None, None, said)]
    assert findings[0].remedy == "Correct the value, or add it to the table that it points to."


def test_two_tables_of_one_name_in_two_packages_are_not_confused() -> None:
    old = ForeignKey(("unit_id",), "units", ("unit_id",), "units-of-1975")
    new = ForeignKey(("year",), "units", ("unit_id",), "units-of-2025")
    rows = [["a", "2016", "1"], ["2016", "2016", "1"]]
    given_tables = [
        Reference("units-of-1975", "units", units("a")),
        Reference("units-of-2025", "units", table_of([["2016"]], schema_of({"fields": [{**UNIT, "type": "year"}]}))),
    ]
    findings = found(dataclasses.replace(sheet(rows), keys=(old, new)), given_tables)
    assert [(f.place.row, f.message.split(",")[0]) for f in findings] == [
        (6, '"2016" is not found in the table units-of-1975/units')
    ]


def test_a_key_declared_by_schema_and_resource_alike_is_judged_once() -> None:
    key = ForeignKey(("unit_id",), "units", ("unit_id",))
    declared: Json = {"fields": ["unit_id"], "reference": {"resource": "units", "fields": ["unit_id"]}}
    table = dataclasses.replace(sheet([["79", "2016", "1"]], more={"foreignKeys": [declared]}), keys=(key,))
    assert len(found(table, [Reference(None, "units", units("01"))])) == 1
    assert [finding.code for finding in found(table)] == ["reference-missing"]


def test_a_table_that_was_not_given_is_told_and_the_rows_are_judged_all_the_same() -> None:
    key = ForeignKey(("unit_id", "year"), "units", ("id", "valid"), "administrative-units")
    findings = found(dataclasses.replace(sheet([["01", "16", "1"]]), keys=(key,)))
    said = (
        "The table administrative-units/units, which Mã tỉnh (unit_id), Năm (year) must agree with, "
        "was not given, so the key cannot be checked."
    )
    assert told(findings[:1]) == [("reference-missing", None, None, "unit_id, year", None, said)]
    assert findings[0].remedy == "Put the package that holds this table beside this one, or check the name in the key."
    assert [(f.code, f.place.row) for f in findings[1:]] == [("type-error", 5)]


@pytest.mark.parametrize("kind", ["array", "object"])
@pytest.mark.parametrize("where", ["here", "there", "resource"])
def test_a_field_that_cannot_be_compared_is_told_where_it_stands(kind: str, where: str) -> None:
    plain: Json = {"name": "unit_id", "type": "string"}
    bad: Json = {"name": "unit_id", "title": "Mã", "type": kind}
    here = schema_of({"fields": [plain if where == "there" else bad]})
    there = schema_of({"fields": [bad if where == "there" else plain]})
    key = ForeignKey(("unit_id",), "units", ("unit_id",), "adm" if where == "resource" else None)
    table = table_of([["01"]], here, keys=[key])
    outcome = check(table, [Reference(key.package, "units", table_of([["01"]], there, name="units"))])
    assert isinstance(outcome, Report)
    assert [(f.code, f.place.path, f.place.field) for f in outcome.findings] == [
        ("key-type", "units.csv" if where == "there" else "table.csv", "unit_id")
    ]
    said = "The values of Mã (unit_id) cannot be compared, so it cannot be unique or part of a key."
    assert outcome.findings[0].message == said
    assert outcome.findings[0].remedy == "Take the field out of the key, or give it the type string."
    assert (outcome.rows, outcome.complete) == (0, False)


@pytest.mark.parametrize(
    ("decimal", "fit"),
    [
        *(((1, 0), True), ((1, 1), True), ((38, 0), True), ((38, 38), True)),
        *(((0, 0), False), ((39, 0), False), ((5, 6), False), ((5, -1), False), ((-1, -1), False)),
    ],
)
def test_a_decimal_is_one_that_arrow_can_hold(decimal: tuple[int, int], fit: bool) -> None:  # noqa: FBT001 - a table's column
    descriptor: Json = {"name": "area", "type": "number", "decimal": list(decimal)}
    outcome = check(table_of([], schema_of({"fields": [descriptor]})))
    if fit:
        assert isinstance(outcome, Checked)
        return
    assert isinstance(outcome, Report)
    (finding,) = outcome.findings
    assert (finding.code, finding.place.field) == ("field-error", "area")
    assert finding.message == "The decimal of area is not one that can be kept."
    assert finding.remedy == 'Declare "decimal": [digits, decimal places], at most 38 digits.'


@pytest.mark.parametrize("zone", ["+07:00", "ICT", "Asia", "../etc/passwd", "/etc/localtime", "x" * 300, "a\0b"])
def test_a_time_zone_that_is_none_is_told_and_opens_no_file(zone: str) -> None:
    outcome = check(table_of([], schema_of({"fields": [{"name": "t", "type": "datetime", "timezone": zone}]})))
    assert isinstance(outcome, Report)
    (finding,) = outcome.findings
    assert finding.message == f"The time zone of t is not known: {zone}"
    assert finding.remedy == 'Write the name of a zone such as "Asia/Ho_Chi_Minh" or "UTC".'


@pytest.mark.parametrize(
    ("limit", "count", "complete"), [(-1, 1, False), (0, 1, False), (1, 1, False), (3, 3, False), (4, 3, True)]
)
def test_a_report_is_complete_only_below_its_limit(limit: int, count: int, complete: bool) -> None:  # noqa: FBT001 - a table's column
    outcome = check(table_of([["x"], ["y"], ["z"]], fields("integer")), limit=limit)
    assert isinstance(outcome, Report)
    assert (len(outcome.findings), outcome.complete) == (count, complete)


def test_a_header_with_more_faults_than_the_limit_is_cut_and_says_so() -> None:
    outcome = check(table_of([], fields(*["string"] * 6), labels=["z", "y", "x"]), limit=2)
    assert isinstance(outcome, Report)
    assert (len(outcome.findings), outcome.complete) == (2, False)


def test_where_the_check_breaks_off_the_row_of_the_source_is_named() -> None:
    schema: Json = {"fields": [{"name": "a", "type": "integer", "constraints": {"minimum": "x"}}, UNIT]}
    table = table_of([["", "01"], ["", "02"], ["", "03"], ["7", "04"]], schema_of(schema), header_row=4, size=2)
    outcome = check(dataclasses.replace(table, place=Place("a.xlsx", "Lúa")))
    assert isinstance(outcome, Report)
    (finding,) = outcome.findings
    assert finding.place == Place("a.xlsx", "Lúa", 8)
    assert finding.note.startswith("TypeError: ")
    assert finding.message.startswith("The check broke off here, since a value could not be compared")
    assert finding.remedy == "Correct the value, or the constraint of its field in the schema."


def test_where_the_schema_itself_breaks_frictionless_no_row_is_named() -> None:
    schema: Json = {"fields": [{"name": "a", "type": "string", "constraints": {"pattern": "("}}]}
    outcome = check(table_of([["x"]], schema_of(schema)))
    assert isinstance(outcome, Report)
    assert [(f.code, f.place.row, f.remedy) for f in outcome.findings] == [
        ("check-failed", None, "Correct the table schema.")
    ]
    assert outcome.findings[0].message.startswith("The table schema is not valid: ")


@pytest.mark.parametrize(("place", "where"), [(Place("lúa.csv"), "lúa.csv"), (Place(), "table")])
def test_a_file_that_changes_is_named_with_what_to_do(place: Place, where: str) -> None:
    digests = iter(["sha256:1", "sha256:2"])
    table = dataclasses.replace(table_of([["1"]], fields("integer")), digest=lambda: next(digests), place=place)
    with pytest.raises(SourceError) as fault:
        check(table)
    assert fault.value.where == where
    assert fault.value.remedy == "Wait until the other program has written the file, then run the same command again."


def test_the_source_is_closed_when_the_check_stops_early(monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[bool] = []
    table = table_of([["x"]] * 9, fields("integer"), size=2)

    def batches() -> Iterator[Batch]:
        try:
            yield from table.batches()
        finally:
            closed.append(True)

    gc.disable()
    try:
        assert isinstance(check(dataclasses.replace(table, batches=batches), limit=1), Report)
        assert closed == [True]
        monkeypatch.setattr(setting_aside, "MOST", 0)  # nothing is kept for frictionless
        assert isinstance(check(dataclasses.replace(table, batches=batches), limit=1), Report)
        assert closed == [True] * 3
    finally:
        gc.enable()


@pytest.mark.parametrize("count", [1023, 1024, 1025, 2049])
def test_long_batches_lose_and_repeat_no_row(count: int) -> None:
    rows = [[str(number), "Đắk Lắk"] for number in range(count)]
    sink = Collector()
    table = table_of(rows, fields("integer", "string", primaryKey=["a"]), size=5000)
    outcome = check(table, (), [sink])
    assert isinstance(outcome, Checked)
    assert outcome.rows == count
    assert sink.values("a") == list(range(count))
    last = check(table_of([*rows, ["x", "y"]], fields("integer", "string"), size=5000))
    assert isinstance(last, Report)
    assert [(f.place.row, f.cell) for f in last.findings] == [(count + 2, "x")]


GOOD = st.sampled_from([["01", "2016", "1.5"], ["66", "2017", ""], ["79", "2018", "0"]])
BAD = st.sampled_from([["01", "16", "1.5"], ["01"], [], ["a", "b", "c", "d"], ["66", "2017", "9007199254740993"]])
ROWS = st.lists(st.one_of(GOOD, BAD), max_size=12)


@settings(max_examples=40, deadline=None)
@given(ROWS, st.integers(1, 13), st.integers(1, 13))
def test_the_report_does_not_depend_on_how_the_source_was_cut(rows: list[list[str]], one: int, other: int) -> None:
    key: Json = {"primaryKey": ["unit_id", "year"], "uniqueKeys": [["unit_id", "area"]]}
    outcomes = [check(sheet(rows, size=size, more=key)) for size in (one, other)]
    reports = [() if isinstance(outcome, Checked) else outcome.findings for outcome in outcomes]
    first, second = ([finding_to_json(finding) for finding in report] for report in reports)
    assert first == second
    assert [item["row"] for item in first] == sorted(item["row"] for item in first)  # type: ignore[type-var]
    assert outcomes[0].rows == outcomes[1].rows == len(rows)


def test_the_cell_that_cannot_be_kept_is_told_in_each_row_it_stands_in() -> None:
    rows = [["01", "2016", "1"], ["01", "2017", "9007199254740993"], ["02", "2016", "9007199254740993"]]
    findings = found(sheet(rows, size=3))
    reason = "A number is kept as a double, which holds about 15 digits; this one would be changed."
    said = f'"9007199254740993" in area cannot be kept exactly. {reason}'
    expected = [("inexact-value", row, 3, "area", "9007199254740993", said) for row in (6, 7)]
    assert told(findings) == expected
    assert {f.note for f in findings} == {reason}
    remedy = 'Write at most 15 digits, or declare "decimal": [digits, decimal places] for the field.'
    assert {f.remedy for f in findings} == {remedy}


@pytest.mark.parametrize(
    ("field", "kept", "refused", "reason"),
    [
        (
            {"type": "integer"},
            [str(2**63 - 1), str(-(2**63))],
            [str(2**63), str(-(2**63) - 1)],
            f"A whole number must lie between {-(2**63)} and {2**63 - 1} to be kept exactly.",
        ),
        (
            {"type": "number", "decimal": [6, 2]},
            ["9999.99", "-9999.99", "0.010", "0e-9", "1e3", "0"],
            ["10000", "0.001", "1e4", "-9999.999"],
            "The field is declared with 6 digits, 2 of them decimal places; this does not fit.",
        ),
        (
            {"type": "number", "decimal": [2, 2]},
            ["0.99", "0", "-0.01"],
            ["1", "0.991"],
            "The field is declared with 2 digits, 2 of them decimal places; this does not fit.",
        ),
        (
            {"type": "number", "decimal": [38, 0]},
            ["9" * 38, "1e37"],
            ["9" * 39, "0.5", "NaN"],
            "The field is declared with 38 digits, 0 of them decimal places; this does not fit.",
        ),
        (
            {"type": "time"},
            ["07:00:00.123456", "07:00:00.123456000"],
            ["07:00:00.1234560001", "07:00:00.1234567"],
            "Times are kept to the microsecond; the digits beyond the sixth would be lost.",
        ),
    ],
)
def test_what_is_kept_is_kept_exactly_up_to_its_bound(
    field: dict[str, JsonValue], kept: list[str], refused: list[str], reason: str
) -> None:
    schema = schema_of({"fields": [{"name": "v", **field}, {"name": "unit_id", "type": "string"}]})
    assert isinstance(check(table_of([[cell, "01"] for cell in kept], schema)), Checked)
    outcome = check(table_of([[cell, "01"] for cell in refused], schema, size=9))
    assert isinstance(outcome, Report)
    assert [(f.code, f.place.row, f.cell, f.note) for f in outcome.findings] == [
        ("inexact-value", row, cell, reason) for row, cell in enumerate(refused, start=2)
    ]
