"""Where a portal's token is kept: an environment variable, or a file that its user alone can read. Never elsewhere."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opendata import files
from opendata.errors import UsageError
from opendata.messages import _
from opendata.model import Secret

if TYPE_CHECKING:
    from opendata.model import Target

VARIABLE = "OPENDATA_TOKEN"
_TOKEN = re.compile(r"[!-~]{8,8192}")


def find(target: Target) -> Secret | None:
    """The token for a target: what opendata.toml names, else OPENDATA_TOKEN, else what `login` kept. None: none.

    Raises:
        UsageError: what is there is no token, or the file that opendata.toml names is not there.
        DiskError: a file cannot be read, or others than its user can.
    """
    if target.token_env:
        return _given(os.environ.get(target.token_env), target.token_env)
    if target.token_file:
        return _in_file(target, Path(target.token_file))
    kept = _file(target)
    return _given(os.environ.get(VARIABLE), VARIABLE) or (
        token(files.read_private(kept), str(kept)) if kept.exists() else None
    )


def keep(target: Target, secret: Secret) -> Path:
    """Keep a token where `find` will look for it, readable by its user alone, and name the file.

    That is the file that opendata.toml names, else one for the target's address.

    Raises:
        UsageError: a variable stands over what would be kept.
        DiskError: it cannot be written.
    """
    refuse_variable(target)
    path = Path(target.token_file) if target.token_file else _file(target)
    files.write_private(path, secret.text.encode())
    return path


def refuse_variable(target: Target) -> None:
    """Go on only where no environment variable stands over what `keep` would keep.

    Raises:
        UsageError: one does; it is named.
    """
    what = _(
        "The token of this portal is taken from the environment variable {name}: one that is kept would not be used."
    )
    if target.token_env:
        remedy = _("Put the token into that variable, or take token_env out of opendata.toml and sign in again.")
        raise UsageError(what.format(name=target.token_env), target.name, remedy)
    if not target.token_file and (os.environ.get(VARIABLE) or "").strip():
        remedy = _("Put the token into that variable, or unset it and sign in again.")
        raise UsageError(what.format(name=VARIABLE), target.name, remedy)


def token(text: str, origin: str) -> Secret:
    """The text as a token.

    Raises:
        UsageError: it cannot be one; the text itself is not shown.

    >>> token(" abcdefgh ", "keyboard")
    Secret(origin='keyboard')
    """
    bare = text.strip()
    if _TOKEN.fullmatch(bare) is None:
        remedy = _("Copy it once more from your user page on the portal: one word, without blanks.")
        raise UsageError(_("What was given is no token."), origin, remedy)
    return Secret(bare, origin)


def _in_file(target: Target, path: Path) -> Secret:
    with files.disk(path):
        there = path.exists()
    if not there:
        remedy = _("Run: opendata login {address}").format(address=target.name)
        raise UsageError(_("The file of this target's token is not there yet."), str(path), remedy)
    return token(files.read_private(path), str(path))


def _given(text: str | None, origin: str) -> Secret | None:
    return token(text, origin) if text and text.strip() else None


def _file(target: Target) -> Path:
    from platformdirs import user_config_path

    parts = urlsplit(target.location)
    place = f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"
    return user_config_path("opendata") / "tokens" / hashlib.sha256(place.encode()).hexdigest()[:32]
