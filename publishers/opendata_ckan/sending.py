"""What is sent to the portal for an edition: the empty shell of a new dataset, and the revisions that fill it."""

from __future__ import annotations

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from opendata.errors import DataError
from opendata.messages import _
from opendata.model import AccessLevel, Refusal, as_list, as_object, as_text, dump, summarise
from opendata.model.layout import DESCRIPTOR, addressed
from opendata.model.summary import to_json
from opendata_ckan.connection import Upload
from opendata_ckan.held import FILES, GONE, ID, LEVEL, REMOVED, STAGE, WRITTEN, Stage, file_path
from opendata_ckan.held import held as as_held
from opendata_ckan.mapping import EXTRAS, FIELDS, WHOLE_MOST, Address, Managed, SentFile, Terms, managed
from opendata_ckan.normal import dataset_seal, file_seal, metadata_digest
from opendata_ckan.resources import EDITION, PATH, SEAL
from opendata_ckan.shelf import NAME, RESERVED
from opendata_ckan.vocabulary import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opendata.model import BuiltPackage, Json, JsonValue
    from opendata_ckan.held import Held, HeldFile

JSON = "application/json"
OURS = EXTRAS | {STAGE, SEAL, REMOVED, WRITTEN}
"""The extras that are ours: all others are left as they are."""
LISTS = ("-extras", "-tags", "-resources")
"""package_revise merges lists by index: they are emptied first, and sent whole."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """An edition as this portal is to hold it. `uploads`, `digests` (SHA-256) and `keys` (resource ids) are by path.

    `metadata` is the digest of all that we manage of it.
    """

    managed: Managed
    uploads: Mapping[str, Upload]
    digests: Mapping[str, str]
    keys: Mapping[str, str]
    metadata: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One call of package_revise. `uploads` are by the field of the form that carries each."""

    match: Json
    filter: Sequence[str]
    update: Json
    uploads: Mapping[str, Upload]

    def data(self) -> Json:
        """The arguments as JSON."""
        return {"match": self.match, "filter": list(self.filter), "update": self.update}

    def fields(self) -> dict[str, str]:
        """The arguments as fields of a form, each holding JSON."""
        return {key: json.dumps(value, ensure_ascii=False) for key, value in self.data().items()}


def shell(built: BuiltPackage, owner: str, groups: Sequence[str]) -> Json:
    """A new dataset, private, with stubs of its resources: only so do loaders and previews find them later."""
    csv_first = sorted(built.files, key=lambda file: file.mediatype != "text/csv")
    files = [*((file.path, file.mediatype) for file in csv_first), (DESCRIPTOR, JSON)]
    return {
        "name": built.name,
        "title": built.name,
        "owner_org": owner,
        "private": True,
        "groups": [{"name": name} for name in groups],
        "extras": _pairs({ID: built.id, STAGE: Stage.NEW.value, LEVEL: built.level.value}),
        "resources": [
            {"name": path, "format": FORMATS.get(mediatype, ""), "url": "", PATH: path} for path, mediatype in files
        ],
    }


def parcel(built: BuiltPackage, held: Held, site: str, terms: Terms) -> Parcel:
    """The edition for a dataset that is there. Its files have addresses, which the descriptor tells.

    `site` is the portal's own address, as it tells it. A file that is new to the dataset is given an id here.

    Raises:
        DataError: the metadata is longer than a portal takes.
    """
    paths = [*(file.path for file in built.files), DESCRIPTOR]
    keys = {path: there.id if (there := held.file(path)) else str(uuid.uuid4()) for path in paths}
    addresses = {path: _address(held, key, path, site) for path, key in keys.items()}
    downloads = {path: address.download for path, address in addresses.items() if path != DESCRIPTOR}
    content = dump(addressed(built.descriptor, downloads))
    sent = SentFile(DESCRIPTOR, len(content), hashlib.sha256(content).hexdigest(), JSON)
    made = managed(built, addresses, terms, sent, to_json(summarise(built.descriptor)))
    uploads = {file.path: Upload(file.path, file.mediatype, file.source, file.bytes) for file in built.files}
    uploads[DESCRIPTOR] = Upload(DESCRIPTOR, JSON, content, len(content))
    digests = {file.path: file.sha256 for file in built.files} | {DESCRIPTOR: sent.sha256}
    sealed = _sealed(made, built, tuple(paths))
    return Parcel(sealed, uploads, digests, keys, metadata_digest(sealed.dataset))


