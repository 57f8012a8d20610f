"""CSV text parsed by Arrow, all at once: for text that is proven to be what both readers understand alike."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Literal, cast

from opendata.sources import limits

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import csv

    from opendata.sources.dialect import Dialect


MISFITS = 1000
"""More rows of another width are not taken at once: each costs as much as a thousand that fit."""


class ArrowParser:
    """Parses blocks of one dialect and so many columns."""

    def __init__(self, dialect: Dialect, width: int) -> None:
        """Set down the options."""
        import pyarrow as pa
        from pyarrow import csv

        self._names = [str(position) for position in range(width)]
        self._delimiter = dialect.delimiter
        self._quote = dialect.quote
        self._convert = csv.ConvertOptions(
            check_utf8=True,
            column_types=dict.fromkeys(self._names, pa.string()),
            null_values=[],
            strings_can_be_null=False,
        )

    def parse(self, text: memoryview, *, quoted: bool) -> pa.RecordBatch | None:
        """The cells of whole lines; None where a row has another width, or the text is no UTF-8."""
        return self._read(text, self._options(quoted=quoted))

    def parse_misfits(self, text: memoryview) -> tuple[pa.RecordBatch, list[tuple[int, list[str]]]] | None:
        """The cells of whole lines without quotes, and apart the rows of another width: their number from 0, and cells.

        None where the text is no UTF-8, no row has the width, too many have another, or one is far too wide.
        """
        misfits: list[tuple[int, list[str]]] = []

        def keep(row: csv.InvalidRow) -> Literal["skip", "error"]:
            if len(misfits) >= MISFITS or row.actual_columns > limits.COLUMNS:
                return "error"
            misfits.append(((row.number or 0) - 1, row.text.split(self._delimiter)))
            return "skip"

        try:
            str(text, "utf-8")  # Arrow would print what it cannot hand over
        except UnicodeDecodeError:
            return None
        options = self._options(quoted=False)
        options.invalid_row_handler = keep
        records = self._read(text, options)
        return (records, misfits) if records is not None and records.num_rows else None

    def _read(self, text: memoryview, options: csv.ParseOptions) -> pa.RecordBatch | None:
        import pyarrow as pa
        from pyarrow import csv

        read = csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=self._names)
        try:
            # The stubs know no stream of Arrow's own.
            table = csv.read_csv(cast("IO[bytes]", pa.BufferReader(text)), read, options, self._convert)
        except pa.ArrowInvalid:
            return None
        arrays = [column.combine_chunks() for column in table.columns]
        return pa.RecordBatch.from_arrays(arrays, names=self._names)

    def _options(self, *, quoted: bool) -> csv.ParseOptions:
        from pyarrow import csv

        return csv.ParseOptions(
            delimiter=self._delimiter,
            quote_char=self._quote if quoted else False,
            double_quote=True,
            escape_char=False,
            newlines_in_values=quoted,
            ignore_empty_lines=False,
        )


def empty_row(records: pa.RecordBatch) -> bool:
    """Whether a row has empty cells alone: Arrow has one where a line is blank."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found: pa.BooleanArray | None = None
    for column in records.columns:
        empty = pc.equal(column, pa.scalar(""))
        found = empty if found is None else pc.and_(found, empty)
        if not pc.any(found).as_py():
            return False
    return True
