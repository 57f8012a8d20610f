"""The variants of the table, and where the files of one lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from screening.schema import TIDY, Form

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Variant:
    """A way in which the same rows come. `bad`: how many rows are bad; `share`: or one in so many."""

    name: str
    title: str
    form: Form = TIDY
    shuffled: bool = False
    bad: int = 0
    share: int = 0

    def faults(self, rows: int) -> int:
        """How many of so many rows are bad."""
        return rows // self.share if self.share else self.bad


CLEAN = Variant("clean", "clean")
SHUFFLED = Variant("shuffled", "clean, shuffled", shuffled=True)
FEW = Variant("few", "10 bad rows", bad=10)
MANY = Variant("many", "1 % bad rows", share=100)
VIETNAMESE = Variant(
    "vietnamese", "to be rewritten: d/m/y; 1,5", Form(";", ",", day="%d/%m/%Y", moment="%d/%m/%Y %H:%M:%S")
)
QUOTED = Variant("quoted", "to be rewritten: all quoted", Form(quoted=True))
VARIANTS = {item.name: item for item in (CLEAN, SHUFFLED, FEW, MANY, VIETNAMESE, QUOTED)}


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of so many rows in a variant: a package around the table, and what other tools want beside it."""

    folder: Path

    @classmethod
    def of(cls, folder: Path, rows: int, variant: str) -> Place:
        """Where they lie below the folder of all."""
        return cls(folder / f"{rows}-{variant}")

    @property
    def package(self) -> Path:
        """The data package."""
        return self.folder / "air-quality"

    @property
    def table(self) -> Path:
        """The CSV file, in the package."""
        return self.package / "data" / "air-quality.csv"

    @property
    def schema(self) -> Path:
        """The Table Schema."""
        return self.folder / "schema.json"

    @property
    def dialect(self) -> Path:
        """The dialect for frictionless."""
        return self.folder / "dialect.json"

    @property
    def json_schema(self) -> Path:
        """The JSON Schema of a row for qsv, which knows no keys."""
        return self.folder / "row.schema.json"
