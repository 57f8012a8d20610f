"""The constraints of each type, held against frictionless's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frictionless
import pytest

from opendata.descriptor.fields import BOUNDS, field_faults
from opendata.descriptor.formats import is_uri

if TYPE_CHECKING:
    from opendata.descriptor.fault import Fault

TYPES = (
    *("string", "number", "integer", "boolean", "date", "time", "datetime", "year", "yearmonth", "duration"),
    *("object", "array", "list", "geopoint", "geojson", "any"),
)
VALUES: dict[str, Any] = {
    "required": True,
    "unique": True,
    "enum": ["a"],
    "minLength": 1,
    "maxLength": 2,
    "pattern": "a",
    "jsonSchema": {},
    **dict.fromkeys(BOUNDS, 1),
}


def found(field: dict[str, Any], *, second: bool = True) -> list[Fault]:
    return list(field_faults({"fields": [{"name": "a", **field}]}, (), second=second))


@pytest.mark.parametrize("constraint", VALUES)
@pytest.mark.parametrize("kind", TYPES)
def test_a_constraint_is_known_to_us_where_frictionless_knows_it(kind: str, constraint: str) -> None:
    field = {"type": kind, "constraints": {constraint: VALUES[constraint]}}
    schema = {"fields": [{"name": "a", **field}]}
    try:
        frictionless.Schema.from_descriptor(schema, datapackage_version="v2")
        known = True
    except frictionless.FrictionlessException:
        known = False
    assert bool(found(field)) == (not known)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("integer", "12", "twelve"),
        ("number", "1.5", "1,5"),
        ("year", "1990", "MCM"),
        ("date", "2020-02-29", "29/02/2020"),
        ("datetime", "2020-01-01T00:00:00", "2020-01-01"),
        ("time", "08:00:00", "eight"),
    ],
)
@pytest.mark.parametrize("bound", BOUNDS)
def test_a_bound_must_be_a_value_of_its_type(kind: str, good: str, bad: str, bound: str) -> None:
    assert found({"type": kind, "constraints": {bound: good}}) == []
    assert [fault.pointer for fault in found({"type": kind, "constraints": {bound: bad}})] == [
        ("fields", 0, "constraints", bound)
    ]


def test_a_bound_in_a_form_of_the_field_s_own_is_left_to_the_check_of_the_data() -> None:
    assert found({"type": "number", "decimalChar": ",", "constraints": {"minimum": "1,5"}}) == []
    assert found({"type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "29/02/2020"}}) == []


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "UTC"])
def test_a_time_zone_that_exists(zone: str) -> None:
    assert found({"type": "datetime", "timezone": zone}) == []


@pytest.mark.parametrize("zone", ["Asia/Hanoi-on-Sea", "../../etc/passwd", "", "/etc/passwd", "a\x00b"])
def test_a_time_zone_that_does_not_exist(zone: str) -> None:
    assert len(found({"type": "datetime", "timezone": zone})) == 1


@pytest.mark.parametrize("pattern", ["(", "[a", "a{2,1}", "*"])
def test_a_pattern_that_is_none(pattern: str) -> None:
    assert len(found({"constraints": {"pattern": pattern}})) == 1


@pytest.mark.parametrize("text", ["https://example.org/a?b=c#d", "urn:x:y", "mailto:a@example.org"])
def test_addresses(text: str) -> None:
    assert is_uri(text)
    assert not is_uri(text + "\n")
