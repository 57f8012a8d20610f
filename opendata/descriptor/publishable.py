"""What publishing asks of a descriptor beyond what checking does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.descriptor.fault import Fault, finding
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import as_list, as_object, as_text
from opendata.model.naming import is_dataset_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Dataset, Finding


def publishable(dataset: Dataset) -> tuple[Finding, ...]:
    """What a published edition lacks: title, licence, department, contact; a name that can stand in an address.

    A table of a level that may be published needs a schema as well: without one nothing can be withheld from it.
    """
    path = str(dataset.folder / DESCRIPTOR)
    return tuple(finding(fault, dataset.descriptor, path) for fault in _faults(dataset))


def _faults(dataset: Dataset) -> Iterator[Fault]:
    if as_text(dataset.descriptor.get("name")) is None or not is_dataset_name(dataset.name):
        message = _("The package has no name that can stand in an address.")
        remedy = _("Let “name” be small letters a–z, digits and single hyphens, 2 to 90 of them.")
        yield Fault(("name",), message, remedy)
    yield from _about(dataset)
    for number, resource in enumerate(dataset.resources):
        place = ("resources", number)
        if resource.tabular and resource.level.published and resource.schema is None:
            message = _("The table has no schema, so nothing can be said of who may see its fields.")
            yield Fault((*place, "schema"), message, _("Describe its fields under “schema”."))


def _about(dataset: Dataset) -> Iterator[Fault]:
    department = dataset.department
    if not _said(dataset.title):
        yield Fault(("title",), _("The title is missing."), _("Give the package a “title” that a visitor understands."))
    if not any(_licensed(item) for item in as_list(dataset.descriptor.get("licenses"))):
        remedy = _("Write “licenses”, such as: {example}").format(example='[{"name": "CC-BY-4.0"}]')
        yield Fault(("licenses",), _("The licence is missing."), remedy)
    if not _said(department.name):
        remedy = _("Write “department” with its “name” into datapackage.json, such as: {example}").format(
            example='"department": {"name": "Sở Y tế"}'
        )
        yield Fault(("department", "name"), _("The department is missing."), remedy)
    if not _said(department.email) and not _said(department.phone):
        remedy = _("Write an “email” or a “phone” under “contact” of “department”, such as: {example}").format(
            example='"contact": {"email": "so@tinh.gov.vn"}'
        )
        yield Fault(("department", "contact"), _("The contact is missing."), remedy)


def _licensed(licence: object) -> bool:
    item = as_object(licence) if isinstance(licence, dict) else {}
    return _said(as_text(item.get("name"))) or _said(as_text(item.get("path")))


def _said(text: str | None) -> bool:
    return bool(text and text.strip())
