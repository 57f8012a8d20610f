"""Steps that turn, name and choose columns."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - the steps' annotations say how they are read
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from opendata.messages import _
from opendata.sources.recipe.flow import Fault, Faultless, Flow, Record, clean, no_stray, position
from opendata.sources.recipe.rows import headed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.sources.recipe.flow import Context
    from opendata.sources.recipe.pattern import Pattern


@dataclass(frozen=True, slots=True)
class Unpivot:
    r"""Turns columns into rows: each column not in `keep` gives one row, its label in `name`, its cell in `value`.

    `pattern` (RE2) has to match the whole label; its named group `name` is what is kept of it, and further named
    groups become columns as well. A column that does not match is an error, never left out. A column without label
    must be blank.

    Example: `{"step": "unpivot", "keep": ["Tỉnh"], "name": "year", "value": "pigs", "pattern": "^.*(?P<year>\\d{4})$"}`
    """

    STEP: ClassVar[str] = "unpivot"
    keep: tuple[str, ...]
    name: str
    value: str
    pattern: Pattern | None = None

    def faults(self) -> tuple[Fault, ...]:
        """See Step."""
        if self.pattern is None or not self.pattern.names or self.name in self.pattern.names:
            return ()
        what = _("The pattern has no group called {name}.").format(name=self.name)
        return (Fault("pattern", what, _("Write such a group, (?P<year>...) for instance.")),)

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        flow = headed(flow, context)
        kept = [position(flow, name, context) for name in self.keep]
        names = (self.pattern.names if self.pattern else ()) or (self.name,)
        turned = [
            _Turned(index, self._caught(text, context))
            for index, text in enumerate(flow.labels)
            if index not in kept and text
        ]
        labels = (*(flow.labels[index] for index in kept), *names, self.value)
        return replace(flow, labels=labels, records=self._turned(flow, kept, turned, context))

    def _caught(self, text: str, context: Context) -> tuple[str, ...]:
        caught = self.pattern.groups(clean(text)) if self.pattern else ()
        if caught is None:
            what = _("The column {field} does not match the pattern of the step unpivot.").format(field=text)
            raise context.fault(what, _("Correct the pattern, name the column in `keep`, or leave it out by select."))
        return caught or (text,)

    @staticmethod
    def _turned(flow: Flow, kept: Sequence[int], turned: Sequence[_Turned], context: Context) -> Iterator[Record]:
        for record in flow.records:
            no_stray(record, flow.labels, context)
            cells = [record.cells[index] for index in kept]
            columns = tuple(record.columns[index] for index in kept)
            for index, caught in turned:
                source = record.columns[index]
                places = (*columns, *(source for _part in caught), source)
                yield Record(record.row, [*cells, *caught, record.cells[index]], places)


class _Turned(NamedTuple):
    place: int
    caught: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rename(Faultless):
    """Renames columns: `fields` maps an old name to a new one.

    Example: `{"step": "rename", "fields": {"Năm": "year"}}`
    """

    STEP: ClassVar[str] = "rename"
    fields: Mapping[str, str]

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        flow = headed(flow, context)
        new = {position(flow, old, context): name for old, name in self.fields.items()}
        return replace(flow, labels=tuple(new.get(index, text) for index, text in enumerate(flow.labels)))


@dataclass(frozen=True, slots=True)
class Select(Faultless):
    """Keeps the columns `fields`, in that order, and leaves out all others.

    Example: `{"step": "select", "fields": ["unit_id", "year", "pigs"]}`
    """

    STEP: ClassVar[str] = "select"
    fields: tuple[str, ...]

    def apply(self, flow: Flow, context: Context) -> Flow:
        """See the class."""
        flow = headed(flow, context)
        indexes = [position(flow, name, context) for name in self.fields]

        def chosen(values: Sequence[str]) -> list[str]:
            return [values[index] for index in indexes]

        records = (
            Record(record.row, chosen(record.cells), tuple(record.columns[index] for index in indexes))
            for record in flow.records
        )
        return replace(flow, labels=tuple(chosen(flow.labels)), records=records)
