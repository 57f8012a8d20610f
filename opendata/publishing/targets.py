"""Where to publish to, as users name it, and the publisher that serves the place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opendata import files
from opendata.errors import UsageError
from opendata.messages import _
from opendata.model import Target

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.metadata import EntryPoint

    from opendata.publishing.port import Publisher

GROUP = "opendata.publishers"
SETTINGS = "opendata.toml"
KEYS = ("url", "publisher", "organization", "token_env", "token_file", "ca_bundle")


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
        return Target(text, "ckan", _address(text))
    if "/" in text or "\\" in text or re.match(r"[A-Za-z]:", text) or text in {".", ".."}:
        return Target(text, "site", str(Path(text).expanduser()))
    return _named(text, folder)


def publisher(target: Target) -> Publisher:
    """The publisher for a target, made by the installed distribution that offers it.

    Raises:
        UsageError: none of that name is installed; those that are stand in the remedy.
        PortalError: the place cannot be one, or holds something else.
    """
    found = _installed()
    if target.publisher not in found:
        what = _('No publisher named "{name}" is installed.').format(name=target.publisher)
        remedy = _("Installed are: {names}.").format(names=", ".join(sorted(found)) or "–")
        raise UsageError(what, target.name, remedy)
    made: Publisher = found[target.publisher].load()(target)
    return made


def _installed() -> dict[str, EntryPoint]:
    from importlib.metadata import entry_points

    return {point.name: point for point in entry_points(group=GROUP)}


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, secret = parts.hostname, parts.username or parts.password
    except ValueError:
        raise _no_address(text) from None
    if secret:
        remedy = _("Leave it out of the address; tokens come from the environment or a file.")
        raise UsageError(_("The address of a portal holds a password or token."), host or "", remedy)
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
    import tomllib

    with files.disk(path):
        content = path.read_bytes()
    try:
        targets = tomllib.loads(content.decode()).get("targets", {})
    except ValueError as fault:
        remedy = _("Mend the file at the place that is named.")
        raise UsageError(_("This file is not TOML: {fault}").format(fault=fault), str(path), remedy) from None
    if not isinstance(targets, dict):
        raise _wrong(path, "targets")
    return targets


def _target(name: str, table: object, path: Path) -> Target:
    where = f"targets.{name}"
    if not isinstance(table, dict):
        raise _wrong(path, where)
    for key, value in table.items():
        if key not in KEYS or not isinstance(value, str):
            raise _wrong(path, f"{where}.{key}")
    if "url" not in table:
        raise UsageError(_("The target {name} has no url.").format(name=name), str(path), _("Add a line: url = …"))
    url = table["url"]
    remote = "://" in url
    return Target(
        name=name,
        publisher=table.get("publisher") or ("ckan" if remote else "site"),
        location=_address(url) if remote else str(path.parent / Path(url).expanduser()),
        organization=table.get("organization"),
        token_env=table.get("token_env"),
        token_file=table.get("token_file"),
        ca_bundle=table.get("ca_bundle"),
    )


def _wrong(path: Path, key: str) -> UsageError:
    remedy = _("A target has these keys, each with a text: {keys}.").format(keys=", ".join(KEYS))
    return UsageError(_("Not understood in opendata.toml: {key}").format(key=key), str(path), remedy)
