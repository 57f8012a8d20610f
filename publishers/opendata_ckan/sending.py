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
from opendata_ckan import revising
from opendata_ckan.connection import Upload
from opendata_ckan.held import FILES, GONE, ID, LEVEL, REMOVED, SHA256, STAGE, WRITTEN, Stage, file_path
from opendata_ckan.held import held as as_held
from opendata_ckan.mapping import EXTRAS, FIELDS, WHOLE_MOST, Address, Managed, SentFile, Terms, managed
from opendata_ckan.normal import dataset_seal, file_seal, metadata_digest
from opendata_ckan.resources import EDITION, PATH, SEAL, ordered
from opendata_ckan.shelf import NAME, RESERVED
from opendata_ckan.vocabulary import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from opendata.model import BuiltPackage, Json, JsonValue
    from opendata_ckan.held import Held, HeldFile
    from opendata_ckan.revising import Revision

JSON = "application/json"
OURS = EXTRAS | {STAGE, SEAL, REMOVED, WRITTEN}
"""The extras that are ours: all others are left as they are."""
NOTHING: Json = {"url": "", "hash": ""}
"""What a file is that has no bytes yet."""


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


def shell(built: BuiltPackage, owner: str, groups: Sequence[str]) -> Json:
    """A new dataset, private, with stubs of its resources: only so do loaders and previews find them later."""
    files = [*((file.path, file.mediatype) for file in ordered(built.files)), (DESCRIPTOR, JSON)]
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
    """What brings a dataset to an edition, in place: other people's extras, tags, groups and files are not touched.

    Files whose digest the portal tells already are not sent again, unless `everything` is.
    """
    fields = {key: value for key, value in sent.managed.fields.items() if key != "tags"}
    wanted = dict(zip(order(sent), sent.managed.resources, strict=True))
    there = {file.id: file for file in held.files if file.id in wanted}
    left = [file for file in (*held.files, *held.gone) if file.id not in wanted]
    fresh = [key for key, item in wanted.items() if everything or not _stored(there.get(key), item)]
    kept = {key: {**_unhashed(load=key in fresh or held.stage is Stage.HIDDEN), **wanted[key]} for key in there}
    changes = kept | {file.id: _leaving(file) for file in left}
    closed: Json = {} if built.level is AccessLevel.OPEN else {"private": True}
    return revising.revision(
        held,
        filters=[
            *revising.without(held, "extras", lambda item: as_text(item.get("key")) in OURS),
            *revising.without(held, "tags", lambda item: not item.get("vocabulary_id")),
            *revising.emptied(held, [file.id for file in left]),
            *revising.unstructured(held, kept),
        ],
        update={**fields, **closed, "resources": revising.in_place(held, changes)},
        added={
            "extras": _written({**sent.managed.extras, **_state(held, built, sent)}),
            "tags": as_list(sent.managed.fields.get("tags")),
            "groups": _missing(held, groups),
            "resources": [{**NOTHING, **item, "id": key} for key, item in wanted.items() if key not in there],
        },
        uploads={revising.upload_field(held, key): sent.uploads[str(wanted[key][PATH])] for key in fresh},
    )


def order(sent: Parcel) -> list[str]:
    """The ids of the files in the order in which a visitor is to see them."""
    return [sent.keys[as_text(item.get(PATH)) or ""] for item in sent.managed.resources]


def settling(held: Held, *, private: bool) -> Revision:
    """What makes a dataset that is whole one that is as it should be: revealed or not, what was removed forgotten."""
    gone = {file.id for file in held.gone}
    return revising.revision(
        held,
        filters=[
            *revising.without(held, "extras", lambda item: as_text(item.get("key")) in {STAGE, WRITTEN}),
            *revising.without(held, "resources", lambda item: as_text(item.get("id")) in gone),
        ],
        update={"private": private},
        added={"extras": _written({STAGE: Stage.LIVE.value})},
    )


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


def _stored(there: HeldFile | None, wanted: Json) -> bool:
    return there is not None and there.stored and there.sha256 == wanted.get(SHA256)


def _unhashed(*, load: bool) -> Json:
    """Of a file that is to be loaded (anew): no hash of before.

    Of that one a loader would say that it has it already, and a visitor that it is not that of the new bytes.
    """
    return {"hash": ""} if load else {}


def _sealed(made: Managed, built: BuiltPackage, paths: Sequence[str]) -> Managed:
    """The same with the names of its files, and each file with its edition and seal."""
    files = [{**item, EDITION: built.digest} for item in made.resources]
    sealed = tuple({**item, SEAL: file_seal(item)} for item in files)
    return Managed(made.fields, {**made.extras, FILES: " ".join(sorted(paths))}, sealed)


def _state(held: Held, built: BuiltPackage, sent: Parcel) -> dict[str, str]:
    """A dataset that visitors do not see is as it should be once it is filled; one to be revealed, after that.

    So is one that keeps the files that it has.
    """
    tidy = {file.id for file in (*held.files, *held.gone)} == set(order(sent))
    stage = Stage.LIVE if tidy else Stage.SETTLING
    if built.level is AccessLevel.OPEN and (held.private or held.stage in {Stage.NEW, Stage.HIDDEN}):
        stage = Stage.NEW if held.stage is Stage.NEW else Stage.HIDDEN
    return {STAGE: stage.value, SEAL: dataset_seal(sent.managed.dataset)}


def _missing(held: Held, groups: Sequence[str]) -> list[Json]:
    """The groups that the dataset is to be added to; those of others may not be sent."""
    there = [as_text(as_object(item).get("name")) for item in as_list(held.told.get("groups"))]
    return [{"name": name} for name in groups if name not in there]


def _address(held: Held, key: str, path: str, site: str) -> Address:
    return Address(f"{site}/dataset/{held.name}/resource/{key}", site + file_path(held.key, key, path))


def _written(extras: Mapping[str, str]) -> list[JsonValue]:
    return _pairs({**extras, WRITTEN: datetime.now(UTC).isoformat()})


def _pairs(extras: Mapping[str, str]) -> list[JsonValue]:
    """Extras in the order of PostgreSQL's JSONB, in which CKAN 2.12 tells them where its index does not.

    In another they would now and then seem changed by others, and cost a write: a revision meets them by their indexes.
    """
    keys = sorted(extras, key=lambda key: (len(key.encode()), key))
    return [{"key": key, "value": extras[key]} for key in keys]
