"""The first rows of a published table, as people write them."""

from __future__ import annotations

import csv
import itertools
from typing import TYPE_CHECKING

from opendata import files
from opendata.model import as_list, as_object, as_text, as_texts
from opendata_site.fields_view import labels
from opendata_site.speech import day, number, say, told
from opendata_site.texts import PAGE

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json

ROWS = 10
LETTERS = 160
LARGEST_CELL = 64 << 20
"""Larger than any cell that is built: whether there is a preview must not hang on who set csv's limit before."""

NUMERIC = frozenset({"integer", "number"})


def preview(source: Path, resource: Json, language: str) -> dict[str, object] | None:
    """The header and the first ten rows of a built CSV; None where it cannot be shown.

    Raises:
        DiskError: it cannot be read.
    """
    rows = _read(source)
    if len(rows) < 2:  # noqa: PLR2004 - a header and one row
        return None
    fields = {as_text(field.get("name")): field for field in _fields(resource)}
    keys = as_texts(as_object(resource.get("schema")).get("primaryKey"))
    types = [_type(fields.get(name, {}), plain=name in keys) for name in rows[0]]
    coded = [labels(fields.get(name, {}), language) for name in rows[0]]
    return {
        "columns": [
            {
                "name": name,
                "title": told(fields.get(name, {}), "title", language) or name,
                "numeric": type_ in NUMERIC and not label,
            }
            for name, type_, label in zip(rows[0], types, coded, strict=True)
        ],
        "rows": [
            [
                {"text": label.get(text) or _cell(text, type_, language), "numeric": type_ in NUMERIC and not label}
                for text, type_, label in zip(row, types, coded, strict=False)
            ]
            for row in rows[1:]
        ],
        "coded": any(coded),
        "caption": _caption(len(rows) - 1, resource.get("rows"), language),
    }


def _read(source: Path) -> list[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), LARGEST_CELL))
    with files.disk(source), source.open(encoding="utf-8", newline="") as stream:
        try:
            return list(itertools.islice(csv.reader(stream), ROWS + 1))
        except (csv.Error, UnicodeDecodeError):
            return []


def _fields(resource: Json) -> list[Json]:
    return [as_object(field) for field in as_list(as_object(resource.get("schema")).get("fields"))]


def _type(field: Json, *, plain: bool) -> str:
    """The type by which a cell is written; a number that is a key is a code, and stays as it is."""
    type_ = as_text(field.get("type")) or "any"
    return "string" if plain and type_ in NUMERIC else type_


def _cell(text: str, type_: str, language: str) -> str:
    if type_ in NUMERIC:
        return number(text, language)
    if type_ == "date":
        return day(text, language, short=True)
    if type_ == "boolean" and text in {"true", "false"}:
        return say(PAGE["yes" if text == "true" else "no"], language)
    return text if len(text) <= LETTERS else f"{text[:LETTERS]}…"


def _caption(shown: int, rows: object, language: str) -> str:
    total = rows if isinstance(rows, int) else None
    if total is None or total <= shown:
        return say(PAGE["preview_whole"], language, total=number(str(total or shown), language))
    return say(PAGE["preview_of"], language, count=shown, total=number(str(total), language))
