"""What a machine is told: each `--json` document, key by key, and the lines a person gets in its place."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from catalogue_helpers import FIELDS, OPEN, ROWS, change, package
from cli_helpers import english_after, run

from opendata import errors
from opendata.cli.steps import title
from opendata.model import AccessLevel, Action, PortalDataset, Step

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    package(tmp_path / "c", keywords=["sông"], coverage={"start": "2020", "end": "2024"})


def told(*words: object, code: int = 0) -> Any:  # noqa: ANN401 - any JSON
    ran = run(*words, "--json")
    assert ran.code == code, ran.out + ran.err
    return ran.json


def test_check() -> None:
    ways = [{"table": "levels", "rows": 2, "judged": 0, "cells": {"river": 0, "level_cm": 0}}]
    assert told("check", "c") == [
        {"path": "c", "valid": True, "rows": 2, "complete": True, "ways": ways, "findings": []}
    ]


def test_check_of_a_wrong_cell(tmp_path: Path) -> None:
    path = tmp_path / "c/river-levels/data/levels.csv"
    path.write_text("river,level_cm\nSông Đà,120\nSông Mã,cao\n", encoding="utf-8")
    (document,) = told("check", "c/river-levels", code=1)
    assert (document["valid"], document["path"]) == (False, "c/river-levels")
    (finding,) = document["findings"]
    assert {key: finding[key] for key in ("code", "sheet", "row", "column", "field", "cell")} == {
        "code": "type-error",
        "sheet": None,
        "row": 3,
        "column": 2,
        "field": "level_cm",
        "cell": "cao",
    }
    assert finding["path"] == "c/river-levels/data/levels.csv"
    assert finding["message"]
    assert finding["remedy"]


def test_build(tmp_path: Path) -> None:
    package(tmp_path / "c", "staff", access={"level": "internal"})
    document = told("build", "c", "--out", "out")
    (built,) = document["built"]
    assert (document["out"], built["name"], built["version"], built["level"]) == (
        "out",
        "river-levels",
        "1.0.0",
        "open",
    )
    assert built["digest"].startswith("sha256:")
    for file in built["files"]:
        (path,) = (tmp_path / "out").glob(f"river-levels/*/{file['path']}")
        content = path.read_bytes()
        assert (file["bytes"], file["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    (left,) = document["left_out"]
    assert (left["name"], left["standing"], bool(left["reason"])) == ("staff", "withheld", True)


@pytest.mark.parametrize(
    ("changes", "code", "standing"),
    [
        ({"access": None}, 4, "refused"),
        ({"sector": "cooking"}, 1, "faulty"),
        ({"access": {**OPEN, "level": "shared"}}, 0, "not-for-target"),
    ],
)
@pytest.mark.parametrize("command", ["build", "plan", "publish"])
def test_each_command_ends_alike_for_what_it_leaves_out(
    command: str, changes: dict[str, Any], code: int, standing: str, tmp_path: Path
) -> None:
    change(tmp_path / "c/river-levels", **changes)
    document = told(command, "c", "--out" if command == "build" else "--to", "./p", code=code)
    (left,) = document["left_out"]
    assert left["standing"] == standing
    assert left["reason"]
    assert left["remedy"]


def test_plan_of_a_new_dataset_and_of_a_change(tmp_path: Path) -> None:
    document = told("plan", "c", "--to", "./portal")
    keys = ["target", "address", "digest", "steps", "left_out", "unknown", "faults", "warnings", "decisive"]
    assert list(document) == keys
    (step,) = document["steps"]
    assert (step["action"], step["before"], step["changes"], step["purge"]) == ("create", None, [], False)
    run("publish", "c", "--to", "./portal")
    change(tmp_path / "c/river-levels", title="Khác", version="1.1.0")
    (after,) = told("plan", "c", "--to", "./portal")["steps"]
    assert after["before"] == {"version": "1.0.0", "digest": step["digest"]}
    assert after["changes"][:2] == ["Version 1.0.0 becomes 1.1.0.", "The metadata changes: title."]


def test_publish_and_its_lines(tmp_path: Path) -> None:
    document = told("publish", "c", "--to", "./portal")
    keys = [
        "target",
        "address",
        "plan",
        "started",
        "finished",
        "verified",
        "outcomes",
        "left_out",
        "mended",
        "warnings",
    ]
    assert list(document) == [*keys, "error", "remedy"]
    (outcome,) = document["outcomes"]
    assert (outcome["action"], outcome["verified"], outcome["error"], outcome["remedy"]) == ("create", True, "", "")
    assert outcome["bytes"] > 0
    assert outcome["seconds"] > 0
    read = {item["path"]: (item["owner"], item["visitor"]) for item in outcome["read_back"]}
    digest = hashlib.sha256((tmp_path / "portal/river-levels/levels.csv").read_bytes()).hexdigest()
    assert read["levels.csv"] == (digest, digest)
    line = run("publish", "c", "--to", "./portal").out.splitlines()[0].split()
    assert (line[0], line[1], line[-1]) == ("unchanged", "river-levels", outcome["digest"][:19])


def test_list_and_search(tmp_path: Path) -> None:
    package(tmp_path / "c", "odd", sector="cooking")
    entry = {
        "name": "river-levels",
        "title": "Mực nước sông Đà",
        "level": "open",
        "sector": "environment",
        "version": "1.0.0",
        "keywords": ["sông"],
        "fault": None,
    }
    listed = told("list", "--from", "./c")
    assert listed[0] == entry
    assert (listed[1]["name"], bool(listed[1]["fault"])) == ("odd", True)
    assert told("search", "muc", "nuoc", "--from", "./c") == [entry]
    assert told("search", "zzz", "--from", "./c") == []


def test_show_has_the_descriptor_of_what_is_open(tmp_path: Path) -> None:
    change(tmp_path / "c/river-levels", access={**OPEN})
    run("publish", "c", "--to", "./portal")
    here, there = (told("show", "river-levels", "--from", place) for place in ("./c", "./portal"))
    assert here == there
    assert list(here) == ["name", "id", "version", "level", "digest", "files", "descriptor"]
    assert [file["path"] for file in here["files"]] == ["levels.csv", "levels.parquet"]
    assert here["descriptor"]["access"] == {"level": "open"}


def test_get_names_its_files(tmp_path: Path) -> None:
    assert told("get", "river-levels", "--from", "./c", "--out", "got") == {
        "name": "river-levels",
        "files": ["got/levels.csv"],
    }
    assert run("get", "river-levels", "--from", "./c", "--format", "parquet").out == "levels.parquet\n"
    assert (tmp_path / "levels.parquet").is_file()


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        (["check", "nowhere"], "UsageError", 2),
        (["show", "nothing", "--from", "./c"], "UsageError", 2),
        (["publish", "c", "--to", "portal"], "UsageError", 2),
        (["publish", "c"], "UsageError", 2),
        (["get", "staff", "--from", "./c"], "GateError", 4),
        (["publish", "c", "--to", "./p", "--plan", "no.json"], "DiskError", 3),
        (["publish", "c", "--to", "./c"], "ConflictError", 3),
        (["list", "--from", "./empty"], "UsageError", 2),
        (["serve", "c"], "UsageError", 2),
    ],
)
def test_an_error_tells_its_kind_its_status_and_how_to_mend(
    words: list[str], kind: str, code: int, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    package(tmp_path / "c", "staff", access={"level": "internal"})
    error = told(*words, code=code)["error"]
    assert (error["kind"], error["status"]) == (kind, code)
    assert error["what"]
    assert error["remedy"]
    assert error["where"]


def test_all_or_nothing_tells_the_gravest_first(tmp_path: Path) -> None:
    package(tmp_path / "c", "bad", rows="river,level_cm\nx,y\n")
    package(tmp_path / "c", "draft", access=None)
    words = ["publish", "c", "--to", "./portal", "--all-or-nothing"]
    error = told(*words, code=4)["error"]
    assert (error["kind"], error["where"]) == ("GateError", "draft")
    change(tmp_path / "c/draft", access={"level": "internal"})
    error = told(*words, code=1)["error"]
    assert (error["kind"], error["where"]) == ("DataError", "bad")
    assert not (tmp_path / "portal").exists()
    (tmp_path / "c/bad/data/levels.csv").write_text(ROWS, encoding="utf-8")
    assert told(*words)["verified"] is True


def test_show_in_either_language_tells_title_and_units(tmp_path: Path) -> None:
    department = {"name": "Sở", "contact": {"email": "a@b.vn", "phone": "024 1"}}
    licences = [{"name": "CC-BY-4.0", "title": "Ghi công 4.0"}]
    change(tmp_path / "c/river-levels", department=department, licenses=licences)
    english = run("show", "river-levels", "--from", "./c").out
    with english_after():
        vietnamese = run("show", "river-levels", "--from", "./c", "--lang", "vi").out
    assert english.splitlines()[0] == "Levels of the Da river"
    assert vietnamese.splitlines()[0] == "Mực nước sông Đà"
    for out in (english, vietnamese):
        for part in ("Ghi công 4.0", "a@b.vn, 024 1", "2020 – 2024", "sông", "integer  cm", "environment"):
            assert part in out
    assert not {"licence", "department", "contact", "Files", "Table"} & set(vietnamese.split())


def test_a_withdrawal_is_told_with_the_title_that_goes(tmp_path: Path) -> None:
    run("publish", "c", "--to", "./portal")
    change(tmp_path / "c/river-levels", access={"level": "internal"})
    out = run("plan", "c", "--to", "./portal").out
    (row,) = (line for line in out.splitlines() if line.startswith("withdraw"))
    assert row.split()[:3] == ["withdraw", "river-levels", "open"]
    assert row.endswith("Mực nước sông Đà")
    assert "all its files are removed" in out


def test_a_withdrawal_has_the_title_that_the_portal_tells_where_no_descriptor_was_read() -> None:
    found = PortalDataset("rivers", "1", None, AccessLevel.OPEN, "sha256:0", (), title="Mực nước")
    assert title(Step(Action.WITHDRAW, "rivers", "1", before=found)) == "Mực nước"
    assert title(Step(Action.WITHDRAW, "rivers", "1")) == ""


def full(*_words: object) -> int:
    what = "The disk is full."
    raise errors.DiskError(what, "portal", "Free some space.")


def test_a_step_that_fails_is_said_to_have_failed_and_its_neighbour_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("publish", "c", "--to", "./portal")
    change(tmp_path / "c/river-levels", title="Khác")
    package(tmp_path / "c", "lakes")
    with monkeypatch.context() as patched:
        patched.setattr("opendata_site.placing.place_over", full)
        ran = run("publish", "c", "--to", "./portal")
    assert ran.code == 3
    rows = [line.split() for line in ran.out.splitlines()]
    assert (rows[0][0], rows[1][:2]) == ("published", ["failed", "river-levels"])
    assert not any(word.startswith("sha256:") for word in rows[1])
    assert ran.err.splitlines() == ["    The disk is full. portal", "    Free some space."]
    assert run("publish", "c", "--to", "./portal").code == 0


def test_a_run_that_fails_at_its_end_is_3_and_leaves_a_receipt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("opendata_site.publisher.index.refresh", full)
        ran = run("publish", "c", "--to", "./portal")
    assert (ran.code, ran.err.splitlines()) == (3, ["The disk is full. portal", "Free some space."])
    assert len(list((tmp_path / "c/.opendata/receipts").glob("*.json"))) == 1
    assert run("publish", "c", "--to", "./portal").code == 0
    assert (tmp_path / "portal/index.html").is_file()


def test_of_many_faults_of_a_descriptor_fifty_are_printed_and_all_are_in_the_document(tmp_path: Path) -> None:
    fields = [{"name": f"f{number}", "type": "nonsense"} for number in range(60)]
    package(tmp_path / "d", "odd", fields=fields)
    words = ["show", "odd", "--from", "./d"]
    ran = run(*words)
    assert ran.code == 1
    printed = ran.err.splitlines()
    assert len([line for line in printed if line.startswith("    ")]) == 50
    assert any(line.endswith("more.") for line in printed)
    assert "/resources/0/schema/fields/0/type" in printed[0]
    assert len(told(*words, code=1)["error"]["findings"]) >= 60


def test_of_many_wrong_cells_at_least_so_many_are_told(tmp_path: Path) -> None:
    rows = "".join(f"s{number},x\n" for number in range(1200))
    (tmp_path / "c/river-levels/data/levels.csv").write_text(f"river,level_cm\n{rows}", encoding="utf-8")
    lines = run("check", "c/river-levels").out.splitlines()
    assert lines[-1] == "c/river-levels: findings: at least 1000"
    assert lines[-2] == "… and 950 more."
    (document,) = told("check", "c/river-levels", code=1)
    assert (document["complete"], len(document["findings"])) == (False, 1000)


def test_a_bare_file_is_read_in_its_own_encoding_and_its_rows_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(ROWS.replace(",", ";").encode("utf-16"))
    (tmp_path / "s.json").write_text('{"fields": [{"name": "river"}, {"name": "level_cm", "type": "integer"}]}')
    ran = run("check", "a.csv", "--schema", "s.json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[0].startswith("a.csv is read as: csv, utf-16")
    assert ran.out.splitlines()[-1] == "a.csv: nothing found wrong (rows: 2)."


@pytest.mark.parametrize("level", ["internal", "closed"])
def test_a_closed_column_is_in_no_document(level: str, tmp_path: Path) -> None:
    fields = [FIELDS[0], {**FIELDS[1], "name": "keeper", "type": "string", "access": {"level": level}}]
    package(tmp_path / "d", "posts", fields=fields, rows="river,keeper\nSông Đà,Nguyễn Văn An\n")
    for words in (
        ["build", "d", "--out", "out"],
        ["plan", "d", "--to", "./portal"],
        ["publish", "d", "--to", "./portal"],
        ["show", "posts", "--from", "./portal"],
        ["show", "posts", "--from", "./d"],
        ["search", "keeper", "--from", "./portal"],
    ):
        ran = run(*words, "--json")
        assert (ran.code, "keeper" in ran.out, "Văn An" in ran.out) == (0, False, False), words


def test_in_vietnamese_the_words_of_plan_and_receipt_are_vietnamese(tmp_path: Path) -> None:
    package(tmp_path / "c", "staff", access={"level": "internal"})
    package(tmp_path / "c", "draft", access=None)
    with english_after():
        told = [run(command, "c", "--to", "./portal", "--lang", "vi") for command in ("plan", "publish", "publish")]
        found = run("search", "zzz", "--from", "./portal", "--lang", "vi")
    assert [ran.code for ran in told] == [4, 4, 4]
    words = {word.strip(":.,") for ran in (*told, found) for word in (ran.out + ran.err).split()}
    english = {"new", "published", "unchanged", "withheld", "refused", "Digest", "Approved", "Datasets", "No", "files"}
    assert words & english == set()
    assert {"staff", "draft", "river-levels"} <= words


def test_a_fault_of_the_program_is_short_however_long_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_words: object) -> None:
        raise ValueError("x\n" * 5000)

    monkeypatch.setattr("opendata.cli.listing.api.find", broken)
    ran = run("list", "--from", "./c")
    assert (ran.code, len(ran.err.splitlines())) == (3, 3)
    assert len(ran.err.splitlines()[0]) < 400
