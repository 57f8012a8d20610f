"""A dataset as the portal holds it: read from its answer with a check at each step, since a portal may say anything.

What we keep there of a dataset's own state stands in extras beside its identity:

    opendata_stage      new: made by us, never public       hidden: private, to be revealed once it is whole
                        settling: whole, to be tidied up    live: as it should be
                        withdrawing, withdrawn: its access level was raised
    opendata_level      the access level of the edition
    opendata_seal       the digest of each field of the dataset that is ours: what does not match was edited by others
    opendata_written    when we last wrote it: so that no write of ours is one that changes nothing, after which CKAN
                        would not bring its search index up to date

Each file carries a seal of its own and the digest of the edition that it belongs to (opendata_edition): CKAN's loaders
write a dataset back as they read it, so that a part of what was written at the same moment can be lost again. What is
sealed but of two editions was mixed so, and is put right; what is not as its seal says was edited by hand.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import AccessLevel, PortalDataset, PortalFile, Summary, as_list, as_object, as_text, parsed
from opendata.model.layout import DESCRIPTOR
from opendata.model.summary import from_json
from opendata_ckan.answers import odd
from opendata_ckan.edits import edited
from opendata_ckan.normal import dataset_seal, file_seal, metadata_digest
from opendata_ckan.resources import EDITION, PATH, SEAL, SUMMARY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Json, JsonValue

ID, DIGEST, VERSION = "opendata_id", "opendata_digest", "opendata_version"
STAGE, LEVEL, REMOVED, FILES = "opendata_stage", "opendata_level", "opendata_removed", "opendata_files"
WRITTEN = "opendata_written"
SHA256, GONE = "opendata_sha256", "opendata_gone"

_KEY = re.compile("[A-Za-z0-9_-]{1,100}")


class Stage(enum.Enum):
    """How far a dataset of ours has come on the portal."""

    NEW = "new"
    HIDDEN = "hidden"
    SETTLING = "settling"
    LIVE = "live"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A resource of the portal. `path` is its plain name, empty for one that is not ours.

    `sha256` is what we told of its bytes; `stored` is False where the portal has none. `loaded`: a DataStore table
    stands beside it. `edition` is the digest of the edition that it belongs to; `sealed` False where somebody else
    changed what we manage of it. `told` is all that the portal says of it.
    """

    id: str
    path: str
    sha256: str | None
    bytes: int | None
    stored: bool
    loaded: bool
    edition: str | None
    sealed: bool
    address: str
    told: Json


@dataclass(frozen=True)
class Held:
    """A dataset of the portal. `modified` is what a compare-and-swap compares, `told` all that the portal says of it.

    `files` are ours; `gone` are those of ours that are on their way out; `foreign` are other people's.
    """

    key: str
    name: str
    private: bool
    modified: str
    owner: str
    extras: dict[str, str]
    files: tuple[HeldFile, ...]
    gone: tuple[HeldFile, ...]
    foreign: tuple[HeldFile, ...]
    told: Json

    @property
    def id(self) -> str | None:
        """Our id; None where the dataset is not ours."""
        return self.extras.get(ID)

    @property
    def digest(self) -> str | None:
        """The digest of the edition that it holds; None where it holds none yet."""
        return self.extras.get(DIGEST)

    @property
    def stage(self) -> Stage:
        """How far it has come."""
        found = self.extras.get(STAGE, "")
        return Stage(found) if found in {item.value for item in Stage} else Stage.UNKNOWN

    @property
    def level(self) -> AccessLevel:
        """The level of the edition; where nobody said so, that of what visitors see."""
        told = self.extras.get(LEVEL)
        if told in {AccessLevel.OPEN.value, AccessLevel.SHARED.value}:
            return AccessLevel(told)
        return AccessLevel.SHARED if self.private else AccessLevel.OPEN

    @cached_property
    def metadata(self) -> str:
        """The digest of all that we manage of it, as it is now."""
        return metadata_digest(self.told)

    @property
    def hidden_by_hand(self) -> bool:
        """True where somebody else hid what we made public."""
        return self.private and self.level is AccessLevel.OPEN and self.stage in {Stage.SETTLING, Stage.LIVE}

    @property
    def is_shell(self) -> bool:
        """True where it was withdrawn and is what that leaves: private, and without a file of ours.

        Its stage alone does not tell: whoever may edit the dataset may write that there.
        """
        return self.stage is Stage.WITHDRAWN and self.private and not (self.files or self.gone)

    @property
    def revision(self) -> str:
        """What changes with whatever somebody else does to what we manage, and with their hiding of it."""
        return f"{self.metadata} hidden" if self.hidden_by_hand else self.metadata

    @property
    def intact(self) -> bool:
        """False where somebody else changed what we manage, or hid what we made public."""
        if self.digest is None and self.stage is Stage.NEW:
            return True
        twice = len({file.path for file in self.files}) < len(self.files)
        sealed = self.extras.get(SEAL) == dataset_seal(self.told) and all(file.sealed for file in self.files)
        return sealed and self.stage is not Stage.UNKNOWN and not self.hidden_by_hand and not twice

    @property
    def edited(self) -> tuple[str, ...]:
        """What somebody else changed of what we manage, in an officer's words; none where it cannot be told."""
        if self.intact:
            return ()
        paths = [file.path for file in self.files]
        files = {file.path for file in self.files if not file.sealed or paths.count(file.path) > 1}
        shown = [_("visibility")] if self.hidden_by_hand else []
        fields = edited(self.extras.get(SEAL), self.told)
        return (*shown, *fields, *(_("file {path}").format(path=path) for path in sorted(files)))

    @property
    def editions(self) -> frozenset[str | None]:
        """The digests of the editions that it and its files belong to: one, where all is well."""
        return frozenset({self.digest, *(file.edition for file in self.files)})

    @property
    def missing(self) -> tuple[str, ...]:
        """Files that belong to it and are not there."""
        named = self.extras.get(FILES, "").split()
        return tuple(path for path in named if (file := self.file(path)) is None or not file.stored)

    @property
    def removed(self) -> tuple[str, ...]:
        """The ids of the resources that a withdrawn dataset had."""
        told = as_list(parsed(self.extras.get(REMOVED, "")))
        return tuple(key for item in told if (key := as_text(item)) and _KEY.fullmatch(key))

    @property
    def faults(self) -> tuple[str, ...]:
        """What a run of ours left unfinished, or the portal lost: to be put right."""
        return tuple(_faults(self))

    def file(self, path: str) -> HeldFile | None:
        """Our file of that name, or None."""
        return next((item for item in self.files if item.path == path), None)


