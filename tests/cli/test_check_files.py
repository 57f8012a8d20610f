"""`opendata check FILE --schema S` on any file: the schema's labels tell how it is read, or the user does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cli_helpers import run
from sources_helpers import xlsx


def _checked(folder: Path, content: str, fields: dict[str, str], *options: str, name: str = "t.csv") -> dict[str, Any]:
    schema = folder / "schema.json"
    declared = [{"name": label, "type": kind} for label, kind in fields.items()]
    schema.write_text(json.dumps({"fields": declared, "missingValues": ["", "NA"]}), encoding="utf-8")
    path = folder / name
    if content:
        path.write_text(content, encoding="utf-8", newline="")
    ran = run("check", path, "--schema", schema, "--json", *options)
    (told,) = json.loads(ran.out)
    assert ran.code == (0 if told["valid"] else 1)
    found: dict[str, Any] = told
    return found


def _codes(told: dict[str, Any]) -> list[tuple[str, int]]:
    return [(finding["code"], finding["row"]) for finding in told["findings"]]


def _texts(labels: str) -> dict[str, str]:
    return dict.fromkeys(labels.split(), "string")


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        ("name,0-4,5-9\nx,1,2\ny,NA,NA\nz,3,4\n", {"name": "string", "0-4": "integer", "5-9": "integer"}),
        ("tinh,2024-01,2024-02\nHue,tot,xau\nHN,tot,tot\n", _texts("tinh 2024-01 2024-02")),
        ("ten,10%\na,b\nc,d\n", _texts("ten 10%")),
        ("1,2\na,b\nc,d\n", _texts("1 2")),
        ("note\na|b\nc|d\n", _texts("note")),
        ("note\na;b\nc;d\ne;f;g\n", _texts("note")),
        ("a;b\n1,5;2\n3,5;4\n", _texts("a b")),
    ],
)
def test_a_label_may_look_like_a_number_and_a_cell_like_a_delimiter(
    tmp_path: Path, content: str, fields: dict[str, str]
) -> None:
    told = _checked(tmp_path, content, fields)
    assert told["valid"], told["findings"]
    assert told["layout"]["headerRow"] == 1


def test_labels_of_a_workbook_may_be_numbers(tmp_path: Path) -> None:
    xlsx(tmp_path / "t.xlsx", {"S": [[1, 2], ["a", "b"], ["c", "d"]]})
    told = _checked(tmp_path, "", _texts("1 2"), name="t.xlsx")
    assert (told["valid"], told["layout"]["headerRow"], told["layout"]["sheet"]) == (True, 1, "S")


def test_cells_beyond_the_header_and_labels_that_are_not_there_are_found_where_they_are(tmp_path: Path) -> None:
    wide = _checked(tmp_path, "a,b\nx,y,z,u\nx,y,z,u\n", _texts("a b"))
    assert _codes(wide) == [("extra-cell", 2), ("extra-cell", 2), ("extra-cell", 3), ("extra-cell", 3)]
    sparse = _checked(tmp_path, "a,b,,,\n1,2,3,4,5\nx,y,z,v,w\n", _texts("a b c d e"))
    assert _codes(sparse) == [("blank-label", 1)] * 3


def test_one_short_row_does_not_turn_a_file_around(tmp_path: Path) -> None:
    content = "name,codes\n" + "n1,1;2;3\n" * 100 + "q1;2;3\n"
    assert _codes(_checked(tmp_path, content, _texts("name codes"))) == [("missing-cell", 102)]


def test_a_tsv_has_tabs_though_its_cells_have_commas(tmp_path: Path) -> None:
    assert _checked(tmp_path, "note\na,b\nc,d\n", _texts("note"), name="t.tsv")["valid"]
    assert _checked(tmp_path, "a,b\nc,d\n", _texts("a b"), name="t.tsv")["layout"]["dialect"] == {"delimiter": ","}


def test_a_machine_is_told_what_was_supposed(tmp_path: Path) -> None:
    told = _checked(tmp_path, "Title,,\na,b,c\n1,2,3\n", _texts("a b c"))
    assert told["valid"]
    assert told["layout"]["dialect"] == {"headerRows": [2]}
    assert len(told["layout"]["notes"]) == 1


def test_what_is_declared_is_not_looked_for(tmp_path: Path) -> None:
    content = "Title,,\na,b,c\n1,2,3\n"
    plain = _checked(tmp_path, content, _texts("a b c"), "--dialect", "{}")
    assert _codes(plain)[0] == ("incorrect-label", 1)
    dialect = tmp_path / "dialect.json"
    dialect.write_text('{"delimiter": ";", "headerRows": [2]}', encoding="utf-8")
    assert _checked(tmp_path, "T\na;b\n1;2\n", _texts("a b"), "--dialect", str(dialect))["valid"]
    (tmp_path / "old.csv").write_bytes("tên\nĐà\n".encode("utf-16-le"))
    assert _checked(tmp_path, "", _texts("tên"), "--encoding", "utf-16-le", name="old.csv")["valid"]
    xlsx(tmp_path / "t.xlsx", {"Một": [["x"], ["1"]], "Hai": [["a"], ["1"]]})
    second = _checked(tmp_path, "", _texts("a"), "--dialect", '{"sheetNumber": 2}', name="t.xlsx")
    assert second["valid"]


@pytest.mark.parametrize(("said", "code"), [("nowhere.json", 2), ("{", 2), ("[1]", 2), ('{"delimiter": 7}', 1)])
def test_a_dialect_that_is_none_is_said(tmp_path: Path, said: str, code: int) -> None:
    (tmp_path / "t.csv").write_text("a\n1\n", encoding="utf-8")
    (tmp_path / "s.json").write_text('{"fields": [{"name": "a"}]}', encoding="utf-8")
    ran = run("check", tmp_path / "t.csv", "--schema", tmp_path / "s.json", "--dialect", said)
    assert ran.code == code
    assert len((ran.err if code == 2 else ran.out).splitlines()) == 3


def test_a_package_says_itself_how_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    ran = run("check", tmp_path / "p", "--encoding", "cp1258", "--lang", "en")
    assert ran.code == 2
    assert "bare file" in ran.err
    assert "no such file" in run("check", tmp_path / "q", "--encoding", "cp1258", "--lang", "en").err


def test_what_was_found_is_said_before_the_next_path_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\nx\n", encoding="utf-8")
    (tmp_path / "s.json").write_text('{"fields": [{"name": "a", "type": "integer"}]}', encoding="utf-8")
    ran = run("check", tmp_path / "t.csv", tmp_path / "q.csv", "--schema", tmp_path / "s.json", "--lang", "en")
    assert ran.code == 2
    assert "findings: 1" in ran.out
    assert "no such file" in ran.err


def test_python_says_nothing_of_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\nx\n", encoding="utf-8")
    field = {"name": "a", "type": "string", "constraints": {"pattern": "[[a-z]+"}}
    (tmp_path / "s.json").write_text(json.dumps({"fields": [field]}), encoding="utf-8")
    ran = run("check", tmp_path / "t.csv", "--schema", tmp_path / "s.json")
    assert (ran.code, ran.err) == (0, "")


def test_dateutil_says_nothing_of_a_zone(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("t\n2024-01-05T10:00:00 EST\n", encoding="utf-8")
    field = {"name": "t", "type": "datetime", "format": "any"}
    (tmp_path / "s.json").write_text(json.dumps({"fields": [field]}), encoding="utf-8")
    ran = run("check", tmp_path / "t.csv", "--schema", tmp_path / "s.json")
    assert (ran.code, ran.err) == (1, "")


def test_one_file_that_cannot_be_read_keeps_no_other_from_being_checked(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a\nx\n", encoding="utf-8")
    (tmp_path / "e.csv").write_text("", encoding="utf-8")
    (tmp_path / "s.json").write_text('{"fields": [{"name": "a", "type": "integer"}]}', encoding="utf-8")
    words = ("check", tmp_path / "a.csv", tmp_path / "e.csv", tmp_path / "a.csv", "--schema", tmp_path / "s.json")
    ran = run(*words, "--json")
    told = json.loads(ran.out)
    assert ran.code == 1
    assert [[item["code"] for item in one["findings"]] for one in told] == [
        ["type-error"],
        ["source-error"],
        ["type-error"],
    ]
    said = run(*words)
    assert said.code == 1
    assert f"The file {tmp_path / 'e.csv'} is empty." in said.out
    assert said.err == ""


def test_a_pipe_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text('{"fields": [{"name": "a"}]}', encoding="utf-8")
    ran = run("check", os.devnull, "--schema", tmp_path / "s.json")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "This is no plain file but a device or a pipe.")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_an_output_that_takes_no_more_is_told_as_a_full_disk(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "a.csv").write_text("a\nx\n", encoding="utf-8")
    (tmp_path / "s.json").write_text('{"fields": [{"name": "a", "type": "integer"}]}', encoding="utf-8")
    start = "import sys; from opendata.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", start, "check", "a.csv", "--schema", "s.json", "--lang", "en", *more]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ran = subprocess.run(words, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 3
    assert ran.stderr.splitlines() == [
        "The disk is full.",
        "standard output",
        "Free some space, then run the same command again.",
    ]
