"""The bytes of a text column as numpy sees them: how long each cell is, which letters occur, cells of one width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from opendata.schema.screen.arrow import chosen, taken, text_column

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from opendata.schema.screen.arrow import Bytes, Mask, Whole


@dataclass(frozen=True, slots=True)
class Cells:
    """A column of cells: `array` is null where one is missing; `lengths` are in bytes, 0 there; `data` is their text.

    `missing` is None where none is. Nothing of a missing cell is in `data`.
    """

    array: pa.StringArray
    lengths: NDArray[np.int32]
    data: memoryview
    missing: Mask | None = None

    def __len__(self) -> int:
        """How many cells there are, missing ones too."""
        return len(self.lengths)

    @property
    def longest(self) -> int:
        """The length in bytes of the longest cell; 0 where there is none."""
        return int(self.lengths.max(initial=0))

    def only(self, letters: bytes) -> bool:
        """True where the cells hold nothing but these ASCII letters."""
        return not bytes(self.data).translate(None, letters)

    def widths(self) -> Iterator[tuple[Whole | None, Bytes]]:
        """The cells by their width: the positions (None: all of them), and their letters, a row for each."""
        import numpy as np

        filled = self.lengths[self.lengths > 0]
        if not filled.size:
            return
        if filled.min() == filled.max():
            at = None if filled.size == len(self) else np.flatnonzero(self.lengths)
            yield at, self._matrix(self.data, filled.size)
            return
        for width in np.unique(filled):
            at = np.flatnonzero(self.lengths == width)
            part = cells_of(taken(self.array, at))
            yield at, self._matrix(part.data, at.size)

    @staticmethod
    def _matrix(data: memoryview, rows: int) -> Bytes:
        import numpy as np

        return np.frombuffer(data, np.uint8).reshape(rows, -1)


def cells_of(array: pa.StringArray) -> Cells:
    """The cells of a column in which none is null.

    >>> import pyarrow as pa
    >>> cells = cells_of(pa.array(["a", "", "đ"]))
    >>> cells.lengths.tolist(), bytes(cells.data) == "ađ".encode(), cells.only(b"ab")
    ([1, 0, 2], True, False)
    """
    import numpy as np

    starts, data = cast("tuple[Any, Any]", array.buffers()[1:])
    size = 0 if starts is None else len(array) + 1
    offsets = np.frombuffer(starts or b"", np.int32, count=size, offset=4 * array.offset if size else 0)
    low, high = (int(offsets[0]), int(offsets[-1])) if size else (0, 0)
    return Cells(array, np.diff(offsets), memoryview(data or b"")[low:high])


def without(cells: Cells, missing: Mask | None) -> Cells:
    """The same cells, those under the mask null.

    >>> import numpy as np
    >>> import pyarrow as pa
    >>> without(cells_of(pa.array(["a", "NA"])), np.array([False, True])).array.to_pylist()
    ['a', None]
    """
    if missing is None or not missing.any():
        return cells
    if cells.array.offset == 0 and not cells.lengths[missing].any():
        starts, data = cells.array.buffers()[1:]
        return Cells(text_column(~missing, starts, data or b""), cells.lengths, cells.data, missing)
    array = chosen(~missing, cells.array, None)
    emptied = cells_of(chosen(~missing, cells.array, ""))
    return Cells(array, emptied.lengths, emptied.data, missing)
