"""The steps of a plan as a table, and what changes under each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.cli.output import columns, line, size
from opendata.messages import N_, _
from opendata.model import Action, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Step

ACTIONS = {
    Action.CREATE: N_("new"),
    Action.UPDATE: N_("change"),
    Action.KEEP: N_("unchanged"),
    Action.WITHDRAW: N_("withdraw"),
    Action.CONFLICT: N_("conflict"),
}


def show_steps(steps: Sequence[Step]) -> None:
    """Print a row for each dataset, and below it what changes and how to mend a conflict."""
    if not steps:
        return
    heading = [_("action"), _("name"), _("level"), _("version"), _("files"), _("size"), _("title")]
    rows = [heading, *map(_row, steps)]
    if any(step.owner for step in steps):
        rows = [[*row, owner] for row, owner in zip(rows, [_("organisation"), *(s.owner for s in steps)], strict=True)]
    first, *others = columns(rows, right=[4, 5])
    line(first)
    for step, row in zip(steps, others, strict=True):
        line(row)
        for text in (*step.changes, step.remedy, *withheld(step)):
            if text:
                line(f"    {text}")


def withheld(step: Step) -> list[str]:
    """What the edition of a step leaves out, and why: for whoever publishes it, and for nobody else."""
    told = _("Left out: {part}. {reason}")
    items = step.built.withheld if step.built else ()
    return [told.format(part=".".join(filter(None, (item.resource, item.field))), reason=item.reason) for item in items]


def title(step: Step) -> str:
    """The title of a step's dataset, as it will be or was; "" where it has none."""
    before = step.before
    descriptor = step.built.descriptor if step.built else before.descriptor if before else None
    return as_text((descriptor or {}).get("title")) or (before.title if before else "")


def _row(step: Step) -> list[str]:
    action = _(ACTIONS[step.action])
    if step.built is None:
        return [action, step.name, step.before.level.value if step.before else "", "", "", "", title(step)]
    built = step.built
    sizes = [str(len(built.files)), size(built.bytes)]
    return [action, step.name, built.level.value, built.version or "", *sizes, title(step)]
