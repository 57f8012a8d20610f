"""Opening a file for reading: a plain file only, and a clear error otherwise."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, BinaryIO

from opendata import files
from opendata.messages import _
from opendata.model.digest import told
from opendata.sources.grid import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from opendata.errors import SourceError
    from opendata.model import Place

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKED = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"(\xb5/\xfd": "zstd",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
}
PACKED_SUFFIXES = frozenset({".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".rar"})


@contextlib.contextmanager
def opened(path: Path, place: Place) -> Iterator[BinaryIO]:
    """The file's bytes.

    Raises:
        SourceError: it is not there, no plain file, held by another program, or the disk fails while it is read.
    """
    if not files.regular(path):
        raise _no_file(path, place)
    try:
        with path.open("rb") as stream:
            yield stream
    except PermissionError as fault:
        what = _("The file cannot be read: another program holds it open, or you lack the right.")
        remedy = _("Close it in Excel or the other program, or ask for the right to read it, then try again.")
        raise refusal(what, place, remedy) from fault
    except OSError as fault:
        fault_on_disk = files.disk_error(fault, path)
        raise refusal(fault_on_disk.what, place, fault_on_disk.remedy) from fault


def digest(path: Path, place: Place) -> str:
    """The SHA-256 of one file, "sha256:…".

    Raises:
        SourceError: as `opened`.
    """
    with opened(path, place) as stream:
        return told(files.sha256_of(stream))


def refuse_packed(name: str, start: bytes, place: Place) -> None:
    """Refuse a compressed file, told by its name or its first bytes; a workbook in a CSV's clothes too.

    Raises:
        SourceError: with the way out.
    """
    suffix = "." + name.rpartition(".")[2].lower()
    if suffix in PACKED_SUFFIXES or any(start.startswith(mark) for mark in PACKED):
        raise packed(place)
    if start.startswith((ZIP, OLE)):
        what = _("This is an Excel workbook or another packed file, not a text table.")
        raise refusal(what, place, _("Give it its true ending (.xlsx, .xls or .ods), or save it as CSV UTF-8."))


def packed(place: Place) -> SourceError:
    """The error for a compressed file."""
    what = _("The file is compressed, which this library does not read.")
    return refusal(what, place, _("Unpack it, and give the name of the unpacked file."))


def empty(place: Place) -> SourceError:
    """The error for a file without a single record."""
    what = _("The file {file} is empty.").format(file=place.path or "")
    return refusal(what, place, _("Put a header row and the data into it, or give another file."))


def _no_file(path: Path, place: Place) -> SourceError:
    if path.is_dir():
        what = _("This is a folder, not a file.")
    elif path.exists():
        what = _("This is no plain file but a device or a pipe.")
    else:
        what = _("There is no such file.")
    return refusal(what, place, _("Check the name and the folder."))
