"""Reading what stands on a portal, page by page, whatever the portal says of its own number of datasets."""

from __future__ import annotations

from typing import Any

import pytest
from scripted_portal import Asked, Scripted, Told, error, result

from opendata.errors import PortalError
from opendata_ckan import patience, shelf
from opendata_ckan.answers import PassingError

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    told: list[float] = []
    monkeypatch.setattr(patience, "_sleep", told.append)
    return told


def dataset(number: int, **more: Any) -> Json:  # noqa: ANN401 - whatever JSON has
    return {"id": f"k{number}", "name": f"d{number}", "private": False, "metadata_modified": "2026", **more}


def searching(total: int, at_most: int) -> Any:  # noqa: ANN401 - a script
    """A portal of so many datasets that gives at most so many at a time."""

    def answer(asked: Asked) -> Told:
        start, rows = asked.data["start"], min(asked.data["rows"], at_most)
        found = [dataset(number) for number in range(start, min(total, start + rows))]
        return result({"count": total, "results": found})

    return answer


@pytest.mark.parametrize(
    ("total", "at_most", "requests"), [(0, 10, 1), (3, 10, 1), (10, 10, 1), (11, 10, 2), (7, 1, 7)]
)
def test_all_pages_are_read_however_few_rows_each_has(total: int, at_most: int, requests: int) -> None:
    with Scripted(searching(total, at_most)) as portal:
        found = list(shelf.everything(portal.connection()))
    assert [item.name for item in found] == [f"d{number}" for number in range(total)]
    assert len(portal.log) == requests
    assert {asked.data["rows"] for asked in portal.log} == {shelf.PAGE}


def test_what_is_asked_for() -> None:
    with Scripted(searching(0, 1)) as portal:
        connection = portal.connection()
        list(shelf.everything(connection))
        list(shelf.everything(connection, ["tea", "rice", "tea"], visitor=True))
    first, second = (asked.data for asked in portal.log)
    assert (first["fq"], first["include_private"], first["sort"]) == (shelf.OURS, True, "name asc")
    assert (second["fq"], second["include_private"]) == (f'{shelf.OURS} OR name:("rice" OR "tea")', False)
    assert [asked.token is None for asked in portal.log] == [False, True]


def test_more_names_than_a_search_takes_are_asked_for_in_several() -> None:
    names = [f"n{number:05}" for number in range(2 * shelf.PAGE + 1)]
    with Scripted(searching(0, 1)) as portal:
        list(shelf.everything(portal.connection(), names))
    asked = [item.data["fq"] for item in portal.log]
    assert [text.count('"n') for text in asked] == [shelf.PAGE, shelf.PAGE, 1]
    assert all(text.endswith(f" AND -{shelf.OURS}") for text in asked[1:])


def test_one_that_moved_to_the_next_page_meanwhile_is_told_once() -> None:
    pages = [
        result({"count": 3, "results": [dataset(0), dataset(1)]}),
        result({"count": 4, "results": [dataset(1), dataset(2)]}),
    ]
    with Scripted(*pages) as portal:
        assert [item.key for item in shelf.everything(portal.connection())] == ["k0", "k1", "k2"]


def test_pages_that_bring_nothing_new_have_an_end() -> None:
    page = result({"count": 1_000_000, "results": [dataset(0), dataset(1)]})
    with Scripted(page) as portal:
        with pytest.raises(PassingError, match="the same datasets once more"):
            list(shelf.everything(portal.connection()))
        assert len(portal.log) == 2


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ({"count": 3, "results": []}, "fewer datasets than it counts"),
        ({"count": 1}, "a search without results"),
        ({"count": 1, "results": "many"}, "a search without results"),
        ({"count": 1, "results": ["a"]}, "a dataset without id"),
        ({"count": 1, "results": [{"id": "a"}]}, "a dataset without id"),
        ({"results": [dataset(0)]}, "a search without results"),
        ({"count": "5", "results": [dataset(0)]}, "a search without results"),
        ({"count": None, "results": []}, "a search without results"),
        ({"count": True, "results": []}, "a search without results"),
        ({}, "an empty answer"),
    ],
)
def test_an_odd_page_is_an_error_and_never_the_end(page: Json, said: str) -> None:
    with Scripted(result(page)) as portal, pytest.raises(PassingError, match=said):
        list(shelf.everything(portal.connection()))


def test_each_page_is_tried_again_by_itself(slept: list[float]) -> None:
    away, first = Told(503), result({"count": 2, "results": [dataset(0)]})
    with Scripted(away, first, away, away, result({"count": 2, "results": [dataset(1)]})) as portal:
        assert [item.name for item in shelf.everything(portal.connection())] == ["d0", "d1"]
    assert len(slept) == 3
    assert [asked.data["start"] for asked in portal.log] == [0, 0, 1, 1, 1]


@pytest.mark.parametrize(
    ("answer", "there"),
    [
        (result(dataset(1)), True),
        (result(dataset(1, state="active")), True),
        (result(dataset(1, state="deleted")), False),
        (result(dataset(1, state="draft")), False),
        (error(403, "Authorization Error"), False),
        (error(404, "Not Found Error"), False),
    ],
)
def test_one_dataset_is_there_or_not(answer: Told, there: bool) -> None:  # noqa: FBT001 - a table of cases
    with Scripted(answer) as portal:
        found = shelf.one(portal.connection(), "d1")
    assert (found is not None) is there
    assert portal.log[0].data == {"id": "d1"}


def test_one_that_nobody_can_tell_of_is_an_error(slept: list[float]) -> None:
    for answer in (Told(500), Told(200, b"<html>"), result({}), result({"name": "d1"})):
        with Scripted(answer) as portal, pytest.raises(PortalError):
            shelf.one(portal.connection(), "d1")
    assert slept == []


def test_the_search_index_is_asked_by_name() -> None:
    with Scripted(result({"count": 1, "results": [dataset(1)]}), result({"count": 0, "results": []})) as portal:
        connection = portal.connection()
        assert [item.key for item in shelf.named(connection, ["d1", "d2"])] == ["k1"]
        assert list(shelf.named(connection, ["d1"])) == []
        assert list(shelf.named(connection, [])) == []
    assert portal.log[0].data["fq"] == 'name:("d1" OR "d2")'


FAULTY = ['a"b', "a\\", "a b", "Lúa", "A", "a", "", "x" * 101, "a:b", "*", "a\n"]


def test_names_that_no_portal_can_hold_are_not_asked_for() -> None:
    with Scripted(searching(0, 1)) as portal:
        connection = portal.connection()
        list(shelf.everything(connection, [*FAULTY, "ab", "y--shared_1"]))
        list(shelf.everything(connection, FAULTY))
        list(shelf.everything(connection, [f"N{number}" for number in range(shelf.PAGE + 1)]))
        list(shelf.named(connection, FAULTY))
    asked = [item.data["fq"] for item in portal.log]
    assert asked == [f'{shelf.OURS} OR name:("ab" OR "y--shared_1")', shelf.OURS, shelf.OURS]
