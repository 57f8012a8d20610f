"""A plain text file's rows, held against its header: none too short, none too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.errors import SourceError
from opendata.messages import _
from opendata.model import as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opendata.model import Json, Misfit, Origin, Table

WORKBOOKS = {".xlsx", ".xlsm", ".xls", ".ods"}
SHAPING = {"header", "skip", "skip-before"}


def refuse_misfits(folder: Path, origin: Origin) -> None:
    """Refuse a text file with rows that do not fit its header; a recipe would fill them with empty cells.

    A workbook has no such rows, and a recipe that chooses rows decides for itself what the table is.

    Raises:
        SourceError: the first row that does not fit.
    """
    from opendata.sources import open_file

    path = folder / origin.path
    if path.suffix.lower() in WORKBOOKS or any(step.get("step") in SHAPING for step in origin.recipe):
        return
    declared: Json = origin.descriptor
    dialect = as_object(declared.get("dialect"))
    table = open_file(path, dialect=dialect, encoding=as_text(declared.get("encoding")))
    for misfit in _misfits(table):
        if misfit.cells:
            what = _("Row {row} has {found} cells, the header has {expected}.")
            said = what.format(row=misfit.row, found=len(misfit.cells), expected=len(table.labels))
            where = _("{file}, row {row}").format(file=origin.path, row=misfit.row)
            remedy = _("Give the row as many cells as the header; put a text that holds the delimiter in quotes.")
            raise SourceError(said, where, remedy)


def _misfits(table: Table) -> Iterator[Misfit]:
    for batch in table.batches():
        yield from batch.misfits
