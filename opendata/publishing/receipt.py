"""What a run did, kept as a file: one a run, none for a run that did nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata import files
from opendata.model import Action, dump
from opendata.publishing.plan import left_out_to_json

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json, Outcome, Receipt

IDLE = frozenset({Action.KEEP, Action.CONFLICT})


def to_json(receipt: Receipt) -> Json:
    """The receipt for machines. Sizes are in bytes, times UTC."""
    return {
        "target": receipt.target,
        "address": receipt.address,
        "plan": receipt.plan_digest,
        "started": receipt.started,
        "finished": receipt.finished,
        "verified": receipt.verified,
        "outcomes": [outcome_to_json(outcome) for outcome in receipt.outcomes],
        "left_out": [left_out_to_json(item) for item in receipt.left_out],
        "mended": list(receipt.mended),
        "warnings": list(receipt.warnings),
        "error": receipt.error,
        "remedy": receipt.remedy,
    }


def outcome_to_json(outcome: Outcome) -> Json:
    """What came of one step; `digest` is what the portal was found to hold.

    `read_back` has the SHA-256 of each file as its owner and as an anonymous visitor got it; `refused` the places
    where a visitor asked in vain for what must not be seen.
    """
    step = outcome.step
    return {
        "action": step.action.value,
        "name": step.name,
        "id": step.id,
        "version": step.built.version if step.built else None,
        "digest": step.built.digest if step.built and outcome.verified else None,
        "verified": outcome.verified,
        "read_back": [{"path": item.path, "owner": item.owner, "visitor": item.visitor} for item in outcome.sightings],
        "refused": list(outcome.refused),
        "requests": outcome.requests,
        "bytes": outcome.bytes,
        "seconds": outcome.seconds,
        "changes": list(step.changes),
        "error": outcome.error,
        "remedy": outcome.remedy,
    }


def did_something(receipt: Receipt) -> bool:
    """True where the run wrote to the portal, or tried to."""
    acted = any(outcome.step.action not in IDLE for outcome in receipt.outcomes)
    return acted or bool(receipt.mended or receipt.error)


def save(receipt: Receipt, folder: Path) -> Path | None:
    """Write the receipt into `folder`/receipts and return its path; None where the run did nothing.

    Raises:
        DiskError: it could not be written.
    """
    if not did_something(receipt):
        return None
    receipts = folder / "receipts"
    files.refuse_link(folder, receipts)
    with files.lock(receipts):
        path = _free(receipts, receipt.finished.replace("-", "").replace(":", ""))
        files.write(path, dump(to_json(receipt)))
    return path


def _free(folder: Path, time: str) -> Path:
    number = 1
    while (path := folder / f"{time}-{number}.json").exists():
        number += 1
    return path
