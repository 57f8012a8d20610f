"""Which proof serves a field, and which proofs serve its constraints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opendata.model import as_list
from opendata.schema.lexical import BOOLEANS
from opendata.schema.screen.arrow import is_text
from opendata.schema.screen.boolean import Booleans
from opendata.schema.screen.constraints import BOUNDS, Bounds, Length, Matched, exactly, listed
from opendata.schema.screen.integer import prove_integers
from opendata.schema.screen.moments import dates, datetimes, times
from opendata.schema.screen.number import Numbers
from opendata.schema.screen.pattern import as_re2
from opendata.schema.screen.proof import whole
from opendata.schema.screen.text import Strings
from opendata.schema.screen.year import prove_yearmonths, prove_years
from opendata.schema.types import arrow_type, is_float, zone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from opendata.model import Field
    from opendata.schema.screen.adjudged import JudgedField
    from opendata.schema.screen.constraints import Constraint
    from opendata.schema.screen.proof import Proof

ELSEWHERE = {"required", "unique"}


def proof_of(field: Field) -> Proof | None:
    """The proof for a field's type and format; None where there is none, and every cell is read by frictionless."""
    maker = _MAKERS.get(field.type)
    return maker(field) if maker else None


def constraints_of(field: Field, judged: JudgedField) -> list[Constraint] | None:
    """The proofs of a field's constraints; None where one has none, and every cell is read by frictionless."""
    told = {name: value for name, value in judged.constraints.items() if value is not None and name not in ELSEWHERE}
    read = _bound_reader(field, judged)
    bounds = {name: exactly(read(value), arrow_type(field)) for name, value in told.items() if name in BOUNDS}
    found = [_constraint(field, name, value, read) for name, value in told.items() if name not in BOUNDS]
    if None in found or None in bounds.values():
        return None
    proofs = [proof for proof in found if proof is not None]
    return [Bounds(bounds), *proofs] if bounds else proofs


def _constraint(field: Field, name: str, told: Any, read: Callable[[Any], Any]) -> Constraint | None:  # noqa: ANN401 - JSON
    if name == "enum":
        return listed([read(item) for item in told], arrow_type(field))
    if name == "pattern":
        form = as_re2(told)
        return Matched(form) if form and _compiles(form) else None
    if name in {"minLength", "maxLength"} and isinstance(told, int) and told >= 0:
        return Length(told, None) if name == "minLength" else Length(0, told)
    return None


def _compiles(form: str) -> bool:
    import pyarrow as pa

    try:
        whole(pa.array([""]), form)
    except pa.ArrowInvalid:
        return False
    return True


def _bound_reader(field: Field, judged: JudgedField) -> Callable[[Any], Any]:
    read = judged.create_value_reader()
    return (lambda told: _month(read(told))) if field.type == "yearmonth" else read


def _month(value: Any) -> str | None:  # noqa: ANN401 - what frictionless reads: a pair, or None
    return f"{value[0]:04d}-{value[1]:02d}" if value is not None and 0 <= value[0] <= 9999 else None  # noqa: PLR2004


def _number(field: Field) -> Proof | None:
    told = field.descriptor
    if is_float(field):
        return None
    point, group = told.get("decimalChar", "."), told.get("groupChar", "")
    if not isinstance(point, str) or not isinstance(group, str) or not point or not is_text(point + group):
        return None
    if group.strip() != group and len(group) > 1:  # stripped before it is taken out, it may be half gone
        return None
    return Numbers(arrow_type(field), point, group, bare=told.get("bareNumber", True) is not False)


def _boolean(field: Field) -> Proof | None:
    words: dict[str, bool] = {}
    for name, meaning in (("trueValues", True), ("falseValues", False)):
        told = [str(word) for word in as_list(field.descriptor.get(name))]
        default = [word for word, means in BOOLEANS.items() if means is meaning]
        words |= dict.fromkeys(filter(is_text, told if name in field.descriptor else default), meaning)
    return Booleans(words, BOOLEANS)


def _moment(field: Field) -> str | None:
    """The pattern of a field of moments; None: they are in ISO 8601."""
    return None if field.format in {"default", "any"} else field.format


_MAKERS: Mapping[str, Callable[[Field], Proof | None]] = {
    "string": lambda field: Strings(field.format),
    "any": lambda _field: Strings(),
    "integer": lambda _field: prove_integers,
    "number": _number,
    "boolean": _boolean,
    "date": lambda field: dates(_moment(field)),
    "time": lambda field: times(_moment(field)),
    "datetime": lambda field: datetimes(_moment(field), zone(field)),
    "year": lambda _field: prove_years,
    "yearmonth": lambda _field: prove_yearmonths,
}
