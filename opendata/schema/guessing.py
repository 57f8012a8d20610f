"""The field that a column makes: a type only where every cell fits, text and the reason why in any other case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.messages import N_, _
from opendata.model.words import is_code_label
from opendata.schema import kinds
from opendata.schema.naming import header_words, title_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import JsonValue
    from opendata.schema.columns import Column

_SHOWN = 60
_YEAR_WORDS = frozenset({"nam", "year"})
_COUNTED = frozenset({kinds.INTEGER, kinds.NUMBER, kinds.COMMA})
_DESCRIBED: dict[str, dict[str, JsonValue]] = {
    kinds.COMMA: {"type": "number", "decimalChar": ","},
    kinds.DAY_FIRST: {"type": "date", "format": "%d/%m/%Y"},
    kinds.MOMENT: {"type": "datetime", "timezone": "UTC"},
}
_MEANS = {
    kinds.BOOLEAN: N_("true or false"),
    kinds.INTEGER: N_("whole numbers"),
    kinds.NUMBER: N_("numbers"),
    kinds.COMMA: N_("numbers with a decimal comma"),
    kinds.DATE: N_("dates"),
    kinds.DATETIME: N_("dates with times"),
    kinds.MOMENT: N_("dates with times and an offset"),
    kinds.TIME: N_("times of day"),
    kinds.DAY_FIRST: N_("dates written day/month/year"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """A field as inferred: its descriptor, its kind (None: text) and what there is to say of it."""

    descriptor: dict[str, JsonValue]
    kind: str | None
    notes: tuple[str, ...]


def guess(column: Column, name: str) -> Guess:
    """The field of that name which the column makes."""
    named = title_of(column.label) or name
    kind = _fitting(column)
    reason = _hindrance(column, named) if kind is None else _doubt(column, kind, named)
    if kind is None or reason:
        return Guess(_descriptor(column, name, {"type": "string"}), None, (reason,) if reason else ())
    return Guess(_descriptor(column, name, _typed(column, kind)), kind, tuple(_notes(column, kind, named)))


def _fitting(column: Column) -> str | None:
    """The first kind that no cell hinders; a year only under a header that says so."""
    if not column.filled:
        return None
    fitting = [kind for kind in kinds.KINDS if not column.hindered[kind]]
    is_year = bool(header_words(column.label) & _YEAR_WORDS)
    return next((kind for kind in fitting if kind != kinds.YEAR or is_year), None)


def _hindrance(column: Column, named: str) -> str:
    """Why a column is text although much of it is not; empty where it is plainly text."""
    if not column.filled:
        return _("{field} stays text: none of its cells has a value.").format(field=named)
    if column.leading_zero is not None and not column.not_digits:
        told = _("{field} stays text: it holds codes with leading zeros, the first in row {row}.")
        return told.format(field=named, row=column.leading_zero)
    likeliest = min(_MEANS, key=lambda kind: column.hindered[kind])
    count, total = column.hindered[likeliest], column.filled
    if count * 2 > total:
        return _digits(column, named)
    row, cell = column.first[likeliest]
    told = _("{field} stays text: {count} of {total} cells are not {kind}, the first in row {row}: {cell}")
    return told.format(field=named, count=count, total=total, kind=_(_MEANS[likeliest]), row=row, cell=cell[:_SHOWN])


def _digits(column: Column, named: str) -> str:
    """What to say of a column of digits in no form that a type has; empty where it is plainly text."""
    row, cell = column.first_digital
    if column.digital * 2 <= column.filled or not row:
        return ""
    told = _("{field} stays text: most cells hold digits, but in no form that is understood, as in row {row}: {cell}")
    return told.format(field=named, row=row, cell=cell[:_SHOWN])


def _doubt(column: Column, kind: str, named: str) -> str:
    """Why a column stays text although each cell fits; empty where nothing speaks against the kind."""
    told = ""
    even = len(column.widths) == 1 and not column.not_digits
    if kind == kinds.INTEGER and even and is_code_label(column.label):
        told = _("{field} stays text: by its header and its even width it holds codes.")
    if kind == kinds.DAY_FIRST and not column.day_settled:
        told = _("{field} stays text: its dates could be day/month/year or month/day/year.")
    settled = column.point_settled if kind == kinds.NUMBER else column.comma_settled
    if kind in {kinds.NUMBER, kinds.COMMA} and not settled:
        told = _("{field} stays text: its point or comma could stand before decimals or between thousands.")
    return told.format(field=named)


def _typed(column: Column, kind: str) -> dict[str, JsonValue]:
    typed: dict[str, JsonValue] = {"type": kind, **_DESCRIBED.get(kind, {})}
    if kind == kinds.COMMA and column.group_seen:
        typed["groupChar"] = "."
    if kind in _COUNTED and (unit := unit_of(column.label)):
        typed["unit"] = unit
    if column.markers:
        typed["missingValues"] = ["", *sorted(column.markers)]
    return typed


def _descriptor(column: Column, name: str, typed: dict[str, JsonValue]) -> dict[str, JsonValue]:
    title = title_of(column.label)
    return {"name": name, **({"title": title} if title else {}), **typed}


def _notes(column: Column, kind: str, named: str) -> Iterator[str]:
    if kind == kinds.COMMA:
        yield _("{field} is read with a decimal comma, as in 1.234,5.").format(field=named)
    if kind == kinds.DAY_FIRST:
        yield _("{field} is read as dates written day/month/year.").format(field=named)
    if kind == kinds.MOMENT:
        yield _("{field} is kept in UTC, since its times carry an offset.").format(field=named)
    if column.markers:
        markers = ", ".join(f'"{marker}"' for marker in sorted(column.markers))
        yield _("{field}: cells with {markers} count as missing.").format(field=named, markers=markers)
