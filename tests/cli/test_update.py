"""`opendata update`, run in this process: what it tells, what it asks, what it replaces, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from catalogue_helpers import package as made
from cli_helpers import english_after, run, typing

from opendata import files

if TYPE_CHECKING:
    from pathlib import Path

NEXT = "Mã,Năm\n01,2023\n02,2025\n03,2025\n"
TOLD = "lua: rows that are new 1, gone 0, changed 1, as before 1."


@pytest.fixture(autouse=True)
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package made of lúa.csv, and next month's file beside it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lúa.csv").write_text("Mã,Năm\n01,2023\n02,2024\n", encoding="utf-8")
    assert run("new", "lúa.csv").code == 0
    (tmp_path / "next.csv").write_text(NEXT, encoding="utf-8")
    return tmp_path / "lua"


def kept(folder: Path) -> dict[str, bytes]:
    """All that the package holds, without the lock of its last run."""
    paths = (path for path in folder.rglob("*") if path.is_file() and ".opendata" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def data(folder: Path) -> str:
    return (folder / "data/lua.csv").read_text(encoding="utf-8")


def change(folder: Path, **changes: Any) -> None:  # noqa: ANN401 - a resource's own properties
    """Change properties of the package's only resource; None removes one."""
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_bytes())
    resource = {**descriptor["resources"][0], **changes}
    descriptor["resources"] = [{key: value for key, value in resource.items() if value is not None}]
    path.write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize("word", ["--yes", "-y"])
def test_with_yes_it_tells_and_replaces(word: str, package: Path) -> None:
    ran = run("update", "lua", "next.csv", word)
    assert (ran.code, ran.err, ran.out.splitlines()) == (0, "", [TOLD, "Replaced."])
    assert data(package) == "ma,nam\n01,2023\n02,2025\n03,2025\n"
    assert run("check", "lua").code == 0


def test_where_nobody_can_be_asked_it_tells_replaces_nothing_and_is_2(package: Path) -> None:
    before = kept(package)
    ran = run("update", "lua", "next.csv")
    assert (ran.code, ran.err) == (2, "")
    assert ran.out.splitlines() == [
        TOLD,
        "Nothing was replaced, since nobody could be asked: run it again with --yes to replace.",
    ]
    assert kept(package) == before


@pytest.mark.parametrize(
    ("answers", "replaced"),
    [
        (["y"], True),
        (["CÓ"], True),
        (["dong y"], True),
        (["vâng"], True),
        (["n"], False),
        (["khong"], False),
        ([""], False),
        (["what?", "", "y"], False),
        (["what?", "co"], True),
    ],
)
def test_at_a_terminal_it_asks_and_either_answer_is_0(answers: list[str], *, replaced: bool, package: Path) -> None:
    before = kept(package)
    with typing(*answers):
        ran = run("update", "lua", "next.csv")
    assert ran.code == 0
    assert TOLD in ran.out
    assert ran.out.splitlines()[-1].strip() == ("Replaced." if replaced else "Nothing was replaced.")
    assert "Replace the old rows by the new ones? [no]" in ran.err
    assert ran.err.count("Please answer yes or no.") == answers.count("what?")
    assert (kept(package) != before) is replaced


def test_whoever_ends_the_question_replaces_nothing(package: Path) -> None:
    before = kept(package)
    with typing():
        assert run("update", "lua", "next.csv").code == 130
    assert kept(package) == before
    assert run("update", "lua", "next.csv", "--yes").code == 0


@pytest.mark.parametrize("words", [["--yes"], []])
def test_what_is_the_same_is_not_asked_about(words: list[str], package: Path) -> None:
    before = kept(package)
    with typing("n") as keyboard:
        ran = run("update", "lua", *words)
    assert (ran.code, ran.out, keyboard.tell()) == (0, "Nothing has changed.\n", 0)
    assert kept(package) == before
    assert run("update", "lua").code == 0


