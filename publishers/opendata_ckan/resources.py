"""The files of a built package as CKAN's resources: the tables as CSV, as Parquet, then the datapackage.json."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.messages import LANGUAGES, N_, translate
from opendata.model import as_list, as_object, as_text
from opendata_ckan.licensing import licence_uri, rights
from opendata_ckan.texts import block, cut, holdable_value, line, link, said
from opendata_ckan.vocabulary import AVAILABLE, FORMATS, LOADED, MD5, SHA256

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from opendata.model import BuiltFile, BuiltPackage, Json, JsonValue

PATH = "opendata_path"
SUMMARY = "opendata_summary"
EDITION = "opendata_edition"
SEAL = "opendata_seal"

FIELDS = (
    "name",
    "description",
    "format",
    "mimetype",
    "size",
    "access_url",
    "download_url",
    "availability",
    "license",
    "rights",
    "conforms_to",
    PATH,
    "opendata_sha256",
    "opendata_schema",
    SUMMARY,
    EDITION,
)
"""The fields of a resource that are ours and that neither CKAN nor a loader changes.

Each is always sent, empty where nothing is said: a revise of CKAN's merges, and what is left out stays as it was.
`hash` and `hash_algorithm` are sent too, but a loader overwrites the one.
"""

_TEXT_MOST = 4_000  # bytes: a table's texts stand with its CSV and with its Parquet
_UNIT = N_("Unit")
_DESCRIPTOR = N_("Description for machines (Data Package)")
_SCHEMA = re.compile(r"[a-z0-9][a-z0-9/_-]{0,200}@[0-9]{1,9}(?:\.[0-9]{1,9}){0,2}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a file is on the portal: the page that shows it, and where its bytes are."""

    page: str
    download: str


@dataclass(frozen=True, slots=True)
class Terms:
    """What of the portal matters here. `loader`: it has xloader or datapusher, which load a CSV and hash it anew."""

    loader: bool = False


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that is sent beside the built ones: `path` its plain name, `sha256` 64 hex digits."""

    path: str
    bytes: int
    sha256: str
    mediatype: str


def resources(
    built: BuiltPackage, addresses: Mapping[str, Address], terms: Terms, sent: SentFile, summary: JsonValue
) -> tuple[Json, ...]:
    """The files as CKAN's resources: each table as CSV, then each as Parquet, then the datapackage.json."""
    tables = {as_text(item.get("name")): item for item in map(as_object, as_list(built.descriptor.get("resources")))}
    made = [
        {
            **_file(SentFile(file.path, file.bytes, file.sha256, file.mediatype), addresses[file.path], terms),
            **_table(file, tables.get(file.resource, {}), built.descriptor),
        }
        for file in ordered(built.files)
    ]
    return (*made, {**_file(sent, addresses[sent.path], terms), **_whole(built.descriptor, summary)})


def ordered(files: Iterable[BuiltFile]) -> list[BuiltFile]:
    """The files as they are sent: the tables as CSV, then as Parquet."""
    places = list(FORMATS)
    return sorted(files, key=lambda file: places.index(file.mediatype) if file.mediatype in places else len(places))


def _file(file: SentFile, address: Address, terms: Terms) -> Json:
    """What is true of any file.

    `mimetype` stays a plain one: CKAN sends it as Content-Type, so the IANA's URI, which DCAT would prefer, is no good.
    """
    loaded = terms.loader and file.mediatype in LOADED
    return {
        "format": _format(file.path, file.mediatype),
        "mimetype": file.mediatype,
        "size": file.bytes,
        "access_url": address.page,
        "download_url": address.download,
        "availability": AVAILABLE,
        PATH: file.path,
        "opendata_sha256": file.sha256,
        "hash_algorithm": MD5 if loaded else SHA256,
        **({} if loaded else {"hash": file.sha256}),
    }


def _format(path: str, mediatype: str) -> str:
    return FORMATS.get(mediatype) or path.rpartition(".")[2].upper()


def _table(file: BuiltFile, table: Json, package: Json) -> Json:
    title = line(said(table, "title", "vi")) or line(as_text(table.get("title"))) or file.resource
    schema = as_object(table.get("schema"))
    licensed = table if table.get("licenses") else package
    named = as_text(schema.get("conformsTo")) or ""
    return {
        "name": f"{title} ({_format(file.path, file.mediatype)})",
        "description": _description(table),
        "license": licence_uri(licensed),
        "rights": rights(licensed),
        "conforms_to": _listed(link(as_text(schema.get("$schema"))), link(named)),
        "opendata_schema": named if _SCHEMA.fullmatch(named) else "",
        SUMMARY: "",
    }


def _whole(package: Json, summary: JsonValue) -> Json:
    """What is true of the datapackage.json: it describes the whole, and carries the summary."""
    title, english = (translate(_DESCRIPTOR, code) for code in LANGUAGES)
    return {
        "name": f"{title} (JSON)",
        "description": english,
        "license": licence_uri(package),
        "rights": rights(package),
        "conforms_to": _listed(link(as_text(package.get("$schema")))),
        "opendata_schema": "",
        SUMMARY: holdable_value(summary),
    }


def _description(table: Json) -> str:
    r"""The table in Vietnamese and, below, in English: what it is, and the units of its fields.

    >>> field = {"name": "area", "title": "Diện tích", "unit": "ha", "translations": {"en": {"title": "Area"}}}
    >>> english = {"en": {"title": "Paddy"}}
    >>> _description({"description": "Lúa.", "translations": english, "schema": {"fields": [field]}})
    'Lúa.\n\nĐơn vị tính: Diện tích – ha.\n\nPaddy\n\nUnit: Area – ha.'
    """
    fields = [as_object(item) for item in as_list(as_object(table.get("schema")).get("fields"))]
    parts = [block(said(table, "description", "vi"), _TEXT_MOST), _units(fields, "vi")]
    english = [line(said(table, "title", "en")), block(said(table, "description", "en"), _TEXT_MOST)]
    if any(english):
        parts += [*english, _units(fields, "en")]
    return "\n\n".join(part for part in parts if part)


def _units(fields: list[Json], language: str) -> str:
    told = [
        (_own(field, "title", language) or as_text(field.get("name")), _own(field, "unit", language))
        for field in fields
    ]
    shown = "; ".join(f"{line(title)} – {line(unit)}" for title, unit in told if line(unit))
    return cut(f"{translate(_UNIT, language)}: {shown}.", _TEXT_MOST) if shown else ""


def _own(field: Json, key: str, language: str) -> str:
    """What is said in that language, else as it stands."""
    return said(field, key, language) or as_text(field.get(key)) or ""


def _listed(*values: str) -> str:
    told = [value for value in values if value]
    return json.dumps(told) if told else ""
