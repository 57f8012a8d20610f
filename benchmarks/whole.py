"""A whole process, from its start to its end: seconds, CPU seconds and memory, as the system counts them. No Windows.

The caller is to stay small: until a child has become the program that it is to be, its memory is the caller's.
"""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

TAIL = 2000
"""How much of what a failed process said is told."""


class FailedError(Exception):
    """A process ended otherwise than it should."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What a process took. `peak`: bytes of memory of the largest process of its tree, at its largest.

    `printed`: how often the word that was looked for stands in its output.
    """

    seconds: float
    cpu: float
    peak: int
    printed: int = 0


def run(
    words: Sequence[str], folder: Path, environment: Mapping[str, str], codes: Collection[int] = (0,), word: bytes = b""
) -> Figures:
    """Run a program in a folder, and count the lines of its output that hold `word`.

    Raises:
        FailedError: it ended with another status than `codes`.
    """
    with TemporaryFile() as out, TemporaryFile() as err:
        begun = time.perf_counter()
        child = subprocess.Popen(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        try:
            _pid, status, usage = os.wait4(child.pid, 0)
        except BaseException:
            child.kill()
            child.wait()
            raise
        seconds = time.perf_counter() - begun
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in codes:
            message = f"status {child.returncode} of {' '.join(words)}\n{_end(out)}{_end(err)}"
            raise FailedError(message)
        cpu = usage.ru_utime + usage.ru_stime
        return Figures(seconds, cpu, usage.ru_maxrss << 10, _count(out, word) if word else 0)


def _count(out: IO[bytes], word: bytes) -> int:
    out.seek(0)
    return sum(word in line for line in out)


def _end(stream: IO[bytes]) -> str:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - TAIL))
    return stream.read().decode(errors="replace")
