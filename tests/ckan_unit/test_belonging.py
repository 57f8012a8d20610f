"""Which organisation and group a dataset belongs to, and what is said where it cannot go there."""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import pytest
from built_helpers import built, identity
from hypothesis import given
from hypothesis import strategies as st
from small_desk import changed, reread, whole

from opendata.model import BuiltPackage, Target
from opendata_ckan.held import Held, held
from opendata_ckan.owners import groups, of_code, owner, refusal, warnings
from opendata_ckan.terms import Rights

FOLDER = Path(tempfile.mkdtemp(prefix="owners-"))
PACKAGE = built(FOLDER)
KEPT = whole(PACKAGE)[1]
TARGET = Target("t", "ckan", "https://data.example.vn")
RIGHTS = Rights("an", frozenset({"h15-05", "so-nn"}), frozenset({"agriculture"}))


def of_department(**department: Any) -> BuiltPackage:  # noqa: ANN401 - as a descriptor has it
    return changed(PACKAGE, department=department)


def refused(package: BuiltPackage = PACKAGE, found: Held | None = None, creating: tuple[str, ...] = ()) -> str:
    told = refusal(package, TARGET, RIGHTS, found, creating)
    assert told is None or told.remedy
    return "" if told is None else told.what


@pytest.mark.parametrize(
    ("department", "target", "name"),
    [
        ({"code": "H15.05"}, {}, "h15-05"),
        ({"code": "H15.05"}, {"organizations": {"H15.05": "so-nn"}}, "so-nn"),
        ({"code": "H15.05"}, {"organizations": {"H15.06": "so-nn"}}, "h15-05"),
        ({"code": "H15.05"}, {"organizations": {"H15.05": ""}}, "h15-05"),
        ({"code": "H15.05"}, {"organization": "all", "organizations": {"H15.05": "so-nn"}}, "all"),
        ({}, {"organization": "all"}, "all"),
        ({}, {}, None),
        ({"code": 5}, {}, None),
        ({"code": "Sở Y tế"}, {}, None),
        ({"code": "Sở Y tế"}, {"organizations": {"Sở Y tế": "so-yt"}}, "so-yt"),
    ],
)
def test_what_was_said_for_the_target_stands_over_the_map_and_that_over_the_code(
    department: dict[str, Any], target: dict[str, Any], name: str | None
) -> None:
    assert owner(of_department(**department), dataclasses.replace(TARGET, **target)) == name


@given(st.text())
def test_a_code_is_a_name_that_ckan_takes_or_none(code: str) -> None:
    name = of_code(code)
    assert name is None or (2 <= len(name) <= 100 and name == name.lower() and name.isascii() and " " not in name)


def test_a_dataset_goes_where_the_token_may_publish() -> None:
    assert refused() == ""
    assert refused(found=held(KEPT, "")) == ""


def test_without_an_organisation_it_is_refused_and_told_how_to_say_it() -> None:
    told = refusal(of_department(name="Sở"), TARGET, RIGHTS, None, ())
    assert told is not None
    assert "no agency code" in told.what
    assert "--organization" in told.remedy


def test_one_that_is_missing_or_of_others_is_refused_and_named() -> None:
    told = refusal(PACKAGE, dataclasses.replace(TARGET, organization="so-yt"), RIGHTS, None, ())
    assert told is not None
    assert told.what == "The portal has no organisation so-yt that an may publish to."
    assert "--create-organization" in told.remedy
    making = dataclasses.replace(TARGET, organization="so-yt", create_organization=True)
    assert refusal(PACKAGE, making, RIGHTS, None, {"so-yt"}) is None


def test_a_dataset_is_never_moved_to_another_organisation() -> None:
    found = reread(KEPT, organization={"name": "so-yt"})
    for rights in (RIGHTS, dataclasses.replace(RIGHTS, organizations=frozenset({"h15-05", "so-yt"}))):
        told = refusal(PACKAGE, TARGET, rights, found, ())
        assert told is not None
        assert told.what == "On the portal the dataset belongs to the organisation so-yt, not to h15-05."
        assert told.remedy.endswith("--organization so-yt.")
    assert refused(found=reread(KEPT, organization={"name": "so-yt"}), creating=("h15-05",)) != ""
    assert "organisation –, not to" in refused(found=reread(KEPT, organization=None))


def test_what_stands_there_and_is_another_is_the_plans_affair() -> None:
    other = built(FOLDER, id=identity("others"))
    found = reread(KEPT, organization={"name": "so-yt"}, groups=[{"name": "theirs"}])
    assert refused(other, found) == ""


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ([], ""),
        (["agriculture"], ""),
        (["agriculture", "zoo", "art"], "in a group that an is no member of: art, zoo."),
    ],
)
def test_one_in_a_group_of_others_cannot_be_revised(there: list[str], said: str) -> None:
    found = reread(KEPT, groups=[{"name": name} for name in there])
    assert refused(found=found).endswith(said)
    assert bool(refused(found=found)) is bool(said)


def test_a_group_is_the_sector_where_the_token_is_a_member() -> None:
    assert groups(PACKAGE, RIGHTS) == ("agriculture",)
    assert groups(PACKAGE, dataclasses.replace(RIGHTS, groups=frozenset())) == ()
    assert groups(changed(PACKAGE, sector=None), RIGHTS) == ()


def test_a_sector_without_a_group_is_warned_of_once_and_only_where_something_is_sent() -> None:
    rights = dataclasses.replace(RIGHTS, groups=frozenset())
    packages = [PACKAGE, built(FOLDER, "tea"), changed(built(FOLDER, "beds"), sector="health")]
    told = warnings(packages, rights, {})
    assert [text.split()[5] for text in told] == ["agriculture", "health"]
    assert all("that an is a member of" in text for text in told)
    assert warnings([PACKAGE], rights, {"paddy": held(KEPT, "")}) == ()
    assert len(warnings([built(FOLDER, version="2")], rights, {"paddy": held(KEPT, "")})) == 1
    assert warnings(packages[:2], RIGHTS, {}) == ()
    assert warnings([changed(PACKAGE, sector=None)], rights, {}) == ()
