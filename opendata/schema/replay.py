"""Frictionless's verdict on chosen rows of a table, kept or read again: fed to it with their true numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opendata.errors import OpendataError
from opendata.schema.findings import failure, finding_of
from opendata.schema.keys import UniqueKeys
from opendata.schema.patterns import safe_batches
from opendata.schema.rows import chosen_rows, numbered_rows
from opendata.schema.verdict import judged_resource, judged_schema, package_of

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from frictionless import Row

    from opendata.model import Batch, Finding, Reading, Table
    from opendata.schema.keys import KeyPlan
    from opendata.schema.rows import NumberedRow
    from opendata.schema.screen.arrow import Whole


@dataclass(slots=True)
class Replay:
    """What frictionless finds in the header and in rows of a table, in their order.

    `rows` counts those that it has judged; `complete` is False where it stopped at `limit` findings, or failed.
    """

    table: Table
    reading: Reading
    plan: KeyPlan
    limit: int
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    complete: bool = True
    _last: int | None = None
    _fault: BaseException | None = None

    def run(self, wanted: Whole | None, needed: Mapping[str, Whole], kept: tuple[Batch, ...] | None = None) -> None:
        """Judge the rows of these numbers, in order; None: all. The table is read for them, unless they are `kept`.

        `needed`: by the name of a table that a key points into, the rows that may be pointed at; without a name: all.

        Raises:
            SourceError: the source, or a table that a key points into, could not be read.
        """
        rows = self._feed(wanted, kept)
        try:
            self._over(rows, needed, header_only=wanted is not None and not len(wanted))
        except Exception as fault:
            if fault is self._fault:
                raise
            self._broke_off(fault)
        finally:
            rows.close()

    @property
    def _widest(self) -> int:
        return max(len(self.table.labels), len(self.table.schema.fields)) + self.limit

    @property
    def end(self) -> float:
        """The row up to which it has judged; infinite where it came to its end."""
        return math.inf if self.complete or self._last is None else self._last

    def _over(self, rows: Iterator[NumberedRow], needed: Mapping[str, Whole], *, header_only: bool) -> None:
        table = self.table
        own = [needed[name] for name in ("", table.name) if name in needed]
        schema = judged_schema(table.schema, self.plan.keys)
        resource = judged_resource(table.name, table, schema, rows, _together(own))
        targets = [
            judged_resource(name, there, judged_schema(there.schema), chosen=needed.get(name))
            for name, there in self.plan.tables.items()
        ]
        package_of([resource, *targets])
        unique = UniqueKeys(table)
        with resource:
            self.findings.extend(finding_of(error, table) for error in resource.header.errors)
            for row in () if header_only else resource.row_stream:
                self._judge(row, unique)
                if len(self.findings) >= self.limit:
                    self.complete = False
                    return

    def _judge(self, row: Row, unique: UniqueKeys) -> None:
        self.rows += 1
        self.findings.extend(finding_of(error, self.table) for error in row.errors)
        self.findings.extend(unique.judge(row.row_number, row))

    def _feed(self, wanted: Whole | None, kept: tuple[Batch, ...] | None) -> Generator[NumberedRow]:
        batches = safe_batches(self.table, self.reading) if kept is None else (batch for batch in kept)
        try:
            for batch in batches:
                for number, cells in numbered_rows(batch if wanted is None else chosen_rows(batch, wanted)):
                    self._last = number
                    yield number, cells[: self._widest]  # each cell too many is a finding of its own
                if wanted is not None and _beyond(batch, wanted):
                    return
        except BaseException as fault:
            self._fault = fault  # not frictionless's: it goes to the caller as it is
            raise
        finally:
            batches.close()

    def _broke_off(self, fault: Exception) -> None:
        from frictionless import FrictionlessException

        self.complete = False
        if not isinstance(fault, FrictionlessException):
            self.findings.append(failure(self.table, self._last, fault))
        elif isinstance(fault.__cause__, OpendataError):  # a table that a key points into could not be read
            raise fault.__cause__
        else:
            self.findings.extend(finding_of(error, self.table) for error in fault.to_errors())


def _together(rows: Sequence[Whole]) -> Whole | None:
    import numpy as np

    return np.unique(np.concatenate(rows)) if rows else None


def _beyond(batch: Batch, wanted: Whole) -> bool:
    ends = [misfit.row for misfit in batch.misfits[-1:]]
    if len(batch.rows):
        ends.append(int(batch.rows[-1].as_py() or 0))
    return bool(ends) and not len(wanted[wanted > max(ends)])
