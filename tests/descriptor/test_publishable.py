from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from descriptor_helpers import FULL, dataset, full

from opendata.descriptor import publishable

if TYPE_CHECKING:
    from pathlib import Path


def asked(tmp_path: Path, descriptor: dict[str, Any]) -> list[str | None]:
    return [item.pointer for item in publishable(dataset(tmp_path, descriptor))]


def test_the_full_descriptor_lacks_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path, FULL) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"title": None}, "/title"),
        ({"title": "  "}, "/title"),
        ({"licenses": None}, "/licenses"),
        ({"licenses": [{"name": "notspecified"}]}, None),
        ({"licenses": [{"path": "https://example.org/licence"}]}, None),
        ({"department": None}, "/department/name"),
        ({"department": {"name": "Sở"}}, "/department/contact"),
        ({"department": {"name": "Sở", "contact": {"name": "Ông A"}}}, "/department/contact"),
        ({"department": {"name": "Sở", "contact": {"phone": "024 1234567"}}}, None),
    ],
)
def test_what_publishing_asks_for(changes: dict[str, Any], pointer: str | None, tmp_path: Path) -> None:
    found = asked(tmp_path, full(**changes))
    assert pointer in found if pointer else found == []


def test_a_foreign_package_lacks_everything_at_once(tmp_path: Path) -> None:
    found = asked(tmp_path, {"name": "a.b", "resources": [{"name": "t", "path": "t.csv"}]})
    assert found == ["/name", "/title", "/licenses", "/department/name", "/department/contact"]


def test_a_table_to_be_published_needs_a_schema(tmp_path: Path) -> None:
    descriptor = full()
    del descriptor["resources"][0]["schema"]
    del descriptor["resources"][0]["externalKeys"]
    assert asked(tmp_path, descriptor) == ["/resources/0/schema"]
    descriptor["resources"][0]["access"] = {"level": "internal"}
    assert asked(tmp_path, descriptor) == []
