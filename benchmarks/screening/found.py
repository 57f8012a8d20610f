"""The figures of all cases, kept in a file, so that a later run adds to them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from drawing import middle
from screening.jobs import Case
from whole import Figures

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Found:
    """The figures of each run of each case."""

    figures: dict[Case, list[Figures]] = field(default_factory=dict)

    def seconds(self, case: Case) -> float:
        """The median, 0 where it was not run."""
        return middle(item.seconds for item in self.figures.get(case, ()))

    def peak(self, case: Case) -> float:
        """The most bytes of memory in any run, 0 where it was not run."""
        return max((item.peak for item in self.figures.get(case, ())), default=0)

    def ratio(self, case: Case, other: Case) -> float:
        """Seconds of the one by those of the other, 0 where either was not run."""
        other_seconds = self.seconds(other)
        return self.seconds(case) / other_seconds if other_seconds else 0.0


def read(path: Path | None) -> Found:
    """What the file holds, where it is there."""
    rows = json.loads(path.read_bytes()) if path and path.exists() else []
    return Found({Case(**row["case"]): [Figures(**item) for item in row["figures"]] for row in rows})


def write(path: Path | None, found: Found) -> None:
    """Write all of it, where there is a file for it."""
    rows = [{"case": asdict(case), "figures": [asdict(item) for item in took]} for case, took in found.figures.items()]
    if path:
        path.write_text(json.dumps(rows, indent=1), encoding="utf-8")
