"""The options that several commands share, each worded once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click

from opendata.messages import LANGUAGES, _

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")
R = TypeVar("R")

PATH = click.Path(path_type=Path)


def lang_option() -> click.Option:
    """`--lang`: read by `cli.main` before all else; here it is documented and its value checked."""
    return click.Option(
        ["--lang"], type=click.Choice(LANGUAGES), expose_value=False, help=_("The language of all messages.")
    )


def common(function: Callable[P, R]) -> Callable[P, R]:
    """Add what every command has: `--json` and `--lang`."""
    language = click.option(
        "--lang", type=click.Choice(LANGUAGES), expose_value=False, help=_("The language of all messages.")
    )
    machine = click.option("--json", "machine", is_flag=True, help=_("Print one JSON document, for machines."))
    return machine(language(function))


def catalogue_argument(function: Callable[P, R]) -> Callable[P, R]:
    """Add CATALOGUE, a folder of packages or one package."""
    return click.argument("catalogue", type=PATH)(function)


def to_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add `--to TARGET`."""
    text = _("The portal: a path such as ./portal, an http(s) address, or a name from opendata.toml.")
    return click.option("--to", "target", metavar="TARGET", required=True, help=text)(function)


def from_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add `--from TARGET`, by default the catalogue here."""
    text = _("A portal or catalogue: a path such as ./portal, an http(s) address, or a name from opendata.toml.")
    return click.option(
        "--from", "target", metavar="TARGET", default=".", show_default=_("the catalogue here"), help=text
    )(function)


def owner_options(function: Callable[P, R]) -> Callable[P, R]:
    """Add `--organization NAME` and `--create-organization`."""
    text = _("The organisation of the portal that the datasets belong to, in place of their departments' own.")
    make = _("Make an organisation that the portal lacks, where the token may.")
    named = click.option("--organization", metavar="NAME", help=text)
    made = click.option("--create-organization", is_flag=True, help=make)
    return named(made(function))


def overwrite_option(function: Callable[P, R]) -> Callable[P, R]:
    """Add `--overwrite NAME`, as often as wanted."""
    text = _("Take over this dataset although somebody else changed it on the portal. May be given several times.")
    return click.option("--overwrite", metavar="NAME", multiple=True, help=text)(function)
