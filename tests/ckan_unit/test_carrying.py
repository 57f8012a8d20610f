"""Carrying out steps on a portal that is busy, refuses, loses bytes, or has a loader at work."""

from __future__ import annotations

import copy
import dataclasses
import itertools
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import ROWS, built, ready
from scripted_portal import Asked, Scripted, Told, error
from small_ckan import SmallCkan
from small_desk import carried, changed, plan_of, publish, whole

from opendata.errors import DataError, PortalError
from opendata_ckan import CkanPublisher, loading
from opendata_ckan.answers import InvalidError

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import BuiltPackage

Raw = dict[str, Any]


pytestmark = pytest.mark.usefixtures("slept")


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A loader's time passes at once."""
    clock = itertools.count()
    monkeypatch.setattr(loading, "time", SimpleNamespace(monotonic=lambda: next(clock), sleep=lambda _seconds: None))


# ---- what the portal does


def test_bytes_that_come_back_wrong_are_sent_anew_all_of_them(ckan: SmallCkan, package: BuiltPackage) -> None:
    mended = changed(package, title="Lúa mới")
    mended = dataclasses.replace(mended, digest="sha256:1")
    key = ckan.named("paddy")["resources"][1]["id"]
    right = ckan.files[key]
    ckan.files[key] = b"lost on the disk"
    outcome = carried(ckan, ready(mended))
    assert outcome.verified
    assert ckan.files[key] == right
    assert ckan.log.count("package_revise") == 3  # filled, filled anew, revealed: meanwhile nobody sees wrong bytes
    assert ckan.log.count("package_patch") == 1
    assert outcome.bytes > package.bytes


def test_a_busy_portal_is_asked_again_and_what_it_did_is_not_done_twice(package: BuiltPackage) -> None:
    ckan, busy = SmallCkan(), [3]

    def answer(asked: Asked) -> Told:
        told = ckan(asked)
        if asked.path.endswith("package_create") and busy[0]:
            busy[0] -= 1
            return Told(503, b"", {"Retry-After": "1"})
        return told

    with Scripted(answer) as portal:
        publisher = CkanPublisher(portal.target())
        (step,) = plan_of(publisher, ready(package)).steps
        assert publisher.carry_out(step).verified
    assert (ckan.log.count("package_create"), len(ckan.datasets)) == (1, 1)


def test_what_the_portal_does_not_accept_is_told_at_once(package: BuiltPackage) -> None:
    ckan = SmallCkan()
    ckan._package_revise = lambda _data, _uploads: (_ for _ in ()).throw(ValueError("title"))  # type: ignore[method-assign] # the test's own portal
    with pytest.raises(InvalidError, match="title"):
        carried(ckan, ready(package))
    assert ckan.log.count("package_revise") == 1


def large_of(asked: Asked) -> bool:
    return len(asked.body) > 20_000


def test_a_gateways_limit_is_no_limit_of_the_portal(tmp_path: Path) -> None:
    ckan = SmallCkan()
    with Scripted(lambda asked: Told(413) if large_of(asked) else ckan(asked)) as portal:
        publisher = CkanPublisher(portal.target())
        (step,) = plan_of(publisher, ready(built(tmp_path, rows=ROWS * 500))).steps
        with pytest.raises(InvalidError, match="file this large") as caught:
            publisher.carry_out(step)
        assert publisher.limits().max_file_bytes is None
        assert step.built is not None
        largest = max(step.built.files, key=lambda file: file.bytes)
        assert caught.value.where == f"{portal.url} paddy: {largest.path} ({largest.bytes} B)"


def test_an_upload_limit_is_learned_from_the_first_refusal(tmp_path: Path) -> None:
    ckan = SmallCkan()
    large = ready(built(tmp_path, "air", rows=ROWS * 500))
    larger = ready(built(tmp_path, "beds", rows=ROWS * 600))

    def answer(asked: Asked) -> Told:
        return error(409, "Validation Error", upload=["File upload too large"]) if large_of(asked) else ckan(asked)

    with Scripted(answer) as portal:
        publisher = CkanPublisher(portal.target())
        first, second, third = plan_of(publisher, large, larger, ready(built(tmp_path))).steps
        assert publisher.limits().max_file_bytes is None
        with pytest.raises(InvalidError, match="file this large"):
            publisher.carry_out(first)
        assert first.built is not None
        assert publisher.limits().max_file_bytes == max(file.bytes for file in first.built.files) - 1
        portal.log.clear()
        with pytest.raises(InvalidError, match="file this large") as caught:
            publisher.carry_out(second)
        assert caught.value.where.startswith(f"{portal.url} beds: area.csv (")
        assert portal.log == []
        assert publisher.carry_out(third).verified


