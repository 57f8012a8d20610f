"""A file whose bytes are counted and digested while they are written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata import files

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Written:
    """A finished file: where it is, its size in bytes and its SHA-256 in 64 hexadecimal digits."""

    path: Path
    bytes: int
    sha256: str


class DigestingFile:
    """A new file for writing, enough of a stream for pyarrow; what it holds counts once `finish` has returned.

    Raises:
        DiskError: it could not be made or written, from whichever call met the fault.
    """

    def __init__(self, path: Path) -> None:
        """Make the file, which must not be there."""
        self.path = path
        self._digest = hashlib.sha256()
        self._size = 0
        self._dropped = False
        with files.disk(path):
            self._stream = path.open("xb")

    def write(self, piece: bytes | memoryview) -> int:
        """Add bytes; their number is returned. Once dropped, nothing is written any more."""
        size = memoryview(piece).nbytes
        if not self._dropped:
            with files.disk(self.path):
                self._stream.write(piece)
            self._digest.update(piece)
            self._size += size
        return size

    def tell(self) -> int:
        """How many bytes were taken so far."""
        return self._size

    def flush(self) -> None:
        """Nothing: the bytes are pushed to the disk by `finish`."""

    @property
    def closed(self) -> bool:
        """True once finished or dropped for good."""
        return self._stream.closed

    def finish(self) -> Written:
        """Push everything to the disk and close; what was written is returned."""
        files.settle(self._stream, self.path)
        return Written(self.path, self._size, self._digest.hexdigest())

    def drop(self) -> None:
        """Remove the file. A library that still holds this stream may go on writing: nothing comes of it."""
        self._dropped = True
        with files.disk(self.path):
            try:
                self._stream.close()
            finally:
                self.path.unlink(missing_ok=True)
