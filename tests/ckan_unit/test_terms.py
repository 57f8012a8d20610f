"""What a portal is and what our token may do there, or why not."""

from __future__ import annotations

from typing import Any

import pytest
from built_helpers import built
from hypothesis import given
from hypothesis import strategies as st
from scripted_portal import Asked, Scripted, Told, error, result
from small_ckan import SmallCkan

from opendata.errors import PortalError, UsageError
from opendata_ckan import CkanPublisher, terms
from opendata_ckan.answers import DeniedError, PassingError
from opendata_ckan.terms import Portal, _too_old

Json = dict[str, Any]


pytestmark = pytest.mark.usefixtures("slept")


def answering(**answers: Told) -> Any:  # noqa: ANN401 - a script
    """A small CKAN that answers some actions otherwise."""
    ckan = SmallCkan()

    def answer(asked: Asked) -> Told:
        return answers.get(asked.path.rpartition("/")[2]) or ckan(asked)

    return answer


def status(**told: Any) -> Told:  # noqa: ANN401 - whatever JSON has
    return result({"ckan_version": "2.12.0", "site_url": "https://a.vn", "extensions": [], **told})


@pytest.mark.parametrize("version", ["2.9.11", "2.0", "1.8", "2.9", "0.1a", "2.9.0-beta"])
def test_an_old_ckan_is_refused_by_its_version(version: str) -> None:
    with Scripted(status(ckan_version=version)) as portal:
        with pytest.raises(PortalError, match=f"runs CKAN {version}; 2.10 or later") as caught:
            terms.portal(portal.connection())
        assert caught.value.where == portal.url


@pytest.mark.parametrize(
    "version", ["2.10", "2.10.0", "2.12.0", "2.11.0rc1", "3.0", "10.2", "", None, 5, "master", "9" * 5000 + ".1", "²·⁹"]
)
def test_a_new_one_or_one_that_hides_its_version_is_taken(version: object) -> None:
    with Scripted(status(ckan_version=version)) as portal:
        assert terms.portal(portal.connection()).site == "https://a.vn"


@given(st.text() | st.from_regex(r"\d+\.\d+.*"))
def test_any_text_is_a_version_or_none(text: str) -> None:
    assert _too_old(text) in {True, False}


@pytest.mark.parametrize(
    ("told", "site"),
    [
        ("https://a.vn/", "https://a.vn"),
        ("https://a.vn/ckan", "https://a.vn/ckan"),
        ("", None),
        (None, None),
        ("javascript:alert(1)", None),
        ("http://[", None),
        ("a.vn", None),
        (["https://a.vn"], None),
    ],
)
def test_a_portals_own_address_is_one_or_the_targets(told: object, site: str | None) -> None:
    with Scripted(status(site_url=told)) as portal:
        assert terms.portal(portal.connection()).site == (site or portal.url)


@pytest.mark.parametrize(
    ("plugins", "loader", "datastore"),
    [
        (["xloader", "datastore"], "xloader", True),
        (["datastore", "datapusher"], "datapusher", True),
        (["datapusher_plus"], "datapusher_plus", False),
        (["datapusher", "xloader"], "xloader", False),
        ([], None, False),
        ("datastore", None, True),
        (None, None, False),
        ({"a": 1}, None, False),
    ],
)
def test_what_it_has_is_what_its_plugins_say(plugins: object, loader: str | None, *, datastore: bool) -> None:
    with Scripted(status(extensions=plugins)) as portal:
        found: Portal = terms.portal(portal.connection())
    assert (found.loader, found.datastore) == (loader, datastore)


def test_a_token_is_needed_and_nothing_is_asked_without_one() -> None:
    with Scripted(answering()) as portal:
        publisher = CkanPublisher(portal.target(token=None))
        for ask in (publisher.owners, publisher.limits, lambda: publisher.look(["paddy"])):
            with pytest.raises(UsageError, match="needs a token") as caught:
                ask()
            assert caught.value.remedy == f"Run: opendata login {portal.url}"
        publisher = CkanPublisher(portal.target(token=None, token_env="PORTAL_TOKEN"))  # noqa: S106 - a name
        with pytest.raises(UsageError, match="needs a token") as caught:
            publisher.limits()
        assert "PORTAL_TOKEN" in caught.value.remedy
        assert portal.log == []


@pytest.mark.parametrize("told", [error(403, "Authorization Error"), error(404, "Not Found Error"), Told(401)])
def test_a_token_that_the_portal_does_not_know_is_told_so(told: Told) -> None:
    with Scripted(answering(user_show=told)) as portal, pytest.raises(DeniedError, match="does not accept the token"):
        terms.rights(portal.connection())


def test_a_token_that_may_only_read_is_told_so() -> None:
    with Scripted(answering(organization_list_for_user=result([]))) as portal:
        publisher = CkanPublisher(portal.target())
        with pytest.raises(DeniedError, match="lets it read only"):
            publisher.limits()
        assert publisher.owners() == ()
        assert CkanPublisher(portal.target(create_organization=True)).limits().refused == {}


def test_rights_are_the_names_of_where_it_may_write() -> None:
    organizations = result([{"name": "so-nn"}, {"name": ""}, {"title": "x"}, "so-yt", None, 5])
    with Scripted(answering(organization_list_for_user=organizations)) as portal:
        found = terms.rights(portal.connection())
    assert (found.user, found.organizations, found.groups) == ("editor", {"so-nn"}, {"agriculture"})
    asked = next(item for item in portal.log if item.path.endswith("organization_list_for_user"))
    assert asked.data == {"permission": "create_dataset"}


@pytest.mark.parametrize("action", ["organization_list_for_user", "group_list_authz"])
@pytest.mark.parametrize("told", [{}, {"a": 1}, "so-nn", None, 5])
def test_what_is_no_list_of_them_is_an_odd_answer(action: str, told: object) -> None:
    script = answering(**{action: result(told)})
    with Scripted(script) as portal, pytest.raises(PassingError, match="no list of organisations or groups"):
        terms.rights(portal.connection())


@pytest.mark.parametrize(
    ("told", "names"),
    [
        (error(409, "Validation Error", name=["Missing value"]), ("a", "b")),
        (error(403, "Authorization Error"), ()),
    ],
)
def test_that_it_may_write_is_tried_with_a_dataset_that_none_can_be(told: Told, names: tuple[str, ...]) -> None:
    organizations = result([{"name": "b"}, {"name": "a"}])
    script = answering(organization_list_for_user=organizations, package_create=told)
    with Scripted(script) as portal:
        assert CkanPublisher(portal.target()).owners() == names
    tried = [asked.data for asked in portal.log if asked.path.endswith("package_create")]
    assert tried == [{"name": "", "owner_org": "a", "private": True}]


def test_a_portal_that_makes_a_dataset_without_a_name_is_odd() -> None:
    script = answering(package_create=result({"id": "x"}))
    with Scripted(script) as portal, pytest.raises(PassingError, match="a dataset without a name"):
        CkanPublisher(portal.target()).owners()


def test_what_is_learned_is_learned_once(tmp_path: Any) -> None:  # noqa: ANN401 - a folder
    package = built(tmp_path)
    with Scripted(answering()) as portal:
        publisher = CkanPublisher(portal.target(max_upload=5))
        for _time in range(3):
            limits = publisher.limits([package])
        assert (limits.max_file_bytes, limits.owners) == (5, {"paddy": "h15-05"})
        assert len(portal.log) == 4
