"""docs/commands.md is what the commands say of themselves.

To write it anew: OPENDATA_WRITE_DOCS=1 pytest tests/cli/test_docs.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import commands_page
import pytest

from opendata.cli.group import COMMANDS, commands

if TYPE_CHECKING:
    from pathlib import Path


def written() -> str:
    env = {**os.environ, "OPENDATA_LANG": "en", "LANGUAGE": "en"}
    done = subprocess.run([sys.executable, commands_page.__file__], capture_output=True, check=True, env=env)
    return done.stdout.decode()


def test_the_page_of_commands_is_up_to_date(project: Path) -> None:
    page = project / "docs" / "commands.md"
    if os.environ.get("OPENDATA_WRITE_DOCS"):
        page.write_text(written(), encoding="utf-8", newline="\n")
    assert page.read_text(encoding="utf-8") == written()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_explained(name: str) -> None:
    context = click.Context(commands(), info_name="opendata")
    command = commands().get_command(context, name)
    assert command is not None
    assert command.help
    assert command.get_short_help_str(limit=200) == COMMANDS[name]
    options = [item for item in command.params if isinstance(item, click.Option)]
    assert [item.name for item in options if not item.help] == []
    assert {"--json", "--lang"} <= {word for item in options for word in item.opts}


def test_every_command_and_option_is_on_the_page() -> None:
    page = commands_page.page()
    context = click.Context(commands(), info_name="opendata")
    for name in COMMANDS:
        command = commands().get_command(context, name)
        assert command is not None
        assert f"## opendata {name}\n" in page
        for item in command.params:
            assert all(word in page for word in item.opts if word.startswith("--"))
