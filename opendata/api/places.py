"""What a caller may name as a target: a `Path` is always a folder, a text only where it is written as a path."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opendata.model import Target


def folder_of(target: str | Path) -> Path | None:
    r"""The folder that a target names, or None where it is an address, or a name from opendata.toml.

    >>> folder_of("./portal").name, folder_of("a\\b") is None, folder_of("portal"), folder_of("https://data.example.vn")
    ('portal', False, None, None)
    """
    if isinstance(target, Path):
        return target
    if "://" in target:
        return None
    written_as_path = target in {".", ".."} or "/" in target or "\\" in target
    return Path(target).expanduser() if written_as_path else None


def resolved(target: str | Path, organization: str | None = None, *, create_organization: bool = False) -> Target:
    """The target, with settings looked up from the folder here upwards.

    `organization` stands over those settings and over the department's own; `create_organization`: make a missing one.

    Raises:
        UsageError: no such name, or an address that is none.
        DiskError: opendata.toml cannot be read.
    """
    from opendata.publishing.targets import resolve

    found = resolve(str(target.absolute()) if isinstance(target, Path) else target, Path.cwd())
    return replace(found, organization=organization or found.organization, create_organization=create_organization)
