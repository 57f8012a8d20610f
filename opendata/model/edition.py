"""What of a dataset may be seen at one access level, and that edition built into files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model.access import AccessLevel
    from opendata.model.dataset import Dataset, Resource
    from opendata.model.json import Json
    from opendata.model.table import Checked


@dataclass(frozen=True, slots=True)
class Withheld:
    """A resource (`field` None) or a field that an edition leaves out. For its owner's eyes only."""

    resource: str
    field: str | None
    level: AccessLevel
    reason: str


@dataclass(frozen=True, slots=True)
class Cut:
    """The part of one table that an edition shows. `fields` in the source's order.

    `sorted` is True where a column is withheld: then the rows are ordered by the published columns,
    since their own order could tell.
    """

    resource: Resource
    fields: tuple[str, ...]
    sorted: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """What an edition will hold, judged from the descriptor alone, before any data is read.

    `descriptor` is an allow-listed copy, without sizes, digests and statistics, which only a build knows.
    """

    name: str
    level: AccessLevel
    dataset: Dataset
    cuts: tuple[Cut, ...]
    withheld: tuple[Withheld, ...]
    descriptor: Json


@dataclass(frozen=True, slots=True)
class Edition:
    """An outline with its tables checked. Only `edition.cut` makes one."""

    outline: Outline
    checked: tuple[Checked, ...]


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """One file of a built package: where its bytes lie now, and what they are.

    `path` is its plain name ("area.csv"); `resource` the table it holds; `sha256` is 64 hex digits.
    """

    path: str
    source: Path
    bytes: int
    sha256: str
    mediatype: str
    resource: str


@dataclass(frozen=True, slots=True)
class BuiltPackage:
    """An edition as files, ready for a portal. Only `package.build` makes one.

    `name` is the published name. `digest` tells whether the dataset changed (managed metadata, CSVs and their
    schemas, not the Parquet's bytes). `folder_digest` names the folder of exactly these files.
    `descriptor` is what a reader gets, its paths plain; `bytes` are the sum of all files.
    """

    name: str
    id: str
    version: str | None
    level: AccessLevel
    digest: str
    folder_digest: str
    descriptor: Json
    files: tuple[BuiltFile, ...]
    withheld: tuple[Withheld, ...] = ()

    @property
    def bytes(self) -> int:
        """The size of all files together."""
        return sum(file.bytes for file in self.files)
