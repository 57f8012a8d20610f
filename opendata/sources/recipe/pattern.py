"""Regular expressions of a recipe: RE2 syntax, which takes linear time whatever a package brings along."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

NAMED = re.compile(r"\(\?P<(\w+)>")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that a whole text has to match.

    >>> Pattern("a|bc").match(["a", "bc", "abc"])
    [True, True, False]
    """

    text: str

    @property
    def names(self) -> tuple[str, ...]:
        """Its named groups, in their order."""
        return tuple(NAMED.findall(self.text))

    @property
    def fault(self) -> str | None:
        """Why it is no regular expression, or None."""
        import pyarrow as pa

        try:
            self.match([""])
            if self.names:
                self.groups("")
        except pa.ArrowInvalid as fault:
            return str(fault)
        return None

    def match(self, texts: Sequence[str]) -> list[bool]:
        """For each text whether the whole of it matches."""
        import pyarrow as pa
        import pyarrow.compute as pc

        found = pc.match_substring_regex(pa.array(texts, pa.string()), self._whole())
        return [bool(item) for item in found.to_pylist()]

    def groups(self, text: str) -> tuple[str, ...] | None:
        r"""What the named groups caught, in their order, or None where the text does not match.

        >>> Pattern(r"^.*(?P<year>\d{4})$").groups("Sơ bộ 2016")
        ('2016',)
        """
        if not self.names:
            return () if self.match([text])[0] else None
        import pyarrow as pa
        import pyarrow.compute as pc

        caught: object = pc.extract_regex(pa.array([text], pa.string()), self._whole())[0].as_py()
        return tuple(str(caught[name]) for name in self.names) if isinstance(caught, dict) else None

    def _whole(self) -> str:
        return rf"\A(?:{self.text})\z"
