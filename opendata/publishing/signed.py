"""A plan that was signed, and one made later: whether the later is the same, or what is left of it to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata import files
from opendata.errors import ConflictError, UsageError
from opendata.messages import _
from opendata.model import Action, PlanOptions, as_list, as_object, as_text, as_texts, parsed
from opendata.model.digest import canonical_digest
from opendata.publishing.targets import said

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from opendata.model import Json, JsonValue, Plan, Target

_ID, _DIGEST, _INTACT, _FAULTS = 0, 2, 4, 5  # places in what `plan` tells of a dataset that was found
DONE, CREATE, UPDATE = Action.KEEP.value, Action.CREATE.value, Action.UPDATE.value
WITHDRAW = Action.WITHDRAW.value
NO_OPTIONS = PlanOptions()


@dataclass(frozen=True, slots=True)
class SignedPlan:
    """A plan as it was saved: the file, its digest, and what that is the digest of."""

    path: Path
    digest: str
    decisive: Json


def bound(plan: Plan, target: Target, options: PlanOptions = NO_OPTIONS) -> Plan:
    """The plan with its place and what was asked of it under its digest: a target's name can come to mean another."""
    asked = {
        "names": sorted({*options.names}),
        "overwrite": sorted({*options.overwrite}),
        "organization": options.organization,
        "create_organization": options.create_organization,
    }
    decisive = {**plan.decisive, "address": target.location, "options": asked}
    return replace(plan, address=target.location, decisive=decisive, digest=canonical_digest(decisive))


def read(path: Path) -> SignedPlan:
    """The plan saved at `path`.

    Raises:
        UsageError: the file is no plan.
        DiskError: the file cannot be read.
    """
    told = _told(path)
    digest = as_text(told.get("digest"))
    if digest is None:
        remedy = _("Save one with: opendata plan CATALOGUE --to TARGET --save FILE")
        raise UsageError(_("This file is no plan."), str(path), remedy)
    return SignedPlan(path, digest, as_object(told.get("decisive")))


def refuse_no_plan(path: Path) -> None:
    """Go on only where a plan may be saved at `path`: nothing is there, or an older plan.

    Raises:
        UsageError: a file is there that is no plan.
        DiskError: what is there cannot be read.
    """
    with files.disk(path):
        there = path.exists()
    if not there or _is_plan(_told(path)):
        return
    what = _("The file to save the plan in is there already, and is no plan; it was not overwritten.")
    raise UsageError(what, str(path), _("Choose another name, or move the file away."))


def _is_plan(told: Json) -> bool:
    return as_text(told.get("digest")) is not None and isinstance(told.get("decisive"), Mapping)


def _told(path: Path) -> Json:
    with files.disk(path):
        return as_object(parsed(path.read_bytes()))


def options_of(signed: SignedPlan, given: PlanOptions) -> PlanOptions:
    """What was asked of the signed plan, which need not be said again; `given` is what was said beside it.

    Raises:
        UsageError: something else was said.
    """
    told = as_object(signed.decisive.get("options"))
    options = PlanOptions(
        as_texts(told.get("names")),
        as_texts(told.get("overwrite")),
        as_text(told.get("organization")),
        told.get("create_organization") is True,
    )
    others = ", ".join(_others(options, given))
    if others:
        what = _("The plan was made with other options than those given: {names}.").format(names=others)
        remedy = _("Leave them out, since they are taken from the plan; or make a new plan with them.")
        raise UsageError(what, str(signed.path), remedy)
    return options


def _others(signed: PlanOptions, given: PlanOptions) -> Iterator[str]:
    """What was given and is not as in the plan, as the command line calls it."""
    if given.names and {*given.names} != {*signed.names}:
        yield "NAME"
    if given.overwrite and {*given.overwrite} != {*signed.overwrite}:
        yield "--overwrite"
    if given.organization not in {None, signed.organization}:
        yield "--organization"
    if given.create_organization and not signed.create_organization:
        yield "--create-organization"


