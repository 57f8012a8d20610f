"""What is on a portal, what is to be done there, and what was done."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model.access import AccessLevel
    from opendata.model.edition import BuiltPackage
    from opendata.model.json import Json
    from opendata.model.secret import Secret
    from opendata.model.summary import Summary


@dataclass(frozen=True, slots=True)
class PortalFile:
    """A file as a portal holds it. `path` is its plain name; `sha256` None where the portal cannot tell.

    `address` is what `Reader.open` takes, opaque to all but the publisher.
    """

    path: str
    bytes: int | None
    sha256: str | None
    address: str


@dataclass(frozen=True, slots=True)
class PortalDataset:
    """A dataset as a portal holds it.

    `id` and `digest` are `opendata_id` and `opendata_digest`, None where it is not ours.
    `intact` is False where its managed metadata no longer matches the digest: somebody else edited it.
    `edited` names what they edited in the user's language, empty where the portal does not tell.
    `faults` names what a run of ours left unfinished or the disk lost (a missing or altered file):
    to be put right even where the digest is the same.
    `revision` changes with whatever we manage of it, opaque to all but the publisher.
    `descriptor` is the published datapackage.json with plain paths, None where there is none, or it was not read.
    `summary` tells what of it changes even where it was not read; None where that is not known.
    `owner` is the organisation that has it, empty where the portal knows none.
    """

    name: str
    id: str | None
    version: str | None
    level: AccessLevel
    digest: str | None
    files: tuple[PortalFile, ...]
    intact: bool = True
    faults: tuple[str, ...] = ()
    revision: str = ""
    descriptor: Json | None = None
    title: str = ""
    summary: Summary | None = None
    owner: str = ""
    edited: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PortalNote:
    """What somebody has to look at, since no step of ours reaches it: said of the dataset `name` that carries `id`."""

    name: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class PortalState:
    """What was looked at on a portal: the datasets found, by name, and which ids were withdrawn from it.

    `withdrawn` holds the ids, among those asked for, that were withdrawn before: reopening one is a conflict.
    `faults` says what a run of ours left unfinished that belongs to no one dataset (an index, files left aside):
    `Publisher.finish` puts it right. `shells` are names under which a withdrawn dataset left something behind, each
    with its organisation; where that can be seen or is not empty, it is among the datasets too. `owners` are the
    organisations that were looked at; None where the portal knows none. `notes` are what no step can put right.
    """

    datasets: tuple[PortalDataset, ...] = ()
    withdrawn: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()
    shells: Mapping[str, str] = field(default_factory=dict)
    owners: frozenset[str] | None = None
    notes: tuple[PortalNote, ...] = ()

    def was_withdrawn(self, identity: str, name: str) -> bool:
        """True where that dataset was withdrawn; of a portal that keeps shells, under that very name.

        >>> state = PortalState(withdrawn=frozenset({"1"}), shells={"paddy": "so-nn"})
        >>> state.was_withdrawn("1", "paddy"), state.was_withdrawn("1", "paddy--shared")
        (True, False)
        """
        return identity in self.withdrawn and (not self.shells or name in self.shells)

    def dataset(self, name: str) -> PortalDataset | None:
        """The dataset of that name, or None."""
        return next((item for item in self.datasets if item.name == name), None)


class Action(enum.Enum):
    """What a step does to one dataset of a portal."""

    CREATE = "create"
    UPDATE = "update"
    KEEP = "keep"
    WITHDRAW = "withdraw"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Step:
    """One dataset's part of a plan.

    `built` is what is to be there after it (create, update, keep); `before` what was found.
    `changes` says in the user's language what differs; `remedy` how to mend a conflict.
    `purge` is True where what is there now holds something that may no longer be seen: its bytes go first.
    `reopen` is True where somebody said that what was withdrawn may be seen again.
    `owner` is the organisation that the dataset belongs to, empty where the portal knows none.
    """

    action: Action
    name: str
    id: str
    built: BuiltPackage | None = None
    before: PortalDataset | None = None
    changes: tuple[str, ...] = ()
    remedy: str = ""
    purge: bool = False
    reopen: bool = False
    owner: str = ""


class Standing(enum.Enum):
    """How a package stands before the gate. FAULTY: its data are; FAILED: it could not be built, the disk failed."""

    READY = "ready"
    WITHHELD = "withheld"
    REFUSED = "refused"
    FAULTY = "faulty"
    FAILED = "failed"
    NOT_FOR_TARGET = "not-for-target"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A package judged before anything is written. `built` only where it is ready.

    `published_name` is the name it has, or would have, on a portal; `id` None where it cannot be known.
    `reason` and `remedy` say in the user's language why it is not ready.
    `editions` are the published names that the package's level allows at all, on any portal; None: not known.
    `hidden` names the tables (field empty) and fields that it withholds, of a package that could not be built.
    """

    name: str
    published_name: str
    id: str | None
    standing: Standing
    built: BuiltPackage | None = None
    reason: str = ""
    remedy: str = ""
    editions: tuple[str, ...] | None = None
    hidden: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A package that the plan does not send, and why."""

    name: str
    standing: Standing
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class PlanOptions:
    """What was asked of a plan: the packages (none: all), whose edits by others may be written over, and which owner.

    `organization` stands over the target's and the departments' own; `create_organization`: make one that is missing.
    """

    names: tuple[str, ...] = ()
    overwrite: tuple[str, ...] = ()
    organization: str | None = None
    create_organization: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps in the order of their doing (withdrawals first), and the packages left out.

    `digest` is of the steps and of the state they were made against: the same plan later means the same portal;
    `decisive` is what it is the digest of.
    `unknown` are names of ours on the portal that are no longer in the catalogue: only told.
    `faults` are the portal's own, which applying the plan puts right even where no step is pending.
    `warnings` say what will be less than it could be, such as a group that the portal lacks, or made besides.
    `address` is where the target stood when the plan was made: an address, or the path of a folder.
    """

    target: str
    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]
    digest: str
    unknown: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    decisive: Json = field(default_factory=dict)
    address: str = ""

    @property
    def pending(self) -> tuple[Step, ...]:
        """The steps that would write something."""
        return tuple(s for s in self.steps if s.action not in {Action.KEEP, Action.CONFLICT})


