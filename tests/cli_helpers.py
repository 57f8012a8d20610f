"""The command line run in this process, and what came of it."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from opendata.cli import main


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
