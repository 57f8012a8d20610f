"""A catalogue on disk: all packages below a folder, the faulty ones beside the sound."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.descriptor import read
from opendata.descriptor.strict import read_bytes
from opendata.errors import DataError, DescriptorError, OpendataError, PortalError, UsageError
from opendata.folders import DESCRIPTOR, find_packages
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from opendata.model import Dataset, Finding


@dataclass(frozen=True, slots=True)
class Faulty:
    """A package whose descriptor has faults. `name` is the one it declares if that can be shown, else its folder's."""

    name: str
    folder: Path
    error: OpendataError

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The faults, one by one, where the descriptor could be read at all."""
        return self.error.findings if isinstance(self.error, DescriptorError) else ()


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The packages below a folder, in the order of their paths."""

    folder: Path
    datasets: tuple[Dataset, ...]
    faulty: tuple[Faulty, ...] = ()

    def dataset(self, name: str) -> Dataset | None:
        """The sound package of that name, or None."""
        return next((item for item in self.datasets if item.name == name), None)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all packages, faulty ones too."""
        return (*(item.name for item in self.datasets), *(item.name for item in self.faulty))


def open_catalogue(path: Path) -> Catalogue:
    """Read every package below a folder; `path` may also be one package, or its datapackage.json.

    A package with faults is kept apart and hides none of its neighbours.

    Raises:
        UsageError: no such folder, or no package in it.
        DescriptorError: two packages of one name, or of one id.

    >>> from opendata.folders import data_folder
    >>> open_catalogue(data_folder("datapackages") / "reference").names
    ('administrative-units',...)
    """
    folder = path.parent if path.name == DESCRIPTOR else path
    found = [_read(package) for package in _packages(folder)]
    datasets = tuple(item for item in found if not isinstance(item, Faulty))
    faulty = tuple(item for item in found if isinstance(item, Faulty))
    _refuse_twins(((item.name, item.folder) for item in found), _("Two packages have the name {value}."))
    _refuse_twins(((item.id, item.folder) for item in datasets), _("Two packages have the id {value}."))
    return Catalogue(folder, datasets, faulty)


def _packages(folder: Path) -> tuple[Path, ...]:
    found = find_packages(folder)
    if not found:
        remedy = _("Name a folder that holds a datapackage.json, or make a package with: opendata new FILE")
        raise UsageError(_("There is no data package in this folder."), str(folder), remedy)
    return found


def _read(package: Path) -> Dataset | Faulty:
    try:
        return read(package)
    except (DataError, PortalError) as error:
        return Faulty(_declared_name(package), package, error)


def _declared_name(package: Path) -> str:
    try:
        name = json.loads(read_bytes(package / DESCRIPTOR))["name"]
    except (OpendataError, ValueError, KeyError, TypeError, RecursionError):
        name = None
    if isinstance(name, str) and name.strip() and name.isprintable():
        return name
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in package.name)


def _refuse_twins(named: Iterable[tuple[str, Path]], what: str) -> None:
    seen: dict[str, Path] = {}
    for value, folder in named:
        if value in seen:
            remedy = _("Rename one of them, or move it out of the catalogue.")
            raise DescriptorError(what.format(value=value), f"{seen[value]}, {folder}", remedy)
        seen[value] = folder
