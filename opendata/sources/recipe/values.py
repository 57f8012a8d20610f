"""Steps that read values: numbers, dates, codes, names of administrative units."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping  # noqa: TC003 - the steps' annotations say how they are read
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from opendata.messages import _
from opendata.sources.grid import Moment, Numeral
from opendata.sources.recipe.flow import Fault, Faultless, Flow, Record, appended, changed, clean, no_stray, position
from opendata.sources.recipe.numbers import NumberForm
from opendata.sources.recipe.rows import headed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opendata.errors import SourceError
    from opendata.sources.recipe.flow import Context

YEAR = re.compile(r"([0-9]{4})(?:-[0-9]{2}(?:-[0-9]{2}.*)?)?")
DIRECTIVES = frozenset("dmYyHMSf")
TIME_OF_DAY = re.compile(r"%[HMSf]")


@dataclass(frozen=True, slots=True)
class ParseNumbers:
    """Reads numbers as they are written (1.234,5) into their plain form (1234.5).

    `decimal` is the decimal mark, `group` the mark between groups of three digits (empty: none; a blank: any blank).
    Texts in `missing` become empty. A cell that the workbook itself holds as a number stays as it is. Anything else
    that is no number in this form is an error.

    Example: `{"step": "parse-numbers", "fields": ["area"], "decimal": ",", "group": ".", "missing": ["..", "-"]}`
    """

    STEP: ClassVar[str] = "parse-numbers"
    fields: tuple[str, ...]
    decimal: str = ","
    group: str = "."
    missing: tuple[str, ...] = ()

    def faults(self) -> tuple[Fault, ...]:
        """See Step."""
        if len(self.decimal) == 1 and len(self.group) <= 1 and self.decimal != self.group:
            return ()
        what = _("The decimal mark and the mark between groups are one character each, and differ.")
        return (Fault("decimal", what, _("Vietnamese numbers have , and . here, English ones . and ,")),)

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        form = NumberForm(self.decimal, self.group)
        missing = {clean(text) for text in self.missing}

        def read(cell: str) -> str | None:
            if isinstance(cell, Numeral):
                return cell
            return "" if clean(cell) in missing or not cell.strip() else form.parse(cell)

        what = _("The value {value} in {field} is no number in the form that the recipe declares.")
        remedy = _("Correct the cell, or name its text under `missing` of the step parse-numbers.")
        return _each(flow, context, self.fields, read, (what, remedy))


@dataclass(frozen=True, slots=True)
class ParseDates:
    """Reads dates written after `format` (as strptime has it: %d/%m/%Y) into ISO 8601.

    Without a time of day in `format` the result is a date, else a date and time. Texts in `missing` become empty. A
    cell that the workbook itself holds as a date stays as it is.

    Example: `{"step": "parse-dates", "fields": ["day"], "format": "%d/%m/%Y"}`
    """

    STEP: ClassVar[str] = "parse-dates"
    fields: tuple[str, ...]
    format: str
    missing: tuple[str, ...] = ()

    def faults(self) -> tuple[Fault, ...]:
        """See Step."""
        if all(part[:1] in DIRECTIVES for part in self.format.replace("%%", "").split("%")[1:]) and "%" in self.format:
            return ()
        what = _("The format of a date is made of %d %m %Y %y %H %M %S and the marks between them.")
        return (Fault("format", what, _("Write it as %d/%m/%Y, for instance.")),)

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        missing = {clean(text) for text in self.missing}
        timed = bool(TIME_OF_DAY.search(self.format))

        def read(cell: str) -> str | None:
            text = clean(cell)
            if isinstance(cell, Moment) or text in missing or not text:
                return cell if isinstance(cell, Moment) else ""
            try:
                moment = dt.datetime.strptime(text, self.format)  # noqa: DTZ007 - the source states no zone
            except ValueError:
                return None
            return moment.isoformat() if timed else moment.date().isoformat()

        what = _("The value {value} in {field} is no date in the form that the recipe declares.")
        remedy = _("Correct the cell, or `format` of the step parse-dates.")
        return _each(flow, context, self.fields, read, (what, remedy))


@dataclass(frozen=True, slots=True)
class Recode(Faultless):
    """Replaces the texts of `field` by `map`, or writes the result into a new column `into`.

    Texts are compared composed (NFC), without the blanks around them. A text that `map` does not name is an error; a
    blank stays blank unless `map` names it.

    Example: `{"step": "recode", "field": "Loại", "map": {"Lúa mùa": "winter"}, "into": "season"}`
    """

    STEP: ClassVar[str] = "recode"
    field: str
    map: Mapping[str, str]
    into: str | None = None

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        table = {clean(old): new for old, new in self.map.items()}
        what = _("The value {value} in {field} is not in the map of the step recode.")
        remedy = _("Add it to the map, or correct the cell.")

        def read(record: Record, index: int, label: str) -> str:
            text = clean(record.cells[index])
            if text not in table and text:
                raise context.unreadable(what, remedy, record, index, label)
            return table.get(text, "")

        return _into(headed(flow, context), context, self.field, self.into, read)


@dataclass(frozen=True, slots=True)
class RecodeUnits(Faultless):
    """Replaces names of administrative units in `field` by their `unit_id`, or writes it into a new column `into`.

    `year` names the field that holds the year (or a date) in which the unit is meant; without it today's units are.
    A name that no unit had then is an error; a blank stays blank.

    Example: `{"step": "recode-units", "field": "Tỉnh", "into": "unit_id", "year": "year"}`
    """

    STEP: ClassVar[str] = "recode-units"
    field: str
    into: str | None = None
    year: str | None = None

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        flow = headed(flow, context)
        when = position(flow, self.year, context) if self.year is not None else None
        known: dict[tuple[str, int | None], str | None] = {}

        def read(record: Record, index: int, label: str) -> str:
            name = clean(record.cells[index])
            if not name:
                return ""
            key = (name, _year(record, when, self.year or "", context))
            if key not in known:
                known[key] = context.resolve(*key)
            found = known[key]
            if found is None:
                raise _unknown_unit(record, index, label, key[1], context)
            return found

        return _into(flow, context, self.field, self.into, read)


def _unknown_unit(record: Record, index: int, label: str, year: int | None, context: Context) -> SourceError:
    remedy = _("Correct the name, recode it before this step, or leave the row out by drop-rows.")
    if year is None:
        what = _("The name {value} in {field} is of no administrative unit of today.")
        return context.unreadable(what, remedy, record, index, label)
    what = _("The name {value} in {field} is of no administrative unit in the year {year}.")
    return context.unreadable(what, remedy, record, index, label, year=year)


def _year(record: Record, index: int | None, label: str, context: Context) -> int | None:
    if index is None:
        return None
    found = YEAR.fullmatch(clean(record.cells[index]))
    if found:
        return int(found[1])
    what = _("The value {value} in {field} is no year.")
    raise context.unreadable(what, _("Correct the cell, or parse it before this step."), record, index, label)


def _each(
    flow: Flow,
    context: Context,
    fields: tuple[str, ...],
    read: Callable[[str], str | None],
    words: tuple[str, str],
) -> Flow:
    """Read the cells of some fields in place; None is an error, said in `words` (what, remedy)."""
    flow = headed(flow, context)
    indexes = [position(flow, name, context) for name in fields]

    def records() -> Iterator[Record]:
        for record in flow.records:
            cells = list(record.cells)
            for index in indexes:
                cell = read(cells[index])
                if cell is None:
                    raise context.unreadable(*words, record, index, flow.labels[index])
                cells[index] = cell
            yield record._replace(cells=cells)

    return flow.with_records(records())


def _into(
    flow: Flow,
    context: Context,
    field: str,
    into: str | None,
    read: Callable[[Record, int, str], str],
) -> Flow:
    """Read one field, and put the result in its place or into a new column."""
    index = position(flow, field, context)
    label = flow.labels[index]
    if into is None:
        return flow.with_records(changed(record, index, read(record, index, label)) for record in flow.records)
    return _beside(flow, context, index, into, read)


def _beside(flow: Flow, context: Context, index: int, into: str, read: Callable[[Record, int, str], str]) -> Flow:
    if into in flow.labels:
        what = _("There is a column {field} already.").format(field=into)
        raise context.fault(what, _("Give another name under `into`, or rename the column before."))
    width, label = len(flow.labels), flow.labels[index]

    def records() -> Iterator[Record]:
        for record in flow.records:
            stray = Record(record.row, record.cells[:width], record.columns[:width])
            if len(record.cells) > width:
                no_stray(record, flow.labels, context)
            yield appended(stray, read(record, index, label), index)

    return replace(flow, labels=(*flow.labels, into), records=records())
