"""The commands, by name: each imported only when it is run, so that help comes at once."""

from __future__ import annotations

import importlib

import click

from opendata.cli.options import lang_option
from opendata.messages import N_, _

COMMANDS: dict[str, str] = {
    "new": N_("Make a data package from a department's file."),
    "update": N_("Take next month's file, or the source edited in place."),
    "check": N_("Check packages, catalogues or bare files."),
    "build": N_("Build the editions of a catalogue into a folder."),
    "plan": N_("Show what publishing would do, and do nothing."),
    "publish": N_("Publish a catalogue to a portal, and print a receipt."),
    "verify": N_("Read a portal over, and tell what is not as it should be."),
    "list": N_("List the datasets of a portal or catalogue."),
    "search": N_("Find datasets by words, with or without marks."),
    "show": N_("Show one dataset: description, fields, licence, files."),
    "get": N_("Fetch the files of one dataset, their digests checked."),
    "serve": N_("Show a portal folder in the browser of this machine."),
    "login": N_("Try a token of a portal, and keep it for yourself alone."),
}


MODULES = {"list": "listing"}
"""Where a command's module has another name: one named `list` would hide the builtin from its whole package."""


class Lazy(click.Group):
    """A group that imports the module of a command when that is run, and takes its `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names, in the order in which an officer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """The command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"opendata.cli.{MODULES.get(cmd_name, cmd_name)}").command
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - same
        """List the commands without importing them."""
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(text)) for name, text in COMMANDS.items()])


def commands() -> click.Group:
    """The command line, its texts in the language in force."""
    group = Lazy(
        "opendata",
        help=_("From a department's table to a checked, gated, published data package."),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        no_args_is_help=False,
    )
    group.params += [_version_option(), lang_option()]
    return group


def _version_option() -> click.Option:
    return click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_show_version,
        help=_("Show the version and stop."),
    )


def _show_version(ctx: click.Context, _parameter: click.Parameter, value: object) -> None:
    if value:
        import opendata

        click.echo(f"opendata {opendata.__version__}")
        ctx.exit()
