"""Asking for a dataset as an anonymous visitor does, in each way that a portal offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model import AccessLevel, Probe, as_list, as_texts
from opendata_ckan.answers import DeniedError, MissingError, NoActionError
from opendata_ckan.held import file_path, free_tags

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Json
    from opendata_ckan.connection import Connection
    from opendata_ckan.held import Held


def probe(connection: Connection, name: str, found: Held | None) -> Probe:
    """Which ways show the dataset, and which refuse. `found` is the dataset as its owner sees it, with its ids.

    Raises:
        PortalError: nobody can tell from an answer.
    """
    seen: list[str] = []
    refused: list[str] = []
    for where, shown in _ways(connection, name, found):
        (seen if shown else refused).append(where)
    return Probe(name, tuple(seen), tuple(refused))


def _ways(connection: Connection, name: str, found: Held | None) -> Iterator[tuple[str, bool]]:
    keys = [name, *([found.key] if found else [])]
    for key in keys:
        yield f"package_show {key}", _action(connection, "package_show", {"id": key})
        yield f"/dataset/{key}", connection.knock(f"/dataset/{key}")
        yield f"/dataset/{key}.jsonld", connection.knock(f"/dataset/{key}.jsonld")
        yield f"package_activity_list {key}", _action(connection, "package_activity_list", {"id": key})
    yield f"package_search {name}", _searched(connection, name)
    yield from _keywords(connection, found) if found and found.level is not AccessLevel.OPEN else ()
    for key, path in _resources(found) if found else ():
        yield from _ways_of_file(connection, found.key if found else "", key, path)


def _keywords(connection: Connection, found: Held) -> Iterator[tuple[str, bool]]:
    """Whether the portal's list of tags has those of the dataset that no public dataset has.

    That list alone is asked: the other actions go on telling each tag that any dataset ever had.
    """
    words = free_tags(found)
    listed = frozenset(_tags(connection)) if words else frozenset()
    for word in words:
        yield f"tag_list {word}", word in listed and not _public(connection, word)


def _tags(connection: Connection) -> tuple[str, ...]:
    try:
        told = connection.call("tag_list", {}, visitor=True)
    except (DeniedError, MissingError, NoActionError):
        return ()
    return as_texts(told)


def _public(connection: Connection, tag: str) -> bool:
    """True where a visitor finds a dataset with that tag."""
    if '"' in tag or "\\" in tag:
        return False  # no tag of CKAN's own, and it would spoil the query
    told = connection.show("package_search", {"fq": f'tags:"{tag}"', "rows": 0}, visitor=True)
    return bool(told.get("count"))


def _ways_of_file(connection: Connection, dataset: str, key: str, name: str) -> Iterator[tuple[str, bool]]:
    yield f"resource_show {key}", _action(connection, "resource_show", {"id": key})
    address = file_path(dataset, key, name)
    yield address, connection.knock(address)
    page = f"/dataset/{dataset}/resource/{key}"
    yield page, connection.knock(page)
    yield f"datastore_search {key}", _action(connection, "datastore_search", {"resource_id": key, "limit": 1})
    yield f"/datastore/dump/{key}", connection.knock(f"/datastore/dump/{key}")


def _resources(found: Held) -> list[tuple[str, str]]:
    """All resources that it has, and those that it had: their id, and the name of their file."""
    held = [(item.id, item.address.rpartition("/")[2]) for item in (*found.files, *found.gone, *found.foreign)]
    return held + [(key, "file") for key in found.removed]


def _action(connection: Connection, action: str, data: Json) -> bool:
    try:
        connection.call(action, data, visitor=True)
    except (DeniedError, MissingError, NoActionError):
        return False
    return True


def _searched(connection: Connection, name: str) -> bool:
    found = connection.show("package_search", {"fq": f'name:"{name}"', "rows": 1}, visitor=True)
    return bool(as_list(found.get("results")) or found.get("count"))