def refuse_elsewhere(signed: SignedPlan, target: Target) -> None:
    """Go on only where the plan was made for this target, at the address that it has now.

    Raises:
        UsageError: it was made for another.
    """
    name, address = (as_text(signed.decisive.get(key)) for key in ("target", "address"))
    if name is None or address is None or (name, address) == (target.name, target.location):
        return  # of a plan that says neither, the digest is wrong
    what = _("The plan was made for {there}, not for {here}.")
    remedy = _("Publish to where it was made for, or make a new plan and have that signed.")
    told = what.format(there=said(name, address), here=said(target.name, target.location))
    raise UsageError(told, str(signed.path), remedy)


def refuse_other(made: Plan, signed: SignedPlan) -> None:
    """Go on only where `made` is the signed plan, or what a run of that plan, broken off, left to be done.

    Raises:
        ConflictError: the portal or the catalogue has moved on since.
    """
    believed = _digest(signed.decisive) == signed.digest
    if signed.digest == made.digest or (believed and goes_on(signed.decisive, made.decisive)):
        return
    remedy = _("Look at the plan again, have it signed, and publish with the new one.")
    raise ConflictError(_("The plan is no longer what would be done."), str(signed.path), remedy)


def goes_on(signed: Json, now: Json) -> bool:
    """True where all that is now to be done is in the signed plan, and the rest of that is done.

    Both are what plans are the digests of (`Plan.decisive`).
    """
    if any(signed.get(key) != now.get(key) for key in ("target", "address", "left_out")):
        return False
    then, later = _steps(signed), _steps(now)
    if not _signed_withdrawals(signed, then.values()).issuperset(as_texts(now.get("withdrawn"))):
        return False
    if not set(as_texts(now.get("creating"))).issubset(as_texts(signed.get("creating"))):
        return False
    gone = (step for name, step in then.items() if name not in later)
    return all(step.get("action") == WITHDRAW for step in gone) and all(
        _same_or_left(then.get(name), step) for name, step in later.items()
    )


def _signed_withdrawals(signed: Json, steps: Iterable[Json]) -> frozenset[str]:
    """The ids that were withdrawn when the plan was signed, and those that it withdraws itself."""
    taken = (as_text(step.get("id")) or "" for step in steps if step.get("action") == WITHDRAW)
    return frozenset((*as_texts(signed.get("withdrawn")), *taken))


def _same_or_left(signed: Json | None, now: Json) -> bool:
    if signed is None or signed == now:
        return signed is not None or now.get("action") == DONE
    if now.get("action") == WITHDRAW:
        return signed.get("action") == WITHDRAW and signed.get("id") == now.get("id")
    same = all(signed.get(key) == now.get(key) for key in ("id", "built", "owner"))
    begun = signed.get("action") in {CREATE, UPDATE}
    if now.get("reopen") and not signed.get("reopen"):
        return False
    return same and begun and (now.get("action") == DONE or _unfinished(signed, now))


def _unfinished(signed: Json, now: Json) -> bool:
    """True where what stands there is ours, on the way from what the signed plan found to what it makes."""
    before, found = as_list(signed.get("before")), as_list(now.get("before"))
    if now.get("action") != UPDATE or len(found) <= _FAULTS:
        return False
    made = as_list(now.get("built"))[1]  # as it is to be by now: one to be written over, whose bytes are compared anew
    known: tuple[JsonValue, ...] = (None, made, before[_DIGEST] if len(before) > _DIGEST else None)
    ours = found[_ID] == now.get("id") and found[_DIGEST] in known
    return ours and found[_INTACT] is True and (found[_FAULTS] != 0 or found[_DIGEST] == made)


def _steps(decisive: Json) -> dict[str, Json]:
    steps = map(as_object, as_list(decisive.get("steps")))
    return {as_text(step.get("name")) or "": step for step in steps}


def _digest(decisive: Json) -> str | None:
    """The digest of what a file has as a plan; None where no plan has such a thing (not a number, half a character)."""
    try:
        return canonical_digest(decisive)
    except (ValueError, RecursionError):
        return None
