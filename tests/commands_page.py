"""docs/commands.md, made from what the commands say of themselves.

The language of help texts is fixed when commands are imported: run this file in a process of its own.
"""

from __future__ import annotations

import sys

import click

from opendata.cli.group import COMMANDS, commands

HEAD = """\
# Commands

This page is made from the commands' own help: change the help, then write the page anew with
`OPENDATA_WRITE_DOCS=1 pytest tests/cli/test_docs.py`.

Exit status: 0 done · 1 the data was found wanting · 2 wrong usage · 3 the portal, the network or the disk failed,
or a conflict · 4 stopped by the access and privacy gate · 130 interrupted. Where several hold: 3, then 4, then 1.

An error is three lines on standard error: what, where, how to mend. With `--json` standard output holds exactly one
JSON document: the result, or `{"error": {"kind", "status", "what", "where", "remedy", "findings"?}}`.
"""


def page() -> str:
    """The whole page."""
    top = click.Context(commands(), info_name="opendata", terminal_width=96, help_option_names=["-h", "--help"])
    parts = [HEAD, _section(top, "opendata")]
    for name in COMMANDS:
        command = commands().get_command(top, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=top, terminal_width=96)
        parts.append(_section(context, f"opendata {name}"))
    return "\n".join(parts)


def _section(context: click.Context, title: str) -> str:
    return f"## {title}\n\n```text\n{context.get_help()}\n```\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
