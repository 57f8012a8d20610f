"""Texts as CKAN can hold them: what it would refuse, change or stumble over is mended before it is sent."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opendata.messages import LANGUAGES
from opendata.model import as_object, as_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opendata.model import Json, JsonValue

MOST = 32_000
"""Bytes of UTF-8 that one text may have: Solr indexes a title, a version and each extra as one term of 32,766."""

NAME_MOST = 1_000
"""Bytes that a title or name may have."""

TAG_LEAST, TAG_MOST = 2, 100
VERSION_MOST = 100
ELLIPSIS = "…"

# Controls but tab and line feed, halves of characters, and the two code points that no XML may hold (Solr is fed XML).
_UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
_EMAIL = re.compile(
    r"[A-Za-z0-9_%+-]+(?:\.[A-Za-z0-9_%+-]+)*@"
    r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
_DATE = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_ADDRESS_MOST = 2000
_OLD = unicodedata.ucd_3_2_0  # what is a letter here is one to the portal's Python too, however old


def holdable(text: str) -> str:
    r"""The text without what a database, XML or JSON refuses; line ends as line feeds; letters composed (NFC).

    >>> holdable("a\r\nb\x00\ud800"), holdable("e\u0301")
    ('a\nb', 'é')
    """
    return unicodedata.normalize("NFC", _UNHOLDABLE.sub("", _LINE_ENDS.sub("\n", text)))


def holdable_value(value: JsonValue) -> JsonValue:
    r"""The same for every text, keys too, in a JSON value.

    >>> holdable_value({"a\x00": ["b\x01", 1, None]})
    {'a': ['b', 1, None]}
    """
    if isinstance(value, str):
        return holdable(value)
    if isinstance(value, Mapping):
        return {holdable(key): holdable_value(item) for key, item in value.items()}
    return [holdable_value(item) for item in value] if isinstance(value, Sequence) else value


def block(text: str | None, most: int = MOST) -> str:
    r"""A text of several lines: holdable, without blanks around it, cut where it is longer than `most` bytes.

    >>> block(" a\n\nb ")
    'a\n\nb'
    """
    return cut(holdable(text or "").strip(), most)


def line(text: str | None, most: int = NAME_MOST) -> str:
    r"""A text on one line: its blanks and line ends are single blanks.

    >>> line(" Diện  tích\nlúa ")
    'Diện tích lúa'
    """
    return cut(" ".join(holdable(text or "").split()), most)


def cut(text: str, most: int) -> str:
    """The text where it has at most so many bytes; else its beginning to the end of a word, and "…".

    A last word that alone is more than half of what is kept is cut between two characters.

    >>> cut("một hai ba", 11), cut("một hai ba", 13), cut("ababababab", 8)
    ('một…', 'một hai ba', 'ababa…')
    """
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    kept = encoded[: most - len(ELLIPSIS.encode())].decode(errors="ignore")
    whole = re.sub(r"\s+\S*\Z", "", kept)
    return (whole if len(whole) * 2 >= len(kept) else kept).rstrip() + ELLIPSIS


def tags(keywords: Iterable[str]) -> tuple[str, ...]:
    """Keywords as CKAN's tags: letters, digits, blanks and - _ . only; none twice in any case; sorted as CKAN does.

    One of a single character cannot be a tag; the descriptor beside the tables has all keywords as they were.

    >>> tags(["lúa", "Lúa", "PM2,5", "a", "  rừng/cây  "])
    ('PM2 5', 'lúa', 'rừng cây')
    """
    made: dict[str, str] = {}
    for tag in map(_tag, keywords):
        if len(tag) >= TAG_LEAST:
            made.setdefault(tag.casefold(), tag)
    return tuple(sorted(made.values()))


def _tag(keyword: str) -> str:
    bare = "".join(letter for letter in holdable(keyword) if not unicodedata.combining(letter))
    known = "".join(letter if _OLD.category(letter) != "Cn" else " " for letter in bare)
    allowed = " ".join(re.sub(r"[^\w\-.]", " ", known).split())
    return allowed[:TAG_MOST].strip()


def link(address: str | None) -> str:
    """The address where it may be followed (http or https, without blanks, not overlong); else nothing.

    >>> [link(text) for text in ("https://gso.gov.vn/a", "javascript:alert(1)", "http://[", None)]
    ['https://gso.gov.vn/a', '', '', '']
    """
    if not address or len(address) > _ADDRESS_MOST or re.search(r'[\s"<>\\^`{|}]', address):
        return ""
    if _UNHOLDABLE.search(address) or unicodedata.normalize("NFC", address) != address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname else ""


def email(text: str | None) -> str:
    """The text where it is an address that CKAN takes; else nothing.

    >>> email(" so.nn@tinh.gov.vn "), email("so..nn@tinh.gov.vn"), email("a@b.vn?bcc=c@d.vn")
    ('so.nn@tinh.gov.vn', '', '')
    """
    bare = (text or "").strip()
    return bare if _EMAIL.fullmatch(bare) and len(bare) <= TAG_MOST * 2 else ""


def date(text: str | None) -> str:
    """The text where it is a year, a month or a day of ISO 8601; of a moment, its day; else nothing.

    >>> date("2016"), date("2016-11"), date("2026-01-02T03:04:05Z"), date("soon")
    ('2016', '2016-11', '2026-01-02', '')
    """
    day = re.split("[Tt ]", (text or "").strip(), maxsplit=1)[0]
    return day if _DATE.fullmatch(day) else ""


def said(part: Json, key: str, language: str) -> str:
    """A title or description of a part of a descriptor in that language, or "" where it is not said in it.

    What stands without a language is Vietnamese, or English where there is a Vietnamese translation beside it.

    >>> said({"title": "Lúa", "translations": {"en": {"title": "Paddy"}}}, "title", "vi")
    'Lúa'
    >>> said({"title": "Public domain", "translations": {"vi": {"title": "Phạm vi công cộng"}}}, "title", "en")
    'Public domain'
    """
    there = as_object(part.get("translations"))
    translated = {code: as_text(as_object(there.get(code)).get(key)) or "" for code in LANGUAGES}
    if translated[language].strip():
        return translated[language]
    own = "en" if translated["vi"].strip() else "vi"
    return (as_text(part.get(key)) or "") if language == own else ""
