"""Every type of Table Schema however written: the cells that fit, and the whole finding for each that does not."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, NamedTuple

import frictionless.fields
import pytest
from schema_helpers import Collector, schema_of, table_of

from opendata.model import Checked, Place, Report
from opendata.schema import check, finding_to_json

if TYPE_CHECKING:
    from opendata.model import Json, JsonValue, Table

CELL = "Look at this cell in the source, and correct it there."
LIKE = "Write it like {}: no unit, no note; leave the cell empty if the value is not known."
FORM = "Write it as {}, or leave the cell empty if the value is not known."
# What is said of a cell that is none of the type, and the remedy, into which the way of writing goes.
SAID = {
    "email": ("is not an e-mail address.", CELL),
    "uri": ("is not a web address.", "Write the whole address, such as https://example.org."),
    "uuid": ("is not a UUID.", CELL),
    "integer": ("is not a whole number.", "Write digits only: no separator of thousands, no unit, no note."),
    "number": ("is not a number.", LIKE),
    "boolean": ("is neither yes nor no as the schema writes them.", "Write one of: {}."),
    "date": ("is not a date written as the schema asks.", FORM),
    "time": ("is not a time of day written as the schema asks.", FORM),
    "datetime": ("is not a date and time written as the schema asks.", FORM),
    "year": ("is not a year of four digits.", FORM),
    "yearmonth": ("is not a year and month.", FORM),
    "duration": ("is not a duration.", FORM),
    "geopoint": ("is not a longitude and latitude.", FORM),
}
OTHER = ("cannot be read as the type that the schema declares: {}", CELL)


class Case(NamedTuple):
    """A field, cells that fit it, cells that do not, how it is written, and frictionless's note if not the usual."""

    field: dict[str, JsonValue]
    good: list[str]
    bad: list[str]
    shown: str = ""
    note: str = ""


VIETNAMESE: dict[str, JsonValue] = {"type": "number", "decimalChar": ",", "groupChar": "."}
CUSTOM: dict[str, JsonValue] = {"type": "boolean", "trueValues": ["Có", "x"], "falseValues": ["Không"]}
BOOLEANS = ["true", "True", "TRUE", "1", "false", "False", "FALSE", "0"]
POINT = '{"type":"Point","coordinates":[105,21]}'
UUID = "6f1c1f5e-9f6b-4c1e-8e0a-0d6c3e0f7f11"
WHOLES = 'array item type is "integer/default"'
LISTED = 'expected item type is "integer"'
NO_DATE = ["2023-02-29", "30/04/1975", "2024-01", "2024-01-05T00:00:00"]
NO_MOMENT = ["hôm nay", "2016-01-31", "31/01/2016 23:00", "2016-02-30T00:00:00"]
MOMENT: dict[str, JsonValue] = {"type": "datetime", "format": "%d/%m/%Y %H:%M"}
CASES = [
    Case({"type": "string", "format": "email"}, ["snn@daklak.gov.vn"], ["snn@daklak", "daklak.gov.vn", "Sở NN"]),
    Case({"type": "string", "format": "uri"}, ["https://daklak.gov.vn/"], ["daklak.gov.vn", "xem phụ lục"]),
    Case({"type": "string", "format": "uuid"}, [UUID], ["6f1c1f5e-9f6b", "123"]),
    Case({"type": "integer"}, ["0", "-12", "007", " 5 "], ["1.0", "1.234", "12 con", "-", "..", "1,0", "½"]),
    Case({"type": "integer", "bareNumber": False}, ["12 con", "≈ 5", "7%"], ["con", "1.5 con"]),
    Case(
        {"type": "number"}, ["1234.5", "-0.5", "1e3", "NaN", " 2 "], ["1.234,5", "1,5", "95%", "-", "1.2.3"], "1234.5"
    ),
    Case({"type": "number", "decimalChar": ","}, ["0,5", "12"], ["1.5", "1.234,5"], "1234,5"),
    Case(VIETNAMESE, ["1.234,5", "1234,5", "1.234.567"], ["1,2,3", "5 ha"], "1.234,5"),
    Case({"type": "number", "groupChar": " "}, ["1 234.5"], ["1,234.5"], "1 234.5"),
    Case({"type": "number", "bareNumber": False}, ["95.5%", "12 tấn"], ["không rõ"], "1234.5"),
    Case({"type": "number", "floatNumber": True}, ["1.5"], ["1,5"], "1234.5"),
    Case({"type": "boolean"}, BOOLEANS, ["yes", "có", "tRUE", "2", " true"], "true, false"),
    Case(CUSTOM, ["Có", "x", "Không"], ["có", "true", "0"], "Có, x, Không"),
    Case({"type": "date"}, ["2024-02-29", "1975-04-30"], NO_DATE, "2024-12-31"),
    Case(
        {"type": "date", "format": "%d/%m/%Y"}, ["29/02/2024"], ["29/02/2023", "12/31/2024", "29/02/24"], "31/12/2024"
    ),
    Case({"type": "date", "format": "any"}, ["5 Jan 2024"], ["hôm nay"], "2024-12-31"),
    Case({"type": "time"}, ["00:00:00", "23:59:59"], ["25:00:00", "7 giờ", "07:00", "07:60:00"], "23:59:58"),
    Case({"type": "time", "format": "%H:%M"}, ["07:00", "7:05"], ["24:00", "07:00:00", "7h"], "23:59"),
    Case({"type": "datetime"}, ["2016-01-31T23:00:00"], NO_MOMENT, "2024-12-31T23:59:58"),
    Case(MOMENT, ["31/01/2016 23:00"], ["31/01/2016", "31/01/2016 24:00"], "31/12/2024 23:59"),
    Case({"type": "year"}, ["2016", "0999"], ["16", " 2016", "20166", "-2016", "2016.0", "Năm 2016"], "2024"),
    Case({"type": "yearmonth"}, ["2016-01", "2016-12"], ["2016-13", "2016-00", "01/2016", "T1"], "2024-12"),
    Case({"type": "duration"}, ["P1Y2M", "PT36H", "P7D"], ["1 năm", "36 giờ", "P"], "P1Y2M3D"),
    Case({"type": "geopoint"}, ["105.85, 21.03", "-180,-90"], ["21.03", "190,21", "105;21", "105,91"], "105.85,21.03"),
    Case({"type": "geojson"}, [POINT], ['{"type":"Point"}', "105,21"]),
    Case({"type": "object"}, ['{"a": 1}', "{}"], ["[1]", "a", "{a:1}"]),
    Case({"type": "array"}, ["[1]", "[]"], ["{}", "1,2", "[1"]),
    Case({"type": "array", "arrayItem": {"type": "integer"}}, ["[1, 2]"], ['["x"]'], "", WHOLES),
    Case({"type": "list", "itemType": "integer"}, ["1,2", "3"], ["1,x", "1;2"], "", LISTED),
    Case({"type": "list", "itemType": "integer", "delimiter": ";"}, ["1;2"], ["1,2"], "", LISTED),
]
FIELDS = [field for field in vars(frictionless.fields).values() if isinstance(field, type)]
TYPES = {str(vars(field)["type"]) for field in FIELDS if "type" in vars(field)}


