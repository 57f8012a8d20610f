"""One table on disk, judged by frictionless and by us: what each says, and in what the two differ.

Only public functions of ours are called here, so that the comparison holds however the check works inside.
"""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from frictionless import FrictionlessException, Package, Resource

from opendata.descriptor import parse_schema
from opendata.errors import SourceError
from opendata.model import AccessLevel, Checked, Dataset, Reference, as_object
from opendata.model import Resource as Declared
from opendata.schema import check, setting_aside
from opendata.sources import limits, open_file, open_resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from opendata.model import Finding, Json, Report, Table

# Code, row, field, note: what frictionless tells of an error. The rest of a finding is ours.
Told = tuple[str, int | None, str | None, str]

OURS = frozenset({"inexact-value", "unique-key"})
"""Findings beside frictionless's: of values that Arrow would change, of keys that frictionless does not judge."""
UNJUDGED = frozenset({"pattern-unsafe", "key-type", "reference-missing"})
"""Findings instead of frictionless's: with one of these no row is read (docs/validation.md)."""
REFUSED = ("never closed", "is empty", "There is no row", "is no text in the encoding", "no mark at its beginning")
"""Why a file may be no table to us, so that there is no verdict to compare."""
UNUSED = "\x1a"
"""A letter that stands in no cell."""
HEADER = frozenset({"label", "header"})


@dataclass(frozen=True)
class Source:
    """A file, and what is declared of it."""

    name: str
    schema: Mapping[str, object]
    dialect: Mapping[str, object]
    encoding: str
    content: bytes
    path: str = "table.csv"


@dataclass(frozen=True)
class Case:
    """A table and those that its keys point into; how small blocks are cut (rows, bytes); the limit of findings.

    `packaged`: opened as resources of a package, not as bare files. `kept`: so many bytes of wrong rows are kept.
    """

    table: Source
    others: tuple[Source, ...] = ()
    rows: int = 10_000
    block: int = 1 << 22
    limit: int = 1000
    packaged: bool = False
    kept: int = setting_aside.MOST


@dataclass(frozen=True)
class Verdict:
    """What was said: of `crash` no further error is known; `complete` is False where the end was not reached."""

    errors: tuple[Told, ...] = ()
    complete: bool = True
    crash: str = ""
    own: tuple[str, ...] = ()


def differences(case: Case) -> str:
    """In what our verdict differs from frictionless's, in words; empty where it does not, or is meant to."""
    with tempfile.TemporaryDirectory() as name, small_blocks(case):
        folder = Path(name)
        for source in (case.table, *case.others):
            (folder / source.path).write_bytes(source.content)
        try:
            open_it = packaged if case.packaged else opened
            tables = [open_it(folder / source.path, source) for source in (case.table, *case.others)]
            ours = we_say(tables[0], tables[1:], case.limit)
        except SourceError as refusal:
            return "" if any(reason in refusal.what for reason in REFUSED) else f"we refuse: {refusal.what}"
        pins = [pinned(source, table) for source, table in zip((case.table, *case.others), tables, strict=True)]
        theirs = frictionless_says(folder, (case.table, *case.others), pins, case.limit)
    return compared(ours, theirs, case.limit)


def compared(ours: Verdict, theirs: Verdict, limit: int) -> str:
    """In what two verdicts differ, in words."""
    if UNJUDGED & set(ours.own):
        return ""
    if theirs.crash:
        told = ours.errors[-1:] and ours.errors[-1][0]
        fine = told == "check-failed" or not ours.complete
        return "" if fine else f"frictionless crashes ({theirs.crash}), we say {ours}"
    expected = theirs.errors[:limit]  # frictionless does not cut what it finds in the header alone
    if ours.own and not ours.complete:  # our own findings took room below the limit
        expected = expected[: len(ours.errors)]
    if ours.errors == expected:
        return ""
    return f"frictionless says {expected}\nwe say {ours.errors}\nand of our own {ours.own}"


