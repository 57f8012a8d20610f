from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from descriptor_helpers import REVIEWED, dataset, fields, full, package

from opendata.descriptor import faults, read
from opendata.descriptor.levels import declared_level, effective, package_level
from opendata.model import AccessLevel

if TYPE_CHECKING:
    from pathlib import Path

ORDER = [level.value for level in AccessLevel]


def levelled(above: str | None, resource: str | None, field: str | None) -> dict[str, Any]:
    descriptor = full(access={**REVIEWED, "level": above} if above else None)
    if resource:
        descriptor["resources"][0]["access"] = {"level": resource}
    if field:
        fields(descriptor)[1]["access"] = {"level": field}
    return descriptor


@pytest.mark.parametrize("above", [None, *ORDER])
@pytest.mark.parametrize("resource", [None, *ORDER])
@pytest.mark.parametrize("field", [None, *ORDER])
def test_the_strictest_holds_and_a_lower_one_is_a_fault(
    above: str | None, resource: str | None, field: str | None, tmp_path: Path
) -> None:
    package(tmp_path, levelled(above, resource, field))
    chain = [above or "internal"]
    wrong = []
    for name, level in (("resource", resource), ("field", field)):
        if level and ORDER.index(level) < ORDER.index(chain[-1]):
            wrong.append(name)
        chain.append(max(level or "open", chain[-1], key=ORDER.index))
    pointers = [item.pointer for item in faults(levelled(above, resource, field), tmp_path)]
    expected = {"resource": "/resources/0/access/level", "field": "/resources/0/schema/fields/1/access/level"}
    assert sorted(map(str, pointers)) == sorted(expected[name] for name in wrong)
    if not wrong:
        made = read(tmp_path)
        assert made.resources[0].schema is not None
        found = [made.level, made.resources[0].level, made.resources[0].schema.fields[1].level]
        assert [level.value for level in found] == chain


def test_a_package_without_a_level_is_internal(tmp_path: Path) -> None:
    made = dataset(tmp_path, full(access=None))
    assert (made.level, made.declared) == (AccessLevel.INTERNAL, None)
    assert made.resources[0].level is AccessLevel.INTERNAL


def test_review_is_read(tmp_path: Path) -> None:
    made = dataset(tmp_path, full())
    assert made.declared is AccessLevel.OPEN
    assert (made.review.by, made.review.on) == (REVIEWED["reviewedBy"], "2026-01-31")
    assert made.review.reason == REVIEWED["reason"]


def test_what_is_no_level_declares_none() -> None:
    assert declared_level({"access": "open"}) is None
    assert declared_level({"access": {"level": ["open"]}}) is None
    assert package_level({}) is AccessLevel.INTERNAL
    assert effective({}, AccessLevel.CLOSED) is AccessLevel.CLOSED
