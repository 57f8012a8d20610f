"""Our check with Parquet written in the same pass, and nothing else of a build.

The command line names the CSV file, its Table Schema and the Parquet file. Exit status 1 where anything is found.
"""

from __future__ import annotations

import sys
from pathlib import Path

from opendata.descriptor import read_schema
from opendata.model import Checked
from opendata.package.parquet_sink import ParquetSink
from opendata.schema import arrow_schema, check
from opendata.sources import detect, open_file

if __name__ == "__main__":
    source, target = Path(sys.argv[1]), Path(sys.argv[3])
    schema, seen = read_schema(Path(sys.argv[2])), detect(source)
    table = open_file(source, schema, dialect=seen.dialect, encoding=seen.encoding)
    sink = ParquetSink(target, arrow_schema(schema))
    found = check(table, sinks=(sink,))
    if not isinstance(found, Checked):
        sys.exit(1)
    sink.seal()
