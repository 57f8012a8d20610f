"""A portal folder under test: publish candidates to it, look at it, and read it as a visitor does."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.model import Receipt, Target, as_list, as_object
from opendata.publishing.apply import apply
from opendata.publishing.plan import make
from opendata_site import SitePublisher

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from opendata.model import BuiltPackage, Candidate, Json, Plan, PortalDataset, PortalState


@dataclass(frozen=True, slots=True)
class Site:
    """A folder to publish to, and what a run does to it."""

    root: Path

    @property
    def publisher(self) -> SitePublisher:
        return SitePublisher(Target("./portal", "site", str(self.root)))

    def state(self, *candidates: Candidate) -> PortalState:
        names = [item.published_name for item in candidates]
        return self.publisher.look(names, [item.id for item in candidates if item.id])

    def plan(self, *candidates: Candidate, overwrite: Collection[str] = ()) -> Plan:
        publisher = self.publisher
        state = self.state(*candidates)
        return make("./portal", candidates, state, levels=publisher.levels, overwrite=overwrite)

    def publish(self, *candidates: Candidate, overwrite: Collection[str] = ()) -> Receipt:
        return apply(self.plan(*candidates, overwrite=overwrite), self.publisher)

    def dataset(self, name: str) -> PortalDataset:
        found = self.publisher.look([name]).dataset(name)
        assert found is not None
        return found

    def folders(self, name: str) -> set[str]:
        return {path.name for path in (self.root / name).iterdir() if path.is_dir()}


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every name below a folder with its time and bytes (folders have none); hidden ones and the lock too."""
    return {
        path.relative_to(root).as_posix(): (path.lstat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in [root, *sorted(root.rglob("*"))]
    }


def seen_by_descriptor(root: Path, name: str) -> tuple[str, dict[str, str]] | None:
    """What a reader meets who goes by the descriptor: its digest and the SHA-256 of each file; None: no dataset.

    Reads the descriptor once more when a file is gone, and then takes what it finds.
    """
    for last in (False, True):
        try:
            descriptor = json.loads((root / name / "datapackage.json").read_bytes())
        except FileNotFoundError:
            return None
        try:
            return descriptor["opendata_digest"], _hashes(root / name, descriptor)
        except FileNotFoundError:
            if last:
                raise
    return None


def as_built(package: BuiltPackage) -> tuple[str, dict[str, str]]:
    """What `seen_by_descriptor` is to find once the package is published."""
    return package.digest, {file.path: file.sha256 for file in package.files}


def _hashes(folder: Path, descriptor: Json) -> dict[str, str]:
    paths = []
    for resource in map(as_object, as_list(descriptor["resources"])):
        paths += [str(part["path"]) for part in (resource, *map(as_object, as_list(resource.get("alternates"))))]
    return {path.rpartition("/")[2]: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in paths}
