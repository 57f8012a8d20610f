"""Reading what lies in a portal folder, which anybody may have put there: bounded, and never through a link."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from opendata import files
from opendata.model import Json, as_object, parsed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

LIMIT = 64 << 20
"""Bytes: no descriptor or marker of ours is longer."""

PLAIN = re.compile(r"[^/\\:\x00-\x1f]{1,200}")


def read_bytes(path: Path) -> bytes | None:
    """The bytes of a plain file; None where there is none, or a link, or too much of it.

    Raises:
        DiskError: it is there but cannot be read.
    """
    return _of_plain(path, lambda stream: stream.read() if os.fstat(stream.fileno()).st_size <= LIMIT else None)


def read_json(path: Path) -> Json | None:
    """The JSON object in a plain file; None where there is none.

    Raises:
        DiskError: it is there but cannot be read.
    """
    content = read_bytes(path)
    return None if content is None else parse(content)


def parse(content: bytes) -> Json | None:
    """The JSON object of these bytes, or None."""
    return as_object(parsed(content)) or None


def sha256(path: Path) -> str | None:
    """The SHA-256 of a plain file; None where there is none, or a link.

    Raises:
        DiskError: it is there but cannot be read.
    """
    return _of_plain(path, files.sha256_of)


def _of_plain(path: Path, read: Callable[[BinaryIO], T]) -> T | None:
    """What is read of a plain file; None where there is none (any more), or a link."""
    if path.is_symlink() or not files.regular(path):
        return None
    with files.disk(path):
        try:
            with path.open("rb") as stream:
                return read(stream)
        except FileNotFoundError:
            return None


def plain_name(name: str) -> bool:
    """True where a name is that of one file, on any system.

    >>> [plain_name(name) for name in ("area.csv", "../a", "a/b", "..", "c:a", "")]
    [True, False, False, False, False, False]
    """
    return PLAIN.fullmatch(name) is not None and name not in {".", ".."}
