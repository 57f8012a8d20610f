"""Outline and cut: the two steps from a package to an edition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opendata.descriptor import publishable
from opendata.edition import allowed
from opendata.edition.gate import admit, published_name
from opendata.edition.withholding import counted, cuts, withheld
from opendata.errors import DescriptorError, GateError
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import Edition, Outline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opendata.model import AccessLevel, Checked, Cut, Dataset, ForeignKey


def outline(dataset: Dataset, level: AccessLevel, visible: Callable[[ForeignKey], bool] | None = None) -> Outline:
    """What the edition of that level will hold, judged before any data is read.

    `visible` tells whether what a key into another package points at may itself be seen; None: nothing may, and
    such keys are left out, since their very names could tell.

    Raises:
        GateError: the package may not be published at that level, or nothing of it may.
        DescriptorError: what publishing asks is missing: all of it, in `findings`.
    """
    admit(dataset, level)
    _complete(dataset)
    made = cuts(dataset, level)
    if not made:
        what = _("Nothing of {name} may be seen at the level {level}.").format(name=dataset.name, level=level.value)
        remedy = _("Let at least one field of one table have that level, or publish no such edition.")
        raise GateError(what, str(dataset.folder / DESCRIPTOR), remedy)
    name = published_name(dataset.name, level)
    told = tuple(_with_keys(cut, visible or _nothing) for cut in made)
    descriptor = allowed.package(dataset, name, level, told, counted(dataset, made))
    return Outline(name, level, dataset, made, withheld(dataset, level), descriptor)


def cut(outline: Outline, checked: Sequence[Checked]) -> Edition:
    """The edition: its outline with each of its tables checked; tables that it does not show are left behind.

    Raises:
        GateError: a table of the outline was not checked, or lacks a field.
    """
    tables = {item.table.name: item for item in checked}
    kept: list[Checked] = []
    for part in outline.cuts:
        found = tables.get(part.resource.name)
        has = {field.name for field in found.table.schema.fields} if found else set()
        if found is None or not has.issuperset(part.fields):
            what = _("The table {name} was not checked as the edition shows it.").format(name=part.resource.name)
            raise GateError(what, str(outline.dataset.folder), _("Check the package, then build it again."))
        kept.append(found)
    return Edition(outline, tuple(kept))


def _with_keys(cut: Cut, visible: Callable[[ForeignKey], bool]) -> Cut:
    keys = tuple(key for key in cut.resource.external_keys if visible(key))
    return replace(cut, resource=replace(cut.resource, external_keys=keys))


def _nothing(_key: ForeignKey) -> bool:
    return False


def _complete(dataset: Dataset) -> None:
    findings = publishable(dataset)
    if findings:
        where = str(dataset.folder / DESCRIPTOR)
        what = _("The package lacks what publishing asks for: {missing}").format(
            missing=" ".join(finding.message for finding in findings)
        )
        remedy = " ".join(finding.remedy for finding in findings)
        raise DescriptorError(what, where, remedy, findings)