def identity(case: Case) -> str:
    return "-".join(str(value) for value in case.field.values())


def column(case: Case, cells: list[str]) -> Table:
    """A sheet with the province's code before the cells and a note after them, its header in row 3."""
    schema = schema_of(
        {
            "fields": [
                {"name": "unit_id", "title": "Mã tỉnh", "type": "string"},
                {"name": "v", "title": "Giá trị", **case.field},
                {"name": "note", "type": "string"},
            ]
        }
    )
    rows = [["66", cell, "sơ bộ"] for cell in cells]
    table = table_of(rows, schema, labels=["unit_id", "v", "note"], header_row=3, size=2)
    return dataclasses.replace(table, place=Place("nguồn/niên giám.xlsx", "Lúa"))


def expected(case: Case, row: int, cell: str) -> Json:
    kind, way = case.field["type"], case.field.get("format", "default")
    note = case.note or f'type is "{kind}/{way}"'
    said, remedy = SAID.get(str(way if kind == "string" else kind), OTHER)
    return {
        "code": "type-error",
        "path": "nguồn/niên giám.xlsx",
        "sheet": "Lúa",
        "row": row,
        "column": 2,
        "field": "v",
        "cell": cell,
        "note": note,
        "message": f'"{cell}" in Giá trị (v) {said.format(note)}',
        "remedy": remedy.format(case.shown),
    }


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_cells_that_fit_are_clean_and_reach_the_sink(case: Case) -> None:
    sink = Collector()
    outcome = check(column(case, case.good), (), [sink])
    assert isinstance(outcome, Checked), outcome
    assert outcome.rows == len(case.good)
    assert None not in sink.texts("v")
    assert len(sink.values("v")) == len(case.good)


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_each_cell_that_does_not_fit_has_its_whole_finding_and_no_other(case: Case) -> None:
    cells = [cell for bad in case.bad for cell in (bad, case.good[0])]
    outcome = check(column(case, cells))
    assert isinstance(outcome, Report)
    assert (outcome.rows, outcome.complete) == (len(cells), True)
    assert [finding_to_json(finding) for finding in outcome.findings] == [
        expected(case, 4 + 2 * position, bad) for position, bad in enumerate(case.bad)
    ]


@pytest.mark.parametrize("case", CASES, ids=identity)
def test_an_empty_cell_is_a_missing_value_of_every_type(case: Case) -> None:
    sink = Collector()
    assert isinstance(check(column(case, ["", case.good[0], ""]), (), [sink]), Checked)
    assert [value is None for value in sink.texts("v")] == [True, False, True]
    assert [value is None for value in sink.values("v")] == [True, False, True]


def test_every_type_that_frictionless_reads_has_its_cases() -> None:
    assert {case.field["type"] for case in CASES} | {"any"} >= TYPES - {"any"}
    assert len(TYPES) >= 16


def test_any_and_plain_strings_take_every_cell() -> None:
    cells = [cell for case in CASES for cell in (*case.good, *case.bad)]
    for kind in ("any", "string"):
        sink = Collector()
        assert isinstance(check(column(Case({"type": kind}, [], []), cells), (), [sink]), Checked)
        assert sink.texts("v") == sink.values("v") == cells
