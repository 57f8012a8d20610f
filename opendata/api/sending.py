"""Planning and publishing: everything judged first, then a plan, then its steps."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from opendata.api.places import resolved
from opendata.errors import ConflictError, DataError, GateError, PortalError, UsageError
from opendata.messages import _
from opendata.model import Action, PlanOptions, Standing, unwatched

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from opendata.catalogue import Catalogue
    from opendata.model import Candidate, Outcome, Plan, PortalState, Receipt, Target, Watch
    from opendata.publishing.port import Publisher


JOBS = 8
"""Datasets that are worked on at once, unless told otherwise."""


def plan(  # noqa: PLR0913 - as many as the command has options
    catalogue: Path | str,
    to: str | Path,
    names: Collection[str] = (),
    overwrite: Collection[str] = (),
    watch: Watch = unwatched,
    *,
    organization: str | None = None,
    create_organization: bool = False,
) -> Plan:
    """Tell what publishing would do to a portal, and do nothing: steps, packages left out, and a digest to sign.

    `to` is a path (a `Path`, or with a separator: "./portal"), an http(s) address, or a name from opendata.toml.
    `names` restricts it to these packages; `overwrite` names datasets whose edits by others may be written over.
    `organization` of the portal stands over the departments' own; `create_organization`: a missing one may be made.

    Raises:
        UsageError: no such catalogue, target or name; a portal that asks for a token, and none is at hand.
        PortalError: the portal cannot be read.
        DiskError: the build cache cannot be written.

    >>> import shutil, tempfile
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     catalogue = Path(shutil.copytree(shipped_package("administrative-units"), Path(folder, "units")))
    ...     steps = plan(catalogue, Path(folder, "portal")).steps
    >>> [(step.action.value, step.name) for step in steps]
    [('create', 'administrative-units')]
    """
    options = PlanOptions(tuple(names), tuple(overwrite), organization, create_organization)
    return _prepared(catalogue, _target(to, options), options, watch).plan


def publish(  # noqa: PLR0913 - as many as the command has options
    catalogue: Path | str,
    to: str | Path,
    names: Collection[str] = (),
    *,
    signed: Path | str | None = None,
    overwrite: Collection[str] = (),
    all_or_nothing: bool = False,
    watch: Watch = unwatched,
    organization: str | None = None,
    create_organization: bool = False,
    jobs: int = JOBS,
) -> Receipt:
    """Publish what of a catalogue may be published, and tell what came of it, read back from the portal.

    Levels that were raised are withdrawn first. `signed` is a plan saved before: it must still be what would be done,
    or what is left of it; names and options are taken from it. `all_or_nothing`: where one package is faulty, refused
    or in conflict, nothing is written. `jobs` datasets are worked on at once; all else is as for `plan`.

    Raises:
        UsageError: as for `plan`; `signed` is none, or was made for another portal, or with other options.
        ConflictError: the portal or the catalogue has moved on since the plan was saved.
        GateError, DataError, ConflictError, PortalError: a package is not ready, with `all_or_nothing`.
        PortalError: the portal cannot be read; what fails later stands in the receipt.

    >>> import shutil, tempfile
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     catalogue = shutil.copytree(shipped_package("administrative-units"), Path(folder, "units"))
    ...     [(done.step.name, done.verified) for done in publish(catalogue, Path(folder, "portal")).outcomes]
    [('administrative-units', True)]
    """
    options = PlanOptions(tuple(names), tuple(overwrite), organization, create_organization)
    if signed is None:
        ready = _prepared(catalogue, _target(to, options), options, watch)
    else:
        ready = _approved(catalogue, to, Path(signed), options, watch)
    if all_or_nothing:
        _refuse_partial(ready.plan)
    return _applied(ready, jobs, watch)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A plan, the portal it was made for, the folder for its receipt, and how many datasets that takes at once."""

    plan: Plan
    publisher: Publisher
    cache: Path
    at_once: int | None


def _target(to: str | Path, options: PlanOptions) -> Target:
    return resolved(to, options.organization, create_organization=options.create_organization)


