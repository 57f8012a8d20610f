"""The figures of a benchmark, kept in a file, so that a later run adds to them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from running import Count, Figures

if TYPE_CHECKING:
    from pathlib import Path

    from material import Amount

Key = tuple[str, str]


@dataclass(slots=True)
class Results:
    """By tool and step: the requests, the figures of each run, and how much the portal held after it."""

    counts: dict[Key, Count] = field(default_factory=dict)
    figures: dict[Key, list[Figures]] = field(default_factory=dict)
    holds: dict[Key, tuple[int, int]] = field(default_factory=dict)


def read(path: Path | None, amount: Amount) -> Results:
    """What the file holds, where it is there and of the same amount; else nothing."""
    found = Results()
    told = json.loads(path.read_bytes()) if path and path.exists() else {}
    for row in told.get("rows", []) if told.get("amount") == asdict(amount) else []:
        key = row["tool"], row["step"]
        found.counts[key] = Count(**row["count"])
        found.holds[key] = tuple(row["holds"])
        found.figures[key] = [Figures(**item) for item in row["figures"]]
    return found


def write(path: Path | None, amount: Amount, found: Results) -> None:
    """Write all of it, where there is a file for it."""
    rows = [
        {
            "tool": key[0],
            "step": key[1],
            "count": asdict(count),
            "holds": found.holds[key],
            "figures": [asdict(item) for item in found.figures.get(key, [])],
        }
        for key, count in found.counts.items()
    ]
    if path:
        path.write_text(json.dumps({"amount": asdict(amount), "rows": rows}, indent=1), encoding="utf-8")
