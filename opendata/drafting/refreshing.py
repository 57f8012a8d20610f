"""Next month's file through the same recipe and checks: staged, compared by key, and replaced only when approved."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from opendata import files
from opendata.drafting.changes import Changes, compare, rows_of
from opendata.drafting.plain import refuse_misfits
from opendata.drafting.reminding import strange_keys, unsaid_period
from opendata.drafting.rereading import Reading, Wanted, low_header, reread, settled
from opendata.drafting.typed import told_as
from opendata.drafting.writing import tidied
from opendata.errors import DataError, SourceError, UsageError
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import Reference, as_list, as_object, dump

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from opendata.model import Dataset, ForeignKey, Json, JsonValue, Origin, Resource, Table

    Find = Callable[[ForeignKey], Reference | None]


DIGESTS = ("sourceDigest", "recipeDigest")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What came of one table: its changes, and whether it was replaced.

    `notes` say in the user's language how the file was read otherwise than the last one, what looks odd, and, once
    replaced, what was not changed with it.
    """

    resource: str
    changes: Changes
    rows: int
    replaced: bool
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Staged:
    """A table made anew, aside: its CSV, and the source it was made of where that is new."""

    resource: Resource
    data: Path
    rows: int
    changes: Changes
    origin: Origin | None = None
    source: Path | None = None
    notes: tuple[str, ...] = ()
    reminders: tuple[str, ...] = ()


def refresh(  # noqa: PLR0913 - what an officer may say of a file
    package: Path,
    file: Path | None,
    find: Find,
    approve: Callable[[Sequence[Refreshed]], bool] | None,
    *,
    table: str | None = None,
    wanted: Wanted | None = None,
) -> tuple[Refreshed, ...]:
    """Make the tables of a package anew, from `file` or from their sources edited in place, and replace if approved.

    `table` names the table that `file` is for, where there are several; `wanted` says how it is read. `find` looks up
    tables of other packages.
    `approve` is shown what would change, and not asked where no row does; None: only look, write nothing.

    Raises:
        UsageError: no file is given for a package without sources, or it is not told which table it is for.
        DescriptorError, SourceError, CheckError: the package or the new table was found wanting; nothing is replaced.
        DiskError: it cannot be written.
    """
    from opendata.descriptor import read

    dataset = read(package, missing_ok=True)
    with files.lock(dataset.folder / ".opendata"), files.workspace(dataset.folder / ".opendata") as scratch:
        chosen = _chosen(dataset, file, table)
        staged = [_stage(dataset, item, file, find, scratch, wanted or Wanted()) for item in chosen]
        quiet = all(item.changes.none for item in staged)
        replaced = approve is not None and (quiet or approve([_told(item, replaced=False) for item in staged]))
        if replaced:
            _replace(dataset, staged)
    return tuple(_told(item, replaced=replaced) for item in staged)


def _told(item: _Staged, *, replaced: bool) -> Refreshed:
    notes = (*item.notes, *(item.reminders if replaced else ()))
    return Refreshed(item.resource.name, item.changes, item.rows, replaced, notes)


def _chosen(dataset: Dataset, file: Path | None, table: str | None) -> tuple[Resource, ...]:
    tables = [item for item in dataset.resources if item.tabular and item.paths]
    made = [item for item in tables if item.origin is not None]
    if table is not None:
        chosen = [item for item in tables if item.name == table]
    elif file is None:
        chosen = made
    else:
        chosen = made or tables
    if not chosen:
        raise _nothing(dataset, table, [item.name for item in tables])
    if file is not None and len(chosen) > 1:
        names = ", ".join(item.name for item in chosen)
        what = _("The package has several tables: {names}").format(names=names)
        raise UsageError(what, str(dataset.folder), _("Say which one the file is for, with --table NAME."))
    if file is None and any(item.origin is None for item in chosen):
        raise _nothing(dataset, None, [])
    return tuple(chosen)


def _nothing(dataset: Dataset, table: str | None, names: Sequence[str]) -> UsageError:
    if table is not None:
        what = _("The package has no table of this name: {name}").format(name=table)
        return UsageError(what, str(dataset.folder), _("It has these: {names}").format(names=", ".join(names)))
    what = _("The package keeps no source file to make its tables from.")
    return UsageError(what, str(dataset.folder), _("Name the new file: opendata update PACKAGE FILE"))


