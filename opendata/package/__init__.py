"""From a dataset to its built edition: CSV, Parquet, descriptor and digests, the same bytes every time."""

from opendata.package.building import build, check
from opendata.package.laying import lay_out

__all__ = ["build", "check", "lay_out"]
