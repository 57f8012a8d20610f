"""What a publisher is: the one interface between the library and a portal, of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import (
        AccessLevel,
        BuiltPackage,
        Entry,
        Limits,
        Outcome,
        PortalDataset,
        PortalFile,
        PortalState,
        Probe,
        Step,
        Target,
    )


class Reader(Protocol):
    """The half of a publisher that reads; a catalogue on disk can be read the same way."""

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:
        """What the portal holds under `names` and, of our own, anything else it has.

        `ids` are those asked whether they were withdrawn. `visitor`: what a reader of one dataset needs: `names`
        alone, with their descriptors, without a comparison of bytes; as an anonymous visitor sees them or, where
        that one sees nothing, as whoever holds the target's token does.
        Else every file's bytes are compared with their digest where the portal lets us at no great cost
        (a folder does).

        Raises:
            PortalError: it could not be read, or answers oddly.
        """
        ...

    def entries(self, words: str = "") -> Iterator[Entry]:
        """The datasets that match all `words` (all datasets where empty), in the portal's own order."""
        ...

    def open(self, file: PortalFile, start: int = 0) -> BinaryIO:
        """The bytes of a file from `start` on, to be closed by the caller.

        Raises:
            PortalError: it is not there (any more), or could not be read.
        """
        ...


class Publisher(Reader, Protocol):
    """A portal that editions can be published to."""

    @property
    def levels(self) -> frozenset[AccessLevel]:
        """The access levels that this portal can protect."""
        ...

    def owners(self) -> tuple[str, ...]:
        """The names of the organisations that the target's token may publish to, tried; none where a portal has none.

        Raises:
            UsageError: the target has no token.
            PortalError: the portal could not be asked, or does not accept the token.
        """
        ...

    def limits(self, packages: Sequence[BuiltPackage] = ()) -> Limits:
        """What the portal refuses: of any package, and which of these.

        Raises:
            PortalError: it could not be asked, or takes nothing from us at all.
        """
        ...

    def carry_out(self, step: Step) -> Outcome:
        """Do one step, then read back what is there. Idempotent; killed anywhere, it can be run again.

        `Outcome.verified` comes from reading back, never from a status. May be called from several threads at once,
        for different datasets, as many as `Limits.at_once` says.

        Raises:
            PortalError: the portal, the network or the disk failed.
        """
        ...

    def probe(self, name: str) -> Probe:
        """Ask for a dataset as an anonymous visitor would, at each address it could have.

        Raises:
            PortalError: it could not be asked, or answers so oddly that nobody can tell.
        """
        ...

    def examine(self, dataset: PortalDataset, *, quick: bool = False) -> tuple[str, ...]:
        """What is wrong with a dataset that `look` found, beyond what that told; each in a sentence.

        Its files are read and compared, by its owner and by an anonymous visitor, who must see what is open and
        nothing else. `quick`: sizes alone are compared.

        Raises:
            PortalError: it could not be read.
        """
        ...

    def finish(self) -> None:
        """Called once after the last step of a run that wrote something, and where `PortalState.faults` says so.

        Indexes, pruning, what a killed run left.

        Raises:
            PortalError: the portal, the network or the disk failed.
        """
        ...


class Factory(Protocol):
    """What the entry-point group `opendata.publishers` names: makes a publisher for a target."""

    def __call__(self, target: Target) -> Publisher:
        """Raises UsageError or PortalError where the target cannot be one."""
        ...