@dataclass(frozen=True, slots=True)
class Probe:
    """What an anonymous visitor met on asking for a dataset that must not be seen.

    `seen` are the places that showed it, `refused` those that did not; `requests` were sent.
    """

    name: str
    seen: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Sighting:
    """A file read back after a step: its SHA-256 as its owner got it, and as an anonymous visitor did.

    None: not read so; a visitor gets nothing of what is not open.
    """

    path: str
    owner: str | None = None
    visitor: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one step: `verified` where the portal, read back, holds exactly what the step says.

    `error` says in the user's language what failed, empty where nothing did. `bytes` were sent, in `requests`
    requests, reading back included, and `seconds` of time. `refused` are the places where an anonymous visitor asked
    for what must not be seen, and was refused.
    """

    step: Step
    verified: bool
    bytes: int = 0
    error: str = ""
    remedy: str = ""
    sightings: tuple[Sighting, ...] = ()
    refused: tuple[str, ...] = ()
    requests: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a run did. Times are UTC, ISO 8601 with Z. `address` is where the target stood: an address, or a folder.

    `mended` are faults of the portal itself that were put right; `error` says what failed at that, at the end.
    """

    target: str
    plan_digest: str
    started: str
    finished: str
    outcomes: tuple[Outcome, ...]
    left_out: tuple[LeftOut, ...] = ()
    mended: tuple[str, ...] = ()
    error: str = ""
    remedy: str = ""
    warnings: tuple[str, ...] = ()
    address: str = ""

    @property
    def verified(self) -> bool:
        """True where every step was verified, and the end went well."""
        return not self.error and all(outcome.verified for outcome in self.outcomes)


@dataclass(frozen=True, slots=True)
class Entry:
    """A dataset as a listing shows it. `title` in the primary language; `titles` are all others that search looks at.

    `fault` says in the user's language why it cannot be used; empty for a sound one.
    """

    name: str
    title: str
    level: AccessLevel
    sector: str | None = None
    version: str | None = None
    description: str = ""
    keywords: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a portal would refuse a dataset, and how to mend it, in the user's language."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What a portal refuses. None: no limit is known.

    `at_once` is how many datasets may be written to it at the same time. `refused` are datasets that it would not
    take, by published name; `warnings` say what it will leave out of those that it takes.
    `owners` names the organisation of the portal that each dataset belongs to, where it has such; `creating` those of
    them that are not there and would be made.
    """

    max_file_bytes: int | None = None
    at_once: int | None = None
    refused: Mapping[str, Refusal] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    owners: Mapping[str, str] = field(default_factory=dict)
    creating: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drift:
    """A dataset that is not on the portal as it should be: what differs, in the user's language."""

    name: str
    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """What a look at a whole portal found: the datasets looked at, by name, and those that have drifted.

    `unknown` are names of ours that are not in the catalogue (any more): only told.
    """

    target: str
    names: tuple[str, ...]
    drifts: tuple[Drift, ...]
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A place to publish to, as the user named it. `publisher` is an entry-point name ("site", "ckan").

    `organization` stands over the department's own; `organizations` tells the portal's name for an agency code.
    `create_organization`: make one that is missing. `max_upload` is the largest file in bytes that the portal takes.
    """

    name: str
    publisher: str
    location: str
    organization: str | None = None
    token_env: str | None = None
    token_file: str | None = None
    ca_bundle: str | None = None
    max_upload: int | None = None
    organizations: Mapping[str, str] = field(default_factory=dict)
    create_organization: bool = False
    token: Secret | None = None
