"""Whole stories, command after command, as an officer and a visitor live them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from acceptance_helpers import changed, package, read, seen, write
from cli_helpers import run

import opendata

if TYPE_CHECKING:
    from pathlib import Path

SAID = [
    *("--title", "Diện tích lúa", "--department", "Sở Nông nghiệp", "--contact", "so@tinh.gov.vn"),
    *("--sector", "agriculture", "--licence", "CC-BY-4.0", "--level", "open", "--reviewed-by", "Trần B"),
    *("--reason", "Số liệu tổng hợp"),
]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def table(path: Path, *rows: tuple[str, int, float]) -> None:
    lines = [f'{code},{year},"{area:.1f}"'.replace(".", ",") for code, year, area in rows]
    path.write_text("\n".join(["Mã,Năm,Diện tích", *lines, ""]), encoding="utf-8")


def done(*words: object, code: int = 0) -> str:
    ran = run(*words)
    assert ran.code == code, ran.out + ran.err
    return ran.out + ran.err


def first_words(*words: object) -> list[list[str]]:
    return [line.split()[:2] for line in done(*words).splitlines()]


def test_from_a_table_to_a_portal_next_month_and_away_again(tmp_path: Path) -> None:
    table(tmp_path / "lúa.csv", ("01", 2024, 1.5), ("02", 2024, 2.5))
    done("new", "lúa.csv", *SAID)
    done("check", "lua")
    assert first_words("publish", "lua", "--to", "./portal") == [["published", "lua"]]
    assert "lua" in done("list", "--from", "./portal")
    assert "lua" in done("search", "dien", "tich", "--from", "./portal")

    table(tmp_path / "lúa 2.csv", ("01", 2024, 1.5), ("02", 2024, 3.5), ("03", 2024, 4.5))
    assert "new 1, gone 0, changed 1, as before 1" in done("update", "lua", "lúa 2.csv", "--yes")
    assert first_words("plan", "lua", "--to", "./portal")[3] == ["change", "lua"]
    assert first_words("publish", "lua", "--to", "./portal") == [["changed", "lua"]]
    assert "Nothing to do" in done("publish", "lua", "--to", "./portal")
    done("get", "lua", "--from", "./portal", "--out", "got")
    assert (tmp_path / "got/lua.csv").read_text() == "ma,nam,dien_tich\n01,2024,1.5\n02,2024,3.5\n03,2024,4.5\n"
    assert opendata.load("./portal", "lua").column("dien_tich").to_pylist()[-1] == pytest.approx(4.5)

    write(tmp_path / "lua", {**read(tmp_path / "lua"), "access": {"level": "internal"}})
    assert first_words("publish", "lua", "--to", "./portal") == [["withdrawn", "lua"], ["lua:", "withheld."]]
    assert done("list", "--from", "./portal") == "No dataset was found.\n"
    assert done("search", "dien", "--from", "./portal") == "No dataset was found.\n"
    for command in ("show", "get"):
        assert "There is no dataset named lua." in done(command, "lua", "--from", "./portal", code=2)
    assert not [name for name, (content, _) in seen(tmp_path / "portal").items() if b"lua" in content or "lua" in name]


def test_a_draft_that_nobody_opened_is_never_published(tmp_path: Path) -> None:
    table(tmp_path / "lúa.csv", ("01", 2024, 1.5))
    done("new", "lúa.csv")
    assert "withheld" in done("publish", "lua", "--to", "./portal")
    assert "refused" in done("publish", "lua", "lua", "--to", "./portal", code=4)
    assert not (tmp_path / "portal").exists()
    assert "no open edition" in done("show", "lua", "--from", "./lua")


def test_a_draft_opened_without_what_a_portal_needs_is_told_what_is_missing(tmp_path: Path) -> None:
    table(tmp_path / "lúa.csv", ("01", 2024, 1.5))
    done("new", "lúa.csv", *SAID)
    write(tmp_path / "lua", {key: value for key, value in read(tmp_path / "lua").items() if key != "department"})
    done("check", "lua")
    told = done("publish", "lua", "--to", "./portal", code=1)
    assert "lua: faulty." in told
    assert told.count("The department is missing.") == 1
    assert all(f"“{name}”" in told for name in ("department", "contact"))
    assert not (tmp_path / "portal").exists()


def test_a_source_edited_in_place_is_not_published_until_updated(tmp_path: Path) -> None:
    table(tmp_path / "lúa.csv", ("01", 2024, 1.5))
    done("new", "lúa.csv", *SAID)
    done("publish", "lua", "--to", "./portal")
    before = seen(tmp_path / "portal")
    table(tmp_path / "lua/source/lúa.csv", ("01", 2024, 9.5))
    assert "opendata update" in done("check", "lua", code=1)
    assert "lua: faulty." in done("publish", "lua", "--to", "./portal", code=1)
    assert changed(before, seen(tmp_path / "portal")) == set()
    done("update", "lua", "-y")
    assert first_words("publish", "lua", "--to", "./portal") == [["changed", "lua"]]
    assert opendata.load("./portal", "lua").column("dien_tich").to_pylist() == [pytest.approx(9.5)]


def test_a_signed_plan_holds_until_something_moves_on(tmp_path: Path) -> None:
    home = package(tmp_path / "c", "aa")
    done("plan", "c", "--to", "./portal", "--save", "plan.json")
    done("publish", "c", "--to", "./portal", "--plan", "plan.json")
    assert "Nothing to do" in done("publish", "c", "--to", "./portal", "--plan", "plan.json")
    write(home, {**read(home), "title": "Khác"})
    assert "no longer what would be done" in done("publish", "c", "--to", "./portal", "--plan", "plan.json", code=3)
    write(home, {**read(home), "title": "Khác nữa"})
    done("publish", "c", "--to", "./portal")
    assert "no longer what would be done" in done("publish", "c", "--to", "./portal", "--plan", "plan.json", code=3)
    assert "made for ./portal" in done("publish", "c", "--to", "./other", "--plan", "plan.json", code=2)
    assert not (tmp_path / "other").exists()


def test_a_plan_for_some_packages_is_no_leave_for_all(tmp_path: Path) -> None:
    for name in ("aa", "bb"):
        package(tmp_path / "c", name)
    done("plan", "c", "aa", "--to", "./portal", "--save", "plan.json")
    done("publish", "c", "bb", "--to", "./portal", "--plan", "plan.json", code=2)
    assert not (tmp_path / "portal").exists()
    assert first_words("publish", "c", "--to", "./portal", "--plan", "plan.json") == [["published", "aa"]]
    assert not (tmp_path / "portal/bb").exists()


def test_each_run_that_did_something_leaves_its_receipt(tmp_path: Path) -> None:
    home = package(tmp_path / "c", "aa")
    told = [json.loads(done("publish", "c", "--to", "./portal", "--json"))]
    done("publish", "c", "--to", "./portal")
    write(home, {**read(home), "title": "Khác"})
    told.append(json.loads(done("publish", "c", "--to", "./portal", "--json")))
    write(home, {**read(home), "access": {"level": "closed"}})
    told.append(json.loads(done("publish", "c", "--to", "./portal", "--json")))
    kept = [json.loads(path.read_bytes()) for path in (tmp_path / "c/.opendata/receipts").glob("*.json")]
    assert sorted(map(json.dumps, kept)) == sorted(map(json.dumps, told))
    assert [item["outcomes"][0]["action"] for item in told] == ["create", "update", "withdraw"]


def test_damage_on_the_portal_is_told_mended_and_then_nothing_is_to_do(tmp_path: Path) -> None:
    for name in ("aa", "bb"):
        package(tmp_path / "c", name)
    done("publish", "c", "--to", "./portal")
    right = {name: content for name, (content, _) in seen(tmp_path / "portal").items()}
    (tmp_path / "portal/aa/bang.csv").write_text("x")
    assert "    A file was altered: bang.csv" in done("plan", "c", "--to", "./portal").splitlines()
    assert [words[0] for words in first_words("publish", "c", "--to", "./portal")] == ["changed", "unchanged"]
    (tmp_path / "portal/index.html").unlink()
    fault = "The index is missing or was altered."
    assert f"To be put right on the portal: {fault}" in done("plan", "c", "--to", "./portal")
    told = done("publish", "c", "--to", "./portal")
    assert f"Put right on the portal: {fault}" in told
    assert "Nothing to do" not in told
    assert {name: content for name, (content, _) in seen(tmp_path / "portal").items()} == right
    assert "Nothing to do" in done("publish", "c", "--to", "./portal")


def test_an_edit_on_the_portal_is_a_conflict_for_one_and_its_neighbour_goes_on(tmp_path: Path) -> None:
    for name in ("aa", "bb"):
        write(package(tmp_path / "c", name), {**read(tmp_path / "c" / name), "title": "Cũ"})
    done("publish", "c", "--to", "./portal")
    path = tmp_path / "portal/aa/datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Cũ", "Sửa tay"), encoding="utf-8")
    for name in ("aa", "bb"):
        write(tmp_path / "c" / name, {**read(tmp_path / "c" / name), "title": "Mới"})
    assert "conflict  aa" in done("plan", "c", "--to", "./portal", code=3)
    ran = run("publish", "c", "--to", "./portal")
    assert [line.split()[:2] for line in ran.out.splitlines()[:2]] == [["conflict", "aa"], ["changed", "bb"]]
    assert (ran.code, "--overwrite aa" in ran.err) == (3, True)
    assert "Sửa tay" in path.read_text(encoding="utf-8")
    assert first_words("publish", "c", "aa", "--to", "./portal", "--overwrite", "aa") == [["changed", "aa"]]
    assert "Mới" in path.read_text(encoding="utf-8")


def test_several_may_be_taken_over_at_once(tmp_path: Path) -> None:
    for name in ("aa", "bb"):
        package(tmp_path / "c", name)
    done("publish", "c", "--to", "./portal")
    for level in ({"level": "internal"}, read(tmp_path / "c/aa")["access"]):
        for name in ("aa", "bb"):
            write(tmp_path / "c" / name, {**read(tmp_path / "c" / name), "access": level})
        if level == {"level": "internal"}:
            done("publish", "c", "--to", "./portal")
    done("publish", "c", "--to", "./portal", "--overwrite", "aa", code=3)
    assert sorted(path.parent.name for path in (tmp_path / "portal").glob("*/datapackage.json")) == ["aa"]
    done("publish", "c", "--to", "./portal", "--overwrite", "aa", "--overwrite", "bb")
    assert [entry.name for entry in opendata.find("./portal")] == ["aa", "bb"]


def test_a_portal_by_its_name_in_the_settings(tmp_path: Path) -> None:
    package(tmp_path / "c", "aa")
    (tmp_path / "opendata.toml").write_text('[targets.tinh]\nurl = "./portal"\n')
    done("publish", "c", "--to", "tinh")
    assert (tmp_path / "portal/aa").is_dir()
    assert "Nothing to do: tinh is up to date." in done("publish", "c", "--to", "tinh")
    assert "aa" in done("list", "--from", "tinh")
    (tmp_path / "opendata.toml").write_text('[targets.tinh]\nurl = "./portal"\ntoken = "geheim"\n')
    assert "geheim" not in done("list", "--from", "tinh", code=2)


def test_a_folder_of_editions_follows_the_level_as_a_portal_does(tmp_path: Path) -> None:
    home = package(tmp_path / "c", "aa")
    done("build", "c", "--out", "out")
    assert (tmp_path / "out/aa/datapackage.json").is_file()
    write(home, {**read(home), "access": {"level": "internal"}})
    done("build", "c", "--out", "out")
    assert not (tmp_path / "out/aa").exists()
    assert "refused" in done("build", "c", "aa", "--out", "out", code=4)
