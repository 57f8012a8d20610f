"""What is to be done on a portal: a pure difference between packages judged and the state found there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata.messages import _
from opendata.model import AccessLevel, Action, LeftOut, Limits, Plan, Standing, Step
from opendata.model.digest import canonical_digest
from opendata.publishing.changes import changes, edited, exposes, leaks, shows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from opendata.model import BuiltPackage, Candidate, Json, JsonValue, PortalDataset, PortalState

UNBUILT = frozenset({Standing.FAULTY, Standing.FAILED})
"""Standings of a package that could not be built, whatever its level allows."""

STOPPED = frozenset({Standing.WITHHELD, Standing.REFUSED, Standing.NOT_FOR_TARGET})
"""Standings of a package whose level, or the lack of a review, keeps it off this portal."""


WRITING = frozenset({Action.CREATE, Action.UPDATE})
"""Actions that write a dataset into its organisation."""

NO_LIMITS = Limits()


def make(  # noqa: PLR0913 - all that decides a plan
    target: str,
    candidates: Sequence[Candidate],
    state: PortalState,
    *,
    levels: Collection[AccessLevel],
    overwrite: Collection[str] = (),
    limits: Limits = NO_LIMITS,
) -> Plan:
    """The plan that brings the portal from `state` to what the candidates say; nothing is read or written.

    `levels` are those that the portal can protect. `overwrite` names datasets whose edits by others, or whose
    withdrawal, may be written over, and whose bytes are compared anew; a dataset of others is never touched.
    `limits` are what the portal refuses.

    >>> from opendata.model import PortalState
    >>> make("./portal", (), PortalState(), levels={AccessLevel.OPEN}).steps
    ()
    """
    judged = tuple(_for_target(item, levels) for item in candidates)
    ready = [item for item in judged if item.built is not None]
    desk = _Desk(state, frozenset(overwrite), _twins(ready), limits)
    steps = [desk.withdrawal(found) for found in to_withdraw(judged, state)]
    steps += {item.published_name: desk.step(item.published_name, item.built) for item in ready if item.built}.values()
    steps += doubtful(judged, steps, state)
    steps.sort(key=_turn)
    left_out = tuple(
        LeftOut(item.name, item.standing, item.reason, item.remedy) for item in judged if item.built is None
    )
    unknown = unknown_of(judged, steps, state)
    creating = sorted({step.owner for step in steps if step.action in WRITING} & limits.creating)
    notes = [_("The organisation {name} will be created.").format(name=name) for name in creating]
    notes += [f"{note.name}: {note.text}" for note in state.notes if note.id in {item.id for item in judged}]
    plan = Plan(target, tuple(steps), left_out, "", unknown, state.faults, (*notes, *limits.warnings))
    decisive = _decides(plan, state, creating)
    return replace(plan, digest=canonical_digest(decisive), decisive=decisive)


def to_json(plan: Plan) -> Json:
    """The plan for machines, and for a file that is signed off by its digest.

    `digest` and what it is the digest of, `decisive`, are read back; the rest is for people.
    """
    return {
        "target": plan.target,
        "address": plan.address,
        "digest": plan.digest,
        "steps": [step_to_json(step) for step in plan.steps],
        "left_out": [left_out_to_json(item) for item in plan.left_out],
        "unknown": list(plan.unknown),
        "faults": list(plan.faults),
        "warnings": list(plan.warnings),
        "decisive": plan.decisive,
    }


def step_to_json(step: Step) -> Json:
    """One step, without its data: digests and versions before and after."""
    built, before = step.built, step.before
    return {
        "action": step.action.value,
        "name": step.name,
        "id": step.id,
        "organization": step.owner or None,
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
    limits: Limits

    def step(self, name: str, built: BuiltPackage) -> Step:
        return replace(self._step(name, built), owner=self.limits.owners.get(name, ""))

    def _step(self, name: str, built: BuiltPackage) -> Step:
        before = self.state.dataset(name)
        conflict = self._conflict(name, built, before)
        same = before is not None and _same(before, built)
        conflict = conflict or (None if same else _refused(built, before, self.limits))
        if conflict:
            what, remedy = conflict
            return Step(Action.CONFLICT, name, built.id, built, before, (what,), remedy)
        reopen = self.state.was_withdrawn(built.id, name) and name in self.overwrite
        if before is None:
            return Step(Action.CREATE, name, built.id, built, reopen=reopen)
        if same and name not in self.overwrite:
            return Step(Action.KEEP, name, built.id, built, before)
        purge = exposes(before, built) or reopen
        told = changes(before, built) or (_("Nothing differs; its bytes are compared anew, as was asked for."),)
        return Step(Action.UPDATE, name, built.id, built, before, told, purge=purge, reopen=reopen)

    def withdrawal(self, found: PortalDataset) -> Step:
        what = _("Its access level no longer allows it to be seen here: all its files are removed.")
        return Step(Action.WITHDRAW, found.name, found.id or "", None, found, (what,), purge=True, owner=found.owner)

    def _renamed(self, built: BuiltPackage) -> tuple[str, str] | None:
        """What to say where the portal holds the dataset under another name than its package has by now."""
        own = (item.name for item in self.state.datasets if item.id == built.id)
        other = next((name for name in own if _base(name) != _base(built.name)), None)
        if other is None:
            return None
        what = _("This dataset stands on the portal under another name: {name}").format(name=other)
        return what, _("Give the package that name again: a published name is never changed.")

    def _conflict(self, name: str, built: BuiltPackage, before: PortalDataset | None) -> tuple[str, str] | None:
        if name in self.twins:
            return _("Two packages have the name {value}.").format(value=name), _("Rename one of them.")
        if before is not None and before.id != built.id:
            return _foreign(before)
        renamed = self._renamed(built)
        if renamed or name in self.overwrite:
            return renamed
        if self.state.was_withdrawn(built.id, name):
            what = _("This dataset was withdrawn from the portal because its access level was raised.")
            remedy = _("If it may be seen again, publish it once with: --overwrite {name}")
            return what, remedy.format(name=name)
        if before is not None and not before.intact and not leaks(before, built):
            remedy = _("Take the edits over into the package, or write over them with: --overwrite {name}")
            return edited(before), remedy.format(name=name)
        return None


def _same(before: PortalDataset, built: BuiltPackage) -> bool:
    level = before.level is built.level
    return level and before.digest == built.digest and before.intact and not before.faults


def _refused(built: BuiltPackage, before: PortalDataset | None, limits: Limits) -> tuple[str, str] | None:
    refusal = limits.refused.get(built.name)
    return (refusal.what, refusal.remedy) if refusal else _too_large(built, before, limits)


def _too_large(built: BuiltPackage, before: PortalDataset | None, limits: Limits) -> tuple[str, str] | None:
    limit = limits.max_file_bytes
    there = {file.sha256 for file in before.files} if before else set()
    files = [file for file in built.files if limit is not None and file.bytes > limit and file.sha256 not in there]
    if not files:
        return None
    told = ", ".join(f"{file.path} ({file.bytes})" for file in files)
    what = _("The portal takes no files larger than {limit} bytes. Too large are: {files}")
    remedy = _("Divide the table into smaller ones, or ask whoever keeps the portal to take more than {limit} bytes.")
    return what.format(limit=limit, files=told), remedy.format(limit=limit)


def _foreign(before: PortalDataset) -> tuple[str, str]:
    remedy = _("Give the package another name, or have the other one removed from the portal.")
    if before.id is None:
        what = _("Something stands under this name that this program did not publish, or that you may not change.")
        return what, remedy
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


def to_withdraw(judged: Sequence[Candidate], state: PortalState) -> Iterable[PortalDataset]:
    """The datasets of `state`, under whatever name, that show what their package at hand no longer allows."""
    owners: dict[str | None, list[Candidate]] = {}
    for item in judged:
        owners.setdefault(item.id, []).append(item)
    return [found for found in state.datasets if found.id and _must_go(found, owners.get(found.id, []))]


def _must_go(found: PortalDataset, owners: Sequence[Candidate]) -> bool:
    """True where none of the package's candidates lets the dataset stay as it is.

    A package that could not be built keeps what is there, and one that was renamed, unless it shows too much by now.
    """
    if not owners or any(item.built and item.published_name == found.name for item in owners):
        return False
    return all(_forbids(item, found) for item in owners)


def _forbids(item: Candidate, found: PortalDataset) -> bool:
    if item.editions == () or (item.standing in STOPPED and item.published_name == found.name):
        return True
    if item.built is not None:
        withheld = {(part.resource, part.field or "") for part in item.built.withheld}
        return _is_closed_edition(item, found) or (_base(found.name) != _base(item.name) and shows(found, withheld))
    if item.standing in UNBUILT:
        other = _base(found.name) != _base(item.name) and found.name == _base(found.name)
        return (other or found.name == item.published_name) and shows(found, item.hidden)
    if item.editions is None:
        return item.standing in {Standing.WITHHELD, Standing.NOT_FOR_TARGET}
    return found.name not in item.editions


def _is_closed_edition(item: Candidate, found: PortalDataset) -> bool:
    """True where the dataset is an edition of the very package that its level has no more."""
    editions = (item.published_name,) if item.editions is None else item.editions
    return _base(found.name) == _base(item.name) and found.name not in editions


def _base(name: str) -> str:
    """The package's name in the name of one of its editions."""
    return name.partition("--")[0]


