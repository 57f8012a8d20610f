"""`opendata new`, run in this process: each option, each question, each way it can end."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cli_helpers import english_after, run, typing

from opendata.drafting import questions

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = ["--department", "Sở", "--contact", "a@b.vn", "--licence", "CC0-1.0"]
NOTES = [
    "Mã stays text: it holds codes with leading zeros, the first in row 2.",
    "The key was guessed: no two rows share ma. Confirm it.",
]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "Lúa 2024.csv"
    file.write_text("Mã,Năm\n01,2023\n02,2024\n", encoding="utf-8")
    return file


def written(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_bytes())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# options


def test_where_nobody_is_asked_it_says_what_it_made_and_what_is_next(table: Path) -> None:
    ran = run("new", table.name)
    assert ran.code == 0
    assert ran.out.splitlines() == ["Made: lua-2024 (2 rows, level internal)", "Next: opendata check lua-2024"]
    assert ran.err.splitlines() == [f"- {note}" for note in NOTES]


def test_the_document_of_new_tells_all_that_a_machine_needs(table: Path) -> None:
    ran = run("new", table.name, "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == {"name": "lua-2024", "folder": "lua-2024", "rows": 2, "level": "internal", "notes": NOTES}


@pytest.mark.parametrize("word", ["--yes", "-y", "--json"])
def test_at_a_terminal_these_words_ask_nothing(word: str, table: Path, tmp_path: Path) -> None:
    with typing("an answer that nobody wants") as keyboard:
        ran = run("new", table.name, word)
    assert ran.code == 0
    assert keyboard.tell() == 0
    assert written(tmp_path / "lua-2024")["title"] == "Lúa 2024"


OPTIONS: dict[str, tuple[str, str, object]] = {
    "--title": ("Diện tích", "title", "Diện tích"),
    "--department": ("Sở Y tế", "department", {"name": "Sở Y tế"}),
    "--department-code": ("H15.05", "department", {"code": "H15.05"}),
    "--contact": ("a@b.vn", "department", {"contact": {"email": "a@b.vn"}}),
    "--sector": ("health", "sector", "health"),
    "--start": ("2023-06", "coverage", {"start": "2023-06"}),
    "--end": ("2024-12-31", "coverage", {"end": "2024-12-31"}),
    "--level": ("closed", "access", {"level": "closed"}),
}


@pytest.mark.parametrize("option", OPTIONS)
def test_each_option_says_one_thing_and_nothing_else(option: str, table: Path, tmp_path: Path) -> None:
    given, key, value = OPTIONS[option]
    assert run("new", table.name, "--name", "plain").code == 0
    assert run("new", table.name, "--name", "told", option, given).code == 0
    plain, told = (written(tmp_path / name) for name in ("plain", "told"))
    assert told[key] == value
    for other in (plain, told):
        for name in ("id", "name", "resources", key):
            other.pop(name, None)
    assert told == plain


@pytest.mark.parametrize(
    ("licence", "stated"),
    [
        ("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("ODC-BY-1.0", "https://opendatacommons.org/licenses/by/1-0/"),
        ("notspecified", None),
    ],
)
def test_a_licence_is_written_with_its_address(licence: str, stated: str | None, table: Path, tmp_path: Path) -> None:
    assert run("new", table.name, "--licence", licence).code == 0
    (found,) = written(tmp_path / "lua-2024")["licenses"]
    assert (found["name"], found.get("path"), bool(found["title"])) == (licence, stated, True)


def test_a_lowered_level_keeps_who_reviewed_it_why_and_the_day(table: Path, tmp_path: Path) -> None:
    days = {dt.datetime.now().astimezone().date().isoformat()}
    ran = run("new", table.name, "--level", "shared", *NEEDED, "--reviewed-by", "Trần B", "--reason", "Tổng hợp")
    days.add(dt.datetime.now().astimezone().date().isoformat())
    assert "level shared" in ran.out
    access = written(tmp_path / "lua-2024")["access"]
    assert access.pop("reviewedOn") in days
    assert access == {"level": "shared", "reviewedBy": "Trần B", "reason": "Tổng hợp"}


def test_a_review_is_not_kept_of_what_was_not_lowered(table: Path, tmp_path: Path) -> None:
    assert run("new", table.name, "--reviewed-by", "Trần B", "--reason", "Tổng hợp").code == 0
    assert written(tmp_path / "lua-2024")["access"] == {"level": "internal"}


def test_the_package_is_made_where_told_and_the_file_stays(table: Path, tmp_path: Path) -> None:
    ran = run("new", table.name, "--to", "deep/er", "--name", "lua")
    assert ran.out.splitlines()[1] == "Next: opendata check deep/er/lua"
    assert names(tmp_path / "deep/er") == ["lua"]
    assert names(tmp_path / "deep/er/lua") == ["data", "datapackage.json", "source"]
    assert table.read_bytes() == (tmp_path / "deep/er/lua/source" / table.name).read_bytes()


def workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    first, second = book.active, book.create_sheet("Biểu 2")
    for row in ([["Mã", "Năm"], ["01", 2020], ["02", 2021]], [["Bảng"], ["Mã", ""], ["tỉnh", "Xã"], ["07", "x"]]):
        sheet = first if row[0] == ["Mã", "Năm"] else second
        for cells in row:
            sheet.append(cells)
    book.save(path)


def test_a_sheet_and_a_header_of_two_rows_are_kept_in_the_origin(tmp_path: Path) -> None:
    workbook(tmp_path / "so.xlsx")
    assert run("new", "so.xlsx").code == 0
    assert (tmp_path / "so/data/so.csv").read_text() == "ma,nam\n01,2020\n02,2021\n"
    ran = run("new", "so.xlsx", "--name", "hai", "--sheet", "Biểu 2", "--header", "2-3")
    assert ran.code == 0, ran.err
    assert (tmp_path / "hai/data/hai.csv").read_text(encoding="utf-8").splitlines()[1:] == ["07,x"]
    origin = written(tmp_path / "hai")["resources"][0]["origin"]
    assert (origin["sheet"], origin["recipe"][0]) == ("Biểu 2", {"step": "header", "rows": [2, 3], "join": " "})
    assert run("update", "hai").out == "Nothing has changed.\n"


def test_a_header_below_the_file_is_told_by_its_option(table: Path) -> None:
    ran = run("new", table.name, "--header", "99")
    assert ran.code == 1
    assert ran.err.splitlines()[1:] == [
        table.name,
        "Correct --header: it names the rows of the header, counted as in the file, from 1.",
    ]


@pytest.mark.parametrize(
    ("key", "kept"), [("Năm,Mã", ["nam", "ma"]), ("mã", ["ma"]), ("none", None), ("-", None), ("", ["ma"])]
)
def test_a_key_is_named_by_header_or_field_or_is_none(
    key: str, kept: list[str] | None, table: Path, tmp_path: Path
) -> None:
    assert run("new", table.name, "--key", key).code == 0
    assert written(tmp_path / "lua-2024")["resources"][0]["schema"].get("primaryKey") == kept


def test_a_key_that_rows_share_is_told_by_file_and_row_as_typed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/lua.csv").write_text("Mã,Năm\n01,2023\n01,2024\n", encoding="utf-8")
    ran = run("new", "in/lua.csv", "--key", "Mã")
    assert ran.code == 1
    told = ran.err.splitlines()
    assert [line.startswith("in/lua.csv · row 3") for line in told].count(True) == 1
    assert told[-2] == "in/lua.csv"
    assert told[-1].endswith("with --key.")
    assert not (tmp_path / "lua").exists()


def test_what_the_level_needs_is_asked_again_once_it_is_lowered(table: Path, tmp_path: Path) -> None:
    with typing(*[""] * 9, "open", "Trần B", "Tổng hợp", "", "Sở Y tế", "a", "a@b.vn"):
        ran = run("new", table.name)
    assert ran.code == 0, ran.err
    assert ran.err.count("Department that owns the data") == 3
    department = written(tmp_path / "lua-2024")["department"]
    assert department == {"name": "Sở Y tế", "contact": {"email": "a@b.vn"}}


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    ran = run("new", "mất.csv")
    assert (ran.code, ran.err.splitlines()) == (
        2,
        ["There is no such file.", "mất.csv", "Check the name and the folder."],
    )
    assert names(tmp_path) == []


def test_a_sheet_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    workbook(tmp_path / "so.xlsx")
    ran = run("new", "so.xlsx", "--sheet", "Biểu 9")
    assert ran.code == 1
    assert "Biểu 9" in ran.err
    assert "Biểu 2" in ran.err
    assert names(tmp_path) == ["so.xlsx"]


@pytest.mark.parametrize(("header", "rows"), [("1", 2), ("2", 1), ("1-2", 1)])
def test_the_header_is_the_rows_that_are_told(header: str, rows: int, table: Path) -> None:
    assert run("new", table.name, "--header", header, "--json").json["rows"] == rows  # type: ignore[index] # an object


@pytest.mark.parametrize("header", ["4-", "-4", "0", "0-2", "5-4", "1-22", "x", "1-x", "1-2-3", "²", "1.5"])
def test_a_header_that_is_none_is_wrong_usage_and_makes_nothing(header: str, table: Path, tmp_path: Path) -> None:
    ran = run("new", table.name, f"--header={header}")
    assert ran.code == 2
    assert ran.err.splitlines()[1:] == [header, "Write --header 4, or --header 4-5."]
    assert names(tmp_path) == [table.name]


# how it ends


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--level", "public"], "public"),
        (["--sector", "farming"], "farming"),
        (["--licence", "GPL"], "GPL"),
        (["--title", " "], "--title: ' '"),
        (["--contact", "a b"], "--contact: 'a b'"),
        (["--department-code", "h15"], "--department-code: 'h15'"),
        (["--start", "2024-13"], "--start: '2024-13'"),
        (["--end", "31/12/2024"], "--end: '31/12/2024'"),
        (["--level", "open", "--reason", "x"], "--reviewed-by"),
        (["--level", "shared", "--reviewed-by", "x"], "--reason"),
        (["--level", "open", "--reviewed-by", "x", "--reason", "x"], "--department, --contact, --licence"),
        (["--level", "open", *NEEDED[:4], "--reviewed-by", "x", "--reason", "x"], "--licence"),
        (["--start", "2024-03", "--end", "2024-02"], "before the first period"),
        (["--key", "Mã,Xã"], "no such column: Xã. It has these: Mã, Năm"),
        (["--name", "Lúa"], "dien-tich-lua"),
        (["--name", "../out"], "../out"),
    ],
)
def test_what_cannot_be_taken_is_wrong_usage_and_makes_nothing(
    words: list[str], told: str, table: Path, tmp_path: Path
) -> None:
    ran = run("new", table.name, *words)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert names(tmp_path) == [table.name]


def test_all_wrong_answers_are_told_at_once_each_with_its_mend(table: Path) -> None:
    ran = run("new", table.name, "--contact", "abc", "--start", "24", "--json")
    told = ran.json["error"]  # type: ignore[index] # an object
    assert (told["kind"], told["status"], told["where"]) == ("UsageError", 2, "--contact: 'abc'; --start: '24'")
    assert told["remedy"] == (
        '"abc" is no e-mail address, such as so@tinh.gov.vn.'
        ' "24" is no year, month or date: write 2024, 2024-01 or 2024-01-31.'
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("Mã,Mã\n1,2\n3,4\n", "no name of their own: Mã"),
        ("Mã,\n1,2\n3,4\n", "Lúa.csv, row 2, column 2"),
        (" ,Mã\n1,2\n3,4\n", "column 1 (no name)"),
        ("Mã,Tên\n01,a\n02\n", "Lúa.csv, row 3"),
        ("Bảng lúa\n\nMã,Tên,Năm\n01,a,2020\n02,b,2021\n", "--header 3"),
    ],
)
def test_a_file_that_is_no_clean_table_is_1_and_makes_nothing(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "Lúa.csv").write_text(text, encoding="utf-8")
    ran = run("new", "Lúa.csv")
    assert (ran.code, ran.out) == (1, "")
    assert told in ran.err
    assert names(tmp_path) == ["Lúa.csv"]


def test_a_package_that_is_there_is_3_and_told_how_to_go_on(table: Path, tmp_path: Path) -> None:
    assert run("new", table.name).code == 0
    before = (tmp_path / "lua-2024/datapackage.json").read_bytes()
    ran = run("new", table.name, "--title", "Khác")
    assert ran.code == 3
    assert ran.err.splitlines() == [
        "There is something already.",
        "lua-2024",
        "For next month's file run: opendata update lua-2024 FILE. For another package give --name NAME.",
    ]
    assert (tmp_path / "lua-2024/datapackage.json").read_bytes() == before


def test_a_file_in_the_folders_place_is_3(table: Path, tmp_path: Path) -> None:
    (tmp_path / "x").write_text("mine")
    ran = run("new", table.name, "--to", "x")
    assert ran.code == 3
    assert "A file stands where a folder is wanted." in ran.err
    assert (tmp_path / "x").read_text() == "mine"


# questions

ALL = (
    "Diện tích lúa",
    "Sở",
    "H15",
    "a@b.vn",
    "health",
    "CC0-1.0",
    "2020",
    "2025",
    "năm, mã",
    "2",
    "Trần B",
    "Tổng hợp",
)


def test_the_questions_come_in_their_order_after_the_notes(table: Path, tmp_path: Path) -> None:
    with typing(*ALL):
        ran = run("new", table.name)
    assert ran.code == 0
    places = [ran.err.index(text) for text in (*NOTES, *(question.text for question in questions()))]
    assert places == sorted(places)
    assert [ran.err.count(note) for note in NOTES] == [1, 1]
    told = written(tmp_path / "lua-2024")
    assert told["department"] == {"code": "H15", "name": "Sở", "contact": {"email": "a@b.vn"}}
    assert (told["title"], told["sector"], told["licenses"][0]["name"]) == ("Diện tích lúa", "health", "CC0-1.0")
    assert told["coverage"] == {"start": "2020", "end": "2025"}
    assert told["resources"][0]["schema"]["primaryKey"] == ["nam", "ma"]
    assert (told["access"]["reviewedBy"], told["access"]["reason"]) == ("Trần B", "Tổng hợp")


def test_defaults_are_shown_and_taken_by_enter(table: Path, tmp_path: Path) -> None:
    with typing(*[""] * 10):
        ran = run("new", table.name)
    assert ran.code == 0
    for shown in ("[Lúa 2024]", "[notspecified]", "[2023]", "[2024]", "[Mã]", "[internal]"):
        assert shown in ran.err
    assert "[]" not in ran.err
    told = written(tmp_path / "lua-2024")
    assert (told["coverage"], told["licenses"][0]["name"]) == ({"start": "2023", "end": "2024"}, "notspecified")
    assert not {"sector", "department"} & told.keys()


def test_a_wrong_answer_is_told_what_is_wanted_and_asked_again(table: Path, tmp_path: Path) -> None:
    wrong = {"contact": "so", "sector": "farming", "licence": "GPL", "start": "2024-13", "end": "2022", "key": "Xã"}
    wrong |= {"level": "all", "reviewed_by": "", "reason": ""}
    right = {"department": "Sở", "contact": "a@b.vn", "level": "open", "reviewed_by": "B", "reason": "C"}
    typed = []
    for question in questions():
        typed += [wrong[question.field]] if question.field in wrong else []
        typed += [right.get(question.field, "")]
    with typing(*typed):
        ran = run("new", table.name)
    assert ran.code == 0, ran.err
    for question in questions():
        assert ran.err.count(question.text) == (2 if question.field in wrong else 1), question.field
        assert question.help not in ran.err
    for told in (
        '"so" is no e-mail',
        '"farming" is none',
        '"2024-13" is no year',
        "2022 is before the first period, 2023",
    ):
        assert told in ran.err
    assert "\n  2. Shared data (shared)\n" in ran.err
    assert written(tmp_path / "lua-2024")["access"]["reason"] == "C"


def test_an_option_that_needs_a_review_has_the_review_asked_for(table: Path, tmp_path: Path) -> None:
    with typing("", "", "Sở", "", "", "a@b.vn", "", "", "", "", "", "Trần B", "Tổng hợp"):
        ran = run("new", table.name, "--level", "open")
    assert ran.code == 0
    assert "Who may see the data" not in ran.err
    assert written(tmp_path / "lua-2024")["access"]["reviewedBy"] == "Trần B"


def test_an_answer_is_kept_composed_and_without_blanks(table: Path, tmp_path: Path) -> None:
    with typing(" Lu\u0301a  ", *[""] * 9):
        assert run("new", table.name).code == 0
    assert written(tmp_path / "lua-2024")["title"] == "L\u00faa"


@pytest.mark.parametrize("answered", [0, 1, 9])
def test_whoever_ends_the_questions_makes_nothing(answered: int, table: Path, tmp_path: Path) -> None:
    with typing(*[""] * answered):
        ran = run("new", table.name)
    assert ran.code == 130
    assert "Traceback" not in ran.err
    assert ran.err.endswith("Interrupted.\n")
    assert names(tmp_path) == [table.name]


def test_no_question_is_asked_of_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "Lúa.csv").write_text("Mã,Mã\n1,2\n", encoding="utf-8")
    with typing("x") as keyboard:
        ran = run("new", "Lúa.csv")
    assert (ran.code, keyboard.tell()) == (1, 0)


def test_in_vietnamese_every_question_and_the_end_are_in_vietnamese(table: Path) -> None:
    with english_after(), typing(*ALL):
        ran = run("new", table.name, "--lang", "vi")
    assert ran.code == 0
    assert [question.text for question in questions() if question.text in ran.err] == []
    assert "rà soát" in ran.err
    assert "Dữ liệu dùng chung (shared)" in ran.err
    assert ran.out.splitlines() == ["Đã tạo: lua-2024 (2 dòng, mức shared)", "Tiếp theo: opendata check lua-2024"]
