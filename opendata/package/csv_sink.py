"""CSV as we publish it: UTF-8 without mark, LF, quotes only where they are needed, a missing value empty.

The lines are joined by Arrow: Python's csv quotes by rules that changed between its versions, pyarrow's
writer quotes every string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.package.written import DigestingFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from opendata.model import Block, Json
    from opendata.package.written import Written

DIALECT: Json = {
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
}
"""How a reader takes these files: written out, since frictionless guesses whatever is not."""

SPECIAL = r'[",\r\n]'


class CsvSink:
    """Writes the texts of clean blocks, as they stand, into one CSV file with a header."""

    def __init__(self, path: Path, fields: Sequence[str]) -> None:
        """Make the file and write its header."""
        import pyarrow as pa

        self.file: Written | None = None
        self._out = DigestingFile(path)
        header = pa.RecordBatch.from_arrays([pa.array([name], pa.string()) for name in fields], names=list(fields))
        self._out.write(lines(header))

    def batch(self, block: Block) -> None:
        """Write the block's texts; lines that the source already has so are copied."""
        self._out.write(lines(block.texts) if block.raw is None else block.raw)

    def seal(self) -> None:
        """Close the file; `file` tells what it is."""
        self.file = self._out.finish()

    def abort(self) -> None:
        """Remove the file."""
        self.file = None
        self._out.drop()


def lines(texts: pa.RecordBatch) -> memoryview:
    r"""The rows of string columns as the bytes of CSV lines.

    A table of one column shows an empty cell as two quotes: a blank line would be no row.

    >>> import pyarrow as pa
    >>> bytes(lines(pa.record_batch({"a": ["x", "y, z"], "b": ['5" wide', None]})))
    b'x,"5"" wide"\n"y, z",\n'
    >>> bytes(lines(pa.record_batch({"a": ["x", None]})))
    b'x\n""\n'
    """
    if not texts.num_rows:
        return memoryview(b"")
    cells = [_quoted(column) for column in texts.columns]
    if len(cells) == 1:
        cells = [_if(_empty(cells[0]), '""', cells[0])]
    joined = _call("binary_join_element_wise", *cells, ",")
    return _bytes(_call("binary_join_element_wise", joined, "", "\n"))


def _quoted(column: pa.Array[pa.Scalar[pa.DataType]]) -> pa.StringArray:
    import pyarrow.compute as pc

    filled = _call("coalesce", column, "")
    special: pa.BooleanArray = pc.match_substring_regex(filled, SPECIAL)
    if not pc.any(special).as_py():
        return filled
    doubled = pc.replace_substring(filled, '"', '""')
    return _if(special, _call("binary_join_element_wise", '"', doubled, '"', ""), filled)


def _bytes(column: pa.StringArray) -> memoryview:
    import pyarrow.compute as pc

    data = column.buffers()[2]
    size: int = pc.sum(pc.binary_length(column)).as_py()
    return memoryview(data or b"")[:size]


def _empty(column: pa.StringArray) -> pa.BooleanArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.equal(column, pa.scalar(""))


def _if(mask: pa.BooleanArray, then: pa.StringArray | str, other: pa.StringArray) -> pa.StringArray:
    return _call("if_else", mask, then, other)


def _call(name: str, *operands: object) -> pa.StringArray:
    """An Arrow function of columns and single texts, by name: the stubs know no mixture of the two."""
    import pyarrow as pa
    import pyarrow.compute as pc

    given = [pa.scalar(operand) if isinstance(operand, str) else operand for operand in operands]
    result: pa.StringArray = pc.call_function(name, given)
    return result
