"""A descriptor as one line of a listing, with all the texts that search looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model.json import as_list, as_object, as_text, as_texts
from opendata.model.portal import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model.access import AccessLevel
    from opendata.model.json import Json


def entry(descriptor: Json, name: str, level: AccessLevel) -> Entry:
    """The listing's line for a descriptor: titles of resources and fields too, in both languages.

    >>> from opendata.model.access import AccessLevel
    >>> line = entry({"title": "Lúa", "translations": {"en": {"title": "Paddy"}}}, "paddy", AccessLevel.OPEN)
    >>> line.title, line.titles
    ('Lúa', ('Paddy',))
    """
    return Entry(
        name=name,
        title=as_text(descriptor.get("title")) or name,
        level=level,
        sector=as_text(descriptor.get("sector")),
        version=as_text(descriptor.get("version")),
        description=as_text(descriptor.get("description")) or "",
        keywords=as_texts(descriptor.get("keywords")),
        titles=tuple(dict.fromkeys(_titles(descriptor))),
    )


def _titles(descriptor: Json) -> Iterator[str]:
    english = as_object(as_object(descriptor.get("translations")).get("en"))
    yield from _said(english.get("title"), english.get("description"))
    yield from as_texts(english.get("keywords"))
    for resource in map(as_object, as_list(descriptor.get("resources"))):
        yield from _own(resource)
        for field in map(as_object, as_list(as_object(resource.get("schema")).get("fields"))):
            yield from _own(field)


def _own(part: Json) -> Iterator[str]:
    english = as_object(as_object(part.get("translations")).get("en"))
    yield from _said(part.get("title"), part.get("name"), english.get("title"))


def _said(*values: object) -> Iterator[str]:
    yield from (value for value in values if isinstance(value, str) and value)
