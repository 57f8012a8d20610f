"""The key of a build: one digest over everything that its bytes depend on."""

from __future__ import annotations

import functools
import hashlib
from importlib import metadata
from importlib.resources import files as package_files
from typing import TYPE_CHECKING

from opendata import files, folders
from opendata.model import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.resources.abc import Traversable

    from opendata.model import Cut, JsonValue, Outline, Table
    from opendata.package.judging import Opened


def build_key(outline: Outline, opened: Sequence[Opened], digests: Sequence[str]) -> str:
    """32 hexadecimal digits: the same only where descriptor, data, referenced tables and tools are the same.

    `digests` are those of the opened tables, in their order; tables of other packages are digested here.

    Raises:
        DiskError: a data file cannot be read.
    """
    inputs: JsonValue = {
        "descriptor": outline.dataset.descriptor,
        "edition": [outline.name, outline.level.value, outline.descriptor],
        "cuts": [_cut(cut) for cut in outline.cuts],
        "tables": [_table(item.table, digest) for item, digest in zip(opened, digests, strict=True)],
        "references": [_references(item) for item in opened],
        "tools": list(tools()),
    }
    return hashlib.sha256(canonical(inputs)).hexdigest()[:32]


@functools.cache
def tools() -> tuple[str, ...]:
    """What the bytes come from besides the data: our version and code, the profile, pyarrow and frictionless."""
    versions = (f"{name} {_version(name)}" for name in ("opendata-vn", "pyarrow", "frictionless"))
    return (*versions, f"code {_code()}", f"profile {_profile()}")


def _cut(cut: Cut) -> JsonValue:
    return [cut.resource.name, list(cut.fields), cut.sorted]


def _references(item: Opened) -> JsonValue:
    foreign = [other for other in item.references if other.package]
    return [[other.package, other.resource, _table(other.table, other.table.digest())] for other in foreign]


def _table(table: Table, digest: str) -> JsonValue:
    return [table.name, list(table.labels), table.schema.descriptor, digest]


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


def _code() -> str:
    """A digest of our own modules, since a checkout changes without changing its version."""
    digest = hashlib.sha256()
    for name, content in sorted(_modules(package_files("opendata"), "")):
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return digest.hexdigest()


def _modules(folder: Traversable, above: str) -> Iterator[tuple[str, bytes]]:
    for item in folder.iterdir():
        if item.is_dir() and not item.name.startswith(("_", ".")):
            yield from _modules(item, f"{above}{item.name}/")
        elif item.name.endswith(".py"):
            yield above + item.name, item.read_bytes()


def _profile() -> str:
    found = sorted((folders.data_folder("schemas") / "profile").glob("*.json"))
    return hashlib.sha256(canonical([[path.name, files.sha256(path)] for path in found])).hexdigest()
