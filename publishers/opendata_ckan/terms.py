"""What a portal is and what our token may do there, learned before the first byte is sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.errors import PortalError, UsageError
from opendata.messages import _
from opendata.model import as_list, as_object, as_text, as_texts
from opendata_ckan.answers import DeniedError, InvalidError, MissingError, NoActionError, odd
from opendata_ckan.patience import patiently
from opendata_ckan.texts import link

if TYPE_CHECKING:
    from opendata.model import Json, JsonValue
    from opendata_ckan.connection import Connection

OLDEST = (2, 10)
"""The oldest CKAN whose package_revise is known to do what is needed."""
LOADERS = ("xloader", "datapusher", "datapusher_plus")


@dataclass(frozen=True, slots=True)
class Portal:
    """A CKAN portal. `site` is the address that it gives itself; `plugins` are those that it tells of."""

    site: str
    plugins: frozenset[str]

    @property
    def loader(self) -> str | None:
        """The plugin that loads CSVs into the DataStore, which makes previews of them; None: there is none."""
        return next((name for name in LOADERS if name in self.plugins), None)

    @property
    def datastore(self) -> bool:
        """True where tables can be asked for row by row."""
        return "datastore" in self.plugins


@dataclass(frozen=True, slots=True)
class Rights:
    """Who we are there, and the names of the organisations and groups that we may put datasets into."""

    user: str
    organizations: frozenset[str]
    groups: frozenset[str]


def portal(connection: Connection) -> Portal:
    """What the portal says of itself.

    Raises:
        PortalError: it is no CKAN portal, or one too old.
    """
    told = patiently(lambda: connection.show("status_show", {}))
    version = as_text(told.get("ckan_version")) or ""
    if _too_old(version):
        what = _("The portal runs CKAN {version}; {oldest} or later is needed.")
        said = what.format(version=version, oldest=".".join(map(str, OLDEST)))
        raise PortalError(said, connection.address, _("Ask whoever keeps the portal to bring it up to date."))
    site = (link(as_text(told.get("site_url"))) or connection.address).rstrip("/")
    return Portal(site, frozenset(as_texts(told.get("extensions"))))


def check_token(connection: Connection) -> None:
    """Go on only where the target has a token; nothing is asked of the portal.

    Raises:
        UsageError: there is no token.
    """
    if not connection.signed_in:
        what = _("Publishing to this portal needs a token.")
        remedy = _("Run: opendata login {address}").format(address=connection.address)
        if connection.token_variable:
            remedy = _("Put it into the environment variable {name}.").format(name=connection.token_variable)
        raise UsageError(what, connection.address, remedy)


def rights(connection: Connection) -> Rights:
    """Who the token belongs to, and what that user may write to.

    Raises:
        UsageError: there is no token.
        PortalError: the portal does not know it.
    """
    check_token(connection)
    user = _user(connection)
    where = {"permission": "create_dataset"}
    organizations = patiently(lambda: connection.call("organization_list_for_user", where))
    groups = patiently(lambda: connection.call("group_list_authz", {}))
    return Rights(user, _names(organizations, connection), _names(groups, connection))


def read_only(connection: Connection) -> DeniedError:
    """The error that says so of a token."""
    remedy = _("Ask whoever keeps the portal to make you an editor of your department's organisation.")
    return DeniedError(_("The portal knows the token, but lets it read only."), connection.address, remedy)


def there(connection: Connection, organization: str) -> bool:
    """True where the portal has an organisation of that name, whoever may publish to it.

    Raises:
        PortalError: the portal could not be asked.
    """
    wanted: Json = {"id": organization, "include_users": False, "include_dataset_count": False}
    try:
        patiently(lambda: connection.show("organization_show", wanted))
    except MissingError:
        return False
    except DeniedError:
        pass
    return True


def may_create(connection: Connection, organization: str) -> bool:
    """True where the token may make datasets in an organisation: tried with one without a name, which none can be.

    Raises:
        PortalError: the portal could not be asked.
    """
    try:
        connection.call("package_create", {"name": "", "owner_org": organization, "private": True})
    except InvalidError:
        return True
    except DeniedError:
        return False
    raise odd(_("a dataset without a name"), connection.address)


def _user(connection: Connection) -> str:
    """The name of the token's user. Public questions are answered whatever token is shown: so this one is asked."""
    try:
        told = patiently(lambda: connection.show("user_show", {}))
    except (MissingError, DeniedError, NoActionError):
        what = _("The portal does not accept the token: it is wrong, was revoked, or has expired.")
        remedy = _("Make a new one on your user page there, then run: opendata login {address}")
        raise DeniedError(what, connection.address, remedy.format(address=connection.address)) from None
    return as_text(told.get("name")) or ""


def _names(value: JsonValue, connection: Connection) -> frozenset[str]:
    if not isinstance(value, list):
        raise odd(_("no list of organisations or groups"), connection.address)
    names = (as_text(as_object(item).get("name")) for item in as_list(value))
    return frozenset(name for name in names if name)


def _too_old(version: str) -> bool:
    """True for a version known to be too old; a portal may hide its version, which is no fault.

    >>> _too_old("2.9.11"), _too_old("2.12.0"), _too_old("")
    (True, False, False)
    """
    found = re.match(r"([0-9]{1,9})\.([0-9]{1,9})", version)
    return found is not None and (int(found[1]), int(found[2])) < OLDEST