def test_the_document_of_update_is_one_entry_a_table(package: Path) -> None:
    changes = {"came": 1, "went": 0, "changed": 1, "kept": 1}
    told = {"resource": "lua", "changes": changes, "rows": 3, "notes": []}
    looked = run("update", "lua", "next.csv", "--json")
    assert (looked.code, looked.err, looked.json) == (2, "", [{**told, "replaced": False}])
    assert data(package).endswith("02,2024\n")
    done = run("update", "lua", "next.csv", "--json", "--yes")
    assert (done.code, done.err, done.json) == (0, "", [{**told, "replaced": True}])


def test_at_a_terminal_a_document_is_not_spoilt_by_a_question(package: Path) -> None:
    before = kept(package)
    with typing("y") as keyboard:
        ran = run("update", "lua", "next.csv", "--json")
    assert (ran.json[0]["replaced"], keyboard.tell(), ran.err) == (False, 0, "")  # type: ignore[index] # a list
    assert kept(package) == before


def test_the_old_source_makes_way_for_the_new(package: Path) -> None:
    run("update", "lua", "next.csv", "--yes")
    assert [path.name for path in (package / "source").iterdir()] == ["next.csv"]
    assert (package / "source/next.csv").read_text(encoding="utf-8") == NEXT


def test_nothing_is_left_of_a_run_but_the_lock(package: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("Mã,Năm\n01,x\n", encoding="utf-8")
    for file, words in (("next.csv", []), ("bad.csv", ["--yes"]), ("next.csv", ["--yes"])):
        run("update", "lua", file, *words)
        left = {path.name for path in package.rglob("*") if path.name.startswith(".")}
        assert left <= {".opendata", ".opendata.lock"}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["lua", "nowhere.csv"], 2, "nowhere.csv"),
        (["nowhere", "next.csv"], 2, "There is no such folder."),
        (["lua", "next.csv", "--table", "khac"], 2, "It has these: lua"),
        (["lua", "--table", "khac"], 2, "The package has no table of this name: khac"),
        (["lua", "next.xlsx"], 1, "of another kind than the old: .xlsx, not .csv"),
        ([], 2, "--help"),
    ],
)
def test_what_cannot_be_done_is_three_lines_and_nothing_changes(
    words: list[str], code: int, told: str, package: Path, tmp_path: Path
) -> None:
    (tmp_path / "next.xlsx").write_bytes(b"PK")
    before = kept(package)
    ran = run("update", *words, "--yes")
    assert (ran.code, ran.out) == (code, "")
    assert len(ran.err.splitlines()) == 3
    assert told in ran.err
    assert kept(package) == before


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Mã,Năm\n01,2023\n01,2024\n", "primary-key"),
        ("Mã,Năm\n01,hai nghìn\n", "type-error"),
    ],
)
def test_data_found_wanting_are_told_with_their_findings_and_the_old_stay(
    text: str, code: str, package: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.csv").write_text(text, encoding="utf-8")
    before = kept(package)
    ran = run("update", "lua", "bad.csv", "--yes", "--json")
    error = ran.json["error"]  # type: ignore[index] # an object
    assert (ran.code, error["kind"], error["status"]) == (1, "CheckError", 1)
    assert [item["code"] for item in error["findings"]] == [code]
    assert "Findings: 1" in error["what"]
    assert kept(package) == before


@pytest.mark.parametrize("row", ["03", "03,2024,x"])
def test_a_row_that_does_not_fit_the_header_is_told_and_not_filled(row: str, package: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(f"Mã,Năm\n01,2023\n{row}\n", encoding="utf-8")
    before = kept(package)
    ran = run("update", "lua", "bad.csv", "--yes")
    assert ran.code == 1
    assert ran.err.splitlines()[:2] == [
        f"Row 3 has {row.count(',') + 1} cells, the header has 2.",
        "bad.csv, row 3",
    ]
    assert kept(package) == before


def test_sizes_and_digests_of_the_old_data_do_not_outlive_them(package: Path) -> None:
    change(package, bytes=26, hash="sha256:" + "0" * 64)
    assert run("update", "lua", "--yes").code == 0
    (told,) = json.loads((package / "datapackage.json").read_bytes())["resources"]
    assert {"bytes", "hash"} <= told.keys()
    assert run("update", "lua", "next.csv", "--yes").code == 0
    (told,) = json.loads((package / "datapackage.json").read_bytes())["resources"]
    assert not {"bytes", "hash"} & told.keys()


def test_an_ending_in_capitals_is_the_same_kind_of_file(package: Path, tmp_path: Path) -> None:
    (tmp_path / "NEXT.CSV").write_text(NEXT, encoding="utf-8")
    assert run("update", "lua", "NEXT.CSV", "--yes").code == 0
    assert data(package).endswith("03,2025\n")


def test_data_that_are_gone_are_made_again_from_the_source(package: Path) -> None:
    before = kept(package)
    (package / "data/lua.csv").unlink()
    ran = run("update", "lua", "--yes")
    assert (ran.code, ran.out.splitlines()) == (
        0,
        ["lua: rows that are new 2, gone 0, changed 0, as before 0.", "Replaced."],
    )
    assert kept(package) == before


def test_a_row_that_is_written_otherwise_is_no_change(package: Path, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text('"Mã","Năm"\r\n"02","2024"\r\n"01","2023"\r\n', encoding="utf-8")
    before = data(package)
    ran = run("update", "lua", "b.csv", "--yes")
    assert (ran.code, ran.out) == (0, "Nothing has changed.\n")
    assert data(package) == before
    assert run("check", "lua").code == 0


def test_a_package_that_another_run_holds_is_3(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = files.lock
    monkeypatch.setattr("opendata.drafting.refreshing.files.lock", lambda folder: patient(folder, 0.05))
    with patient(package / ".opendata"):
        ran = run("update", "lua", "next.csv", "--yes")
    assert ran.code == 3
    assert len(ran.err.splitlines()) == 3
    assert data(package).endswith("02,2024\n")


# a package without a source


def test_a_bare_table_takes_a_file_of_its_own_form_and_keeps_no_source(package: Path, tmp_path: Path) -> None:
    change(package, origin=None)
    (tmp_path / "next.csv").write_text("ma,nam\n01,2023\n02,2024\n03,2025\n", encoding="utf-8")
    ran = run("update", "lua", "next.csv", "--yes")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "Replaced.")
    assert "origin" not in json.loads((package / "datapackage.json").read_bytes())["resources"][0]
    assert not (package / "source/next.csv").exists()


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"encoding": "utf-16"}, "is written in a form of its own"),
        ({"dialect": {"delimiter": ";"}}, "is written in a form of its own"),
        ({"path": ["data/lua.csv", "data/lua.csv"]}, "is not kept as one CSV file"),
    ],
)
def test_a_bare_table_in_a_form_of_its_own_is_left_to_its_owner(
    changes: dict[str, object], told: str, package: Path
) -> None:
    change(package, origin=None, **changes)
    before = kept(package)
    ran = run("update", "lua", "next.csv", "--yes")
    assert (ran.code, ran.err.splitlines()[-1]) == (2, "Put the new file in its place by hand, then check it.")
    assert told in ran.err
    assert kept(package) == before


