"""The tables that keys into other packages lead to: in this catalogue, else among the shipped packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.descriptor import read
from opendata.errors import DataError
from opendata.folders import DESCRIPTOR, shipped_package
from opendata.model import AccessLevel, Reference
from opendata.sources import open_resource

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.catalogue.folder import Catalogue
    from opendata.model import Dataset, ForeignKey, Resource


def finder(catalogue: Catalogue | None) -> Callable[[ForeignKey], Reference | None]:
    """A function that finds the table a foreign key leads to; None where there is none.

    A package of the catalogue hides the shipped one of that name, even where it is faulty: what an officer
    put there is what was meant. A catalogue that is one package has its neighbours in the folder they share.
    `catalogue` None: the shipped packages alone.
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
    found = _neighbour(catalogue, name) or shipped_package(name)
    return read(found) if found else None


def _neighbour(catalogue: Catalogue | None, name: str) -> Path | None:
    """The package of that name beside the only one at hand: its catalogue is the folder that both lie in."""
    if catalogue is None or not (catalogue.folder / DESCRIPTOR).is_file():
        return None
    beside = catalogue.folder.resolve().parent
    return next((path.parent for path in sorted(beside.glob(f"*/{DESCRIPTOR}")) if _named(path) == name), None)


def _named(path: Path) -> str | None:
    try:
        return read(path).name
    except DataError:
        return None


def _reference(dataset: Dataset | None, key: ForeignKey) -> Reference | None:
    resource = dataset.resource(key.resource) if dataset else None
    if dataset is None or resource is None:
        return None
    return Reference(dataset.name, resource.name, open_resource(dataset, resource), _level(resource, key))


def _level(resource: Resource, key: ForeignKey) -> AccessLevel:
    """The strictest level among the table and the fields that the key points at; a personal field is for nobody."""
    fields = [resource.schema.field(name) if resource.schema else None for name in key.reference_fields]
    levels = [item.level if item and item.personal == "none" else AccessLevel.INTERNAL for item in fields]
    return max(resource.level, *levels)
