"""Long-running processes of a portal: each in a session of its own, known again by number and time of start."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ckan_portal.trouble import TroubleError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MARK = "OPENDATA_PORTAL_OF"
"""The variable that tells of which folder a process is, inherited by whatever it starts."""

PASSED_ON = ("PATH", "HOME", "LANG", "TMPDIR", "JAVA_HOME")


@dataclass(frozen=True, slots=True)
class Process:
    """A service of the portal in `folder`."""

    folder: Path
    name: str
    ending: signal.Signals = signal.SIGTERM

    @property
    def log(self) -> Path:
        return self.folder / "log" / self.name

    @property
    def pid_file(self) -> Path:
        return self.folder / "run" / f"{self.name}.pid"

    @property
    def pid(self) -> int | None:
        """Its number while it runs; a number that another process has by now is not its own."""
        try:
            number, born = self.pid_file.read_text(encoding="ascii").split()
        except (FileNotFoundError, ValueError):
            return None
        return int(number) if birth(int(number)) == born else None

    def start(self, command: Sequence[str | Path], *, user: str = "", **variables: str) -> None:
        """Start it, unless it runs; nothing of this terminal, and little of its environment, goes along."""
        if self.pid:
            return
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=environment() | variables | {MARK: str(self.folder)},
                start_new_session=True,
                **other_user(user),
            )
        self.pid_file.write_text(f"{child.pid} {birth(child.pid)}\n", encoding="ascii")
        child.returncode = 0  # it outlives us: nobody is to warn that it still runs

    def stop(self, seconds: float = 10) -> bool:
        """End it and all of its group. False where it did not run."""
        number = self.pid
        if number:
            _signal_group(number, self.ending)
            if not eventually(lambda: self.pid is None, seconds):
                _signal_group(number, signal.SIGQUIT)
                eventually(lambda: self.pid is None, 1)
            _signal_group(number, signal.SIGKILL)
            eventually(lambda: self.pid is None, 5)
        self.pid_file.unlink(missing_ok=True)
        return number is not None

    def wait(self, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Until it is ready; an error with the end of its log where it dies or takes too long."""
        if eventually(lambda: ready() or self.pid is None, seconds) and self.pid:
            return
        fate = "takes too long" if self.pid else "ended"
        message = f"{self.name} {fate}; the end of {self.log}:\n{tail(self.log)}"
        raise TroubleError(message)


def stop_strays(folder: Path) -> None:
    """End what the services left: the worker does a job in a session that no signal to the worker's group reaches."""
    mark = f"{MARK}={folder}".encode()
    for entry in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):  # ended since, or somebody else's
            if mark in entry.read_bytes().split(b"\0"):
                os.kill(int(entry.parent.name), signal.SIGKILL)


def eventually(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether it comes true within that time."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def birth(number: int) -> str:
    """When the process of that number started, in the kernel's ticks; empty where none lives."""
    try:
        state, *rest = Path(f"/proc/{number}/stat").read_bytes().rpartition(b")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if state in b"ZX" else rest[18].decode("ascii")


def environment() -> dict[str, str]:
    """What a service gets of ours: no proxy, no PYTHONPATH, nothing that CKAN would read as its own."""
    passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return passed | {"PYTHONNOUSERSITE": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def other_user(name: str) -> dict[str, Any]:
    """The words that make `subprocess` run as that user, where we are root and may."""
    if not name or os.getuid() != 0:
        return {}
    entry = pwd.getpwnam(name)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def run(command: Sequence[str | Path], doing: str, **more: Any) -> str:  # noqa: ANN401 - as subprocess has it
    """Run a command to its end; its output, or an error that shows the last of what it said."""
    more = {"text": True, "capture_output": True, **more}
    done = subprocess.run([str(word) for word in command], check=False, **more)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        message = f"{doing} failed:\n{said}"
        raise TroubleError(message)
    return str(done.stdout)


def tail(log: Path, lines: int = 12) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def _signal_group(number: int, what: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(number, what)
