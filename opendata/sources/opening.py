"""Open a resource of a package, or a file as it is, as a Table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata import files
from opendata.messages import _
from opendata.model import Place, as_object, as_text
from opendata.model.digest import canonical_digest
from opendata.sources import dialect as dialects
from opendata.sources import inline, workbook
from opendata.sources.grid import Source, refusal
from opendata.sources.opened import packed
from opendata.sources.table import table
from opendata.sources.text_parts import TextParts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.model import Dataset, Json, Resource, Table, TableSchema
    from opendata.sources.dialect import Dialect

DELIMITERS = {"csv": ",", "tsv": "\t", "tab": "\t", "txt": ",", "": ","}


def open_resource(dataset: Dataset, resource: Resource) -> Table:
    """The table of a package's resource: CSV (in one file or several), a workbook's sheet, or data in the descriptor.

    Raises:
        DataError: a path leads out of the package.
        SourceError: it is no table, or cannot be read as one.
    """
    place = Place(", ".join(resource.paths) or None)
    if not resource.tabular:
        what = _("The resource {name} is no table.").format(name=resource.name)
        raise refusal(what, place, _("Ask for a table of the package, or open the file with a program of its own."))
    declared = as_object(resource.descriptor.get("dialect"))
    kind = _kind(resource, place)
    dialect = dialects.read(declared, place, delimiter=DELIMITERS.get(kind, ","))
    source = _source(dataset, resource, kind, dialect, place)
    return table(source, dialect, resource.name, resource.schema, resource.keys)


def open_file(  # noqa: PLR0913 - what a caller may declare of a bare file
    path: Path,
    schema: TableSchema | None = None,
    *,
    sheet: str | None = None,
    dialect: Json | None = None,
    encoding: str | None = None,
    name: str | None = None,
) -> Table:
    r"""The table of a bare file. Undeclared: UTF-8, comma, header in row 1, the first sheet.

    Raises:
        SourceError: it cannot be read as a table.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "a.csv")
    ...     _ = path.write_text("tỉnh,năm\n66,2020\n", encoding="utf-8")
    ...     table = open_file(path)
    ...     table.labels, [batch.rows.to_pylist() for batch in table.batches()]
    (('tỉnh', 'năm'), [[2]])
    """
    place = Place(str(path))
    rules = dialects.read(dialect or {}, place, delimiter=usual_delimiter(path))
    return table(file_source(path, place, rules, sheet, encoding), rules, name or path.stem, schema)


def usual_delimiter(path: Path) -> str:
    """The delimiter of a file of that ending, where none is declared."""
    return DELIMITERS.get(path.suffix.lower().removeprefix("."), ",")


def file_source(  # noqa: PLR0913 - what can be said of a file
    path: Path,
    place: Place,
    dialect: Dialect,
    sheet: str | None = None,
    encoding: str | None = None,
    *,
    marks: bool = False,
) -> Source:
    """The source of one file, told by its ending: a workbook's sheet, else text.

    `marks`: a workbook's numbers and times come as Numeral and Moment, not as plain text.

    Raises:
        SourceError: it cannot be read.
    """
    if path.suffix.lower().removeprefix(".") in workbook.SUFFIXES:
        return workbook.source(path, place, sheet or dialect.sheet, marks=marks)
    return _text_source((path,), (place,), encoding or "utf-8", dialect)


def _kind(resource: Resource, place: Place) -> str:
    """The format declared, else the ending of the first path."""
    first = resource.paths[0] if resource.paths else ""
    if resource.descriptor.get("compression"):
        raise packed(place)
    ending = first.rpartition(".")[2].lower() if "." in first.rpartition("/")[2] else ""
    kind = (as_text(resource.descriptor.get("format")) or ending).lower()
    if kind in {"json", "geojson", "parquet", "xml", "html", "pdf", "xlsb", "dbf", "sqlite"} and first:
        what = _("Tables in the format {format} are not read.").format(format=kind)
        raise refusal(what, place, _("Save the table as CSV UTF-8 or .xlsx."))
    return kind


def _source(dataset: Dataset, resource: Resource, kind: str, dialect: Dialect, place: Place) -> Source:
    if not resource.paths:
        return _inline_source(resource, place)
    paths = tuple(files.within(dataset.folder, path) for path in resource.paths)
    if kind not in workbook.SUFFIXES:
        return _text_source(paths, tuple(Place(path) for path in resource.paths), resource.encoding, dialect)
    if len(paths) > 1:
        what = _("A table in several workbooks is not read.")
        raise refusal(what, place, _("Put it into one sheet, or save the parts as CSV."))
    return workbook.source(paths[0], place, dialect.sheet)


def _inline_source(resource: Resource, place: Place) -> Source:
    if "data" not in resource.descriptor:
        what = _("The resource {name} has neither a path nor data.").format(name=resource.name)
        raise refusal(what, place, _("Give the path of its file."))
    data = resource.descriptor["data"]
    fields = tuple(field.name for field in resource.schema.fields) if resource.schema else ()
    digest = canonical_digest(data)
    return Source(place, lambda: inline.records(data, fields, place), lambda: digest)


def _text_source(paths: Sequence[Path], places: Sequence[Place], encoding: str, dialect: Dialect) -> Source:
    whole = Place(", ".join(place.path or "" for place in places))
    parts = TextParts(tuple(zip(paths, places, strict=True)), encoding, dialect)
    return Source(whole, parts.lines, parts.digest, blocks=parts.blocks)
