"""A catalogue read as a portal is: its packages, and what of them would be published open."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from opendata.catalogue.keys import finder
from opendata.edition import levels as editions_of
from opendata.errors import GateError
from opendata.files import disk
from opendata.model import AccessLevel, Entry, PortalDataset, PortalFile, PortalState, entry, matches
from opendata.package import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.catalogue.folder import Catalogue, Faulty
    from opendata.model import BuiltPackage, Dataset


@dataclasses.dataclass(frozen=True, slots=True)
class CatalogueReader:
    """A `port.Reader` over a catalogue; built editions lie in `cache`."""

    catalogue: Catalogue
    cache: Path

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:  # noqa: ARG002 - the port's signature
        """The packages of these names; the files are those of the open edition, built if need be.

        A package without an open edition has no files, and its own descriptor.

        Raises:
            DataError: the package is faulty, or its data was found wanting.
        """
        return PortalState(tuple(self._look(name) for name in names if name in self.catalogue.names))

    def entries(self, words: str = "") -> Iterator[Entry]:
        """All packages that match the words, the withheld and the faulty too, each with its level."""
        lines = (*map(_line, self.catalogue.datasets), *map(_faulty_line, self.catalogue.faulty))
        yield from (line for line in lines if matches(line, words))

    def open(self, file: PortalFile, start: int = 0) -> BinaryIO:
        """The bytes of a built file.

        Raises:
            DiskError: it is gone, or cannot be read.
        """
        path = Path(file.address)
        with disk(path):
            stream = path.open("rb")
            stream.seek(start)
            return stream

    def _look(self, name: str) -> PortalDataset:
        dataset = self.catalogue.dataset(name)
        if dataset is None:
            raise next(item.error for item in self.catalogue.faulty if item.name == name)
        if AccessLevel.OPEN not in editions_of(dataset):
            return _withheld(dataset)
        try:
            return _found(build(dataset, AccessLevel.OPEN, finder(self.catalogue), self.cache))
        except GateError:
            return _withheld(dataset)


def _withheld(dataset: Dataset) -> PortalDataset:
    return PortalDataset(
        dataset.name, dataset.id, dataset.version, dataset.level, None, (), descriptor=dataset.descriptor
    )


def _found(built: BuiltPackage) -> PortalDataset:
    files = tuple(PortalFile(file.path, file.bytes, file.sha256, str(file.source)) for file in built.files)
    return PortalDataset(
        built.name, built.id, built.version, built.level, built.digest, files, descriptor=built.descriptor
    )


def _line(dataset: Dataset) -> Entry:
    return entry(dataset.descriptor, dataset.name, dataset.level)


def _faulty_line(item: Faulty) -> Entry:
    return Entry(item.name, item.name, AccessLevel.INTERNAL, fault=item.error.what)
