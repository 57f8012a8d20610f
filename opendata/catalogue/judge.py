"""Which packages of a catalogue may go to a portal: all judged and built before anything is written."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from opendata.catalogue.folder import Faulty
from opendata.catalogue.keys import finder
from opendata.descriptor import glimpse
from opendata.edition import levels as editions_of
from opendata.edition import outline, published_name, withheld
from opendata.errors import CheckError, DataError, DescriptorError, GateError, OpendataError, PortalError, UsageError
from opendata.folders import DESCRIPTOR
from opendata.messages import _
from opendata.model import AccessLevel, Candidate, Standing, unwatched
from opendata.package import build

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from opendata.catalogue.folder import Catalogue
    from opendata.model import Dataset, Finding, ForeignKey, Reference, Watch


@dataclass(frozen=True, slots=True)
class _Terms:
    """What the target takes, what was asked for by name (nothing: everything), and what building needs."""

    levels: frozenset[AccessLevel]
    names: frozenset[str]
    cache: Path
    find: Callable[[ForeignKey], Reference | None]


def candidates(
    catalogue: Catalogue,
    levels: Collection[AccessLevel],
    names: Collection[str],
    cache: Path,
    watch: Watch = unwatched,
) -> tuple[Candidate, ...]:
    """Judge each package of the catalogue, or those `names` alone, and build what is ready.

    `levels` are those the target can protect. A name is a package's own or that of one of its editions. What is
    withheld, or not for this target, is only told; asked for by name it is refused.

    Raises:
        UsageError: a name that is not in the catalogue; names that look like it are told.
    """
    terms = _Terms(frozenset(levels), frozenset(names), cache, finder(catalogue))
    _refuse_unknown(catalogue, terms.names)
    everything: tuple[Dataset | Faulty, ...] = (*catalogue.datasets, *catalogue.faulty)
    wanted = [item for item in everything if _asked(item, terms.names)]
    judged: list[Candidate] = []
    for number, item in enumerate(wanted):
        watch("build", number, len(wanted))
        judged += [_faulty(item)] if isinstance(item, Faulty) else _judge(item, terms)
    watch("build", len(wanted), len(wanted))
    return tuple(judged)


def _refuse_unknown(catalogue: Catalogue, names: frozenset[str]) -> None:
    known = set(catalogue.names).union(*map(_all_names, catalogue.datasets))
    for name in sorted(names - known):
        raise UsageError.unknown_name(name, sorted(known), str(catalogue.folder))


def _all_names(item: Dataset | Faulty) -> set[str]:
    if isinstance(item, Faulty):
        return {item.name}
    return {item.name, *(published_name(item.name, level) for level in editions_of(item))}


def _asked(item: Dataset | Faulty, names: frozenset[str]) -> bool:
    return not names or bool(names & _all_names(item))


def _judge(dataset: Dataset, terms: _Terms) -> Iterator[Candidate]:
    editions = editions_of(dataset)
    allowed = tuple(published_name(dataset.name, level) for level in editions)
    if not editions:
        yield replace(_without_edition(dataset, asked=dataset.name in terms.names), editions=allowed)
        return
    taken = [level for level in editions if level in terms.levels]
    for level in editions:
        name = published_name(dataset.name, level)
        if terms.names and not terms.names & {dataset.name, name}:
            continue
        if level in terms.levels:
            yield replace(_built(dataset, level, name, terms), editions=allowed)
        else:
            asked = name in terms.names or (dataset.name in terms.names and not taken)
            yield replace(_not_for_target(dataset, level, name, asked=asked), editions=allowed)


def _built(dataset: Dataset, level: AccessLevel, name: str, terms: _Terms) -> Candidate:
    try:
        built = build(dataset, level, terms.find, terms.cache)
    except GateError as error:
        return _left(dataset, name, Standing.REFUSED, error)
    except DataError as error:
        left = _left(dataset, name, Standing.FAULTY, _with_first_finding(error, dataset))
        return replace(left, hidden=_hidden(dataset, level))
    except PortalError as error:  # its neighbours go on, withdrawals above all
        failed = OpendataError(" ".join(filter(None, (error.what, error.where))), "", error.remedy)
        return replace(_left(dataset, name, Standing.FAILED, failed), hidden=_hidden(dataset, level))
    except Exception as fault:  # noqa: BLE001 - whatever one package provokes must not keep its neighbours' data public
        what = _("The package met a fault of the program: {fault}").format(
            fault=f"{type(fault).__name__}: {fault}"[:200]
        )
        remedy = _(
            "Run the command again with OPENDATA_DEBUG=1, and send what it prints to whoever maintains the program."
        )
        _trace(fault)
        failed = OpendataError(what, "", remedy)
        return replace(_left(dataset, name, Standing.FAILED, failed), hidden=_hidden(dataset, level))
    return Candidate(dataset.name, built.name, dataset.id, Standing.READY, built)


def _trace(fault: Exception) -> None:
    if os.environ.get("OPENDATA_DEBUG"):
        traceback.print_exception(fault)


def _hidden(dataset: Dataset, level: AccessLevel) -> frozenset[tuple[str, str]]:
    """What the edition withholds, whether or not it could be built."""
    return frozenset((item.resource, item.field or "") for item in withheld(dataset, level))


def _without_edition(dataset: Dataset, *, asked: bool) -> Candidate:
    """A package that its level keeps in the agency: refused where nobody said so, or somebody wants it all the same."""
    standing = Standing.REFUSED if asked or dataset.declared is None else Standing.WITHHELD
    try:
        outline(dataset, AccessLevel.OPEN)
    except OpendataError as error:
        return _left(dataset, dataset.name, standing, error)
    return Candidate(dataset.name, dataset.name, dataset.id, Standing.REFUSED)


def _not_for_target(dataset: Dataset, level: AccessLevel, name: str, *, asked: bool) -> Candidate:
    what = _("Its {level} edition stays away: data of that level cannot be protected here.").format(level=level.value)
    remedy = _("Choose a target that protects {level} data.").format(level=level.value)
    standing = Standing.REFUSED if asked else Standing.NOT_FOR_TARGET
    return _left(dataset, name, standing, OpendataError(what, "", remedy))


def _left(dataset: Dataset, name: str, standing: Standing, why: OpendataError) -> Candidate:
    return Candidate(dataset.name, name, dataset.id, standing, reason=why.what, remedy=why.remedy)


def _with_first_finding(error: DataError, dataset: Dataset) -> OpendataError:
    """The error with the first of its findings spelt out, and the command that shows the rest."""
    if isinstance(error, CheckError):
        found: Sequence[Finding] = error.report.findings
    else:
        found = error.findings if isinstance(error, DescriptorError) else ()
    if not found or found[0].message in error.what:
        return error
    remedy = _("See all of them with: opendata check {path}").format(path=dataset.folder)
    return OpendataError(f"{error.what} {found[0].message}", error.where, remedy)


def _faulty(item: Faulty) -> Candidate:
    """A package whose descriptor is faulty; a level that it says all the same, where it forbids all editions, holds."""
    seen = glimpse(item.folder / DESCRIPTOR, item.name)
    stopped = seen is not None and not seen.level.published
    reason = " ".join(dict.fromkeys((item.error.what, *(finding.message for finding in item.findings[:1]))))
    left = Candidate(item.name, item.name, None, Standing.FAULTY, reason=reason, remedy=item.error.remedy)
    if seen is None:
        return left
    return replace(left, id=seen.id, hidden=seen.hidden, editions=() if stopped else None)
