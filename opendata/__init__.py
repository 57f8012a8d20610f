"""Open data of a Vietnamese province: from a department's table to a checked, gated, published data package.

    >>> import opendata
    >>> opendata.AccessLevel.OPEN < opendata.AccessLevel.SHARED
    True

Everything here is imported when it is first used: `import opendata` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opendata.api import build, check, find, get, load, login, new, plan, publish, show, update, verify
    from opendata.drafting import Answers, Changes, Draft, Proposal, Refreshed
    from opendata.errors import (
        BusyError,
        CheckError,
        ConflictError,
        DataError,
        DescriptorError,
        DiskError,
        GateError,
        IntegrityError,
        OpendataError,
        PortalError,
        SourceError,
        StaleError,
        UsageError,
    )
    from opendata.model import (
        AccessLevel,
        Action,
        BuiltPackage,
        Candidate,
        Drift,
        Entry,
        Finding,
        LeftOut,
        Outcome,
        Place,
        Plan,
        PortalDataset,
        PortalFile,
        Receipt,
        Report,
        Sighting,
        Standing,
        Step,
        Verification,
    )

    __version__: str

__all__ = [
    "AccessLevel",
    "Action",
    "Answers",
    "BuiltPackage",
    "BusyError",
    "Candidate",
    "Changes",
    "CheckError",
    "ConflictError",
    "DataError",
    "DescriptorError",
    "DiskError",
    "Draft",
    "Drift",
    "Entry",
    "Finding",
    "GateError",
    "IntegrityError",
    "LeftOut",
    "OpendataError",
    "Outcome",
    "Place",
    "Plan",
    "PortalDataset",
    "PortalError",
    "PortalFile",
    "Proposal",
    "Receipt",
    "Refreshed",
    "Report",
    "Sighting",
    "SourceError",
    "StaleError",
    "Standing",
    "Step",
    "UsageError",
    "Verification",
    "__version__",
    "build",
    "check",
    "find",
    "get",
    "load",
    "login",
    "new",
    "plan",
    "publish",
    "show",
    "update",
    "verify",
]

_DRAFTS = frozenset({"Answers", "Changes", "Draft", "Proposal", "Refreshed"})
_FUNCTIONS = frozenset(
    {"build", "check", "find", "get", "load", "login", "new", "plan", "publish", "show", "update", "verify"}
)


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("opendata-vn")
    if name not in __all__:
        message = f"module 'opendata' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    found: object = getattr(import_module(f"opendata.{_room(name)}"), name)
    globals()[name] = found
    return found


def _room(name: str) -> str:
    if name in _FUNCTIONS:
        return "api"
    if name in _DRAFTS:
        return "drafting"
    return "errors" if name.endswith("Error") else "model"


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
