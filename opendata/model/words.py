"""Words as people type them: without marks, in any case. Search and "did you mean" stand on this."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opendata.model.portal import Entry

_CODE_WORDS = ("ma", "code", "id", "so hieu", "cccd", "cmnd", "mst", "phone", "dien thoai", "sdt", "zip")
_EMAIL = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"(),;:.]+(?:\.[^\s@<>\"(),;:.]+)+")
_STROKED = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d"})


def fold(text: str) -> str:
    """The text in lower case, without marks, and đ as d.

    >>> fold("Sông Đà"), fold("Đắk Lắk")
    ('song da', 'dak lak')
    """
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return bare.translate(_STROKED).casefold()


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, split at whatever is neither letter nor digit.

    >>> words("Mực nước sông Đà, 2016-2018")
    ('muc', 'nuoc', 'song', 'da', '2016', '2018')
    """
    return tuple(re.findall(r"[^\W_]+", fold(text)))


def matches(entry: Entry, wanted: str) -> bool:
    """True where every word of `wanted` begins a word of the entry; no words match everything."""
    have = [word for text in _texts(entry) for word in words(text)]
    return all(any(word.startswith(start) for word in have) for start in words(wanted))


def near(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The three known names, at most, that `name` may have meant, the likest first.

    >>> near("padi-by-province", ["dengue", "paddy-by-province"])
    ('paddy-by-province',)
    """
    import difflib

    folded = {fold(item): item for item in known}
    holding = [key for key in folded if fold(name) in key] if name else []
    alike = [*difflib.get_close_matches(fold(name), folded), *holding]
    return tuple(dict.fromkeys(folded[key] for key in alike))[:3]


def is_code_label(label: str) -> bool:
    """True where a header says that its column holds codes or numbers of identity, which are text.

    >>> is_code_label("Mã tỉnh"), is_code_label("Số điện thoại"), is_code_label("Diện tích")
    (True, True, False)
    """
    folded = f" {' '.join(words(label))} "
    return any(f" {word} " in folded for word in _CODE_WORDS)


def is_email(text: str) -> bool:
    """True for what can be an e-mail address.

    >>> is_email("so.nn@tinh.gov.vn"), is_email("so.nn"), is_email("a@b")
    (True, False, False)
    """
    return _EMAIL.fullmatch(text) is not None


def one_line(text: str, width: int) -> str:
    """A text on one line, cut after `width` characters where it is longer.

    >>> one_line("aaaaa", 4), one_line("a" + chr(10) + "b", 4)
    ('aaaa…', 'a b')
    """
    line = " ".join(text.split())
    return line if len(line) <= width else line[:width] + "…"


def _texts(entry: Entry) -> Iterable[str]:
    return (entry.name, entry.title, entry.description, *entry.keywords, *entry.titles)
