"""Faults of a file told by the name that the officer gave it, not by the place of the copy that was read."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from opendata.errors import CheckError, DataError, DescriptorError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opendata.model import Finding


@contextlib.contextmanager
def told_as(given: str, *inside: str) -> Iterator[None]:
    """Let faults that are raised within be about the file `given` wherever they name one of the paths `inside`."""
    try:
        yield
    except DataError as error:
        for path in inside:
            _rename(error, path, given)
        raise


def _rename(error: DataError, path: str, given: str) -> None:
    end = error.where.removeprefix(path)
    if error.where.startswith(path) and end[:1] in {"", ",", " "}:
        error.where = given + end
    if isinstance(error, DescriptorError):
        error.findings = tuple(_renamed(finding, path, given) for finding in error.findings)
    if isinstance(error, CheckError):
        findings = tuple(_renamed(finding, path, given) for finding in error.report.findings)
        error.report = replace(error.report, findings=findings)


def _renamed(finding: Finding, path: str, given: str) -> Finding:
    return replace(finding, place=replace(finding.place, path=given)) if finding.place.path == path else finding