def _approved(catalogue: Path | str, to: str | Path, path: Path, given: PlanOptions, watch: Watch) -> _Prepared:
    """What the plan signed at `path` says; nothing is asked of the portal where that is for another."""
    from opendata.publishing.signed import options_of, read, refuse_elsewhere, refuse_other

    signed = read(path)
    options = options_of(signed, given)
    target = _target(to, options)
    refuse_elsewhere(signed, target)
    ready = _prepared(catalogue, target, options, watch)
    refuse_other(ready.plan, signed)
    return ready


def _prepared(catalogue: Path | str, target: Target, options: PlanOptions, watch: Watch) -> _Prepared:
    from opendata.catalogue import candidates, open_catalogue
    from opendata.files import cache_folder
    from opendata.publishing import plan as planning
    from opendata.publishing.signed import bound
    from opendata.publishing.targets import publisher as find_publisher

    opened = open_catalogue(Path(catalogue))
    publisher = find_publisher(target)
    publisher.limits()  # a portal that takes nothing from us says so before anything is built
    cache = cache_folder(opened.folder)
    judged = candidates(opened, publisher.levels, options.names, cache, watch)
    _refuse_unknown(options.overwrite, judged, opened)
    state = _state(publisher, judged, options.names, _others(opened, judged))
    limits = publisher.limits([item.built for item in judged if item.built is not None])
    over = options.overwrite
    made = planning.make(target.name, judged, state, levels=publisher.levels, overwrite=over, limits=limits)
    return _Prepared(bound(made, target, options), publisher, cache, limits.at_once)


def _applied(ready: _Prepared, jobs: int, watch: Watch) -> Receipt:
    """Do what was planned; a receipt is kept of it, of a run that is broken off too."""
    from opendata.publishing.apply import apply
    from opendata.publishing.receipt import save

    ticking, most = _ticking(len(ready.plan.steps), watch), min(jobs, ready.at_once or jobs)
    receipt = apply(ready.plan, ready.publisher, ticking, most, lambda broken: save(broken, ready.cache))
    save(receipt, ready.cache)
    return receipt


def _state(
    publisher: Publisher, judged: Collection[Candidate], names: Collection[str], others: frozenset[str]
) -> PortalState:
    """What the portal holds, without what was not asked for: that is not unknown.

    `others` are the ids of packages of this catalogue that were not asked for; where `names` are, all else is left out.
    """
    asked = list(dict.fromkeys(name for item in judged for name in (item.name, item.published_name)))
    ids = sorted({item.id for item in judged if item.id is not None})
    state = publisher.look(asked, ids)
    kept = (item for item in state.datasets if item.id not in others)
    return replace(
        state, datasets=tuple(item for item in kept if not names or item.id in ids or item.name in {*asked, *names})
    )


def _others(catalogue: Catalogue, judged: Collection[Candidate]) -> frozenset[str]:
    """The ids of packages of the catalogue that are not among the judged."""
    asked = {item.name for item in judged}
    return frozenset(item.id for item in catalogue.datasets if item.name not in asked)


def _refuse_unknown(overwrite: Collection[str], judged: Collection[Candidate], catalogue: Catalogue) -> None:
    known = {item.published_name for item in judged}
    for name in overwrite:
        if name not in known:
            raise UsageError.unknown_name(name, sorted(known), str(catalogue.folder))


def _refuse_partial(made: Plan) -> None:
    """Stop before the first write where anything is not ready; the gravest reason decides the kind of error."""
    remedy = _("Mend it, or publish without --all-or-nothing.")
    for step in made.steps:
        if step.action is Action.CONFLICT:
            raise ConflictError(" ".join(step.changes), step.name, step.remedy or remedy)
    kinds = ((Standing.FAILED, PortalError), (Standing.REFUSED, GateError), (Standing.FAULTY, DataError))
    for standing, kind in kinds:
        for item in made.left_out:
            if item.standing is standing:
                raise kind(item.reason, item.name, item.remedy or remedy)


def _ticking(total: int, watch: Watch) -> Callable[[Outcome], None]:
    done = itertools.count(1)
    return lambda _outcome: watch("publish", next(done), total)
