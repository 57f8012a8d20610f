"""What `look` sees: every file compared, every fault named, and mended by the next run."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from built_helpers import ROWS, built, identity, ready, tree
from site_helpers import Site, as_built, seen_by_descriptor, snapshot

from opendata.errors import ConflictError, DiskError, PortalError
from opendata.model import Action, PortalFile
from opendata_site import look

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

OTHER = "0123456789abcdef0123456789abcdef"


def test_a_published_dataset_is_seen_as_it_was_built(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    site.publish(ready(package))
    found = site.dataset("paddy")
    assert (found.id, found.version, found.digest) == (package.id, "1.0.0", package.digest)
    assert found.descriptor == package.descriptor
    assert {file.path: file.sha256 for file in found.files} == as_built(package)[1]
    assert (found.intact, found.faults) == (True, ())


def test_no_folder_and_an_empty_one_hold_nothing(site: Site) -> None:
    assert site.publisher.look(["paddy"]).datasets == ()
    site.root.mkdir()
    assert site.publisher.look(["paddy"]).datasets == ()


def test_ours_are_seen_without_being_asked_for_and_others_only_when_asked(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    (site.root / "mine").mkdir()
    assert [item.name for item in site.publisher.look([]).datasets] == ["paddy"]
    (mine, _paddy) = site.publisher.look(["mine", "nothing"]).datasets
    assert (mine.name, mine.id, mine.files) == ("mine", None, ())


def test_a_visitor_sees_what_is_asked_for_as_it_is_declared(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    site.publish(ready(package), ready(built(tmp_path, "tea")))
    (found,) = site.publisher.look(["paddy", "nothing"], visitor=True).datasets
    assert {file.path: file.sha256 for file in found.files} == as_built(package)[1]
    assert found.descriptor == package.descriptor


FAULTS: dict[str, tuple[Callable[[Path, str], object], str]] = {
    "file altered": (lambda home, digest: (home / digest / "area.csv").write_text("x"), "altered: {digest}/area.csv"),
    "file gone": (lambda home, digest: (home / digest / "area.parquet").unlink(), "missing: {digest}/area.parquet"),
    "copy altered": (lambda home, _: (home / "area.csv").write_text("x"), "altered: area.csv"),
    "copy gone": (lambda home, _: (home / "area.parquet").unlink(), "missing: area.parquet"),
    "copy is a folder": (lambda home, _: _folder_instead(home / "area.csv"), "missing: area.csv"),
    "copy is a link": (lambda home, _: _link_instead(home / "area.csv"), "missing: area.csv"),
    "page altered": (lambda home, _: (home / "index.html").write_text("x"), "altered: index.html"),
    "page gone": (lambda home, _: (home / "index.en.html").unlink(), "missing: index.en.html"),
    "folder gone": (lambda home, digest: _without_folder(home / digest), "missing: {digest}/area.csv"),
    "folder is a link": (lambda home, digest: _moved_folder(home / digest), "missing: {digest}/area.csv"),
    "stray folder": (lambda home, _: (home / OTHER).mkdir(), "left files behind"),
    "stray link": (lambda home, _: (home / OTHER).symlink_to(home.parent), "left files behind"),
    "left aside": (lambda home, _: (home / ".aside-ab-x").mkdir(), "left files behind"),
    "left aside below": (lambda home, digest: (home / digest / ".aside-ab-x").write_text("x"), "left files behind"),
    "descriptor written anew": (lambda home, _: _rewritten(home / "datapackage.json"), "altered: datapackage.json"),
}


def _folder_instead(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _link_instead(path: Path) -> None:
    kept = path.parent.parent.parent / "kept.csv"
    path.rename(kept)
    path.symlink_to(kept)


def _without_folder(path: Path) -> None:
    for item in path.iterdir():
        item.unlink()
    path.rmdir()


def _moved_folder(path: Path) -> None:
    kept = path.parent.parent.parent / "kept"
    path.rename(kept)
    path.symlink_to(kept)


def _rewritten(path: Path) -> None:
    path.write_text(json.dumps(json.loads(path.read_bytes())))


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_and_mended_by_the_next_run(tmp_path: Path, site: Site, fault: str) -> None:
    package = built(tmp_path)
    site.publish(ready(package), ready(built(tmp_path, "tea")))
    right = tree(site.root)
    harm, told = FAULTS[fault]
    harm(site.root / "paddy", package.folder_digest)
    found = site.dataset("paddy")
    assert any(told.format(digest=package.folder_digest) in text for text in found.faults)
    assert found.intact
    receipt = site.publish(ready(package), ready(built(tmp_path, "tea")))
    assert [outcome.step.action for outcome in receipt.outcomes] == [Action.UPDATE, Action.KEEP]
    assert receipt.verified
    assert tree(site.root) == right
    before = snapshot(site.root)
    site.publish(ready(package), ready(built(tmp_path, "tea")))
    assert snapshot(site.root) == before


def test_a_link_is_never_followed_when_mending(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    site.publish(ready(package))
    target = tmp_path / "precious.csv"
    target.write_text("precious")
    for path in ("area.csv", "index.html", f"{package.folder_digest}/area.csv"):
        (site.root / "paddy" / path).unlink()
        (site.root / "paddy" / path).symlink_to(target)
    assert site.publish(ready(package)).verified
    assert target.read_text() == "precious"
    assert not (site.root / "paddy/area.csv").is_symlink()


def _title(told: dict[str, object]) -> None:
    told["title"] = "edited by hand"


def _hash(told: dict[str, list[dict[str, list[dict[str, object]]]]]) -> None:
    told["resources"][0]["alternates"][0]["hash"] = "sha256:0"


def _notes(told: dict[str, dict[str, object]]) -> None:
    told["opendata_site"]["previous"] = OTHER


def _unsealed(told: dict[str, dict[str, object]]) -> None:
    del told["opendata_site"]


@pytest.mark.parametrize("edit", [_title, _hash, _notes, _unsealed])
def test_an_edited_descriptor_is_a_conflict_until_told(
    tmp_path: Path, site: Site, edit: Callable[[object], None]
) -> None:
    package = built(tmp_path)
    site.publish(ready(package))
    right = tree(site.root)
    path = site.root / "paddy/datapackage.json"
    told = json.loads(path.read_bytes())
    edit(told)
    path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    before = snapshot(site.root)
    assert not site.dataset("paddy").intact
    receipt = site.publish(ready(package))
    assert receipt.outcomes[0].step.action is Action.CONFLICT
    assert snapshot(site.root / "paddy") == {
        key.removeprefix("paddy/").replace("paddy", "."): value
        for key, value in before.items()
        if key.startswith("paddy")
    }
    assert site.publish(ready(package), overwrite=["paddy"]).verified
    assert tree(site.root) == right


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"not json", b'{"opendata_id": 5}', b"[" * 100_000, b"\xff\xfe", b'{"name": "paddy"}']
)
def test_a_descriptor_that_is_none_of_ours_makes_the_name_foreign(tmp_path: Path, site: Site, content: bytes) -> None:
    site.publish(ready(built(tmp_path)))
    (site.root / "paddy/datapackage.json").write_bytes(content)
    assert site.dataset("paddy").id is None
    assert site.publish(ready(built(tmp_path))).outcomes[0].step.action is Action.CONFLICT


@pytest.mark.parametrize(
    "path", ["../../../etc/passwd", "/etc/passwd", "0123456789abcdef/../../x", "http://example.org/a.csv", "a.csv", ""]
)
def test_hostile_paths_in_a_descriptor_lead_nowhere(tmp_path: Path, site: Site, path: str) -> None:
    site.publish(ready(built(tmp_path)))
    file = site.root / "paddy/datapackage.json"
    told = json.loads(file.read_bytes())
    told["resources"][0]["path"] = path
    file.write_text(json.dumps(told))
    found = site.dataset("paddy")
    assert not found.intact
    assert found.faults
    assert all(item.sha256 is None for item in found.files if item.path in {"passwd", "x", "a.csv"})


def test_numbers_that_json_cannot_hold_are_an_edit(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    file = site.root / "paddy/datapackage.json"
    file.write_bytes(file.read_bytes().replace(b'"rows": 2', b'"rows": 1e999'))
    assert not site.dataset("paddy").intact


@pytest.mark.parametrize("name", ["index.html", "index.en.html", "style.css"])
@pytest.mark.parametrize("altered", [True, False])
def test_an_index_that_is_not_right_is_mended_though_all_datasets_are(
    tmp_path: Path, site: Site, name: str, *, altered: bool
) -> None:
    package = ready(built(tmp_path))
    site.publish(package)
    right = tree(site.root)
    if altered:
        (site.root / name).write_text("x")
    else:
        (site.root / name).unlink()
    receipt = site.publish(package)
    assert receipt.mended == ("The index is missing or was altered.",)
    assert receipt.verified
    assert tree(site.root) == right


def test_an_index_that_lists_other_datasets_is_mended(tmp_path: Path, site: Site) -> None:
    paddy, tea = ready(built(tmp_path)), ready(built(tmp_path, "tea"))
    site.publish(paddy)
    before = (site.root / "index.html").read_bytes(), (site.root / "opendata-site.json").read_bytes()
    site.publish(paddy, tea)
    right = tree(site.root)
    (site.root / "index.html").write_bytes(before[0])
    (site.root / "opendata-site.json").write_bytes(before[1])
    assert site.publish(paddy, tea).mended == ("The index is not up to date.",)
    assert tree(site.root) == right


def test_what_a_killed_run_left_in_the_folder_is_swept(tmp_path: Path, site: Site) -> None:
    package = ready(built(tmp_path))
    site.publish(package)
    right = tree(site.root)
    (site.root / ".aside-abc-paddy").mkdir()
    (site.root / ".aside-abc-paddy" / "area.csv").write_text("secret")
    assert site.publish(package).mended == ("A run that was stopped left files behind.",)
    assert tree(site.root) == right


def test_every_step_first_sweeps_what_a_killed_run_left(tmp_path: Path, site: Site) -> None:
    package = ready(built(tmp_path))
    site.publish(package)
    (step,) = site.plan(ready(built(tmp_path, rows=ROWS[:1]))).steps
    (site.root / ".aside-abc-tea").mkdir()
    site.publisher.carry_out(step)
    assert not (site.root / ".aside-abc-tea").exists()


def test_pages_of_another_version_are_made_anew_and_nothing_else(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = built(tmp_path)
    with monkeypatch.context() as patched:
        for module in ("looking", "placing", "index"):
            patched.setattr(f"opendata_site.{module}.look", lambda: "earlier")
        site.publish(ready(package))
        assert site.dataset("paddy").faults == ()
    assert site.dataset("paddy").faults == ("The page was made by another version of this program.",)
    inode = (site.root / "paddy/area.csv").stat().st_ino
    assert site.publish(ready(package)).verified
    assert site.dataset("paddy").faults == ()
    assert (site.root / "paddy/area.csv").stat().st_ino == inode


def test_the_look_is_of_templates_and_words() -> None:
    assert len(look.look()) == 64
    assert look.PAGES[look.LANGUAGES.index("vi")] == "index.html"


def test_a_file_is_opened_from_where_it_is_asked(tmp_path: Path, site: Site) -> None:
    package = built(tmp_path)
    site.publish(ready(package))
    file = next(item for item in site.dataset("paddy").files if item.path == "area.csv")
    whole = package.files[0].source.read_bytes()
    with site.publisher.open(file) as stream:
        assert stream.read() == whole
    with site.publisher.open(file, 7) as stream:
        assert stream.read() == whole[7:]


@pytest.mark.parametrize("address", ["../secret", "/etc/passwd", "paddy/nothing", "paddy", "", "paddy/link"])
def test_a_file_that_is_not_there_or_leads_out_is_not_opened(tmp_path: Path, site: Site, address: str) -> None:
    site.publish(ready(built(tmp_path)))
    (tmp_path / "secret").write_text("secret")
    (site.root / "paddy/link").symlink_to(tmp_path / "secret")
    with pytest.raises(DiskError):
        site.publisher.open(PortalFile("x", None, None, address))


def test_entries_are_by_name_and_found_without_marks(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)), ready(built(tmp_path, "air", more={"title": "Không khí"})))
    publisher = site.publisher
    assert [item.name for item in publisher.entries()] == ["air", "paddy"]
    assert [item.name for item in publisher.entries("song da")] == ["paddy"]
    assert [item.name for item in publisher.entries("KHÔNG khi")] == ["air"]
    assert [item.name for item in publisher.entries("area of paddy")] == ["air", "paddy"]
    assert list(publisher.entries("cà phê")) == []


def test_entries_of_no_portal_are_an_error(site: Site) -> None:
    with pytest.raises(PortalError, match="no portal in this folder"):
        list(site.publisher.entries())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"{}", "cannot be read"),
        (b"nonsense", "cannot be read"),
        (b'{"format": 2}', "another version"),
        (b'{"format": "1"}', "cannot be read"),
    ],
)
def test_a_marker_that_is_not_understood_is_left_alone(tmp_path: Path, site: Site, content: bytes, told: str) -> None:
    site.publish(ready(built(tmp_path)))
    (site.root / "opendata-site.json").write_bytes(content)
    before = snapshot(site.root)
    with pytest.raises(ConflictError, match=told):
        site.publish(ready(built(tmp_path, rows=ROWS[:1])))
    assert snapshot(site.root) == before


def test_a_marker_that_is_a_link_is_no_marker(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    marker = site.root / "opendata-site.json"
    marker.rename(tmp_path / "marker")
    marker.symlink_to(tmp_path / "marker")
    with pytest.raises(ConflictError, match="holds something else"):
        site.state()


def test_a_dataset_that_is_switched_while_it_is_looked_at_is_looked_at_again(
    tmp_path: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opendata_site import looking

    old, new = built(tmp_path), built(tmp_path, rows=ROWS[:1])
    site.publish(ready(old))
    real, turns = looking._compared, []

    def meanwhile(*args: object) -> object:
        turns.append(1)
        seen = real(*args)  # type: ignore[arg-type] # handed through
        if len(turns) == 1:
            monkeypatch.setattr(looking, "_compared", real)
            site.publish(ready(new))
            monkeypatch.setattr(looking, "_compared", meanwhile)
        return seen

    monkeypatch.setattr(looking, "_compared", meanwhile)
    found = looking.compared(site.root, "paddy")
    assert found is not None
    assert (found.digest, found.faults) == (new.digest, ())
    assert len(turns) == 2
    assert seen_by_descriptor(site.root, "paddy") == as_built(new)
    assert found.id == identity("paddy")
