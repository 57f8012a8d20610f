"""Hashes of keys with their rows, on disk once there are many: sorted a range at a time, memory stays flat."""

from __future__ import annotations

import contextlib
import tempfile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Self

    from opendata.schema.screen.arrow import Whole
    from opendata.schema.screen.hashing import Hashes

HELD = 1 << 20
"""So many keys are held in memory (16 bytes each); beyond that they go to disk."""
PARTS = 64
"""Parts into which the range of hashes is cut on disk. Each is sorted by itself."""
_SHIFT = 58
_BYTES = 8


class KeyStore:
    """The hashes of one key over a whole table."""

    def __init__(self) -> None:
        """Begin with none."""
        self._hashes: list[Hashes] = []
        self._rows: list[Whole] = []
        self._held = 0
        self._files: list[tuple[IO[bytes], IO[bytes]]] = []

    def __enter__(self) -> Self:
        """Use it until it is left; its files are gone then."""
        return self

    def __exit__(self, *_fault: object) -> None:
        """Remove what is on disk."""
        with contextlib.ExitStack() as stack:
            for pair in self._files:
                for file in pair:
                    stack.callback(file.close)

    def add(self, hashes: Hashes, rows: Whole) -> None:
        """Take the hashes of these rows."""
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

        if bool(self._files) != bool(other._files):
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
        import numpy as np

        if self._files:
            self._spill()
            for hashes, rows in self._files:
                yield np.frombuffer(_content(hashes), np.uint64), np.frombuffer(_content(rows), np.int64)
        else:
            yield self._all()

    def _all(self) -> tuple[Hashes, Whole]:
        """What is held in memory."""
        import numpy as np

        hashes, rows = [np.zeros(0, np.uint64), *self._hashes], [np.zeros(0, np.int64), *self._rows]
        return np.concatenate(hashes), np.concatenate(rows)

    def _spill(self) -> None:
        import numpy as np

        if not self._files:
            self._files = [(tempfile.TemporaryFile(), tempfile.TemporaryFile()) for _part in range(PARTS)]  # noqa: SIM115 - closed at the end
        hashes, rows = self._all()
        part = (hashes >> np.uint64(_SHIFT)).astype(np.uint8)
        order = np.argsort(part, kind="stable")
        ends = np.searchsorted(part[order], np.arange(1, PARTS))
        pieces = zip(np.split(hashes[order], ends), np.split(rows[order], ends), strict=True)
        for (file, other), (some, theirs) in zip(self._files, pieces, strict=True):
            file.write(some.tobytes())
            other.write(theirs.tobytes())
        self._hashes, self._rows, self._held = [], [], 0


def _twice(hashes: Hashes) -> Hashes:
    import numpy as np

    ordered = np.sort(hashes)
    found: Hashes = ordered[1:][ordered[1:] == ordered[:-1]]
    return found


def _content(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
