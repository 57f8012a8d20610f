"""The command line run in this process, and what came of it."""

from __future__ import annotations

import importlib
import io
import json
import sys
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.cli import main
from opendata.cli.group import COMMANDS, MODULES
from opendata.messages import use

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Ran:
    """The exit status and what was printed where."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> object:
        """Standard output, which must be one JSON document."""
        return json.loads(self.out)


def run(*words: object) -> Ran:
    """Run `opendata` with these words."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="ascii") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(word) for word in words])
    printed = []
    for stream in (out, err):
        stream.flush()
        printed.append(stream.buffer.getvalue().decode())  # type: ignore[attr-defined]
    return Ran(code, *printed)


def spawn(*words: object) -> list[str]:
    """The words that start `opendata` as a process of its own."""
    return [sys.executable, "-c", "import sys; from opendata.cli import main; sys.exit(main())", *map(str, words)]


class _Keyboard(io.StringIO):
    """Standard input as a terminal has it: somebody sits there, and what they type is known."""

    def isatty(self) -> bool:
        return True


@contextmanager
def typing(*answers: str) -> Iterator[_Keyboard]:
    """Let an officer at a terminal give these answers, one a line, and then press Ctrl-D."""
    kept, sys.stdin = sys.stdin, _Keyboard("".join(f"{answer}\n" for answer in answers))
    try:
        yield sys.stdin
    finally:
        sys.stdin = kept


@contextmanager
def english_after() -> Iterator[None]:
    """Let commands be run in Vietnamese, and English be spoken again after; help texts stay as they are."""
    for name in COMMANDS:
        importlib.import_module(f"opendata.cli.{MODULES.get(name, name)}")
    try:
        yield
    finally:
        use("en")
