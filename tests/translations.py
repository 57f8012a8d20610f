"""The catalogue of messages: what the code says, what the catalogue has, and how one is made from the other.

`OPENDATA_WRITE_LOCALE=1 pytest tests/repository/test_translations.py` brings new messages into the catalogue
(to be translated by hand) and compiles it.
"""

from __future__ import annotations

import datetime as dt
import gettext
import io
import re
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PO = ROOT / "opendata" / "locale" / "vi" / "LC_MESSAGES" / "opendata.po"
MO = PO.with_suffix(".mo")
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**", "jinja2")]
OPTIONS = {"**/templates/**": {"trimmed": "true", "silent": "false"}}
HOLES = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sdr]")
UNDATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
Key = str | tuple[str, str]


def messages_of(folder: Path) -> dict[Key, str]:
    """Each message below a folder, with the first place that says it."""
    found: dict[Key, str] = {}
    for name, line, message, _, _ in extract_from_dir(folder, METHODS, OPTIONS, keywords=KEYWORDS):
        key = tuple(message) if isinstance(message, tuple) else message
        if key:
            found.setdefault(key, f"{folder.name}/{name}:{line}")
    return found


def ours() -> dict[Key, str]:
    """The messages of the library and its publishers."""
    return {**messages_of(ROOT / "publishers"), **messages_of(ROOT / "opendata")}


def of_click() -> dict[Key, str]:
    """The messages of the installed click, which speaks to users too."""
    return messages_of(Path(click.__file__).parent)


def catalogue() -> Catalog:
    """The Vietnamese catalogue."""
    with PO.open("rb") as stream:
        read = read_po(stream, locale="vi", abort_invalid=True)
    read.creation_date = read.revision_date = UNDATED  # else babel writes the time of day into the compiled file
    return read


def entries() -> dict[Key, Message]:
    """The catalogue's messages by key."""
    return {tuple(m.id) if isinstance(m.id, list | tuple) else m.id: m for m in catalogue() if m.id}


def texts(value: str | tuple[str, ...] | list[str]) -> list[str]:
    """One text or several as a list."""
    return [value] if isinstance(value, str) else list(value)


def holes(text: str) -> list[str]:
    """The placeholders of a message, sorted."""
    return sorted(HOLES.findall(text))


def compiled() -> bytes:
    """The catalogue as gettext reads it."""
    buffer = io.BytesIO()
    write_mo(buffer, catalogue())
    return buffer.getvalue()


def said_by(compiled: bytes) -> dict[Key, str]:
    """The messages of a compiled catalogue, without its header, which names babel's version."""
    known = gettext.GNUTranslations(io.BytesIO(compiled))._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in known.items() if key}


def rewrite() -> None:
    """Bring new messages in, drop what nobody says, and compile."""
    known = entries() if PO.exists() else {}
    fresh = Catalog(locale="vi", project="opendata-vn", version="", fuzzy=False, charset="utf-8")
    for key in sorted({**of_click(), **ours()}, key=str):
        old = known.get(key)
        fresh.add(key, old.string if old else ("",) if isinstance(key, tuple) else "")
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=0, omit_header=False, sort_output=True)
    kept = [line for line in buffer.getvalue().decode().splitlines() if not line.startswith(DATES)]
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_text("\n".join(kept).rstrip("\n") + "\n", encoding="utf-8")
    MO.write_bytes(compiled())


DATES = ('"POT-Creation-Date', '"PO-Revision-Date', '"Last-Translator', '"Generated-By', '"Report-Msgid', "# ", "#\n")