def _stage(  # noqa: PLR0913, PLR0917 - what a table is made of
    dataset: Dataset, resource: Resource, file: Path | None, find: Find, scratch: Path, wanted: Wanted
) -> _Staged:
    aside = scratch / resource.name
    if resource.origin is None:
        table = _bare(resource, _given(file), wanted)
        staged = _Staged(resource, aside / "data.csv", 0, Changes())
        return _judged(dataset, staged, table, find)
    origin, source, folder = settled(resource.origin, wanted), None, dataset.folder
    given = dataset.folder / origin.path
    if file is not None:
        given = file
        origin, source, folder = _moved(origin, file, aside, _others(dataset, resource))
    with told_as(str(given), origin.path, str(folder / origin.path)):
        reading = reread(origin, folder / origin.path, folder) if source else Reading(origin)
        staged = _Staged(resource, aside / "data.csv", 0, Changes(), reading.origin, source, reading.notes)
        return _judged(dataset, staged, _read(folder, reading.origin, resource), find)


def _read(folder: Path, origin: Origin, resource: Resource) -> Table:
    try:
        refuse_misfits(folder, origin)
        return replace(_tidy(folder, origin, resource), keys=resource.keys)
    except SourceError as error:
        raise low_header(error, files.within(folder, origin.path), origin) from None


def _judged(dataset: Dataset, staged: _Staged, table: Table, find: Find) -> _Staged:
    """The table found clean and written aside, compared with what is there."""
    resource = staged.resource
    fields = resource.schema.primary_key if resource.schema else ()
    remedy = _("The key may be wrong as well: it is the primaryKey ({fields}) of the table {table} in {path}.")
    told = remedy.format(fields=", ".join(fields), table=resource.name, path=dataset.folder / DESCRIPTOR)
    rows = tidied(table, staged.data, tuple(_references(dataset, resource, find)), key_remedy=told)
    changes = _compare(dataset, resource, staged.data, staged.data.parent)
    return replace(
        staged,
        rows=rows,
        changes=changes,
        notes=(*staged.notes, *strange_keys(changes, fields)),
        reminders=tuple(unsaid_period(dataset, resource, staged.data)),
    )


def _given(file: Path | None) -> Path:
    if file is None:
        raise UsageError(_("No file is given."), "", _("Name the new file: opendata update PACKAGE FILE"))
    return file


def _others(dataset: Dataset, resource: Resource) -> frozenset[str]:
    """The sources of the package's other tables: none of them is ours to write over."""
    others = (item.origin for item in dataset.resources if item.name != resource.name)
    return frozenset(origin.path for origin in others if origin)


def _moved(origin: Origin, file: Path, aside: Path, others: frozenset[str]) -> tuple[Origin, Path, Path]:
    """The origin with the new file in place of the old, the file copied aside, and the folder it lies in.

    Where another table's source has the file's name, it gets a name of its own.
    """
    old = Path(origin.path)
    if old.suffix.lower() != file.suffix.lower():
        what = _("The new file is of another kind than the old: {new}, not {old}.")
        remedy = _("Save it as {old}, or make a new package with: opendata new FILE")
        said = {"new": file.suffix or file.name, "old": old.suffix}
        raise SourceError(what.format(**said), str(file), remedy.format(**said))
    path = old.with_name(file.name).as_posix()
    if path in others and path != origin.path:
        path = old.with_name(f"{aside.name}-{file.name}").as_posix()
    files.copy(file, aside / path)
    return replace(origin, path=path), aside / path, aside


def _tidy(folder: Path, origin: Origin, resource: Resource) -> Table:
    from opendata.sources import tidy

    if resource.schema is None:
        remedy = _("Give the table a schema in datapackage.json.")
        raise DataError(_("The table {name} has no schema.").format(name=resource.name), str(folder), remedy)
    return tidy(folder, origin, resource.schema, resource.name)


