"""Ours: look, limits, plan and apply, after imports and with everything built."""

from __future__ import annotations

from pathlib import Path

import task
import timing
from task import Task

from opendata.catalogue import candidates, open_catalogue
from opendata.files import cache_folder
from opendata.model import Candidate, Receipt, Secret, Target
from opendata.publishing import plan as planning
from opendata.publishing.apply import apply
from opendata_ckan import CkanPublisher


def publish(target: Target, judged: tuple[Candidate, ...], jobs: int) -> Receipt:
    """What `opendata publish` does once the packages are built."""
    publisher = CkanPublisher(target)
    publisher.limits()
    names = list(dict.fromkeys(name for item in judged for name in (item.name, item.published_name)))
    state = publisher.look(names, sorted(item.id for item in judged if item.id))
    limits = publisher.limits([item.built for item in judged if item.built])
    made = planning.make(target.name, judged, state, levels=publisher.levels, limits=limits)
    return apply(made, publisher, jobs=jobs)


def run(todo: Task) -> None:
    """Build, then publish, measured; an outcome that is not verified ends the benchmark."""
    target = Target(todo.url, "ckan", todo.url, organization=todo.organisation, token=Secret(todo.token, "benchmark"))
    folder = Path(todo.folder)
    judged = candidates(open_catalogue(folder), CkanPublisher(target).levels, (), cache_folder(folder))
    with timing.timed(wanted=todo.profile) as kinds, task.measured() as told:
        receipt = publish(target, judged, todo.jobs)
        told.more = {"kinds": kinds}
    wrong = [item.error for item in receipt.outcomes if not item.verified] + [item.reason for item in receipt.left_out]
    if wrong:
        raise SystemExit("\n".join(wrong))


if __name__ == "__main__":
    run(task.read())
