"""What of a package may be seen at one access level: the gate, and the cut. Only `cut` makes an Edition."""

from __future__ import annotations

from opendata.edition.gate import levels, published_name
from opendata.edition.making import cut, outline
from opendata.edition.withholding import withheld

__all__ = ["cut", "levels", "outline", "published_name", "withheld"]
