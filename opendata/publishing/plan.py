"""What is to be done on a portal: a pure difference between packages judged and the state found there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import AccessLevel, Action, LeftOut, Plan, Standing, Step, canonical
from opendata.publishing.changes import changes, exposes, outgrown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from opendata.model import BuiltPackage, Candidate, Json, JsonValue, PortalDataset, PortalState

UNBUILT = frozenset({Standing.FAULTY, Standing.FAILED})
"""Standings of a package that could not be built, whatever its level allows."""

STOPPED = frozenset({Standing.WITHHELD, Standing.REFUSED, Standing.NOT_FOR_TARGET})
"""Standings of a package whose level, or the lack of a review, keeps it off this portal."""


def make(
    target: str,
    candidates: Sequence[Candidate],
    state: PortalState,
    *,
    levels: Collection[AccessLevel],
    overwrite: Collection[str] = (),
) -> Plan:
    """The plan that brings the portal from `state` to what the candidates say; nothing is read or written.

    `levels` are those that the portal can protect. `overwrite` names datasets whose edits by others, or whose
    withdrawal, may be written over; a dataset of others is never touched.

    >>> from opendata.model import PortalState
    >>> make("./portal", (), PortalState(), levels={AccessLevel.OPEN}).steps
    ()
    """
    judged = tuple(_for_target(item, levels) for item in candidates)
    ready = [item for item in judged if item.built is not None]
    desk = _Desk(state, frozenset(overwrite), _twins(ready))
    steps = [desk.withdrawal(found) for found in _to_withdraw(judged, state)]
    steps += {item.published_name: desk.step(item.published_name, item.built) for item in ready if item.built}.values()
    steps.sort(key=_turn)
    left_out = tuple(
        LeftOut(item.name, item.standing, item.reason, item.remedy) for item in judged if item.built is None
    )
    plan = Plan(target, tuple(steps), left_out, "", _unknown(judged, steps, state), state.faults)
    return replace(plan, digest=_digest(plan, state))


def to_json(plan: Plan) -> Json:
    """The plan for machines, and for a file that is signed off by its digest; only the digest is read back."""
    return {
        "target": plan.target,
        "digest": plan.digest,
        "steps": [step_to_json(step) for step in plan.steps],
        "left_out": [left_out_to_json(item) for item in plan.left_out],
        "unknown": list(plan.unknown),
        "faults": list(plan.faults),
    }


def step_to_json(step: Step) -> Json:
    """One step, without its data: digests and versions before and after."""
    built, before = step.built, step.before
    return {
        "action": step.action.value,
        "name": step.name,
        "id": step.id,
        "version": built.version if built else None,
        "digest": built.digest if built else None,
        "bytes": built.bytes if built else None,
        "before": {"version": before.version, "digest": before.digest} if before else None,
        "changes": list(step.changes),
        "remedy": step.remedy,
        "purge": step.purge,
    }


def left_out_to_json(item: LeftOut) -> Json:
    """A package that is not sent, and why."""
    return {"name": item.name, "standing": item.standing.value, "reason": item.reason, "remedy": item.remedy}


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one package is compared with what the portal holds under its name."""

    state: PortalState
    overwrite: frozenset[str]
    twins: frozenset[str]

    def step(self, name: str, built: BuiltPackage) -> Step:
        before = self.state.dataset(name)
        conflict = self._conflict(name, built, before)
        if conflict:
            what, remedy = conflict
            return Step(Action.CONFLICT, name, built.id, built, before, (what,), remedy)
        if before is None:
            return Step(Action.CREATE, name, built.id, built)
        if before.digest == built.digest and before.intact and not before.faults:
            return Step(Action.KEEP, name, built.id, built, before)
        purge = exposes(before, built) or built.id in self.state.withdrawn
        return Step(Action.UPDATE, name, built.id, built, before, changes(before, built), purge=purge)

    def withdrawal(self, found: PortalDataset) -> Step:
        what = _("Its access level no longer allows it to be seen here: all its files are removed.")
        return Step(Action.WITHDRAW, found.name, found.id or "", None, found, (what,), purge=True)

    def _conflict(self, name: str, built: BuiltPackage, before: PortalDataset | None) -> tuple[str, str] | None:
        if name in self.twins:
            return _("Two packages have the name {value}.").format(value=name), _("Rename one of them.")
        if before is not None and before.id != built.id:
            return _foreign(before)
        if name in self.overwrite:
            return None
        if built.id in self.state.withdrawn:
            what = _("This dataset was withdrawn from the portal because its access level was raised.")
            remedy = _("If it may be seen again, publish it once with: --overwrite {name}")
            return what, remedy.format(name=name)
        if before is not None and not before.intact:
            what = _("The metadata of this dataset was edited on the portal by somebody else.")
            remedy = _("Take the edits over into the package, or write over them with: --overwrite {name}")
            return what, remedy.format(name=name)
        return None


