"""From the recipe as a person writes it, in JSON, to steps; every fault found is told at once."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from opendata.messages import _
from opendata.model import Finding, Json, JsonValue, Place
from opendata.sources.recipe.pattern import Pattern

if TYPE_CHECKING:
    from opendata.sources.recipe.flow import Step

Maker: TypeAlias = "Callable[..., Step]"
CODE = "recipe-error"


class _WrongError(Exception):
    """A value of the wrong kind; the text says what is wanted."""


def read(recipe: Sequence[Json], steps: Mapping[str, Maker], pointer: str) -> tuple[list[Step], list[Finding]]:
    """The steps, and all that is wrong with the recipe, each with its JSON pointer under `pointer`."""
    made: list[Step] = []
    found: list[Finding] = []
    for number, item in enumerate(recipe):
        step, faults = _step(item, steps, f"{pointer}/{number}")
        found += faults
        if step is not None:
            made.append(step)
    return made, found


def _step(item: JsonValue, steps: Mapping[str, Maker], pointer: str) -> tuple[Step | None, list[Finding]]:
    if not isinstance(item, Mapping):
        return None, [_finding(pointer, _("A step of a recipe is an object."), _known(steps))]
    name = item.get("step")
    maker = steps.get(name) if isinstance(name, str) else None
    if maker is None:
        what = _("There is no step of this name: {name}").format(name=str(name)[:60])
        return None, [_finding(f"{pointer}/step", what, _known(steps))]
    values: dict[str, object] = {}
    found = list(_unknown(item, maker, pointer))
    for field in dataclasses.fields(maker):  # type: ignore[arg-type] # each maker is the class of a step
        try:
            _take(field, item, values)
        except _WrongError as wrong:
            what = _("The property {name} of the step {step} is wrong.").format(name=field.name, step=name)
            found.append(_finding(f"{pointer}/{field.name}", what, str(wrong)))
    step = None if found else maker(**values)
    found += [_finding(f"{pointer}/{key}", what, remedy) for key, what, remedy in (step.faults() if step else ())]
    return step, found


def _take(field: dataclasses.Field[object], item: Json, values: dict[str, object]) -> None:
    if field.name in item:
        values[field.name] = READERS[str(field.type)](item[field.name])
    elif field.default is dataclasses.MISSING:
        raise _WrongError(_("Give it a value."))


def _unknown(item: Json, maker: Maker, pointer: str) -> Iterator[Finding]:
    names = [field.name for field in dataclasses.fields(maker)]  # type: ignore[arg-type] # as above
    for key in item:
        if key not in {"step", *names}:
            what = _("The step {step} has no property {name}.").format(step=item["step"], name=key)
            remedy = _("It has these: {names}").format(names=", ".join(names))
            yield _finding(f"{pointer}/{_escaped(key)}", what, remedy)


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise _WrongError(_("Give a text."))
    return value


def _text_or_none(value: JsonValue) -> str | None:
    return None if value is None else _text(value)


def _row(value: JsonValue) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _WrongError(_("Give a row number, counted from 1."))
    return value


def _rows(value: JsonValue) -> tuple[int, ...]:
    if not isinstance(value, list | tuple) or not value:
        raise _WrongError(_("Give a list of row numbers, counted from 1."))
    return tuple(_row(item) for item in value)


def _texts(value: JsonValue) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise _WrongError(_("Give a list of texts."))
    return tuple(_text(item) for item in value)


def _table(value: JsonValue) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise _WrongError(_("Give an object whose values are texts."))
    return {key: _text(item) for key, item in value.items()}


def _pattern(value: JsonValue) -> Pattern:
    pattern = Pattern(_text(value))
    if fault := pattern.fault:
        raise _WrongError(_("This is no regular expression (RE2): {reason}").format(reason=fault[:200]))
    return pattern


def _pattern_or_none(value: JsonValue) -> Pattern | None:
    return None if value is None else _pattern(value)


READERS: Mapping[str, Callable[[JsonValue], object]] = {
    "str": _text,
    "str | None": _text_or_none,
    "int": _row,
    "tuple[int, ...]": _rows,
    "tuple[str, ...]": _texts,
    "Mapping[str, str]": _table,
    "Pattern": _pattern,
    "Pattern | None": _pattern_or_none,
}
"""How a property is read, by the annotation of the step's field."""


def _known(steps: Mapping[str, Maker]) -> str:
    return _("Steps are: {names}").format(names=", ".join(steps))


def _finding(pointer: str, message: str, remedy: str) -> Finding:
    return Finding(CODE, Place(), message, remedy, pointer=pointer)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
