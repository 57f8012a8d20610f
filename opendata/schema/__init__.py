"""What is valid: the check of a table against its schema, the types, and schemas inferred from tables."""

from opendata.schema.checking import LIMIT, check
from opendata.schema.emptiness import with_rows
from opendata.schema.findings import finding_to_json, unreadable
from opendata.schema.inference import Inferred, infer
from opendata.schema.lexical import default_descriptor
from opendata.schema.types import arrow_schema, arrow_type, datastore_type

__all__ = [
    "LIMIT",
    "Inferred",
    "arrow_schema",
    "arrow_type",
    "check",
    "datastore_type",
    "default_descriptor",
    "finding_to_json",
    "infer",
    "unreadable",
    "with_rows",
]
