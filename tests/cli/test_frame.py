"""The frame of the command line: language, errors, exit statuses."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import pytest
from cli_helpers import run, spawn

from opendata import errors
from opendata.cli import option, publish, status
from opendata.cli import run as running
from opendata.cli.group import COMMANDS
from opendata.model import Action, LeftOut, Outcome, Plan, Receipt, Report, Standing, Step

if TYPE_CHECKING:
    from pathlib import Path


def fail_with(monkeypatch: pytest.MonkeyPatch, fault: BaseException) -> None:
    """Let the only command be one that raises."""

    def broken() -> int:
        raise fault

    def group() -> click.Group:
        return click.Group("opendata", commands=[click.Command("list", callback=broken, params=[_json()])])

    def _json() -> click.Option:
        return click.Option(["--json", "machine"], is_flag=True, expose_value=False)

    monkeypatch.setattr(running, "commands", group)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.UsageError, 2),
        (errors.DataError, 1),
        (errors.DescriptorError, 1),
        (errors.SourceError, 1),
        (errors.StaleError, 1),
        (errors.PortalError, 3),
        (errors.DiskError, 3),
        (errors.BusyError, 3),
        (errors.ConflictError, 3),
        (errors.IntegrityError, 3),
        (errors.GateError, 4),
    ],
)
def test_an_error_is_three_lines_on_standard_error_and_its_status(
    kind: type[errors.OpendataError], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_with(monkeypatch, kind("It is broken.", "data/a.csv", "Mend it."))
    ran = run("list")
    assert (ran.code, ran.out, ran.err) == (code, "", "It is broken.\ndata/a.csv\nMend it.\n")


def test_with_json_the_error_is_one_document_on_standard_output_too(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, errors.GateError("It is withheld.", "staff", "Have it reviewed."))
    ran = run("list", "--json")
    assert ran.json == {
        "error": {
            "kind": "GateError",
            "status": 4,
            "what": "It is withheld.",
            "where": "staff",
            "remedy": "Have it reviewed.",
        }
    }
    assert ran.err.splitlines() == ["It is withheld.", "staff", "Have it reviewed."]


def test_a_check_error_tells_its_findings_to_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    from opendata.model import Finding, Place

    finding = Finding("type-error", Place("a.csv", row=17), "Not a number.", "Write a number.")
    fail_with(monkeypatch, errors.CheckError("Found wanting.", "a", "Mend.", Report((finding,))))
    told = run("list", "--json").json
    assert isinstance(told, dict)
    assert [(item["code"], item["row"]) for item in told["error"]["findings"]] == [("type-error", 17)]


@pytest.mark.parametrize("fault", [click.Abort(), KeyboardInterrupt(), EOFError()])
def test_an_interruption_is_130(fault: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, fault)
    assert run("list").code == 130


def test_a_fault_of_the_program_is_three_lines_too_and_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    fail_with(monkeypatch, ZeroDivisionError("by zero"))
    ran = run("list")
    assert ran.code == 3
    assert "ZeroDivisionError: by zero" in ran.err
    assert "Traceback" not in ran.err
    assert "OPENDATA_DEBUG=1" in ran.err


def test_its_traceback_is_shown_to_whoever_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENDATA_DEBUG", "1")
    fail_with(monkeypatch, ZeroDivisionError("by zero"))
    assert "Traceback" in run("list").err


@pytest.mark.parametrize(
    "words", [["no-such-command"], ["list", "--no-such-option"], ["publish"], ["--lang", "fr", "list"], ["serve"]]
)
def test_wrong_usage_is_2_in_three_lines(words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 3
    assert "--help" in ran.err


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["list", "--help"], ["--version"]])
def test_help_and_version_are_0(words: list[str]) -> None:
    ran = run(*words)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out


def test_help_lists_every_command() -> None:
    shown = run("--help").out
    assert [name for name in COMMANDS if f"\n  {name} " not in shown] == []


def test_a_closed_pipe_is_no_error(tmp_path: Path) -> None:
    """`opendata list | head -0`: the reader goes away before the first line."""
    process = subprocess.Popen(spawn("--help"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait() == 0


@pytest.mark.parametrize(
    "words", [("--lang", "vi", "--help"), ("--help", "--lang=vi"), ("list", "--help", "--lang", "vi")]
)
def test_the_language_is_set_wherever_it_stands(words: tuple[str, ...]) -> None:
    """In a process of its own, since the language is one for the process. `language` is asked, not a translation."""
    code = (
        "import sys; from opendata.cli import main; from opendata.messages import language; main(); print(language())"
    )
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "vi"


def test_output_is_utf_8_whatever_the_locale() -> None:
    code = "from opendata.cli import main; main(['--version']); print('S\\u00f4ng \\u0110\\u00e0')"
    env = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env)
    assert done.stdout.decode("utf-8").splitlines()[-1] == "Sông Đà"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--lang", "vi"], "vi"),
        (["list", "--lang=en"], "en"),
        (["--lang", "vi", "--lang", "en"], "en"),
        (["search", "--", "--lang", "vi"], None),
        (["--lang"], None),
        (["--language", "vi"], None),
        ([], None),
    ],
)
def test_an_option_is_found_wherever_it_stands(words: list[str], found: str | None) -> None:
    assert option(words, "--lang") == found


@pytest.mark.parametrize(
    ("met", "code"), [([], 0), ([0, 0], 0), ([1, 0], 1), ([1, 4], 4), ([4, 3, 1], 3), ([130, 3], 130)]
)
def test_where_several_hold_the_worst_counts(met: list[int], code: int) -> None:
    assert status.worst(met) == code
    assert status.worst(reversed(met)) == code


@pytest.mark.parametrize(
    ("standing", "code"),
    [
        (Standing.READY, 0),
        (Standing.WITHHELD, 0),
        (Standing.NOT_FOR_TARGET, 0),
        (Standing.FAULTY, 1),
        (Standing.REFUSED, 4),
    ],
)
def test_the_status_of_a_package_that_was_left_out(standing: Standing, code: int) -> None:
    left = (LeftOut("a", standing, "", ""),)
    assert status.of_left_out(left) == code
    assert status.of_plan(Plan("p", (), left, "")) == code
    assert status.of_receipt(Receipt("p", "", "", "", (), left)) == code


@pytest.mark.parametrize(
    ("action", "code"),
    [
        (Action.CREATE, 0),
        (Action.UPDATE, 0),
        (Action.KEEP, 0),
        (Action.WITHDRAW, 0),
        (Action.CONFLICT, 3),
    ],
)
def test_steps_pending_are_no_fault_and_a_conflict_is(action: Action, code: int) -> None:
    assert status.of_plan(Plan("p", (Step(action, "a", "1"),), (), "")) == code


def test_a_step_that_was_not_verified_is_3_and_before_all_else() -> None:
    left = tuple(LeftOut("a", standing, "", "") for standing in Standing)
    bad = Receipt("p", "", "", "", (Outcome(Step(Action.CREATE, "a", "1"), verified=False),), left)
    assert status.of_receipt(bad) == 3


def test_a_withdrawal_says_in_how_many_places_a_visitor_was_refused_and_no_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    step = Step(Action.WITHDRAW, "a", "1")
    receipt = Receipt("p", "", "", "", (Outcome(step, verified=True, refused=("package_show a", "/dataset/a")),), ())
    publish._show(receipt)
    said = capsys.readouterr().out
    assert "a visitor is refused in all 2 places asked" in said
    assert "everywhere" not in said


def test_an_unknown_error_class_is_a_failure() -> None:
    assert status.of_error(errors.OpendataError("?")) == 3


def test_no_word_at_all_shows_the_help() -> None:
    assert run() == run("--help")


def test_no_module_of_a_command_hides_a_builtin(project: Path) -> None:
    """`import opendata.cli.list` would put a module named `list` before the builtin, everywhere in `opendata.cli`."""
    import builtins

    hidden = [path.stem for path in (project / "opendata/cli").glob("[a-z]*.py") if hasattr(builtins, path.stem)]
    assert hidden == []
