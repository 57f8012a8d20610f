"""Which organisation and group of the portal a dataset belongs to, and what to say where it cannot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from opendata.errors import UsageError
from opendata.messages import _
from opendata.model import Refusal, as_list, as_object, as_text
from opendata_ckan.shelf import NAME, RESERVED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from opendata.model import BuiltPackage, Target
    from opendata_ckan.held import Held
    from opendata_ckan.terms import Rights


_ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def refuse_misnamed(target: Target) -> None:
    """Go on only where each organisation that a user named can be the name of one.

    Raises:
        UsageError: one cannot be.
    """
    named = {f'[organizations] "{code}"': name for code, name in target.organizations.items()}
    if target.organization is not None:
        named = {target.name: target.organization, **named}
    for where, name in named.items():
        is_id = _ID.fullmatch(name)
        if NAME.fullmatch(name) and name not in RESERVED and not is_id:
            continue
        what = _("This is the id of an organisation, not its name: {name}")
        if not is_id:
            what = _("No organisation of the portal can have this name: {name}")
        remedy = _("Give it as the address of its page has it (…/organization/NAME): 2 to 100 of a-z, 0-9, - and _.")
        raise UsageError(what.format(name=name), where, remedy)


def owner(built: BuiltPackage, target: Target) -> str | None:
    """The portal's name for the organisation of a package; None where nothing tells it.

    What was said for the target stands over all; else the portal's name for the agency code, as opendata.toml has
    it; else the code in small letters with hyphens for dots (Decision 20/2020/QĐ-TTg has the codes).
    """
    if target.organization:
        return target.organization
    code = as_text(as_object(built.descriptor.get("department")).get("code"))
    if not code:
        return None
    return target.organizations.get(code) or of_code(code)


def of_code(code: str) -> str | None:
    """An agency code as the name of an organisation; None where it cannot be one.

    >>> of_code("H15.05"), of_code("Sở")
    ('h15-05', None)
    """
    name = code.lower().replace(".", "-")
    return name if NAME.fullmatch(name) else None


def missing(packages: Iterable[BuiltPackage], target: Target, rights: Rights) -> frozenset[str]:
    """The organisations of these packages that the token may not publish to, where such are to be made."""
    names = {owner(built, target) for built in packages if target.create_organization}
    return frozenset(name for name in names if name and name not in rights.organizations)


def refusal(
    built: BuiltPackage, target: Target, rights: Rights, held: Held | None, creating: Collection[str]
) -> Refusal | None:
    """Why the portal would not take the dataset into its organisation; None where it would.

    `creating` are the organisations that would be made.
    """
    name = owner(built, target)
    if name is None:
        what = _("The package does not say which organisation of the portal it belongs to: it has no agency code.")
        return Refusal(what, _("Say it with --organization NAME, or give the department its code in datapackage.json."))
    if held is not None and held.id == built.id and held.owner != name:
        what = _("On the portal the dataset belongs to the organisation {there}, not to {name}.")
        remedy = _("Have it moved by whoever keeps the portal, or publish with --organization {there}.")
        return Refusal(what.format(there=held.owner or "–", name=name), remedy.format(there=held.owner or "–"))
    if name in rights.organizations or name in creating:
        return _of_others(rights, held) if held is not None and held.id == built.id else None
    return _not_there(name, rights) if not target.create_organization else _of_no_member(name, rights)


def _not_there(name: str, rights: Rights) -> Refusal:
    what = _("The portal has no organisation {name} that {user} may publish to.").format(name=name, user=rights.user)
    remedy = _(
        "Ask whoever keeps the portal (a system administrator) to make it and to make {user} an editor there; "
        "if your token may make organisations itself, add --create-organization."
    )
    return Refusal(what, remedy.format(user=rights.user))


def _of_no_member(name: str, rights: Rights) -> Refusal:
    """The organisation is there: to make it would fail, and not before the first dataset is sent."""
    what = _("The portal has the organisation {name}, but {user} may not publish to it.")
    remedy = _("Ask whoever keeps the portal to make {user} an editor there.")
    return Refusal(what.format(name=name, user=rights.user), remedy.format(user=rights.user))


def groups(built: BuiltPackage, rights: Rights) -> tuple[str, ...]:
    """The group of the package's sector, where the portal has it and the token's user is a member."""
    sector = as_text(built.descriptor.get("sector"))
    return (sector,) if sector in rights.groups else ()


def warnings(packages: Iterable[BuiltPackage], rights: Rights, seen: Mapping[str, Held]) -> tuple[str, ...]:
    """What to say of sectors that are no group, for packages that are not on the portal as they are."""
    wanted = (built for built in packages if not _there(built, seen.get(built.name)))
    sectors = (as_text(built.descriptor.get("sector")) for built in wanted)
    what = _("The portal has no group {sector} that {user} is a member of: datasets of that sector are in no group.")
    lacking = dict.fromkeys(sector for sector in sectors if sector and sector not in rights.groups)
    return tuple(what.format(sector=sector, user=rights.user) for sector in lacking)


def _there(built: BuiltPackage, held: Held | None) -> bool:
    return held is not None and held.digest == built.digest


def _of_others(rights: Rights, held: Held) -> Refusal | None:
    """CKAN lets an editor revise a dataset in a group only where that is the editor's too."""
    names = {as_text(as_object(item).get("name")) or "" for item in as_list(held.told.get("groups"))}
    others = ", ".join(sorted(names - rights.groups))
    if not others:
        return None
    what = _("On the portal the dataset is in a group that {user} is no member of: {groups}.")
    remedy = _("Ask whoever keeps the portal to make {user} a member of it, or to take the dataset out of it.")
    return Refusal(what.format(user=rights.user, groups=others), remedy.format(user=rights.user))
