"""The portal's loader: asked for what it was not told of, waited for while it gets on, and given up when it is away."""

from __future__ import annotations

import copy
import hashlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built
from scripted_portal import Scripted, error, result
from small_ckan import SmallCkan
from small_desk import whole

from opendata_ckan import loading
from opendata_ckan.answers import PassingError
from opendata_ckan.held import Held, held
from opendata_ckan.loading import IDLE, LONGEST, PAUSE, QUEUED
from opendata_ckan.terms import Portal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.model import BuiltPackage
    from opendata_ckan.connection import Connection

LOADER = Portal("https://a.vn", frozenset({"xloader", "datastore"}))
NONE = Portal("https://a.vn", frozenset({"datastore"}))

Raw = dict[str, Any]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Time that passes only while somebody sleeps. `then` is called at each pause."""
    told = SimpleNamespace(now=0.0, then=lambda: None)

    def sleep(seconds: float) -> None:
        told.now += seconds
        told.then()

    monkeypatch.setattr(loading, "time", SimpleNamespace(monotonic=lambda: told.now, sleep=sleep))
    return told


def desk(folder: Path, *names: str) -> tuple[SmallCkan, dict[str, BuiltPackage]]:
    """A portal with a loader that holds datasets, none of which it has loaded."""
    ckan = SmallCkan(plugins=("xloader", "datastore"))
    packages = {name: built(folder, name) for name in names}
    for name, package in packages.items():
        other, kept = whole(package, loader=True)
        for item in kept["resources"]:
            item["id"] += name
        ckan.files |= {key + name: content for key, content in other.files.items()}
        ckan.store({**kept, "id": f"key-{name}"})
    return ckan, packages


def load(ckan: SmallCkan, name: str) -> None:
    """The loader is done with a dataset's CSV."""
    ckan._load(csv_of(ckan, name))


def csv_of(ckan: SmallCkan, name: str) -> Raw:
    found: Raw = next(item for item in ckan.named(name)["resources"] if item["opendata_path"] == "area.csv")
    return found


def settled(ckan: SmallCkan, packages: dict[str, BuiltPackage], since: float = 0.0) -> None:
    with Scripted(ckan) as portal:
        loading.settle(portal.connection(), LOADER, packages, since)


def act(ckan: Callable[..., Any], run: Callable[[Connection], None]) -> list[str]:
    """What was asked of the portal, and of which resource."""
    with Scripted(ckan) as portal:
        run(portal.connection())
    return [f"{asked.path.rpartition('/')[2]} {asked.data.get('resource_id')}" for asked in portal.log]


