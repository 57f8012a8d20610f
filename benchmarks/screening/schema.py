"""The Table Schema of the air-quality table, in each of its forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KEY = ("station", "time")
STATES = ("calibrating", "error", "valid")


@dataclass(frozen=True, slots=True)
class Form:
    """How cells are written."""

    delimiter: str = ","
    decimal: str = "."
    day: str = "%Y-%m-%d"
    moment: str = "%Y-%m-%dT%H:%M:%S"
    quoted: bool = False

    @property
    def dialect(self) -> dict[str, Any]:
        """The dialect of such a file, all of it: frictionless guesses whatever is not declared."""
        plain = {"header": True, "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True}
        return {**plain, "delimiter": self.delimiter, "skipInitialSpace": False}


TIDY = Form()


def schema(form: Form = TIDY) -> dict[str, Any]:
    """The Table Schema of the table in that form."""
    number = {"type": "number"} if form.decimal == "." else {"type": "number", "decimalChar": form.decimal}
    day, moment = ({} if form.day == TIDY.day else {"format": text} for text in (form.day, form.moment))
    fields = [
        _field("station", {"type": "string"}, required=True, pattern="[A-Z]{2}-[0-9]{3}"),
        _field("time", {"type": "datetime", **moment}, required=True),
        _field("pm25", number, required=True, minimum=0, maximum=1000),
        _field("pm10", number, minimum=0, maximum=2000),
        _field("no2", number, minimum=0, maximum=4000),
        _field("temperature", number, required=True, minimum=-20, maximum=60),
        _field("humidity", {"type": "integer"}, minimum=0, maximum=100),
        _field("status", {"type": "string"}, required=True, enum=list(STATES)),
        _field("preliminary", {"type": "boolean"}, required=True),
        _field("reviewed", {"type": "date", **day}),
    ]
    return {"fields": fields, "missingValues": [""], "primaryKey": list(KEY)}


def _field(name: str, kind: dict[str, Any], **constraints: object) -> dict[str, Any]:
    return {"name": name, **kind, "constraints": constraints} if constraints else {"name": name, **kind}


NAMES = tuple(str(field["name"]) for field in schema()["fields"])
