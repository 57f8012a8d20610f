"""The seal of a build in the cache: proof that this user made it, here, for this key.

Whoever hands on a catalogue can hand on a cache with it, and can compute its digests; this secret he has not.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

from opendata import files
from opendata.package.assembling import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

SEAL = "seal"


def seal(folder: Path, key: str) -> None:
    """Seal the build in `folder` for its key; where no secret can be kept, nothing is sealed, and nothing recalled."""
    code = _code(folder, key)
    if code is not None:
        files.write(folder / SEAL, code)


def sealed(folder: Path, key: str) -> bool:
    """True where the build was sealed by this user for this key, its descriptor unaltered since."""
    path = folder / SEAL
    code = _code(folder, key)
    return code is not None and files.regular(path) and hmac.compare_digest(_read(path, len(code) + 1), code)


def _code(folder: Path, key: str) -> bytes | None:
    secret = files.user_secret()
    if secret is None:
        return None
    message = f"{key} {files.sha256(folder / MANIFEST)}".encode()
    return hmac.new(secret, message, hashlib.sha256).hexdigest().encode()


def _read(path: Path, most: int) -> bytes:
    with files.disk(path), path.open("rb") as stream:
        return stream.read(most)
