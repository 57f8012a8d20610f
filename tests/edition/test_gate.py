from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from descriptor_helpers import REVIEWED, dataset, fields, full

from opendata.edition import levels, outline, published_name
from opendata.errors import DescriptorError, GateError
from opendata.model import AccessLevel

if TYPE_CHECKING:
    from pathlib import Path

OPEN, SHARED, INTERNAL, CLOSED = AccessLevel


def test_names_under_which_editions_are_published() -> None:
    assert published_name("pigs", OPEN) == "pigs"
    assert published_name("pigs", SHARED) == "pigs--shared"


def test_a_package_without_a_level_is_stopped_and_told_how_to_lower_it(tmp_path: Path) -> None:
    made = dataset(tmp_path, full(access=None))
    assert levels(made) == ()
    with pytest.raises(GateError, match="internal, because no access level is given") as caught:
        outline(made, OPEN)
    assert "datapackage.json" in caught.value.where
    for word in ('"level": "open"', "reviewedBy", "reviewedOn", "reason"):
        assert word in caught.value.remedy


@pytest.mark.parametrize("level", ["open", "shared"])
@pytest.mark.parametrize(
    "missing", [("reviewedBy",), ("reviewedOn",), ("reason",), ("reviewedBy", "reviewedOn", "reason")]
)
def test_a_lowering_without_its_review_is_stopped(level: str, missing: tuple[str, ...], tmp_path: Path) -> None:
    access = {key: value for key, value in REVIEWED.items() if key not in missing} | {"level": level}
    made = dataset(tmp_path, full(access=access))
    with pytest.raises(GateError) as caught:
        outline(made, AccessLevel(level))
    assert all(name in caught.value.what for name in missing)
    assert not any(name in caught.value.what for name in {"reviewedBy", "reviewedOn", "reason"} - set(missing))


@pytest.mark.parametrize("key", ["reviewedBy", "reason"])
def test_a_review_of_blanks_is_none(key: str, tmp_path: Path) -> None:
    made = dataset(tmp_path, full(access={**REVIEWED, key: " \t"}))
    with pytest.raises(GateError, match=key):
        outline(made, OPEN)


def test_the_gate_stops_before_metadata_is_asked_for(tmp_path: Path) -> None:
    made = dataset(tmp_path, full(access={"level": "open"}, title=None, licenses=None, department=None))
    with pytest.raises(GateError):
        outline(made, OPEN)


def test_metadata_that_is_missing_is_told_all_at_once(tmp_path: Path) -> None:
    made = dataset(tmp_path, full(title=None, licenses=None, department=None))
    with pytest.raises(DescriptorError) as caught:
        outline(made, OPEN)
    pointers = [item.pointer for item in caught.value.findings]
    assert pointers == ["/title", "/licenses", "/department/name", "/department/contact"]
    assert all(item.message in caught.value.what for item in caught.value.findings)


@pytest.mark.parametrize("level", [INTERNAL, CLOSED])
@pytest.mark.parametrize("declared", ["open", "shared", "internal", "closed", None])
def test_no_edition_is_above_shared(level: AccessLevel, declared: str | None, tmp_path: Path) -> None:
    made = dataset(tmp_path, full(access={**REVIEWED, "level": declared} if declared else None))
    with pytest.raises(GateError, match="never published"):
        outline(made, level)


@pytest.mark.parametrize("declared", ["internal", "closed"])
@pytest.mark.parametrize("level", [OPEN, SHARED])
def test_a_package_that_stays_in_the_agency(declared: str, level: AccessLevel, tmp_path: Path) -> None:
    made = dataset(tmp_path, full(access={**REVIEWED, "level": declared}))
    assert levels(made) == ()
    with pytest.raises(GateError, match=f"is declared {declared}"):
        outline(made, level)


def test_a_shared_package_has_no_open_edition(tmp_path: Path) -> None:
    made = dataset(tmp_path, full(access={**REVIEWED, "level": "shared"}))
    assert levels(made) == (SHARED,)
    assert outline(made, SHARED).name == "pigs--shared"
    with pytest.raises(GateError, match="declared shared: it has no open edition"):
        outline(made, OPEN)


def test_an_open_package_has_a_shared_edition_only_where_that_shows_more(tmp_path: Path) -> None:
    plain = dataset(tmp_path / "plain", full())
    assert levels(plain) == (OPEN,)
    with pytest.raises(GateError, match="no more than the open one"):
        outline(plain, SHARED)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"access": {"level": "shared"}}, (OPEN, SHARED)),
        ({"personal": "quasi"}, (OPEN, SHARED)),
        ({"access": {"level": "internal"}}, (OPEN,)),
        ({"access": {"level": "closed"}}, (OPEN,)),
        ({"disclosure": "drop"}, (OPEN,)),
        ({"disclosure": "drop", "access": {"level": "shared"}}, (OPEN,)),
        ({"personal": "none"}, (OPEN,)),
    ],
)
def test_which_fields_make_a_shared_edition(
    change: dict[str, Any], expected: tuple[AccessLevel, ...], tmp_path: Path
) -> None:
    descriptor = full()
    fields(descriptor)[2] |= change
    assert levels(dataset(tmp_path, descriptor)) == expected


@pytest.mark.parametrize("rule", ["generalise", "band", "suppress", "keyed-hash"])
@pytest.mark.parametrize("level", ["open", "shared"])
def test_a_disclosure_that_cannot_be_carried_out_stops_any_edition(rule: str, level: str, tmp_path: Path) -> None:
    descriptor = full(access={**REVIEWED, "level": level})
    fields(descriptor)[2]["disclosure"] = rule
    with pytest.raises(GateError, match=f"pigs.*{rule}"):
        outline(dataset(tmp_path, descriptor), AccessLevel(level))


def test_a_disclosure_on_a_personal_field_stops_the_open_edition(tmp_path: Path) -> None:
    descriptor = full()
    fields(descriptor)[2] |= {"personal": "basic", "disclosure": "keyed-hash"}
    with pytest.raises(GateError, match="keyed-hash"):
        outline(dataset(tmp_path, descriptor), OPEN)


def test_a_disclosure_on_a_field_that_is_withheld_by_its_level_stops_nothing(tmp_path: Path) -> None:
    descriptor = full()
    fields(descriptor)[2] |= {"disclosure": "band", "access": {"level": "internal"}}
    assert outline(dataset(tmp_path, descriptor), OPEN).cuts[0].fields == ("unit_id", "year")


@pytest.mark.parametrize("kind", ["counts", "microdata"])
def test_a_table_to_be_protected_is_not_opened_but_may_be_shared(kind: str, tmp_path: Path) -> None:
    descriptor = full()
    descriptor["resources"][0]["disclosure"] = {"kind": kind, "threshold": 5}
    with pytest.raises(GateError, match=kind):
        outline(dataset(tmp_path, descriptor), OPEN)
    descriptor["access"] = {**REVIEWED, "level": "shared"}
    assert outline(dataset(tmp_path, descriptor), SHARED).cuts


def test_a_table_declared_harmless_is_opened(tmp_path: Path) -> None:
    descriptor = full()
    descriptor["resources"][0]["disclosure"] = "none"
    assert outline(dataset(tmp_path, descriptor), OPEN).cuts


def test_an_edition_without_anything_in_it_is_stopped(tmp_path: Path) -> None:
    descriptor = full()
    for field in fields(descriptor):
        field["access"] = {"level": "shared"}
    made = dataset(tmp_path, descriptor)
    with pytest.raises(GateError, match="Nothing of pigs"):
        outline(made, OPEN)
    assert len(outline(made, SHARED).cuts[0].fields) == 3
