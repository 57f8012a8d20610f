"""The command line: parse, ask, call one function of `api`, print."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (see `cli.status`); nothing but lines for people leaves it.

    The language is set first, since the help texts are made when the commands are imported.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    _speak_utf8()
    _choose_language(words)
    from opendata.cli.run import run

    return run(words)


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _choose_language(words: Sequence[str]) -> None:
    from opendata.messages import LANGUAGES, language, use

    wanted = option(words, "--lang")
    use(wanted if wanted in LANGUAGES else language())


def option(words: Sequence[str], name: str) -> str | None:
    """What follows the option `name` among the words, wherever it stands; None where it is not there.

    >>> option(["list", "--lang", "vi"], "--lang"), option(["--lang=en", "list"], "--lang")
    ('vi', 'en')
    >>> option(["search", "--", "--lang", "vi"], "--lang")
    """
    before = words[: words.index("--")] if "--" in words else words
    found = None
    for number, word in enumerate(before):
        if word == name:
            found = next(iter(before[number + 1 :]), None)
        elif word.startswith(f"{name}="):
            found = word.partition("=")[2]
    return found
