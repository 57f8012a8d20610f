from __future__ import annotations

import unicodedata

import pytest
from cli_helpers import run
from hypothesis import given
from hypothesis import strategies as st

from opendata.cli import output
from opendata.cli.findings import show_findings
from opendata.cli.progress import progress
from opendata.model import Finding, Place

TITLES = st.text(st.sampled_from("aăâđêôơưĐẤộ 水é\u0301\u0323"), max_size=12)


@given(st.lists(st.tuples(TITLES, TITLES, TITLES), min_size=1, max_size=6))
def test_columns_stand_under_each_other_whatever_the_letters(rows: list[tuple[str, str, str]]) -> None:
    lines = output.columns([[*row, "|"] for row in rows])
    assert len({output.width(line) for line in lines}) == 1


@given(st.text())
def test_what_is_printed_is_composed_and_controls_nothing(text: str) -> None:
    clean = output.clean(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert not any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} for letter in clean)
    assert clean.encode().decode() == clean


def test_decomposed_vietnamese_is_as_wide_as_composed() -> None:
    apart = unicodedata.normalize("NFD", "Đắk Lắk")
    assert output.columns([[apart, "x"], ["Đắk Lắk", "x"]]) == ["Đắk Lắk  x"] * 2


@pytest.mark.parametrize(
    ("count", "said"), [(None, ""), (0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (3 * 10**15, "3000.0 TB")]
)
def test_sizes_are_said_as_people_say_them(count: int | None, said: str) -> None:
    assert output.size(count) == said


def finding(**place: object) -> Finding:
    return Finding("type-error", Place(**place), "“x” is no number.", "Write a number.", pointer=None)  # type: ignore[arg-type]


def test_a_finding_tells_file_sheet_row_column_what_and_how_to_mend(capsys: pytest.CaptureFixture[str]) -> None:
    show_findings([finding(path="lúa.xlsx", sheet="Biểu 1", row=17, column=3, field="dien_tich")])
    assert capsys.readouterr().out.splitlines() == [
        "lúa.xlsx · sheet Biểu 1 · row 17 · column 3 (dien_tich): “x” is no number.",
        "    Write a number.",
    ]


def test_a_finding_tells_only_what_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    show_findings([finding(), finding(path="a.csv", field="n"), finding(path="a.csv", column=2)])
    told = capsys.readouterr().out.splitlines()[::2]
    assert told == ["“x” is no number.", "a.csv · column n: “x” is no number.", "a.csv · column 2: “x” is no number."]


def test_of_many_findings_the_rest_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    show_findings([finding(row=row) for row in range(120)])
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 101
    assert told[-1] == "… and 70 more."


def test_progress_is_quiet_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as watch:
        for done in range(4):
            watch("build", done, 3)
        watch("publish", 1, 1)
    assert capsys.readouterr() == ("", "")


def test_progress_shows_a_bar_for_each_stage_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with progress() as watch:
        for done in range(4):
            watch("build", done, 3)
        watch("publish", 1, 1)
    assert "Building" in terminal.getvalue()
    assert "100%" in terminal.getvalue()
    assert "Publishing" in terminal.getvalue()


def test_a_terminal_is_left_alone_with_json(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with progress(machine=True) as watch:
        watch("build", 1, 1)


def test_json_help_is_still_help() -> None:
    assert run("list", "--json", "--help").code == 0