def refusal(built: BuiltPackage, site: str) -> Refusal | None:
    """Why the portal would not take the package's name, or what is said of it; None where it would.

    Only a long descriptor is worth the trouble of making what would be sent.
    """
    if built.name in RESERVED or not NAME.fullmatch(built.name):
        remedy = _(
            "Give the package another name: 2 to 100 small letters, digits and hyphens; not new, edit or search."
        )
        return Refusal(_("No dataset of CKAN's can have the name {name}.").format(name=built.name), remedy)
    if len(json.dumps(built.descriptor, ensure_ascii=False)) < WHOLE_MOST // 8:
        return None
    nothing: Json = {"id": str(uuid.uuid4()), "name": built.name, "metadata_modified": "-", "private": True}
    try:
        parcel(built, as_held(nothing, built.name), site, Terms())
    except DataError as error:
        return Refusal(error.what, error.remedy)
    return None


def filling(held: Held, built: BuiltPackage, sent: Parcel, groups: Sequence[str], *, everything: bool) -> Revision:
    """What brings a dataset to an edition: lists are set anew; other people's extras, groups and files are kept.

    Files whose digest the portal tells already are not sent again, unless `everything` is. Of a dataset that was never
    filled the stubs are our own alone: nothing of what the portal says of them is sent back.
    """
    resources: list[JsonValue] = []
    uploads = {}
    for number, wanted in enumerate(sent.managed.resources):
        path = as_text(wanted.get(PATH)) or ""
        there = held.file(path)
        fresh = everything or there is None or not there.stored or there.sha256 != sent.digests[path]
        before = _unloaded(there if held.digest else None, load=fresh or held.stage is Stage.HIDDEN)
        resources.append({**before, **wanted, "id": sent.keys[path]})
        if fresh:
            uploads[f"update__resources__{number}__upload"] = sent.uploads[path]
    left = [item for item in held.files if item.id not in sent.keys.values()]
    resources += [_leaving(item) for item in (*left, *held.gone)]
    resources += [item.told for item in held.foreign]
    tidy = not left and not held.gone and all(held.file(path) for path in sent.keys)
    update: dict[str, JsonValue] = {
        **sent.managed.fields,
        "tags": [*as_list(sent.managed.fields.get("tags")), *_vocabulary_tags(held)],
        **_groups(held, groups),
        "extras": _written(_others(held) | dict(sent.managed.extras) | _state(held, built, sent, tidy=tidy)),
        "resources": resources,
    }
    if built.level is not AccessLevel.OPEN:
        update["private"] = True
    lists = (*LISTS, "-groups") if "groups" in update else LISTS
    return Revision(_swap(held), lists, update, uploads)


def settling(held: Held, *, private: bool) -> Revision:
    """What makes a dataset that is whole one that is as it should be: revealed or not, what was removed forgotten."""
    update: Json = {"private": private, "extras": _written(held.extras | {STAGE: Stage.LIVE.value})}
    forgotten = (f"-resources__{item.id}" for item in held.gone)
    return Revision(_swap(held), ("-extras", *forgotten), update, {})


def hiding(held: Held, stage: Stage) -> Json:
    """A patch that makes a dataset private at once, whatever others did to it meanwhile, and changes nothing else.

    A patch, here and below: an editor may not revise a dataset that is in a group of others, but may patch it.
    """
    return {"id": held.key, "private": True, "extras": _written(held.extras | {STAGE: stage.value})}


def emptying(held: Held) -> Json:
    """A patch that removes the bytes of all our files; the resources stay until nothing of them is left."""
    leaving = [_leaving(item) for item in (*held.files, *held.gone)]
    return {"id": held.key, "resources": [*leaving, *(item.told for item in held.foreign)]}