def test_what_is_loaded_is_not_waited_for(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air", "tea")
    for name in packages:
        load(ckan, name)
    settled(ckan, packages)
    assert (ckan.log, clock.now) == (["package_search"], 0.0)


def test_it_is_waited_for_as_long_as_it_gets_on(clock: SimpleNamespace, tmp_path: Path) -> None:
    names = ["air", "beds", "pigs", "tea"]
    ckan, packages = desk(tmp_path, *names)
    left = list(names)

    def get_on() -> None:
        if left and clock.now >= (len(names) - len(left) + 1) * (IDLE - PAUSE):
            load(ckan, left.pop(0))

    clock.then = get_on
    settled(ckan, packages)
    assert left == []
    assert IDLE < clock.now < LONGEST


def test_one_that_never_begins_is_away(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air")
    settled(ckan, packages)
    assert IDLE < clock.now <= IDLE + 2 * PAUSE


def test_the_time_since_the_first_was_placed_counts(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air")
    clock.now = 100.0
    settled(ckan, packages, since=100.0 - IDLE - PAUSE)
    assert clock.now == 100.0
    ckan, packages = desk(tmp_path, "air", "tea")
    load(ckan, "tea")  # it has got on: its time counts from now
    settled(ckan, packages, since=0.0)
    assert clock.now > 100.0 + IDLE


def test_one_that_died_half_way_is_given_up(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air", "tea")

    def get_on() -> None:
        if clock.now == PAUSE * 2:
            load(ckan, "air")

    clock.then = get_on
    settled(ckan, packages)
    assert PAUSE * 2 + IDLE < clock.now <= PAUSE * 2 + IDLE + 2 * PAUSE


def test_one_that_says_that_it_is_at_work_is_waited_for(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air")
    ckan.running = {csv_of(ckan, "air")["id"]: 20}

    def get_on() -> None:
        if ckan.running[csv_of(ckan, "air")["id"]] == 1:
            load(ckan, "air")

    clock.then = get_on
    settled(ckan, packages)
    assert clock.now > 2 * IDLE
    assert csv_of(ckan, "air")["datastore_active"]


def test_nothing_is_waited_for_for_ever(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air")
    ckan.running = {csv_of(ckan, "air")["id"]: 10**6}
    settled(ckan, packages)
    assert LONGEST <= clock.now <= LONGEST + PAUSE


def test_what_the_loader_has_ended_with_is_asked_after_once(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, *(f"d{number}" for number in range(6)))
    ckan.running = {csv_of(ckan, "d5")["id"]: 3}
    settled(ckan, packages)
    assert clock.now > IDLE
    assert ckan.log.count("xloader_status") == 5 + 4


@pytest.mark.parametrize("said", ["pending", "submitting"])
def test_one_in_a_long_queue_is_waited_for(said: str, clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air", "tea")
    ckan._xloader_status = lambda data, _visitor: {"status": said if "tea" in data["resource_id"] else "error"}  # type: ignore[method-assign] # the test's own portal

    def get_on() -> None:
        if clock.now == QUEUED - PAUSE:
            load(ckan, "tea")

    clock.then = get_on
    settled(ckan, packages)
    assert csv_of(ckan, "tea")["datastore_active"]
    assert clock.now > QUEUED - PAUSE


def test_a_queue_that_nobody_works_off_is_given_up(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air", "tea")
    ckan._xloader_status = lambda _data, _visitor: {"status": "pending"}  # type: ignore[method-assign] # the test's own portal
    settled(ckan, packages)
    assert QUEUED < clock.now <= QUEUED + 2 * PAUSE


def test_behind_one_that_takes_long_the_rest_of_the_queue_is_waited_for(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air", "tea")
    ckan._xloader_status = lambda data, _visitor: {  # type: ignore[method-assign] # the test's own portal
        "status": "running_but_viewable" if "tea" in data["resource_id"] else "pending"
    }
    settled(ckan, packages)
    assert clock.now >= LONGEST


def test_the_md5_of_the_bytes_that_were_placed_is_what_counts(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air")
    csv_of(ckan, "air")["hash"] = hashlib.md5(b"of the edition before", usedforsecurity=False).hexdigest()
    settled(ckan, packages)
    assert clock.now > IDLE


def test_other_datasets_than_those_asked_for_are_nobodys_affair(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, packages = desk(tmp_path, "air")
    load(ckan, "air")
    other = copy.deepcopy(ckan.named("air")) | {"id": "x", "name": "others"}
    script = result({"count": 2, "results": [other, ckan.named("air")]})
    with Scripted(script) as portal:
        loading.settle(portal.connection(), LOADER, packages, 0.0)
    assert clock.now == 0.0


def test_a_table_is_waited_for_before_it_is_written_over(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, _packages = desk(tmp_path, "air")
    key = csv_of(ckan, "air")["id"]
    ckan.running = {key: 3}
    told = act(ckan, lambda connection: loading.wait(connection, LOADER, held(ckan.named("air"), "")))
    assert told == [f"xloader_status {key}"] * 4
    assert clock.now == 3 * PAUSE
    ckan.running = {key: 10**6}
    act(ckan, lambda connection: loading.wait(connection, LOADER, held(ckan.named("air"), "")))
    assert clock.now == pytest.approx(3 * PAUSE + LONGEST, abs=PAUSE)


@pytest.mark.parametrize(
    "told",
    [
        error(403, "Authorization Error"),
        error(404, "Not Found Error"),
        result({"status": "complete"}),
        result({"status": "error"}),
        result({}),
        result(None),
        result({"status": ["running"]}),
    ],
)
@pytest.mark.usefixtures("clock")
def test_whatever_is_not_running_is_not_waited_for(told: Any, tmp_path: Path) -> None:  # noqa: ANN401 - an answer
    ckan, _packages = desk(tmp_path, "air")
    asked = act(lambda _asked: told, lambda connection: loading.wait(connection, LOADER, held(ckan.named("air"), "")))
    assert len(asked) == 1


def test_a_portal_that_fails_is_no_loader_that_is_done(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, _packages = desk(tmp_path, "air")
    script = error(500, "Search Error")
    with Scripted(script) as portal, pytest.raises(PassingError):
        loading.wait(portal.connection(), LOADER, held(ckan.named("air"), ""))
    assert clock.now == 0.0


def asking(portal: Portal, found: Held) -> list[str]:
    return act(lambda _asked: result(True), lambda connection: loading.ask(connection, portal, found))  # noqa: FBT003 - JSON


def test_a_csv_without_a_table_is_asked_for_and_nothing_else(tmp_path: Path) -> None:
    ckan, _packages = desk(tmp_path, "air")
    key = csv_of(ckan, "air")["id"]
    found = held(ckan.named("air"), "")
    assert asking(LOADER, found) == [f"xloader_submit {key}"]
    assert asking(NONE, found) == []
    for plugin in ("datapusher", "datapusher_plus"):
        assert asking(Portal("", frozenset({plugin})), found) == [f"datapusher_submit {key}"]
    load(ckan, "air")
    assert asking(LOADER, held(ckan.named("air"), "")) == []


def test_without_a_loader_nothing_is_waited_for(clock: SimpleNamespace, tmp_path: Path) -> None:
    ckan, _packages = desk(tmp_path, "air")
    asked = act(ckan, lambda connection: loading.wait(connection, NONE, held(ckan.named("air"), "")))
    assert (asked, clock.now) == ([], 0.0)
