"""How a built package lies in a folder that is a portal: files under their digest, the descriptor beside.

NAME/datapackage.json, NAME/FOLDER_DIGEST/area.csv: the paths in the descriptor lead to the digest's folder,
so that a reader who goes by the descriptor never meets a mixture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model.json import as_list, as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from opendata.model.json import Json, JsonValue


def prefixed(descriptor: Json, prefix: str) -> Json:
    """A copy of a descriptor in which each path of a file, the alternates' too, stands under `prefix`.

    >>> prefixed({"resources": [{"path": "a.csv", "alternates": [{"path": "a.parquet"}]}]}, "0f/")
    {'resources': [{'path': '0f/a.csv', 'alternates': [{'path': '0f/a.parquet'}]}]}
    """
    return {**descriptor, "resources": [_moved(item, lambda path: prefix + path) for item in _resources(descriptor)]}


def plain(descriptor: Json) -> Json:
    """A copy of a descriptor in which each path of a file is its bare name: what `prefixed` undoes.

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
