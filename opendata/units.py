"""Administrative units: from a province's name, however it is spelt, to its `unit_id` in the shipped list."""

from __future__ import annotations

import csv
import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.folders import data_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_BEFORE = ("tinh", "thanhpho", "thudo", "tp", "dackhu", "provinceof", "cityof")
_AFTER = ("province", "prov", "municipality", "city", "tp")
_OTHER_SPELLINGS = (
    (re.compile(r"^da(?:ck|c|k)(?:lack|lac|lak)$"), "daklak"),
    (re.compile(r"^da(?:ck|c|k)nong$"), "daknong"),
    (re.compile(r"^baccan$"), "backan"),
    (re.compile(r"congtum"), "kontum"),
    (re.compile(r"^(?:thuathienhue|tthue)$"), "hue"),
    (re.compile(r"^(?:brvt|brvungtau)$"), "bariavungtau"),
    (re.compile(r"^(?:hcm|hcmc)$"), "hochiminh"),
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A province in one period of its life. The dates are ISO texts, both included; empty: open at that end."""

    unit_id: str
    name: str
    valid_from: str
    valid_to: str

    def valid_in(self, year: int) -> bool:
        """True where the unit was there on at least one day of the year."""
        return self.valid_from[:4] <= f"{year:04}" <= (self.valid_to[:4] or "9999")


def resolve(name: str, year: int | None = None) -> str | None:
    """The `unit_id` of the province that `name` means, or None where no province of that name was there.

    Capitals, marks, NFC or NFD, blanks, hyphens, and words such as "tỉnh", "TP." or "city" make no difference.
    Without `year` the provinces of today count. With it, those that were there on any day of that year; where one
    ended and another of the same name began within the year, the later one, as annual figures have it.
    Thừa Thiên Huế and Huế name the same unit at all times.

    >>> resolve("Đăk Lăk", 2003), resolve("Dak Lak", 2004), resolve("TỈNH ĐẮC LẮC"), resolve("Hà Tây")
    ('66-1975', '66-2004', '66-2025', None)
    """
    fits = [unit for unit in _lookup(name) if (unit.valid_in(year) if year is not None else not unit.valid_to)]
    return max(fits, key=lambda unit: unit.valid_from).unit_id if fits else None


def provinces() -> tuple[Unit, ...]:
    """Every province of the shipped list, in all its periods, by `unit_id`."""
    return _read(data_folder("datapackages") / "reference/administrative-units/data/units.csv")


def _lookup(name: str) -> tuple[Unit, ...]:
    index = _index()
    letters = _letters(name)
    return index.get(_canonical(letters)) or index.get(_canonical(_bare(letters)), ())


@functools.cache
def _index() -> Mapping[str, tuple[Unit, ...]]:
    found: dict[str, tuple[Unit, ...]] = {}
    for unit in provinces():
        key = _canonical(_letters(unit.name))
        found[key] = (*found.get(key, ()), unit)
    return found


@functools.cache
def _read(path: Path) -> tuple[Unit, ...]:
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple(
            Unit(row["unit_id"], row["name"], row["valid_from"], row["valid_to"])
            for row in csv.DictReader(stream)
            if row["level"] == "province"
        )


def _letters(name: str) -> str:
    """The letters of a name alone, small and without marks: "Thừa Thiên - Huế" → "thuathienhue"."""
    # Many keyboards give the Icelandic letter, which looks the same in capitals.
    plain = unicodedata.normalize("NFKD", name).casefold().replace("đ", "d").replace("ð", "d")
    return "".join(c for c in plain if c.isalpha())


def _bare(letters: str) -> str:
    """The letters without the word for province or city before or after the name."""
    for word in _BEFORE:
        if letters.startswith(word):
            letters = letters.removeprefix(word)
            break
    for word in _AFTER:
        if letters.endswith(word):
            return letters.removesuffix(word)
    return letters


def _canonical(letters: str) -> str:
    """One spelling for names that are written in several ways."""
    for pattern, spelling in _OTHER_SPELLINGS:
        letters = pattern.sub(spelling, letters)
    return letters
