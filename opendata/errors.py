"""The errors of the library: each says what happened, where, and how to mend.

    OpendataError
    ├── UsageError           wrong usage                                              exit 2
    ├── DataError            the data or its descriptor was found wanting             exit 1
    │   ├── DescriptorError    all faults of a datapackage.json, gathered
    │   ├── SourceError        a file that cannot be read as a table
    │   ├── CheckError        a table with findings
    │   └── StaleError         data older than its source or recipe
    ├── PortalError          the portal, the network or the disk failed               exit 3
    │   ├── DiskError          a file could not be written or read
    │   ├── BusyError          another run holds the lock
    │   ├── ConflictError      what is there is not ours to overwrite
    │   └── IntegrityError     bytes that are not what their digest says
    └── GateError            stopped by the access and privacy gate                   exit 4

`opendata.cli` alone turns them into exit statuses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from opendata.model import Finding, Report


class OpendataError(Exception):
    """The root of all errors raised on purpose.

    `what`, `where` and `remedy` are sentences in the user's language; `where` may be empty. Of one that ended a step
    on a portal, `requests` and `bytes` tell what had been sent.

    >>> print(OpendataError("No such file.", "a.csv", "Check the name."))
    No such file.
    a.csv
    Check the name.
    """

    requests = 0
    bytes = 0

    def __init__(self, what: str, where: str = "", remedy: str = "") -> None:
        """Keep the three lines apart, for machines."""
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        """The three lines, those that are empty left out."""
        return "\n".join(line for line in (self.what, self.where, self.remedy) if line)


class UsageError(OpendataError):
    """The command or call itself is wrong: a target that is none, an option that does not fit."""

    @classmethod
    def unknown_name(cls, name: str, known: Iterable[str], where: str) -> UsageError:
        """No dataset of that name is there; the names that were perhaps meant are said.

        >>> print(UsageError.unknown_name("padi", ["paddy", "dengue"], "./portal").remedy)
        Did you mean paddy?
        """
        from opendata.model.words import near

        what = _("There is no dataset named {name}.").format(name=name)
        meant = near(name, known)
        if meant:
            return cls(what, where, _("Did you mean {names}?").format(names=", ".join(meant)))
        return cls(what, where, _("See the names with: opendata list --from {where}").format(where=where or "."))


class DataError(OpendataError):
    """The data or its descriptor was found wanting."""


class DescriptorError(DataError):
    """A descriptor with faults: all of them, each with its JSON pointer and a remedy."""

    def __init__(self, what: str, where: str = "", remedy: str = "", findings: Sequence[Finding] = ()) -> None:
        """Carry every fault found."""
        super().__init__(what, where, remedy)
        self.findings = tuple(findings)


class SourceError(DataError):
    """A file that cannot be read as a table."""


class CheckError(DataError):
    """A table with findings; `report` holds them."""

    def __init__(self, what: str, where: str, remedy: str, report: Report) -> None:
        """Carry the report."""
        super().__init__(what, where, remedy)
        self.report = report


class StaleError(DataError):
    """Data older than the source file or the recipe that makes it."""


class PortalError(OpendataError):
    """The portal, the network or the disk failed."""


class DiskError(PortalError):
    """A file or folder could not be read or written."""


class BusyError(PortalError):
    """Another run holds the lock on the folder."""


class ConflictError(PortalError):
    """What is there is not ours to overwrite."""


class IntegrityError(PortalError):
    """Bytes that are not what their digest says; both digests are named."""


class GateError(OpendataError):
    """Stopped by the access and privacy gate."""
