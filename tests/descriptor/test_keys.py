"""Foreign keys of a package: to a table that is not there, a field that is not there, another package."""

from __future__ import annotations

from typing import Any

import pytest

from opendata.descriptor.keys import key_faults


def package(reference: dict[str, Any], own: Any = ("a",)) -> dict[str, Any]:  # noqa: ANN401 - a name or a list of them
    tables = [{"name": name, "schema": {"fields": [{"name": "a"}, {"name": "b"}]}} for name in ("one", "two")]
    key = {"fields": own if isinstance(own, str) else list(own), "reference": reference}
    return {
        "resources": [
            {**tables[0], "schema": {**tables[0]["schema"], "foreignKeys": [key]}},
            tables[1],
            {"name": "bare"},
        ]
    }  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "reference",
    [
        {"resource": "two", "fields": ["b"]},
        {"resource": "one", "fields": ["b"]},
        {"resource": "", "fields": ["b"]},
        {"fields": ["b"]},
        {"resource": "bare", "fields": ["whatever"]},
    ],
)
def test_a_key_to_what_is_there(reference: dict[str, Any]) -> None:
    assert list(key_faults(package(reference))) == []


@pytest.mark.parametrize(
    ("reference", "own", "place", "said"),
    [
        ({"resource": "no", "fields": ["a"]}, ("a",), ("reference", "resource"), "“no”"),
        ({"resource": "two", "fields": ["no"]}, ("a",), ("reference", "fields"), "“no”"),
        ({"resource": "", "fields": ["no"]}, ("a",), ("reference", "fields"), "“no”"),
        ({"resource": "two", "fields": ["a"]}, ("no",), ("fields",), "“no”"),
        ({"resource": "two", "fields": "a"}, "no", ("fields",), "“no”"),
        ({"resource": "two", "fields": ["a"]}, ("a", "b"), (), "2 fields here and 1 there"),
        ({"package": "other", "resource": "two", "fields": ["a"]}, ("a",), ("reference",), "another package"),
    ],
)
def test_a_key_to_what_is_not_there(reference: dict[str, Any], own: Any, place: tuple[str, ...], said: str) -> None:  # noqa: ANN401 - JSON of any shape
    (fault,) = key_faults(package(reference, own))
    assert fault.pointer == ("resources", 0, "schema", "foreignKeys", 0, *place)
    assert said in fault.message
    assert fault.remedy
