"""Moments written with a fixed number of letters: which digits stand where, as a `strptime` pattern says.

Python's `strptime` takes one or two digits where two are usual; of a text as long as the pattern can be at its longest
there is only one reading. What a pattern names in words (%b), or in a length that varies, has no layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.schema.screen.arrow import is_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from opendata.schema.screen.arrow import Bytes, Mask

    Number = NDArray[np.int32]

SIZES = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2, "f": 6}
MICROSECOND = 6
"""Digits of a second that `f` counts."""
ISO_DATE, ISO_TIME, ISO_DATETIME = "%Y-%m-%d", "%H:%M:%S", "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each part stands (offset and digits), and which other bytes stand where; `width` bytes in all."""

    width: int
    parts: Mapping[str, tuple[int, int]]
    marks: tuple[tuple[int, int], ...]

    def read(self, letters: Bytes) -> tuple[dict[str, Number], Mask]:
        """The parts as numbers, for texts of this width, a row of letters each; and which rows have this layout."""
        import numpy as np

        columns = np.ascontiguousarray(letters.T)
        good = np.ones(len(letters), np.bool_)
        for at, mark in self.marks:
            good &= columns[at] == mark
        found: dict[str, Number] = {}
        for name, (start, size) in self.parts.items():
            number = np.zeros(len(letters), np.int32)
            for column in columns[start : start + size]:
                digit = column - np.uint8(ord("0"))  # wraps around below "0", so that one comparison will do
                good &= digit <= 9  # noqa: PLR2004 - the greatest digit
                number = number * 10 + digit
            found[name] = number * 10 ** (MICROSECOND - size) if name == "f" else number
        return found, good

    def rewritten(self, letters: Bytes, to: Layout) -> Bytes:
        """The same moments in another layout; what stands here nowhere is zero there."""
        import numpy as np

        texts = np.full((len(letters), to.width), ord("0"), np.uint8)
        for at, mark in to.marks:
            texts[:, at] = mark
        for name, (at, size) in to.parts.items():
            if name in self.parts:
                start = self.parts[name][0]
                texts[:, at : at + size] = letters[:, start : start + size]
        return texts


def layout(pattern: str) -> Layout | None:
    """The layout of a `strptime` pattern; None where it has none.

    >>> found = layout("%d/%m/%Y")
    >>> found.width, dict(found.parts), found.marks
    (10, {'d': (0, 2), 'm': (3, 2), 'Y': (6, 4)}, ((2, 47), (5, 47)))
    >>> layout("%d %b %Y") is None
    True
    """
    if not is_text(pattern):
        return None
    parts: dict[str, tuple[int, int]] = {}
    marks: list[tuple[int, int]] = []
    width, rest = 0, pattern
    while rest:
        letter, rest = rest[0], rest[1:]
        if letter == "%":
            name, rest = rest[:1], rest[1:]
            if name not in SIZES or name in parts:
                return None
            parts[name] = (width, SIZES[name])
            width += SIZES[name]
        else:
            marks += [(width + at, byte) for at, byte in enumerate(letter.encode())]
            width = marks[-1][0] + 1
    return Layout(width, parts, tuple(marks)) if parts else None


def fraction(of: Layout, digits: int) -> Layout:
    """The layout with a point and so many digits of a second after it.

    >>> from opendata.schema.screen.layout import layout
    >>> fraction(layout("%H:%M:%S"), 3).parts["f"]
    (9, 3)
    """
    marks = (*of.marks, (of.width, ord(".")))
    return Layout(of.width + 1 + digits, {**of.parts, "f": (of.width + 1, digits)}, marks)
