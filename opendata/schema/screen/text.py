"""The proof of strings (Table Schema v2, "string") and of `any`: every text is one; its formats by a strict form.

A form is narrower than what frictionless accepts (rfc3986 with a scheme, the validators' e-mail and UUID, base64):
common addresses pass, all else is read by frictionless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.schema.screen.proof import Proven, matches, nothing, rest_of

if TYPE_CHECKING:
    from opendata.schema.screen.cells import Cells

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?"
FORMS = {
    "uri": rf"https?://{_LABEL}(?:\.{_LABEL})*(?:/[A-Za-z0-9._~/-]*)?",
    "email": rf"[A-Za-z0-9]{{1,20}}(?:[._-][A-Za-z0-9]{{1,20}}){{0,2}}@{_LABEL}(?:\.{_LABEL}){{0,3}}\.[a-z]{{2,6}}",
    "uuid": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "binary": "(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
}


@dataclass(frozen=True, slots=True)
class Strings:
    """The proof for one format of strings."""

    format: str = "default"

    def __call__(self, cells: Cells) -> Proven:
        """Prove strings; value and text are the cell itself.

        >>> import pyarrow as pa
        >>> from opendata.schema.screen.cells import cells_of
        >>> Strings("email")(cells_of(pa.array(["so.nn@hue.gov.vn", "nobody"]))).rest.tolist()
        [False, True]
        """
        import pyarrow as pa

        if self.format == "default":
            return Proven(cells.array, cells.array)
        if self.format not in FORMS:
            return nothing(cells, pa.string())
        return Proven(cells.array, cells.array, rest_of(cells, matches(cells, FORMS[self.format])))
