"""One step of one tool, in a process of its own: its figures, or its requests as a proxy counts them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Self

import house
from fault_proxy import FaultProxy

if TYPE_CHECKING:
    from fault_proxy import Record
    from publishing.task import Task

STEPS = {"new": "base", "again": "base", "changed": "changed"}
"""The steps in their order, and which version of the material each publishes."""
SESSION = frozenset({"status_show", "user_show", "organization_list_for_user", "group_list_authz"})
"""What is asked once in a run, however many datasets there are."""
HERE = Path(__file__).parent
PAUSE = 0.5
"""Seconds between two looks at the peaks of a tool's processes: few, since each look costs CPU that the tool wants."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that publishes. `ours`: it publishes packages; the others publish CSV files.

    `blind`: it sends all of it again, whatever changed: so the step "changed" is no other than "again".
    """

    name: str
    script: str
    ours: bool = False
    jobs: int = 1
    blind: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """Requests by what they are for. `checks` read back what was written, downloads among them."""

    writes: int = 0
    state: int = 0
    checks: int = 0
    session: int = 0
    sent: int = 0

    @property
    def requests(self) -> int:
        """All of them."""
        return self.writes + self.state + self.checks + self.session


@dataclass(frozen=True, slots=True)
class Figures:
    """What a step took: seconds, those of the CPU in the tool and in the portal, bytes of memory."""

    seconds: float
    cpu: float
    peak: int
    more: dict[str, Any]
    portal: float = 0.0


def run(tool: Tool, task: Task, python: str) -> Figures:
    """Run a tool's script on the task.

    Raises:
        SystemExit: it failed.
    """
    with NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps(asdict(replace(task, jobs=tool.jobs))))
        file.flush()
        program = [sys.executable if tool.ours else python, str(HERE / "publishing" / tool.script), file.name]
        environment = os.environ | ({"PYTHONPATH": os.pathsep.join(house.PATHS)} if tool.ours else {})
        child = subprocess.Popen(
            program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True, text=True
        )
        return _ended(tool, child)


def _ended(tool: Tool, child: subprocess.Popen[str]) -> Figures:
    with _Memory(child.pid) as memory:
        try:
            out, err = child.communicate()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGTERM)
            raise
    if child.returncode:
        message = f"{tool.name} failed:\n{err[-4000:]}"
        raise SystemExit(message)
    told = json.loads(out.splitlines()[-1])
    return Figures(told["seconds"], told["cpu"], max(told["peak"], memory.peak), told["more"])


def counted(tool: Tool, task: Task, python: str) -> Count:
    """Run a tool's script by way of a proxy, and count what it asks."""
    with FaultProxy(task.url) as proxy:
        run(tool, replace(task, url=proxy.url), python)
        return count(proxy.log, reads_back=tool.ours)


def count(log: list[Record], *, reads_back: bool) -> Count:
    """The requests of a log by kind. Ours reads a dataset by itself only after it wrote it; others do so before."""
    kinds = [_kind(seen, reads_back=reads_back) for seen in log]
    told = {kind: kinds.count(kind) for kind in ("writes", "state", "checks", "session")}
    return Count(**told, sent=sum(seen.sent for seen in log))


def _kind(seen: Record, *, reads_back: bool) -> str:
    if seen.write:
        return "writes"
    if seen.action in SESSION:
        return "session"
    return "checks" if seen.download or (reads_back and seen.action == "package_show") else "state"


class _Memory:
    """Watches the processes of a session for the largest peak of any."""

    def __init__(self, session: int) -> None:
        self.peak = 0
        self._session = session
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(PAUSE):
            for path in Path("/proc").glob("[0-9]*/stat"):
                with suppress(OSError, IndexError, ValueError):
                    self._see(path)

    def _see(self, path: Path) -> None:
        session = int(path.read_text(errors="replace").rpartition(")")[2].split()[3])
        if session == self._session:
            status = path.with_name("status").read_text(errors="replace")
            self.peak = max(self.peak, int(status.partition("VmHWM:")[2].split()[0]) << 10)
