"""What a source may hold at most. Beyond it a file is refused: it is a fault, or made to do harm.

Each limit lies far above what a department's table needs, and below what would fill an officer's memory.
"""

from __future__ import annotations

BLOCK_BYTES = 4 << 20
"""Bytes of a text file that are read, and where they are plain also parsed, at once: their rows travel together."""

BATCH_ROWS = 10_000
"""Rows that travel together where they come one by one."""

BATCH_CHARACTERS = 16 << 20
"""A batch is cut earlier where its rows are this long together."""

RECORD_CHARACTERS = 16 << 20
"""The longest record of a CSV file. Longer ones come from a quotation mark that is never closed."""

COLUMNS = 16_384
"""The most columns of a table: as many as Excel has."""

SHEET_CELLS = 20_000_000
"""The most cells in the rectangle of a sheet (Excel's full height × 19 columns): it lies in memory, blanks too."""

SPARSE_CELLS = 2_000_000
"""From this size on, a sheet is refused where more than SPARSE cells of its rectangle come on a filled one."""

SPARSE = 50
"""A cell astray far below or right of a table makes a sheet sparse; a table with gaps is not so sparse."""

CELL_CHARACTERS = 32_767
"""The longest text of a cell: Excel's own limit."""

TEXT_BYTES = 256 << 20
"""The most bytes of text that the cells of a workbook may hold together, a text once for each cell that names it."""

WORKBOOK_BYTES = 1 << 30
"""The most bytes a workbook may unpack to."""

WORKBOOK_FILES = 10_000
"""The most files packed in a workbook."""

RATIO_BYTES = 16 << 20
"""From this size on, a packed file is refused if it shrank more than RATIO times."""

RATIO = 250
"""How many times smaller a packed file may be. Sheets shrink 5 to 60 times; DEFLATE can do 1,032."""

SORT_ROWS = 5_000_000
"""The most rows that a recipe sorts, in memory."""

SAMPLE_ROWS = 200
"""Rows looked at to describe a file."""

WORKBOOK_ROWS = 5_000
"""Rows of a sheet looked at to describe it."""

SAMPLE_BYTES = 1 << 20
"""Bytes looked at to describe a file."""
