"""The page of shipped datasets says what the folder holds, in both languages."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest
from shipped_helpers import PACKAGES, load

if TYPE_CHECKING:
    from pathlib import Path


def tables(project: Path) -> list[list[list[str]]]:
    """The page's two tables, Vietnamese then English: their rows of cells, headings left out."""
    lines = (project / "docs/datasets.md").read_text(encoding="utf-8").splitlines()
    found: list[list[list[str]]] = []
    for line in lines:
        if line.startswith("|---"):
            found.append([])
        elif line.startswith("| `"):
            found[-1].append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
    return found


def summary(path: Path, thousands: str) -> tuple[str, str, str, str, str]:
    """Name, licence, period, rows and level of a package, as the page writes them."""
    package = load(path)
    rows = sum(count(path.parent / resource["path"]) for resource in package["resources"])
    licence, level = package["licenses"][0]["name"], package["access"]["level"]
    return package["name"], licence, period(package["coverage"]), f"{rows:,}".replace(",", thousands), level


def count(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream)) - 1


def period(coverage: Any) -> str:  # noqa: ANN401 - JSON as it stands
    years = [coverage[edge][:4] for edge in ("start", "end") if edge in coverage]
    return "–".join(dict.fromkeys(years)) or "–"


@pytest.mark.parametrize(("language", "thousands"), [(0, "."), (1, ",")])
def test_the_page_lists_the_shipped_packages(project: Path, language: int, thousands: str) -> None:
    told = [
        (name, licence, years, rows, level) for name, _, _, licence, years, rows, level, _ in tables(project)[language]
    ]
    there = [summary(path, thousands) for path in sorted(PACKAGES.glob("*/*/datapackage.json"))]
    assert told == there


def test_both_tables_are_whole(project: Path) -> None:
    vietnamese, english = tables(project)
    assert all(all(row) for row in (*vietnamese, *english))
    assert len(vietnamese) == len(english) >= 10
