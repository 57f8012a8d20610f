"""The published datapackage.json, as it stands on the portal.

Beside what every reader gets it carries `opendata_site`: which folder of files was there before, what the pages
are, and a seal over the whole, so that an edit by hand is noticed. One file, switched by one rename: a kill cannot
part what belongs together.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.model import AccessLevel, as_object, as_text, canonical, dump
from opendata.model.digest import bare
from opendata.model.layout import DESCRIPTOR, folder_of, is_folder_digest, parts, plain, prefixed
from opendata_site.reading import parse, plain_name, read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from opendata.model import BuiltPackage, Json, JsonValue

NAME = DESCRIPTOR
KEY = "opendata_site"


@dataclass(frozen=True, slots=True)
class DeclaredFile:
    """A data file as a descriptor declares it; `sha256` is empty where it does not."""

    path: str
    bytes: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Published:
    """A descriptor read from the portal. `descriptor` has plain paths and is without our own notes.

    `folder` is the digest that its files lie under, `previous` the one before (either may be empty); `pages` the
    SHA-256 of each page; `look` tells by which templates they were made. `intact` False: edited by somebody else.
    `tidy` False: its bytes are not as we write them. `revision` is the SHA-256 of its bytes.
    """

    descriptor: Json
    folder: str
    previous: str
    pages: Mapping[str, str]
    look: str
    intact: bool
    tidy: bool
    revision: str

    @property
    def id(self) -> str | None:
        """The dataset's id, None where it is not ours."""
        return as_text(self.descriptor.get("opendata_id"))

    @property
    def level(self) -> AccessLevel:
        """The access level it declares; open where it says nothing that can be understood."""
        level = as_text(as_object(self.descriptor.get("access")).get("level"))
        return AccessLevel(level) if level in {item.value for item in AccessLevel} else AccessLevel.OPEN

    @property
    def files(self) -> tuple[DeclaredFile, ...]:
        """The data files, tables and their alternates; one whose path is not a plain name is left out."""
        return tuple(item for item in _declared(self.descriptor) if plain_name(item.path))


def read(folder: Path) -> Published | None:
    """The descriptor in a dataset's folder; None where there is none that can be read.

    Raises:
        DiskError: it is there but cannot be read.
    """
    content = read_bytes(folder / NAME)
    told = parse(content) if content is not None else None
    if content is None or told is None:
        return None
    notes = as_object(told.get(KEY))
    pages = {name: as_text(value) or "" for name, value in as_object(notes.get("pages")).items()}
    return Published(
        descriptor=plain({key: value for key, value in told.items() if key != KEY}),
        folder=folder_of(told),
        previous=_digest(as_text(notes.get("previous"))),
        pages=pages,
        look=as_text(notes.get("look")) or "",
        intact=notes.get("seal") == _seal(told),
        tidy=_tidy(told, content),
        revision=hashlib.sha256(content).hexdigest(),
    )


def publish(built: BuiltPackage, previous: str, pages: Mapping[str, str], look: str) -> bytes:
    """The bytes of the descriptor to be placed; `pages` gives the SHA-256 of each page by its name."""
    notes: dict[str, JsonValue] = {"previous": previous, "pages": dict(sorted(pages.items())), "look": look}
    told: dict[str, JsonValue] = {**prefixed(built.descriptor, f"{built.folder_digest}/"), KEY: notes}
    return dump({**told, KEY: {**notes, "seal": _seal(told)}})


def _seal(told: Json) -> str:
    notes = {key: value for key, value in as_object(told.get(KEY)).items() if key != "seal"}
    try:
        return hashlib.sha256(canonical({**told, KEY: notes})).hexdigest()
    except ValueError:  # a number that JSON has no form for
        return ""


def _tidy(told: Json, content: bytes) -> bool:
    try:
        return dump(told) == content
    except ValueError:
        return False


def _declared(descriptor: Json) -> Iterator[DeclaredFile]:
    for part in parts(descriptor):
        size = part.told.get("bytes")
        yield DeclaredFile(
            part.path, size if isinstance(size, int) else None, bare(as_text(part.told.get("hash"))) or ""
        )


def _digest(text: str | None) -> str:
    return text if text and is_folder_digest(text) else ""
