"""What the first release is judged by: publishing, again, one change, withdrawal, the gate."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import frictionless
import pytest
from acceptance_helpers import CSV, FIELDS, REVIEWED, SHIPPED, changed, package, read, seen, table, write
from cli_helpers import run
from readers import assert_readers_agree

import opendata

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped packages, copied, so that their build cache stays out of the checkout."""
    folder = tmp_path_factory.mktemp("shipped") / "datapackages"
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns(".opendata"))
    return folder


@pytest.fixture(scope="module")
def portal(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("portal") / "portal"
    done = run("publish", shipped, "--to", target)
    assert done.code == 0, done.err
    return target


def open_names(shipped: Path) -> set[str]:
    return {
        read(p.parent)["name"] for p in shipped.rglob("datapackage.json") if read(p.parent)["access"]["level"] == "open"
    }


def test_every_shipped_open_edition_is_published_with_a_receipt_line(shipped: Path, portal: Path) -> None:
    names = open_names(shipped)
    assert len(names) >= 9
    assert {p.parent.name for p in portal.glob("*/datapackage.json")} == names
    receipts = sorted((shipped / ".opendata" / "receipts").glob("*.json"))
    outcomes = json.loads(receipts[0].read_bytes())["outcomes"]
    assert all(outcome["verified"] for outcome in outcomes)
    assert len(outcomes) == len(names)


def test_again_nothing_is_to_do_and_nothing_is_written(shipped: Path, portal: Path) -> None:
    before = seen(portal)
    receipts = list((shipped / ".opendata" / "receipts").glob("*.json"))
    done = run("publish", shipped, "--to", portal)
    assert done.code == 0
    assert "Nothing to do" in done.out
    assert changed(before, seen(portal)) == set()
    assert list((shipped / ".opendata" / "receipts").glob("*.json")) == receipts


def test_frictionless_accepts_every_source_and_every_built_package(shipped: Path, portal: Path) -> None:
    packages = [*shipped.rglob("datapackage.json"), *portal.glob("*/datapackage.json")]
    assert len(packages) >= 19
    for path in packages:
        report = frictionless.validate(str(path))
        assert report.valid, (path, report.flatten(["type", "note"]))


def test_every_reader_agrees_on_every_parquet(portal: Path) -> None:
    found = sorted(portal.glob("*/*.parquet"))
    assert len(found) >= 12
    for parquet in found:
        assert_readers_agree(parquet, parquet.with_suffix(".csv"))


def test_a_developer_reads_them_back(portal: Path) -> None:
    for entry in opendata.find(portal):
        assert opendata.load(portal, entry.name, first_resource(portal, entry.name)).num_rows > 0
    assert [entry.name for entry in opendata.find(portal, "lua gao san luong")] == []
    assert "rainfall-river-levels" in [entry.name for entry in opendata.find(portal, "mua song")]


def first_resource(portal: Path, name: str) -> str:
    return str(read(portal / name)["resources"][0]["name"])


def test_one_changed_figure_republishes_one_dataset(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    for name in ("aa", "bb", "cc"):
        package(catalogue, name)
    run("publish", catalogue, "--to", target)
    before = seen(target)
    (catalogue / "bb" / "data" / "bang.csv").write_text(CSV.replace("6", "7"), encoding="utf-8")
    done = run("publish", catalogue, "--to", target)
    assert done.code == 0, done.err
    assert {name.split("/")[0] for name in changed(before, seen(target))} <= {
        "bb",
        "index.html",
        "index.en.html",
        "opendata-site.json",
    }
    assert opendata.load(target, "bb").column("so").to_pylist() == [5, 7]


@pytest.mark.parametrize(
    "access", [None, {}, {"level": "open"}, {**REVIEWED, "reason": ""}, {**REVIEWED, "reviewedBy": None}]
)
def test_without_level_or_review_nothing_is_published_but_its_neighbours_are(access: object, tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "good")
    home = package(catalogue, "bad")
    descriptor = read(home)
    del descriptor["access"]
    cleaned = {k: v for k, v in access.items() if v is not None} if isinstance(access, dict) else None
    write(home, descriptor if cleaned is None else {**descriptor, "access": cleaned})
    done = run("publish", catalogue, "--to", target)
    assert done.code == 4, done.out + done.err
    assert "bad" in done.out + done.err
    assert (target / "good" / "datapackage.json").exists()
    assert not (target / "bad").exists()
    assert not any(b'"bad"' in content or "Bảng bad".encode() in content for content, _ in seen(target).values())


@pytest.mark.parametrize("level", ["internal", "closed"])
def test_a_raised_level_takes_everything_away(level: str, tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "stays")
    home = package(catalogue, "goes", title="Tập sẽ gỡ")
    (home / "data" / "bang.csv").write_text("ma,so\nMARKER,918273\n", encoding="utf-8")
    assert run("publish", catalogue, "--to", target).code == 0
    assert any(b"918273" in content for content, _ in seen(target).values())
    write(home, {**read(home), "access": {"level": level}})
    done = run("publish", catalogue, "--to", target)
    assert done.code == 0, done.err
    for name, (content, _) in seen(target).items():
        assert "goes" not in name
        assert not any(word in content for word in (b"goes", "Tập sẽ gỡ".encode(), b"MARKER", b"918273"))
    assert (target / "stays" / "datapackage.json").exists()
    again = run("publish", catalogue, "--to", target)
    assert again.code == 0
    assert "Nothing to do" in again.out


def test_reopening_what_was_withdrawn_is_a_conflict_with_its_remedy(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    package(catalogue, "bb")
    run("publish", catalogue, "--to", target)
    write(home, {**read(home), "access": {"level": "internal"}})
    run("publish", catalogue, "--to", target)
    write(home, {**read(home), "access": REVIEWED})
    refused = run("publish", catalogue, "--to", target)
    assert refused.code == 3
    assert "--overwrite" in refused.out + refused.err
    assert not (target / "aa").exists()
    assert run("publish", catalogue, "--to", target, "--overwrite", "aa").code == 0
    assert (target / "aa" / "datapackage.json").exists()


def secret_package(catalogue: Path, *, hidden: dict[str, object]) -> Path:
    fields = [
        FIELDS[0],
        {"name": "bi_mat", "type": "integer", "title": "TIEUDEKIN", "description": "MOTAKIN", **hidden},
        {"name": "so", "type": "integer"},
    ]
    schema = {"fields": fields, "primaryKey": ["ma"], "uniqueKeys": [["bi_mat"]]}
    home = package(catalogue, "secret", resources=[table("bang", schema=schema)])
    rows = [(f"{n:02}", 700000 + n * 37, (n * 7) % 10) for n in range(20)]
    rows.sort(key=lambda row: (row[1] * 7919) % 101)
    text = "ma,bi_mat,so\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows)
    (home / "data" / "bang.csv").write_text(text, encoding="utf-8")
    return home


@pytest.mark.parametrize(
    "hidden",
    [{"access": {"level": "internal"}}, {"access": {"level": "closed"}}, {"personal": "basic"}, {"disclosure": "drop"}],
)
def test_a_withheld_column_leaves_no_trace(hidden: dict[str, object], tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = secret_package(catalogue, hidden={})
    assert run("publish", catalogue, "--to", target).code == 0
    secret_package(catalogue, hidden=hidden)
    done = run("publish", catalogue, "--to", target)
    assert done.code == 0, done.out + done.err
    numbers = [line.split(",")[1] for line in (home / "data" / "bang.csv").read_text().splitlines()[1:]]
    table_read = opendata.load(target, "secret")
    assert table_read.column_names == ["ma", "so"]
    rows = list(zip(*(column.to_pylist() for column in table_read.columns), strict=True))
    assert rows == sorted(rows)
    for name, (content, _) in seen(target).items():
        for trace in ("bi_mat", "TIEUDEKIN", "MOTAKIN", "Nguyễn Văn A", "reviewedBy", *numbers):
            assert trace.encode() not in content, (name, trace)
    wide = table_read.to_pandas()
    assert int(wide["so"].max()) < 700000


def test_a_shared_package_is_left_out_of_a_site_and_refused_by_name(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "aa")
    package(catalogue, "dung-chung", access={**REVIEWED, "level": "shared"})
    done = run("publish", catalogue, "--to", target)
    assert done.code == 0
    assert "dung-chung" in done.out
    refused = run("publish", catalogue, "--to", target, "dung-chung")
    assert refused.code == 4
    assert not (target / "dung-chung").exists()


def test_a_saved_plan_is_applied_exactly_or_refused(tmp_path: Path) -> None:
    catalogue, target, saved = tmp_path / "catalogue", tmp_path / "portal", tmp_path / "plan.json"
    home = package(catalogue, "aa")
    assert run("plan", catalogue, "--to", target, "--save", saved).code == 0
    assert not target.exists() or not (target / "aa").exists()
    (home / "data" / "bang.csv").write_text(CSV.replace("6", "7"), encoding="utf-8")
    assert run("publish", catalogue, "--to", target, "--plan", saved).code == 3
    assert not (target / "aa").exists()
    (home / "data" / "bang.csv").write_text(CSV, encoding="utf-8")
    done = run("publish", catalogue, "--to", target, "--plan", saved)
    assert done.code == 0, done.out + done.err
    assert (target / "aa" / "datapackage.json").exists()


def test_two_builds_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        package(tmp_path / name / "catalogue", "aa")
        assert run("build", tmp_path / name / "catalogue", "--out", tmp_path / name / "out").code == 0
    first, second = (seen(tmp_path / name / "out") for name in ("one", "two"))
    assert {k: v[0] for k, v in first.items()} == {k: v[0] for k, v in second.items()}
    assert first


def test_a_raised_level_holds_although_the_descriptor_is_faulty(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    run("publish", catalogue, "--to", target)
    write(home, {**read(home), "access": {"level": "internal"}, "sector": "farming"})
    assert run("publish", catalogue, "--to", target).code == 1
    assert not (target / "aa").exists()


def test_a_faulty_descriptor_that_is_still_open_leaves_what_is_there(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    run("publish", catalogue, "--to", target)
    write(home, {**read(home), "sector": "farming"})
    assert run("publish", catalogue, "--to", target).code == 1
    assert (target / "aa" / "datapackage.json").exists()


@pytest.mark.parametrize("withheld", [True, False])
def test_faulty_data_stay_public_only_while_they_show_no_more_than_they_may(*, withheld: bool, tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    run("publish", catalogue, "--to", target)
    hidden = {"access": {"level": "internal"}} if withheld else {}
    write(home, {**read(home), "resources": [table("bang", schema={"fields": [FIELDS[0], {**FIELDS[1], **hidden}]})]})
    (home / "data" / "bang.csv").write_text("ma,so\n01,nhiều\n", encoding="utf-8")
    assert run("publish", catalogue, "--to", target).code == 1
    assert (target / "aa").exists() is not withheld


def test_a_disk_that_fails_one_package_stops_no_withdrawal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from opendata.errors import DiskError
    from opendata.package import building

    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "goes")
    package(catalogue, "stays")
    run("publish", catalogue, "--to", target)
    write(home, {**read(home), "access": {"level": "internal"}})
    (catalogue / "stays" / "data" / "bang.csv").write_text(CSV.replace("6", "8"), encoding="utf-8")

    fault = DiskError("The disk is full.", "cache", "Free some space.")

    def full(*_words: object) -> None:
        raise fault

    monkeypatch.setattr(building, "_make", full)
    done = run("publish", catalogue, "--to", target)
    assert done.code == 3, done.out + done.err
    assert "disk is full" in done.out + done.err
    assert not (target / "goes").exists()
    assert opendata.load(target, "stays").column("so").to_pylist() == [5, 6]


def keyed(home: Path, target: str, field: str) -> None:
    key = {"fields": ["ma"], "reference": {"package": target, "resource": "bang", "fields": [field]}}
    write(home, {**read(home), "resources": [table("bang", externalKeys=[key])]})


@pytest.mark.parametrize("level", ["open", "internal"])
def test_a_key_into_another_package_is_told_only_where_its_target_may_be_seen(level: str, tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "benh-vien", access={**REVIEWED, "level": level})
    keyed(package(catalogue, "ca-benh"), "benh-vien", "ma")
    assert run("publish", catalogue, "--to", target, "ca-benh").code == 0
    shown = any(b"benh-vien" in content for content, _ in seen(target).values())
    assert shown is (level == "open")


def test_one_package_finds_its_neighbour(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue"
    package(catalogue, "benh-vien")
    keyed(package(catalogue, "ca-benh"), "benh-vien", "ma")
    assert run("check", catalogue / "ca-benh").code == 0


def test_a_dataset_renamed_and_raised_is_gone(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    run("publish", catalogue, "--to", target)
    write(home, {**read(home), "name": "moi", "access": {"level": "internal"}})
    run("publish", catalogue, "--to", target)
    assert not (target / "aa").exists()


def test_a_dataset_renamed_is_a_conflict_and_goes_where_it_shows_too_much(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    run("publish", catalogue, "--to", target)
    write(home, {**read(home), "name": "moi"})
    assert run("publish", catalogue, "--to", target).code == 3
    assert (target / "aa").exists()
    hidden = [FIELDS[0], {**FIELDS[1], "access": {"level": "closed"}}]
    write(home, {**read(home), "resources": [table("bang", schema={"fields": hidden})]})
    assert run("publish", catalogue, "--to", target).code == 3
    assert not (target / "aa").exists()


def test_another_id_under_the_name_of_what_may_not_be_seen_is_no_silence(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    run("publish", catalogue, "--to", target)
    write(home, {**read(home), "id": "11111111-0000-4000-8000-000000000000", "access": {"level": "internal"}})
    told = run("publish", catalogue, "--to", target)
    assert told.code == 3
    assert "by hand" in told.out + told.err


def test_what_was_withheld_under_another_name_goes_from_the_previous_digest_too(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    (home / "data" / "bang.csv").write_text("ma,so\n01,918273\n", encoding="utf-8")
    run("publish", catalogue, "--to", target)
    fields = [*FIELDS, {"name": "so_that", "type": "integer", "access": {"level": "closed"}}]
    write(home, {**read(home), "resources": [table("bang", schema={"fields": fields})]})
    (home / "data" / "bang.csv").write_text("ma,so,so_that\n01,0,918273\n", encoding="utf-8")
    assert run("publish", catalogue, "--to", target).code == 0
    assert not any(b"918273" in content for content, _ in seen(target).values())


def test_the_order_of_a_column_outside_the_schema_does_not_show(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    schema = {"fields": FIELDS, "fieldsMatch": "subset"}
    home = package(catalogue, "aa", resources=[table("bang", schema=schema)])
    (home / "data" / "bang.csv").write_text("ma,so,bi_mat\n03,1,1\n01,2,2\n02,3,3\n", encoding="utf-8")
    assert run("publish", catalogue, "--to", target).code == 0
    assert opendata.load(target, "aa").column("ma").to_pylist() == ["01", "02", "03"]


def test_a_planted_cache_is_not_published(tmp_path: Path) -> None:
    import hashlib

    from opendata.model.digest import KEY, content_digest

    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "aa")
    run("plan", catalogue, "--to", target)
    (entry,) = (path.parent for path in (catalogue / ".opendata" / "builds" / "aa").glob("*/datapackage.json"))
    (csv,) = entry.glob("*.csv")
    csv.write_bytes(csv.read_bytes().replace(b"5", b"9"))
    descriptor = read(entry)
    descriptor["resources"][0]["hash"] = f"sha256:{hashlib.sha256(csv.read_bytes()).hexdigest()}"
    descriptor[KEY] = content_digest(descriptor)
    write(entry, descriptor)
    assert run("publish", catalogue, "--to", target).code == 0
    assert opendata.load(target, "aa").column("so").to_pylist() == [5, 6]


@pytest.mark.parametrize("link", [".opendata", ".opendata/builds", ".opendata/builds/aa"])
def test_a_link_in_the_cache_leads_nowhere(link: str, tmp_path: Path) -> None:
    catalogue, target, victim = tmp_path / "catalogue", tmp_path / "portal", tmp_path / "victim"
    home = package(catalogue, "aa")
    for number in range(6):
        (victim / f"{number:032x}").mkdir(parents=True)
    place = home / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(victim)
    before = sorted(path.name for path in victim.rglob("*"))
    run("publish", home, "--to", target)
    assert sorted(path.name for path in victim.rglob("*")) == before


@pytest.mark.parametrize("review", [{"reviewedBy": "…"}, {"reason": "…"}, {"reviewedOn": "9999-12-31"}])
def test_a_review_of_nothing_is_none(review: dict[str, str], tmp_path: Path) -> None:
    package(tmp_path / "catalogue", "aa", access={**REVIEWED, **review})
    assert run("publish", tmp_path / "catalogue", "--to", tmp_path / "portal").code == 4


@pytest.mark.parametrize("key", ["acess", "Access", "level", "personnal"])
def test_a_protection_that_is_misspelt_is_a_fault(key: str, tmp_path: Path) -> None:
    fields = [FIELDS[0], {**FIELDS[1], key: {"level": "closed"}}]
    package(tmp_path / "catalogue", "aa", resources=[table("bang", schema={"fields": fields})])
    assert run("publish", tmp_path / "catalogue", "--to", tmp_path / "portal").code == 1
    assert not (tmp_path / "portal" / "aa").exists()


def test_what_is_built_does_not_lie_in_its_catalogue(tmp_path: Path) -> None:
    package(tmp_path / "catalogue", "aa")
    assert run("build", tmp_path / "catalogue", "--out", tmp_path / "catalogue" / "out").code == 2
    assert run("check", tmp_path / "catalogue").code == 0


def built_with_secret(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A catalogue, its package, and a folder that it was built into while all of it was open."""
    catalogue, out = tmp_path / "catalogue", tmp_path / "out"
    home = package(catalogue, "aa")
    (home / "data" / "bang.csv").write_text("ma,so\n01,918273\n", encoding="utf-8")
    assert run("build", catalogue, "--out", out).code == 0
    return catalogue, home, out


def secret_in(out: Path) -> bool:
    return any(b"918273" in path.read_bytes() for path in out.rglob("*") if path.is_file())


@pytest.mark.parametrize("also", ["nothing", "bad data", "bad descriptor", "renamed"])
def test_a_built_folder_loses_what_was_raised(also: str, tmp_path: Path) -> None:
    catalogue, home, out = built_with_secret(tmp_path)
    hidden = [FIELDS[0], {**FIELDS[1], "access": {"level": "closed"}}]
    changes: dict[str, object] = {"resources": [table("bang", schema={"fields": hidden})]}
    if also == "bad data":
        (home / "data" / "bang.csv").write_text("ma,so\n01,nhiều\n", encoding="utf-8")
    if also == "bad descriptor":
        changes["sector"] = "farming"
    if also == "renamed":
        changes["name"] = "moi"
    write(home, {**read(home), **changes})
    run("build", catalogue, "--out", out)
    assert not secret_in(out)


@pytest.mark.parametrize("left", ["digest", "aside", "aside-below"])
def test_a_built_folder_loses_what_a_kill_left(left: str, tmp_path: Path) -> None:
    catalogue, home, out = built_with_secret(tmp_path)
    (digest,) = (path for path in (out / "aa").iterdir() if path.is_dir())
    if left == "digest":
        (out / "aa" / "datapackage.json").unlink()
    elif left == "aside":
        (out / "aa").rename(out / ".aside-0123-aa")
    else:
        digest.rename(out / "aa" / f".aside-0123-{digest.name}")
    write(home, {**read(home), "access": {"level": "internal"}})
    run("build", catalogue, "--out", out)
    assert not secret_in(out)


def test_whoever_publishes_is_told_what_is_left_out(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    fields = [FIELDS[0], {**FIELDS[1], "personal": "basic"}]
    package(catalogue, "aa", resources=[table("bang", schema={"fields": fields})])
    assert "bang.so" in run("plan", catalogue, "--to", target).out
    assert "bang.so" in run("publish", catalogue, "--to", target).out


def test_another_id_in_a_built_folder_is_no_silence_either(tmp_path: Path) -> None:
    catalogue, home, out = built_with_secret(tmp_path)
    write(home, {**read(home), "id": "11111111-0000-4000-8000-000000000000", "access": {"level": "internal"}})
    told = run("build", catalogue, "--out", out)
    assert told.code == 3
    assert "by hand" in told.err


def test_a_fault_of_the_program_at_one_package_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from opendata.catalogue import judge

    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "aa")
    package(catalogue, "bb")
    build = judge.build

    def faulty(dataset: object, *words: object) -> object:
        if getattr(dataset, "name", "") == "aa":
            message = "nobody thought of this"
            raise RuntimeError(message)
        return build(dataset, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(judge, "build", faulty)
    done = run("publish", catalogue, "--to", target)
    assert done.code == 3
    assert "nobody thought of this" in done.out + done.err
    assert (target / "bb" / "datapackage.json").exists()
    assert not (target / "aa").exists()


@pytest.mark.parametrize("also", [{"licenses": None}, {"sector": "nope"}])
def test_a_field_closed_while_something_else_is_wrong_goes_all_the_same(
    also: dict[str, object], tmp_path: Path
) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    (home / "data" / "bang.csv").write_text("ma,so\n01,918273\n", encoding="utf-8")
    run("publish", catalogue, "--to", target)
    hidden = [FIELDS[0], {**FIELDS[1], "access": {"level": "Closed"} if "sector" in also else {"level": "closed"}}]
    changed = {**read(home), "resources": [table("bang", schema={"fields": hidden})], **also}
    write(home, {key: value for key, value in changed.items() if value is not None})
    assert run("publish", catalogue, "--to", target).code == 1
    assert not any(b"918273" in content for content, _ in seen(target).values())


def test_a_field_renamed_beside_a_bad_cell_takes_nothing_away(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    home = package(catalogue, "aa")
    run("publish", catalogue, "--to", target)
    before = seen(target)
    renamed = [FIELDS[0], {**FIELDS[1], "name": "so_moi"}]
    write(home, {**read(home), "resources": [table("bang", schema={"fields": renamed})]})
    (home / "data" / "bang.csv").write_text("ma,so_moi\n01,nhiều\n", encoding="utf-8")
    assert run("publish", catalogue, "--to", target).code == 1
    assert changed(before, seen(target)) == set()
    (home / "data" / "bang.csv").write_text("ma,so_moi\n01,5\n", encoding="utf-8")
    assert run("publish", catalogue, "--to", target).code == 0


def test_a_fault_takes_no_shared_edition_away(tmp_path: Path) -> None:
    catalogue, out = tmp_path / "catalogue", tmp_path / "out"
    fields = [FIELDS[0], {**FIELDS[1], "access": {"level": "shared"}}]
    package(catalogue, "aa", resources=[table("bang", schema={"fields": fields})])
    package(catalogue, "bb", access={**REVIEWED, "level": "shared"})
    names = {"aa", "aa--shared", "bb--shared"}
    assert run("build", catalogue, "--out", out, "--level", "shared").code == 0
    assert {path.parent.name for path in out.glob("*/datapackage.json")} == names
    assert run("build", catalogue, "--out", out).code == 0
    assert {path.parent.name for path in out.glob("*/datapackage.json")} == names
    for name in ("aa", "bb"):
        write(catalogue / name, {**read(catalogue / name), "sector": "nope"})
    assert run("build", catalogue, "--out", out, "--level", "shared").code == 1
    assert {path.parent.name for path in out.glob("*/datapackage.json")} == names


def test_nothing_is_built_into_a_portal(tmp_path: Path) -> None:
    catalogue, target = tmp_path / "catalogue", tmp_path / "portal"
    package(catalogue, "aa")
    package(catalogue, "bb", access={**REVIEWED, "level": "shared"})
    run("publish", catalogue, "--to", target)
    before = seen(target)
    refused = run("build", catalogue, "--out", target, "--level", "shared")
    assert refused.code == 3
    assert "portal" in refused.err
    assert changed(before, seen(target)) == set()


def test_what_somebody_put_into_a_portal_is_not_listed_unless_it_is_open(tmp_path: Path) -> None:
    catalogue, target, out = tmp_path / "catalogue", tmp_path / "portal", tmp_path / "out"
    home = package(catalogue, "aa")
    package(catalogue, "bb", access={**REVIEWED, "level": "shared"}, title="Chung")
    run("publish", catalogue, "--to", target)
    run("build", catalogue, "--out", out, "--level", "shared")
    shutil.copytree(out / "bb--shared", target / "bb--shared")
    (home / "data" / "bang.csv").write_text(CSV.replace("6", "7"), encoding="utf-8")
    run("publish", catalogue, "--to", target, "aa")
    assert "Chung" not in (target / "index.html").read_text(encoding="utf-8")
    assert "bb" not in run("list", "--from", target).out
