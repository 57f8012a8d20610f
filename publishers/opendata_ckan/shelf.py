"""What stands on the portal, read: in bulk for a plan, one dataset for a step."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata_ckan.answers import DeniedError, MissingError, odd
from opendata_ckan.held import Held, held
from opendata_ckan.patience import patiently

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from opendata.model import Json, JsonValue
    from opendata_ckan.connection import Connection

PAGE = 1000
"""Rows of one search: CKAN gives no more (ckan.search.rows_max), and Solr takes no more names in one query."""
NAME = re.compile(r"[a-z0-9_-]{2,100}")
"""A name that a dataset, an organisation or a group of CKAN can have."""
RESERVED = frozenset({"new", "edit", "search"})
"""Names that CKAN gives to nothing: its own pages have them."""
OURS = "extras_opendata_id:[* TO *]"


def everything(connection: Connection, names: Sequence[str] = (), *, visitor: bool = False) -> Iterator[Held]:
    """All datasets that carry our id, and whatever else stands under `names`: one request for each 1000 of them.

    Raises:
        PortalError: the portal cannot be read, or answers oddly.
    """
    asked = sorted(set(_possible(names)))
    first, *more = [asked[at : at + PAGE] for at in range(0, max(len(asked), 1), PAGE)]
    yield from _found(connection, " OR ".join(filter(None, (OURS, _named(first)))), visitor=visitor)
    for chunk in more:
        yield from _found(connection, f"({_named(chunk)}) AND -{OURS}", visitor=visitor)


def named(connection: Connection, names: Sequence[str]) -> Iterator[Held]:
    """The datasets of these names, and no others, as the search index has them: one request for each 1000.

    Raises:
        PortalError: the portal cannot be read, or answers oddly.
    """
    asked = _possible(names)
    for at in range(0, len(asked), PAGE):
        found = _found(connection, _named(asked[at : at + PAGE]), visitor=False)
        yield from (item for item in found if item.name in asked)


def one(connection: Connection, name: str, *, visitor: bool = False) -> Held | None:
    """The dataset of that name or id, tried once; None where there is none, or none that the asker may see.

    Raises:
        PortalError: the portal cannot be read, or answers oddly.
    """
    try:
        return _one(connection, name, visitor=visitor)
    except DeniedError:
        return None


def ours(connection: Connection, key: str) -> Held | None:
    """A dataset that we may see, by its id; None only where the portal says that there is none.

    Raises:
        DeniedError: we may not see it any more.
        PortalError: the portal cannot be read, or answers oddly.
    """
    return _one(connection, key, visitor=False)


def _one(connection: Connection, name: str, *, visitor: bool) -> Held | None:
    try:
        found = held(connection.show("package_show", {"id": name}, visitor=visitor), f"{connection.address} {name}")
    except MissingError:
        return None
    return found if found.told.get("state", "active") == "active" else None


def _found(connection: Connection, query: str, *, visitor: bool) -> Iterator[Held]:
    seen: set[str] = set()
    start, count = 0, 1
    while start < count:
        rows, count = patiently(lambda at=start: _page(connection, query, at, visitor=visitor))  # type: ignore[misc]
        if not rows and start < count:
            raise odd(_("fewer datasets than it counts"), connection.address)
        start += len(rows)
        page = {found.key: found for row in rows if (found := held(row, connection.address)).key not in seen}
        if rows and not page:
            raise odd(_("the same datasets once more"), connection.address)
        seen.update(page)
        yield from page.values()


def _page(connection: Connection, query: str, start: int, *, visitor: bool) -> tuple[Sequence[JsonValue], int]:
    """The rows of a page, and how many there are on all pages together."""
    wanted: Json = {
        "fq": query,
        "rows": PAGE,
        "start": start,
        "sort": "name asc",
        "include_private": not visitor,
        "facet": False,
    }
    page = connection.show("package_search", wanted, visitor=visitor)
    rows, count = page.get("results"), page.get("count")
    if not isinstance(rows, list) or not isinstance(count, int) or isinstance(count, bool):
        raise odd(_("a search without results"), connection.address)
    return rows, count


def _possible(names: Iterable[str]) -> list[str]:
    """Those that CKAN can hold: a faulty package may have any name, and a quote in it would spoil the whole query."""
    return [name for name in names if NAME.fullmatch(name)]


def _named(names: Sequence[str]) -> str:
    quoted = " OR ".join(f'"{name}"' for name in names)
    return f"name:({quoted})" if names else ""
