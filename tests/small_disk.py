"""A filesystem of a few kilobytes beneath folders that are there already, to see what happens when it is full.

    with SmallDisk(tmp_path / "disk") as disk:
        disk.carry(portal / "storage/resources/0a1")        # what lies in it stays where it was, for everybody
        disk.fill()
        ...                                                 # a write there fails: no space left on device
        disk.free()

Only root may mount, and only on Linux: elsewhere `SmallDisk` raises `NoMountError`, which says why.
"""

from __future__ import annotations

import errno
import shutil
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

KILOBYTES = 512
_PIECE = b"\0" * 4096


class NoMountError(Exception):
    """This machine lets us mount nothing; says why."""


class SmallDisk:
    """The filesystem, mounted at `place` for as long as the block runs. Whatever happens, it is unmounted."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._filler = place / "filler"
        self._ending = ExitStack()

    def __enter__(self) -> Self:
        self._place.mkdir()
        self._mount(self._place, "-t", "tmpfs", "-o", f"size={KILOBYTES}k,mode=755", "tmpfs")
        return self

    def __exit__(self, *_fault: object) -> None:
        self._ending.close()

    def carry(self, folder: Path) -> None:
        """Have what lies below the folder, now and later, lie on this disk; at the end it lies where it lay."""
        mine = self._place / folder.name
        if mine.exists():
            return
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder, mine)
        self._ending.callback(shutil.copytree, mine, folder, dirs_exist_ok=True)
        self._mount(folder, "--bind", str(mine))

    def fill(self) -> None:
        """Leave no room on it for one byte more."""
        try:
            with self._filler.open("ab", buffering=0) as file:
                while file.write(_PIECE):
                    pass
        except OSError as full:
            if full.errno != errno.ENOSPC:
                raise

    def free(self) -> None:
        self._filler.unlink(missing_ok=True)

    def _mount(self, place: Path, *words: str) -> None:
        try:
            subprocess.run(["mount", *words, str(place)], check=True, capture_output=True, text=True)
        except FileNotFoundError as error:
            message = f"mounting a small disk: {error}"
            raise NoMountError(message) from error
        except subprocess.CalledProcessError as error:
            message = f"mounting a small disk is not permitted here: {error.stderr.strip()}"
            raise NoMountError(message) from error
        # Lazily: whoever has a file of it open keeps that, and nobody else sees it any more.
        self._ending.callback(subprocess.run, ["umount", "--lazy", str(place)], check=True)
