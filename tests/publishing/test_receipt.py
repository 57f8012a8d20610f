from __future__ import annotations

import json
from typing import TYPE_CHECKING

from built_helpers import built, ready, stopped
from fake_portal import FakePortal

from opendata.model import Outcome, Receipt, Standing
from opendata.publishing.apply import apply
from opendata.publishing.plan import make
from opendata.publishing.receipt import did_something, save, to_json

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Candidate


def published(portal: FakePortal, *candidates: Candidate) -> Receipt:
    ids = [item.id for item in candidates if item.id]
    return apply(make("fake", candidates, portal.look([], ids), levels=portal.levels), portal)


def test_a_receipt_lies_under_its_time_and_a_number(tmp_path: Path) -> None:
    receipt = published(FakePortal(), ready(built(tmp_path)))
    paths = [save(receipt, tmp_path / ".opendata") for _time in range(2)]
    stamp = receipt.finished.replace("-", "").replace(":", "")
    assert paths == [tmp_path / ".opendata" / "receipts" / f"{stamp}-{number}.json" for number in (1, 2)]
    assert paths[0] is not None
    assert json.loads(paths[0].read_bytes()) == json.loads(json.dumps(to_json(receipt)))


def test_a_run_that_did_nothing_leaves_none(tmp_path: Path) -> None:
    portal, package = FakePortal(), built(tmp_path)
    published(portal, ready(package))
    again = published(portal, ready(package), stopped("tea", Standing.WITHHELD))
    assert not did_something(again)
    assert save(again, tmp_path / ".opendata") is None
    assert not (tmp_path / ".opendata").exists()


def test_a_conflict_alone_leaves_none(tmp_path: Path) -> None:
    portal, package = FakePortal(), built(tmp_path)
    published(portal, ready(package))
    portal.edit("paddy")
    assert save(published(portal, ready(package)), tmp_path) is None


def test_a_run_that_only_mended_leaves_one(tmp_path: Path) -> None:
    portal = FakePortal()
    portal.faults = ("The index is not up to date.",)
    path = save(published(portal), tmp_path)
    assert path is not None
    assert json.loads(path.read_bytes())["mended"] == ["The index is not up to date."]


def test_a_failed_step_is_in_it_without_a_digest(tmp_path: Path) -> None:
    portal = FakePortal()
    portal.failing = {"paddy"}
    receipt = published(portal, ready(built(tmp_path)))
    told = json.loads(json.dumps(to_json(receipt)))
    assert told["verified"] is False
    assert told["outcomes"][0]["digest"] is None
    assert told["outcomes"][0]["error"]


def test_the_data_itself_are_not_in_it(tmp_path: Path) -> None:
    package = built(tmp_path)
    text = json.dumps(to_json(published(FakePortal(), ready(package))))
    assert package.digest in text
    assert str(tmp_path) not in text


def test_a_step_not_verified_makes_the_receipt_so(tmp_path: Path) -> None:
    receipt = published(FakePortal(), ready(built(tmp_path)))
    step = receipt.outcomes[0].step
    assert receipt.verified
    assert not Receipt("t", "d", "s", "f", (Outcome(step, verified=False),)).verified