def forgetting(held: Held) -> Json:
    """A patch that leaves of a withdrawn dataset its name, its id, and the ids of what it had, to probe them by."""
    removed = {*held.removed, *(item.id for item in (*held.files, *held.gone))}
    kept = {key: value for key, value in held.extras.items() if key not in OURS}
    stage = Stage.NEW if held.stage is Stage.NEW else Stage.WITHDRAWN  # what was never public is not withdrawn
    extras = kept | {ID: held.id or "", STAGE: stage.value, REMOVED: json.dumps(sorted(removed))}
    return {
        **dict.fromkeys(FIELDS, ""),
        "id": held.key,
        "title": held.name,
        "private": True,
        "tags": [],
        "extras": _pairs(extras),
        "resources": [item.told for item in held.foreign],
    }


def _leaving(file: HeldFile) -> Json:
    path = file.path or as_text(file.told.get(GONE)) or file.id
    return {"id": file.id, "name": path, "url": "", "clear_upload": True, GONE: path}


def _unloaded(there: HeldFile | None, *, load: bool) -> Json:
    """What the portal and its loader keep of a file; where it is to be loaded (anew), without the hash of before.

    Of that one a loader would say that it has it already, and a visitor that it is not that of the new bytes.
    """
    return {**(there.told if there else {"url": ""}), **({"hash": ""} if load else {})}


def _sealed(made: Managed, built: BuiltPackage, paths: Sequence[str]) -> Managed:
    """The same with the names of its files, and each file with its edition and seal."""
    files = [{**item, EDITION: built.digest} for item in made.resources]
    sealed = tuple({**item, SEAL: file_seal(item)} for item in files)
    return Managed(made.fields, {**made.extras, FILES: " ".join(sorted(paths))}, sealed)


def _state(held: Held, built: BuiltPackage, sent: Parcel, *, tidy: bool) -> dict[str, str]:
    """A dataset that visitors do not see is as it should be once it is filled; one to be revealed, after that."""
    stage = Stage.LIVE if tidy else Stage.SETTLING
    if built.level is AccessLevel.OPEN and (held.private or held.stage in {Stage.NEW, Stage.HIDDEN}):
        stage = Stage.NEW if held.stage is Stage.NEW else Stage.HIDDEN
    return {STAGE: stage.value, SEAL: dataset_seal(sent.managed.dataset)}


def _others(held: Held) -> dict[str, str]:
    return {key: value for key, value in held.extras.items() if key not in OURS}


def _vocabulary_tags(held: Held) -> list[JsonValue]:
    """Tags of a vocabulary are an administrator's: sent back as they are, since the list of tags is set anew."""
    there = map(as_object, as_list(held.told.get("tags")))
    kept = (item for item in there if item.get("vocabulary_id"))
    return [{"name": item.get("name"), "vocabulary_id": item.get("vocabulary_id")} for item in kept]


def _groups(held: Held, groups: Sequence[str]) -> dict[str, JsonValue]:
    """The groups with those that are to be added; nothing where none is, since groups of others may not be sent."""
    there = [as_text(as_object(item).get("name")) for item in as_list(held.told.get("groups"))]
    if set(groups) <= set(there):
        return {}
    return {"groups": [{"name": name} for name in dict.fromkeys([*there, *groups]) if name]}


def _address(held: Held, key: str, path: str, site: str) -> Address:
    return Address(f"{site}/dataset/{held.name}/resource/{key}", site + file_path(held.key, key, path))


def _swap(held: Held) -> Json:
    return {"id": held.key, "metadata_modified": held.modified}


def _written(extras: Mapping[str, str]) -> list[JsonValue]:
    return _pairs({**extras, WRITTEN: datetime.now(UTC).isoformat()})


def _pairs(extras: Mapping[str, str]) -> list[JsonValue]:
    return [{"key": key, "value": value} for key, value in sorted(extras.items())]
