"""Frictionless's errors as findings: its code, place and note, our message and remedy."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import Finding, Place, as_list, as_object, as_text
from opendata.schema import wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frictionless import Error

    from opendata.errors import DataError
    from opendata.model import Field, Json, Table
    from opendata.schema.screen.table import Doubt

_EXAMPLE = datetime(2024, 12, 31, 23, 59, 58)  # noqa: DTZ001 - an example of how to write a moment, no moment
_FORMS = {
    "date": "2024-12-31",
    "time": "23:59:58",
    "datetime": "2024-12-31T23:59:58",
    "year": "2024",
    "yearmonth": "2024-12",
    "duration": "P1Y2M3D",
    "geopoint": "105.85,21.03",
}
_LISTED, _SHOWN = 20, 100
# The attributes of an error that are told here: frictionless's `to_dict` of all takes as long as to find it.
_PARTS = (
    *("row_number", "field_number", "field_name", "field_names", "field_cells"),
    *("reference_name", "label", "labels", "cells"),
)


def finding_of(error: Error, table: Table) -> Finding:
    """The finding that tells an officer of one error of frictionless."""
    said: Json = {part: getattr(error, part) for part in _PARTS if hasattr(error, part)}
    row, number = said.get("row_number"), said.get("field_number")
    cell = _cell(said)
    place = Place(
        path=table.place.path,
        sheet=table.place.sheet,
        row=row if isinstance(row, int) else _header_row(said, table),
        column=number if isinstance(number, int) else None,
        field=as_text(said.get("field_name")) or None,
    )
    field = table.schema.field(place.field) if place.field else None
    message, remedy = _sentences(error.type, error.note, field)
    words = _words(said, table, field, cell, error.note)
    return Finding(error.type, place, _fill(message, words), _fill(remedy, words), error.note, cell)


def unreadable(fault: DataError, path: str) -> Finding:
    """The finding for a source that could not be read; `path` is told where the fault names no place."""
    return Finding("source-error", Place(path=fault.where or path), fault.what, fault.remedy)


def finding_of_doubt(doubt: Doubt, table: Table) -> Finding:
    """The finding for a value that its type could not give back."""
    message = _("{cell} in {field} cannot be kept exactly. {reason}")
    words = {"cell": _quoted(doubt.cell), "field": wording.named(doubt.field), "reason": doubt.reason}
    place = Place(table.place.path, table.place.sheet, doubt.row, doubt.column, doubt.field.name)
    return Finding("inexact-value", place, message.format(**words), doubt.remedy, doubt.reason, doubt.cell)


def failure(table: Table, row: int | None, fault: Exception) -> Finding:
    """The finding for a row, or a schema (`row` None), on which frictionless itself failed."""
    note = f"{type(fault).__name__}: {fault}"
    message, remedy = wording.SENTENCES["check-failed" if row else "schema-error"]
    place = Place(table.place.path, table.place.sheet, row)
    return Finding("check-failed", place, _fill(message, {"note": note}), _(remedy), note)


def finding_to_json(finding: Finding) -> Json:
    """A finding for machines; `pointer` only where it points into a descriptor.

    >>> finding_to_json(Finding("blank-row", Place("a.csv", row=3), "The row is empty.", "Remove it."))["row"]
    3
    """
    place = finding.place
    told: dict[str, str | int | None] = {
        "code": finding.code,
        "path": place.path,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "field": place.field,
        "cell": finding.cell,
        "note": finding.note,
        "message": finding.message,
        "remedy": finding.remedy,
    }
    return told if finding.pointer is None else {**told, "pointer": finding.pointer}


def _sentences(code: str, note: str, field: Field | None) -> wording.Sentences:
    if code == "type-error" and field:
        kind = field.type if field.type != "string" else field.format
        return wording.TYPES.get(kind, wording.OTHER_TYPE)
    if code == "constraint-error":
        return wording.CONSTRAINTS.get(_constraint(note), wording.OTHER_CONSTRAINT)
    if code == "primary-key" and not _numbers(note):
        code = "primary-key-empty"
    return wording.SENTENCES.get(code, wording.FALLBACK)


def _constraint(note: str) -> str:
    found = re.match(r'constraint "(\w+)"', note)
    return found.group(1) if found else ""


def _words(said: Json, table: Table, field: Field | None, cell: str | None, note: str) -> dict[str, str]:
    names = [text for text in as_list(said.get("field_names")) if isinstance(text, str)]
    shown = field.name if field else str(said.get("field_name") or "")
    return {
        "field": wording.named(field)
        if field
        else wording.named_fields(table.schema, names or table.schema.primary_key),
        "cell": _quoted(cell if cell is not None else ", ".join(_texts(said, "field_cells"))),
        "row": str(said.get("row_number", "")),
        "column": str(said.get("field_number", "")),
        "note": note,
        "other": _numbers(note),
        "allowed": _allowed(said, field, note, table),
        "form": _form(field) if field else shown,
    }


def _texts(said: Json, name: str) -> list[str]:
    return [str(item) for item in as_list(said.get(name))]


def _allowed(said: Json, field: Field | None, note: str, table: Table) -> str:
    if "reference_name" in said:
        return as_text(said["reference_name"]) or table.name
    if not field:
        return ""
    value = as_object(field.descriptor.get("constraints")).get(_constraint(note))
    items = [str(item) for item in as_list(value)] or ([str(value)] if value is not None else [])
    return ", ".join(items[:_LISTED]) + (", …" if len(items) > _LISTED else "")


def _form(field: Field) -> str:
    if field.type == "number":
        group, point = (as_text(field.descriptor.get(name)) for name in ("groupChar", "decimalChar"))
        return f"1{group or ''}234{point or '.'}5"
    if field.type == "boolean":
        custom = [*_texts(field.descriptor, "trueValues"), *_texts(field.descriptor, "falseValues")]
        return ", ".join(custom or ("true", "false"))
    if field.type in {"date", "time", "datetime"} and "%" in field.format:
        return _EXAMPLE.strftime(field.format)
    return _FORMS.get(field.type, field.type)


def _cell(said: Json) -> str | None:
    """The cell as it stands in the source; None where the row has no such cell."""
    if "label" in said:
        return as_text(said["label"]) or None
    cells, number = as_list(said.get("cells")), said.get("field_number")
    if not isinstance(number, int) or number > len(cells):
        return None
    return as_text(cells[number - 1])


def _header_row(said: Json, table: Table) -> int | None:
    return table.header_row or None if "labels" in said else None


def _numbers(note: str) -> str:
    return ", ".join(re.findall(r"[0-9]+", note)) if "position" in note else ""


def _quoted(text: str) -> str:
    return f'"{text}"' if len(text) <= _SHOWN else f'"{text[:_SHOWN]}…"'


def _fill(sentence: str, words: Mapping[str, str]) -> str:
    return _(sentence).format(**words)
