"""How a file is to be read, as its descriptor declares it: Table Dialect v2, CSV dialect v1, frictionless's own.

What is not declared is the standard's default: comma, double quote, header in row 1. Nothing is guessed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import as_list, as_object
from opendata.sources.grid import refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.errors import SourceError
    from opendata.model import Json, Place

LINE_ENDS = ("\r\n", "\n", "\r")


@dataclass(frozen=True, slots=True)
class Dialect:
    """A table dialect, checked. `header_rows` None: the first line that is no comment.

    `quote` empty: quotation marks mean nothing. `sheet` is a name, or a number from 1, or None: the first.
    """

    delimiter: str = ","
    quote: str = '"'
    double_quote: bool = True
    escape: str | None = None
    skip_initial_space: bool = False
    null: str | None = None
    header: bool = True
    header_rows: tuple[int, ...] | None = None
    header_join: str = " "
    comment: str | None = None
    comment_rows: frozenset[int] = frozenset()
    skip_blank: bool = False
    sheet: str | int | None = None

    def left_out(self, row: int, cells: tuple[str, ...] | list[str]) -> bool:
        """True where the line is a comment, or blank where blank lines are declared to mean nothing."""
        return self.comments(row, cells) or (self.skip_blank and not any(cells))

    def comments(self, row: int, cells: Sequence[str]) -> bool:
        """True where the line is a comment."""
        if row in self.comment_rows:
            return True
        return bool(self.comment and cells and cells[0].startswith(self.comment))


def read(descriptor: Json, place: Place, *, delimiter: str = ",") -> Dialect:
    """The dialect that a descriptor's `dialect` object declares; `delimiter` is the format's default.

    Raises:
        SourceError: a property of the wrong kind, or one that cannot be followed.

    >>> from opendata.model import Place
    >>> read({"delimiter": ";", "headerRows": [3]}, Place()).header_rows
    (3,)
    """
    part = _Part({**descriptor, **as_object(descriptor.get("csv"))}, place)
    excel = _Part(as_object(descriptor.get("excel")), place)
    quote = part.character("quoteChar", '"', empty=True)
    escape = part.character("escapeChar", None)
    header_rows = part.rows("headerRows")
    part.line_end()
    part.case()
    double_quote = part.flag("doubleQuote", default=True)
    return Dialect(
        delimiter=part.character("delimiter", delimiter) or delimiter,
        quote=quote or "",
        # Frictionless heeds doubleQuote only beside an escape character; a verdict must rest on the same cells.
        double_quote=double_quote or not escape,
        escape=escape,
        skip_initial_space=part.flag("skipInitialSpace", default=False),
        null=part.text("nullSequence"),
        header=part.flag("header", default=True) and header_rows != (),
        header_rows=header_rows,
        header_join=" " if part.text("headerJoin") is None else part.text("headerJoin") or "",
        comment=part.text("commentChar"),
        comment_rows=frozenset(part.rows("commentRows") or ()),
        skip_blank=part.flag("skipBlankRows", default=False),
        sheet=part.sheet("sheetName", "sheetNumber") or excel.sheet("sheet", "sheet"),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """The properties of a dialect, each read with a check."""

    values: Json
    place: Place

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        if value is None or isinstance(value, str):
            return value
        raise self._wrong(name, _("Write a text between quotation marks."))

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.values.get(name, default)
        if isinstance(value, bool):
            return value
        raise self._wrong(name, _("Write true or false, without quotation marks."))

    def character(self, name: str, default: str | None, *, empty: bool = False) -> str | None:
        if name not in self.values:
            return default
        text = self.text(name)
        if text is None:
            return default
        if empty and not text:
            return text
        if len(text) != 1 or text in "\r\n":
            raise self._wrong(name, _("Write one character between quotation marks."))
        return text

    def rows(self, name: str) -> tuple[int, ...] | None:
        if self.values.get(name) is None:
            return None
        value = self.values[name]
        numbers = tuple(item for item in as_list(value) if isinstance(item, int) and item > 0)
        if not isinstance(value, list | tuple) or len(numbers) != len(value):
            raise self._wrong(name, _("Write a list of row numbers, counted from 1, such as [2, 3]."))
        return tuple(sorted(set(numbers)))

    def line_end(self) -> None:
        name = "lineTerminator"
        if self.text(name) not in {None, *LINE_ENDS}:
            raise self._wrong(name, _("Leave it out: LF, CR LF and CR are told apart by themselves."))

    def case(self) -> None:
        name = "headerCase"  # frictionless's own
        if not self.flag(name, default=True):
            raise self._wrong(name, _("Leave it out, and write the labels as the schema has them."))

    def sheet(self, by_name: str, by_number: str) -> str | int | None:
        name, number = self.values.get(by_name), self.values.get(by_number)
        if isinstance(name, str) and name:
            return name
        if number is None or (isinstance(number, int) and not isinstance(number, bool) and number > 0):
            return number
        raise self._wrong(by_number, _("Write the number of a sheet, counted from 1, or name it by sheetName."))

    def _wrong(self, name: str, remedy: str) -> SourceError:
        what = _("The dialect's property {name} cannot be followed: {value}")
        return refusal(what.format(name=name, value=repr(self.values.get(name))[:60]), self.place, remedy)
