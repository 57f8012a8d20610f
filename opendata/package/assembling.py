"""The one place where a built package comes to be: from its folder, in which the descriptor names every file."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from opendata import files
from opendata.errors import IntegrityError
from opendata.messages import _
from opendata.model import BuiltFile, BuiltPackage, as_object, as_text, canonical
from opendata.model.digest import KEY, bare, content_digest
from opendata.model.layout import DESCRIPTOR, parts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.model import Json, Outline
    from opendata.model.layout import Part

MANIFEST = DESCRIPTOR


def assemble(outline: Outline, folder: Path) -> BuiltPackage:
    """The built package in `folder`, which holds its descriptor and the files that this names.

    Raises:
        IntegrityError: the descriptor is not one of ours, of this edition, unaltered.
        DiskError: it cannot be read.
    """
    manifest = folder / MANIFEST
    descriptor = _read(manifest)
    digest = as_text(descriptor.get(KEY))
    if digest is None or digest != content_digest(descriptor) or descriptor.get("name") != outline.name:
        raise _altered(manifest)
    built = tuple(_file(part, folder) for part in parts(descriptor))
    return BuiltPackage(
        name=outline.name,
        id=outline.dataset.id,
        version=outline.dataset.version,
        level=outline.level,
        digest=digest,
        folder_digest=folder_digest(built),
        descriptor=descriptor,
        files=built,
        withheld=outline.withheld,
    )


def verify(built: BuiltPackage) -> None:
    """Compare every file with its size and digest.

    Raises:
        IntegrityError: a file is not what the descriptor says.
        DiskError: a file cannot be read.
    """
    for file in built.files:
        with files.disk(file.source):
            size = file.source.stat().st_size
        if size != file.bytes or files.sha256(file.source) != file.sha256:
            raise _altered(file.source)


def folder_digest(built: Sequence[BuiltFile]) -> str:
    """32 hexadecimal digits that name the folder of exactly these files.

    >>> folder_digest(())
    '4f53cda18c2baa0c0354bb5f9a3ecbe5'
    """
    listed = sorted((file.path, file.sha256) for file in built)
    return hashlib.sha256(canonical(listed)).hexdigest()[:32]


def _file(part: Part, folder: Path) -> BuiltFile:
    size, digest = part.told.get("bytes"), bare(as_text(part.told.get("hash")))
    if not isinstance(size, int) or not files.safe_relative(part.path) or "/" in part.path or digest is None:
        raise _altered(folder / MANIFEST)
    mediatype = as_text(part.told.get("mediatype")) or ""
    return BuiltFile(part.path, folder / part.path, size, digest, mediatype, part.resource)


def _read(manifest: Path) -> Json:
    with files.disk(manifest):
        content = manifest.read_bytes()
    try:
        return as_object(json.loads(content))
    except (ValueError, RecursionError):
        raise _altered(manifest) from None


def _altered(path: Path) -> IntegrityError:
    remedy = _("Build the package again.")
    return IntegrityError(_("The file is not what its digest says."), str(path), remedy)
