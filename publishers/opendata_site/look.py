"""How the pages look: by which templates and words they are made, told by one digest."""

from __future__ import annotations

import functools
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from opendata.messages import translate
from opendata_site.texts import TEXTS

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

LANGUAGES = ("vi", "en")
PAGES = ("index.html", "index.en.html")
"""The page in each language of LANGUAGES, in that order; the same names for the index and for a dataset."""
STYLE = "style.css"


def templates() -> Traversable:
    """The folder of the templates."""
    return files("opendata_site") / "templates"


def style() -> bytes:
    """The style sheet that all pages share."""
    return (templates() / STYLE).read_bytes()


@functools.cache
def look() -> str:
    """A digest of templates, style and words: pages made by others are made anew."""
    digest = hashlib.sha256()
    for item in sorted(templates().iterdir(), key=lambda item: item.name):
        digest.update(item.read_bytes())
    for text in TEXTS:
        digest.update(translate(text, "vi").encode())
    return digest.hexdigest()
