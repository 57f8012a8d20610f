"""What lies in the folder after publishing, and what is left alone."""

from __future__ import annotations

import dataclasses
import json
import stat
from typing import TYPE_CHECKING

import pytest
from built_helpers import FIELDS, ROWS, built, identity, ready, stopped, tree
from site_helpers import Site, as_built, seen_by_descriptor, snapshot

from opendata.errors import ConflictError
from opendata.model import AccessLevel, Action, Standing, Step, Target
from opendata_site import SitePublisher

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.publishing.port import Factory, Publisher


def test_the_site_is_a_publisher(tmp_path: Path) -> None:
    factory: Factory = SitePublisher
    publisher: Publisher = factory(Target("./portal", "site", str(tmp_path / "portal")))
    assert publisher.levels == {AccessLevel.OPEN}
    assert publisher.limits().max_file_bytes is None
    assert list(tmp_path.iterdir()) == []


def test_everything_has_its_place(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    assert site.publish(ready(package)).verified
    digest = package.folder_digest
    assert set(tree(site.root)) == {
        "opendata-site.json",
        "index.html",
        "index.en.html",
        "style.css",
        "paddy/index.html",
        "paddy/index.en.html",
        "paddy/datapackage.json",
        "paddy/area.csv",
        "paddy/area.parquet",
        f"paddy/{digest}/area.csv",
        f"paddy/{digest}/area.parquet",
    }
    assert (site.root / "paddy/area.csv").read_bytes() == package.files[0].source.read_bytes()


def test_the_descriptor_leads_to_the_files_under_their_digest(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    site.publish(ready(package))
    told = json.loads((site.root / "paddy/datapackage.json").read_bytes())
    assert told["resources"][0]["path"] == f"{package.folder_digest}/area.csv"
    assert told["resources"][0]["alternates"][0]["path"] == f"{package.folder_digest}/area.parquet"
    assert (told["opendata_id"], told["opendata_version"]) == (package.id, "1.0.0")
    assert seen_by_descriptor(site.root, "paddy") == as_built(package)


def test_the_receipt_tells_the_bytes_that_were_sent(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    assert site.publish(ready(package)).outcomes[0].bytes == package.bytes
    renamed = built(tmp_path, more={"title": "Lúa mới"})
    outcome = site.publish(ready(renamed)).outcomes[0]
    assert (outcome.step.action, outcome.verified, outcome.bytes) == (Action.UPDATE, True, 0)


def test_other_users_may_read_the_folders(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    site.publish(ready(built(tmp_path, rows=ROWS[:1])))
    example = tmp_path / "example"
    example.mkdir()
    usual = stat.S_IMODE(example.stat().st_mode)
    assert {stat.S_IMODE(path.stat().st_mode) for path in site.root.rglob("*") if path.is_dir()} == {usual}


def test_publishing_again_writes_nothing_at_all(tmp_path: Path, site: Site) -> None:
    packages = [ready(built(tmp_path)), ready(built(tmp_path, "tea"))]
    site.publish(*packages)
    before = snapshot(site.root)
    receipt = site.publish(*packages)
    assert [outcome.step.action for outcome in receipt.outcomes] == [Action.KEEP, Action.KEEP]
    assert snapshot(site.root) == before


def test_the_same_package_built_elsewhere_writes_nothing_either(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    before = snapshot(site.root)
    site.publish(ready(built(tmp_path)))
    assert snapshot(site.root) == before


def test_one_changed_dataset_writes_its_own_files_and_the_index_only(tmp_path: Path, site: Site) -> None:
    others = [ready(built(tmp_path, name)) for name in ("air", "tea")]
    site.publish(ready(built(tmp_path)), *others)
    before = snapshot(site.root)
    site.publish(ready(built(tmp_path, rows=ROWS[:1])), *others)
    after = snapshot(site.root)
    changed = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
    allowed = {".", "index.html", "index.en.html", "opendata-site.json", ".opendata.lock"}
    assert {path for path in changed if path not in allowed and not path.startswith("paddy")} == set()
    assert "paddy/area.csv" in changed
    assert after["style.css"] == before["style.css"]


def test_one_previous_edition_is_kept(tmp_path: Path, site: Site) -> None:
    editions = [built(tmp_path, rows=[*ROWS, ("20", str(2000 + number), "1.0", "")]) for number in range(4)]
    kept = []
    for package in editions:
        assert site.publish(ready(package)).verified
        kept.append(site.folders("paddy"))
    digests = [package.folder_digest for package in editions]
    assert kept == [{digests[0]}, set(digests[:2]), set(digests[1:3]), set(digests[2:])]


def test_going_back_to_the_edition_before_takes_its_files_again(tmp_path: Path, site: Site) -> None:
    one, two = built(tmp_path), built(tmp_path, rows=ROWS[:1])
    for package in (one, two, one, two):
        assert site.publish(ready(package)).verified
        assert seen_by_descriptor(site.root, "paddy") == as_built(package)
        assert site.folders("paddy") <= {one.folder_digest, two.folder_digest}


def test_new_metadata_alone_keep_the_folder(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    inode = (site.root / "paddy/area.csv").stat().st_ino
    package = built(tmp_path, more={"title": "Lúa mới"})
    assert site.publish(ready(package)).verified
    assert site.folders("paddy") == {package.folder_digest}
    assert (site.root / "paddy/area.csv").stat().st_ino == inode
    assert "Lúa mới" in (site.root / "paddy/index.html").read_text(encoding="utf-8")
    assert "Lúa mới" in (site.root / "index.html").read_text(encoding="utf-8")


def test_a_field_no_longer_published_leaves_no_trace(tmp_path: Path, site: Site) -> None:
    secret = [(*row[:2], "987654.25", *row[3:]) for row in ROWS]
    site.publish(ready(built(tmp_path, rows=secret)))
    assert any(b"987654" in content for content in tree(site.root).values())
    narrow = built(tmp_path, fields=FIELDS[:2], rows=[row[:2] for row in ROWS])
    assert site.publish(ready(narrow)).verified
    for content in tree(site.root).values():
        assert b"987654" not in content
        assert b"987.654" not in content
        assert "Diện tích</th>".encode() not in content
    assert site.folders("paddy") == {narrow.folder_digest}


def test_a_parquet_no_longer_published_goes(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path, tables=("area", "yield"))))
    site.publish(ready(built(tmp_path)))
    assert not [path for path in tree(site.root) if "yield" in path]


@pytest.mark.parametrize("content", ["notes.txt", ".hidden", "datapackage.json"])
def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path, site: Site, content: str) -> None:
    site.root.mkdir()
    (site.root / content).write_text("{}")
    before = snapshot(site.root)
    package = built(tmp_path)
    for act in (
        lambda: site.publish(ready(package)),
        lambda: site.publisher.carry_out(Step(Action.CREATE, "paddy", package.id, package)),
        site.publisher.finish,
    ):
        with pytest.raises(ConflictError, match="holds something else"):
            act()
    assert snapshot(site.root) == before


def test_a_file_in_the_folders_place_is_left_alone(tmp_path: Path, site: Site) -> None:
    site.root.write_text("mine")
    with pytest.raises(ConflictError, match="holds something else"):
        site.publish(ready(built(tmp_path)))
    assert site.root.read_text() == "mine"


def test_an_empty_folder_is_taken(tmp_path: Path, site: Site) -> None:
    site.root.mkdir()
    assert site.publish(ready(built(tmp_path))).verified


def test_nothing_to_publish_makes_no_folder(site: Site) -> None:
    assert site.publish(stopped("paddy", Standing.WITHHELD)).verified
    assert not site.root.exists()


@pytest.mark.parametrize("what", ["folder", "file", "link", "descriptor"])
def test_what_others_put_under_a_name_is_a_conflict_and_stays(tmp_path: Path, site: Site, what: str) -> None:
    site.publish(ready(built(tmp_path, "tea")))
    place = site.root / "paddy"
    if what == "file":
        place.write_text("mine")
    elif what == "link":
        (tmp_path / "elsewhere").mkdir()
        place.symlink_to(tmp_path / "elsewhere")
    else:
        place.mkdir()
        (place / ("datapackage.json" if what == "descriptor" else "mine.txt")).write_text('{"name": "paddy"}')
    before = snapshot(site.root)
    receipt = site.publish(ready(built(tmp_path)), ready(built(tmp_path, "tea")), overwrite=["paddy"])
    conflict, kept = receipt.outcomes
    assert (conflict.step.action, kept.step.action) == (Action.CONFLICT, Action.KEEP)
    assert "did not publish" in conflict.error
    assert snapshot(site.root) == before


def test_a_dataset_of_ours_behind_a_link_is_not_written_to(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    moved = tmp_path / "moved"
    (site.root / "paddy").rename(moved)
    (site.root / "paddy").symlink_to(moved)
    before = snapshot(moved)
    receipt = site.publish(ready(built(tmp_path, rows=ROWS[:1])))
    assert receipt.outcomes[0].step.action is Action.CONFLICT
    told = site.publish(stopped("paddy", Standing.WITHHELD))
    assert [outcome.step.action for outcome in told.outcomes] == [Action.CONFLICT]
    assert snapshot(moved) == before


def test_a_name_held_by_another_id_is_a_conflict(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    before = snapshot(site.root)
    receipt = site.publish(ready(built(tmp_path, id=identity("others"))))
    assert receipt.outcomes[0].step.action is Action.CONFLICT
    assert snapshot(site.root) == before


def test_a_plan_that_the_portal_has_moved_on_from_is_refused(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    stale = site.plan(ready(built(tmp_path, rows=ROWS[:1])))
    site.publish(ready(built(tmp_path, rows=ROWS[1:])))
    before = tree(site.root)
    with pytest.raises(ConflictError, match="changed on the portal after the plan"):
        site.publisher.carry_out(stale.steps[0])
    assert tree(site.root) == before


def test_a_plan_that_another_run_has_carried_out_is_done(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    changed = ready(built(tmp_path, rows=ROWS[:1]))
    stale = site.plan(changed)
    site.publish(changed)
    before = tree(site.root)
    outcome = site.publisher.carry_out(stale.steps[0])
    assert (outcome.verified, outcome.bytes) == (True, 0)
    assert tree(site.root) == before


def test_a_new_dataset_whose_name_was_taken_meanwhile_is_refused(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path, "tea")))
    stale = site.plan(ready(built(tmp_path)), ready(built(tmp_path, "tea")))
    (site.root / "paddy").mkdir()
    with pytest.raises(ConflictError):
        site.publisher.carry_out(stale.steps[0])
    assert list((site.root / "paddy").iterdir()) == []


def test_bytes_that_are_not_what_was_built_are_never_placed(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    package.files[1].source.write_bytes(b"other bytes")
    (outcome,) = site.publish(ready(package)).outcomes
    assert not outcome.verified
    assert package.files[1].sha256 in outcome.error
    assert not (site.root / "paddy").exists()
    assert not [path for path in site.root.iterdir() if path.name.startswith(".aside-")]


def test_bytes_that_changed_after_the_build_leave_the_edition_before(tmp_path: Path, site: Site) -> None:
    old, new = built(tmp_path), built(tmp_path, rows=ROWS[:1])
    site.publish(ready(old))
    new.files[0].source.write_bytes(b"other bytes")
    assert not site.publish(ready(new)).verified
    assert seen_by_descriptor(site.root, "paddy") == as_built(old)


def test_a_built_file_whose_name_leads_elsewhere_is_refused(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    hostile = dataclasses.replace(package.files[0], path="../../evil.csv")
    (outcome,) = site.publish(ready(dataclasses.replace(package, files=(hostile,)))).outcomes
    assert "leads elsewhere" in outcome.error
    assert not list(tmp_path.rglob("evil.csv"))


def test_keeping_and_conflicts_are_not_carried_out(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    site.publisher.carry_out(Step(Action.KEEP, "paddy", package.id, package))
    assert not site.root.exists()


def test_a_finish_without_a_portal_makes_none(site: Site) -> None:
    site.publisher.finish()
    assert not site.root.exists()