def _bare(resource: Resource, file: Path, wanted: Wanted) -> Table:
    """The new file of a table without recipe, in the form it seems to have; the old one has to be a plain CSV."""
    from opendata.sources import detect, open_file

    if len(resource.paths) != 1 or not resource.paths[0].lower().endswith(".csv"):
        what = _("The table {name} is not kept as one CSV file.").format(name=resource.name)
        raise UsageError(what, ", ".join(resource.paths), _("Put the new file in its place by hand, then check it."))
    dialect = as_object(resource.descriptor.get("dialect"))
    if dialect or resource.encoding.lower() not in {"utf-8", "utf8"}:
        what = _("The table {name} is written in a form of its own.").format(name=resource.name)
        raise UsageError(what, resource.paths[0], _("Put the new file in its place by hand, then check it."))
    seen = detect(file, wanted.sheet)
    form = {**(seen.dialect or {}), **({"headerRows": list(wanted.header)} if wanted.header else {})}
    table = open_file(file, resource.schema, sheet=seen.sheet, dialect=form, encoding=seen.encoding, name=resource.name)
    return replace(table, keys=resource.keys)


def _references(dataset: Dataset, resource: Resource, find: Find) -> Iterator[Reference]:
    from opendata.sources import open_resource

    for key in resource.keys:
        if key.package is not None:
            found = find(key)
            if found is not None:
                yield found
        elif key.resource and key.resource != resource.name:
            target = dataset.resource(key.resource)
            if target is not None:
                yield Reference(None, target.name, open_resource(dataset, target))


def _compare(dataset: Dataset, resource: Resource, data: Path, scratch: Path) -> Changes:
    from opendata.sources import open_file, open_resource

    schema = resource.schema
    new = open_file(data, schema)
    names = [field.name for field in schema.fields] if schema else list(new.labels)
    key = [names.index(name) for name in schema.primary_key if name in names] if schema else []
    there = all(files.regular(files.within(dataset.folder, path)) for path in resource.paths)
    old = rows_of(open_resource(dataset, resource), names) if there else iter(())
    return compare(old, rows_of(new, names), key, scratch)


def _replace(dataset: Dataset, staged: Sequence[_Staged]) -> None:
    """Put source, data and descriptor in place: killed between, the data count as stale, and `update` mends it.

    So the descriptor names the new sources first, without digests; these come last, when all is there.
    """
    if any(item.origin != item.resource.origin or item.source or not item.changes.none for item in staged):
        _write(dataset, _descriptor(dataset, staged, settled=False))
    for item in staged:
        if item.origin is not None and item.source is not None:
            files.copy(item.source, files.within(dataset.folder, item.origin.path))
        target = files.within(dataset.folder, item.resource.paths[0])
        if not item.changes.none or not target.exists():
            files.copy(item.data, target)
    _write(dataset, _descriptor(dataset, staged, settled=True))
    _drop_old_sources(dataset, staged)


def _write(dataset: Dataset, descriptor: Json) -> None:
    path = dataset.folder / DESCRIPTOR
    with files.disk(path):
        there = path.read_bytes()
    if json.loads(there) != descriptor:
        files.write(path, dump(descriptor))


def _descriptor(dataset: Dataset, staged: Sequence[_Staged], *, settled: bool) -> Json:
    """The descriptor with the new sources, without sizes and digests that were of the old data.

    `settled` False: sources and data are not in place yet, so the origins have no digests.
    """
    by_name = {item.resource.name: item for item in staged}
    resources: list[JsonValue] = []
    for part in map(as_object, as_list(dataset.descriptor.get("resources"))):
        item = by_name.get(str(part.get("name")))
        resources.append(part if item is None else _resource(dataset, part, item, settled=settled))
    return {**dataset.descriptor, "resources": resources}


def _resource(dataset: Dataset, part: Json, item: _Staged, *, settled: bool) -> Json:
    from opendata.sources import origin_digests

    outdated = {"bytes", "hash"} if not item.changes.none else set()
    kept = {key: value for key, value in part.items() if key not in outdated}
    if item.origin is None:
        return kept
    origin = {key: value for key, value in item.origin.descriptor.items() if key not in DIGESTS}
    origin["path"] = item.origin.path
    if settled:
        origin |= dict(zip(DIGESTS, origin_digests(dataset.folder, item.origin), strict=True))
    return {**kept, "origin": origin}


def _drop_old_sources(dataset: Dataset, staged: Sequence[_Staged]) -> None:
    used = {
        item.origin.path
        for item in dataset.resources
        if item.origin and item.name not in {s.resource.name for s in staged}
    }
    used |= {item.origin.path for item in staged if item.origin}
    for item in staged:
        if item.resource.origin is not None and item.resource.origin.path not in used:
            files.remove(files.within(dataset.folder, item.resource.origin.path))
