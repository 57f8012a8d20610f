"""The SHA-256 of files, taken from the pieces as they are read for another purpose."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from opendata import files
from opendata.model.digest import told
from opendata.sources.opened import opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from opendata.model import Place


class FileDigest:
    """The digest of files one after another, of which each byte is told once, in order."""

    def __init__(self, parts: Sequence[tuple[Path, Place]]) -> None:
        """Nothing is opened yet."""
        self._parts = parts
        self._sha256 = hashlib.sha256()
        self._ended = 0
        self._seen = 0

    def update(self, piece: bytes) -> None:
        """The next bytes of the file that is being read; none: it has ended, and the next one follows."""
        self._sha256.update(piece)
        self._seen = self._seen + len(piece) if piece else 0
        self._ended += not piece

    def digest(self) -> str:
        """The digest of what was told and of all that was not told yet, which is read now.

        Raises:
            SourceError: it cannot be read.
        """
        while self._ended < len(self._parts):
            with opened(*self._parts[self._ended]) as stream:
                stream.seek(self._seen)
                while piece := stream.read(files.CHUNK):
                    self.update(piece)
                self.update(b"")
        return told(self._sha256.hexdigest())
