"""The digest of a recipe, by which a table older than its recipe is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.model.digest import canonical_digest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.model import Json


def recipe_digest(recipe: Sequence[Json]) -> str:
    """The SHA-256 of the steps in their canonical form, as "sha256:…": blanks and the order of keys do not count.

    >>> recipe_digest([{"step": "skip", "rows": [1]}]) == recipe_digest([{"rows": [1], "step": "skip"}])
    True
    """
    return canonical_digest(list(recipe))
