"""What runs through a recipe: labels, and records that remember where each of their cells stood in the source."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol

from opendata.messages import _
from opendata.model.words import one_line
from opendata.sources.grid import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from opendata.errors import SourceError
    from opendata.model import Place


class Record(NamedTuple):
    """One row on its way: its row number, its cells, and the column of the source that each came from (0: none)."""

    row: int
    cells: list[str]
    columns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Records under their labels. `header_row` 0: no header was taken yet, and there are no labels."""

    labels: tuple[str, ...]
    records: Iterator[Record]
    header_row: int = 0

    def with_records(self, records: Iterator[Record]) -> Flow:
        """The same labels over other records."""
        return replace(self, records=records)


class Fault(NamedTuple):
    """A property of a step that makes no sense, and the sentences about it."""

    property: str
    what: str
    remedy: str


class Faultless:
    """A step whose properties are right once their types are."""

    __slots__ = ()

    def faults(self) -> tuple[Fault, ...]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class Context:
    """What a step may know besides the flow: where the source lies, and how names of units are resolved."""

    place: Place
    resolve: Callable[[str, int | None], str | None]

    def fault(self, what: str, remedy: str, record: Record | None = None, index: int | None = None) -> SourceError:
        """The error about a cell, a row, or the source as a whole."""
        column = record.columns[index] if record and index is not None and index < len(record.columns) else 0
        return refusal(what, self.place, remedy, record.row if record else None, column or None)

    def unreadable(self, what: str, remedy: str, record: Record, index: int, label: str, **more: object) -> SourceError:
        """The error about a value; `what` has the placeholders {value}, {field}, and those of `more`."""
        said = what.format(value=one_line(record.cells[index], 60), field=label, **more)
        return self.fault(said, remedy, record, index)


class Step(Protocol):
    """One step of a recipe."""

    def faults(self) -> tuple[Fault, ...]:
        """What is wrong with its properties beyond their types."""
        ...

    def apply(self, flow: Flow, context: Context) -> Flow:
        """What comes out of the step. Records are drawn as they are needed.

        Raises:
            SourceError: a label is not there, or (while records are drawn) a value cannot be treated.
        """
        ...


def clean(text: str) -> str:
    """A text as it is compared: composed (NFC), blanks around it taken away.

    >>> clean(" Ha\u0300 Nội ")
    'Hà Nội'
    """
    return unicodedata.normalize("NFC", text).strip()


def label(text: str) -> str:
    r"""A text as it heads a column: composed, on one line, single blanks.

    >>> label(" Diện  tích\n(ha) ")
    'Diện tích (ha)'
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def blank(cells: Sequence[str]) -> bool:
    """True where no cell holds anything but blanks.

    >>> blank(["", " "]), blank([]), blank(["0"])
    (True, True, False)
    """
    return not any(cell.strip() for cell in cells)


def position(flow: Flow, name: str, context: Context) -> int:
    """Where the column of that name stands, from 0.

    Raises:
        SourceError: there is none, or more than one.
    """
    wanted = label(name)
    found = [index for index, item in enumerate(flow.labels) if label(item) == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        what = _("More than one column is called {field}.").format(field=name)
        raise context.fault(what, _("Take more header rows into the recipe, so that the names differ."))
    what = _("There is no column {field} for this step of the recipe.").format(field=name)
    raise context.fault(what, _("The columns here are: {fields}").format(fields=", ".join(flow.labels)[:500]))


def appended(record: Record, cell: str, source: int) -> Record:
    """The record with one more cell, which came from the cell at index `source`."""
    return Record(record.row, [*record.cells, cell], (*record.columns, record.columns[source]))


def changed(record: Record, index: int, cell: str) -> Record:
    """The record with another text in one cell."""
    cells = list(record.cells)
    cells[index] = cell
    return record._replace(cells=cells)


def no_stray(record: Record, labels: Sequence[str], context: Context) -> None:
    """Refuse a cell that stands under no label: it would be lost.

    Raises:
        SourceError: there is one.
    """
    for index, cell in enumerate(record.cells):
        if cell.strip() and (index >= len(labels) or not labels[index]):
            what = _("The cell {value} stands under no header.")
            remedy = _("Give its column a header, take it out of the file, or choose the columns by select.")
            raise context.unreadable(what, remedy, record, index, "")
