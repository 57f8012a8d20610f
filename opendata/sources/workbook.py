"""Workbooks (.xlsx, .xlsm, .xls, .ods): a sheet as lines of text cells, measured before it is opened."""

from __future__ import annotations

import contextlib
import datetime as dt
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import Place
from opendata.sources import bounds, ole
from opendata.sources.cells import Value, marked, text
from opendata.sources.corrections import corrections
from opendata.sources.grid import Line, Source, refusal
from opendata.sources.opened import OLE, ZIP, digest, empty, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from python_calamine import CalamineSheet, CalamineWorkbook

    from opendata.errors import SourceError
    from opendata.sources.corrections import Correction

SUFFIXES = ("xlsx", "xlsm", "xls", "ods")
LOCK_FILE = "~$"
FEW = 1000
DATED = (dt.date, dt.time, dt.timedelta)


@dataclass(frozen=True, slots=True)
class SheetSize:
    """A sheet as a workbook lists it: rows and columns count from the first cell on, blank ones too."""

    name: str
    rows: int
    columns: int
    hidden: bool = False


def source(path: Path, place: Place, sheet: str | int | None = None, *, marks: bool = False) -> Source:
    """One sheet of a workbook as a source: by name, by number from 1, else the first.

    `marks`: numbers and times come as Numeral and Moment, not as plain text.

    Raises:
        SourceError: it cannot be read, is too large, or has no such sheet (the error lists those it has).
    """
    with workbook(path, place) as book:
        name = sheet_name(book, place, sheet)
    where = replace(place, sheet=name)
    return Source(where, lambda: lines(path, where, marks=marks), lambda: digest(path, where), padded=True)


def lines(path: Path, place: Place, *, marks: bool = False) -> Iterator[Line]:
    """The lines of the sheet that `place` names, each as wide as the sheet.

    Raises:
        SourceError: as `source`.
    """
    with workbook(path, place) as book:
        rows = _sheet(book, place).to_python(skip_empty_area=False)
        number = book.sheet_names.index(place.sheet or "")
    if not rows:
        raise empty(place)
    _correct(rows, _corrections(path, place, number))
    yield from _lines(rows, marked if marks else text)


def _correct(rows: Sequence[list[Value]], corrected: Iterable[Correction]) -> None:
    """Put the texts of corrected cells in their places, as far as the rows reach; dates stay, which are numbers too."""
    for down, across, written in corrected:
        for row in rows[down.start : down.stop]:
            cells = row[across.start : across.stop]
            row[across.start : across.stop] = [cell if isinstance(cell, DATED) else written for cell in cells]


def _corrections(path: Path, place: Place, number: int) -> Iterable[Correction]:
    state = path.stat()
    few = _few_corrections(path, state.st_size, state.st_mtime_ns, place, number)
    return corrections(path, place, number) if few is None else few


@lru_cache(maxsize=64)
def _few_corrections(path: Path, _size: int, _changed: int, place: Place, number: int) -> tuple[Correction, ...] | None:
    """Looked for once for each state of a file; None: too many to be kept."""
    found = tuple(islice(corrections(path, place, number), FEW + 1))
    return found if len(found) <= FEW else None


def _lines(rows: Sequence[Sequence[Value]], written: Callable[..., str]) -> Iterator[Line]:
    timed = {column for row in rows for column, value in enumerate(row) if type(value) is dt.datetime}
    for number, row in enumerate(rows, start=1):
        cells = [
            value if type(value) is str else written(value, timed=column in timed) for column, value in enumerate(row)
        ]
        yield Line(number, cells)


@dataclass(frozen=True, slots=True)
class Look:
    """A workbook looked at: its sheets, the first lines of one of them, and its merged ranges (from 0; .ods: none)."""

    sheets: tuple[SheetSize, ...]
    place: Place
    lines: tuple[Line, ...]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


def look(path: Path, place: Place, sheet: str | int | None, rows: int) -> Look:
    """Look at the sheets of a workbook, hidden ones too, and at the first `rows` of the sheet wanted.

    Raises:
        SourceError: as `source`.
    """
    with workbook(path, place) as book:
        where = replace(place, sheet=sheet_name(book, place, sheet))
        shown = _sheet(book, where)
        cells = shown.to_python(skip_empty_area=False, nrows=rows)
        _correct(cells, _corrections(path, where, book.sheet_names.index(where.sheet or "")))
        lines = tuple(_lines(cells, marked))
        return Look(tuple(_sizes(book, place)), where, lines, tuple(shown.merged_cell_ranges or ()))


