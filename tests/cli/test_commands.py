"""Each command as an officer runs it: what is printed, what is written, how it ends."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import FIELDS, OPEN, ROWS, change, package
from cli_helpers import Ran, run

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = {"fields": [{"name": "river", "type": "string"}, {"name": "level_cm", "type": "integer"}]}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """One of each standing."""
    folder = tmp_path / "catalogue"
    package(folder)
    package(folder, "staff", access={"level": "internal"}, title="Cán bộ")
    package(folder, "dengue", access={**OPEN, "level": "shared"}, title="Sốt xuất huyết")
    return folder


@pytest.fixture
def site(catalogue: Path, tmp_path: Path) -> Path:
    assert run("publish", catalogue, "--to", "./portal").code == 0
    return tmp_path / "portal"


def documents(ran: Ran) -> dict[str, object]:
    assert isinstance(ran.json, dict)
    return ran.json


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


# check


def test_check_of_a_sound_package_is_0(catalogue: Path) -> None:
    ran = run("check", catalogue / "river-levels")
    assert (ran.code, ran.err) == (0, "")
    assert "nothing found wrong (rows: 2)" in ran.out


def test_check_of_a_catalogue_tells_every_package_with_its_path_and_is_1(catalogue: Path) -> None:
    (catalogue / "staff/data/levels.csv").write_text("river,level_cm\nSông Đà,high\n", encoding="utf-8")
    package(catalogue, "odd", sector="cooking")
    ran = run("check", catalogue)
    assert ran.code == 1
    assert f"{catalogue / 'staff/data/levels.csv'} · row 2 · column 2 (level_cm): " in ran.out
    assert f"{catalogue / 'odd/datapackage.json'} · /sector" in ran.out
    assert "findings: 2" in ran.out


def test_check_of_several_paths_is_as_bad_as_the_worst(catalogue: Path) -> None:
    bad = package(catalogue.parent / "other", "bad", rows="river,level_cm\nx,y\n")
    told = run("check", catalogue, bad, "--json")
    assert told.code == 1
    assert isinstance(told.json, list)
    assert [item["valid"] for item in told.json] == [True, False]
    (finding,) = told.json[1]["findings"]
    assert {"code", "path", "sheet", "row", "column", "field", "cell", "note", "message", "remedy"} <= finding.keys()
    assert (finding["code"], finding["row"], finding["field"], finding["cell"]) == ("type-error", 2, "level_cm", "y")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", ROWS, "csv, utf-8"),
        ("b.csv", ROWS.replace(",", ";"), "csv, utf-8"),
        ("c.csv", f"Báo cáo\n{ROWS}", "row 2"),
    ],
)
def test_check_of_a_bare_file_says_how_it_was_read(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    ran = run("check", name, "--schema", "schema.json")
    assert (ran.code, ran.err) == (0, "")
    assert said in ran.out.splitlines()[0]


def test_check_of_a_bare_workbook_names_the_sheet(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Biểu 1"
    for row in (["river", "level_cm"], ["Sông Đà", 120], ["Sông Mã", "cao"]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    ran = run("check", "a.xlsx", "--schema", "schema.json")
    assert ran.code == 1
    assert "a.xlsx · sheet Biểu 1 · row 3 · column 2 (level_cm)" in ran.out


def test_check_of_a_bare_workbook_takes_the_sheet_that_is_named(catalogue: Path, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Ghi chú"])  # type: ignore[union-attr] # a new workbook has a sheet
    sheet = book.create_sheet("Biểu 2")
    for row in (["river", "level_cm"], ["Sông Đà", 120]):
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    assert run("check", "a.xlsx", "--schema", "schema.json").code == 1
    ran = run("check", "a.xlsx", "--schema", "schema.json", "--sheet", "Biểu 2")
    assert (ran.code, "sheet Biểu 2" in ran.out) == (0, True)
    refused = run("check", catalogue, "--sheet", "Biểu 2")
    assert (refused.code, len(refused.err.splitlines())) == (2, 3)


def test_check_stops_at_the_limit_of_each_table_and_prints_all_that_it_found(catalogue: Path, tmp_path: Path) -> None:
    rows = "river,level_cm\n" + "Sông Đà,high\n" * 70
    (tmp_path / "a.csv").write_text(rows, encoding="utf-8")
    (catalogue / "staff/data/levels.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    for words in (["a.csv", "--schema", "schema.json"], [catalogue]):
        assert "… and 20 more." in run("check", *words).out
        few, all_of_them = run("check", *words, "--limit", "60"), run("check", *words, "--limit", "71")
        assert "findings: at least 60" in few.out
        assert "findings: 70" in all_of_them.out
        assert [ran.out.count("column 2 (level_cm): ") for ran in (few, all_of_them)] == [60, 70]


def test_check_stops_at_a_thousand_unless_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("river,level_cm\n" + "Sông Đà,high\n" * 1002, encoding="utf-8")
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    (told,) = run("check", "a.csv", "--schema", "schema.json", "--json").json  # type: ignore[misc] # one document
    assert (len(told["findings"]), told["complete"]) == (1000, False)


def test_a_limit_of_no_findings_is_wrong_usage(catalogue: Path) -> None:
    assert run("check", catalogue, "--limit", "0").code == 2


def test_check_of_a_bare_file_wants_a_schema(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROWS, encoding="utf-8")
    ran = run("check", "a.csv")
    assert ran.code == 2
    assert "--schema" in ran.err
    assert "opendata new" in ran.err


@pytest.mark.parametrize(
    "words", [["nowhere"], ["a.csv", "--schema", "nowhere.json"], ["a.csv", "--schema", "no/such@1.0"]]
)
def test_check_of_what_is_not_there_is_wrong_usage(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "a.csv").write_text(ROWS, encoding="utf-8")
    assert run("check", *words).code == 2


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_check_of_an_empty_file_is_1_in_three_lines(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.csv").write_text(text)
    (tmp_path / "schema.json").write_text(json.dumps(SCHEMA))
    ran = run("check", "a.csv", "--schema", "schema.json")
    assert ran.code == 1
    assert "Traceback" not in ran.out + ran.err


# build


def test_build_tells_each_edition_and_what_was_left_out(catalogue: Path, tmp_path: Path) -> None:
    ran = run("build", catalogue, "--out", "out")
    assert (ran.code, ran.err) == (0, "")
    assert "river-levels  open " in ran.out
    assert "staff: withheld." in ran.out
    assert "dengue: not for this target." in ran.out
    assert (tmp_path / "out/river-levels/datapackage.json").is_file()


def test_build_up_to_shared(catalogue: Path) -> None:
    told = documents(run("build", catalogue, "--out", "out", "--level", "shared", "--json"))
    assert [item["name"] for item in told["built"]] == ["dengue--shared", "river-levels"]  # type: ignore[attr-defined]


@pytest.mark.parametrize("level", ["internal", "closed"])
def test_build_of_what_is_never_published_is_wrong_usage(catalogue: Path, level: str) -> None:
    assert run("build", catalogue, "--out", "out", "--level", level).code == 2


def test_build_of_a_withheld_package_by_name_is_4(catalogue: Path) -> None:
    assert run("build", catalogue, "staff", "--out", "out").code == 4


def test_build_into_a_folder_that_holds_something_else_is_3(catalogue: Path, tmp_path: Path) -> None:
    (tmp_path / "out/river-levels").mkdir(parents=True)
    (tmp_path / "out/river-levels/datapackage.json").write_text("{}")
    ran = run("build", catalogue, "--out", "out")
    assert (ran.code, len(ran.err.splitlines())) == (3, 3)


@pytest.mark.parametrize("words", [["build", "--out"], ["publish", "--to"], ["plan", "--save", "x/p.json", "--to"]])
def test_a_place_that_cannot_be_written_is_3(catalogue: Path, tmp_path: Path, words: list[str]) -> None:
    """A file where a folder is wanted: nobody can write there, not even root, as a folder of mode 500 would let."""
    (tmp_path / "x").write_text("mine")
    ran = run(words[0], catalogue, *words[1:], "./x/out" if words[0] != "plan" else "./portal")
    assert ran.code == 3
    assert "Traceback" not in ran.err
    assert "A file stands where a folder is wanted." in ran.err
    assert (tmp_path / "x").read_text() == "mine"


# plan


def test_plan_can_be_signed_and_writes_nothing(catalogue: Path, tmp_path: Path) -> None:
    ran = run("plan", catalogue, "--to", "./portal")
    assert (ran.code, ran.err) == (0, "")
    assert "new     river-levels  open" in ran.out
    assert "Mực nước sông Đà" in ran.out
    assert "Digest of this plan: sha256:" in ran.out
    assert "Signature" in ran.out
    assert not (tmp_path / "portal").exists()


def test_plan_tells_what_is_refused_where_it_is_signed(catalogue: Path) -> None:
    package(catalogue, "draft", access=None)
    ran = run("plan", catalogue, "--to", "./portal")
    assert (ran.code, ran.err) == (4, "")
    assert "draft: refused." in ran.out


def test_a_saved_plan_is_published_once_signed(catalogue: Path, tmp_path: Path) -> None:
    saved = run("plan", catalogue, "--to", "./portal", "--save", "plan.json", "--json")
    assert saved.code == 0
    assert documents(saved) == json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert run("publish", catalogue, "--to", "./portal", "--plan", "plan.json").code == 0


def test_a_saved_plan_is_refused_once_anything_has_moved_on(catalogue: Path, tmp_path: Path) -> None:
    run("plan", catalogue, "--to", "./portal", "--save", "plan.json")
    change(catalogue / "river-levels", title="Khác")
    ran = run("publish", catalogue, "--to", "./portal", "--plan", "plan.json")
    assert ran.code == 3
    assert "no longer what would be done" in ran.err
    assert not (tmp_path / "portal").exists()


@pytest.mark.parametrize("held", ["Công văn", "", "[]", "{}", '{"digest": "sha256:0"}', '{"name": "river-levels"}'])
def test_a_plan_is_saved_over_no_other_file(catalogue: Path, tmp_path: Path, held: str) -> None:
    path = tmp_path / "datapackage.json"
    path.write_text(held, "utf-8")
    ran = run("plan", catalogue, "--to", "./portal", "--save", path)
    assert (ran.code, ran.out, path.read_text("utf-8")) == (2, "", held)
    assert ran.err.splitlines()[1] == str(path)
    path.unlink()
    for _time in range(2):  # the second over the first
        assert run("plan", catalogue, "--to", "./portal", "--save", path).code == 0
        change(catalogue / "river-levels", title="Khác")
    assert json.loads(path.read_bytes())["digest"] in run("plan", catalogue, "--to", "./portal", "--json").out


def test_a_plan_is_saved_in_no_folder(catalogue: Path, tmp_path: Path) -> None:
    assert run("plan", catalogue, "--to", "./portal", "--save", tmp_path).code == 3


def test_a_signed_plan_carries_its_names_and_what_may_be_written_over(catalogue: Path, tmp_path: Path) -> None:
    package(catalogue, "lakes")
    run("publish", catalogue, "lakes", "--to", "./portal")
    page = tmp_path / "portal/lakes/datapackage.json"
    page.write_text(page.read_text("utf-8").replace('"title"', '"title": "Sửa tay", "old"', 1), "utf-8")
    words = ["--to", "./portal", "--plan", "plan.json"]
    assert run("plan", catalogue, "lakes", "--to", "./portal", "--overwrite", "lakes", "--save", "plan.json").code == 0
    for more in (["river-levels"], ["lakes", "river-levels"], ["--overwrite", "river-levels"], ["--organization", "a"]):
        ran = run("publish", catalogue, *more, *words)
        assert (ran.code, "The plan was made with other options" in ran.err) == (2, True), more
    told = documents(run("publish", catalogue, *words, "--json"))
    assert [(item["name"], item["action"], item["verified"]) for item in told["outcomes"]] == [  # type: ignore[attr-defined]
        ("lakes", "update", True)
    ]


def test_a_plan_is_for_one_place_whatever_its_name_means_later(catalogue: Path, tmp_path: Path) -> None:
    settings = tmp_path / "opendata.toml"
    settings.write_text('[targets.t]\nurl = "./one"\n', "utf-8")
    ran = run("plan", catalogue, "--to", "t", "--save", "plan.json")
    assert f"Plan for publishing to t ({tmp_path / 'one'})" in ran.out
    settings.write_text('[targets.t]\nurl = "./two"\n', "utf-8")
    ran = run("publish", catalogue, "--to", "t", "--plan", "plan.json")
    assert (ran.code, (tmp_path / "two").exists()) == (2, False)
    assert f"The plan was made for t ({tmp_path / 'one'}), not for t ({tmp_path / 'two'})." in ran.err
    settings.write_text('[targets.t]\nurl = "./one"\n', "utf-8")
    told = documents(run("publish", catalogue, "--to", "t", "--plan", "plan.json", "--json"))
    assert (told["target"], told["address"]) == ("t", str(tmp_path / "one"))


@pytest.mark.parametrize(("text", "code"), [("not json", 2), ("[]", 2), ("{}", 2), (None, 3)])
def test_a_file_that_is_no_plan_is_told(catalogue: Path, tmp_path: Path, text: str | None, code: int) -> None:
    if text is not None:
        (tmp_path / "plan.json").write_text(text)
    assert run("publish", catalogue, "--to", "./portal", "--plan", "plan.json").code == code


def test_plan_of_one_package_does_not_call_its_neighbours_unknown(catalogue: Path) -> None:
    package(catalogue, "lakes")
    run("publish", catalogue, "--to", "./portal")
    told = documents(run("plan", catalogue, "lakes", "--to", "./portal", "--json"))
    assert told["unknown"] == []
    assert [step["name"] for step in told["steps"]] == ["lakes"]  # type: ignore[attr-defined]


def test_plan_tells_what_is_gone_from_the_catalogue_and_leaves_it(catalogue: Path, site: Path) -> None:
    package(catalogue, "lakes")
    shutil.rmtree(catalogue / "river-levels")
    ran = run("publish", catalogue, "--to", "./portal")
    assert ran.code == 0
    planned = run("plan", catalogue, "--to", "./portal").out
    assert "river-levels: on the portal, but not in the catalogue at hand" in planned
    assert (site / "river-levels").is_dir()


# publish


def test_publish_prints_a_receipt_line_for_each_dataset(catalogue: Path, site: Path) -> None:
    package(catalogue, "lakes")
    ran = run("publish", catalogue, "--to", "./portal")
    assert (ran.code, ran.err) == (0, "")
    lines = [line.split()[:2] for line in ran.out.splitlines()]
    assert ["published", "lakes"] in lines
    assert ["unchanged", "river-levels"] in lines
    assert (site / "lakes/datapackage.json").is_file()


def test_publishing_again_says_that_nothing_is_to_do_and_writes_nothing(catalogue: Path, site: Path) -> None:
    before, receipts = snapshot(site), list(catalogue.rglob("receipts/*.json"))
    ran = run("publish", catalogue, "--to", "./portal")
    assert ran.code == 0
    assert "Nothing to do" in ran.out
    assert snapshot(site) == before
    assert list(catalogue.rglob("receipts/*.json")) == receipts


def test_a_receipt_is_kept_for_each_run_that_did_something(catalogue: Path, site: Path) -> None:
    assert site.is_dir()
    assert len(list((catalogue / ".opendata/receipts").glob("*.json"))) == 1


@pytest.mark.parametrize("access", [None, {"level": "open"}])
def test_a_refused_package_is_4_and_its_neighbours_are_published(
    catalogue: Path, tmp_path: Path, access: dict[str, str] | None
) -> None:
    package(catalogue, "draft", access=access)
    ran = run("publish", catalogue, "--to", "./portal")
    assert ran.code == 4
    assert "draft: refused." in ran.err
    assert (tmp_path / "portal/river-levels").is_dir()
    assert not (tmp_path / "portal/draft").exists()


@pytest.mark.parametrize("name", ["staff", "dengue", "dengue--shared"])
def test_what_a_site_may_not_have_is_4_by_name_and_not_said_to_be_up_to_date(catalogue: Path, name: str) -> None:
    ran = run("publish", catalogue, "--to", "./portal", name)
    assert ran.code == 4
    assert "refused" in ran.err
    assert "Nothing to do" not in ran.out


def test_a_faulty_package_is_1_and_a_refused_one_beside_it_4(catalogue: Path) -> None:
    package(catalogue, "bad", rows="river,level_cm\nx,y\n")
    assert run("publish", catalogue, "--to", "./portal").code == 1
    package(catalogue, "draft", access=None)
    assert run("publish", catalogue, "--to", "./portal").code == 4


@pytest.mark.parametrize(("changes", "rows", "code"), [({"access": None}, ROWS, 4), ({}, "river,level_cm\nx,y\n", 1)])
def test_all_or_nothing_writes_nothing(
    catalogue: Path, tmp_path: Path, changes: dict[str, None], rows: str, code: int
) -> None:
    package(catalogue, "bad", rows=rows, **changes)
    ran = run("publish", catalogue, "--to", "./portal", "--all-or-nothing")
    assert (ran.code, ran.out) == (code, "")
    assert not (tmp_path / "portal").exists()


def test_a_raised_level_withdraws_files_too(catalogue: Path, site: Path) -> None:
    change(catalogue / "river-levels", access={"level": "internal"})
    ran = run("publish", catalogue, "--to", "./portal")
    assert ran.code == 0
    assert ["withdrawn", "river-levels"] in [line.split()[:2] for line in ran.out.splitlines()]
    assert not (site / "river-levels").exists()


def test_reopening_what_was_withdrawn_is_a_conflict_with_its_remedy(catalogue: Path, site: Path) -> None:
    change(catalogue / "river-levels", access={"level": "internal"})
    run("publish", catalogue, "--to", "./portal")
    change(catalogue / "river-levels", access=OPEN)
    ran = run("publish", catalogue, "--to", "./portal")
    assert ran.code == 3
    assert "--overwrite river-levels" in ran.err
    assert not (site / "river-levels").exists()
    assert run("publish", catalogue, "--to", "./portal", "--overwrite", "river-levels").code == 0
    assert (site / "river-levels").is_dir()


def test_a_withheld_column_is_nowhere_in_the_portal(catalogue: Path, site: Path) -> None:
    fields = [FIELDS[0], {**FIELDS[1], "name": "keeper", "type": "string", "access": {"level": "internal"}}]
    package(catalogue, "posts", fields=fields, rows="river,keeper\nSông Đà,Nguyễn Văn An\n")
    assert run("publish", catalogue, "--to", "./portal").code == 0
    told = [path.read_bytes() for path in site.rglob("*") if path.is_file()]
    assert [text for text in told if "Nguyễn Văn An".encode() in text or b"keeper" in text] == []


def test_a_folder_that_holds_something_else_is_3_and_is_not_touched(catalogue: Path, tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal/thesis.doc").write_text("mine")
    ran = run("publish", catalogue, "--to", "./portal")
    assert ran.code == 3
    assert [path.name for path in (tmp_path / "portal").iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["publish", "catalogue", "--to", "portal"], "./portal"),
        (["publish", "nowhere", "--to", "./portal"], "no such folder"),
        (["publish", "catalogue", "--to", "./portal", "river-level"], "Did you mean river-levels"),
        (["publish", "catalogue", "--to", "./portal", "--overwrite", "river-level"], "Did you mean river-levels"),
        (["publish", "catalogue", "--to", "https://data.example.vn"], "opendata login https://data.example.vn"),
        (["list", "--from", "catalogue"], "./catalogue"),
        (["list", "--from", "./nowhere"], "no such folder"),
        (["show", "river-level", "--from", "./catalogue"], "Did you mean river-levels"),
        (["get", "river-levels", "--from", "./catalogue", "--format", "pdf"], "--help"),
    ],
)
def test_wrong_usage_is_2_and_says_how_to_mend(catalogue: Path, tmp_path: Path, words: list[str], said: str) -> None:
    assert catalogue.is_dir()
    ran = run(*words)
    assert ran.code == 2
    assert said in ran.err
    assert not (tmp_path / "portal").exists()


def test_two_packages_of_one_name_stop_everything_with_1(catalogue: Path, tmp_path: Path) -> None:
    package(catalogue / "more", "river-levels", id="5e3cbb3e-0000-4000-8000-000000000000")
    assert run("publish", catalogue, "--to", "./portal").code == 1
    assert not (tmp_path / "portal").exists()


# list, search, show, get


def test_list_of_a_catalogue_has_every_package_and_of_a_site_what_is_published(catalogue: Path, site: Path) -> None:
    package(catalogue, "odd", sector="cooking")
    here, there = run("list", "--from", "./catalogue"), run("list", "--from", f"{site}")
    assert (here.code, there.code) == (0, 0)
    assert [line.split()[:2] for line in here.out.splitlines()[1:]] == [
        ["dengue", "shared"],
        ["river-levels", "open"],
        ["staff", "internal"],
    ]
    assert "odd: faulty." in here.err
    assert [line.split()[:2] for line in there.out.splitlines()[1:]] == [["river-levels", "open"]]


def test_list_reads_the_catalogue_here(catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(catalogue)
    told = run("list", "--json").json
    assert isinstance(told, list)
    assert [entry["name"] for entry in told] == ["dengue", "river-levels", "staff"]


@pytest.mark.parametrize("place", ["./catalogue", "./portal"])
@pytest.mark.parametrize("words", [["song", "da"], ["Sông Đà"], ["DA", "river"], ["level_cm"]])
@pytest.mark.usefixtures("site")
def test_search_finds_with_and_without_marks(place: str, words: list[str]) -> None:
    told = run("search", *words, "--from", place, "--json").json
    assert isinstance(told, list)
    assert "river-levels" in [entry["name"] for entry in told]


@pytest.mark.usefixtures("site")
def test_search_that_finds_nothing_says_so() -> None:
    ran = run("search", "zzz", "--from", "./portal")
    assert (ran.code, ran.out) == (0, "No dataset was found.\n")


@pytest.mark.parametrize("place", ["./catalogue", "./portal"])
@pytest.mark.usefixtures("site")
def test_show_tells_what_a_visitor_wants_to_know(place: str) -> None:
    ran = run("show", "river-levels", "--from", place)
    assert ran.code == 0
    wanted = ("Levels of the Da river", "CC-BY-4.0", "du-lieu@example.vn", "Mực nước", "levels.csv", "integer  cm")
    assert [text for text in wanted if text not in ran.out] == []
    told = documents(run("show", "river-levels", "--from", place, "--json"))
    assert (told["name"], told["level"], len(told["files"])) == ("river-levels", "open", 2)  # type: ignore[arg-type]


def test_show_and_get_of_a_withheld_package(catalogue: Path) -> None:
    assert catalogue.is_dir()
    shown = run("show", "staff", "--from", "./catalogue")
    assert (shown.code, "no open edition" in shown.out) == (0, True)
    assert run("get", "staff", "--from", "./catalogue").code == 4


@pytest.mark.parametrize("place", ["./catalogue", "./portal"])
@pytest.mark.usefixtures("site")
def test_get_fetches_files_and_never_overwrites_others(place: str, tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        assert run("get", "river-levels", "--from", place, "--format", form, "--out", "got").code == 0
    assert sorted(path.name for path in (tmp_path / "got").iterdir()) == ["levels.csv", "levels.parquet"]
    assert (tmp_path / "got/levels.csv").read_text(encoding="utf-8") == ROWS
    (tmp_path / "got/levels.csv").write_text("mine")
    assert run("get", "river-levels", "--from", place, "--out", "got").code == 3
    assert (tmp_path / "got/levels.csv").read_text() == "mine"


def test_get_of_altered_bytes_is_3_names_both_digests_and_leaves_nothing(site: Path, tmp_path: Path) -> None:
    for path in site.glob("river-levels/*/levels.csv"):
        path.write_text("river,level_cm\nSông Đà,999\n", encoding="utf-8")
    ran = run("get", "river-levels", "--from", "./portal", "--out", "got", "--json")
    assert ran.code == 3
    error = documents(ran)["error"]
    assert isinstance(error, dict)
    assert (error["kind"], len([word for word in error["what"].replace(",", "").split() if len(word) == 64])) == (
        "IntegrityError",
        2,
    )
    assert not list((tmp_path / "got").glob("*"))


@pytest.mark.parametrize(
    "words",
    [
        ["check", "catalogue"],
        ["build", "catalogue", "--out", "out"],
        ["plan", "catalogue", "--to", "./portal"],
        ["publish", "catalogue", "--to", "./portal"],
        ["list", "--from", "./catalogue"],
        ["search", "song", "--from", "./catalogue"],
        ["show", "river-levels", "--from", "./catalogue"],
        ["get", "river-levels", "--from", "./catalogue", "--out", "got"],
        ["show", "nothing", "--from", "./catalogue"],
        ["build", "nowhere", "--out", "out"],
    ],
)
def test_with_json_standard_output_is_one_document(catalogue: Path, words: list[str]) -> None:
    assert catalogue.is_dir()
    assert run(*words, "--json").json is not None


@pytest.mark.usefixtures("site")
def test_plan_tells_what_changes_and_what_is_withdrawn(catalogue: Path) -> None:
    package(catalogue, "lakes")
    run("publish", catalogue, "--to", "./portal")
    change(catalogue / "lakes", version="2.0.0")
    change(catalogue / "river-levels", access={"level": "internal"})
    ran = run("plan", catalogue, "--to", "./portal")
    lines = ran.out.splitlines()
    assert ran.code == 0
    assert [line.split()[:2] for line in lines[3:4]] == [["withdraw", "river-levels"]]
    assert any(line.split()[:2] == ["change", "lakes"] for line in lines)
    assert "    Version 1.0.0 becomes 2.0.0." in lines
    assert "Datasets to be written or withdrawn: 2" in lines


def test_plan_of_nothing_that_may_go_has_no_table(tmp_path: Path) -> None:
    package(tmp_path / "c", "staff", access={"level": "internal"})
    ran = run("plan", "c", "--to", "./portal")
    assert (ran.code, "action" in ran.out) == (0, False)
    assert "staff: withheld." in ran.out


def test_a_faulty_package_by_name_is_1_with_its_first_fault(catalogue: Path) -> None:
    package(catalogue, "odd", sector="cooking")
    ran = run("publish", catalogue, "odd", "--to", "./portal")
    assert ran.code == 1
    assert ran.err.count("cooking") == 1


def test_a_fault_of_a_descriptor_names_its_place_once_asked_for(catalogue: Path) -> None:
    package(catalogue, "odd", sector="cooking")
    ran = run("get", "odd", "--from", "./catalogue", "--json")
    error = documents(ran)["error"]
    assert isinstance(error, dict)
    assert ran.code == 1
    assert [item["pointer"] for item in error["findings"]] == ["/sector"]
