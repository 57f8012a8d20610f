"""Open a department's file, whatever it is, as a Table; and make a tidy table of it by a recipe."""

from opendata.sources import recipe
from opendata.sources.layout import Declared, Layout, detect
from opendata.sources.opening import open_file, open_resource
from opendata.sources.tidying import origin_digests, tidy
from opendata.sources.workbook import SheetSize

__all__ = [
    "Declared",
    "Layout",
    "SheetSize",
    "detect",
    "open_file",
    "open_resource",
    "origin_digests",
    "recipe",
    "tidy",
]
