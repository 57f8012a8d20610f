"""The words of closed lists stand once: the shipped code lists say what pages and commands say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from opendata.folders import data_folder
from opendata.messages import translate
from opendata.model.terms import FREQUENCIES, LEVELS, SECTORS

if TYPE_CHECKING:
    from collections.abc import Mapping

LISTS = {"access-levels": LEVELS, "sectors": SECTORS, "frequencies": FREQUENCIES}


def codes(name: str) -> list[Any]:
    loaded: list[Any] = json.loads((data_folder("schemas") / "codelists" / f"{name}.json").read_bytes())["codes"]
    return loaded


@pytest.mark.parametrize(("name", "table"), LISTS.items(), ids=LISTS)
def test_a_code_list_says_the_same_words_in_both_languages(name: str, table: Mapping[str, str]) -> None:
    english = {item["code"]: item["translations"]["en"]["title"] for item in codes(name)}
    vietnamese = {item["code"]: item["title"] for item in codes(name)}
    assert english == table
    assert vietnamese == {code: translate(text, "vi") for code, text in table.items()}
