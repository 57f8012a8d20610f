"""What a dataset's page is filled with: its descriptor in words, its files, the beginning of each table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model import as_list, as_object, as_text, as_texts
from opendata.model.terms import FREQUENCIES, LEVELS, SECTORS
from opendata_site.fields_view import fields_view
from opendata_site.listing import form_of
from opendata_site.preview import preview
from opendata_site.speech import Said, day, link, mailto, number, period, say, size, told, word
from opendata_site.texts import PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model import BuiltFile, BuiltPackage, Json

View = dict[str, object]


def dataset_view(built: BuiltPackage, language: str) -> Mapping[str, object]:
    """All that the template shows of a built package.

    Raises:
        DiskError: a table cannot be read for its preview.
    """
    descriptor = built.descriptor
    title = told(descriptor, "title", language) or Said(built.name, "en", foreign=language != "en")
    return {
        "name": built.name,
        "title": title,
        "description": _paragraphs(told(descriptor, "description", language)),
        "facts": _facts(built, language),
        "keywords": _keywords(descriptor, language),
        "sources": [_named(item, language) for item in map(as_object, as_list(descriptor.get("sources")))],
        "licences": [_named(item, language) for item in map(as_object, as_list(descriptor.get("licenses")))],
        "level": word(LEVELS, built.level.value, language),
        "sector": word(SECTORS, as_text(descriptor.get("sector")), language),
        "department": _department(descriptor, language),
        "citation": _citation(built, title, language),
        "withheld": _withheld(descriptor, language),
        "downloads": _downloads(built, language),
        "tables": [_table(built, item, language) for item in map(as_object, as_list(descriptor.get("resources")))],
    }


def _paragraphs(said: Said | None) -> list[Said]:
    if said is None:
        return []
    texts = (text.strip() for text in said.text.replace("\r\n", "\n").split("\n\n"))
    return [Said(text, said.language, said.foreign) for text in texts if text]


def _facts(built: BuiltPackage, language: str) -> list[tuple[str, str]]:
    """Short facts, each with its name; those that are not stated are left out."""
    descriptor = built.descriptor
    coverage, update = as_object(descriptor.get("coverage")), as_object(descriptor.get("update"))
    facts = {
        "period": period(as_text(coverage.get("start")), as_text(coverage.get("end")), language),
        "area": _area(as_texts(coverage.get("units")), language),
        "frequency": _frequency(update, language),
        "version": built.version or "",
        "id": built.id,
    }
    return [(say(PAGE[key], language), text) for key, text in facts.items() if text]


def _area(units: tuple[str, ...], language: str) -> str:
    if not units:
        return ""
    if "VN" in units:
        return say(PAGE["country"], language)
    return say(PAGE["area_codes"], language, codes=", ".join(units))


def _frequency(update: Json, language: str) -> str:
    often, due = word(FREQUENCIES, as_text(update.get("frequency")), language), as_text(update.get("due"))
    next_by = say(PAGE["due"], language, date=day(due, language)) if due else ""
    return "; ".join(part for part in (often, next_by) if part)


def _keywords(descriptor: Json, language: str) -> list[Said]:
    english = as_texts(as_object(as_object(descriptor.get("translations")).get("en")).get("keywords"))
    if language == "en" and english:
        return [Said(text, "en", foreign=False) for text in english]
    return [Said(text, "vi", foreign=language != "vi") for text in as_texts(descriptor.get("keywords"))]


def _named(item: Json, language: str) -> View:
    """A source or licence: its title, and its address where it may be followed."""
    address = link(as_text(item.get("path")))
    title = told(item, "title", language)
    name = as_text(item.get("name")) or as_text(item.get("path")) or "–"
    return {"title": title or name, "link": address}


def _department(descriptor: Json, language: str) -> View:
    department = as_object(descriptor.get("department"))
    contact = as_object(department.get("contact"))
    email = as_text(contact.get("email"))
    return {
        "name": told(department, "name", language) or "",
        "code": as_text(department.get("code")) or "",
        "agency": department.get("agency") is not False,
        "contact": told(contact, "name", language) or "",
        "email": email or "",
        "mailto": mailto(email),
        "phone": as_text(contact.get("phone")) or "",
    }


def _citation(built: BuiltPackage, title: Said, language: str) -> str:
    author = told(as_object(built.descriptor.get("department")), "name", language) or "–"
    key = "cite_as" if built.version else "cite_plain"
    return say(PAGE[key], language, author=author, title=title.text, version=built.version, id=built.id)


def _withheld(descriptor: Json, language: str) -> str:
    count = descriptor.get("withheldFields")
    if not isinstance(count, int) or count < 1:
        return ""
    return say(PAGE["one_withheld"], language) if count == 1 else say(PAGE["withheld"], language, count=count)


def _downloads(built: BuiltPackage, language: str) -> list[View]:
    resources = {as_text(item.get("name")): item for item in map(as_object, as_list(built.descriptor.get("resources")))}
    return [_download(file, resources.get(file.resource, {}), language) for file in built.files]


def _download(file: BuiltFile, resource: Json, language: str) -> View:
    return {
        "path": file.path,
        "title": told(resource, "title", language) or file.resource,
        "format": form_of({"path": file.path}),
        "size": size(file.bytes, language),
        "sha256": file.sha256,
    }


def _table(built: BuiltPackage, resource: Json, language: str) -> View:
    name = as_text(resource.get("name")) or ""
    rows = resource.get("rows")
    path = as_text(resource.get("path"))
    source = next((file.source for file in built.files if file.path == path), None)
    fields = fields_view(resource, language)
    return {
        "name": name,
        "title": told(resource, "title", language) or name,
        "paragraphs": _paragraphs(told(resource, "description", language)),
        "fields": fields,
        "units": any(field["unit"] for field in fields),
        "described": any(field["description"] for field in fields),
        "rows": number(str(rows), language) if isinstance(rows, int) else "",
        "preview": preview(source, resource, language) if source else None,
    }
