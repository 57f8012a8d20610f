"""What the index shows of a dataset, taken from its descriptor: all of it, and nothing else."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from opendata.model import as_list, as_object, as_text, as_texts, fold
from opendata.model.terms import SECTORS
from opendata_site.speech import period, say, size, told, word
from opendata_site.texts import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from opendata.model import Json
    from opendata_site.speech import Said

FORMATS = {"csv": "CSV", "parquet": "Parquet", "json": "JSON", "xlsx": "Excel"}
SHOWN = 220
"""Letters of a description that the index shows."""


def listed(name: str, descriptor: Json) -> Json:
    """The part of a descriptor that the index is made of: while this stays, the index stays."""
    department = as_object(descriptor.get("department"))
    return {
        "name": name,
        "title": descriptor.get("title"),
        "description": descriptor.get("description"),
        "translations": descriptor.get("translations"),
        "sector": descriptor.get("sector"),
        "department": {"name": department.get("name"), "translations": department.get("translations")},
        "coverage": descriptor.get("coverage"),
        "formats": sorted(_formats(descriptor)),
        "bytes": sum(_sizes(descriptor)),
    }


def index_view(lines: Sequence[Json], language: str) -> Mapping[str, object]:
    """What the index's template is filled with: the datasets of each sector, by title."""
    sectors = {as_text(line.get("sector")) or "" for line in lines}
    order = [*(sector for sector in SECTORS if sector in sectors), *sorted(sectors - SECTORS.keys())]
    groups = [
        {
            "anchor": f"sector-{place}",
            "title": word(SECTORS, sector, language) or say(PAGE["no_sector"], language),
            "cards": _cards((line for line in lines if (as_text(line.get("sector")) or "") == sector), language),
        }
        for place, sector in enumerate(order, start=1)
    ]
    return {"groups": groups, "count": _count(len(lines), language)}


def _count(count: int, language: str) -> str:
    if not count:
        return say(PAGE["no_datasets"], language)
    return say(PAGE["one_dataset"], language) if count == 1 else say(PAGE["datasets"], language, count=count)


def _cards(lines: Iterable[Json], language: str) -> list[Mapping[str, object]]:
    cards = [_card(line, language) for line in lines]
    return sorted(cards, key=lambda card: (fold(str(card["title"])), str(card["name"])))


def _card(line: Json, language: str) -> Mapping[str, object]:
    coverage = as_object(line.get("coverage"))
    count = line.get("bytes")
    return {
        "name": line["name"],
        "title": told(line, "title", language) or line["name"],
        "description": _shortened(told(line, "description", language)),
        "department": told(as_object(line.get("department")), "name", language) or "",
        "period": period(as_text(coverage.get("start")), as_text(coverage.get("end")), language),
        "formats": as_texts(line.get("formats")),
        "size": size(count, language) if isinstance(count, int) else "",
    }


def _shortened(said: Said | None) -> Said | None:
    if said is None:
        return None
    first = " ".join(re.split(r"\n\s*\n", said.text.strip())[0].split())
    return replace(said, text=textwrap.shorten(first, SHOWN, placeholder=" …"))


def _parts(descriptor: Json) -> Iterator[Json]:
    for resource in map(as_object, as_list(descriptor.get("resources"))):
        yield resource
        yield from map(as_object, as_list(resource.get("alternates")))


def _formats(descriptor: Json) -> set[str]:
    return {form_of(part) for part in _parts(descriptor)} - {""}


def form_of(part: Json) -> str:
    """The name of a file's format as people say it.

    >>> form_of({"format": "csv"}), form_of({"path": "a.parquet"})
    ('CSV', 'Parquet')
    """
    path = as_text(part.get("path")) or ""
    form = as_text(part.get("format")) or path.rpartition(".")[2]
    return FORMATS.get(form.lower(), form.upper())


def _sizes(descriptor: Json) -> Iterator[int]:
    yield from (size for part in _parts(descriptor) if isinstance(size := part.get("bytes"), int))
