"""A raised level: everything of the dataset goes, and nothing that stays tells what it was."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from built_helpers import ROWS, built, identity, ready, stopped, tree
from site_helpers import Site, snapshot

from opendata.errors import ConflictError
from opendata.model import Action, Standing, Step

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def published(tmp_path: Path, site: Site) -> Site:
    site.publish(ready(built(tmp_path, more={"title": "Bí mật"})), ready(built(tmp_path, "tea")))
    site.publish(ready(built(tmp_path, rows=ROWS[:1], more={"title": "Bí mật"})), ready(built(tmp_path, "tea")))
    return site


def test_everything_of_it_is_gone_and_nothing_tells_its_name(tmp_path: Path, published: Site) -> None:
    receipt = published.publish(stopped("paddy", Standing.WITHHELD), ready(built(tmp_path, "tea")))
    assert receipt.verified
    assert [outcome.step.action for outcome in receipt.outcomes] == [Action.WITHDRAW, Action.KEEP]
    for path, content in tree(published.root).items():
        assert "paddy" not in path
        for trace in ("Bí mật", identity("paddy"), '"paddy', "paddy/"):
            assert trace.encode() not in content
    assert published.publisher.probe("paddy").seen == ()


def test_its_neighbours_files_are_not_touched(tmp_path: Path, published: Site) -> None:
    before = snapshot(published.root / "tea")
    published.publish(stopped("paddy", Standing.WITHHELD), ready(built(tmp_path, "tea")))
    assert snapshot(published.root / "tea") == before


def test_withdrawing_again_does_nothing(tmp_path: Path, published: Site) -> None:
    published.publish(stopped("paddy", Standing.WITHHELD), ready(built(tmp_path, "tea")))
    before = snapshot(published.root)
    published.publish(stopped("paddy", Standing.WITHHELD), ready(built(tmp_path, "tea")))
    assert snapshot(published.root) == before


def test_the_index_forgets_it_at_once(published: Site) -> None:
    (step,) = published.plan(stopped("paddy", Standing.WITHHELD)).steps
    assert published.publisher.carry_out(step).verified
    assert "Bí mật" not in (published.root / "index.html").read_text(encoding="utf-8")


def test_it_stays_withdrawn_until_told(tmp_path: Path, published: Site) -> None:
    paddy, tea = ready(built(tmp_path)), ready(built(tmp_path, "tea"))
    published.publish(stopped("paddy", Standing.WITHHELD), tea)
    receipt = published.publish(paddy, tea)
    assert [outcome.step.action for outcome in receipt.outcomes] == [Action.CONFLICT, Action.KEEP]
    assert not (published.root / "paddy").exists()
    assert published.publish(paddy, tea, overwrite=["paddy"]).verified
    assert [outcome.step.action for outcome in published.publish(paddy, tea).outcomes] == [Action.KEEP, Action.KEEP]
    assert json.loads((published.root / "opendata-site.json").read_bytes())["withdrawn"] == []


def test_another_dataset_may_take_its_name(tmp_path: Path, published: Site) -> None:
    published.publish(stopped("paddy", Standing.WITHHELD))
    assert published.publish(ready(built(tmp_path, id=identity("another")))).verified


def test_one_that_is_gone_from_the_catalogue_stays(tmp_path: Path, published: Site) -> None:
    plan = published.plan(ready(built(tmp_path, "tea")))
    assert plan.unknown == ("paddy",)
    assert plan.pending == ()


def test_a_name_that_changed_hands_meanwhile_is_not_removed(published: Site) -> None:
    (step,) = published.plan(stopped("paddy", Standing.WITHHELD)).steps
    (published.root / "paddy/datapackage.json").write_text("{}")
    before = snapshot(published.root / "paddy")
    with pytest.raises(ConflictError):
        published.publisher.carry_out(step)
    assert snapshot(published.root / "paddy") == before


def test_one_that_is_gone_already_is_remembered_all_the_same(tmp_path: Path, published: Site) -> None:
    publisher = published.publisher
    step = Step(Action.WITHDRAW, "zinc", identity("zinc"))
    assert publisher.carry_out(step).verified
    assert publisher.look([], [identity("zinc"), identity("tea")]).withdrawn == {identity("zinc")}
    receipt = published.publish(ready(built(tmp_path, "zinc")))
    assert receipt.outcomes[0].step.action is Action.CONFLICT


def test_a_withdrawal_that_was_stopped_before_the_files_went_is_finished(tmp_path: Path, published: Site) -> None:
    path = published.root / "opendata-site.json"
    (step,) = published.plan(stopped("paddy", Standing.WITHHELD)).steps
    kept = tree(published.root)
    published.publisher.carry_out(step)
    marker = path.read_bytes()
    for name, content in kept.items():
        (published.root / name).parent.mkdir(parents=True, exist_ok=True)
        (published.root / name).write_bytes(content)
    path.write_bytes(marker)
    assert published.publish(ready(built(tmp_path))).outcomes[0].step.action is Action.CONFLICT
    assert published.publish(stopped("paddy", Standing.WITHHELD)).verified
    assert not (published.root / "paddy").exists()


def test_probing_finds_what_can_still_be_met(published: Site) -> None:
    assert published.publisher.probe("paddy").seen == ("paddy", "index.html", "index.en.html")
    (published.root / ".aside-0a1b-zinc").mkdir()
    assert published.publisher.probe("zinc").seen == (".aside-0a1b-zinc",)
    (published.root / "gold").symlink_to("nowhere")
    assert published.publisher.probe("gold").seen == ("gold",)


def test_the_link_alone_goes_where_a_link_lies_in_the_folder(tmp_path: Path, published: Site) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("x")
    (published.root / "paddy/link").symlink_to(precious)
    assert published.publish(stopped("paddy", Standing.WITHHELD)).verified
    assert (precious / "file").read_text() == "x"
