"""A proposal and its answers written as a package: the file as it came, the tidy table, the descriptor."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata import files
from opendata.drafting.choices import LICENCES
from opendata.drafting.keys import key_of
from opendata.drafting.typed import told_as
from opendata.errors import CheckError, ConflictError, UsageError
from opendata.messages import _
from opendata.model import AccessLevel, Report, dump
from opendata.model.layout import DESCRIPTOR
from opendata.model.naming import is_dataset_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.drafting.answers import Answers
    from opendata.drafting.proposal import Proposal
    from opendata.model import Json, JsonValue, Reference, Table

PROFILE = "urn:opendata-vn:profile:1.0"
STANDARD = "https://datapackage.org/profiles/2.0/"


@dataclass(frozen=True, slots=True)
class Draft:
    """A package just made. `notes` say what was guessed, and what was not understood."""

    name: str
    folder: Path
    rows: int
    level: AccessLevel
    notes: tuple[str, ...]


def write(proposal: Proposal, answers: Answers, parent: Path) -> Draft:
    """Make the package's folder in `parent`, whole or not at all.

    Raises:
        UsageError: an access level is lowered without reviewer and reason, or the package's name cannot be one.
        ConflictError: something is there already.
        CheckError: the table is not clean; its report says where.
        DiskError: it cannot be written.
    """
    level, folder = _level(answers), parent / _named(proposal.name)
    if folder.exists():
        remedy = _("For next month's file run: opendata update {folder} FILE. For another package give --name NAME.")
        raise ConflictError(_("There is something already."), str(folder), remedy.format(folder=folder))
    with files.workspace(parent) as made:
        inside = f"source/{proposal.file.name}"
        files.copy(proposal.file, made / inside)
        key = key_of(answers.key, proposal.columns, proposal.primary_key)
        named = replace(proposal, origin=replace(proposal.origin, path=inside), primary_key=key)
        with told_as(str(proposal.file), inside):
            remedy = _("The key may be wrong as well: name the columns that tell one row from another with --key.")
            rows = tidied(named.table(made), made / "data" / f"{proposal.name}.csv", key_remedy=remedy)
        files.write(made / DESCRIPTOR, dump(_descriptor(named, answers, made)))
        with told_as(str(folder / DESCRIPTOR), str(made / DESCRIPTOR)):
            _prove(made)
        files.switch(made, folder)
    return Draft(proposal.name, folder, rows, level, proposal.notes)


def tidied(table: Table, path: Path, references: Sequence[Reference] = (), *, key_remedy: str = "") -> int:
    """Check a table and write it as a tidy CSV at `path`; the number of its rows.

    `key_remedy` is said as well where rows share a key: perhaps the key is wrong, not the rows.

    Raises:
        CheckError: something was found; nothing is written.
    """
    from opendata.package.csv_sink import CsvSink
    from opendata.schema import check, with_rows

    with files.disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    sink = CsvSink(path, [field.name for field in table.schema.fields])
    found = with_rows(check(table, references, [sink]))
    if isinstance(found, Report):
        sink.abort()
        what = _("The table is not clean. Findings: {count}").format(count=len(found.findings))
        remedy = _("Mend the file, then run the command again.")
        if any(finding.code.startswith("primary-key") for finding in found.findings):
            remedy = f"{remedy} {key_remedy}".rstrip()
        raise CheckError(what, table.place.path or table.name, remedy, found)
    sink.seal()
    return found.rows


def _named(name: str) -> str:
    if not is_dataset_name(name):
        remedy = _("Use 2 to 90 small letters without marks, digits and single dashes, such as dien-tich-lua.")
        raise UsageError(_("This cannot be a package's name: {name}").format(name=name), f"--name {name}", remedy)
    return name


def _level(answers: Answers) -> AccessLevel:
    level = AccessLevel(answers.level or AccessLevel.INTERNAL.value)
    if level.published and not (answers.reviewed_by and answers.reason):
        what = _("The level {level} needs who reviewed it, and why.").format(level=level.value)
        where = f"--level {level.value}"
        raise UsageError(what, where, _("Give --reviewed-by and --reason, or leave the data internal."))
    return level


def _descriptor(proposal: Proposal, answers: Answers, made: Path) -> Json:
    department = _without_none({"code": answers.department_code or None, "name": answers.department or None})
    contact = {"email": answers.contact} if answers.contact else None
    coverage = _without_none({"start": answers.start or None, "end": answers.end or None})
    return _without_none(
        {
            "$schema": PROFILE,
            "id": str(uuid.uuid4()),
            "name": proposal.name,
            "title": answers.title or proposal.defaults.title,
            "version": "1.0.0",
            "licenses": _licences(answers.licence),
            "sector": answers.sector or None,
            "department": _without_none({**department, "contact": contact}) or None,
            "coverage": coverage or None,
            "access": _access(answers),
            "resources": [_resource(proposal, made)],
        }
    )


def _licences(licence: str | None) -> JsonValue:
    if not licence:
        return None
    chosen = LICENCES[licence]
    told = {"vi": {"title": chosen.vietnamese}}
    return [_without_none({"name": licence, "path": chosen.path, "title": chosen.english, "translations": told})]


def _access(answers: Answers) -> Json:
    level = _level(answers)
    if not level.published:
        return {"level": level.value}
    today = dt.datetime.now().astimezone().date().isoformat()  # the officer's day
    return {"level": level.value, "reviewedBy": answers.reviewed_by, "reviewedOn": today, "reason": answers.reason}


def _resource(proposal: Proposal, made: Path) -> Json:
    from opendata.sources import origin_digests

    source, recipe = origin_digests(made, proposal.origin)
    origin: Json = {
        "path": proposal.origin.path,
        **{key: value for key, value in proposal.origin.descriptor.items() if key not in {"path", "recipe"}},
        "recipe": list(proposal.origin.recipe),
        "sourceDigest": source,
        "recipeDigest": recipe,
    }
    schema: dict[str, JsonValue] = {"$schema": STANDARD + "tableschema.json", "fields": list(proposal.fields)}
    if proposal.primary_key:
        schema["primaryKey"] = list(proposal.primary_key)
    return {
        "$schema": STANDARD + "dataresource.json",
        "name": proposal.name,
        "type": "table",
        "path": f"data/{proposal.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
        "origin": origin,
    }


def _prove(folder: Path) -> None:
    """Read the package back before anybody sees it."""
    from opendata.descriptor import read

    read(folder)


def _without_none(values: Json) -> dict[str, JsonValue]:
    return {key: value for key, value in values.items() if value is not None}
