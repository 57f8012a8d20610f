"""The digest that tells whether a published dataset changed, computed from its descriptor alone."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from opendata.model.json import as_list, as_object, canonical

if TYPE_CHECKING:
    from opendata.model.json import Json, JsonValue

KEY = "opendata_digest"
VOLATILE = frozenset({"bytes", "hash"})
_PREFIX = "sha256:"


def told(hexadecimal: str) -> str:
    """A SHA-256 as descriptors tell it.

    >>> told("0f")
    'sha256:0f'
    """
    return _PREFIX + hexadecimal


def bare(digest: str | None) -> str | None:
    """The hexadecimal digits of a SHA-256 that a descriptor tells; None where it tells none.

    >>> bare("sha256:0f"), bare("md5:0f"), bare(None)
    ('0f', None, None)
    """
    return digest.removeprefix(_PREFIX) if digest and digest.startswith(_PREFIX) else None


def canonical_digest(value: JsonValue) -> str:
    """The SHA-256 of a value's canonical JSON, as descriptors tell it.

    >>> canonical_digest({"b": 1, "a": 2}) == canonical_digest({"a": 2, "b": 1})
    True
    """
    return told(hashlib.sha256(canonical(value)).hexdigest())


def content_digest(descriptor: Json) -> str:
    """The digest ("sha256:…") of a published descriptor with plain paths: its metadata, schemas and CSVs.

    The descriptor names each CSV's hash. Left out are the digest itself, and sizes and hashes of the alternates:
    a new version of pyarrow writes another Parquet of the same table.

    >>> content_digest({"name": "a", KEY: "sha256:0"}) == content_digest({"name": "a"})
    True
    """
    managed: dict[str, JsonValue] = {key: value for key, value in descriptor.items() if key != KEY}
    managed["resources"] = [_steady(as_object(item)) for item in as_list(descriptor.get("resources"))]
    return canonical_digest(managed)


def _steady(resource: Json) -> Json:
    if "alternates" not in resource:
        return resource
    kept = [
        {key: value for key, value in as_object(item).items() if key not in VOLATILE}
        for item in as_list(resource["alternates"])
    ]
    return {**resource, "alternates": kept}
