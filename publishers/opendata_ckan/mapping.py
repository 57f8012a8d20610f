"""A built package as what CKAN is sent: its own fields, extras that CKAN's DCAT extension understands, and files.

Pure: no clock, no network, no disk. What CKAN would refuse or change is brought into its final form here, so that
what comes back can be compared with what was sent. What CKAN has no room for stands whole in the datapackage.json
that is sent along as a file: a description over 32,000 bytes, or a title over 1,000, is cut and ends with "…"; a
keyword of one character, an address that cannot be followed and a date that is none are left out.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.errors import DataError
from opendata.messages import LANGUAGES, _
from opendata.model import AccessLevel, as_list, as_object, as_text, as_texts, canonical
from opendata_ckan.licensing import licence_id
from opendata_ckan.resources import Address, SentFile, Terms, resources
from opendata_ckan.texts import MOST, VERSION_MOST, block, date, email, line, link, said, tags
from opendata_ckan.vocabulary import ACCESS_RIGHTS, COUNTRIES, FREQUENCIES, THEMES
from opendata_ckan.vocabulary import LANGUAGES as TONGUES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model import BuiltPackage, Json, JsonValue

__all__ = ["EXTRAS", "FIELDS", "Address", "Managed", "SentFile", "Terms", "managed"]

FIELDS = ("title", "notes", "license_id", "version", "url", "author", "maintainer", "maintainer_email")
"""The fields of a dataset that are ours, beside its tags. Each is always sent, empty where nothing is said."""

EXTRAS = frozenset(
    {
        "title_en",
        "keywords",
        "keywords_en",
        "sector",
        "identifier",
        "language",
        "theme",
        "frequency",
        "access_rights",
        "conforms_to",
        "provenance",
        "issued",
        "temporal_start",
        "temporal_end",
        "spatial_uri",
        "spatial_text",
        "publisher_name",
        "publisher_name_en",
        "publisher_identifier",
        "contact_name",
        "contact_email",
        "contact_phone",
        "opendata_id",
        "opendata_version",
        "opendata_digest",
        "opendata_level",
        "opendata_files",
    }
)
"""The extras that are ours. One is sent only where it says something: CKAN keeps no empty extra."""

RULE = "\n\n---\n\n"
WHOLE_MOST = 450_000
"""Bytes of UTF-8 of the whole metadata: CKAN refuses a form field over 500 kB."""


@dataclass(frozen=True, slots=True)
class Managed:
    """All of a dataset that we manage. `fields` has CKAN's own fields and `tags`; `resources` its files in order."""

    fields: Json
    extras: Mapping[str, str]
    resources: tuple[Json, ...]

    @property
    def dataset(self) -> Json:
        """The three together, in the form of CKAN's own dataset."""
        extras = [{"key": key, "value": self.extras[key]} for key in sorted(self.extras)]
        return {**self.fields, "extras": extras, "resources": list(self.resources)}


def managed(
    built: BuiltPackage, addresses: Mapping[str, Address], terms: Terms, sent: SentFile, summary: JsonValue
) -> Managed:
    """What a built package is on CKAN.

    `addresses` has the page and download of each file by its path, those of `sent`, the datapackage.json, too.
    `summary` is kept with that file as it is.

    Raises:
        DataError: the metadata is larger than CKAN takes.
    """
    files = resources(built, addresses, terms, sent, summary)
    made = Managed(_fields(built), _extras(built), files)
    size = len(canonical(made.dataset))
    if size > WHOLE_MOST:
        what = _("The description of {name} is too large for CKAN: {size} bytes, at most {most}.")
        remedy = _("Shorten the descriptions, or divide the package.")
        raise DataError(what.format(name=built.name, size=size, most=WHOLE_MOST), built.name, remedy)
    return made


def _fields(built: BuiltPackage) -> Json:
    descriptor = built.descriptor
    department = as_object(descriptor.get("department"))
    name, address = _contact(department)
    return {
        "title": line(said(descriptor, "title", "vi")) or line(as_text(descriptor.get("title"))) or built.name,
        "notes": _notes(descriptor),
        "license_id": licence_id(descriptor),
        "version": line(built.version, VERSION_MOST),
        "url": link(as_text(descriptor.get("homepage"))),
        "author": line(_named(department)),
        "maintainer": name,
        "maintainer_email": address,
        "tags": [{"name": tag} for tag in tags(_keywords(descriptor))] if built.level is AccessLevel.OPEN else [],
    }


