"""How a built package lies in a folder that is a portal: files under their digest, the descriptor beside.

NAME/datapackage.json, NAME/FOLDER_DIGEST/area.csv: the paths in the descriptor lead to the digest's folder,
so that a reader who goes by the descriptor never meets a mixture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from opendata.model.json import as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from opendata.model.json import Json, JsonValue


DESCRIPTOR = "datapackage.json"
"""The name of every package's descriptor, and of every published dataset's."""

_FOLDER = re.compile(r"[0-9a-f]{32}")


class Part(NamedTuple):
    """A file that a descriptor names: the table it holds, and what is told of it (path, bytes, hash, format)."""

    resource: str
    told: Json

    @property
    def path(self) -> str:
        """Its path as the descriptor has it; empty where it has none."""
        return as_text(self.told.get("path")) or ""


def parts(descriptor: Json) -> Iterator[Part]:
    """All files that a descriptor names: each table's own, then its alternates.

    >>> told = {"resources": [{"name": "area", "path": "a.csv", "alternates": [{"path": "a.parquet"}]}]}
    >>> [(part.resource, part.path) for part in parts(told)]
    [('area', 'a.csv'), ('area', 'a.parquet')]
    """
    for resource in _resources(descriptor):
        name = as_text(resource.get("name")) or ""
        yield Part(name, resource)
        yield from (Part(name, as_object(item)) for item in as_list(resource.get("alternates")))


def is_folder_digest(name: str) -> bool:
    """True where a folder of that name holds the files of one edition: 32 hexadecimal digits."""
    return _FOLDER.fullmatch(name) is not None


def folder_of(descriptor: Json) -> str:
    """The one digest folder that the paths of all tables lead into; empty where they do not.

    >>> folder_of({"resources": [{"path": "0123456789abcdef0123456789abcdef/a.csv"}]})
    '0123456789abcdef0123456789abcdef'
    >>> folder_of({"resources": [{"path": "a.csv"}]})
    ''
    """
    heads = {(as_text(item.get("path")) or "").rpartition("/")[0] for item in _resources(descriptor)}
    head = heads.pop() if len(heads) == 1 else ""
    return head if is_folder_digest(head) else ""


def superseded(names: Iterable[str], kept: Collection[str]) -> tuple[str, ...]:
    """The folders of editions, among `names`, that none of `kept` is: those that may be pruned."""
    return tuple(name for name in names if is_folder_digest(name) and name not in kept)


def prefixed(descriptor: Json, prefix: str) -> Json:
    """A copy of a descriptor in which each path of a file, the alternates' too, stands under `prefix`.

    >>> prefixed({"resources": [{"path": "a.csv", "alternates": [{"path": "a.parquet"}]}]}, "0f/")
    {'resources': [{'path': '0f/a.csv', 'alternates': [{'path': '0f/a.parquet'}]}]}
    """
    return {**descriptor, "resources": [_moved(item, lambda path: prefix + path) for item in _resources(descriptor)]}


def addressed(descriptor: Json, addresses: Mapping[str, str]) -> Json:
    """A copy of a descriptor in which each path of a file is the address that the file has on a portal.

    >>> addressed({"resources": [{"path": "a.csv"}]}, {"a.csv": "https://data.example.vn/r1/a.csv"})
    {'resources': [{'path': 'https://data.example.vn/r1/a.csv'}]}
    """
    resources = [_moved(item, lambda path: addresses.get(path, path)) for item in _resources(descriptor)]
    return {**descriptor, "resources": resources}


def plain(descriptor: Json) -> Json:
    """A copy of a descriptor in which each path of a file is its bare name: it undoes `prefixed` and `addressed`.

    >>> plain({"resources": [{"path": "0f/a.csv"}]})
    {'resources': [{'path': 'a.csv'}]}
    """
    resources = [_moved(item, lambda path: path.rpartition("/")[2]) for item in _resources(descriptor)]
    return {**descriptor, "resources": resources}


def _resources(descriptor: Json) -> list[Json]:
    return [as_object(item) for item in as_list(descriptor.get("resources"))]


def _moved(part: Json, move: Callable[[str], str]) -> Json:
    moved: dict[str, JsonValue] = dict(part)
    path = as_text(part.get("path"))
    if path is not None:
        moved["path"] = move(path)
    if "alternates" in part:
        moved["alternates"] = [_moved(as_object(item), move) for item in as_list(part["alternates"])]
    return moved
