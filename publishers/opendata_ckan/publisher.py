"""The publisher itself: the port's methods over a CKAN portal."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO

from opendata.messages import _
from opendata.model import AccessLevel, Action, Limits, Outcome, PortalState, as_object, as_text
from opendata_ckan import examining, loading, owners, placing, probing, removing, shelf, terms
from opendata_ckan.answers import InvalidError
from opendata_ckan.connection import Connection
from opendata_ckan.held import Held, Stage, portal_dataset
from opendata_ckan.patience import patiently, tries
from opendata_ckan.reading import as_read, listed
from opendata_ckan.reading_back import MismatchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import BuiltPackage, Entry, PortalDataset, PortalFile, Probe, Refusal, Sighting, Step, Target

WITHDRAWN = frozenset({Stage.WITHDRAWING, Stage.WITHDRAWN})


class CkanPublisher:
    """Publishes to a CKAN portal: open editions for anybody, shared ones for the members of their organisation."""

    def __init__(self, target: Target) -> None:
        """Serve the portal at the target's address; nothing is asked yet.

        Raises:
            UsageError: the target names a file of certificates that is not there.
        """
        self._target = target
        self._connection = Connection(target)
        self._seen: dict[str, Held] = {}
        self._placed_now: dict[str, tuple[Step, BuiltPackage]] = {}
        self._largest = target.max_upload
        self._making = threading.Lock()
        self._made: set[str] = set()

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

        Raises:
            UsageError: the target has no token.
            PortalError: the portal cannot be asked, or does not know the token.
        """
        self._rights, self._portal  # noqa: B018 - a portal that takes nothing from us must say so at once
        wanted = [built for built in packages if not self._done(built)]
        refused = {built.name: self._refusal(built) for built in packages}
        return Limits(
            max_file_bytes=self._largest,
            refused={name: found for name, found in refused.items() if found is not None},
            warnings=tuple(dict.fromkeys(text for built in wanted if (text := self._without_group(built)))),
        )

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:
        """What the portal holds, by one search for each 1000 datasets; for a reader, the named ones with descriptors.

        Ours are those in organisations that the token may write to; whatever else has one of the names is foreign.

        Raises:
            UsageError: the target has no token, which looking over a portal needs.
            PortalError: the portal cannot be read, or answers oddly.
        """
        if visitor:
            return PortalState(tuple(item for name in dict.fromkeys(names) if (item := self._read(name))))
        may = self._rights.organizations
        self._portal  # noqa: B018 - what the portal is must be known before anything is judged of it
        found = [item for item in shelf.everything(self._connection, names) if item.owner in may or item.name in names]
        self._seen = {item.name: item for item in found}
        ours = [item for item in found if item.owner in may and item.id is not None]
        shells = [item for item in ours if item.stage in WITHDRAWN]
        return PortalState(
            tuple(portal_dataset(item, ours=item in ours) for item in found if item.stage is not Stage.WITHDRAWN),
            frozenset(item.id for item in shells if item.id and item.id in ids),
            shells=tuple(item.name for item in shells if item.stage is Stage.WITHDRAWN),
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
            if step.built is None:
                sightings = self._withdrawn(step)
            else:
                sightings = self._placed(step, step.built, self._seen.get(step.name))
                self._placed_now[step.name] = (step, step.built)
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
        placed, self._placed_now = self._placed_now, {}
        if not placed or self._portal.loader is None:
            return
        for found in [item for item in shelf.everything(self._connection) if item.name in placed]:
            step, built = placed[found.name]
            if found.faults or found.private is (built.level is AccessLevel.OPEN):
                loading.wait(self._connection, self._portal, found)
                self._placed(step, built, found)

    @cached_property
    def _portal(self) -> terms.Portal:
        return terms.portal(self._connection)

    @cached_property
    def _rights(self) -> terms.Rights:
        return terms.rights(self._connection)

    def _read(self, name: str) -> PortalDataset | None:
        return patiently(lambda: as_read(self._connection, name))

    def _done(self, built: BuiltPackage) -> bool:
        held = self._seen.get(built.name)
        return held is not None and held.digest == built.digest

    def _refusal(self, built: BuiltPackage) -> Refusal | None:
        return owners.refusal(built, self._target, self._rights, self._seen.get(built.name))

    def _groups(self, built: BuiltPackage) -> tuple[str, ...]:
        sector = as_text(built.descriptor.get("sector"))
        return (sector,) if sector in self._rights.groups else ()

    def _without_group(self, built: BuiltPackage) -> str:
        sector = as_text(built.descriptor.get("sector"))
        if sector is None or sector in self._rights.groups:
            return ""
        what = _(
            "The portal has no group {sector} that {user} is a member of: datasets of that sector are in no group."
        )
        return what.format(sector=sector, user=self._rights.user)

    def _placed(self, step: Step, built: BuiltPackage, found: Held | None) -> tuple[Sighting, ...]:
        desk = placing.Desk(self._connection, self._portal, self._owner(built), self._groups(built))
        again = False
        for attempt in tries():
            with attempt:
                if attempt.retry_state.attempt_number > 1:
                    found = shelf.one(self._connection, step.name)
                try:
                    return placing.place(desk, step, built, found, again=again)
                except MismatchError:
                    again = True
                    raise
                except InvalidError as fault:
                    self._learn(fault, built)
                    raise
        raise AssertionError  # the last attempt either returns or raises

    def _withdrawn(self, step: Step) -> tuple[Sighting, ...]:
        found = self._seen.get(step.name)
        for attempt in tries():
            with attempt:
                if attempt.retry_state.attempt_number > 1:
                    found = shelf.one(self._connection, step.name)
                removing.withdraw(self._connection, self._portal, step, found)
        return ()

    def _owner(self, built: BuiltPackage) -> str:
        """The organisation's name; it is made where it is missing and that was asked for."""
        name = owners.owner(built, self._target) or ""
        with self._making:
            if name not in self._rights.organizations | self._made:
                title = as_text(as_object(built.descriptor.get("department")).get("name")) or name
                self._connection.call("organization_create", {"name": name, "title": title})
                self._made.add(name)
        return name

    def _learn(self, fault: InvalidError, built: BuiltPackage) -> None:
        """No action of CKAN tells its upload limit: the first refusal does."""
        if "upload" in fault.fields:
            refused = max(file.bytes for file in built.files) - 1
            self._largest = refused if self._largest is None else min(self._largest, refused)
