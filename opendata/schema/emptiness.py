"""A table without rows: valid to frictionless, and never what somebody meant to check or publish."""

from __future__ import annotations

from opendata.messages import _
from opendata.model import Checked, Finding, Place, Report

CODE = "no-rows"


def with_rows(verdict: Checked | Report) -> Checked | Report:
    """The verdict, or a report that says so where a table found clean has a header and nothing else."""
    if isinstance(verdict, Report) or verdict.rows:
        return verdict
    place = verdict.table.place
    remedy = _("Put the data below the header, or take the table out of the package.")
    finding = Finding(CODE, Place(place.path, place.sheet), _("The table has a header and no rows."), remedy)
    return Report((finding,))