def test_a_key_to_a_table_that_is_not_given_is_told(tmp_path: Path) -> None:
    """Were it left out in silence, rows of places that do not exist would be taken."""
    reference = {"package": "nowhere", "resource": "units", "fields": ["code"]}
    home = made(tmp_path / "c", "rivers", resource={"externalKeys": [{"fields": ["river"], "reference": reference}]})
    (tmp_path / "next.csv").write_text("river,level_cm\nSông Đà,1\n", encoding="utf-8")
    ran = run("update", home, "next.csv", "--yes")
    assert ran.code == 1
    assert "nowhere/units" in ran.err
    assert "120" in (home / "data/levels.csv").read_text(encoding="utf-8")


def test_in_vietnamese_all_is_said_in_vietnamese(package: Path) -> None:
    with english_after(), typing("lạ", "không"):
        asked = run("update", "lua", "next.csv", "--lang", "vi")
    with english_after():
        silent = run("update", "lua", "next.csv", "--lang=vi")
        missing = run("update", "lua", "mất.csv", "--lang", "vi")
    assert (asked.code, silent.code, missing.code) == (0, 2, 2)
    for ran in (asked, silent, missing):
        for english in ("rows", "Nothing", "Replace", "Please", "No such", "Check"):
            assert english not in ran.out + ran.err
    assert "--yes" in silent.out
    assert data(package).endswith("02,2024\n")


