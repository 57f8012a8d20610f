"""The proof of booleans (Table Schema v2, "boolean"): a cell is one of `trueValues` or `falseValues`, letter by letter.

A text in both is false: frictionless reads `falseValues` last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from opendata.schema.screen.arrow import mask_of
from opendata.schema.screen.proof import Proven, rest_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.schema.screen.cells import Cells


@dataclass(frozen=True, slots=True)
class Booleans:
    """The proof for one field's words; `told` says what each means, `plain` which of them are canonical texts."""

    told: Mapping[str, bool]
    plain: Mapping[str, bool]

    def __call__(self, cells: Cells) -> Proven:
        """Prove booleans; a word that Table Schema's default reads the same way is kept, another is written anew.

        >>> import pyarrow as pa
        >>> from opendata.schema.screen.cells import cells_of
        >>> words = Booleans({"có": True, "0": False}, {"0": False})
        >>> proven = words(cells_of(pa.array(["có", "0", "?"])))
        >>> proven.values.to_pylist(), proven.texts.to_pylist()
        ([True, False, None], ['true', '0', None])
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        words = list(self.told)
        found: Any = pc.call_function(
            "index_in", [cells.array], pc.SetLookupOptions(pa.array(words, pa.string()), skip_nulls=True)
        )
        texts = [word if self.plain.get(word) == self.told[word] else str(self.told[word]).lower() for word in words]
        values = pa.array([self.told[word] for word in words], pa.bool_()).take(found)
        written = cells.array if texts == words else pa.array(texts, pa.string()).take(found)
        return Proven(values, written, rest_of(cells, mask_of(found.is_valid())))
