"""Publishing to a small CKAN in memory, and what it then holds."""

from __future__ import annotations

import copy
import dataclasses
from typing import TYPE_CHECKING, Any

from scripted_portal import Scripted
from small_ckan import SITE, SmallCkan

from opendata.model import AccessLevel
from opendata.publishing.apply import apply
from opendata.publishing.plan import make
from opendata_ckan import CkanPublisher, sending
from opendata_ckan.held import Held, held
from opendata_ckan.mapping import Terms

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from opendata.model import BuiltPackage, Candidate, Json, Outcome, Plan, Receipt
    from opendata_ckan.revising import Revision

Raw = dict[str, Any]


def plan_of(publisher: CkanPublisher, *candidates: Candidate, overwrite: Collection[str] = ()) -> Plan:
    packages = [item.built for item in candidates if item.built]
    names, ids = [item.published_name for item in candidates], [item.id for item in candidates if item.id]
    state = publisher.look(names, ids)
    limits = publisher.limits(packages)
    return make("t", candidates, state, levels=publisher.levels, limits=limits, overwrite=overwrite)


def publish(ckan: SmallCkan, *candidates: Candidate, overwrite: Collection[str] = ()) -> Receipt:
    """Plan and do; the log then holds the requests of the doing alone."""
    with Scripted(ckan) as portal:
        publisher = CkanPublisher(portal.target())
        plan = plan_of(publisher, *candidates, overwrite=overwrite)
        ckan.log.clear()
        return apply(plan, publisher)


def carried(
    ckan: SmallCkan,
    candidate: Candidate,
    between: Callable[[SmallCkan], object] = lambda _ckan: None,
    **target: Any,  # noqa: ANN401 - as a target has it
) -> Outcome:
    """Plan a step, let something happen, and do it."""
    with Scripted(ckan) as portal:
        publisher = CkanPublisher(portal.target(**target))
        (step,) = plan_of(publisher, candidate).steps
        between(ckan)
        ckan.log.clear()
        return publisher.carry_out(step)


def whole(built: BuiltPackage, *, loader: bool = False) -> tuple[SmallCkan, Raw]:
    """A portal that holds an edition as it should be, and what it tells of that, without a request."""
    ckan = SmallCkan()
    found = held(ckan.store(dict(copied(sending.shell(built, "h15-05", ["agriculture"])))), "")
    sent = sending.parcel(built, found, SITE, Terms(loader=loader))
    filled = fill(ckan, sending.filling(found, built, sent, [], everything=False))
    settled = sending.settling(held(filled, ""), private=built.level is not AccessLevel.OPEN)
    return ckan, fill(ckan, settled)


def fill(ckan: SmallCkan, revision: Revision) -> Raw:
    """Carry a revision out without a request."""
    uploads = {
        key.split("__")[2]: (
            item.name,
            item.content if isinstance(item.content, bytes) else item.content.read_bytes(),
        )
        for key, item in revision.uploads.items()
    }
    found: Raw = ckan._package_revise(copied(revision.data()), uploads)["package"]
    return found


def copied(value: Json) -> Raw:
    """A copy that may be changed."""
    return dict(copy.deepcopy(value))


def with_extras(dataset: Raw, **changes: str | None) -> Raw:
    """The dataset with other extras; None: without that one."""
    extras = {item["key"]: item["value"] for item in dataset["extras"]} | changes
    return {**dataset, "extras": [{"key": key, "value": value} for key, value in extras.items() if value is not None]}


def reread(dataset: Raw, **changes: object) -> Held:
    """A dataset as we read it, with other values of its own."""
    return held({**dataset, **changes}, "")


def changed(package: BuiltPackage, **changes: object) -> BuiltPackage:
    """The package with another descriptor."""
    return dataclasses.replace(package, descriptor={**package.descriptor, **changes})  # type: ignore[dict-item] # JSON
