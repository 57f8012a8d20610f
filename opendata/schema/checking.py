"""The check of a table: proven on a screen in one pass, clean blocks to the sinks; frictionless judges the rest."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import Checked, Finding, Place, Report, Ways
from opendata.schema.declared import UNUSABLE, declared_faults
from opendata.schema.findings import finding_of, finding_of_doubt
from opendata.schema.keys import plan_keys
from opendata.schema.patterns import safe_batches
from opendata.schema.reading import changed, reading_of
from opendata.schema.replay import Replay
from opendata.schema.screening import Screening, prepared, screen
from opendata.schema.verdict import empty_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Reading, Reference, Sink, Table

LIMIT = 1000


def check(
    table: Table, references: Sequence[Reference] = (), sinks: Sequence[Sink] = (), *, limit: int = LIMIT
) -> Checked | Report:
    """Judge a table by its schema and keys, as frictionless does, and hand its blocks to the sinks meanwhile.

    Each block is proven clean by Arrow's kernels; what is not proven is read by frictionless, and a row that is wrong
    is judged by it once more: code, place and note are its own.
    The sinks are never sealed here. Where anything is found, or any fault is met, all of them are aborted.
    Memory does not grow with the rows: keys go to disk. Nothing remote is called, and no file is opened but by the
    tables' own `batches()` and for the keys.

    Args:
        table: the table, read once; again where more rows are wrong than are kept, or a key may be at fault.
        references: the tables that its foreign keys point into, of this package or others.
        sinks: given each block of clean rows, in order.
        limit: how many findings are enough: the check stops there, and the report is not complete.

    Returns:
        Checked where nothing was found, else the report.

    Raises:
        SourceError: the source could not be read, or changed while it was read and nothing was found in it.
        Exception: whatever a sink raised.
    """
    with contextlib.ExitStack() as undo:
        for sink in sinks:
            undo.callback(sink.abort)
        reading = reading_of(table)
        report = _judged(table, reading, references, sinks, max(1, limit))
        if not report.valid:
            return report
        digest = reading.digest()
        undo.pop_all()
        return Checked(table, digest, report.rows, report)


def _judged(
    table: Table, reading: Reading, references: Sequence[Reference], sinks: Sequence[Sink], limit: int
) -> Report:
    plan = plan_keys(table, references)
    declared = [*plan.findings, *declared_faults(table, plan)]
    if any(finding.code in UNUSABLE for finding in declared):
        return Report(tuple(declared), complete=False)
    ready = prepared(table, plan)
    if ready is None:
        screened = Screening(broken=True)
    else:
        with contextlib.closing(safe_batches(table, reading)) as batches:
            screened = screen(batches, ready, sinks, limit)
    headed = bool(table.header_row and table.labels)
    if screened.clean and not declared and (screened.rows or headed):
        return Report(rows=screened.rows, ways=(Ways(table.name, screened.rows, 0, screened.adjudged),))
    again = reading_of(table)
    replay = Replay(table, again, plan, limit)
    replay.run(screened.suspects, screened.needed, screened.kept)
    rows = screened.rows if ready else replay.rows
    found = [*declared, *_in_order(replay, screened)]
    if not (rows or headed) and replay.complete:
        found.append(finding_of(empty_source(), table))
    if not found and ready and screened.kept is None and again.digest() != reading.digest():
        raise changed(table)
    if screened.broken and not found and table.labels:
        found.append(_unexplained(table))
    complete = screened.complete and replay.complete and len(found) <= limit
    ways = Ways(table.name, rows, replay.rows, screened.adjudged)
    return Report(tuple(found[:limit]), rows, complete, (ways,))


def _in_order(replay: Replay, screened: Screening) -> list[Finding]:
    """Frictionless's findings and our own, in the order of the rows."""
    doubts = [finding_of_doubt(doubt, replay.table) for doubt in screened.doubts if doubt.row < replay.end]
    return sorted([*replay.findings, *doubts], key=lambda finding: finding.place.row or 0)


def _unexplained(table: Table) -> Finding:
    """The screen and frictionless disagree: nothing is passed that one of them found wrong."""
    message = _("A row was found wrong, and then right; nothing is passed that was found wrong once.")
    remedy = _("Run the same command again; if it says the same, tell whoever maintains this program.")
    return Finding("check-failed", Place(table.place.path, table.place.sheet), message, remedy)
