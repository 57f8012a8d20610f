"""CSV text parsed by Arrow, all at once: for text that is proven to be what both readers understand alike."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, cast

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import csv

    from opendata.sources.dialect import Dialect


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
        import pyarrow as pa
        from pyarrow import csv

        read = csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=self._names)
        try:
            # The stubs know no stream of Arrow's own.
            table = csv.read_csv(
                cast("IO[bytes]", pa.BufferReader(text)), read, self._options(quoted=quoted), self._convert
            )
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