def held(told: JsonValue, where: str) -> Held:
    """Read a dataset from what the portal says of it.

    Raises:
        PassingError: that is no dataset.
    """
    dataset = as_object(told)
    key, name, modified = (as_text(dataset.get(part)) for part in ("id", "name", "metadata_modified"))
    private = dataset.get("private")
    if not key or not name or not modified or not isinstance(private, bool):
        raise odd(_("a dataset without id, name, date or visibility"), where)
    resources = [_file(as_object(item), key) for item in as_list(dataset.get("resources"))]
    return Held(
        key=key,
        name=name,
        private=private,
        modified=modified,
        owner=as_text(as_object(dataset.get("organization")).get("name")) or "",
        extras=dict(_extras(dataset)),
        files=tuple(item for item in resources if item.path),
        gone=tuple(item for item in resources if _is_gone(item)),
        foreign=tuple(item for item in resources if not item.path and not _is_gone(item)),
        told=dataset,
    )


def portal_dataset(item: Held, *, ours: bool = True) -> PortalDataset:
    """The dataset as the plan sees it; not `ours`: something that stands under its name, and that is all."""
    if not ours or item.id is None:
        return PortalDataset(item.name, None, None, item.level, None, (), owner=item.owner)
    descriptor = item.file(DESCRIPTOR)
    summary = from_json(descriptor.told.get(SUMMARY)) if descriptor else None
    return PortalDataset(
        name=item.name,
        id=item.id,
        version=item.extras.get(VERSION),
        level=item.level if item.private else AccessLevel.OPEN,
        digest=item.digest,
        files=tuple(_portal_file(file) for file in item.files if file.path != DESCRIPTOR and file.stored),
        intact=item.intact,
        faults=item.faults,
        revision=item.revision,
        title=as_text(item.told.get("title")) or "",
        summary=Summary() if item.digest is None and item.stage is not Stage.WITHDRAWN else summary,
        owner=item.owner,
        edited=item.edited,
    )


def free_tags(found: Held) -> tuple[str, ...]:
    """The tags of a dataset that belong to no vocabulary, whoever put them there."""
    items = [as_object(item) for item in as_list(found.told.get("tags"))]
    return tuple(name for item in items if not item.get("vocabulary_id") and (name := as_text(item.get("name"))))


def _faults(item: Held) -> Iterator[str]:
    if item.stage in {Stage.NEW, Stage.HIDDEN, Stage.SETTLING} or item.gone:
        yield _("Its publication was begun, but not finished.")
    if item.level is not AccessLevel.OPEN and not item.private:
        yield _("It is not open, yet anyone can see it: it is made private.")
    if item.level is not AccessLevel.OPEN and item.digest is not None and free_tags(item):
        yield _("Anyone can read its keywords, although it is not open: they are taken off.")
    if item.digest is not None and len(item.editions) > 1:
        yield _("Parts of two editions stand together: what was published last is put right.")
    if item.digest is not None:
        yield from (_("A file is missing: {path}").format(path=path) for path in item.missing)


def _portal_file(file: HeldFile) -> PortalFile:
    return PortalFile(file.path, file.bytes, file.sha256, file.address)


def _file(told: Json, dataset: str) -> HeldFile:
    key, path, url = as_text(told.get("id")) or "", as_text(told.get(PATH)) or "", as_text(told.get("url")) or ""
    size = told.get("size")
    return HeldFile(
        id=key,
        path=path,
        sha256=as_text(told.get(SHA256)),
        bytes=size if isinstance(size, int) else None,
        stored=bool(url) and told.get("url_type") == "upload",
        loaded=told.get("datastore_active") is True,
        edition=as_text(told.get(EDITION)),
        sealed=told.get(SEAL) == file_seal(told),
        address=file_path(dataset, key, path or url.rpartition("/")[2]),
        told=told,
    )


def _is_gone(file: HeldFile) -> bool:
    """True for a file of ours on its way out, or one whose name somebody took off: it may hold anything of ours.

    One that has its name is not: whoever may edit the dataset may write anything beside that.
    """
    return not file.path and bool(file.told.get(GONE) or file.told.get(SEAL))


def file_path(dataset: str, resource: str, name: str) -> str:
    """Where below the portal's address the bytes of a resource are.

    >>> file_path("d1", "r1", "area.csv")
    '/dataset/d1/resource/r1/download/area.csv'
    """
    from urllib.parse import quote

    return f"/dataset/{quote(dataset, safe='')}/resource/{quote(resource, safe='')}/download/{quote(name, safe='')}"


def _extras(dataset: Json) -> Iterator[tuple[str, str]]:
    for item in map(as_object, as_list(dataset.get("extras"))):
        key, value = as_text(item.get("key")), as_text(item.get("value"))
        if key is not None and value is not None:
            yield key, value