# what a finding says


@pytest.mark.usefixtures("package")
def test_findings_are_told_with_row_and_column_and_the_file_as_typed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/bad.csv").write_text("Mã,Năm\n01,2023\n02,hai nghìn\n", encoding="utf-8")
    ran = run("update", "lua", "in/bad.csv", "--yes")
    assert ran.code == 1
    assert ran.err.startswith("in/bad.csv · row 3 · column 2 (nam): ")
    assert ran.err.splitlines()[-2] == "in/bad.csv"
    assert "source/" not in ran.err
    assert ".opendata" not in ran.err
    assert "--key" not in ran.err


def test_a_sheet_is_told_too_and_a_source_edited_in_place_by_its_path(tmp_path: Path) -> None:
    book = {"Biểu 1": [["Mã", "Năm"], ["01", 2023], ["02", 2024]]}
    assert run("new", xlsx(tmp_path / "so.xlsx", book).name).code == 0
    xlsx(tmp_path / "so/source/so.xlsx", {"Biểu 1": [["Mã", "Năm"], ["01", "x"], ["02", 2024]]})
    ran = run("update", "so", "--yes")
    assert ran.code == 1
    assert "so/source/so.xlsx · sheet Biểu 1 · row 2 · column 2 (nam)" in ran.err


@pytest.mark.usefixtures("package")
def test_rows_that_share_a_key_are_told_that_the_key_may_be_wrong_and_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("Mã,Năm\n01,2023\n01,2024\n", encoding="utf-8")
    ran = run("update", "lua", "bad.csv", "--yes")
    assert ran.err.splitlines()[-1].endswith(
        "The key may be wrong as well: it is the primaryKey (ma) of the table lua in lua/datapackage.json."
    )


@pytest.mark.usefixtures("package")
def test_where_no_key_is_as_before_it_is_said_before_the_question(tmp_path: Path) -> None:
    (tmp_path / "zeros.csv").write_text("Mã,Năm\n1,2023\n2,2024\n", encoding="utf-8")
    with typing("n"):
        ran = run("update", "lua", "zeros.csv")
    assert ran.err.index("zeros lost at the beginning (001 became 1)") < ran.err.index("Replace the old rows")
    assert "zeros lost" not in run("update", "lua", "next.csv", "--yes").err


# a file in another form


