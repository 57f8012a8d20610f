"""How next month's file is read: as the last one was, in its own encoding and delimiter, from the sheet it has."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata.drafting.proposal import header_step
from opendata.errors import DataError, SourceError
from opendata.messages import _
from opendata.model import TableSchema, as_object, as_text

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json, JsonValue, Origin
    from opendata.sources import Layout

DELIMITERS = {".tsv": "\t", ".tab": "\t"}
UNICODE = frozenset({"utf-8", "utf-16"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the officer says of a new file: its sheet, and the rows of its header, from 1; empty: as in the old one."""

    sheet: str | None = None
    header: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """The origin with which a file is read, and what there is to say about how it differs from the one before."""

    origin: Origin
    notes: tuple[str, ...] = ()


def settled(origin: Origin, wanted: Wanted) -> Origin:
    """The origin with what the officer said in place of what it had."""
    if wanted.sheet is not None:
        origin = _with(origin, sheet=wanted.sheet)
    if wanted.header:
        others = [step for step in origin.recipe if step.get("step") != "header"]
        recipe = (*header_step(wanted.header), *others)
        origin = replace(_with(origin, recipe=list(recipe)), recipe=recipe)
    return origin


def reread(origin: Origin, path: Path, folder: Path) -> Reading:
    """The origin with which the new file `path` is read, which is `origin.path` in `folder`.

    Raises:
        SourceError: it cannot be read, or has several sheets and none of the name.
    """
    from opendata.sources import detect

    try:
        seen = detect(path, origin.sheet)
    except SourceError as error:
        only = _only_sheet(path, origin)
        if only is None:
            if origin.sheet is not None and detect(path).sheets:
                error.remedy += ". " + _("Name the one to be read with --sheet NAME.")
            raise
        note = _("There is no sheet {old}; read is {new}, the only one.").format(old=origin.sheet, new=only)
        return Reading(_with(origin, sheet=only), (note,))
    return Reading(origin) if seen.encoding is None else _in_its_form(origin, seen, folder)


def low_header(error: DataError, path: Path, origin: Origin) -> DataError:
    """The error that arose while a file was read; where its header stands elsewhere than before, one that says so."""
    from opendata.sources import detect

    told = [step.get("rows") for step in origin.recipe if step.get("step") == "header"]
    row = detect(path, origin.sheet).header_row
    rows = told[0] if told else [1]
    if row is None or not isinstance(rows, list) or row in rows:
        return error
    remedy = _("The header looks to be in row {row}: if it is, run the command again with --header {row}.")
    error.remedy = f"{error.remedy} {remedy.format(row=row)}"
    return error


def _only_sheet(path: Path, origin: Origin) -> str | None:
    """The one sheet of a workbook that lacks the sheet that is named; None in any other case."""
    from opendata.sources import detect

    if origin.sheet is None:
        return None
    sheets = detect(path).sheets
    return sheets[0].name if len(sheets) == 1 else None


def _in_its_form(origin: Origin, seen: Layout, folder: Path) -> Reading:
    """The origin in the encoding and delimiter of the file; a supposition only where the old ones do not fit."""
    found = _encoded(origin, seen.encoding or "utf-8")
    if _fits(found, folder):
        other = found
    else:
        delimiter = as_text((seen.dialect or {}).get("delimiter")) or ","
        other = _delimited(found, delimiter, folder)
    notes = []
    if other is not origin:
        form = _(
            "The file is written otherwise than the last one. Read with: encoding {encoding}, delimiter {delimiter}"
        )
        mark = as_text(as_object(other.descriptor.get("dialect")).get("delimiter")) or _usual(other)
        encoding = as_text(other.descriptor.get("encoding")) or "utf-8"
        notes = [form.format(encoding=encoding, delimiter={"\t": _("tab")}.get(mark, mark))]
        notes += seen.notes if encoding not in UNICODE else ()
    return Reading(other, tuple(notes))


def _encoded(origin: Origin, seen: str) -> Origin:
    old = _codec(as_text(origin.descriptor.get("encoding")) or "utf-8")
    supposed = seen not in UNICODE and old not in UNICODE
    if supposed or old == seen:
        return origin
    return _with(origin, encoding=None if seen == "utf-8" else seen)


def _codec(name: str) -> str:
    """The plain name of an encoding: with and without a mark at the beginning are read alike."""
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return name
    return {"utf-8-sig": "utf-8"}.get(found, found)


def _fits(origin: Origin, folder: Path) -> bool:
    """True where the recipe finds the columns that it speaks of."""
    from opendata.sources import tidy

    try:
        return len(tidy(folder, origin, TableSchema((), {}), "table").labels) > 1
    except DataError:
        return False


def _delimited(origin: Origin, delimiter: str, folder: Path) -> Origin:
    old = as_object(origin.descriptor.get("dialect"))
    kept: dict[str, JsonValue] = {key: value for key, value in old.items() if key != "delimiter"}
    if delimiter != _usual(origin):
        kept["delimiter"] = delimiter
    other = _with(origin, dialect=kept or None)
    return other if other.descriptor != origin.descriptor and _fits(other, folder) else origin


def _usual(origin: Origin) -> str:
    return next((mark for ending, mark in DELIMITERS.items() if origin.path.lower().endswith(ending)), ",")


def _with(origin: Origin, **changes: JsonValue) -> Origin:
    """The origin with other properties; None takes one away."""
    descriptor: Json = {key: value for key, value in {**origin.descriptor, **changes}.items() if value is not None}
    return replace(origin, descriptor=descriptor, sheet=as_text(descriptor.get("sheet")))
