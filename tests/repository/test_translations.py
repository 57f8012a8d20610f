from __future__ import annotations

import os
from importlib.metadata import version

import pytest
import translations

CLICK = tuple(int(part) for part in version("click").split(".")[:2])
SAME_IN_BOTH = {
    "{name}: {standing}. {reason}",  # placeholders alone
}


@pytest.fixture(scope="module", autouse=True)
def _rewrite_if_asked() -> None:
    if os.environ.get("OPENDATA_WRITE_LOCALE"):
        translations.rewrite()


def test_every_message_has_its_translation() -> None:
    known = translations.entries()
    missing = [
        f"{place}: {key}"
        for key, place in translations.ours().items()
        if key not in known or not all(translations.texts(known[key].string))
    ]
    assert missing == []


def test_what_click_says_is_translated_too() -> None:
    known = translations.entries()
    said = {key for key, message in known.items() if all(translations.texts(message.string))}
    missing = translations.of_click().keys() - said
    assert len(missing) <= len(translations.of_click()) // 10, missing


def test_no_translation_equals_the_english() -> None:
    same = [
        key
        for key, message in translations.entries().items()
        if translations.texts(message.string)[0] == translations.texts(message.id)[0] and key not in SAME_IN_BOTH
    ]
    assert same == []


def test_placeholders_are_the_same() -> None:
    differing = [
        key
        for key, message in translations.entries().items()
        for said in translations.texts(message.string)
        if translations.holes(said) != translations.holes(translations.texts(message.id)[-1])
    ]
    assert differing == []


@pytest.mark.skipif(CLICK < (8, 4), reason="an older click says less")
def test_nothing_is_translated_that_nobody_says() -> None:
    said = {**translations.of_click(), **translations.ours()}
    stale = [key for key in translations.entries() if key not in said]
    # Another version of click may say a few things otherwise.
    assert len(stale) <= len(translations.of_click()) // 10, stale


def test_the_compiled_catalogue_is_fresh() -> None:
    assert translations.said_by(translations.MO.read_bytes()) == translations.said_by(translations.compiled())
