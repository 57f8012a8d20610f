"""Each fault of a network or portal, at each request: it passes by itself or after one more run, and is told truly."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import FIELDS, ROWS
from ckan_desk import OTHER_ROWS, Desk, raised, ready, verified
from ckan_helpers import new_organisation
from ckan_matrix import cases, check_all, differences, half_seen, portrait
from ckan_poller import polled, version_of
from fault_proxy import (
    CUT_AFTER,
    CUT_BEFORE,
    CUT_DURING_REQUEST,
    CUT_DURING_RESPONSE,
    TRUNCATED,
    WRONG_BYTES,
    FaultProxy,
    delay,
    html,
    json_string,
    redirect,
    status,
)

from opendata.errors import PortalError
from opendata.model import AccessLevel, Candidate

if TYPE_CHECKING:
    from pathlib import Path

    from ckan_helpers import Organisation, Portal

    from opendata.model import Receipt

FAULTS = {
    "cut before": CUT_BEFORE,
    "cut during the request": CUT_DURING_REQUEST,
    "cut during the answer": CUT_DURING_RESPONSE,
    "answer lost": CUT_AFTER,
    "late": delay(0.3),
    "429": status(429, retry_after="0"),
    "500": status(500),
    "500 after all": status(500, forwarded=True),
    "502 after all": status(502, forwarded=True),
    "503": status(503),
    "a page": html(),
    "a page after all": html(forwarded=True),
    "a text, 200": json_string(200),
    "a text, 400": json_string(400),
    "wrong bytes": WRONG_BYTES,
    "cut short": TRUNCATED,
    "elsewhere": redirect("http://127.0.0.1:9/"),
}
SAMPLE = 6
PREFIX = f"fault{secrets.token_hex(3)}"
"""What names begin with: another run on the same portal, or what one that was broken off left there, has other ones."""


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is waited for between two tries."""
    monkeypatch.setattr("opendata_ckan.patience._sleep", lambda _seconds: None)


@dataclass(frozen=True)
class Scene:
    """What is there before, and what is published over it."""

    name: str

    def before(self, desk: Desk) -> list[Candidate]:
        if self.name == "new":
            return []
        return [ready(desk.built()), ready(desk.built("gives", level=AccessLevel.SHARED))]

    def after(self, desk: Desk) -> list[Candidate]:
        if self.name == "withdrawn":
            return [raised(desk.built()), raised(desk.built("gives", level=AccessLevel.SHARED))]
        if self.name == "narrowed":
            narrow: dict[str, Any] = {"fields": FIELDS[:2], "rows": [row[:2] for row in ROWS]}
            return [ready(desk.built(version="2", **narrow)), *self.before(desk)[1:]]
        rows = OTHER_ROWS if self.name == "changed" else ROWS
        shared = desk.built("gives", level=AccessLevel.SHARED, version="2", rows=rows)
        return [ready(desk.built(version="2", rows=rows)), ready(shared)]

    def undisturbed(self, ckan: Portal, folder: Path) -> tuple[Any, int]:
        """What the portal holds in the end, and how many requests it takes to get there."""
        with new_organisation(ckan) as made, FaultProxy(ckan.url) as proxy:
            desk = Desk(made, folder, prefix=PREFIX)
            verified(desk.publish(*self.before(desk)))
            verified(desk.at(proxy.url).publish(*self.after(desk)))
            return portrait(desk), len(proxy.log)


def _check(scene: Scene, ckan: Portal, folder: Path, case: tuple[int, str], wanted: object) -> None:
    with ExitStack() as stack:
        desk = Desk(stack.enter_context(new_organisation(ckan)), folder, prefix=PREFIX)
        proxy = stack.enter_context(FaultProxy(ckan.url))
        verified(desk.publish(*scene.before(desk)))
        proxy.fault(case[0], FAULTS[case[1]])
        candidates = scene.after(desk)
        right = _published(desk.at(proxy.url), candidates)
        assert half_seen(desk) == [], case
        if right:
            assert differences(portrait(desk), wanted) == [], case
        again = desk.publish(*candidates)
        assert again.verified, (case, [item.error for item in again.outcomes])
        assert half_seen(desk) == [], case
        assert differences(portrait(desk), wanted) == [], case


