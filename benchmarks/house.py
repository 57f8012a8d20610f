"""The portal that a benchmark works on: fresh organisations, and what the benchmark borrows from the tests."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
PATHS = [str(ROOT), str(ROOT / "publishers"), str(ROOT / "tests")]
sys.path[:0] = [path for path in PATHS if path not in sys.path]

from ckan_helpers import Organisation, Portal, datasets, new_organisation  # noqa: E402 - the path is set just above

if TYPE_CHECKING:
    from collections.abc import Iterator


def portal(url: str, token_file: Path) -> Portal:
    """The portal at that address, with its sysadmin's token."""
    return Portal(url.rstrip("/"), token_file.read_text(encoding="ascii").strip())


@contextmanager
def organisation(there: Portal) -> Iterator[Organisation]:
    """A fresh organisation with an editor's token; in the end its files are emptied, and all of it is purged.

    A purged dataset leaves its bytes on the portal's disk: so they are cleared first.
    """
    with new_organisation(there) as made:
        try:
            yield made
        finally:
            for dataset in datasets(there, made):
                empty(there, dataset["id"], [resource["id"] for resource in dataset["resources"]])


def empty(there: Portal, dataset: str, resources: list[str]) -> None:
    """Remove the bytes of a dataset's files from the portal's disk."""
    cleared = [{"id": key, "url": "", "clear_upload": True} for key in resources]
    there.as_sysadmin("package_patch", id=dataset, resources=cleared)


def holds(there: Portal, made: Organisation) -> tuple[int, int]:
    """How many datasets and how many files the organisation has."""
    found = datasets(there, made)
    return len(found), sum(len(item["resources"]) for item in found)
