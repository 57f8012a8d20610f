"""One reading of a table for its check, with the digest of what was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.errors import SourceError
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Batch, Reading, Table


def reading_of(table: Table) -> Reading:
    """A reading that tells the digest of what it read; the source is opened when its batches are drawn.

    Where the source cannot be hashed as it is read, the digest is taken before and after.
    """
    return table.hashed() if table.hashed else _Compared(table)


class _Compared:
    """A reading whose source is hashed before and after."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._before: str | None = None

    def batches(self) -> Iterator[Batch]:
        self._before = self._table.digest()
        yield from self._table.batches()

    def digest(self) -> str:
        found = self._table.digest()
        if self._before not in {None, found}:
            raise changed(self._table)
        return found


def changed(table: Table) -> SourceError:
    """The error for a table that is no longer what it was when its reading began."""
    remedy = _("Wait until the other program has written the file, then run the same command again.")
    return SourceError(_("The file was changed while it was read."), table.place.path or table.name, remedy)
