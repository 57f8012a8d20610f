"""Taking off what may no longer be seen: private at once, then the bytes, the tables, and all that is told of it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built, identity
from scripted_portal import Asked, Scripted, Told, error
from small_desk import whole, with_extras

from opendata.errors import ConflictError, PortalError
from opendata.model import Action, Step
from opendata_ckan import loading, removing
from opendata_ckan.answers import DeniedError
from opendata_ckan.held import Held, Stage, held
from opendata_ckan.reading_back import MismatchError
from opendata_ckan.terms import Portal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from small_ckan import SmallCkan

PORTAL = Portal("https://a.vn", frozenset({"datastore"}))
STEP = Step(Action.WITHDRAW, "paddy", identity("paddy"))
THEIRS = {"id": "theirs", "name": "Ghi chú", "url": "https://a.vn/b.pdf"}

Raw = dict[str, Any]


@pytest.fixture
def ckan(tmp_path: Path) -> SmallCkan:
    made = whole(built(tmp_path))[0]
    made.tables.add(made.named("paddy")["resources"][0]["id"])
    made.store(copy.deepcopy(made.named("paddy")))
    return made


def now(ckan: SmallCkan) -> Held:
    return held(copy.deepcopy(ckan.named("paddy")), "")


def withdraw(script: Callable[[Asked], Told], found: Held | None, portal: Portal = PORTAL) -> None:
    with Scripted(script) as scripted:
        removing.withdraw(scripted.connection(), portal, STEP, found)


def test_it_is_private_first_then_bytes_then_tables_and_the_names_last(ckan: SmallCkan) -> None:
    seen: list[tuple[int, int, int, str]] = []

    def look(ckan: SmallCkan) -> None:
        title = ckan.named("paddy")["title"]
        if ckan.writes():
            seen.append((len(ckan.public), len(ckan.files), len(ckan.tables), title))

    ckan.watch = look
    withdraw(ckan, now(ckan))
    title = "Lúa paddy sông Đà"
    assert list(dict.fromkeys(seen)) == [(0, 3, 1, title), (0, 0, 1, title), (0, 0, 0, title), (0, 0, 0, "paddy")]


@pytest.mark.parametrize("stage", [Stage.WITHDRAWING, Stage.WITHDRAWN, Stage.LIVE, Stage.NEW, Stage.HIDDEN])
def test_wherever_it_was_left_it_ends_the_same(stage: Stage, ckan: SmallCkan) -> None:
    ckan.store({**with_extras(copy.deepcopy(ckan.named("paddy")), opendata_stage=stage.value), "private": True})
    withdraw(ckan, now(ckan))
    left = now(ckan)
    assert (left.stage, left.private, left.files, left.gone, left.digest) == (Stage.WITHDRAWN, True, (), (), None)
    assert (ckan.files, ckan.tables) == ({}, set())
    assert len(left.removed) == 3


def test_one_that_somebody_made_public_again_is_hidden_again(ckan: SmallCkan) -> None:
    ckan.store(with_extras(copy.deepcopy(ckan.named("paddy")), opendata_stage="withdrawn"))
    withdraw(ckan, now(ckan))
    assert ckan.public == []


def test_what_is_done_is_not_done_again(ckan: SmallCkan) -> None:
    withdraw(ckan, now(ckan))
    ckan.log.clear()
    withdraw(ckan, now(ckan))
    assert ckan.log == ["package_show"]
    withdraw(ckan, None)
    assert ckan.log == ["package_show"]


def test_another_dataset_under_the_name_is_left_alone(ckan: SmallCkan) -> None:
    ckan.store(with_extras(copy.deepcopy(ckan.named("paddy")), opendata_id="another"))
    with pytest.raises(ConflictError):
        withdraw(ckan, now(ckan))
    assert ckan.log == []


def test_what_others_put_there_stays_in_the_private_shell(ckan: SmallCkan) -> None:
    dataset = with_extras(copy.deepcopy(ckan.named("paddy")), theirs="1")
    dataset["resources"].append(dict(THEIRS))
    ckan.store(dataset)
    withdraw(ckan, now(ckan))
    assert [item["id"] for item in ckan.named("paddy")["resources"]] == ["theirs"]
    assert ckan.extras("paddy")["theirs"] == "1"


def test_a_table_that_the_portal_does_not_tell_of_is_deleted_too(ckan: SmallCkan) -> None:
    ckan.named("paddy")["resources"][0]["datastore_active"] = False
    withdraw(ckan, now(ckan))
    assert ckan.tables == set()
    assert ckan.log.count("datastore_delete") == 3


def test_without_a_datastore_none_is_asked(ckan: SmallCkan) -> None:
    withdraw(ckan, now(ckan), Portal("", frozenset()))
    assert "datastore_delete" not in ckan.log


@pytest.mark.parametrize("lost", ["package_patch", "datastore_delete"])
def test_a_portal_that_refuses_leaves_it_private_or_says_so(lost: str, ckan: SmallCkan) -> None:
    def answer(asked: Asked) -> Told:
        return error(403, "Authorization Error") if asked.path.endswith(lost) else ckan(asked)

    with pytest.raises(DeniedError):
        withdraw(answer, now(ckan))
    assert bool(ckan.public) is (lost == "package_patch")
    assert ckan.named("paddy")["title"] != "paddy"  # what tells of the tables goes after them


@pytest.mark.parametrize(
    "change",
    [{"private": False}, {"resources": [{"id": "r", "opendata_path": "a.csv", "url": "https://a.vn"}]}, {"extras": []}],
)
def test_what_is_still_there_afterwards_is_a_mismatch(change: Raw, ckan: SmallCkan) -> None:
    found = now(ckan)
    show = ckan._package_show
    ckan._package_show = lambda data, visitor: {**show(data, visitor), **change}  # type: ignore[method-assign] # the test's own portal
    with pytest.raises(MismatchError):
        withdraw(ckan, found)


def indexing(ckan: SmallCkan, times: int) -> None:
    """Let the search index tell of the dataset as public so many times more."""
    search, left = ckan._package_search, [times]

    def told(data: Raw, visitor: bool) -> Raw:  # noqa: FBT001 - as the action has it
        page = search(data, visitor)
        left[0] -= 1
        if left[0] >= 0:
            page["results"] = [{**item, "private": False} for item in page["results"]]
        return page

    ckan._package_search = told  # type: ignore[method-assign] # the test's own portal


@pytest.mark.parametrize("times", [0, 1, removing.TRIES - 1])
def test_what_the_index_still_shows_is_hidden_anew(times: int, ckan: SmallCkan) -> None:
    indexing(ckan, times)
    with Scripted(ckan) as portal:
        found = removing.hide(portal.connection(), PORTAL, now(ckan), Stage.HIDDEN)
    assert (found.private, found.stage) == (True, Stage.HIDDEN)
    assert ckan.log.count("package_patch") == times + 1


def test_an_index_that_shows_it_for_ever_is_told(ckan: SmallCkan) -> None:
    indexing(ckan, 99)
    with Scripted(ckan) as portal, pytest.raises(MismatchError):
        removing.hide(portal.connection(), PORTAL, now(ckan), Stage.HIDDEN)


def test_a_loader_at_work_is_waited_for_before_the_index_is_believed(
    ckan: SmallCkan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PAUSE", 0)
    ckan.plugins = ("xloader", "datastore")
    ckan.running = {ckan.named("paddy")["resources"][0]["id"]: 2}
    with Scripted(ckan) as portal:
        removing.hide(portal.connection(), Portal("", frozenset(ckan.plugins)), now(ckan), Stage.HIDDEN)
    at = ckan.log.index("package_patch")
    assert ckan.log[at : at + 5] == ["package_patch", *["xloader_status"] * 3, "package_search"]


def test_what_is_discarded_is_emptied_before_it_is_deleted(ckan: SmallCkan) -> None:
    with Scripted(ckan) as portal:
        removing.discard(portal.connection(), PORTAL, now(ckan))
    assert (ckan.datasets, ckan.files, ckan.tables) == ({}, {}, set())
    assert ckan.writes()[-1] == "package_delete"


def test_a_portal_that_fails_at_the_end_is_an_error(ckan: SmallCkan) -> None:
    found = now(ckan)

    def answer(asked: Asked) -> Told:
        return Told(500) if asked.path.endswith("package_show") else ckan(asked)

    with pytest.raises(PortalError):
        withdraw(answer, found)
