"""What a file looks like, told before it is read, with what was only supposed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import Place
from opendata.sources import limits, workbook
from opendata.sources.guessing import delimiters, encodings, sample_lines
from opendata.sources.opened import empty, opened, refuse_packed
from opendata.sources.opening import usual_delimiter
from opendata.sources.remarks import header_row, labelled_row, remarks

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from opendata.model import Json
    from opendata.sources.grid import Line
    from opendata.sources.workbook import SheetSize


@dataclass(frozen=True, slots=True)
class Declared:
    """What is known of a file beforehand. With a `dialect` neither its delimiter nor its header is looked for."""

    dialect: Json | None = None
    encoding: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """What was seen of a file.

    `kind` is csv, xlsx, xls or ods. `encoding` (None for a workbook) and `dialect` can be given to `open_file` as they
    are. `sheet` is the one looked at, `header_row` the row that looks like the header, None where none does. `notes`
    say in the user's language what was supposed, and what was not understood.
    """

    kind: str
    encoding: str | None = None
    dialect: Json | None = None
    sheets: tuple[SheetSize, ...] = ()
    sheet: str | None = None
    header_row: int | None = None
    notes: tuple[str, ...] = ()


def detect(
    path: Path, sheet: str | None = None, labels: Collection[str] = (), declared: Declared | None = None
) -> Layout:
    """Describe a file: its encoding and delimiter, or its sheets, and which row looks like the header.

    Only the beginning of a text file is looked at; of a workbook one sheet, the first or the one named. Where `labels`
    are expected, the header is the row with most of them, if any has one. What is declared is not looked for.

    Raises:
        SourceError: it cannot be read at all.
    """
    kind = path.suffix.lower().removeprefix(".")
    said = declared or Declared()
    return _of_workbook(path, kind, sheet, labels, said) if kind in workbook.SUFFIXES else _of_text(path, labels, said)


def _of_text(path: Path, labels: Collection[str], declared: Declared) -> Layout:
    place = Place(str(path))
    with opened(path, place) as stream:
        start = stream.read(8)
        refuse_packed(path.name, start, place)
        if not start:
            raise empty(place)
        stream.seek(0)
        encoding, notes = (declared.encoding, ()) if declared.encoding else encodings(stream)
    if declared.dialect is not None:
        return Layout("csv", encoding, declared.dialect, notes=notes)
    usual = usual_delimiter(path)
    delimiter, said = delimiters(path, place, encoding, usual, labels)
    lines = sample_lines(path, place, encoding, delimiter)
    row = _header(lines, labels)
    dialect = {} if delimiter == usual == "," else {"delimiter": delimiter}
    told = (*notes, *said, *remarks(lines, row))
    return Layout("csv", encoding, _headed(dialect, row), header_row=row, notes=told)


def _of_workbook(path: Path, kind: str, sheet: str | None, labels: Collection[str], declared: Declared) -> Layout:
    place = Place(str(path))
    shown = "xlsx" if kind == "xlsm" else kind
    if declared.dialect is not None:
        return Layout(shown, None, declared.dialect, sheet=sheet)
    look = workbook.look(path, place, sheet, limits.WORKBOOK_ROWS)
    row = _header(look.lines, labels)
    notes = (*_sheet_notes(path, look.sheets, look.place.sheet), *remarks(look.lines, row, look.merged))
    return Layout(shown, None, _headed({}, row), look.sheets, look.place.sheet, row, notes)


def _header(lines: Sequence[Line], labels: Collection[str]) -> int | None:
    shared, row = labelled_row(lines, labels)
    return row if shared else header_row(lines)


def _headed(dialect: dict[str, str], row: int | None) -> Json:
    return {**dialect, "headerRows": [row]} if row is not None and row > 1 else dialect


def _sheet_notes(path: Path, sheets: tuple[SheetSize, ...], sheet: str | None) -> list[str]:
    notes = []
    filled = [item for item in sheets if item.rows]
    if len(filled) > 1:
        names = ", ".join(f"{item.name} ({item.rows} × {item.columns})" for item in filled[:20])
        notes.append(_("The workbook has several sheets: {sheets}. Read is: {sheet}").format(sheets=names, sheet=sheet))
    hidden = ", ".join(item.name for item in sheets if item.hidden)
    if hidden:
        notes.append(_("Hidden sheets: {sheets}").format(sheets=hidden))
    if path.with_name(workbook.LOCK_FILE + path.name).exists():
        notes.append(_("The workbook is open in Excel: what is not saved yet is not read."))
    return notes
