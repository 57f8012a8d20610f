"""Every constraint on every type that takes it: the bound itself, what lies below and above, and the whole finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frictionless.fields
import pytest
from schema_helpers import schema_of, table_of

from opendata.model import Checked
from opendata.schema import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Finding, Json, JsonValue

# Three cells of each type in ascending order where it has one; the middle one is the bound.
CELLS: dict[str, tuple[str, str, str]] = {
    "string": ("Huế", "Hà Nội", "Đắk Lắk"),
    "integer": ("-1", "0", "1"),
    "number": ("0.49", "0.5", "0.51"),
    "boolean": ("false", "true", "false"),
    "date": ("2023-12-31", "2024-01-01", "2024-01-02"),
    "time": ("05:59:59", "06:00:00", "06:00:01"),
    "datetime": ("2015-12-31T23:59:59", "2016-01-01T00:00:00", "2016-01-01T00:00:01"),
    "year": ("2015", "2016", "2017"),
    "yearmonth": ("2015-12", "2016-01", "2016-02"),
    "duration": ("P6D", "P7D", "P8D"),
    "geopoint": ("105.8,21", "105.9,21", "106,21"),
    "geojson": ('{"type":"Point","coordinates":[1,2]}', '{"type":"Point","coordinates":[3,4]}', "{}"),
    "object": ('{"a":1}', '{"a":1,"b":2}', '{"a":1,"b":2,"c":3}'),
    "array": ("[1]", "[1,2]", "[1,2,3]"),
    "list": ("a", "a,b", "a,b,c"),
    "any": ("1", "x", "2"),
}
# constraint: which of the three cells it lets pass, what is said of another, how to mend it
RULES = {
    "minimum": ("-++", "is less than {bound}.", "Write a value of at least {bound}."),
    "maximum": ("++-", "is more than {bound}.", "Write a value of at most {bound}."),
    "exclusiveMinimum": ("--+", "is not more than {bound}.", "Write a value of more than {bound}."),
    "exclusiveMaximum": ("+--", "is not less than {bound}.", "Write a value of less than {bound}."),
    "enum": ("-+-", "is not one of the allowed values.", "Write one of: {bound}."),
}
LENGTHS = {
    "minLength": ("-++", "is shorter than {bound}.", "Write at least {bound} characters."),
    "maxLength": ("++-", "is longer than {bound}.", "Write at most {bound} characters."),
}
# Frictionless reads a TopoJSON or GeoJSON into a value that it cannot compare with a text.
LEFT_OUT = {("geojson", "enum")}


class Case(NamedTuple):
    """A constraint on a type, with the cells that it lets pass and those that it does not."""

    kind: str
    name: str
    bound: JsonValue
    good: list[str]
    bad: list[str]
    said: str
    remedy: str


def supported() -> Iterator[tuple[str, str]]:
    """Every type of frictionless with every constraint that it takes."""
    for field in vars(frictionless.fields).values():
        said = vars(field) if isinstance(field, type) else {}
        yield from ((said["type"], name) for name in said.get("supported_constraints", ()))


def cases() -> Iterator[Case]:
    for kind, name in supported():
        if name in RULES and (kind, name) not in LEFT_OUT:
            passes, said, remedy = RULES[name]
            middle = CELLS[kind][1]
            bound: JsonValue = [middle] if name == "enum" else middle
            shown = {"bound": middle}
        elif name in LENGTHS:
            passes, said, remedy = LENGTHS[name]
            bound = len(CELLS[kind][1]) if kind == "string" else 2
            shown = {"bound": str(bound)}
        else:
            continue
        good, bad = ([c for c, sign in zip(CELLS[kind], passes, strict=True) if sign == want] for want in "+-")
        yield Case(kind, name, bound, good, bad, said.format(**shown), remedy.format(**shown))


CASES = list(cases())


def findings(kind: str, constraints: Json, cells: list[str], **more: JsonValue) -> tuple[Finding, ...]:
    """What is found in a column "Giá trị (v)" that stands second; none where the table is clean."""
    descriptor: Json = {"name": "v", "title": "Giá trị", "type": kind, **more, "constraints": constraints}
    schema = schema_of({"fields": [{"name": "unit_id", "type": "string"}, descriptor]})
    outcome = check(table_of([["66", cell] for cell in cells], schema, size=2))
    return () if isinstance(outcome, Checked) else outcome.findings


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}-{case.name}")
def test_the_bound_lets_pass_what_it_should_and_nothing_else(case: Case) -> None:
    constraint: Json = {case.name: case.bound}
    assert findings(case.kind, constraint, case.good) == ()
    found = findings(case.kind, constraint, [*case.bad, case.good[0]])
    assert [(f.code, f.place.row, f.place.column, f.place.field, f.cell) for f in found] == [
        ("constraint-error", 2 + number, 2, "v", cell) for number, cell in enumerate(case.bad)
    ]
    for finding, cell in zip(found, case.bad, strict=True):
        assert finding.note == f'constraint "{case.name}" is "{case.bound}"'
        assert finding.message == f'"{cell}" in Giá trị (v) {case.said}'
        if case.kind == "string" or case.name not in LENGTHS:
            assert finding.remedy == case.remedy


def test_the_cases_are_not_few() -> None:
    assert len(CASES) >= 48
    assert {name for _kind, name in supported()} == {*RULES, *LENGTHS, "required", "pattern"}


@pytest.mark.parametrize("kind", CELLS)
def test_a_required_value_of_any_type_is_missed(kind: str) -> None:
    (found,) = findings(kind, {"required": True}, [CELLS[kind][0], "", CELLS[kind][1]])
    assert (found.code, found.place.row, found.place.column, found.cell) == ("constraint-error", 3, 2, "")
    assert found.message == "Giá trị (v) has no value, but must have one in each row."
    assert found.remedy == "Write the value into the cell."
    assert findings(kind, {"required": False}, ["", CELLS[kind][0]]) == ()


@pytest.mark.parametrize("marker", ["-", "..", "Không có số liệu"])
def test_a_marker_of_a_missing_value_is_no_required_value(marker: str) -> None:
    (found,) = findings("integer", {"required": True}, ["1", marker], missingValues=["", marker])
    assert (found.place.row, found.cell, found.note) == (3, marker, 'constraint "required" is "True"')


@pytest.mark.parametrize("kind", [kind for kind in CELLS if kind not in {"geojson", "object", "array", "list"}])
def test_a_unique_value_of_any_type_may_stand_once(kind: str) -> None:
    low, high = CELLS[kind][0], CELLS[kind][1]
    rows = [low, "", high, "", low, low]
    found = findings(kind, {"unique": True}, rows)
    assert [(f.code, f.place.row, f.place.column, f.cell) for f in found] == [
        ("unique-error", 6, 2, low),
        ("unique-error", 7, 2, low),
    ]
    said = f'"{low}" stands in Giá trị (v) in row {{}} already; each value may stand there once.'
    assert [f.message for f in found] == [said.format(2), said.format(6)]
    assert {f.remedy for f in found} == {
        "Remove the row that is there twice, or correct the value that tells the rows apart."
    }


@pytest.mark.parametrize(
    ("kind", "one", "same"),
    [("integer", "7", "007"), ("number", "1.5", "1.50"), ("boolean", "true", "1"), ("date", "2024-01-05", "2024-1-5")],
)
def test_unique_goes_by_the_value_and_not_by_how_it_is_written(kind: str, one: str, same: str) -> None:
    assert [f.code for f in findings(kind, {"unique": True}, [one, same])] == ["unique-error"]
    assert findings("string", {"unique": True}, [one, same]) == ()


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"\d{2}", ["01", "66"], ["1", "001", "6a", "66 "]),
        ("[A-Z]{2}|0", ["HN", "0"], ["hn", "00", "1"]),
        (r"Đắk (Lắk|Nông)", ["Đắk Lắk"], ["Đắk", "Đắk Lắk 1", "Dak Lak"]),
    ],
)
def test_a_pattern_must_fit_the_whole_cell(pattern: str, good: list[str], bad: list[str]) -> None:
    assert findings("string", {"pattern": pattern}, good) == ()
    found = findings("string", {"pattern": pattern}, bad)
    assert [f.cell for f in found] == bad
    assert {f.note for f in found} == {f'constraint "pattern" is "{pattern}"'}
    assert found[0].message == f'"{bad[0]}" in Giá trị (v) does not have the form that the schema asks: {pattern}'
    assert found[0].remedy == "Correct the value to that form."


@pytest.mark.parametrize(
    ("kind", "ways", "bound", "good", "bad"),
    [
        ("number", {"decimalChar": ","}, {"minimum": "0,5"}, "0,5", "0,4"),
        ("number", {"decimalChar": ",", "groupChar": "."}, {"maximum": "1.000,5"}, "1000,5", "1.000,6"),
        ("date", {"format": "%d/%m/%Y"}, {"minimum": "02/01/2024"}, "01/02/2024", "31/12/2023"),
        ("time", {"format": "%H:%M"}, {"exclusiveMaximum": "18:00"}, "17:59", "18:00"),
        ("datetime", {"format": "%d/%m/%Y %H"}, {"minimum": "01/01/2016 00"}, "01/01/2016 00", "31/12/2015 23"),
        ("boolean", {"trueValues": ["Có"], "falseValues": ["Không"]}, {"enum": ["Có"]}, "Có", "Không"),
        ("integer", {"bareNumber": False}, {"maximum": 5}, "5 con", "6 con"),
    ],
)  # fmt: skip
def test_bounds_are_written_as_the_cells_are(
    kind: str, ways: dict[str, JsonValue], bound: dict[str, JsonValue], good: str, bad: str
) -> None:
    assert findings(kind, bound, [good], **ways) == ()
    (found,) = findings(kind, bound, [good, bad], **ways)
    assert (found.code, found.place.row, found.cell) == ("constraint-error", 3, bad)
    assert found.note.startswith(f'constraint "{next(iter(bound))}" is ')


@pytest.mark.parametrize(
    ("kind", "name"), [("string", "minimum"), ("year", "pattern"), ("duration", "maximum"), ("list", "enum")]
)
def test_a_constraint_that_the_type_does_not_take_is_a_fault_of_the_schema(kind: str, name: str) -> None:
    found = findings(kind, {name: ["1"] if name == "enum" else "1"}, ["1"])
    assert [(f.code, f.place.row, f.remedy) for f in found] == [("field-error", None, "Correct the table schema.")]
    assert found[0].note == f'constraint "{name}" is not supported by type "{kind}"'
    assert found[0].message == f"A field of the table schema is not valid: {found[0].note}"


def test_a_cell_may_break_several_rules_and_each_is_told() -> None:
    found = findings(
        "string", {"minLength": 3, "pattern": "[0-9]+", "enum": ["123"], "unique": True}, ["a", "123", "a"]
    )
    told = [(f.code, f.place.row, f.note.split('"')[1] if f.code == "constraint-error" else "") for f in found]
    three = {("constraint-error", 2, name) for name in ("minLength", "pattern", "enum")}
    assert set(told[:3]) == three
    assert set(told[3:]) == {(code, 4, name) for code, _row, name in three} | {("unique-error", 4, "")}
    assert len(told) == 7


@pytest.mark.parametrize(("count", "shown"), [(19, 19), (20, 20), (21, 20)])
def test_a_list_of_allowed_values_is_told_up_to_twenty(count: int, shown: int) -> None:
    (found,) = findings("string", {"enum": [f"M{n}" for n in range(count)]}, ["x"])
    listed = ", ".join(f"M{n}" for n in range(shown))
    assert found.remedy == f"Write one of: {listed}{', …' if count > shown else ''}."


@pytest.mark.parametrize(("length", "cut"), [(99, False), (100, False), (101, True)])
def test_a_cell_is_quoted_up_to_a_hundred_characters(length: int, cut: bool) -> None:  # noqa: FBT001 - a table's column
    (found,) = findings("integer", {}, ["x" * length])
    quoted = "x" * min(length, 100) + ("…" if cut else "")
    assert found.message == f'"{quoted}" in Giá trị (v) is not a whole number.'
    assert found.cell == "x" * length


def test_a_wrong_type_is_told_once_and_no_rule_on_top_of_it() -> None:
    outcome = findings("integer", {"minimum": 5, "enum": ["7"], "required": True}, ["x", "7"])
    assert [f.code for f in outcome] == ["type-error"]
