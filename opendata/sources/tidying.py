"""The tidy table that a recipe makes of a department's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata import files
from opendata.model import Place, Table, as_object, as_text
from opendata.sources import dialect as dialects
from opendata.sources.batching import batches
from opendata.sources.grid import Line
from opendata.sources.opened import digest
from opendata.sources.opening import DELIMITERS, file_source
from opendata.sources.recipe import Context, parse, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from opendata.model import Batch, Origin, TableSchema
    from opendata.sources.recipe.flow import Flow

    Resolver = Callable[[str, int | None], str | None]


READING = ("sheet", "encoding", "dialect")


def tidy(folder: Path, origin: Origin, schema: TableSchema, name: str, resolve: Resolver | None = None) -> Table:
    """The table that the recipe of `origin` makes, opened anew at each call of `batches`.

    Every row carries the number of the row of the source it came from, so that a finding leads there: several rows of
    an unpivoted table share one, and a sorted table has them out of order. `resolve` gives the unit_id of a name in
    a year; None: the shipped list of administrative units.

    Raises:
        DescriptorError: the recipe is faulty.
        DataError: the path leads out of the package.
        SourceError: the source cannot be read, or (while batches are drawn too) a step cannot be taken.
    """
    path = files.within(folder, origin.path)
    steps = parse(origin.recipe)
    place = Place(origin.path)
    kind = path.suffix.lower().removeprefix(".")
    dialect = dialects.read(as_object(origin.descriptor.get("dialect")), place, delimiter=DELIMITERS.get(kind, ","))
    source = file_source(path, place, dialect, origin.sheet, as_text(origin.descriptor.get("encoding")), marks=True)
    context = Context(source.place, resolve or _shipped)

    def flow() -> Flow:
        lines = (line for line in source.lines() if not dialect.left_out(line.row, list(line.cells)))
        return run(steps, lines, context)

    def read() -> Iterator[Batch]:
        made = flow()
        # Arrow takes plain strings forty times as fast as kinds of them.
        lines = (Line(record.row, [str(cell) for cell in record.cells]) for record in made.records)
        yield from batches(lines, made.labels)

    first = flow()
    return Table(name, source.place, first.labels, schema, read, source.digest, header_row=first.header_row)


def origin_digests(folder: Path, origin: Origin) -> tuple[str, str]:
    """The digests of the source file and of the recipe as they are now, "sha256:…" each.

    Sheet, encoding and dialect count as part of the recipe: they decide what is read.

    Raises:
        DataError: the path leads out of the package.
        SourceError: the source cannot be read.
    """
    from opendata.descriptor import recipe_digest

    path = files.within(folder, origin.path)
    reading = {key: origin.descriptor[key] for key in READING if key in origin.descriptor}
    return digest(path, Place(origin.path)), recipe_digest((*origin.recipe, *([reading] if reading else [])))


def _shipped(name: str, year: int | None) -> str | None:
    from opendata.units import resolve

    return resolve(name, year)