def doubtful(judged: Iterable[Candidate], steps: Iterable[Step], state: PortalState) -> Iterator[Step]:
    """Conflicts for what stands under the name of a package that must not be seen, but does not say that it is it."""
    met = {step.name for step in steps}
    for item in judged:
        found = state.dataset(item.published_name)
        if found is None or found.name in met or item.id is None or item.standing not in {*STOPPED, *UNBUILT}:
            continue
        if found.id != item.id and (item.standing in STOPPED or item.editions == ()):
            met.add(found.name)
            what = _("Something stands on the portal under the name of a package that may not be seen there.")
            remedy = _("Look at it; if it is this package, remove it from the portal by hand.")
            yield Step(Action.CONFLICT, found.name, item.id, None, found, (what,), remedy)


def unknown_of(judged: Iterable[Candidate], steps: Sequence[Step], state: PortalState) -> tuple[str, ...]:
    """Names of ours on the portal that are no longer in the catalogue, of the organisations that it publishes to."""
    known = {item.published_name for item in judged} | {step.name for step in steps}
    owners = {step.before.owner for step in steps if step.before} | {""}
    found = (item for item in state.datasets if item.id is not None and item.owner in owners)
    return tuple(sorted(item.name for item in found if item.name not in known))


def _turn(step: Step) -> tuple[int, str]:
    if step.action is Action.WITHDRAW:
        return 0, step.name
    return (1 if step.purge else 2), step.name


def _decides(plan: Plan, state: PortalState, creating: Iterable[str]) -> Json:
    """All that decides what will be done, and nothing that depends on the user's language."""
    return {
        "target": plan.target,
        "steps": [_decisive(step) for step in plan.steps],
        "left_out": [[item.name, item.standing.value] for item in plan.left_out],
        "unknown": list(plan.unknown),
        "withdrawn": sorted(state.withdrawn),
        "faults": len(state.faults),
        "creating": list(creating),
    }


def _decisive(step: Step) -> Json:
    built, before = step.built, step.before
    return {
        "action": step.action.value,
        "name": step.name,
        "id": step.id,
        "purge": step.purge,
        "reopen": step.reopen,
        "owner": step.owner,
        "built": [built.version, built.digest, built.folder_digest] if built else None,
        "before": _found(before) if before else None,
    }


def _found(before: PortalDataset) -> JsonValue:
    files: list[JsonValue] = [[file.path, file.bytes, file.sha256] for file in before.files]
    return [before.id, before.version, before.digest, before.revision, before.intact, len(before.faults), files]
