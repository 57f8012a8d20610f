"""The index of a portal folder: its pages, made anew when what they list changed, and only then."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from opendata import files
from opendata.messages import _
from opendata.model import canonical
from opendata_site import marker
from opendata_site.listing import listed
from opendata_site.look import PAGES, STYLE, look, style
from opendata_site.looking import public
from opendata_site.pages import index_pages
from opendata_site.placing import put
from opendata_site.reading import read_bytes, sha256

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.model import Json
    from opendata_site.marker import Marker


def refresh(root: Path) -> None:
    """Bring the index up to date with the datasets that lie in the folder; what is right is not written again.

    Call it only while holding the lock. The marker that says what the index lists is written last.

    Raises:
        DiskError: it could not be written.
    """
    held = marker.read(root) or marker.Marker()
    lines = _lines(root)
    contents = {**index_pages(lines), STYLE: style()}
    for name, content in contents.items():
        put(root / name, content)
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    marker.write(root, replace(held, listed=_digest(lines), index=digests))


def faults(root: Path, held: Marker) -> tuple[str, ...]:
    """What is wrong with the index and the folder itself; `refresh`, after a sweep, puts it right.

    Raises:
        DiskError: the folder cannot be read.
    """
    found = []
    with files.disk(root):
        if any(root.glob(f"{files.ASIDE}*")):
            found.append(_("A run that was stopped left files behind."))
    if held.listed != _digest(_lines(root)):
        found.append(_("The index is not up to date."))
    elif any(sha256(root / name) != held.index.get(name) for name in (*PAGES, STYLE)):
        found.append(_("The index is missing or was altered."))
    return tuple(found)


def mentions(root: Path, name: str) -> list[str]:
    """The pages of the index that lead to a dataset.

    Raises:
        DiskError: a page cannot be read.
    """
    return [page for page in PAGES if f'"{name}/'.encode() in (read_bytes(root / page) or b"")]


def _lines(root: Path) -> tuple[Json, ...]:
    return tuple(listed(name, found.descriptor) for name, found in public(root))


def _digest(lines: Sequence[Json]) -> str:
    return hashlib.sha256(canonical([look(), *lines])).hexdigest()
