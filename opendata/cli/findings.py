"""Findings as an officer reads them: file, sheet, row, column, what is wrong, how to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.cli.output import line
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Finding, Place

SHOWN = 50


def show_findings(findings: Sequence[Finding], most: int = SHOWN, *, error: bool = False) -> None:
    """Print the first `most` findings, each on two lines, and how many more there are."""
    for finding in findings[:most]:
        where = " · ".join(_parts(finding.place, finding.pointer))
        line(f"{where}: {finding.message}" if where else finding.message, error=error)
        if finding.remedy:
            line(f"    {finding.remedy}", error=error)
    if len(findings) > most:
        line(_("… and {count} more.").format(count=len(findings) - most), error=error)


def _parts(place: Place, pointer: str | None) -> list[str]:
    said = [place.path]
    if place.sheet is not None:
        said.append(_("sheet {name}").format(name=place.sheet))
    if place.row is not None:
        said.append(_("row {number}").format(number=place.row))
    if place.column is not None:
        said.append(_column(place.column, place.field))
    elif place.field is not None:
        said.append(_("column {name}").format(name=place.field))
    return [part for part in (*said, pointer) if part]


def _column(number: int, name: str | None) -> str:
    if name is None:
        return _("column {number}").format(number=number)
    return _("column {number} ({name})").format(number=number, name=name)