def xlsx(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def origin(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_bytes())["resources"][0]["origin"]  # type: ignore[no-any-return] # JSON


@pytest.mark.parametrize(
    ("delimiter", "encoding", "declared"),
    [
        (";", "utf-8", {"dialect": {"delimiter": ";"}}),
        (";", "utf-8-sig", {"dialect": {"delimiter": ";"}}),
        (",", "utf-16", {"encoding": "utf-16"}),
        ("\t", "utf-16", {"encoding": "utf-16", "dialect": {"delimiter": "\t"}}),
    ],
)
def test_a_file_of_another_encoding_or_delimiter_is_read_as_it_is_and_that_is_kept(
    delimiter: str, encoding: str, declared: dict[str, object], package: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.csv").write_bytes(NEXT.replace(",", delimiter).encode(encoding))
    ran = run("update", "lua", "other.csv", "--yes")
    assert ran.code == 0, ran.err
    assert "The file is written otherwise than the last one." in ran.err
    assert data(package) == "ma,nam\n01,2023\n02,2025\n03,2025\n"
    assert {key: origin(package).get(key) for key in ("encoding", "dialect") if key in origin(package)} == declared
    assert run("check", "lua").code == 0
    assert run("update", "lua", "next.csv", "--yes").out.splitlines()[-1] == "Nothing has changed."
    assert not {"encoding", "dialect"} & origin(package).keys()


def test_a_file_in_the_old_form_keeps_it_in_silence(tmp_path: Path) -> None:
    (tmp_path / "aa.csv").write_bytes("Đơn;Sô\n01;1,5\n02;2,5\n".encode("cp1258"))
    assert run("new", "aa.csv").code == 0
    before = origin(tmp_path / "aa")
    (tmp_path / "b.csv").write_bytes((tmp_path / "aa.csv").read_bytes() + b"03;3,5\n")
    ran = run("update", "aa", "b.csv", "--yes")
    assert (ran.code, ran.err) == (0, "")
    after = origin(tmp_path / "aa")
    assert {key: after[key] for key in ("encoding", "dialect")} == {key: before[key] for key in ("encoding", "dialect")}


SHEET = [["Mã", "Năm"], ["01", 2023], ["02", 2024]]


def test_the_only_sheet_is_taken_whatever_its_name_and_that_is_said(tmp_path: Path) -> None:
    assert run("new", xlsx(tmp_path / "so.xlsx", {"T1": SHEET}).name).code == 0
    ran = run("update", "so", xlsx(tmp_path / "b.xlsx", {"T2": [*SHEET, ["03", 2025]]}), "--yes")
    assert ran.code == 0, ran.err
    assert "There is no sheet T1; read is T2, the only one." in ran.err
    assert origin(tmp_path / "so")["sheet"] == "T2"
    assert run("check", "so").code == 0


def test_of_several_sheets_one_has_to_be_named(tmp_path: Path) -> None:
    assert run("new", xlsx(tmp_path / "so.xlsx", {"T1": SHEET}).name).code == 0
    several = xlsx(tmp_path / "b.xlsx", {"T2": SHEET, "T3": [*SHEET, ["03", 2025]]})
    ran = run("update", "so", several, "--yes")
    assert ran.code == 1
    assert "--sheet NAME" in ran.err
    assert "T2; T3" in ran.err
    assert str(several) in ran.err
    assert run("update", "so", several, "--sheet", "T3", "--yes").code == 0
    assert origin(tmp_path / "so")["sheet"] == "T3"
    assert run("check", "so").code == 0


def test_a_header_in_another_row_is_told_and_taken(package: Path, tmp_path: Path) -> None:
    (tmp_path / "low.csv").write_text("Bảng,\n,\n" + NEXT, encoding="utf-8")
    ran = run("update", "lua", "low.csv", "--yes")
    assert ran.code == 1
    assert "--header 3" in ran.err
    assert run("update", "lua", "low.csv", "--yes", "--header", "3").code == 0
    assert origin(package)["recipe"][0] == {"step": "header", "rows": [3], "join": " "}
    assert run("check", "lua").code == 0
    assert run("update", "lua", "next.csv", "--yes", "--header", "1").out == "Nothing has changed.\n"
    assert origin(package)["recipe"][0]["step"] == "rename"
    assert run("update", "lua", "--header", "x").code == 2


# what does not change with the data


def test_a_period_that_went_on_is_said_after_the_rows_were_replaced(package: Path, tmp_path: Path) -> None:
    path = package / "datapackage.json"
    told = json.loads(path.read_bytes()) | {"coverage": {"start": "2023", "end": "2024-12"}}
    path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    looked = run("update", "lua", "next.csv")
    assert "did not change" not in looked.err
    ran = run("update", "lua", "next.csv", "--yes")
    assert "cover 2023 to 2025 now, the package still says 2023 to 2024-12" in ran.err
    assert "lua/datapackage.json" in ran.err
    assert json.loads(path.read_bytes())["coverage"] == told["coverage"]
    (tmp_path / "within.csv").write_text("Mã,Năm\n01,2024\n", encoding="utf-8")
    assert "did not change" not in run("update", "lua", "within.csv", "--yes").err