def _published(desk: Desk, candidates: list[Candidate]) -> bool:
    """Whether a run says that all is well; a fault that ends it says what to do."""
    try:
        return desk.publish(*candidates).verified
    except PortalError as error:
        told = error
    assert told.what
    assert told.remedy
    return False


@pytest.mark.parametrize("name", ["new", "changed", "narrowed", "withdrawn"])
def test_a_fault_passes_by_itself_or_after_one_more_run(name: str, ckan: Portal, tmp_path: Path) -> None:
    scene = Scene(name)
    wanted, count = scene.undisturbed(ckan, tmp_path)
    every = [(index, fault) for index in range(count) for fault in FAULTS]
    check_all(cases(every, SAMPLE, name), lambda case: _check(scene, ckan, tmp_path, case, wanted))


def test_a_token_goes_to_no_other_host_nor_into_what_is_said(
    organisation: Organisation, tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(organisation, tmp_path)
    with FaultProxy(organisation.portal.url) as elsewhere, FaultProxy(organisation.portal.url) as proxy:
        proxy.fault(lambda seen: seen.download, redirect(f"{elsewhere.url}/elsewhere"), always=True)
        with caplog.at_level("DEBUG"):
            receipt = desk.at(proxy.url).publish(ready(desk.built()))
        assert elsewhere.log
        assert not any(item.token for item in elsewhere.log)
    assert not receipt.verified
    said = capfd.readouterr()
    for text in (said.out, said.err, caplog.text, repr(receipt), repr(desk.target)):
        assert organisation.token not in text


def test_a_visitor_who_polls_never_meets_a_public_dataset_in_pieces(organisation: Organisation, tmp_path: Path) -> None:
    desk = Desk(organisation, tmp_path)
    packages = [desk.built(version=str(number), rows=(ROWS, OTHER_ROWS)[number % 2]) for number in range(6)]
    versions = [version_of(package) for package in packages[:2]]
    with polled(organisation.portal.url, {packages[0].name: versions}) as diary:
        for package in packages:
            assert verified(desk.publish(ready(package)))
    assert diary.findings == []
    both = {(packages[0].name, path, digest) for version in versions for path, digest in version.items()}
    assert both <= diary.met


def test_two_publishers_at_once_end_in_one_state(organisation: Organisation, tmp_path: Path) -> None:
    desk = Desk(organisation, tmp_path)
    for round_, rows in enumerate((ROWS, OTHER_ROWS)):
        packages = [ready(desk.built(f"both{number}", version=str(round_), rows=rows)) for number in range(3)]
        receipts = _at_the_same_time(desk, packages)
        assert len(receipts) == 2
        errors = [item.error for receipt in receipts for item in receipt.outcomes if not item.verified]
        assert all("changed" in error or "is being changed" in error for error in errors), errors
        assert verified(desk.publish(*packages)) == ["keep"] * 3
        assert len(desk.keys()) == 3


def _at_the_same_time(desk: Desk, packages: list[Candidate]) -> list[Receipt]:
    """What came of two runs that were begun together."""
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(desk.publish, *packages, jobs=2) for _run in range(2)]
        return [run.result() for run in runs]


def test_two_publishers_with_two_versions_lose_nothing_in_silence(organisation: Organisation, tmp_path: Path) -> None:
    from opendata.publishing.apply import apply

    desk = Desk(organisation, tmp_path)
    verified(desk.publish(ready(desk.built())))
    first, second = desk.publisher, desk.publisher
    one = desk.plan(ready(desk.built(version="one", rows=OTHER_ROWS)), publisher=first)
    other = desk.plan(ready(desk.built(version="other", rows=OTHER_ROWS[:2])), publisher=second)
    assert apply(one, first).verified
    (outcome,) = apply(other, second).outcomes
    assert (outcome.verified, "changed on the portal" in outcome.error) == (False, True)
    assert organisation.dataset(desk.name("paddy"))["version"] == "one"
