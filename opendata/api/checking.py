"""Checking: packages, catalogues, and bare files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from opendata.errors import DescriptorError, DiskError, UsageError
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import Report, unwatched

if TYPE_CHECKING:
    from opendata.catalogue import Faulty
    from opendata.model import Finding, Json, TableSchema, Watch
    from opendata.sources import Layout


def check(  # noqa: PLR0913 - what can be said of a bare file, and how much is to be found
    path: Path | str,
    schema: Path | str | None = None,
    watch: Watch = unwatched,
    *,
    sheet: str | None = None,
    layout: Layout | None = None,
    limit: int | None = None,
) -> Report:
    """Check a package, a catalogue folder, or a bare CSV or Excel file against a Table Schema.

    `schema` is a file, or NAME@VERSION of a sector schema; it is for a bare file alone, which is read as `layout`
    says, else as `layout_of` finds; of a workbook the first sheet, or `sheet`.

    The check of a table stops at `limit` findings, 1000 unless told otherwise; the report is then not complete.

    Raises:
        UsageError: nothing is at `path`, a bare file without a schema, or a package with one.
        SourceError: a bare file that cannot be read as a table.

    >>> from opendata.folders import data_folder
    >>> check(data_folder("datapackages") / "reference" / "administrative-units").valid
    True
    """
    from opendata.schema import LIMIT

    path, limit = Path(path), LIMIT if limit is None else limit
    if path.is_dir() or path.name == DESCRIPTOR:
        if schema is not None:
            remedy = _("Leave --schema out: a package has its own. For one of its files, name that file.")
            raise UsageError(_("A schema is for a bare file alone."), str(path), remedy)
        if sheet is not None:
            remedy = _("Leave --sheet out: a package says itself which sheet it is made of.")
            raise UsageError(_("A sheet is for a bare file alone."), str(path), remedy)
        return _check_catalogue(path, watch, limit)
    if not path.is_file():
        if path.exists():
            remedy = _("Save what it gives to a file, and check that.")
            raise UsageError(_("This is no plain file but a device or a pipe."), str(path), remedy)
        raise UsageError(_("There is no such file or folder."), str(path), _("Check the name and the folder."))
    if schema is None:
        remedy = _("Give the Table Schema with --schema, or make a package of the file with: opendata new FILE")
        raise UsageError(_("A bare file can only be checked against a schema."), str(path), remedy)
    return _check_file(path, _schema(schema), layout or layout_of(path, schema, sheet), limit)


def layout_of(
    path: Path | str,
    schema: Path | str,
    sheet: str | None = None,
    *,
    dialect: Path | str | None = None,
    encoding: str | None = None,
) -> Layout:
    """How a bare file is read to be checked against a schema: as is said, else as it looks.

    The header is the row with most of the schema's labels, under the delimiter with which most stand in one row; where
    there is none of them, the row that looks like one. `dialect` is a Table Dialect, a file or its JSON: then neither
    is looked for, and what it leaves out has the standard's defaults.

    Raises:
        UsageError: there is no such schema, or the dialect is none.
        DescriptorError: the schema is none.
        SourceError: the file cannot be read.
    """
    from opendata.sources import Declared, detect

    declared = Declared(None if dialect is None else _dialect(dialect), encoding)
    return detect(Path(path), sheet, [field.name for field in _schema(schema).fields], declared)


def _dialect(said: Path | str) -> Json:
    from opendata.descriptor.strict import load, parse

    text = str(said)
    try:
        return parse(text.encode(errors="replace")) if text.lstrip().startswith("{") else load(Path(text))
    except (DescriptorError, DiskError) as fault:
        remedy = _("Give the path of a Table Dialect, or its JSON, such as {example}.")
        example = '{"delimiter": ";", "headerRows": [2]}'
        raise UsageError(fault.what, text, remedy.format(example=example)) from fault


def _check_catalogue(path: Path, watch: Watch, limit: int) -> Report:
    from opendata import package
    from opendata.catalogue import finder, open_catalogue

    catalogue = open_catalogue(path)
    find = finder(catalogue)
    reports = [_faulty_report(item) for item in catalogue.faulty]
    for number, dataset in enumerate(catalogue.datasets):
        watch("check", number, len(catalogue.datasets))
        reports.append(_with_folder(package.check(dataset, find, limit), dataset.folder))
    watch("check", len(catalogue.datasets), len(catalogue.datasets))
    return Report.together(reports)


def _with_folder(report: Report, folder: Path) -> Report:
    """The report with the package's folder before each of its files: in a catalogue many are named data.csv."""
    return replace(report, findings=tuple(_placed(finding, folder) for finding in report.findings))


def _placed(finding: Finding, folder: Path) -> Finding:
    path = finding.place.path
    if path is None or Path(path).is_absolute() or not (folder / path).is_file():
        return finding
    return replace(finding, place=replace(finding.place, path=str(folder / path)))


def _check_file(path: Path, schema: TableSchema, layout: Layout, limit: int) -> Report:
    from opendata.model import Checked
    from opendata.schema import check as check_table
    from opendata.schema import with_rows
    from opendata.sources import open_file

    table = open_file(path, schema, sheet=layout.sheet, dialect=layout.dialect, encoding=layout.encoding)
    verdict = with_rows(check_table(table, limit=limit))
    return verdict.report if isinstance(verdict, Checked) else verdict


def _schema(named: Path | str) -> TableSchema:
    from opendata.descriptor import read_schema
    from opendata.folders import sector_schema

    found = sector_schema(str(named)) or Path(named)
    if not found.is_file():
        remedy = _("Give the path of a Table Schema, or a sector schema such as agriculture/paddy-by-province@1.0.")
        raise UsageError(_("There is no such schema."), str(named), remedy)
    return read_schema(found)


def _faulty_report(item: Faulty) -> Report:
    from opendata.model import Finding, Place

    place = Place(path=str(item.folder / DESCRIPTOR))
    return Report(item.findings or (Finding("descriptor-error", place, item.error.what, item.error.remedy),))
