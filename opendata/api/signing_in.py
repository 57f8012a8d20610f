"""Signing in at a portal: a token tried, and kept for its user alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata.api.places import resolved
from opendata.errors import PortalError, UsageError
from opendata.messages import _

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Target


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A token that was tried and kept: for which target, in which file, and what it may publish to."""

    target: str
    file: Path
    organizations: tuple[str, ...]


def login(to: str, token: str) -> SignedIn:
    """Try that a token may publish to a portal, and keep it in a file that its user alone can read.

    Raises:
        UsageError: no such portal, what was given is no token, or an environment variable stands over what is kept.
        PortalError: the portal cannot be asked, does not accept the token, or lets it read only.
        DiskError: the token cannot be kept.
    """
    from opendata.publishing import tokens
    from opendata.publishing.targets import publisher

    target = portal(to)
    secret = tokens.token(token, target.location)
    organizations = publisher(replace(target, token=secret)).owners()
    if not organizations:
        remedy = _("Ask whoever keeps the portal to make you an editor of your department's organisation.")
        raise PortalError(_("The portal knows the token, but lets it read only."), target.location, remedy)
    return SignedIn(target.name, tokens.keep(target, secret), organizations)


def portal(to: str) -> Target:
    """The portal to sign in at; nothing is asked of it.

    Raises:
        UsageError: no such portal, or an environment variable stands over what would be kept.
    """
    from opendata.publishing.targets import is_remote
    from opendata.publishing.tokens import refuse_variable

    target = resolved(to)
    if not is_remote(target):
        what = _("A folder needs no token: whoever may write it may publish to it.")
        raise UsageError(what, to, _("Give the address of a portal, such as https://data.example.vn"))
    refuse_variable(target)
    return target
