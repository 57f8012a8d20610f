"""Which organisation a dataset goes to, and what is said in the plan where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from built_helpers import built
from scripted_portal import Asked, Scripted, Told, error, result

from opendata.errors import UsageError
from opendata.model import Target
from opendata_ckan import CkanPublisher

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Limits

DENIED, MISSING = error(403, "Authorization Error"), error(404, "Not Found Error")


def knowing(organization: Told) -> Scripted:
    """A portal where the token's user is an editor of so-nn; what it says of any other organisation."""
    told = {
        "status_show": result({"ckan_version": "2.11.0"}),
        "user_show": result({"name": "lan"}),
        "organization_list_for_user": result([{"name": "so-nn"}]),
        "group_list_authz": result([]),
        "organization_show": organization,
    }
    return Scripted(lambda asked: told[asked.path.rpartition("/")[2]])


def limits(portal: Scripted, folder: Path, organization: str, *, create: bool = True, names: int = 2) -> Limits:
    packages = [built(folder, f"air-{number}") for number in range(names)]
    target = portal.target(organization=organization, create_organization=create)
    return CkanPublisher(target).limits(packages)


def asked_of(portal: Scripted) -> list[Asked]:
    return [item for item in portal.log if item.path.endswith("organization_show")]


def test_an_organisation_that_is_not_there_will_be_made(tmp_path: Path) -> None:
    with knowing(MISSING) as portal:
        found = limits(portal, tmp_path, "so-y-te")
    assert (found.refused, found.creating) == ({}, {"so-y-te"})
    assert [item.data["id"] for item in asked_of(portal)] == ["so-y-te"]


@pytest.mark.parametrize("answer", [result({"name": "so-y-te"}), DENIED])
def test_one_that_is_there_is_refused_to_whoever_is_no_member_of_it(answer: Told, tmp_path: Path) -> None:
    with knowing(answer) as portal:
        found = limits(portal, tmp_path, "so-y-te", names=1)
    assert found.creating == frozenset()
    (refusal,) = found.refused.values()
    assert refusal.what == "The portal has the organisation so-y-te, but lan may not publish to it."
    assert refusal.remedy == "Ask whoever keeps the portal to make lan an editor there."


def test_nothing_is_asked_where_none_is_to_be_made(tmp_path: Path) -> None:
    with knowing(MISSING) as portal:
        assert limits(portal, tmp_path, "so-nn").refused == {}
        found = limits(portal, tmp_path, "so-y-te", create=False, names=1)
        assert [item.what for item in found.refused.values()] == [
            "The portal has no organisation so-y-te that lan may publish to."
        ]
        assert "--create-organization" in next(iter(found.refused.values())).remedy
    assert asked_of(portal) == []


ID = "0f5cb0b2-8c2f-4f0e-9b1c-1d2e3f405162"
NEVER = ["Sở Nông nghiệp", "ATK1", "new", "edit", "search", "a", " atk1 ", "atk1\n", "so.nn", "", "a" * 101]


@pytest.mark.parametrize("name", [*NEVER, ID])
@pytest.mark.parametrize("mapped", [True, False])
def test_what_can_be_no_organisation_is_wrong_usage(name: str, *, mapped: bool) -> None:
    named = {"organizations": {"H15.05": name}} if mapped else {"organization": name}
    with pytest.raises(UsageError) as caught:
        CkanPublisher(Target("t", "ckan", "https://a.vn", create_organization=True, **named))  # type: ignore[arg-type]
    told = "This is the id of an organisation, not its name: " if name == ID else "No organisation of the portal can"
    assert told in caught.value.what
    assert name in caught.value.what
    assert caught.value.where == ('[organizations] "H15.05"' if mapped else "t")
    assert "/organization/NAME" in caught.value.remedy


@pytest.mark.parametrize("name", ["so-nn", "h15_05", "ab", "a" * 100, "news", ID[:-1]])
def test_what_can_be_one_is_taken(name: str) -> None:
    CkanPublisher(Target("t", "ckan", "https://a.vn", organization=name, organizations={"H15.05": name}))


@pytest.mark.parametrize("name", ["new", "edit", "search", "a", "a" * 101])
def test_a_name_that_no_dataset_of_ckans_can_have_is_refused_in_the_plan(name: str, tmp_path: Path) -> None:
    with knowing(result({"name": "so-nn"})) as portal:
        publisher = CkanPublisher(portal.target(organization="so-nn"))
        limits = publisher.limits([built(tmp_path, name), built(tmp_path, "news")])
    refused = limits.refused[name]
    assert (refused is None, limits.refused.get("news")) == (False, None)
    assert refused.what == f"No dataset of CKAN's can have the name {name}."
    assert "another name" in refused.remedy
