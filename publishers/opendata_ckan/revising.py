"""One call of package_revise that changes a dataset in place, so that nothing of what the portal told is sent back.

CKAN merges lists by index. What is matched first holds each index to the item that stood there when the dataset was
read; what is ours is then left out, changed or added, and what is others' is not touched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from opendata.model import as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from opendata.model import Json, JsonValue
    from opendata_ckan.connection import Upload
    from opendata_ckan.held import Held

LISTS = {"resources": "id", "extras": "key", "tags": "name"}
"""The lists that are changed by index, and what an item of each is known by."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One call of package_revise. `added` are new items, by list; `uploads` are by the field that carries each."""

    match: Json
    filter: Sequence[str]
    update: Json
    added: Mapping[str, Sequence[JsonValue]] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def data(self) -> Json:
        """The arguments. What is added is JSON in a text: CKAN 2.11 takes a list there for fields of its own."""
        added = {f"update__{name}__extend": _json(list(items)) for name, items in self.added.items() if items}
        return {"match": self.match, "filter": list(self.filter), "update": self.update, **added}

    def fields(self) -> dict[str, str]:
        """The arguments as fields of a form, each holding JSON."""
        return {key: value if isinstance(value, str) else _json(value) for key, value in self.data().items()}


def revision(
    held: Held,
    *,
    filters: Sequence[str],
    update: Json,
    added: Mapping[str, Sequence[JsonValue]],
    uploads: Mapping[str, Upload] | None = None,
) -> Revision:
    """What changes a dataset as it was read: only where nothing was written since, and an index means what it did.

    A list that the portal does not tell at all can be neither matched nor added to: it is set.
    """
    told = {name for name in (*LISTS, *added) if isinstance(held.told.get(name), list)}
    untold = {name: list(items) for name, items in added.items() if name not in told and items}
    match: Json = {
        "id": held.key,
        "metadata_modified": held.modified,
        **{name: [_known(item, key) for item in _items(held, name)] for name, key in LISTS.items() if name in told},
    }
    new = {name: items for name, items in added.items() if name in told}
    return Revision(match, filters, {**update, **untold}, new, uploads or {})


def without(held: Held, name: str, goes: Callable[[Json], bool]) -> list[str]:
    """The filters that leave items out of a list.

    >>> from opendata_ckan.held import held
    >>> tags = [{"name": "ưu tiên", "vocabulary_id": "v1"}, {"name": "lúa"}]
    >>> told = {"id": "d1", "name": "a", "metadata_modified": "-", "private": True, "tags": tags}
    >>> without(held(told, ""), "tags", lambda tag: not tag.get("vocabulary_id"))
    ['-tags__1']
    """
    return [f"-{name}__{index}" for index, item in enumerate(_items(held, name)) if goes(item)]


def in_place(held: Held, changes: Mapping[str, Json]) -> list[JsonValue]:
    """The resources by their index, each with what of it is to be another (by id); nothing where nothing is."""
    return [changes.get(as_text(item.get("id")) or "", {}) for item in _items(held, "resources")]


def emptied(held: Held, keys: Iterable[str]) -> list[str]:
    """The filters that take all fields but its id from each of these resources (by id)."""
    places = [index for index, key in enumerate(_ids(held)) if key in set(keys)]
    return [part for index in places for part in (f"+resources__{index}__id", f"-resources__{index}__*")]


def unstructured(held: Held, changes: Mapping[str, Json]) -> list[str]:
    """The filters that take from resources (by id) what is no plain value and is to be another.

    Objects and lists would be merged with what is to take their place.
    """
    return [
        f"-resources__{index}__{name}"
        for index, item in enumerate(_items(held, "resources"))
        for name in changes.get(as_text(item.get("id")) or "", {})
        if isinstance(item.get(name), Mapping | list)
    ]


def upload_field(held: Held, key: str) -> str:
    """The field of the form that carries the bytes of a resource: by its index, or by its id where it is new."""
    ids = _ids(held)
    return f"update__resources__{ids.index(key) if key in ids else key}__upload"


def _ids(held: Held) -> list[str]:
    return [as_text(item.get("id")) or "" for item in _items(held, "resources")]


def _known(item: Json, key: str) -> Json:
    name = as_text(item.get(key))
    return {key: name} if name else {}


def _items(held: Held, name: str) -> list[Json]:
    return [as_object(item) for item in as_list(held.told.get(name))]


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)
