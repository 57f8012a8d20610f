"""CSV → Parquet by DuckDB's COPY. The command line names the CSV file and the Parquet file. Nothing is checked."""

from __future__ import annotations

import sys

import duckdb

if __name__ == "__main__":
    duckdb.execute("COPY (FROM read_csv($1)) TO $2 (FORMAT parquet)", sys.argv[1:])
