"""Figures, dates and texts as a reader of one language writes them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from opendata.messages import LANGUAGES, translate
from opendata.model import as_object, as_text
from opendata_site.texts import PAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opendata.model import Json

PRIMARY = "vi"
NUMBER = re.compile(r"-?\d{1,40}(\.(\d{1,40}))?")
EMAIL = re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
UNITS = ("B", "kB", "MB", "GB", "TB")
STEP = 1000


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the data and the language that it is in; `foreign` where that is not the page's."""

    text: str
    language: str
    foreign: bool

    def __str__(self) -> str:
        """The text alone."""
        return self.text


def say(text: str, language: str, **values: object) -> str:
    """One of our own texts in a language, its placeholders filled."""
    return translate(text, language).format(**values)


def word(table: Mapping[str, str], key: str | None, language: str) -> str:
    """A word from a table of texts; the key itself where the table does not have it.

    >>> word({"annual": "Every year"}, "fortnightly", "en")
    'fortnightly'
    """
    return translate(table[key], language) if key is not None and key in table else key or ""


def told(part: Json, key: str, language: str) -> Said | None:
    """A title or description of a part of a descriptor: in the language asked for, else as it stands, else None.

    >>> told({"title": "Lúa", "translations": {"en": {"title": "Paddy"}}}, "title", "en").text
    'Paddy'
    >>> told({"title": "Public domain", "translations": {"vi": {"title": "Phạm vi công cộng"}}}, "title", "en").language
    'en'
    """
    others = _translations(part, key)
    if language in others:
        return Said(others[language], language, foreign=False)
    text = as_text(part.get(key))
    if not text:
        return None
    own = _own_language(text, others)
    return Said(text, own, own != language)


def _translations(part: Json, key: str) -> dict[str, str]:
    there = as_object(part.get("translations"))
    texts = {code: as_text(as_object(there.get(code)).get(key)) for code in LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def _own_language(text: str, others: Mapping[str, str]) -> str:
    """The language of a text as it stands: that of the translation it equals; Vietnamese unless translated into it."""
    same = [code for code, other in others.items() if other == text]
    return same[0] if same else "en" if PRIMARY in others else PRIMARY


def number(text: str, language: str) -> str:
    """A number in its usual form, with as many decimals as it has; any other text as it is.

    >>> number("-1234567.50", "vi"), number("1e5", "vi")
    ('-1.234.567,50', '1e5')
    """
    from babel.numbers import format_decimal

    found = NUMBER.fullmatch(text)
    if found is None:
        return text
    decimals = len(found[2] or "")
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(Decimal(text), pattern, locale=language)


def size(count: int, language: str) -> str:
    """A size in bytes, in the unit that suits it.

    >>> size(3_456_789, "vi"), size(12, "en")
    ('3,5 MB', '12 B')
    """
    value, unit = float(count), 0
    while value >= STEP and unit < len(UNITS) - 1:
        value, unit = value / STEP, unit + 1
    return f"{number(f'{value:.1f}' if unit else str(count), language)} {UNITS[unit]}"


def day(text: str, language: str, *, short: bool = False) -> str:
    """A date, a month or a year as people write it; any other text as it is.

    >>> day("2018-12-05", "vi", short=True), day("2018", "vi"), day("soon", "vi")
    ('05/12/2018', '2018', 'soon')
    """
    from babel.dates import format_date, format_skeleton

    try:
        if re.fullmatch(r"\d{4}-\d{2}", text):
            return format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=language)
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return text
        form = ("dd/MM/yyyy" if language == PRIMARY else "medium") if short else "long"
        return format_date(date.fromisoformat(text), form, locale=language)
    except ValueError:
        return text


def period(start: str | None, end: str | None, language: str) -> str:
    """The time between two dates, months or years.

    >>> period("1995", "2018", "en"), period(None, None, "en")
    ('1995 to 2018', '')
    """
    first, last = (day(text, language) if text else "" for text in (start, end))
    if first and last:
        return first if first == last else say(PAGE["until"], language, start=first, end=last)
    if first:
        return say(PAGE["since"], language, start=first)
    return say(PAGE["up_to"], language, end=last) if last else ""


def link(address: str | None) -> str | None:
    """The address where it may be followed: http, https or mailto, without blanks; else None.

    >>> [link(text) for text in ("https://gso.gov.vn/a", "javascript:alert(1)", "//evil", None)]
    ['https://gso.gov.vn/a', None, None, None]
    """
    if not address or re.search(r"[\s\x00-\x1f\x7f\\]", address):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    sound = (parts.scheme in {"http", "https"} and parts.netloc) or parts.scheme == "mailto"
    return address if sound else None


def mailto(email: str | None) -> str | None:
    """The address to write to, None where the text is no plain email address.

    >>> mailto("a@b.vn"), mailto("a@b.vn?bcc=c@d.vn")
    ('mailto:a@b.vn', None)
    """
    return f"mailto:{email}" if email and EMAIL.fullmatch(email) else None
