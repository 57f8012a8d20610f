"""How large a workbook is, measured before it is opened: its reader lays a sheet out in memory, blanks and all.

A file of 5 kB can claim 17 billion cells by filling the first and the last one. So the packed XML is streamed here
first, bounded at each step, and refused where its rectangle is beyond the limit.
"""

from __future__ import annotations

import contextlib
import zipfile
import zlib
from array import array
from typing import TYPE_CHECKING
from xml.parsers import expat

from opendata.messages import _
from opendata.sources import limits, texts
from opendata.sources.extent import Extent, OddError, Ods, Xlsx, parse, skim
from opendata.sources.grid import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO, BinaryIO

    from opendata.errors import SourceError
    from opendata.model import Place

ODS_CONTENT = "content.xml"
XLSX_BOOK = "xl/workbook.xml"
ENCRYPTED = 1
SHEET_MARK = b"sheetData"
SHARED_TEXTS = "sharedstrings.xml"


def kind(stream: BinaryIO, place: Place) -> str:
    """What a packed workbook is, by what it holds: "xlsx" or "ods".

    Raises:
        SourceError: it is damaged, protected, too large unpacked, or no workbook that can be read.
    """
    names = {item.filename for item in _files(packed(stream, place), place)}
    found = [name for name, mark in (("xlsx", XLSX_BOOK), ("ods", ODS_CONTENT)) if mark in names]
    if len(found) == 1 and "xl/workbook.bin" not in names:
        return found[0]
    what = _("This is no workbook that can be read, although it is packed like one.")
    raise refusal(what, place, _("Open it in Excel or LibreOffice and save it as .xlsx."))


def check(stream: BinaryIO, place: Place) -> None:
    """Stream through a packed workbook (.xlsx, .ods) and let pass what fits into memory.

    Raises:
        SourceError: it is damaged, or claims more than the limits.
    """
    archive = packed(stream, place)
    if kind(stream, place) == "ods":
        items = [item for item in _files(archive, place) if item.filename == ODS_CONTENT]
        for item in items:
            refuse_beyond(_extent(archive, item, place, opendocument=True), place)
        return
    strings = _shared_texts(archive, place)
    text = sum(strings)
    for item in _files(archive, place):
        if item.filename.lower().endswith(".xml"):
            extent = _extent(archive, item, place, opendocument=False)
            text += _text(archive, item, place, extent.filled, strings, limits.TEXT_BYTES - text)
            extent.text = text
            refuse_beyond(extent, place)
        else:
            _no_sheet(archive, item, place)


def refuse_beyond(extent: Extent, place: Place) -> None:
    """Refuse a sheet whose rectangle, or whose text, does not fit."""
    if not extent.fits:
        raise too_large(extent.cells, place)
    if extent.text > limits.TEXT_BYTES:
        what = _("The cells of the workbook hold more text than can be read: over {size} MB.")
        remedy = _("Save the sheet as CSV, or split the workbook.")
        raise refusal(what.format(size=limits.TEXT_BYTES >> 20), place, remedy)


def too_large(cells: int, place: Place) -> SourceError:
    """The error for a sheet whose rectangle does not fit."""
    what = _("The workbook claims {cells} cells in a sheet; that is too large, or too empty, to be read.").format(
        cells=f"{cells:,}"
    )
    remedy = _(
        "Delete what stands far below or right of the table (or the blank rows there), or save the sheet as CSV."
    )
    return refusal(what, place, remedy)


def damaged(place: Place) -> SourceError:
    """The error for a workbook that is broken."""
    what = _("The workbook is damaged.")
    return refusal(what, place, _("Open it in Excel or LibreOffice, let it repair the file, and save it as .xlsx."))


def protected(place: Place) -> SourceError:
    """The error for a workbook locked by a password."""
    what = _("The workbook is protected by a password.")
    return refusal(what, place, _("Save it without a password, then try again."))


