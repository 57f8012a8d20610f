"""Tables that are valid to frictionless, and never what somebody meant to check or publish: without rows, or labels."""

from __future__ import annotations

from opendata.messages import _
from opendata.model import Checked, Finding, Place, Report
from opendata.schema.wording import SENTENCES

CODE = "no-rows"
BLANK = "blank-header"
"""Frictionless's own code, which it gives a header of blank labels, and not one without any."""


def with_rows(verdict: Checked | Report) -> Checked | Report:
    """The verdict, or a report that says so where a table found clean has a header alone, or a header without labels.

    Below such a header no row has a column to stand in: none would be published.
    """
    if isinstance(verdict, Report):
        return verdict
    table = verdict.table
    if table.header_row and not table.labels:
        message, remedy = map(_, SENTENCES[BLANK])
        place = Place(table.place.path, table.place.sheet, table.header_row)
        return Report((Finding(BLANK, place, message, remedy),), verdict.rows)
    if verdict.rows:
        return verdict
    remedy = _("Put the data below the header, or leave the table out.")
    place = Place(table.place.path, table.place.sheet)
    return Report((Finding(CODE, place, _("The table has a header and no rows."), remedy),))
