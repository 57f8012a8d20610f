from __future__ import annotations

import pytest

from opendata import messages


@pytest.fixture(autouse=True)
def _restore(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "_current", [])
    monkeypatch.delenv("LANGUAGE", raising=False)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"OPENDATA_LANG": "vi", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "vi_VN.UTF-8", "LANG": "en_US.UTF-8"}, "vi"),
        ({"LANG": "C.UTF-8"}, "vi"),
        ({}, "vi"),
        ({"LANG": "fr_FR.UTF-8"}, "vi"),
    ],
)
def test_the_language_comes_from_the_environment(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENDATA_LANG", "LC_ALL", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(messages, "_system", lambda: None)
    assert messages.language() == expected


def test_use_sets_the_language_for_all_that_follows() -> None:
    messages.use("vi")
    assert messages.language() == "vi"
    assert messages._("The disk is full.") == "Đĩa đã đầy."
    messages.use("en")
    assert messages._("The disk is full.") == "The disk is full."


def test_no_other_language_is_taken() -> None:
    with pytest.raises(ValueError, match="fr"):
        messages.use("fr")


def test_an_empty_text_stays_empty_in_both() -> None:
    assert messages.translate("", "vi") == messages.translate("", "en") == ""
