"""Hashes of keys with their rows, on disk once there are many: sorted a range at a time, memory stays flat."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from opendata import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Self

    from opendata.schema.screen.arrow import Whole
    from opendata.schema.screen.hashing import Hashes

HELD = 1 << 20
"""So many keys are held in memory (16 bytes each); beyond that they go to disk."""
PARTS = 64
"""Parts into which the range of hashes is cut on disk. Each is sorted by itself."""
_SHIFT = 58
BYTES = 8
"""Of a hash, and of a row's number."""


class KeyStore:
    """The hashes of one key over a whole table."""

    def __init__(self) -> None:
        """Begin with none."""
        self._hashes: list[Hashes] = []
        self._rows: list[Whole] = []
        self._held = 0
        self._on_disk = False
        self._file: IO[bytes] | None = None
        self._pieces: list[list[tuple[int, int]]] = [[] for _part in range(PARTS)]
        """For each part where in the file its pieces begin, and how many keys are in each: hashes, then rows."""

    def __enter__(self) -> Self:
        """Use it until it is left; its files are gone then."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """Remove what is on disk."""
        if self._file is not None:
            with contextlib.suppress(OSError):  # what could not be written is not wanted any more
                self._file.close()

    def add(self, hashes: Hashes, rows: Whole) -> None:
        """Take the hashes of these rows.

        Raises:
            DiskError: the folder for temporary files is full, or not writable.
        """
        self._hashes.append(hashes)
        self._rows.append(rows)
        self._held += len(hashes)
        if self._held > HELD:
            self._spill()

    def repeated(self) -> Whole:
        """The rows whose hash another row has as well, in order."""
        import numpy as np

        found = [rows[np.isin(hashes, twice)] for hashes, rows in self.parts() if (twice := _twice(hashes)).size]
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def absent_from(self, other: KeyStore) -> Whole:
        """The rows whose hash the other store does not have, in order."""
        import numpy as np

        if self._on_disk != other._on_disk:
            self._spill()
            other._spill()
        pairs = zip(self.parts(), other.parts(), strict=True)
        found = [rows[~np.isin(hashes, known)] for (hashes, rows), (known, _rows) in pairs]
        return np.sort(np.concatenate(found)) if found else np.zeros(0, np.int64)

    def hashes_of(self, rows: Whole) -> Hashes:
        """The hashes of these rows."""
        import numpy as np

        found = [hashes[np.isin(those, rows)] for hashes, those in self.parts()]
        return np.concatenate([np.zeros(0, np.uint64), *found])

    def rows_of(self, hashes: Hashes) -> Whole:
        """The rows that have one of these hashes, in order."""
        import numpy as np

        found = [rows[np.isin(those, hashes)] for those, rows in self.parts()]
        return np.sort(np.concatenate([np.zeros(0, np.int64), *found]))

    def parts(self) -> Iterator[tuple[Hashes, Whole]]:
        """All hashes with their rows, range by range."""
        if self._on_disk:
            self._spill()
            for pieces in self._pieces:
                yield self._part(pieces)
        else:
            yield self._all()

    def _all(self) -> tuple[Hashes, Whole]:
        """What is held in memory."""
        import numpy as np

        hashes, rows = [np.zeros(0, np.uint64), *self._hashes], [np.zeros(0, np.int64), *self._rows]
        return np.concatenate(hashes), np.concatenate(rows)

    def _part(self, pieces: Sequence[tuple[int, int]]) -> tuple[Hashes, Whole]:
        import numpy as np

        hashes, rows = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
        for start, count in pieces:
            content = self._read(start, 2 * count * BYTES)
            hashes.append(np.frombuffer(content, np.uint64, count))
            rows.append(np.frombuffer(content, np.int64, count, count * BYTES))
        return np.concatenate(hashes), np.concatenate(rows)

    def _spill(self) -> None:
        import numpy as np

        self._on_disk = True
        hashes, rows = self._all()
        part = (hashes >> np.uint64(_SHIFT)).astype(np.uint8)
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(1, PARTS))
        cut = zip(self._pieces, np.split(hashes[order], ends), np.split(rows[order], ends), strict=True)
        for pieces, some, theirs in cut:
            if len(some):
                pieces.append((self._write(some.tobytes() + theirs.tobytes()), len(some)))
        self._hashes, self._rows, self._held = [], [], 0

    def _write(self, content: bytes) -> int:
        """Put bytes at the end of the file; where they begin."""
        with files.disk(Path(tempfile.gettempdir())):
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the store is left
            start = self._file.seek(0, io.SEEK_END)
            self._file.write(content)
            self._file.flush()
            return start

    def _read(self, start: int, size: int) -> bytes:
        assert self._file is not None  # noqa: S101 - there are pieces, so there is a file
        with files.disk(Path(tempfile.gettempdir())):
            self._file.seek(start)
            return self._file.read(size)


def _twice(hashes: Hashes) -> Hashes:
    import numpy as np

    ordered = np.sort(hashes)
    found: Hashes = ordered[1:][ordered[1:] == ordered[:-1]]
    return found
