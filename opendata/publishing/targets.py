"""Where to publish to, as users name it, and the publisher that serves the place."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opendata import files
from opendata.errors import UsageError
from opendata.messages import _
from opendata.model import Target
from opendata.publishing import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.metadata import EntryPoint

    from opendata.publishing.port import Publisher

GROUP = "opendata.publishers"
SETTINGS = "opendata.toml"
KEYS = ("url", "publisher", "organization", "token_env", "token_file", "ca_bundle", "max_upload")
REMOTE = {"ckan": True, "site": False}
"""Publishers of ours: True for one whose portals have an address, False for one that writes a folder."""
MEGABYTE = 1 << 20


def resolve(text: str, folder: Path) -> Target:
    r"""The target that a user named: a path with a separator, an address, or a name from opendata.toml.

    `folder` is where opendata.toml is looked for, then in each folder above it.

    Raises:
        UsageError: no such name, an address that is none, settings with an unknown key.
        DiskError: opendata.toml cannot be read.

    >>> resolve("./portal", Path()).publisher, resolve("https://data.example.vn", Path()).publisher
    ('site', 'ckan')
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", text):
        return Target(text, "ckan", _address(text), organizations=_organizations(folder))
    if "/" in text or "\\" in text or re.match(r"[A-Za-z]:", text) or text in {".", ".."}:
        return Target(text, "site", str(Path(text).expanduser()))
    return _named(text, folder)


def publisher(target: Target, *, reading: bool = False) -> Publisher:
    """The publisher for a target, made by the installed distribution that offers it, with the target's token.

    For `reading` at an address that opendata.toml does not name it has none: any address can be typed or pasted, and
    open data need no token.

    Raises:
        UsageError: none of that name is installed; those that are stand in the remedy. A token that is none.
        PortalError: the place cannot be one, or holds something else. The file of a token that others can read.
    """
    found = _installed()
    if target.publisher not in found:
        what = _('No publisher named "{name}" is installed.').format(name=target.publisher)
        remedy = _("Installed are: {names}.").format(names=", ".join(sorted(found)) or "–")
        raise UsageError(what, target.name, remedy)
    asked = is_remote(target) and not (reading and target.name == target.location)
    token = target.token or (tokens.find(target) if asked else None)
    made: Publisher = found[target.publisher].load()(replace(target, token=token))
    return made


def is_remote(target: Target) -> bool:
    """True where a target is reached by an address, not on the disk."""
    return "://" in target.location


def said(name: str, address: str) -> str:
    """A target as people are told of it: its name and, where that does not say it, where it stands.

    >>> said("province", "https://data.example.vn"), said("./portal", "portal")
    ('province (https://data.example.vn)', './portal')
    """
    return name if not address or Path(name) == Path(address) else f"{name} ({address})"


def _installed() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP)}


def _address(text: str) -> str:
    if "@" in text:  # before anything else: what stands before it must not be shown, whatever it is taken for
        remedy = _("Leave it out of the address; tokens come from the environment or a file.")
        raise UsageError(_("The address of a portal holds a password or token."), text.rpartition("@")[2], remedy)
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname, parts.port  # each may be found wanting
    except ValueError:
        raise _no_address(text) from None
    if not host or parts.scheme not in {"http", "https"}:
        raise _no_address(text)
    return text


def _no_address(text: str) -> UsageError:
    what = _("This is not the address of a portal: {address}").format(address=text)
    return UsageError(what, "", _("Write it like https://data.example.vn"))


def _named(name: str, folder: Path) -> Target:
    for path in _settings(folder):
        table = _targets(path).get(name)
        if table is not None:
            return _target(name, table, path)
    what = _("No target has the name {name}.").format(name=name)
    remedy = _("For a folder write ./{name}; for a portal name it in opendata.toml, under [targets.{name}].")
    raise UsageError(what, str(folder), remedy.format(name=name))


def _settings(folder: Path) -> Iterator[Path]:
    here = folder.resolve()
    return (place / SETTINGS for place in (here, *here.parents) if (place / SETTINGS).is_file())


def _targets(path: Path) -> Mapping[str, object]:
    return _table(path, "targets")


def _organizations(folder: Path) -> Mapping[str, str]:
    """The portal's names for agency codes, from the nearest opendata.toml that has any."""
    for path in _settings(folder):
        table = _table(path, "organizations")
        for code, name in table.items():
            if not isinstance(name, str):
                raise _wrong(path, f"organizations.{code}")
        if table:
            return {code: str(name) for code, name in table.items()}
    return {}


def _table(path: Path, key: str) -> Mapping[str, object]:
    import tomllib

    with files.disk(path):
        content = path.read_bytes()
    try:
        table = tomllib.loads(content.decode()).get(key, {})
    except ValueError as fault:
        remedy = _("Mend the file at the place that is named.")
        raise UsageError(_("This file is not TOML: {fault}").format(fault=fault), str(path), remedy) from None
    if not isinstance(table, dict):
        raise _wrong(path, key)
    return table


def _target(name: str, table: object, path: Path) -> Target:
    where = f"targets.{name}"
    if not isinstance(table, dict):
        raise _wrong(path, where)
    for key, value in table.items():
        if key not in KEYS or not (_is_size(value) if key == "max_upload" else isinstance(value, str)):
            raise _wrong(path, f"{where}.{key}")
    if "url" not in table:
        raise UsageError(_("The target {name} has no url.").format(name=name), str(path), _("Add a line: url = …"))
    url = table["url"]
    remote = "://" in url
    served_by = table.get("publisher") or ("ckan" if remote else "site")
    if REMOTE.get(served_by, remote) is not remote:
        raise _misplaced(path, f"{where}.url", remote=remote)
    return Target(
        name=name,
        publisher=served_by,
        location=_address(url) if remote else str(path.parent / Path(url).expanduser()),
        organization=table.get("organization"),
        token_env=table.get("token_env"),
        token_file=_of_token(path, f"{where}.token_file", table.get("token_file")),
        ca_bundle=_beside(path, table.get("ca_bundle")),
        max_upload=table["max_upload"] * MEGABYTE if "max_upload" in table else None,
        organizations=_organizations(path.parent),
    )


def _misplaced(path: Path, key: str, *, remote: bool) -> UsageError:
    what = _("The publisher site writes a folder, and {key} is an address.")
    if not remote:
        what = _("The publisher ckan serves an address, and {key} is a folder.")
    remedy = _("Correct the url, or take the line publisher = … out: it follows from the url.")
    return UsageError(what.format(key=key), str(path), remedy)


def _is_size(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _beside(path: Path, file: str | None) -> str | None:
    """A file that opendata.toml names, from where that lies."""
    return None if file is None else str(path.parent / Path(file).expanduser())


def _of_token(path: Path, key: str, file: str | None) -> str | None:
    found = _beside(path, file)
    if found is not None and Path(found).is_dir():
        what = _("{key} names a folder, not a file: {name}").format(key=key, name=found)
        raise UsageError(what, str(path), _("Give the name of a file; opendata login makes it."))
    return found


def _wrong(path: Path, key: str) -> UsageError:
    remedy = _("A target has these keys, each with a text, max_upload with a number of megabytes: {keys}.")
    remedy = remedy.format(keys=", ".join(KEYS))
    return UsageError(_("Not understood in opendata.toml: {key}").format(key=key), str(path), remedy)