def test_a_file_that_the_target_says_is_too_large_is_not_sent(package: BuiltPackage) -> None:
    ckan = SmallCkan()
    with Scripted(ckan) as portal:
        (step,) = plan_of(CkanPublisher(portal.target()), ready(package)).steps
        publisher = CkanPublisher(portal.target(max_upload=10))
        ckan.log.clear()
        with pytest.raises(InvalidError, match="file this large"):
            publisher.carry_out(step)
    assert ckan.writes() == []


def test_a_missing_organisation_is_made_once_for_several_at_once(tmp_path: Path) -> None:
    ckan = SmallCkan(organizations={"other"})
    candidates = [ready(built(tmp_path, name)) for name in ("air", "beds", "pigs", "tea")]
    with Scripted(ckan) as portal:
        publisher = CkanPublisher(portal.target(create_organization=True))
        steps = plan_of(publisher, *candidates).steps
        with ThreadPoolExecutor(4) as pool:
            assert all(outcome.verified for outcome in pool.map(publisher.carry_out, steps))
    assert ckan.log.count("organization_create") == 1
    assert "h15-05" in ckan.organizations


def test_what_is_too_large_to_be_described_is_an_error_of_that_dataset_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("opendata_ckan.mapping.WHOLE_MOST", 20_000)
    ckan = SmallCkan()
    large = built(tmp_path, "air", more={"description": "x" * 30_000})
    receipt = publish(ckan, ready(large), ready(built(tmp_path)))
    assert [(item.step.name, item.verified) for item in receipt.outcomes] == [("air", False), ("paddy", True)]
    assert "too large for CKAN" in receipt.outcomes[0].error
    with pytest.raises(DataError):
        carried(SmallCkan(), ready(large))


# ---- what a loader writes back


def test_what_a_loader_wrote_back_as_it_was_is_placed_again_at_the_end(later: BuiltPackage, tmp_path: Path) -> None:
    ckan = whole(built(tmp_path), loader=True)[0]
    ckan.plugins = ("xloader", "datastore")
    before = copy.deepcopy(ckan.named("paddy")["resources"][0])
    with Scripted(ckan) as portal:
        publisher = CkanPublisher(portal.target())
        (step,) = plan_of(publisher, ready(later)).steps
        assert publisher.carry_out(step).verified
        now = ckan.named("paddy")["resources"]
        now[0] = {**before, "hash": now[0]["hash"]}
        publisher.finish()
    assert {item["opendata_edition"] for item in ckan.named("paddy")["resources"]} == {later.digest}
    ckan.log.clear()
    publisher.finish()
    assert ckan.log == []  # done once


def test_without_a_loader_nothing_is_looked_at_again(later: BuiltPackage, ckan: SmallCkan) -> None:
    with Scripted(ckan) as portal:
        publisher = CkanPublisher(portal.target())
        (step,) = plan_of(publisher, ready(later)).steps
        publisher.carry_out(step)
        ckan.log.clear()
        publisher.finish()
    assert ckan.log == []


def test_what_a_failed_step_had_sent_is_told(package: BuiltPackage) -> None:
    ckan = SmallCkan()

    def answer(asked: Asked) -> Told:
        return error(403, "Authorization Error") if asked.path.startswith("/dataset") else ckan(asked)

    with Scripted(answer) as portal:
        publisher = CkanPublisher(portal.target())
        (step,) = plan_of(publisher, ready(package)).steps
        portal.log.clear()
        with pytest.raises(PortalError) as caught:
            publisher.carry_out(step)
        assert caught.value.requests == len(portal.log)
        assert caught.value.bytes > package.bytes
