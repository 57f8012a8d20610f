"""Answers out of a closed list: its codes, and what each is called in either language."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from opendata.folders import data_folder
from opendata.messages import language
from opendata.model import as_list, as_object, as_text
from opendata.model.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import JsonValue


class Licence(NamedTuple):
    """A licence: its address (None: it has none), and its title in English and in Vietnamese."""

    path: str | None
    english: str
    vietnamese: str


LICENCES = {
    "CC-BY-4.0": Licence(
        "https://creativecommons.org/licenses/by/4.0/",
        "Creative Commons Attribution 4.0",
        "Creative Commons Ghi công 4.0",
    ),
    "CC0-1.0": Licence(
        "https://creativecommons.org/publicdomain/zero/1.0/",
        "CC0 1.0, no rights reserved",
        "CC0 1.0, không giữ quyền nào",
    ),
    "ODC-BY-1.0": Licence(
        "https://opendatacommons.org/licenses/by/1-0/",
        "Open Data Commons Attribution 1.0",
        "Open Data Commons Ghi công 1.0",
    ),
    "notspecified": Licence(None, "No licence stated", "Chưa nêu giấy phép"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed list: its code, and its title in Vietnamese and in English."""

    code: str
    vietnamese: str
    english: str

    @property
    def title(self) -> str:
        """The title in the language in force."""
        return self.vietnamese if language() == "vi" else self.english

    @property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """What it may be called, each as folded words."""
        return words(self.code), words(self.vietnamese), words(self.english)


def codelist(name: str) -> tuple[Choice, ...]:
    """The choices of one of the shipped code lists.

    >>> [choice.code for choice in codelist("access-levels")]
    ['open', 'shared', 'internal', 'closed']
    """
    listed = as_object(json.loads((data_folder("schemas") / "codelists" / f"{name}.json").read_bytes()))
    return tuple(_choices(as_list(listed.get("codes"))))


def licences() -> tuple[Choice, ...]:
    """The licences that can be chosen.

    >>> licences()[-1].english
    'No licence stated'
    """
    return tuple(Choice(code, item.vietnamese, item.english) for code, item in LICENCES.items())


def chosen(answer: str, choices: tuple[Choice, ...]) -> str | None:
    """The code that an answer means: its number in the list from 1, the code, or a title, with or without marks.

    >>> levels = codelist("access-levels")
    >>> chosen("2", levels), chosen("du lieu mo", levels), chosen("Closed data", levels), chosen("9", levels)
    ('shared', 'open', 'closed', None)
    """
    if answer.isdecimal() and 1 <= int(answer) <= len(choices):
        return choices[int(answer) - 1].code
    said = words(answer)
    return next((choice.code for choice in choices if said in choice.names), None)


def _choices(items: Sequence[JsonValue]) -> Iterator[Choice]:
    for item in map(as_object, items):
        code = str(item.get("code"))
        title = as_text(item.get("title")) or code
        english = as_object(as_object(item.get("translations")).get("en"))
        yield Choice(code, title, as_text(english.get("title")) or title)
