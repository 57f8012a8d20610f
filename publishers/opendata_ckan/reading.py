"""Datasets as a reader wants them: one with its descriptor, or all as lines of a listing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

from opendata.errors import IntegrityError
from opendata.files import CHUNK
from opendata.messages import _
from opendata.model import Entry, PortalDataset, PortalFile, as_list, as_object, as_text, matches
from opendata.model.digest import KEY, content_digest
from opendata.model.layout import DESCRIPTOR, parts, plain
from opendata_ckan import shelf
from opendata_ckan.held import ID, VERSION, portal_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Json
    from opendata_ckan.connection import Connection
    from opendata_ckan.held import Held

LONGEST = 64 << 20
"""Bytes: no descriptor of ours is longer."""


def as_read(connection: Connection, name: str) -> PortalDataset | None:
    """The dataset of ours under a name with its descriptor, as a visitor sees it, else as the token's holder does.

    None where there is none.

    Raises:
        IntegrityError: its descriptor is not what the portal says, read twice.
        PortalError: the portal cannot be read.
    """
    for visitor in (True, False) if connection.signed_in else (True,):
        found = shelf.one(connection, name, visitor=visitor)
        if found is not None and found.id is not None and found.digest is not None:
            return _with_descriptor(connection, found, visitor=visitor)
    return None


def listed(connection: Connection, words: str) -> Iterator[Entry]:
    """Lines for the datasets of ours that hold an edition and match all words; marks and đ do not matter.

    Raises:
        PortalError: the portal cannot be read.
    """
    for found in shelf.everything(connection, visitor=not connection.signed_in):
        line = _entry(found)
        if found.digest is not None and matches(line, words):
            yield line


def _with_descriptor(connection: Connection, found: Held, *, visitor: bool) -> PortalDataset:
    dataset = portal_dataset(found)
    descriptor = _descriptor(connection, found, visitor=visitor)
    if descriptor is None:
        found = shelf.one(connection, found.key, visitor=visitor) or found
        descriptor = _descriptor(connection, found, visitor=visitor)
    if descriptor is None:
        what = _("The descriptor of this dataset is not the one that its digest names.")
        raise IntegrityError(
            what, f"{connection.address} {found.name}", _("Tell whoever keeps the portal to publish once more.")
        )
    keys = {file.path: file for file in found.files}
    told = {part.path: part.told for part in parts(descriptor)}
    files = tuple(
        PortalFile(path, _size(item), keys[path].sha256, keys[path].address)
        for path, item in told.items()
        if path in keys
    )
    return PortalDataset(
        found.name,
        found.id,
        found.extras.get(VERSION),
        found.level,
        found.digest,
        files,
        intact=dataset.intact,
        revision=found.metadata,
        descriptor=descriptor,
        title=dataset.title,
        owner=found.owner,
    )


def _descriptor(connection: Connection, found: Held, *, visitor: bool) -> Json | None:
    """The published descriptor with plain paths; None where it is not what the dataset's digest says."""
    file = found.file(DESCRIPTOR)
    if file is None or not file.stored:
        return None
    with connection.open(file.address, visitor=visitor) as stream:
        content = _bounded(stream)
    try:
        descriptor = plain(as_object(json.loads(content)))
        right = descriptor.get(KEY) == found.digest == content_digest(descriptor)
    except (ValueError, RecursionError):
        return None
    return descriptor if right and descriptor.get(ID) == found.id else None


def _bounded(stream: BinaryIO) -> bytes:
    """What the stream holds; nothing where that is longer than any descriptor of ours."""
    pieces, length = [], 0
    while length <= LONGEST and (piece := stream.read(CHUNK)):
        pieces.append(piece)
        length += len(piece)
    return b"".join(pieces) if length <= LONGEST else b""


def _size(told: Json) -> int | None:
    size = told.get("bytes")
    return size if isinstance(size, int) else None


def _hidden(found: Held) -> Iterator[str]:
    """Keywords that are no tags, since the edition is not open."""
    yield from (word for word in found.extras.get("keywords", "").split(", ") if word)


def _entry(found: Held) -> Entry:
    told = found.told
    resources = [as_object(item) for item in as_list(told.get("resources"))]
    titles = [found.extras.get("title_en"), found.extras.get("keywords_en")]
    titles += [as_text(item.get(key)) for item in resources for key in ("name", "description")]
    return Entry(
        name=found.name,
        title=as_text(told.get("title")) or found.name,
        level=found.level,
        sector=found.extras.get("sector"),
        version=found.extras.get(VERSION),
        description=as_text(told.get("notes")) or "",
        keywords=(*(as_text(as_object(tag).get("name")) or "" for tag in as_list(told.get("tags"))), *_hidden(found)),
        titles=tuple(dict.fromkeys(text for text in titles if text)),
    )
