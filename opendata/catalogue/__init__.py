"""The set of packages in a folder: open it, search it, find keys in it, judge what of it may be published."""

from opendata.catalogue.folder import Catalogue, Faulty, open_catalogue
from opendata.catalogue.judge import candidates
from opendata.catalogue.keys import finder
from opendata.catalogue.reader import CatalogueReader

__all__ = [
    "Catalogue",
    "CatalogueReader",
    "Faulty",
    "candidates",
    "finder",
    "open_catalogue",
]
