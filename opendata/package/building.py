"""From a dataset to its built edition: judged, checked and written in one pass, sealed only where all is clean."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from opendata import files
from opendata.errors import CheckError, DataError
from opendata.messages import _
from opendata.model import Report, dump
from opendata.package.assembling import MANIFEST, assemble
from opendata.package.describing import described
from opendata.package.judging import judge, open_tables
from opendata.package.keying import build_key
from opendata.package.naming import stems
from opendata.package.outlet import Outlet
from opendata.package.parquet_schema import parquet_schema
from opendata.package.sealing import seal
from opendata.package.shelf import prune, recall, shelf
from opendata.package.stale import refuse_stale, stale
from opendata.schema import LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from opendata.model import AccessLevel, BuiltPackage, Checked, Cut, Dataset, Edition, ForeignKey, Outline, Table
    from opendata.package.judging import Find, Opened
    from opendata.package.outlet import TableFiles


def build(dataset: Dataset, level: AccessLevel, find: Find, cache: Path) -> BuiltPackage:
    """Build the edition of `dataset` for `level` into the folder `cache`, or find it there.

    Every table of the package is checked, withheld ones too, with the tables of other packages that `find`
    looks up by their key (None where there is none). The same input gives the same bytes, anywhere.

    Raises:
        GateError: the level allows no such edition.
        DescriptorError: the descriptor lacks what the edition needs.
        StaleError: a table is older than its source or recipe.
        CheckError: something was found in the tables; its report has all of it.
        DataError: a table that cannot be published as it is.
        DiskError: a file cannot be read or written.
    """
    from opendata import edition

    outline = edition.outline(dataset, level, _visible(find, level))
    refuse_stale(dataset)
    opened, unreadable = open_tables(dataset, find)
    if not unreadable.valid:
        raise _found(dataset, Report.together((unreadable, judge(opened, {})[1])))
    digests = tuple(item.table.digest() for item in opened)
    key = build_key(outline, opened, digests)
    with shelf(cache, outline.name) as folder:
        return recall(folder / key, outline) or _make(outline, opened, digests, folder / key)


def _visible(find: Find, level: AccessLevel) -> Callable[[ForeignKey], bool]:
    """Whether what a key into another package points at may itself be seen at that level; not found: it may not."""

    def visible(key: ForeignKey) -> bool:
        reference = find(key)
        return reference is not None and reference.level <= level

    return visible


def check(dataset: Dataset, find: Find, limit: int = LIMIT) -> Report:
    """Check every table of a package, without writing anything; a table older than its source is a finding too.

    `find` looks up a table of another package by its key, None where there is none. The check of a table stops
    at `limit` findings.
    """
    opened, unreadable = open_tables(dataset, find)
    return Report.together((Report(stale(dataset)), unreadable, judge(opened, {}, limit)[1]))


def _make(outline: Outline, opened: Sequence[Opened], digests: Sequence[str], place: Path) -> BuiltPackage:
    with files.workspace(place.parent) as folder:
        with _outlets(outline, opened, folder) as outlets:
            edition = _checked(outline, opened, digests, outlets)
            tables = _sealed(edition, outlets)
        files.write(folder / MANIFEST, dump(described(outline, tables)))
        seal(folder, place.name)
        assemble(outline, folder)  # what does not prove sound here never takes its place
        files.remove(place)
        files.switch(folder, place)
    prune(place.parent)
    return assemble(outline, place)


@contextlib.contextmanager
def _outlets(outline: Outline, opened: Sequence[Opened], folder: Path) -> Iterator[dict[str, Outlet]]:
    """An outlet for each table that the edition shows; all are aborted where the block is left by a fault."""
    tables = {item.resource.name: item.table for item in opened}
    stem = stems([cut.resource.name for cut in outline.cuts])
    outlets: dict[str, Outlet] = {}
    with contextlib.ExitStack() as undo:
        for cut in outline.cuts:
            name = cut.resource.name
            schema = parquet_schema(outline, cut, tables[name])
            outlets[name] = Outlet(_ordered(cut, tables[name]), schema, folder, stem[name])
            undo.callback(outlets[name].abort)
        yield outlets
        undo.pop_all()


def _ordered(cut: Cut, table: Table) -> Cut:
    """The cut, sorted also where the file has columns that the schema does not name: their order is not for others."""
    named = {field.name for field in table.schema.fields}
    return cut if named.issuperset(table.labels) else replace(cut, sorted=True)


def _checked(
    outline: Outline, opened: Sequence[Opened], digests: Sequence[str], outlets: Mapping[str, Outlet]
) -> Edition:
    from opendata.edition import cut

    checked, report = judge(opened, outlets)
    if not report.valid:
        raise _found(outline.dataset, report)
    _refuse_changed(opened, checked, digests)
    return cut(outline, checked)


def _sealed(edition: Edition, outlets: Mapping[str, Outlet]) -> dict[str, TableFiles]:
    """Only here, with an edition in hand, does what was written come to count."""
    shown = [cut.resource.name for cut in edition.outline.cuts]
    for name in shown:
        outlets[name].seal()
    return {name: outlets[name].files() for name in shown}


def _refuse_changed(opened: Sequence[Opened], checked: Sequence[Checked], digests: Sequence[str]) -> None:
    for item, found, digest in zip(opened, checked, digests, strict=True):
        if found.digest != digest:
            remedy = _("Wait until nobody writes to it, then run the same command again.")
            where = ", ".join(item.resource.paths) or item.resource.name
            raise DataError(_("The file changed while it was read."), where, remedy)


def _found(dataset: Dataset, report: Report) -> CheckError:
    what = _("Findings in the package {name}: {count}.").format(name=dataset.name, count=len(report.findings))
    remedy = _('Run: opendata check "{package}"').format(package=dataset.folder)
    return CheckError(what, str(dataset.folder), remedy, report)
