"""What an edition leaves out, and why. Judged from the descriptor alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.errors import GateError
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import AccessLevel, Cut, Withheld

if TYPE_CHECKING:
    from opendata.model import Dataset, Field, Resource

DROP = "drop"


def shows_more(dataset: Dataset) -> bool:
    """True where a shared edition would show a table or a field that the open one does not."""
    return any(
        _shown(resource, AccessLevel.OPEN) != _shown(resource, AccessLevel.SHARED) for resource in _tables(dataset)
    )


def cuts(dataset: Dataset, level: AccessLevel) -> tuple[Cut, ...]:
    """The tables of an edition with the fields it shows, in the source's order. May be empty.

    Raises:
        GateError: a disclosure is declared that cannot be carried out yet.
    """
    return tuple(
        Cut(resource, fields, sorted=len(fields) < len(resource.schema.fields))
        for resource in _tables(dataset)
        if resource.schema and (fields := _cleared(dataset, resource, level))
    )


def withheld(dataset: Dataset, level: AccessLevel) -> tuple[Withheld, ...]:
    """Every table and field that the edition leaves out, for its owner's eyes."""
    found: list[Withheld] = []
    for resource in dataset.resources:
        reason = _why_not_table(resource, level)
        if reason:
            found.append(Withheld(resource.name, None, resource.level, reason))
            continue
        fields = resource.schema.fields if resource.schema else ()
        reasons = [(field, _why_not_field(field, level)) for field in fields]
        found.extend(Withheld(resource.name, field.name, field.level, why) for field, why in reasons if why)
        if all(why for _field, why in reasons):
            found.append(Withheld(resource.name, None, resource.level, _("All its fields are withheld.")))
    return tuple(found)


def counted(dataset: Dataset, made: tuple[Cut, ...]) -> int:
    """How many fields the tables of an edition do not show; closed ones do not count: nobody may know of them."""
    shown = {item.resource.name: item.fields for item in made}
    hidden = (
        field
        for resource in dataset.resources
        if resource.name in shown and resource.schema
        for field in resource.schema.fields
        if field.name not in shown[resource.name] and field.level is not AccessLevel.CLOSED
    )
    return sum(1 for _field in hidden)


def _tables(dataset: Dataset) -> list[Resource]:
    return [resource for resource in dataset.resources if resource.tabular]


def _shown(resource: Resource, level: AccessLevel) -> tuple[str, ...]:
    if _why_not_table(resource, level) or resource.schema is None:
        return ()
    return tuple(field.name for field in resource.schema.fields if not _why_not_field(field, level))


def _why_not_table(resource: Resource, level: AccessLevel) -> str:
    if not resource.tabular:
        return _("It is no table.")
    return _above(resource.level, level)


def _why_not_field(field: Field, level: AccessLevel) -> str:
    if field.disclosure == DROP:
        return _("It is declared to be dropped from what is published.")
    if level is AccessLevel.OPEN and field.personal != "none":
        return _("It is declared as personal data ({kind}).").format(kind=field.personal)
    return _above(field.level, level)


def _above(own: AccessLevel, level: AccessLevel) -> str:
    return _("Its level is {level}.").format(level=own.value) if own > level else ""


def _cleared(dataset: Dataset, resource: Resource, level: AccessLevel) -> tuple[str, ...]:
    """The fields shown of a table, after what is declared of its disclosure was asked."""
    if _why_not_table(resource, level) or resource.schema is None:
        return ()
    where = f"{dataset.folder / DESCRIPTOR} {resource.name}"
    for field in resource.schema.fields:
        if field.disclosure not in {None, DROP} and field.level <= level:
            what = _(
                "The field {field} is to be published by the rule “{rule}”, which cannot be carried out yet."
            ).format(field=field.name, rule=field.disclosure)
            raise GateError(what, where, _('Write "disclosure": "drop", or give the field a stricter level.'))
    fields = _shown(resource, level)
    if fields and level is AccessLevel.OPEN and resource.disclosure not in {None, "none"}:
        what = _("The table {name} holds {kind}: it cannot be opened before disclosure control exists.").format(
            name=resource.name, kind=resource.disclosure
        )
        raise GateError(what, where, _("Give the table the level shared or a stricter one."))
    return fields
