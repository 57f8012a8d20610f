"""The rows in which something is wrong, kept while a table is read, so that it need not be read again for a few."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from opendata.schema.rows import chosen_rows

if TYPE_CHECKING:
    from opendata.model import Batch
    from opendata.schema.screen.arrow import Whole

MOST = 4 << 20
"""So many bytes are kept of one table."""

# What a batch, or a row that does not fit, takes beside its cells.
_EACH = 512


class Aside:
    """Keeps rows as long as there are few."""

    def __init__(self) -> None:
        """Keep MOST bytes: with more, none."""
        self._left = MOST
        self._kept: list[Batch] = []

    def take(self, batch: Batch, wanted: Whole) -> None:
        """Keep the rows of these numbers of a batch."""
        if self._left < 0 or not len(wanted):
            return
        self._kept.append(chosen_rows(batch, wanted))
        self._left -= _size(self._kept[-1])
        if self._left < 0:
            self._kept.clear()

    def kept(self, wanted: Whole) -> tuple[Batch, ...] | None:
        """The rows of these numbers, in their order; None where not just these are kept."""
        import numpy as np

        numbers = np.concatenate([np.zeros(0, np.int64), *map(_numbers, self._kept)])
        return tuple(self._kept) if self._left >= 0 and np.array_equal(np.sort(numbers), wanted) else None


def _numbers(batch: Batch) -> Whole:
    import numpy as np

    return np.concatenate([batch.rows.to_numpy(), np.array([misfit.row for misfit in batch.misfits], np.int64)])


def _size(batch: Batch) -> int:
    return _EACH + batch.records.nbytes + sum(_EACH + sum(map(sys.getsizeof, row.cells)) for row in batch.misfits)
