"""The tables that keys into other packages lead to: in this catalogue, else among the shipped packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.descriptor import read
from opendata.folders import shipped_package
from opendata.model import Reference
from opendata.sources import open_resource

if TYPE_CHECKING:
    from collections.abc import Callable

    from opendata.catalogue.folder import Catalogue
    from opendata.model import Dataset, ForeignKey


def finder(catalogue: Catalogue | None) -> Callable[[ForeignKey], Reference | None]:
    """A function that finds the table a foreign key leads to; None where there is none.

    A package of the catalogue hides the shipped one of that name, even where it is faulty: what an officer
    put there is what was meant. `catalogue` None: the shipped packages alone.
    """
    opened: dict[str, Dataset | None] = {}

    def find(key: ForeignKey) -> Reference | None:
        if key.package is None:
            return None
        if key.package not in opened:
            opened[key.package] = _package(catalogue, key.package)
        return _reference(opened[key.package], key)

    return find


def _package(catalogue: Catalogue | None, name: str) -> Dataset | None:
    if catalogue is not None and name in catalogue.names:
        return catalogue.dataset(name)
    shipped = shipped_package(name)
    return read(shipped) if shipped else None


def _reference(dataset: Dataset | None, key: ForeignKey) -> Reference | None:
    resource = dataset.resource(key.resource) if dataset else None
    if dataset is None or resource is None:
        return None
    return Reference(dataset.name, resource.name, open_resource(dataset, resource))
