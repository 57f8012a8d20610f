"""CSV → Parquet by pyarrow alone, as it streams by default: the measure of what reading and writing cost.

The command line names the CSV file and the Parquet file. Types are guessed from the first block; nothing is checked.
"""

from __future__ import annotations

import sys

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

if __name__ == "__main__":
    source, target = sys.argv[1:]
    with pa_csv.open_csv(source) as reader, pq.ParquetWriter(target, reader.schema) as writer:
        for batch in reader:
            writer.write_batch(batch)
