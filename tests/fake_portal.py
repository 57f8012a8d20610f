"""A portal in memory that publishes by the port's rules, can be edited by others, and fails when told to."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO

from opendata.errors import PortalError
from opendata.model import (
    AccessLevel,
    Action,
    Limits,
    Outcome,
    PortalDataset,
    PortalFile,
    PortalState,
    Probe,
    Refusal,
    entry,
    matches,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import BuiltPackage, Entry, Step


class FakePortal:
    """Implements `port.Publisher`. `calls` tells what was asked of it, in order."""

    def __init__(self, levels: frozenset[AccessLevel] = frozenset({AccessLevel.OPEN})) -> None:
        self.datasets: dict[str, PortalDataset] = {}
        self.withdrawn: set[str] = set()
        self.faults: tuple[str, ...] = ()
        self.failing: set[str] = set()
        self.leaking: set[str] = set()
        self.finish_fails = False
        self.calls: list[str] = []
        self.max_file_bytes: int | None = None
        self.refusing: dict[str, Refusal] = {}
        self.drifted: dict[str, tuple[str, ...]] = {}
        self._levels = levels

    @property
    def levels(self) -> frozenset[AccessLevel]:
        return self._levels

    def owners(self) -> tuple[str, ...]:
        return ()

    def limits(self, packages: Sequence[BuiltPackage] = ()) -> Limits:
        return Limits(
            self.max_file_bytes,
            refused={item.name: self.refusing[item.name] for item in packages if item.name in self.refusing},
        )

    def examine(self, dataset: PortalDataset, *, quick: bool = False) -> tuple[str, ...]:
        self.calls.append(f"examine {dataset.name}{' quickly' if quick else ''}")
        return self.drifted.get(dataset.name, ())

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:
        wanted = names if visitor else self.datasets
        found = tuple(self.datasets[name] for name in sorted(wanted) if name in self.datasets)
        return PortalState(found, frozenset(self.withdrawn.intersection(ids)), self.faults)

    def entries(self, words: str = "") -> Iterator[Entry]:
        lines = (entry(item.descriptor or {}, name, item.level) for name, item in sorted(self.datasets.items()))
        yield from (line for line in lines if matches(line, words))

    def open(self, file: PortalFile, start: int = 0) -> BinaryIO:
        return io.BytesIO(file.address.encode()[start:])

    def carry_out(self, step: Step) -> Outcome:
        self.calls.append(f"{step.action.value} {step.name}")
        if step.name in self.failing:
            message = "The portal is away."
            fault = PortalError(message, step.name, "Try again.")
            fault.requests, fault.bytes = 3, 1000
            raise fault
        if step.action is Action.WITHDRAW:
            self.withdrawn.add(step.id)
            del self.datasets[step.name]
        elif step.built is not None:
            self.withdrawn.discard(step.id)
            self.datasets[step.name] = as_published(step.built)
        return Outcome(step, verified=True, bytes=step.built.bytes if step.built else 0)

    def probe(self, name: str) -> Probe:
        self.calls.append(f"probe {name}")
        return Probe(name, (f"/{name}",) if name in self.leaking else ())

    def finish(self) -> None:
        self.calls.append("finish")
        if self.finish_fails:
            message = "The disk is full."
            raise PortalError(message, "", "Free some space.")
        self.faults = ()

    def edit(self, name: str) -> None:
        """Somebody else edits a dataset's metadata."""
        self.datasets[name] = replace(self.datasets[name], intact=False)


def as_published(package: BuiltPackage) -> PortalDataset:
    """What a portal holds once a package was published to it."""
    files = tuple(PortalFile(file.path, file.bytes, file.sha256, file.path) for file in package.files)
    return PortalDataset(
        package.name,
        package.id,
        package.version,
        package.level,
        package.digest,
        files,
        revision=package.digest,
        descriptor=package.descriptor,
    )
