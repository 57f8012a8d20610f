"""Recipes: the short list of named steps that makes a tidy table of a department's file.

Each step is a frozen value with a name, and turns one flow of rows into another; none drops or guesses a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.errors import DescriptorError
from opendata.messages import _
from opendata.sources.recipe.columns import Rename, Select, Unpivot
from opendata.sources.recipe.flow import Context, Flow, Record, Step, no_stray
from opendata.sources.recipe.numbers import NumberForm
from opendata.sources.recipe.pattern import Pattern
from opendata.sources.recipe.reading import read
from opendata.sources.recipe.rows import DropRows, FillDown, Header, Skip, SkipBefore, Sort, headed
from opendata.sources.recipe.values import ParseDates, ParseNumbers, Recode, RecodeUnits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from opendata.model import Json
    from opendata.sources.grid import Line
    from opendata.sources.recipe.reading import Maker

__all__ = ["STEPS", "Context", "DropRows", "FillDown", "Header", "NumberForm", "ParseDates", "ParseNumbers", "Pattern"]
__all__ += ["Recode", "RecodeUnits", "Rename", "Select", "Skip", "SkipBefore", "Sort", "Step", "Unpivot"]
__all__ += ["parse", "run"]

STEPS: Mapping[str, Maker] = {
    "drop-rows": DropRows,
    "fill-down": FillDown,
    "header": Header,
    "parse-dates": ParseDates,
    "parse-numbers": ParseNumbers,
    "recode": Recode,
    "recode-units": RecodeUnits,
    "rename": Rename,
    "select": Select,
    "skip": Skip,
    "skip-before": SkipBefore,
    "sort": Sort,
    "unpivot": Unpivot,
}
"""Every step by its name in JSON; its docstring says what it does, with an example."""


def parse(recipe: Sequence[Json], pointer: str = "/origin/recipe") -> tuple[Step, ...]:
    """The steps of a recipe as written in a descriptor.

    Raises:
        DescriptorError: with all faults, each with its JSON pointer under `pointer`.

    >>> parse([{"step": "skip", "rows": [1, 2]}])
    (Skip(rows=(1, 2)),)
    """
    steps, found = read(recipe, STEPS, pointer)
    if found:
        what = _("The recipe has {count} faults.").format(count=len(found))
        first = found[0]
        raise DescriptorError(what, f"{first.pointer}: {first.message}", first.remedy, found)
    return tuple(steps)


def run(steps: Sequence[Step], lines: Iterable[Line], context: Context) -> Flow:
    """The flow that comes out of a recipe; its records are drawn from `lines` as they are needed.

    Raises:
        SourceError: a step cannot be taken, or (while records are drawn) a value cannot be treated.
    """
    flow = Flow((), (Record(line.row, list(line.cells), ()) for line in lines))
    for step in steps:
        flow = step.apply(flow, context)
    flow = headed(flow, context)
    return flow.with_records(_whole(flow, context))


def _whole(flow: Flow, context: Context) -> Iterator[Record]:
    width = len(flow.labels)
    for record in flow.records:
        no_stray(record, flow.labels, context)
        yield Record(record.row, record.cells[:width], record.columns[:width])