@contextlib.contextmanager
def small_blocks(case: Case) -> Iterator[None]:
    """Meanwhile the sources cut their blocks so small that cuts fall everywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "BATCH_ROWS", case.rows, raising=False)
        patch.setattr(limits, "BLOCK_BYTES", case.block, raising=False)
        patch.setattr(setting_aside, "MOST", case.kept)
        yield


def opened(path: Path, source: Source) -> Table:
    """The table as we open it."""
    schema = parse_schema(as_object(source.schema))
    return open_file(
        path, schema, dialect=as_object(source.dialect), encoding=source.encoding or None, name=source.name
    )


def packaged(path: Path, source: Source) -> Table:
    """The table as we open it, where it is a resource of a package."""
    about: Json = {"name": source.name, "path": source.path, "dialect": as_object(source.dialect)}
    schema = parse_schema(as_object(source.schema))
    level = AccessLevel.INTERNAL
    resource = Declared(source.name, (source.path,), level, about, schema, encoding=source.encoding)
    return open_resource(Dataset("package", "id", path.parent, level, {}, (resource,)), resource)


def we_say(table: Table, others: Sequence[Table], limit: int = 1000) -> Verdict:
    """Our verdict of a table."""
    outcome = check(table, [Reference(None, there.name, there) for there in others], limit=limit)
    if isinstance(outcome, Checked):
        return Verdict()
    return _told(outcome)


def _told(report: Report) -> Verdict:
    own = tuple(finding.code for finding in report.findings if finding.code in OURS | UNJUDGED)
    theirs = tuple(_as_theirs(finding) for finding in report.findings if finding.code not in OURS | UNJUDGED)
    return Verdict(theirs, report.complete, own=own)


def _as_theirs(finding: Finding) -> Told:
    """A finding as frictionless tells it: of the header it tells no single row."""
    headed = finding.code.rsplit("-", maxsplit=1)[-1] in HEADER
    return finding.code, None if headed else finding.place.row, finding.place.field, finding.note


def pinned(source: Source, table: Table) -> Json:
    """The dialect for frictionless: what is declared, and the standard's defaults where it would guess."""
    declared = dict(source.dialect)
    declared.setdefault("delimiter", ",")
    if not declared.setdefault("quoteChar", '"'):
        declared["quoteChar"] = UNUSED  # an empty one stops frictionless: a source-error
    declared.setdefault("skipInitialSpace", False)
    if declared.setdefault("header", True) and "headerRows" not in declared:
        declared["headerRows"] = [table.header_row]  # the first line that is no comment; frictionless goes by widths
    return declared  # type: ignore[return-value] # made of JSON


def frictionless_says(
    folder: Path, sources: Sequence[Source], dialects: Sequence[Json] = (), limit: int = 1000
) -> Verdict:
    """Frictionless's verdict of the first of some files of one package, under pinned dialects or those declared."""
    told = dialects or [None] * len(sources)
    try:
        resources = [_resource(folder, *each) for each in zip(sources, told, strict=True)]
        resource = Package(resources=resources).get_resource(sources[0].name)
        report = resource.validate(limit_errors=limit)
    except FrictionlessException as fault:
        return Verdict(tuple((error.type, None, None, error.note) for error in fault.to_errors()))
    except Exception as fault:  # noqa: BLE001 - whatever frictionless breaks on
        return Verdict(crash=f"{type(fault).__name__}: {fault}"[:200])
    said = [error.to_dict() for error in report.tasks[0].errors]
    errors = tuple((e["type"], e.get("rowNumber"), e.get("fieldName") or None, e["note"]) for e in said)
    return Verdict(errors, not report.tasks[0].warnings)


def _resource(folder: Path, source: Source, rules: Json | None) -> Resource:
    path, dialect = source.path, source.dialect if rules is None else rules
    if rules and "nullSequence" in rules:
        path, dialect = _without_nulls(folder, source, rules)
    descriptor = {"name": source.name, "type": "table", "path": path, "format": path.rpartition(".")[2]}
    if source.encoding:
        descriptor["encoding"] = source.encoding
    return Resource.from_descriptor(
        {**descriptor, "dialect": _copied(dialect), "schema": _copied(source.schema)},
        basepath=str(folder),
        datapackage_version="v2",
    )


def _without_nulls(folder: Path, source: Source, dialect: Json) -> tuple[str, Json]:
    """The same file with empty cells where its null sequence stands, which frictionless does not heed."""
    text = io.StringIO(source.content.decode(source.encoding).removeprefix("\ufeff"), newline="")
    quote, escape = str(dialect["quoteChar"]), dialect.get("escapeChar")
    reader = csv.reader(
        text,
        delimiter=str(dialect["delimiter"]),
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        escapechar=str(escape) if escape else None,
        doublequote=bool(dialect.get("doubleQuote", True)) or not escape,
        skipinitialspace=bool(dialect["skipInitialSpace"]),
    )
    rows = [["" if cell == dialect["nullSequence"] else cell for cell in row] for row in reader]
    written = io.StringIO(newline="")
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    path = f"{source.name}-nulls.csv"
    (folder / path).write_bytes(written.getvalue().encode(source.encoding))
    kept = {"header", "headerRows", "headerJoin", "commentChar", "commentRows", "skipBlankRows"}
    plain: Json = {"delimiter": ",", "quoteChar": '"', "skipInitialSpace": False}
    return path, {**{name: value for name, value in dialect.items() if name in kept}, **plain}


def _copied(value: object) -> object:
    """The value in dicts and lists of its own: frictionless changes what it is given."""
    if isinstance(value, dict):
        return {key: _copied(item) for key, item in value.items()}
    return [_copied(item) for item in value] if isinstance(value, list | tuple) else value
