"""The digest that tells whether a published dataset changed, computed from its descriptor alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from opendata.model.json import as_list, as_object, canonical

if TYPE_CHECKING:
    from opendata.model.json import Json, JsonValue

KEY = "opendata_digest"
VOLATILE = frozenset({"bytes", "hash"})


def content_digest(descriptor: Json) -> str:
    """The digest ("sha256:…") of a published descriptor with plain paths: its metadata, schemas and CSVs.

    The descriptor names each CSV's hash. Left out are the digest itself, and sizes and hashes of the alternates:
    a new version of pyarrow writes another Parquet of the same table.

    >>> content_digest({"name": "a", KEY: "sha256:0"}) == content_digest({"name": "a"})
    True
    """
    managed: dict[str, JsonValue] = {key: value for key, value in descriptor.items() if key != KEY}
    managed["resources"] = [_steady(as_object(item)) for item in as_list(descriptor.get("resources"))]
    return f"sha256:{hashlib.sha256(canonical(managed)).hexdigest()}"


def _steady(resource: Json) -> Json:
    if "alternates" not in resource:
        return resource
    kept = [
        {key: value for key, value in as_object(item).items() if key not in VOLATILE}
        for item in as_list(resource["alternates"])
    ]
    return {**resource, "alternates": kept}