def packed(stream: BinaryIO, place: Place) -> zipfile.ZipFile:
    """The archive that a workbook is.

    Raises:
        SourceError: it is damaged.
    """
    stream.seek(0)
    try:
        return zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as fault:
        raise damaged(place) from fault


def _files(archive: zipfile.ZipFile, place: Place) -> list[zipfile.ZipInfo]:
    items = archive.infolist()
    if len(items) > limits.WORKBOOK_FILES or sum(item.file_size for item in items) > limits.WORKBOOK_BYTES:
        raise _unpacks(place)
    for item in items:
        if item.flag_bits & ENCRYPTED:
            raise protected(place)
        if item.file_size > limits.RATIO_BYTES and item.file_size > limits.RATIO * item.compress_size:
            raise _unpacks(place)
    return items


def _unpacks(place: Place) -> SourceError:
    what = _("The workbook unpacks to more than can be read.")
    return refusal(what, place, _("Save the sheet as CSV, or split the workbook."))


def _no_sheet(archive: zipfile.ZipFile, item: zipfile.ZipInfo, place: Place) -> None:
    """Refuse a sheet under a name that no program gives it: it would go unmeasured."""
    end = b""
    with unpacked(archive, item, place) as stream:
        while piece := stream.read(limits.SAMPLE_BYTES):
            if SHEET_MARK in end + piece:
                raise damaged(place)
            end = piece[-len(SHEET_MARK) :]


@contextlib.contextmanager
def unpacked(archive: zipfile.ZipFile, item: zipfile.ZipInfo, place: Place) -> Iterator[IO[bytes]]:
    """The bytes of one file of the archive.

    Raises:
        SourceError: it is damaged.
    """
    try:
        with archive.open(item) as stream:
            yield stream
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as fault:
        raise damaged(place) from fault


def _shared_texts(archive: zipfile.ZipFile, place: Place) -> array[int]:
    """The lengths of the texts that cells name by number."""
    parts = [item for item in _files(archive, place) if _holds_shared_texts(item)]
    if not parts:
        return array("I")
    if len(parts) > 1:
        raise damaged(place)
    with unpacked(archive, parts[0], place) as stream, unpacked(archive, parts[0], place) as again:
        try:
            return texts.shared_lengths(stream, again)
        except texts.LongTextError as fault:
            what = _("A cell of the workbook holds more than {limit} characters, which no cell of Excel can.")
            remedy = _("Shorten the text, or save the sheet as CSV.")
            raise refusal(what.format(limit=f"{limits.CELL_CHARACTERS:,}"), place, remedy) from fault
        except (expat.ExpatError, OddError) as fault:
            raise damaged(place) from fault


def _holds_shared_texts(item: zipfile.ZipInfo) -> bool:
    return item.filename.replace("\\", "/").lower().rpartition("/")[2] == SHARED_TEXTS


def _text(  # noqa: PLR0913, PLR0917 - what is known of a sheet
    archive: zipfile.ZipFile, item: zipfile.ZipInfo, place: Place, filled: int, strings: array[int], room: int
) -> int:
    """How much text the cells of a part hold; a quick bound where that leaves room for it."""
    if _holds_shared_texts(item):
        return 0
    own, named = item.file_size, filled * max(strings, default=0)
    if own > room // 2:
        with unpacked(archive, item, place) as stream:
            own = texts.own_text(stream)
    if own + named > room:
        with unpacked(archive, item, place) as stream:
            named = texts.named_text(stream, filled, strings, room)
    return own + named


def _extent(archive: zipfile.ZipFile, item: zipfile.ZipInfo, place: Place, *, opendocument: bool) -> Extent:
    if not opendocument:
        with unpacked(archive, item, place) as stream:
            found = skim(stream)
        if found is not None and found.fits:
            return found
    with unpacked(archive, item, place) as stream:
        try:
            return parse(stream, Ods() if opendocument else Xlsx())
        except (expat.ExpatError, OddError) as fault:
            raise damaged(place) from fault
