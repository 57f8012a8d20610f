from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from opendata.cli import asking
from opendata.drafting.answers import Answers, questions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROJECT = Path(__file__).parents[2]
RUN = [sys.executable, "-c", "from opendata.cli import main; raise SystemExit(main())"]


def environment(language: str) -> Mapping[str, str]:
    roots = os.pathsep.join([str(PROJECT), str(PROJECT / "publishers")])
    return {**os.environ, "PYTHONPATH": roots, "OPENDATA_LANG": language, "TERM": "dumb"}


def session(arguments: Sequence[str], answers: Sequence[str], folder: Path, language: str = "en") -> tuple[int, str]:
    """Run the command on a terminal of its own, give it the answers, and return its status and all it showed."""
    ours, theirs = pty.openpty()
    command = [*RUN, *arguments]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder, env=environment(language), close_fds=True
    ) as process:
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        shown = b""
        while piece := _read(ours):
            shown += piece
        status = process.wait(60)
    os.close(ours)
    return status, shown.decode("utf-8", "replace").replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other end is closed
        return b""


def descriptor(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_bytes())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "Lúa 2024.csv"
    file.write_text("Mã,Năm\n01,2023\n02,2024\n", encoding="utf-8")
    return file


def test_an_officer_answers_in_vietnamese(table: Path, tmp_path: Path) -> None:
    answers = [
        *("Diện tích lúa", "Sở Nông nghiệp", "", "so@tinh.gov.vn", "nông nghiệp", "", "", "", "", "1"),
        *("Trần Thị B", "Số liệu tổng hợp"),
    ]
    status, shown = session(["new", table.name], answers, tmp_path, "vi")
    assert status == 0, shown
    written = descriptor(tmp_path / "lua-2024")
    assert written["title"] == "Diện tích lúa"
    assert written["department"] == {"name": "Sở Nông nghiệp", "contact": {"email": "so@tinh.gov.vn"}}
    assert written["coverage"] == {"start": "2023", "end": "2024"}
    assert written["licenses"][0]["name"] == "notspecified"
    assert {key: written["access"][key] for key in ("level", "reviewedBy", "reason")} == {
        "level": "open",
        "reviewedBy": "Trần Thị B",
        "reason": "Số liệu tổng hợp",
    }


def test_enter_takes_the_default_and_no_review_is_asked_of_internal_data(table: Path, tmp_path: Path) -> None:
    status, shown = session(["new", table.name], [""] * 10, tmp_path)
    assert status == 0, shown
    assert descriptor(tmp_path / "lua-2024")["access"] == {"level": "internal"}
    assert "Lúa 2024" in shown
    assert "reviewed" not in shown


def test_an_answer_that_does_not_fit_is_asked_again(table: Path, tmp_path: Path) -> None:
    answers = ["", "", "h15", "H15.05", "nobody", "so@tinh.gov.vn", "", "", "", "", "", ""]
    status, shown = session(["new", table.name], answers, tmp_path)
    assert status == 0, shown
    assert shown.count("capital letters, digits and dots") == 1
    assert '"nobody" is no e-mail address' in shown
    assert descriptor(tmp_path / "lua-2024")["department"]["code"] == "H15.05"


def test_what_an_option_says_is_not_asked(table: Path, tmp_path: Path) -> None:
    options = ["--title", "T", "--level", "closed", "--licence", "CC0-1.0", "--sector", "health", "--start", "2020"]
    status, shown = session(["new", table.name, *options], [""] * 5, tmp_path)
    assert status == 0, shown
    assert "Title of the dataset" not in shown
    assert descriptor(tmp_path / "lua-2024")["access"] == {"level": "closed"}


def test_the_end_of_input_makes_nothing(table: Path, tmp_path: Path) -> None:
    status, shown = session(["new", table.name], ["A title", "\x04"], tmp_path)
    assert status == 130, shown
    assert "Traceback" not in shown
    assert [p.name for p in tmp_path.iterdir()] == [table.name]


@pytest.mark.parametrize(
    ("answer", "replaced"),
    [("có", True), ("c", True), ("yes", True), ("không", False), ("", False), ("maybe\ny", True)],
)
def test_update_asks_before_it_replaces(answer: str, *, replaced: bool, table: Path, tmp_path: Path) -> None:
    subprocess.run([*RUN, "new", table.name, "--yes"], cwd=tmp_path, env=environment("en"), check=True, timeout=60)
    (tmp_path / "next.csv").write_text("Mã,Năm\n01,2023\n02,2025\n03,2025\n", encoding="utf-8")
    status, shown = session(["update", "lua-2024", "next.csv"], [answer], tmp_path)
    assert status == 0, shown
    assert "new 1, gone 0, changed 1, as before 1" in shown
    data = (tmp_path / "lua-2024" / "data" / "lua-2024.csv").read_text()
    assert ("2025" in data) is replaced


def test_where_nobody_can_be_asked_nothing_is_replaced(table: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*RUN, *arguments],
            cwd=tmp_path,
            env=environment("en"),
            text=True,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    assert run("new", table.name).returncode == 0
    (tmp_path / "next.csv").write_text("Mã,Năm\n01,2023\n", encoding="utf-8")
    refused = run("update", "lua-2024", "next.csv")
    assert refused.returncode == 2
    assert "--yes" in refused.stdout
    told = run("update", "lua-2024", "next.csv", "--json")
    assert json.loads(told.stdout)[0]["changes"] == {"came": 0, "went": 1, "changed": 0, "kept": 1}
    assert run("update", "lua-2024", "next.csv", "--yes").returncode == 0
    assert run("update", "lua-2024").returncode == 0
    assert json.loads(run("new", "next.csv", "--json").stdout)["name"] == "next"
    assert run("new", "next.csv", "--header", "4-").returncode == 2
    assert run("new", "next.csv", "--level", "public").returncode == 2


def test_half_a_letter_is_refused() -> None:
    with pytest.raises(click.BadParameter):
        asking.clean("t\udcc3")
    assert asking.clean(" ti\u0302nh ") == "tînh"


def test_only_these_questions_want_an_answer() -> None:
    needed = {question.field for question in questions() if question.fault("", Answers())}
    assert needed == {"title", "licence", "level", "reviewed_by", "reason"}
    assert Answers().title is None
