"""The check of a table: one pass, frictionless's verdict row by row, clean blocks to the sinks as they come."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from opendata.errors import OpendataError, SourceError
from opendata.messages import _
from opendata.model import Checked, Report
from opendata.schema.declared import UNUSABLE, declared_faults
from opendata.schema.findings import failure, finding_of, finding_of_doubt
from opendata.schema.keys import UniqueKeys, plan_keys
from opendata.schema.patterns import safe_batches
from opendata.schema.rows import numbered_rows
from opendata.schema.values import BlockReader
from opendata.schema.verdict import empty_source, judged_resource, judged_schema, package_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from frictionless import Row
    from frictionless.resources import TableResource

    from opendata.model import Batch, Finding, Reference, Sink, Table
    from opendata.schema.keys import KeyPlan
    from opendata.schema.rows import NumberedRow

LIMIT = 1000


def check(
    table: Table, references: Sequence[Reference] = (), sinks: Sequence[Sink] = (), *, limit: int = LIMIT
) -> Checked | Report:
    """Judge a table by its schema and keys, as frictionless does, and hand its blocks to the sinks meanwhile.

    The sinks are never sealed here. Where anything is found, or any fault is met, all of them are aborted.
    Memory does not grow with the rows, but for the keys, which frictionless holds. Nothing remote is called,
    and no file is opened but by the tables' own `batches()`.

    Args:
        table: the table, read once; again for a key that points into itself.
        references: the tables that its foreign keys point into, of this package or others.
        sinks: given each block of clean rows, in order.
        limit: how many findings are enough: the check stops there, and the report is not complete.

    Returns:
        Checked where nothing was found, else the report.

    Raises:
        SourceError: the source could not be read, or changed while it was read.
        Exception: whatever a sink raised.
    """
    with contextlib.ExitStack() as undo:
        for sink in sinks:
            undo.callback(sink.abort)
        digest = table.digest()
        course = _Course(table, sinks, max(1, limit))
        course.run(references)
        if course.findings:
            complete = course.complete and len(course.findings) <= course.limit
            return Report(tuple(course.findings[: course.limit]), course.rows, complete)
        if table.digest() != digest:
            remedy = _("Wait until the other program has written the file, then run the same command again.")
            raise SourceError(_("The file was changed while it was read."), table.place.path or table.name, remedy)
        undo.pop_all()
        return Checked(table, digest, course.rows, Report(rows=course.rows))


class _Course:
    """One pass over a table: what was found so far, and the blocks to the sinks while there is nothing."""

    def __init__(self, table: Table, sinks: Sequence[Sink], limit: int) -> None:
        self.table = table
        self.sinks = sinks
        self.limit = limit
        self.findings: list[Finding] = []
        self.rows = 0
        self.complete = True
        self._fresh: list[Finding] = []
        self._blocks: BlockReader | None = None
        self._unique = UniqueKeys(table)
        self._last: int | None = None
        self._fault: BaseException | None = None

    def run(self, references: Sequence[Reference]) -> None:
        """Go over the table to its end, or to the limit."""
        plan = plan_keys(self.table, references)
        self.findings.extend((*plan.findings, *declared_faults(self.table, plan)))
        if any(finding.code in UNUSABLE for finding in self.findings):
            self.complete = False
            return
        rows = self._feed()
        try:
            self._over(rows, plan)
        except Exception as fault:
            if fault is self._fault:
                raise
            self._broke_off(fault)
        finally:
            rows.close()
        self._settle()

    def _over(self, rows: Iterator[NumberedRow], plan: KeyPlan) -> None:
        resource = judged_resource(self.table.name, self.table, judged_schema(self.table.schema, plan.keys), rows)
        targets = [judged_resource(name, there, judged_schema(there.schema)) for name, there in plan.tables.items()]
        package_of([resource, *targets])
        with resource:
            self._judge_header(resource)
            for row in resource.row_stream:
                self._judge(row)
                if len(self.findings) + len(self._fresh) >= self.limit:
                    self.complete = False
                    return
        if not self.rows and not (self.table.header_row and self.table.labels):
            self._fresh.append(finding_of(empty_source(), self.table))

    def _judge_header(self, resource: TableResource) -> None:
        self._fresh.extend(finding_of(error, self.table) for error in resource.header.errors)
        if not self._fresh:
            fields = resource.header.get_expected_fields()
            self._blocks = BlockReader(
                self.table.schema, [(field.name, field.create_cell_reader()) for field in fields]
            )

    def _judge(self, row: Row) -> None:
        self.rows += 1
        self._fresh.extend(finding_of(error, self.table) for error in row.errors)
        self._fresh.extend(self._unique.judge(row.row_number, row))

    def _feed(self) -> Generator[NumberedRow]:
        """The rows for frictionless, one batch after another; it asks for the next when it has judged the last."""
        try:
            for batch in safe_batches(self.table):
                for number, cells in numbered_rows(batch):
                    self._last = number
                    yield number, cells
                self._hand_on(batch)
        except BaseException as fault:
            self._fault = fault  # not frictionless's: it goes to the caller as it is
            raise

    def _hand_on(self, batch: Batch) -> None:
        if self._blocks and batch.records.num_rows:
            block, doubts = self._blocks.read(batch)
            self._fresh.extend(finding_of_doubt(doubt, self.table) for doubt in doubts)
            self._settle()
            if not self.findings:
                for sink in self.sinks:
                    sink.batch(block)
        self._settle()

    def _settle(self) -> None:
        """Put what was found in the batch into the order of its rows."""
        self.findings.extend(sorted(self._fresh, key=lambda finding: finding.place.row or 0))
        self._fresh.clear()

    def _broke_off(self, fault: Exception) -> None:
        from frictionless import FrictionlessException

        self.complete = False
        if not isinstance(fault, FrictionlessException):
            self._fresh.append(failure(self.table, self._last, fault))
        elif isinstance(fault.__cause__, OpendataError):  # a table that a key points into could not be read
            raise fault.__cause__
        else:
            self._fresh.extend(finding_of(error, self.table) for error in fault.to_errors())
