from __future__ import annotations

import dataclasses

import pytest

from opendata.drafting.answers import Answers, accepts, option, questions, verify
from opendata.errors import UsageError

QUESTIONS = {question.field: question for question in questions()}


def test_every_answer_has_its_question() -> None:
    assert set(QUESTIONS) == {item.name for item in dataclasses.fields(Answers)}


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("title", "Lúa", " "),
        ("department_code", "H15.05", "h15"),
        ("contact", "so@tinh.gov.vn", "so tinh"),
        ("sector", "health", "healthy"),
        ("licence", "CC-BY-4.0", "GPL"),
        ("start", "2024-02-29", "2023-02-29"),
        ("end", "2024", "24"),
        ("end", "2024-12", "12/2024"),
        ("level", "open", "public"),
        ("reason", "Không có thông tin cá nhân", ""),
    ],
)
def test_an_answer_is_of_its_form(field: str, good: str, bad: str) -> None:
    assert accepts(QUESTIONS[field], good)
    assert not accepts(QUESTIONS[field], bad)


@pytest.mark.parametrize(("level", "asked"), [("open", True), ("shared", True), ("internal", False), (None, False)])
def test_a_review_is_asked_only_of_what_is_lowered(level: str | None, *, asked: bool) -> None:
    assert QUESTIONS["reviewed_by"].asked(Answers(level=level)) is asked
    assert QUESTIONS["reason"].asked(Answers(level=level)) is asked
    assert QUESTIONS["title"].asked(Answers(level=level))


def test_all_wrong_answers_are_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        verify(Answers(sector="x", level="public", title="ok"), tuple(QUESTIONS.values()))
    assert "--sector: 'x'" in caught.value.where
    assert "--level: 'public'" in caught.value.where
    assert "agriculture, " in caught.value.remedy


def test_what_was_not_answered_is_not_wrong() -> None:
    verify(Answers(), tuple(QUESTIONS.values()))


def test_options_are_written_with_dashes() -> None:
    assert option("department_code") == "--department-code"
