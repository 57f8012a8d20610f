"""The managed part of a CKAN dataset in one form, whoever tells it: we, package_show or package_search.

Two datasets with the same digest are the same to us. Left out is what CKAN or a loader changes by itself (ids,
addresses, positions, dates, `hash`, the state of the DataStore), and what is an administrator's: groups,
organisation, visibility, extras and resources of others.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from opendata.model import as_list, as_object, as_text, canonical
from opendata.model.digest import canonical_digest
from opendata_ckan.answers import DEEPEST
from opendata_ckan.mapping import EXTRAS, FIELDS
from opendata_ckan.resources import FIELDS as FILE_FIELDS
from opendata_ckan.resources import PATH

if TYPE_CHECKING:
    from opendata.model import Json, JsonValue

SHORT = 12
"""Hex digits of a field's digest: it tells an edit, and need withstand nobody, who could write the seal as well."""
_SIZE = re.compile("[0-9]{1,18}")


def metadata_digest(dataset: Json) -> str:
    """The digest ("sha256:…") of the managed part of a dataset; any hand edit of it gives another.

    >>> theirs = {"title": "Lúa", "notes": None, "groups": [{"name": "a"}], "num_tags": 0}
    >>> metadata_digest({"title": "Lúa", "tags": []}) == metadata_digest(theirs)
    True
    """
    return canonical_digest(normal(dataset))


def normal(dataset: Json) -> Json:
    """The managed part of a dataset: fields, names of tags, our extras, our resources by their path.

    >>> normal({"title": "Lúa", "tags": [{"name": "lúa"}], "extras": [{"key": "theirs", "value": "1"}]})
    {'fields': {'title': 'Lúa'}, 'tags': ['lúa'], 'extras': [], 'resources': []}
    """
    ours = [_file(item) for item in map(as_object, as_list(dataset.get("resources"))) if as_text(item.get(PATH))]
    ours.sort(key=lambda item: (str(item.get(PATH)), canonical(item)))
    return {
        "fields": _told(dataset, FIELDS),
        "tags": sorted(_names(dataset)),
        "extras": _extras(dataset),
        "resources": ours,
    }


def dataset_seal(dataset: Json) -> str:
    """What is managed of a dataset itself, its files apart: the digest of each field, as JSON."""
    return canonical(field_digests(dataset)).decode()


def field_digests(dataset: Json) -> dict[str, str]:
    """A short digest of each managed field, of the tags, and of each extra of ours: of those that say something.

    >>> field_digests({"title": "Lúa", "notes": "", "extras": [{"key": "theirs", "value": "1"}]})
    {'title': '34cebeafa9dc'}
    """
    told: dict[str, JsonValue] = _told(dataset, FIELDS)
    told |= {"tags": sorted(_names(dataset))} if _names(dataset) else {}
    for pair in map(as_list, _extras(dataset)):
        told[str(pair[0])] = [*as_list(told.get(str(pair[0]))), pair[1]]
    return {key: hashlib.sha256(canonical(value)).hexdigest()[:SHORT] for key, value in told.items()}


def file_seal(resource: Json) -> str:
    """The digest of what is managed of one file: each carries its own, since a portal may lose a part of a write.

    >>> file_seal({"opendata_path": "a.csv", "hash": "theirs"}) == file_seal({"opendata_path": "a.csv"})
    True
    """
    return canonical_digest(_file(resource))


def _names(dataset: Json) -> list[str]:
    """Free tags only: one of a vocabulary is an administrator's."""
    items = [as_object(item) for item in as_list(dataset.get("tags"))]
    return [str(_steady(as_text(item.get("name")) or "")) for item in items if not item.get("vocabulary_id")]


def _extras(dataset: Json) -> list[JsonValue]:
    """Key and value of each extra of ours, those given twice too; empty ones are none."""
    items = [as_object(item) for item in as_list(dataset.get("extras"))]
    told = [(key, item.get("value")) for item in items if (key := as_text(item.get("key")) or "") in EXTRAS]
    pairs: list[JsonValue] = [[key, _steady(value)] for key, value in told if value not in (None, "")]
    return sorted(pairs, key=canonical)


def _file(resource: Json) -> Json:
    """A resource's managed fields; the format in capitals, since a portal has its own spelling of each."""
    told = _told(resource, FILE_FIELDS)
    form, size = as_text(told.get("format")), as_text(told.get("size"))
    told |= {"format": form.upper()} if form else {}
    return told | ({"size": int(size)} if size and _SIZE.fullmatch(size) else {})


def _told(item: Json, names: tuple[str, ...]) -> dict[str, JsonValue]:
    """The named values that say something. CKAN tells nothing as null, as an empty text or by silence."""
    return {name: _steady(item[name]) for name in names if item.get(name) not in (None, "")}


def _steady(value: JsonValue, depth: int = 0) -> JsonValue:
    """A value as it can be hashed, line ends as line feeds: a form of CKAN's that is saved unchanged alters them.

    What lies deeper than anything of ours is left out: anybody may have a portal tell it.
    """
    if depth > DEEPEST:
        return None
    if isinstance(value, str):
        return value.replace("\r\n", "\n").encode(errors="backslashreplace").decode()
    if isinstance(value, Mapping):
        return {str(_steady(key)): _steady(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_steady(item, depth + 1) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
