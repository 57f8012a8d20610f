"""One run of the command line: whatever happens in it ends in a status and at most three lines."""

from __future__ import annotations

import os
import sys
import warnings
from typing import TYPE_CHECKING

import click

from opendata.cli import status
from opendata.cli.group import commands
from opendata.cli.output import line
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(words: Sequence[str]) -> int:
    """Run the command that the words name, and return its exit status."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=FutureWarning)  # Python's, of a pattern that somebody declares
        warnings.filterwarnings("ignore", message="tzname .* identified")  # dateutil's, of a zone that is a finding
        try:
            return _flushed(_ran(words))
        except BrokenPipeError:
            _close_output()
            return status.DONE
        except OSError as fault:  # the disk that standard output goes to is full, say
            _close_output()
            return _told(fault, machine=False)


def _ran(words: Sequence[str]) -> int:
    machine = "--json" in (words[: words.index("--")] if "--" in words else words)
    try:
        return _invoked(list(words) or ["--help"])
    except (click.Abort, KeyboardInterrupt, EOFError):
        line(_("Interrupted."), error=True)
        return status.INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as fault:  # noqa: BLE001 - a user never meets a traceback; the lines say how to get one
        return _told(fault, machine=machine)


def _told(fault: Exception, *, machine: bool) -> int:
    from opendata.cli.failure import as_error, tell

    error = as_error(fault)
    tell(error, machine=machine)
    return status.of_error(error)


def _invoked(words: list[str]) -> int:
    """Run the command by click's parts: its `main` would end a closed pipe with a status of its own."""
    group = commands()
    try:
        with group.make_context("opendata", words) as context:
            result = group.invoke(context)
    except click.exceptions.Exit as done:
        return done.exit_code
    return result if isinstance(result, int) else status.DONE


def _flushed(code: int) -> int:
    sys.stdout.flush()
    return code


def _close_output() -> None:
    """Whoever read us has gone (`opendata list | head`): write the rest nowhere, without a complaint at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):
        return
    finally:
        os.close(nowhere)
