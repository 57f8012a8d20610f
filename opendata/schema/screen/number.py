"""The proof of numbers (Table Schema v2, "number"): digits with at most one point, 15 of them for a double.

Frictionless strips the text, frees it of letters around it (without `bareNumber`), takes `groupChar` out, puts a point
for `decimalChar`, and gives it to Python's Decimal. The same is done here but for the first two, which change nothing
of a text that is then of this form: so where `bareNumber` is false, digits must stand at both ends before.
A double gives 15 written digits back. Exponents, NaN, INF, a plus sign and blanks are not proven.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from opendata.schema.screen.arrow import chosen, mask_of
from opendata.schema.screen.cells import cells_of
from opendata.schema.screen.proof import Proven, by_form, matches, rest_of

if TYPE_CHECKING:
    import pyarrow as pa

    from opendata.schema.screen.cells import Cells
    from opendata.schema.screen.proof import Column

FORM = r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
WRITTEN = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
"""How a number is written anew: what became of a cell with a point or group character of its own has to be so."""
FRAMED = r"-?[0-9](?s:.*)[0-9]|-?[0-9]"
DOUBLE = 15
"""Digits, point and minus together: so many digits at most."""
DECIMAL = 38


@dataclass(frozen=True, slots=True)
class Numbers:
    """The proof for one field's way to write numbers, and the Arrow type that keeps them."""

    kind: pa.DataType
    point: str = "."
    group: str = ""
    bare: bool = True

    def __call__(self, cells: Cells) -> Proven:
        """Prove numbers; their text is kept but for the field's own point and group characters.

        >>> import pyarrow as pa
        >>> proven = Numbers(pa.float64(), point=",", group=".")(cells_of(pa.array(["1.234,5", "2", "1e5"])))
        >>> proven.values.to_pylist(), proven.texts.to_pylist()
        ([1234.5, 2.0, None], ['1234.5', '2', None])
        """
        import pyarrow as pa

        if not self._ordinary:
            plain = self._plain(cells)
            return self._by_form(plain, WRITTEN)
        if cells.longest <= self._digits and cells.only(b"-.0123456789"):
            with contextlib.suppress(pa.ArrowInvalid):  # a minus or a point astray: cell by cell then
                return Proven(self._read(cells.array), cells.array)
        return self._by_form(cells, FORM)

    @property
    def _ordinary(self) -> bool:
        return self.point == "." and not self.group and self.bare

    @property
    def _digits(self) -> int:
        import pyarrow as pa

        return DECIMAL if pa.types.is_decimal(self.kind) else DOUBLE

    def _by_form(self, cells: Cells, form: str) -> Proven:
        import pyarrow as pa

        short = chosen(cells.lengths <= self._digits, cells.array, None)
        if pa.types.is_decimal(self.kind):
            short = chosen(matches(cells, _fitting(self.kind.precision, self.kind.scale)), short, None)
        proven = by_form(replace(cells, array=short), form, self._read)
        return replace(proven, rest=rest_of(cells, mask_of(proven.texts.is_valid())))

    def _plain(self, cells: Cells) -> Cells:
        """The cells with a plain point; null as well where that would not be frictionless's reading."""
        import pyarrow.compute as pc

        array: Any = cells.array
        if not self.bare:
            array = chosen(matches(cells, FRAMED), array, None)
        if self.group == ".":  # `1.` is a plain number as it stands, and is kept
            array = chosen(mask_of(pc.ends_with(array, ".")), None, array)
        if self.group:
            array = pc.replace_substring(array, self.group, "")
        if self.point != ".":
            pointed = mask_of(pc.match_substring(array, "."))
            array = pc.replace_substring(chosen(~pointed, array, None), self.point, ".")
        return replace(cells_of(array.fill_null("")), array=array, missing=cells.missing)

    def _read(self, array: pa.StringArray) -> Column:
        return array.cast(self.kind)


def _fitting(precision: int, scale: int) -> str:
    """The form of what fits into a decimal: so many digits before the point, and after it."""
    whole = f"[0-9]{{1,{precision - scale}}}" if precision > scale else "0"
    return rf"-?{whole}(?:\.[0-9]{{1,{scale}}})?" if scale else f"-?{whole}"
