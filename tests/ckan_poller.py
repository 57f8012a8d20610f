"""A visitor who asks for datasets over and over while something happens, and says what nobody should have met.

    with polled(url, {"paddy": [first, second], "gives--shared": []}) as diary:
        ...
    assert diary.findings == []

Each time a dataset is public it must show every file of one of its versions, the bytes met must be those of a version,
and each file's `opendata_sha256` must be its bytes' own. Where it is not, the portal may be in the middle of its own
transaction, which puts new bytes in place before it commits what it tells of them: it is given `PATIENCE`. A dataset
that has no version is not to be seen. Like the visitor, this shares nothing with the publisher that it judges.

One thing that CKAN does by itself is told apart: its web framework takes the length of a file and then opens it, and
where it is replaced in between, sends the new bytes cut to the old length. Just those, bytes of a version cut to the
length of another that was met, are no finding; they too must be right again within `PATIENCE`.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from ckan_visitor import Anonymous

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from opendata.model import BuiltPackage

Json = dict[str, Any]
Version = dict[str, str]
"""The SHA-256 of each file of an edition by its path, without the descriptor, which tells addresses."""

Seen = dict[str, tuple[str | None, bytes | None]]
"""What a visitor was told of each file (its SHA-256), and the bytes that came; None for none."""

DESCRIPTOR = "datapackage.json"
PATIENCE = 2.0
"""Seconds within which what a portal tells of a file and its bytes must agree again."""
PAUSE = 0.1


@dataclass
class Diary:
    """What a visitor met: (dataset, path, SHA-256 of its bytes), and what is wrong with it, each in a line.

    `right` are the bytes that were of a version, by dataset and path; `strange` those that were of none.
    """

    met: set[tuple[str, str, str]] = field(default_factory=set)
    findings: list[str] = field(default_factory=list)
    right: dict[tuple[str, str], set[bytes]] = field(default_factory=dict)
    strange: list[tuple[str, str, bytes]] = field(default_factory=list)

    def close(self) -> None:
        """Find the strange bytes that were not cut by the portal itself: that is known once all versions were met."""
        for name, path, content in self.strange:
            if not _is_cut(content, self.right.get((name, path), set())):
                self.findings.append(f"{name}: {path} has the bytes of no version")


@contextmanager
def polled(url: str, expected: Mapping[str, Sequence[Version]]) -> Iterator[Diary]:
    """Poll the datasets of these names while the block runs, and once more at its end."""
    diary, ended = Diary(), threading.Event()
    poller = threading.Thread(target=_poll, args=(url, expected, diary, ended), daemon=True)
    poller.start()
    try:
        yield diary
    finally:
        ended.set()
        poller.join()
        diary.close()


def version_of(package: BuiltPackage) -> Version:
    return {file.path: file.sha256 for file in package.files}


def versions_in(folder: Path) -> dict[str, Version]:
    """The version of each dataset in a folder that `opendata build` wrote, by name."""
    return {
        place.parent.name: {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in place.parent.rglob("*")
            if path.is_file() and path.name != DESCRIPTOR
        }
        for place in folder.glob(f"*/{DESCRIPTOR}")
    }


def _poll(url: str, expected: Mapping[str, Sequence[Version]], diary: Diary, ended: threading.Event) -> None:
    last = False
    with Anonymous(url) as visitor:
        visitor.headers["Connection"] = "close"  # a portal that ends one kept open would look like one that fails
        while not last:
            last = ended.is_set()
            for name, versions in expected.items():
                try:
                    _look(visitor, name, versions, diary)
                except Exception as error:  # noqa: BLE001 - whatever goes wrong for a visitor is a finding
                    diary.findings.append(f"{name}: {error!r:.500}")


def _look(visitor: Anonymous, name: str, versions: Sequence[Version], diary: Diary) -> None:
    """Look at a dataset once; again, for a short while, where what is told of its files is not what came."""
    end = time.monotonic() + PATIENCE
    while (seen := _seen(visitor, name)) is not None:
        diary.findings += [f"{name}: {text}" for text in _wrong(seen, versions)]
        _note(name, seen, versions, diary)
        others = [path for path, (told, content) in seen.items() if content is not None and told != _sha256(content)]
        if not others:
            return
        if time.monotonic() > end:
            diary.findings.append(f"{name}: for {PATIENCE:g} s, others than the bytes told of {', '.join(others)}")
            return
        time.sleep(PAUSE)


def _seen(visitor: Anonymous, name: str) -> Seen | None:
    """The files of a dataset, each with what is told of it and its bytes; None where it is not public."""
    shown = _shown(visitor, name)
    if shown is None:
        return None
    files = [item for item in shown["resources"] if item.get("opendata_path")]
    seen = {item["opendata_path"]: (item.get("opendata_sha256"), _content(visitor, item)) for item in files}
    if any(content is None for _told, content in seen.values()) and _shown(visitor, name) is None:
        return None  # it was hidden in between
    return seen


def _shown(visitor: Anonymous, name: str) -> Json | None:
    with visitor.look(f"/api/3/action/package_show?{urlencode({'id': name})}") as page:
        if page.status_code in {403, 404}:
            return None
        page.raise_for_status()
        found: Json = page.json()["result"]
        return found


def _content(visitor: Anonymous, file: Json) -> bytes | None:
    if not file["url"]:
        return None
    with visitor.look(urlsplit(file["url"]).path, stream=True) as page:
        page.raw.enforce_content_length = False  # what breaks off is judged by the bytes that came
        return page.content if page.status_code == 200 else None


def _wrong(seen: Seen, versions: Sequence[Version]) -> list[str]:
    """What is wrong with it at whatever moment it is seen."""
    if not versions:
        return ["it is not to be seen"]
    told = [f"no bytes of {path}" for path, (_told, content) in seen.items() if content is None]
    if not any(seen.keys() == version.keys() | {DESCRIPTOR} for version in versions):
        told.append(f"it shows {sorted(seen)}")
    return told


def _note(name: str, seen: Seen, versions: Sequence[Version], diary: Diary) -> None:
    """Note what bytes were met of a dataset that has versions."""
    for path, (_told, content) in seen.items():
        if content is None:
            continue
        diary.met.add((name, path, _sha256(content)))
        if _is_known(content, path, versions):
            diary.right.setdefault((name, path), set()).add(content)
        elif versions:
            diary.strange.append((name, path, content))


def _is_known(content: bytes, path: str, versions: Sequence[Version]) -> bool:
    if path == DESCRIPTOR:
        return _says(content) in versions
    return _sha256(content) in {version.get(path) for version in versions}


def _is_cut(content: bytes, right: set[bytes]) -> bool:
    """True where it is the beginning of a version, as long as another one."""
    lengths = {len(other) for other in right}
    return len(content) in lengths and any(other.startswith(content) for other in right)


def _says(content: bytes | None) -> Version | None:
    """The version that a descriptor tells of; None where it is none."""
    try:
        tables = json.loads(content or b"")["resources"]
        files = [file for table in tables for file in (table, *table.get("alternates", ()))]
        return {_name(file["path"]): file["hash"].removeprefix("sha256:") for file in files}
    except (ValueError, KeyError, TypeError):
        return None


def _name(address: str) -> str:
    return PurePosixPath(urlsplit(address).path).name


def _sha256(content: bytes | None) -> str:
    return hashlib.sha256(content or b"").hexdigest()
