"""A table as a stream that can be opened again, what is found wrong in it, and what consumes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, Self

from opendata.model.access import AccessLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    import pyarrow as pa

    from opendata.model.dataset import ForeignKey, TableSchema


@dataclass(frozen=True, slots=True)
class Misfit:
    """A row that does not fit the header: too short, too long, or blank (no cells). `row` counts from 1."""

    row: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A block of rows as they stand in the source: every cell a string, never null.

    `records` has one string column for each label of the table, in order (labels may repeat: go by position);
    `rows` is an int64 array of the same length with the true row numbers, counted as frictionless counts
    them (records from 1, the header included); `misfits` are rows of this block that have no place in `records`.

    `raw` is the bytes of these rows where they stand in the source just as we would write them as CSV: comma, LF,
    UTF-8, quotation marks nowhere, no misfits, no blank line, every row ending in LF (which is added where the last
    line of a file has none). None where they do not, or where it is not known.
    """

    records: pa.RecordBatch
    rows: pa.Int64Array
    misfits: tuple[Misfit, ...] = ()
    raw: memoryview | bytes | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A block of rows found clean, its columns the fields of the schema in the schema's order.

    `texts`: string columns in Table Schema's default lexical form, null where a value is missing.
    `values`: the same cells in the field's Arrow type.
    `raw`: the bytes of the same rows as lines of CSV, where the source holds them just as they are to be written.
    """

    rows: pa.Int64Array
    texts: pa.RecordBatch
    values: pa.RecordBatch
    raw: memoryview | bytes | None = None


class Sink(Protocol):
    """Consumes clean blocks, writing aside; what it wrote counts only once it is sealed."""

    def batch(self, block: Block) -> None:
        """Take one block."""
        ...

    def seal(self) -> None:
        """Finish: what was written is whole."""
        ...

    def abort(self) -> None:
        """Forget everything and remove what was written. Safe to call twice, and after a fault."""
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a source something is: the file as the officer knows it, the sheet, row and column from 1."""

    path: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: int | None = None
    field: str | None = None


class Reading(Protocol):
    """One reading of a source, from its start to its end."""

    def batches(self) -> Iterator[Batch]:
        """The rows, once."""
        ...

    def digest(self) -> str:
        """The SHA-256 of the bytes that were read, "sha256:…". What was not read yet is read for it; no rows come then.

        Raises:
            SourceError: the source cannot be read, or it was changed while it was read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table that can be read again and again: `batches()` opens the source anew each time.

    `labels` is the header as found. `digest()` is the SHA-256 of the source's bytes ("sha256:…").
    `header_row` is the row number of the header, 0 where there is none.
    `hashed` begins a reading that takes the digest from the very bytes its batches come from; None: there is none such.
    Whoever replaces `batches` replaces `hashed` too.
    """

    name: str
    place: Place
    labels: tuple[str, ...]
    schema: TableSchema
    batches: Callable[[], Iterator[Batch]]
    digest: Callable[[], str]
    keys: tuple[ForeignKey, ...] = ()
    header_row: int = 1
    hashed: Callable[[], Reading] | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A table that a foreign key points into. `package` None: the same package.

    `level` is the strictest access level of what the key points at: internal unless told otherwise.
    """

    package: str | None
    resource: str
    table: Table
    level: AccessLevel = AccessLevel.INTERNAL


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found wrong: `code` (frictionless's error type, or one of ours), where, what, how to mend.

    `note` is frictionless's own text; `message` and `remedy` are ours, in the user's language.
    `pointer` is a JSON pointer, where the fault is in a descriptor.
    """

    code: str
    place: Place
    message: str
    remedy: str
    note: str = ""
    cell: str | None = None
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Ways:
    """Which way the rows of a table went: `judged` of its `rows` to frictionless, all others were proven clean.

    `cells`: by field, how many cells no proof covered, so that frictionless's own reader read them.
    """

    table: str
    rows: int
    judged: int = 0
    cells: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Report:
    """What a check found. `complete` is False where it stopped at its limit of findings; `ways` has each table."""

    findings: tuple[Finding, ...] = ()
    rows: int = 0
    complete: bool = True
    ways: tuple[Ways, ...] = ()

    @property
    def valid(self) -> bool:
        """True where nothing was found."""
        return not self.findings

    @classmethod
    def together(cls, reports: Iterable[Self]) -> Self:
        """Several reports as one.

        >>> Report.together([Report(rows=2), Report(rows=3, complete=False)])
        Report(findings=(), rows=5, complete=False, ways=())
        """
        kept = tuple(reports)
        findings = tuple(finding for report in kept for finding in report.findings)
        ways = tuple(way for report in kept for way in report.ways)
        return cls(findings, sum(report.rows for report in kept), all(report.complete for report in kept), ways)


@dataclass(frozen=True, slots=True)
class Checked:
    """A table found clean, with the digest of the bytes that were read. Only `schema.check` makes one."""

    table: Table
    digest: str
    rows: int
    report: Report = field(default_factory=Report)