def _sizes(book: CalamineWorkbook, place: Place) -> Iterator[SheetSize]:
    for item, name in zip(book.sheets_metadata, book.sheet_names, strict=True):
        if "WorkSheet" in str(item.typ):
            end = _sheet(book, replace(place, sheet=name)).end or (-1, -1)
            yield SheetSize(name, end[0] + 1, end[1] + 1, "Hidden" in str(item.visible))


@contextlib.contextmanager
def workbook(path: Path, place: Place) -> Iterator[CalamineWorkbook]:
    """A workbook opened, after it was measured.

    Raises:
        SourceError: it is no workbook, damaged, protected, too large, or held by another program.
    """
    if path.name.startswith(LOCK_FILE):
        what = _("This is the mark that Excel leaves beside a workbook while it is open, not the workbook.")
        raise refusal(what, place, _("Give the workbook itself: {name}").format(name=path.name.removeprefix(LOCK_FILE)))
    with opened(path, place) as stream:
        _measure(path, stream, place)
        stream.seek(0)
        with _translated(place):
            from python_calamine import load_workbook

            yield load_workbook(stream)


def sheet_name(book: CalamineWorkbook, place: Place, sheet: str | int | None) -> str:
    """The name of the sheet wanted: by name (however its marks are composed), by number from 1, else the first.

    Raises:
        SourceError: there is none; the error lists those there are.
    """
    names = list(book.sheet_names)
    if sheet is None:
        kinds = [str(item.typ) for item in book.sheets_metadata]
        found = [name for name, kind in zip(names, kinds, strict=True) if "WorkSheet" in kind][:1]
    elif isinstance(sheet, int):
        found = names[sheet - 1 : sheet]
    else:
        found = [name for name in names if name == sheet] or [name for name in names if _same(name, sheet)]
    if found:
        return found[0]
    what = _("The workbook has no sheet {sheet}.").format(sheet=sheet if sheet is not None else 1)
    raise refusal(what, place, _("It has these sheets: {sheets}").format(sheets=_listed(names)))


def _listed(names: Sequence[str]) -> str:
    return "; ".join(names[:50])


def _same(one: str, other: str) -> bool:
    return unicodedata.normalize("NFC", one).strip() == unicodedata.normalize("NFC", other).strip()


def _sheet(book: CalamineWorkbook, place: Place) -> CalamineSheet:
    with _translated(place):
        return book.get_sheet_by_name(place.sheet or "")


def _measure(path: Path, stream: BinaryIO, place: Place) -> None:
    start = stream.read(512)
    if not start:
        raise empty(place)
    if not start.startswith((ZIP, OLE)):
        raise _no_workbook(start, place)
    state = path.stat()
    _measured(path, state.st_size, state.st_mtime_ns, Place(place.path))


@lru_cache(maxsize=64)
def _measured(path: Path, _size: int, _changed: int, place: Place) -> None:
    """Measure a file once for each state it is in; one refused is measured anew."""
    with opened(path, place) as stream:
        if stream.read(4) == ZIP:
            bounds.check(stream, place)
        else:
            ole.check(stream, place)


@contextlib.contextmanager
def _translated(place: Place) -> Iterator[None]:
    from python_calamine import CalamineError, PasswordError

    try:
        yield
    except PasswordError as fault:
        raise bounds.protected(place) from fault
    except CalamineError as fault:
        raise bounds.damaged(place) from fault
    except BaseException as fault:
        # The reader is native code; where that breaks down it raises an exception outside of Exception.
        if type(fault).__name__ == "PanicException":
            raise bounds.damaged(place) from fault
        raise


def _no_workbook(start: bytes, place: Place) -> SourceError:
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<head", b"mime-version")):
        what = _("This is a web page or an XML file under a workbook's name, as many systems export it.")
        return refusal(what, place, _("Open it in Excel and save it as .xlsx."))
    if b"\0" not in start:
        what = _("This is a text file under a workbook's name.")
        return refusal(
            what, place, _("If it is a CSV table, give it the ending .csv; else save it from Excel as .xlsx.")
        )
    return bounds.damaged(place)
