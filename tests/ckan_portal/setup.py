"""What a portal is made of: its version, plugins, ports and addresses, kept in its folder between runs."""

from __future__ import annotations

import dataclasses
import json
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ckan_portal.needs import free_base
from ckan_portal.trouble import TroubleError

if TYPE_CHECKING:
    from pathlib import Path

GUNICORN = "gunicorn==27.0.1"
EXTENSIONS = ("ckanext-dcat==2.4.4", "ckanext-xloader==2.6.0")
FULL = ("activity", "datastore", "datatables_view", "text_view", "dcat", "structured_data", "xloader")
BARE = ("activity", "text_view")
KEPT = "portal.json"


@dataclass(frozen=True, slots=True)
class Setup:
    """One portal. Everything it holds lies below `folder`."""

    folder: Path
    ckan: str = "2.12.0"
    bare: bool = False
    port_base: int = field(default_factory=free_base)
    max_upload: int = 2000
    site_url: str = ""
    secret: str = field(default_factory=lambda: secrets.token_hex(24), repr=False)

    @property
    def plugins(self) -> tuple[str, ...]:
        return BARE if self.bare else FULL

    @property
    def ports(self) -> dict[str, int]:
        """The port of each service that listens."""
        return {
            "web": self.port_base,
            "redis": self.port_base + 1,
            "postgres": self.port_base + 2,
            "solr": self.port_base + 3,
        }

    @property
    def url(self) -> str:
        """Where it answers on this machine."""
        return f"http://127.0.0.1:{self.port_base}"

    @property
    def told_url(self) -> str:
        """Where it says that it is: in the addresses of its files, say."""
        return self.site_url or self.url

    @property
    def token_file(self) -> Path:
        return self.folder / "token"

    @property
    def token(self) -> str:
        """The sysadmin's API token; empty before there is one."""
        return self.token_file.read_text(encoding="ascii").strip() if self.token_file.is_file() else ""

    @property
    def ini(self) -> Path:
        return self.folder / "ckan.ini"

    @property
    def installs(self) -> tuple[tuple[str, ...], ...]:
        """The packages, in the order of installing: what xloader asks for disagrees with what CKAN pins."""
        core = (f"ckan[requirements]=={self.ckan}", GUNICORN)
        return (core,) if self.bare else (core, EXTENSIONS)


def kept(folder: Path) -> Setup:
    """The portal that lies in the folder."""
    try:
        values = json.loads((folder / KEPT).read_bytes())
    except FileNotFoundError:
        message = f"No portal lies in {folder}. Make one: python tests/ckan_portal/portal.py up {folder}"
        raise TroubleError(message) from None
    return Setup(folder=folder, **values)


def wanted(folder: Path, asked: dict[str, Any]) -> Setup:
    """The portal of the folder with what was asked for, or a new one; what is not asked for (None) stays."""
    given = {name: value for name, value in asked.items() if value is not None}
    if not (folder / KEPT).is_file():
        return Setup(folder=folder, **given)
    before = kept(folder)
    after = dataclasses.replace(before, **given)
    if (before.ckan, before.bare) != (after.ckan, after.bare):
        kind = "bare" if before.bare else "with its extensions"
        message = f"{folder} holds CKAN {before.ckan} ({kind}). Name another folder, or stop it and remove the folder."
        raise TroubleError(message)
    return after


def keep(setup: Setup) -> None:
    values = {name: value for name, value in dataclasses.asdict(setup).items() if name != "folder"}
    write_secret(setup.folder / KEPT, json.dumps(values, indent=1) + "\n")


def write_secret(path: Path, text: str) -> None:
    """A file that only its owner reads, whole or not there."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
