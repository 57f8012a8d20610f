"""What each code of frictionless means to an officer, and how to mend it: the table of sentences.

Placeholders: {field} title and name, {cell} the text as it stands, {column} and {row} numbers from 1, {note}
frictionless's own text, {other} the row or columns it names, {allowed} a list or bound, {form} how to write a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from opendata.messages import N_
from opendata.model import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opendata.model import Field, TableSchema

Sentences: TypeAlias = "tuple[str, str]"

_ROW = N_("Look at this row in the source, and correct it there.")
_CELL = N_("Look at this cell in the source, and correct it there.")
_AGREE = N_("Take the file as it was sent once more, or correct what the descriptor says of it.")
_HEADER = N_("Correct the header of the table, or the fields of its schema.")
_SCHEMA = N_("Correct the table schema.")

SENTENCES: dict[str, Sentences] = {
    "blank-header": (N_("The header row is empty."), N_("Write the names of the columns into the header row.")),
    "unmatched-header": (N_("No column of the table has the name of a field of the schema."), _HEADER),
    "extra-label": (
        N_("Column {column}, {cell}, is not in the schema."),
        N_("Remove the column, or add a field of that name to the schema."),
    ),
    "missing-label": (
        N_("The column {field} is missing."),
        N_("Add the column to the table, or take the field out of the schema."),
    ),
    "blank-label": (
        N_("Column {column} has no name; it should be {field}."),
        N_("Write the name of the column into the header row."),
    ),
    "duplicate-label": (
        N_("The name {cell} stands above column {column} and above column {other} too."),
        N_("Give each column a name of its own."),
    ),
    "incorrect-label": (
        N_("Column {column} is named {cell} where the schema expects {field}."),
        N_("Rename the column, or put the columns into the order of the schema."),
    ),
    "blank-row": (N_("The row is empty."), N_("Remove the empty row.")),
    "primary-key": (
        N_("The row repeats the key of row {other}: {field}."),
        N_("Remove the row that is there twice, or correct the value that tells the rows apart."),
    ),
    "primary-key-empty": (
        N_("The row has no value in its key: {field}."),
        N_("Write the value that tells this row from the others."),
    ),
    "foreign-key": (
        N_("{cell} is not found in the table {allowed}, which {field} must agree with."),
        N_("Correct the value, or add it to the table that it points to."),
    ),
    "extra-cell": (
        N_("The row is too long: it has a cell, {cell}, in column {column}, where the header has none."),
        N_("Remove the cell, or put the text into quotes if it holds the separator."),
    ),
    "missing-cell": (
        N_("The row is too short: it has no cell for {field}."),
        N_("Add the missing cells; an empty cell needs its separator too."),
    ),
    "unique-error": (
        N_("{cell} stands in {field} in row {other} already; each value may stand there once."),
        N_("Remove the row that is there twice, or correct the value that tells the rows apart."),
    ),
    "duplicate-row": (N_("The row is the same as an earlier one: {note}"), N_("Remove the row that is there twice.")),
    "row-constraint": (N_("The row breaks a rule: {note}"), _ROW),
    "row-error": (N_("The row has a fault: {note}"), _ROW),
    "cell-error": (N_("The cell has a fault: {note}"), _CELL),
    "truncated-value": (N_("{cell} may have been cut off: {note}"), _CELL),
    "forbidden-value": (N_("{cell} is a forbidden value: {note}"), _CELL),
    "sequential-value": (N_("{cell} does not follow the value before it: {note}"), _CELL),
    "ascii-value": (N_("{cell} holds other letters than A to Z: {note}"), _CELL),
    "deviated-value": (N_("A value lies far from the others: {note}"), _CELL),
    "deviated-cell": (N_("A cell is far longer or shorter than the others: {note}"), _CELL),
    "required-value": (N_("A value that must be there is missing: {note}"), _ROW),
    "table-dimensions": (N_("The table does not have the size that it should: {note}"), _AGREE),
    "field-count": (N_("The table does not have as many columns as its descriptor says: {note}"), _AGREE),
    "row-count": (N_("The table does not have as many rows as its descriptor says: {note}"), _AGREE),
    "byte-count": (N_("The file does not have as many bytes as its descriptor says: {note}"), _AGREE),
    "hash-count": (N_("The file is not the one whose digest its descriptor gives: {note}"), _AGREE),
    "file-error": (N_("The file has a fault: {note}"), _AGREE),
    "table-error": (N_("The table has a fault: {note}"), _AGREE),
    "header-error": (N_("The header has a fault: {note}"), _HEADER),
    "label-error": (N_("The name of a column has a fault: {note}"), _HEADER),
    "source-error": (N_("The source could not be read as a table: {note}"), _AGREE),
    "schema-error": (N_("The table schema is not valid: {note}"), _SCHEMA),
    "field-error": (N_("A field of the table schema is not valid: {note}"), _SCHEMA),
    "check-failed": (
        N_("The check broke off here, since a value could not be compared with what the schema asks: {note}"),
        N_("Correct the value, or the constraint of its field in the schema."),
    ),
}
FALLBACK: Sentences = (N_("The table was found wanting: {note}"), _AGREE)

_WRITE = N_("Write it as {form}, or leave the cell empty if the value is not known.")
TYPES: dict[str, Sentences] = {
    "integer": (
        N_("{cell} in {field} is not a whole number."),
        N_("Write digits only: no separator of thousands, no unit, no note."),
    ),
    "number": (
        N_("{cell} in {field} is not a number."),
        N_("Write it like {form}: no unit, no note; leave the cell empty if the value is not known."),
    ),
    "boolean": (N_("{cell} in {field} is neither yes nor no as the schema writes them."), N_("Write one of: {form}.")),
    "date": (N_("{cell} in {field} is not a date written as the schema asks."), _WRITE),
    "time": (N_("{cell} in {field} is not a time of day written as the schema asks."), _WRITE),
    "datetime": (N_("{cell} in {field} is not a date and time written as the schema asks."), _WRITE),
    "year": (N_("{cell} in {field} is not a year of four digits."), _WRITE),
    "yearmonth": (N_("{cell} in {field} is not a year and month."), _WRITE),
    "duration": (N_("{cell} in {field} is not a duration."), _WRITE),
    "geopoint": (N_("{cell} in {field} is not a longitude and latitude."), _WRITE),
    "email": (N_("{cell} in {field} is not an e-mail address."), _CELL),
    "uri": (N_("{cell} in {field} is not a web address."), N_("Write the whole address, such as https://example.org.")),
    "uuid": (N_("{cell} in {field} is not a UUID."), _CELL),
}
OTHER_TYPE: Sentences = (N_("{cell} in {field} cannot be read as the type that the schema declares: {note}"), _CELL)

CONSTRAINTS: dict[str, Sentences] = {
    "required": (N_("{field} has no value, but must have one in each row."), N_("Write the value into the cell.")),
    "enum": (N_("{cell} in {field} is not one of the allowed values."), N_("Write one of: {allowed}.")),
    "pattern": (
        N_("{cell} in {field} does not have the form that the schema asks: {allowed}"),
        N_("Correct the value to that form."),
    ),
    "minimum": (N_("{cell} in {field} is less than {allowed}."), N_("Write a value of at least {allowed}.")),
    "maximum": (N_("{cell} in {field} is more than {allowed}."), N_("Write a value of at most {allowed}.")),
    "exclusiveMinimum": (
        N_("{cell} in {field} is not more than {allowed}."),
        N_("Write a value of more than {allowed}."),
    ),
    "exclusiveMaximum": (
        N_("{cell} in {field} is not less than {allowed}."),
        N_("Write a value of less than {allowed}."),
    ),
    "minLength": (N_("{cell} in {field} is shorter than {allowed}."), N_("Write at least {allowed} characters.")),
    "maxLength": (N_("{cell} in {field} is longer than {allowed}."), N_("Write at most {allowed} characters.")),
}
OTHER_CONSTRAINT: Sentences = (N_("{cell} in {field} breaks a rule of the schema: {note}"), _CELL)


def named(field: Field) -> str:
    """A field as an officer and a developer know it: title and name.

    >>> from opendata.model import AccessLevel, Field
    >>> named(Field("area", "number", "default", AccessLevel.OPEN, {"title": "Diện tích"}))
    'Diện tích (area)'
    """
    title = as_text(field.descriptor.get("title"))
    return f"{title} ({field.name})" if title and title != field.name else field.name


def named_fields(schema: TableSchema, names: Iterable[str]) -> str:
    """Several fields, as `named` has each, with commas between; a name that the schema lacks stands alone."""
    return ", ".join(named(field) if (field := schema.field(name)) else name for name in names)
