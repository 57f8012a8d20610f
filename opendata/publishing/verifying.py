"""Looking a whole portal over: what a plan would change, and what only reading every byte can tell."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from opendata.errors import UsageError
from opendata.messages import N_, _
from opendata.model import Action, Drift, Limits, Verification, near, unwatched
from opendata.publishing.changes import edited
from opendata.publishing.plan import make

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from opendata.model import Candidate, Plan, PortalDataset, PortalState, Step, Watch
    from opendata.publishing.port import Publisher

WORDS = {
    Action.CREATE: N_("It is not on the portal."),
    Action.WITHDRAW: N_("It is on the portal, although its access level does not allow that."),
}


def verify(  # noqa: PLR0913 - all that a verification depends on
    target: str,
    publisher: Publisher,
    candidates: Sequence[Candidate] | None,
    names: Collection[str] = (),
    *,
    organization: str | None = None,
    quick: bool = False,
    watch: Watch = unwatched,
) -> Verification:
    """Tell what on the portal is not as it should be.

    With candidates, that is what a plan made of them would do, and which of them are in another organisation than
    where they would be published; without, what each dataset says of itself. `names` restricts it to these packages,
    `organization` to the datasets of that organisation, and the candidates wherever they are.

    Raises:
        UsageError: the token may publish to no organisation of that name.
        PortalError: the portal cannot be read.
    """
    state = _looked(target, publisher, candidates or (), names, organization)
    plan = None if candidates is None else _plan(target, publisher, candidates, state)
    found: dict[str, list[str]] = {}
    for name, text in (
        *_planned(plan),
        *_told(state, plan, names),
        *_noted(state, candidates or (), names, organization),
    ):
        found.setdefault(name, []).append(text)
    datasets = [item for item in state.datasets if item.id is not None and (not names or _wanted(item, names))]
    unknown = plan.unknown if plan and not names else ()
    for number, item in enumerate(datasets):
        watch("verify", number, len(datasets))
        found.setdefault(item.name, []).extend(publisher.examine(item, quick=quick))
    watch("verify", len(datasets), len(datasets))
    for name in _to_probe(state) if not names else ():
        found.setdefault(name, []).extend(_shown(publisher, name))
    looked_at = sorted({item.name for item in datasets} | found.keys())
    drifts = tuple(Drift(name, tuple(dict.fromkeys(texts))) for name, texts in sorted(found.items()) if texts)
    return Verification(target, tuple(looked_at), drifts, unknown)


def _looked(
    target: str, publisher: Publisher, judged: Sequence[Candidate], names: Collection[str], organization: str | None
) -> PortalState:
    asked = list(dict.fromkeys([name for item in judged for name in (item.name, item.published_name)] + list(names)))
    ids = {item.id for item in judged if item.id}
    state = publisher.look(asked, sorted(ids))
    if organization is None:
        return state
    _refuse_unknown(organization, state.owners, target)
    owners = {"", organization}
    kept = (item for item in state.datasets if item.owner in owners or item.name in asked or item.id in ids)
    shells = {name: owner for name, owner in state.shells.items() if owner in owners or name in asked}
    return replace(state, datasets=tuple(kept), shells=shells)


def _refuse_unknown(organization: str, known: Collection[str] | None, target: str) -> None:
    """Nothing is looked at of an organisation that was mistyped: that must not read as if all were well."""
    if known is None or organization in known:
        return
    what = _("The portal has no organisation {name} that your token may publish to.").format(name=organization)
    remedy = _("Give one of: {names}").format(names=", ".join(near(organization, known) or sorted(known)) or "–")
    raise UsageError(what, target, remedy)


def _plan(target: str, publisher: Publisher, candidates: Sequence[Candidate], state: PortalState) -> Plan:
    owners = publisher.limits([item.built for item in candidates if item.built is not None]).owners
    return make(target, candidates, state, levels=publisher.levels, limits=Limits(owners=owners))


def _planned(plan: Plan | None) -> Iterator[tuple[str, str]]:
    for step in plan.steps if plan else ():
        yield from ((step.name, text) for text in (*_elsewhere(step), *_differs(step)))


def _elsewhere(step: Step) -> Iterator[str]:
    there = step.before.owner if step.before else ""
    if there and step.owner and there != step.owner:
        what = _("It is in the organisation {there} of the portal, not in {name}.")
        yield what.format(there=there, name=step.owner)


def _differs(step: Step) -> tuple[str, ...]:
    if step.action is Action.KEEP:
        return ()
    if step.action in WORDS:
        return (_(WORDS[step.action]),)
    return step.changes or (_("It differs from the catalogue."),)


def _told(state: PortalState, plan: Plan | None, names: Collection[str]) -> Iterator[tuple[str, str]]:
    """What the look itself told; with a plan only of what that leaves out, since its changes say the rest."""
    known = {step.name for step in plan.steps} if plan else set()
    for item in state.datasets:
        if item.id is None or item.name in known or (names and not _wanted(item, names)):
            continue
        yield from ((item.name, fault) for fault in item.faults)
        if not item.intact:
            yield item.name, edited(item)
    yield from (("", fault) for fault in state.faults)


def _noted(
    state: PortalState, judged: Sequence[Candidate], names: Collection[str], organization: str | None
) -> Iterator[tuple[str, str]]:
    """What the portal notes; where not all was asked for, only of these packages and of the datasets looked at."""
    packages = {item.id for item in judged}
    known = packages if names else packages | {item.id for item in state.datasets}
    for note in state.notes:
        if note.id in known or note.name in names or not (names or organization):
            yield note.name, note.text


def _to_probe(state: PortalState) -> Iterator[str]:
    """The shells that were not examined: one that holds something is among the datasets, which are."""
    yield from (name for name in state.shells if state.dataset(name) is None)


def _wanted(item: PortalDataset, names: Collection[str]) -> bool:
    return item.name in names or item.name.partition("--")[0] in names


def _shown(publisher: Publisher, name: str) -> Iterator[str]:
    if seen := publisher.probe(name).seen:
        yield _("A withdrawn dataset can still be seen: {place}").format(place=", ".join(seen))