def _notes(descriptor: Json) -> str:
    r"""The Vietnamese description; below a rule the English title and description.

    >>> _notes({"description": "Lúa.", "translations": {"en": {"title": "Paddy", "description": "Paddy."}}})
    'Lúa.\n\n---\n\n### Paddy\n\nPaddy.'
    """
    vietnamese = block(said(descriptor, "description", "vi"))
    title, english = line(said(descriptor, "title", "en")), block(said(descriptor, "description", "en"))
    below = "\n\n".join(text for text in (f"### {title}" if title else "", english) if text)
    return RULE.join(text for text in (vietnamese, below) if text)


def _extras(built: BuiltPackage) -> Mapping[str, str]:
    descriptor = built.descriptor
    update, sector = as_object(descriptor.get("update")), as_text(descriptor.get("sector")) or ""
    made = {
        "title_en": line(said(descriptor, "title", "en")),
        "keywords": "" if built.level is AccessLevel.OPEN else line(", ".join(_keywords(descriptor)), MOST),
        "keywords_en": line(", ".join(_english_keywords(descriptor)), MOST),
        "sector": line(sector),
        "identifier": built.id,
        "language": _listed(_languages(descriptor)),
        "theme": _listed(THEMES.get(sector, ())),
        "frequency": FREQUENCIES.get(as_text(update.get("frequency")) or "", ""),
        "access_rights": ACCESS_RIGHTS.get(built.level.value, ""),
        "conforms_to": _listed([link(as_text(descriptor.get("$schema")))]),
        "provenance": _provenance(descriptor),
        "issued": date(as_text(descriptor.get("created"))),
        "opendata_id": built.id,
        "opendata_version": line(built.version, VERSION_MOST),
        "opendata_digest": built.digest,
        "opendata_level": built.level.value,
        **_coverage(as_object(descriptor.get("coverage"))),
        **_people(as_object(descriptor.get("department"))),
    }
    return {key: value for key, value in sorted(made.items()) if value}


def _coverage(coverage: Json) -> Mapping[str, str]:
    """Period and units; the units as their codes, the whole country by its URI too."""
    units = as_texts(coverage.get("units"))
    return {
        "temporal_start": date(as_text(coverage.get("start"))),
        "temporal_end": date(as_text(coverage.get("end"))),
        "spatial_text": line(", ".join(units), MOST),
        "spatial_uri": COUNTRIES.get(units[0], "") if len(units) == 1 else "",
    }


def _people(department: Json) -> Mapping[str, str]:
    """Publisher and contact, as DCAT's extension reads them where no schema is configured."""
    name, address = _contact(department)
    english = line(said(department, "name", "en"))
    return {
        "publisher_name": line(_named(department)),
        "publisher_name_en": english if english != line(_named(department)) else "",
        "publisher_identifier": line(as_text(department.get("code"))),
        "contact_name": name,
        "contact_email": address,
        "contact_phone": line(as_text(as_object(department.get("contact")).get("phone"))),
    }


def _contact(department: Json) -> tuple[str, str]:
    """Name and e-mail of the contact. The name is the department's where it has none of its own.

    What is no e-mail address that CKAN takes stands beside the name.

    >>> _contact({"name": "Sở Y tế", "contact": {"email": "so.yt@tinh"}})
    ('Sở Y tế (so.yt@tinh)', '')
    """
    contact = as_object(department.get("contact"))
    name = line(_named(contact)) or line(_named(department))
    told = as_text(contact.get("email"))
    address = email(told)
    beside = "" if address else line(told)
    return (line(f"{name} ({beside})" if name and beside else name or beside), address)


def _named(item: Json) -> str:
    return said(item, "name", "vi") or as_text(item.get("name")) or ""


def _keywords(descriptor: Json) -> tuple[str, ...]:
    """The keywords: tags of an open edition, an extra of any other, since CKAN tells all tags to anybody."""
    return as_texts(descriptor.get("keywords"))


def _english_keywords(descriptor: Json) -> tuple[str, ...]:
    return as_texts(as_object(as_object(descriptor.get("translations")).get("en")).get("keywords"))


def _languages(descriptor: Json) -> list[str]:
    """Vietnamese, and English where the package says anything in it."""
    english = any(said(descriptor, key, "en").strip() for key in ("title", "description"))
    return [TONGUES[code] for code in LANGUAGES if code == "vi" or english]


def _provenance(descriptor: Json) -> str:
    """The sources with their addresses, the title in Vietnamese where there is one."""
    told = [_source(as_object(item)) for item in as_list(descriptor.get("sources"))]
    return line("; ".join(text for text in told if text), MOST)


def _source(item: Json) -> str:
    title = line(said(item, "title", "vi") or as_text(item.get("title")))
    return " – ".join(text for text in (title, link(as_text(item.get("path")))) if text)


def _listed(values: list[str] | tuple[str, ...]) -> str:
    """A list as DCAT's extension reads it from an extra: JSON; nothing where it is empty."""
    told = [value for value in values if value]
    return json.dumps(told) if told else ""
