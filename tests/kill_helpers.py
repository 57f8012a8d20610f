"""Killing a run of ours for good (SIGKILL), at a chosen moment. POSIX only: callers skip elsewhere."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

WRITES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir"})
posix = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL, which this system does not have")


def killed_before_write(number: int, act: Callable[[], object]) -> bool:
    """Run `act` in a process of its own, killed just before it changes the disk the `number`-th time.

    False where it ended before that; it must have ended well then.
    """

    def counted() -> None:
        left = number

        def hook(event: str, args: tuple[object, ...]) -> None:
            nonlocal left
            if event in WRITES or (event == "open" and _writes(args)):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(hook)
        act()

    status = _ended(started(counted))
    assert status in {0, -signal.SIGKILL}
    return status != 0


def killed_after(seconds: float, act: Callable[[], object]) -> None:
    """Run `act` in a process of its own, and kill it after that time."""
    process = started(act)
    time.sleep(seconds)
    os.kill(process, signal.SIGKILL)
    assert _ended(process) == -signal.SIGKILL


def started(act: Callable[[], object]) -> int:
    """A process of its own that does `act` and ends; its number."""
    process = os.fork()
    if process:
        return process
    try:
        act()
    except BaseException:  # noqa: BLE001 - whatever it is, it must not go on in the child of a test run
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended_well(process: int) -> bool:
    """True where that process ended by itself, in good order."""
    return _ended(process) == 0


def _ended(process: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _writes(args: tuple[object, ...]) -> bool:
    flags = args[2] if len(args) > 2 else 0
    return isinstance(flags, int) and bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
