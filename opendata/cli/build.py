"""`opendata build`: the editions of a catalogue as files, no portal needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.leftout import show_left_out
from opendata.cli.options import PATH, catalogue_argument, common
from opendata.cli.output import document, line, size, table
from opendata.cli.progress import progress
from opendata.messages import _
from opendata.model import AccessLevel, LeftOut, Standing
from opendata.model.digest import told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.model import BuiltPackage, Json

PUBLISHED = [level.value for level in AccessLevel if level.published]
LEVEL = _("Build editions up to this access level.")


@click.command("build", help=_("Build the editions of a catalogue into a folder."))
@catalogue_argument
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--out", type=PATH, required=True, metavar="FOLDER", help=_("Where the editions go."))
@click.option("--level", type=click.Choice(PUBLISHED), default="open", show_default=True, help=LEVEL)
@common
def command(catalogue: Path, names: tuple[str, ...], out: Path, level: str, *, machine: bool) -> int:
    """Build, and print a line for each edition."""
    from opendata.publishing.plan import left_out_to_json

    with progress(machine=machine) as watch:
        judged = api.build(catalogue, out, AccessLevel(level), names, watch)
    built = [item.built for item in judged if item.built is not None]
    left = [
        LeftOut(item.name, item.standing, item.reason, item.remedy)
        for item in judged
        if item.standing is not Standing.READY
    ]
    if machine:
        document(
            {
                "out": str(out),
                "built": [_to_json(item) for item in built],
                "left_out": [left_out_to_json(item) for item in left],
            }
        )
    else:
        _show(built, out)
        show_left_out(left)
    return status.of_left_out(left)


def _show(built: Sequence[BuiltPackage], out: Path) -> None:
    heading = [_("name"), _("level"), _("files"), _("size")]
    if built:
        table([heading, *([b.name, b.level.value, str(len(b.files)), size(b.bytes)] for b in built)], right=[2, 3])
    line(_("Editions in {folder}: {count}").format(count=len(built), folder=out))


def _to_json(built: BuiltPackage) -> Json:
    return {
        "name": built.name,
        "id": built.id,
        "version": built.version,
        "level": built.level.value,
        "digest": built.digest,
        "files": [{"path": file.path, "bytes": file.bytes, "hash": told(file.sha256)} for file in built.files],
    }
