"""`opendata show`: one dataset, as an officer or a visitor wants to know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from opendata import api
from opendata.cli import status
from opendata.cli.options import common, from_option
from opendata.cli.output import columns, document, line, size
from opendata.messages import _, language
from opendata.model import as_list, as_object, as_text, as_texts
from opendata.model.terms import LEVELS, SECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model import Json, PortalDataset


@click.command("show", help=_("Show one dataset: description, fields, licence, files."))
@click.argument("name")
@from_option
@common
def command(name: str, target: str, *, machine: bool) -> int:
    """Show it."""
    found = api.show(target, name)
    if machine:
        document(_to_json(found))
    else:
        _show(found)
    return status.DONE


def _show(found: PortalDataset) -> None:
    descriptor = found.descriptor or {}
    line(_in_language(descriptor, "title") or found.name)
    line()
    for text in (_in_language(descriptor, "description") or "").splitlines():
        line(text)
    line()
    for row in columns([[label, value] for label, value in _facts(found, descriptor) if value]):
        line(row)
    for resource in map(as_object, as_list(descriptor.get("resources"))):
        _show_fields(resource)
    _show_files(found)


def _facts(found: PortalDataset, descriptor: Json) -> list[tuple[str, str]]:
    department = as_object(descriptor.get("department"))
    contact = as_object(department.get("contact"))
    coverage = as_object(descriptor.get("coverage"))
    licences = [as_object(item) for item in as_list(descriptor.get("licenses"))]
    reached = (_in_language(contact, "name"), as_text(contact.get("email")), as_text(contact.get("phone")))
    return [
        (_("name"), found.name),
        (_("level"), _word(LEVELS, found.level.value)),
        (_("version"), found.version or ""),
        (_("licence"), ", ".join(_in_language(item, "title") or as_text(item.get("name")) or "" for item in licences)),
        (_("department"), _in_language(department, "name") or ""),
        (_("contact"), ", ".join(filter(None, reached))),
        (_("sector"), _word(SECTORS, as_text(descriptor.get("sector")) or "")),
        (_("period"), " – ".join(filter(None, (as_text(coverage.get("start")), as_text(coverage.get("end")))))),
        (_("keywords"), ", ".join(_keywords(descriptor))),
        (_("digest"), found.digest or ""),
    ]


def _word(table: Mapping[str, str], code: str) -> str:
    """A code of a closed list in words, with the code that commands and files take; any other code as it is."""
    return f"{_(table[code])} ({code})" if code in table else code


def _keywords(descriptor: Json) -> tuple[str, ...]:
    there = as_object(as_object(descriptor.get("translations")).get(language()))
    return as_texts(there.get("keywords")) or as_texts(descriptor.get("keywords"))


def _show_fields(resource: Json) -> None:
    fields = [as_object(item) for item in as_list(as_object(resource.get("schema")).get("fields"))]
    line()
    line(_("Table {name}").format(name=as_text(resource.get("name")) or ""))
    for row in columns([_field(field) for field in fields]) if fields else ():
        line(f"  {row}")


def _field(field: Json) -> list[str]:
    told = (as_text(field.get(key)) or "" for key in ("name", "type"))
    return [*told, *(_in_language(field, key) or "" for key in ("unit", "title"))]


def _show_files(found: PortalDataset) -> None:
    line()
    if not found.files:
        line(_("It has no open edition, so no files."))
        return
    line(_("Files"))
    for row in columns([[file.path, size(file.bytes), file.sha256 or ""] for file in found.files], right=[1]):
        line(f"  {row}")


def _in_language(part: Json, key: str) -> str | None:
    """A text in the language in force, else as it stands."""
    there = as_object(as_object(part.get("translations")).get(language()))
    return as_text(there.get(key)) or as_text(part.get(key))


def _to_json(found: PortalDataset) -> Json:
    return {
        "name": found.name,
        "id": found.id,
        "version": found.version,
        "level": found.level.value,
        "digest": found.digest,
        "files": [{"path": file.path, "bytes": file.bytes, "sha256": file.sha256} for file in found.files],
        "descriptor": found.descriptor,
    }
