"""datapackage.json read and judged: Data Package v1 or v2, with our extension where a package uses it."""

from __future__ import annotations

from opendata.descriptor.faults import faults
from opendata.descriptor.publishable import publishable
from opendata.descriptor.reading import Glimpse, glimpse, read
from opendata.descriptor.recipe import recipe_digest
from opendata.descriptor.tables import parse_schema, read_schema

__all__ = ["Glimpse", "faults", "glimpse", "parse_schema", "publishable", "read", "read_schema", "recipe_digest"]
