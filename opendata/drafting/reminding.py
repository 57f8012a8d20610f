"""What is to be said of next month's data beside their changes: keys that look odd, a period that nobody wrote down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.drafting.proposal import period
from opendata.messages import _
from opendata.model import as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from opendata.drafting.changes import Changes
    from opendata.model import Dataset, Resource


def strange_keys(changes: Changes, fields: Sequence[str]) -> Iterator[str]:
    """Say where no row of the new table has the key of an old one."""
    if fields and changes.came and changes.went and not (changes.changed or changes.kept):
        note = _(
            "No row of the new file has the same {fields} as an old row. If they should, look for what differs:"
            " zeros lost at the beginning (001 became 1), blanks, another spelling."
        )
        yield note.format(fields=", ".join(fields))


def unsaid_period(dataset: Dataset, resource: Resource, data: Path) -> Iterator[str]:
    """Say where the data in the tidy file `data` reach beyond the period that the descriptor states."""
    from opendata.sources import open_file

    coverage = as_object(dataset.descriptor.get("coverage"))
    start, end = (as_text(coverage.get(name)) or "" for name in ("start", "end"))
    if resource.schema is None or not (start or end):
        return
    first, last = period(open_file(data, resource.schema))
    if (first and _before(first, start)) or (last and end and _before(end, last)):
        note = _(
            "The data cover {first} to {last} now, the package still says {start} to {end}. Title, period and version"
            ' did not change: write them in {path} ("title", "coverage", "version").'
        )
        path = dataset.folder / "datapackage.json"
        yield note.format(first=first, last=last, start=start or "…", end=end or "…", path=path)


def _before(one: str, other: str) -> bool:
    """True where a period lies before another, each a year, month or date."""
    shared = min(len(one), len(other))
    return one[:shared] < other[:shared]