def _foreign(before: PortalDataset) -> tuple[str, str]:
    remedy = _("Give the package another name, or have the other one removed from the portal.")
    if before.id is None:
        return _("Something that this program did not publish stands under this name."), remedy
    return _("Another dataset stands under this name, with the id {id}.").format(id=before.id), remedy


def _for_target(item: Candidate, levels: Collection[AccessLevel]) -> Candidate:
    if item.standing is not Standing.READY:
        return replace(item, built=None)
    if item.built is None or item.built.level in levels:
        return item
    reason = _("This portal cannot protect data of the level {level}.").format(level=item.built.level.value)
    remedy = _("Publish it to a portal that asks visitors who they are.")
    return replace(item, standing=Standing.NOT_FOR_TARGET, built=None, reason=reason, remedy=remedy)


def _twins(ready: Iterable[Candidate]) -> frozenset[str]:
    names = [item.published_name for item in ready]
    return frozenset(name for name in names if names.count(name) > 1)


def _to_withdraw(judged: Sequence[Candidate], state: PortalState) -> Iterable[PortalDataset]:
    """The editions on the portal of packages at hand whose level allows them no more, found by name and id.

    A package whose data are faulty keeps what is there, unless that shows more than may be seen by now.
    """
    staying = {item.published_name for item in judged if item.built or _stays(item, state)}
    owned = {(name, item.id) for item in judged if item.id for name in _disallowed(item)}
    return [found for found in state.datasets if (found.name, found.id) in owned and found.name not in staying]


def _stays(item: Candidate, state: PortalState) -> bool:
    """True where what is on the portal may stay although the package at hand is faulty."""
    found = state.dataset(item.published_name)
    if item.standing not in UNBUILT or found is None:
        return False
    return item.editions != () and (item.shown is None or not outgrown(found, item.shown))


def _disallowed(item: Candidate) -> frozenset[str]:
    """The names of a package's editions that its level does not allow, as far as this candidate tells."""
    others = (level for level in AccessLevel if level.published and level is not AccessLevel.OPEN)
    names = frozenset({item.name, *(f"{item.name}--{level.value}" for level in others)})
    stopped = frozenset({item.published_name}) if item.standing in STOPPED | UNBUILT else frozenset()
    if item.editions is not None:
        return (names - set(item.editions)) | stopped
    return (names | stopped) if item.standing in {Standing.WITHHELD, Standing.NOT_FOR_TARGET} else stopped


def _unknown(judged: Iterable[Candidate], steps: Iterable[Step], state: PortalState) -> tuple[str, ...]:
    known = {item.published_name for item in judged} | {step.name for step in steps}
    return tuple(sorted(found.name for found in state.datasets if found.id is not None and found.name not in known))


def _turn(step: Step) -> tuple[int, str]:
    if step.action is Action.WITHDRAW:
        return 0, step.name
    return (1 if step.purge else 2), step.name


def _digest(plan: Plan, state: PortalState) -> str:
    """Of all that decides what will be done, and nothing that depends on the user's language."""
    told: JsonValue = {
        "target": plan.target,
        "steps": [_decisive(step) for step in plan.steps],
        "left_out": [[item.name, item.standing.value] for item in plan.left_out],
        "unknown": list(plan.unknown),
        "withdrawn": sorted(state.withdrawn),
        "faults": len(state.faults),
    }
    return f"sha256:{hashlib.sha256(canonical(told)).hexdigest()}"


def _decisive(step: Step) -> Json:
    built, before = step.built, step.before
    return {
        "action": step.action.value,
        "name": step.name,
        "id": step.id,
        "purge": step.purge,
        "built": [built.version, built.digest, built.folder_digest] if built else None,
        "before": _found(before) if before else None,
    }


def _found(before: PortalDataset) -> JsonValue:
    files: list[JsonValue] = [[file.path, file.bytes, file.sha256] for file in before.files]
    return [before.id, before.version, before.digest, before.revision, before.intact, len(before.faults), files]
