"""Organisations, users, tokens and groups, made by the sysadmin's calls."""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from ckan_portal.actions import RefusedError

if TYPE_CHECKING:
    from ckan_portal.actions import Caller


def make_organisation(sysadmin: Caller, name: str, title: str = "") -> str:
    """A new organisation's id."""
    return str(sysadmin("organization_create", name=name, title=title or name)["id"])


def make_user(sysadmin: Caller, name: str, organisation: str, capacity: str) -> str:
    """A new user with a place in the organisation (admin, editor or member); its API token. Never a sysadmin."""
    sysadmin("user_create", name=name, email=f"{name}@example.org", password=secrets.token_hex(12))
    sysadmin("organization_member_create", id=organisation, username=name, role=capacity)
    return make_token(sysadmin, name)


def make_token(sysadmin: Caller, user: str) -> str:
    return str(sysadmin("api_token_create", user=user, name=secrets.token_hex(4))["token"])


def make_dead_token(sysadmin: Caller, user: str) -> str:
    """A token that was valid once. It is revoked: CKAN treats one that ran out alike, as no token at all."""
    token = make_token(sysadmin, user)
    sysadmin("api_token_revoke", token=token)
    return token


def make_group(sysadmin: Caller, name: str, *members: str) -> str:
    """The id of the group of that name, made where there is none, with those users as its members too."""
    with suppress(RefusedError):  # there already
        sysadmin("group_create", name=name, title=name)
    for user in members:
        sysadmin("group_member_create", id=name, username=user, role="member")
    return str(sysadmin("group_show", id=name)["id"])
