"""Carrying out the steps of a run: each tried again where that may help, and at the end looked at once more."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from opendata.errors import PortalError
from opendata.model import AccessLevel, as_object, as_text
from opendata_ckan import loading, owners, placing, removing, shelf
from opendata_ckan.answers import InvalidError, TooLargeError, too_large
from opendata_ckan.patience import patiently, tries
from opendata_ckan.reading_back import MismatchError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model import BuiltFile, BuiltPackage, Sighting, Step, Target
    from opendata_ckan.connection import Connection
    from opendata_ckan.held import Held
    from opendata_ckan.terms import Portal, Rights


class Carrier:
    """Does steps, several at once where need be. `largest` is the largest file in bytes that the portal takes."""

    def __init__(self, connection: Connection, target: Target, portal: Portal, rights: Rights) -> None:
        """Know the portal and what may be done there; nothing is asked."""
        self.largest = target.max_upload
        self._connection = connection
        self._target = target
        self._portal = portal
        self._rights = rights
        self._making = threading.Lock()
        self._made: set[str] = set()
        self._begun = 0.0
        self._placed: dict[str, tuple[Step, BuiltPackage]] = {}

    def carry(self, step: Step, found: Held | None) -> tuple[Sighting, ...]:
        """Do a step on what was found of its dataset, and return what was read back.

        Raises:
            PortalError: as `placing.place` and `removing.withdraw` have it, after several tries.
        """
        if step.built is None:
            self._withdraw(step, found)
            return ()
        sightings = self._place(step, step.built, found)
        self._begun = self._begun if self._placed else time.monotonic()
        self._placed[step.name] = (step, step.built)
        return sightings

    def look_again(self) -> None:
        """Where a loader is at work: look once more at what was placed, and place again what it wrote back as it was.

        Raises:
            PortalError: the portal cannot be read, or a dataset could not be put right.
        """
        placed, self._placed = self._placed, {}
        if not placed or self._portal.loader is None:
            return
        packages = {name: built for name, (_step, built) in placed.items()}
        loading.settle(self._connection, self._portal, packages, self._begun)
        right = {found.name for found in shelf.named(self._connection, list(placed)) if _right(found, packages)}
        errors = [error for name in placed if name not in right and (error := self._placed_again(*placed[name]))]
        if errors:
            raise errors[0]

    def _placed_again(self, step: Step, built: BuiltPackage) -> PortalError | None:
        """Why a dataset could not be put right; None where it could. All is sent anew, so that it is indexed anew."""
        try:
            self._place(step, built, patiently(lambda: shelf.ours(self._connection, step.name)), again=True)
        except PortalError as error:
            return error
        return None

    def _place(
        self, step: Step, built: BuiltPackage, found: Held | None, *, again: bool = False
    ) -> tuple[Sighting, ...]:
        groups = owners.groups(built, self._rights)
        desk = placing.Desk(self._connection, self._portal, self._owner(built), groups)
        self._refuse_too_large(built, found)
        for attempt in tries():
            with attempt:
                if attempt.retry_state.attempt_number > 1:
                    found = shelf.one(self._connection, step.name)
                try:
                    return placing.place(desk, step, built, found, again=again)
                except MismatchError:
                    again = True
                    raise
                except TooLargeError as fault:
                    self._learn(fault, built)
                    raise self._too_large(built, None if again else found) from fault
        raise AssertionError  # the last attempt either returns or raises

    def _withdraw(self, step: Step, found: Held | None) -> None:
        for attempt in tries():
            with attempt:
                if found is not None and attempt.retry_state.attempt_number > 1:
                    found = shelf.ours(self._connection, found.key)
                removing.withdraw(self._connection, self._portal, step, found)

    def _owner(self, built: BuiltPackage) -> str:
        """The organisation's name; it is made where it is missing and that was asked for."""
        name = owners.owner(built, self._target) or ""
        with self._making:
            if name not in self._rights.organizations | self._made:
                title = as_text(as_object(built.descriptor.get("department")).get("name")) or name
                self._connection.call("organization_create", {"name": name, "title": title})
                self._made.add(name)
        return name

    def _refuse_too_large(self, built: BuiltPackage, found: Held | None) -> None:
        """Not to send in vain what would not be taken; what is there already is not sent."""
        largest = _largest(built, found)
        if self.largest is not None and largest is not None and largest.bytes > self.largest:
            raise self._too_large(built, found)

    def _too_large(self, built: BuiltPackage, found: Held | None) -> TooLargeError:
        """The error that names the largest of the files that are sent: the portal itself names none."""
        where, largest = f"{self._connection.address} {built.name}", _largest(built, found)
        return too_large(f"{where}: {largest.path} ({largest.bytes} B)" if largest else where)

    def _learn(self, fault: InvalidError, built: BuiltPackage) -> None:
        """No action of CKAN tells its upload limit: the first refusal of one file does."""
        if "upload" in fault.fields:
            refused = max(file.bytes for file in built.files) - 1
            self.largest = refused if self.largest is None else min(self.largest, refused)


def _largest(built: BuiltPackage, found: Held | None) -> BuiltFile | None:
    """The largest of the files that the portal does not hold yet."""
    there = {file.sha256 for file in found.files} if found else set()
    sent = [file for file in built.files if file.sha256 not in there]
    return max(sent, key=lambda file: file.bytes, default=None)


def _right(found: Held, packages: Mapping[str, BuiltPackage]) -> bool:
    """True where the search index has the dataset as it was placed."""
    built = packages[found.name]
    seen = found.private is not (built.level is AccessLevel.OPEN)
    return seen and found.digest == built.digest and not found.faults
