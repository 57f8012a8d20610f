"""The publisher itself: the port's methods over a CKAN portal."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from opendata.errors import OpendataError
from opendata.model import AccessLevel, Action, Limits, Outcome, PortalState
from opendata_ckan import examining, noting, owners, probing, sending, shelf, terms
from opendata_ckan.carrying import Carrier
from opendata_ckan.connection import Connection
from opendata_ckan.held import Held, Stage, portal_dataset
from opendata_ckan.patience import patiently
from opendata_ckan.reading import as_read, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import BuiltPackage, Entry, PortalDataset, PortalFile, Probe, Step, Target

WITHDRAWN = frozenset({Stage.WITHDRAWING, Stage.WITHDRAWN})


class CkanPublisher:
    """Publishes to a CKAN portal: open editions for anybody, shared ones for the members of their organisation."""

    def __init__(self, target: Target) -> None:
        """Serve the portal at the target's address; nothing is asked yet.

        Raises:
            UsageError: the target names a file of certificates that is not there, or what can be no organisation.
        """
        owners.refuse_misnamed(target)
        self._target = target
        self._connection = Connection(target)
        self._seen: dict[str, Held] = {}

    @property
    def levels(self) -> frozenset[AccessLevel]:
        """Open data, and shared data, which a private dataset keeps within its organisation."""
        return frozenset({AccessLevel.OPEN, AccessLevel.SHARED})

    def owners(self) -> tuple[str, ...]:
        """The names of the organisations that the token may publish to; tried with a dataset that cannot be made.

        Raises:
            UsageError: the target has no token.
            PortalError: the portal cannot be asked, or does not accept the token.
        """
        names = tuple(sorted(self._rights.organizations))
        return tuple(name for name in names[:1] if terms.may_create(self._connection, name)) and names

    def limits(self, packages: Sequence[BuiltPackage] = ()) -> Limits:
        """The upload limit as far as it is known, packages that have no organisation, sectors that have no group.

        Of each organisation that would be made it is asked whether it is there.

        Raises:
            UsageError: the target has no token.
            PortalError: the portal cannot be asked, or does not know the token.
        """
        terms.check_token(self._connection)
        self._portal  # noqa: B018 - a portal that takes nothing from us must say so at once
        if not self._rights.organizations and not self._target.create_organization:
            raise terms.read_only(self._connection)
        missing = owners.missing(packages, self._target, self._rights)
        creating = frozenset(name for name in sorted(missing) if not terms.there(self._connection, name))
        refused = {
            built.name: owners.refusal(built, self._target, self._rights, self._seen.get(built.name), creating)
            or sending.refusal(built, self._portal.site)
            for built in packages
        }
        return Limits(
            max_file_bytes=self._carrier.largest,
            refused={name: found for name, found in refused.items() if found is not None},
            warnings=owners.warnings(packages, self._rights, self._seen),
            owners={built.name: owners.owner(built, self._target) or "" for built in packages},
            creating=creating,
        )

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:
        """What the portal holds, by one search for each 1000 datasets; for a reader, the named ones with descriptors.

        Ours are those in organisations that the token may write to; whatever else has one of the names is foreign, and
        what else has the id of one of ours, or one of `ids`, is noted: it may have been moved, or anybody's.

        Raises:
            UsageError: the target has no token, which looking over a portal needs.
            PortalError: the portal cannot be read, or answers oddly.
        """
        if visitor:
            return PortalState(tuple(item for name in dict.fromkeys(names) if (item := self._read(name))))
        may = self._rights.organizations
        self._portal  # noqa: B018 - what the portal is must be known before anything is judged of it
        everything = list(shelf.everything(self._connection, names))
        found = [item for item in everything if item.owner in may or item.name in names]
        self._seen = {item.name: item for item in found}
        ours = [item for item in found if item.owner in may and item.id is not None]
        shells = [item for item in ours if item.stage in WITHDRAWN]
        return PortalState(
            tuple(portal_dataset(item, ours=item in ours) for item in found if not (item.is_shell and item in ours)),
            frozenset(item.id for item in shells if item.id and item.id in ids),
            shells={item.name: item.owner for item in shells},
            owners=may,
            notes=(*noting.shells(ours), *noting.elsewhere(everything, ours, ids)),
        )

    def entries(self, words: str = "") -> Iterator[Entry]:
        """The datasets of ours that match all words, shared ones too where the token may see them.

        Raises:
            PortalError: the portal cannot be read, or answers oddly.
        """
        return listed(self._connection, words)

    def open(self, file: PortalFile, start: int = 0) -> BinaryIO:
        """The bytes of a file from `start` on.

        Raises:
            PortalError: it is not there (any more), or could not be read.
        """
        return patiently(lambda: self._connection.open(file.address, start))

    def carry_out(self, step: Step) -> Outcome:
        """Do the step, from wherever an earlier run left it, then read back what is there.

        Raises:
            ConflictError: it is another dataset, or somebody changed it since the plan was made.
            PortalError: the portal failed, refused, or was not right after several tries.
        """
        if step.action in {Action.KEEP, Action.CONFLICT}:
            return Outcome(step, verified=False)
        with self._connection.counting() as tally:
            try:
                sightings = self._carrier.carry(step, self._seen.get(step.name))
            except OpendataError as error:
                error.requests, error.bytes = tally.requests, tally.bytes
                raise
            finally:
                self._connection.part()
            return Outcome(step, verified=True, bytes=tally.bytes, sightings=sightings, requests=tally.requests)

    def probe(self, name: str) -> Probe:
        """Ask for a dataset as an anonymous visitor, in each way that a portal offers.

        Raises:
            PortalError: the portal cannot be asked, or answers so that nobody can tell.
        """
        with self._connection.counting() as tally:
            found = patiently(lambda: shelf.one(self._connection, name))
            probe = patiently(lambda: probing.probe(self._connection, name, found))
            return replace(probe, requests=tally.requests)

    def examine(self, dataset: PortalDataset, *, quick: bool = False) -> tuple[str, ...]:
        """What is wrong with a dataset: its files compared, other people's named, a visitor's view taken.

        Raises:
            PortalError: the portal cannot be read.
        """
        found = self._seen.get(dataset.name)
        return examining.examine(self._connection, found, quick=quick) if found and found.id else ()

    def finish(self) -> None:
        """Where a loader is at work: look once more at what was placed, and place again what it wrote back as it was.

        Raises:
            PortalError: the portal cannot be read, or a dataset could not be put right.
        """
        self._carrier.look_again()

    @cached_property
    def _portal(self) -> terms.Portal:
        return terms.portal(self._connection)

    @cached_property
    def _rights(self) -> terms.Rights:
        return terms.rights(self._connection)

    @cached_property
    def _carrier(self) -> Carrier:
        return Carrier(self._connection, self._target, self._portal, self._rights)

    def _read(self, name: str) -> PortalDataset | None:
        return patiently(lambda: as_read(self._connection, name))
