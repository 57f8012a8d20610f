"""Titles, names and labels in other languages: the profile knows where they may stand, and what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from descriptor_helpers import fields, full

from opendata.descriptor.profile import OURS, breaches

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES: list[tuple[str, tuple[object, ...], Callable[[Any], dict[str, Any]]]] = [
    ("title", ("licenses", 0), lambda package: package["licenses"][0]),
    ("title", ("sources", 0), lambda package: package["sources"][0]),
    ("title", ("contributors", 0), lambda package: package["contributors"][0]),
    ("title", ("resources", 0, "licenses", 0), lambda package: package["resources"][0]["licenses"][0]),
    ("title", ("resources", 0, "sources", 0), lambda package: package["resources"][0]["sources"][0]),
    ("name", ("department",), lambda package: package["department"]),
    ("name", ("department", "contact"), lambda package: package["department"]["contact"]),
    (
        "label",
        ("resources", 0, "schema", "fields", 0, "categories", 0),
        lambda package: fields(package)[0]["categories"][0],
    ),
]


def package() -> Any:  # noqa: ANN401 - JSON of any shape
    made = full(sources=[{"title": "Niên giám"}], contributors=[{"title": "Niên giám"}])
    made["department"]["contact"] = {"name": "Phòng"}
    made["resources"][0] |= {"sources": [{"title": "Niên giám"}], "licenses": [{"name": "CC0-1.0"}]}
    fields(made)[0]["categories"] = [{"value": "66", "label": "Đắk Lắk"}]
    return made


@pytest.mark.parametrize(("key", "pointer", "place"), PLACES, ids=lambda value: str(value)[:60])
def test_a_translation_is_a_text(key: str, pointer: tuple[object, ...], place: Callable[[Any], dict[str, Any]]) -> None:
    made = package()
    place(made)["translations"] = {"en": {key: "Yearbook"}}
    assert list(breaches(made, OURS)) == []
    place(made)["translations"] = {"en": {key: 1}}
    assert [fault.pointer for fault in breaches(made, OURS)] == [(*pointer, "translations", "en", key)]
