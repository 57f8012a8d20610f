from __future__ import annotations

import dataclasses

import pytest

from opendata.drafting.answers import Answers, option, questions, verify
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
    assert QUESTIONS[field].fault(good, Answers()) == ""
    assert bad in QUESTIONS[field].fault(bad, Answers()) or not bad.strip()
    assert QUESTIONS[field].fault(bad, Answers())


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


@pytest.mark.parametrize(
    ("start", "end", "fits"),
    [
        ("2024", "2024", True),
        ("2024-06", "2024", True),
        ("2024", "2024-01-01", True),
        ("2024-06", "2024-05-31", False),
        ("2024", "2023-12", False),
        ("", "2023", True),
        ("24", "2023", True),  # that is told of the start
    ],
)
def test_the_last_period_is_not_before_the_first(start: str, end: str, *, fits: bool) -> None:
    fault = QUESTIONS["end"].fault(end, Answers(start=start))
    assert (fault == "") is fits
    assert fits or start in fault
    if not fits:
        with pytest.raises(UsageError):
            verify(Answers(start=start, end=end), tuple(QUESTIONS.values()))


@pytest.mark.parametrize("said", ["3", "environment", "Môi trường", "moi truong", "ENVIRONMENT"])
def test_a_choice_is_meant_by_number_code_or_title_in_either_language(said: str) -> None:
    assert QUESTIONS["sector"].meant(said) == "environment"


@pytest.mark.parametrize("said", ["0", "11", "môi", "-1", "²"])
def test_what_means_no_choice_is_refused_as_it_was_said(said: str) -> None:
    assert QUESTIONS["sector"].meant(said) == said
    assert f'"{said}"' in QUESTIONS["sector"].fault(said, Answers())


def test_a_sector_may_be_left_open_a_licence_may_not() -> None:
    assert QUESTIONS["sector"].fault("", Answers()) == ""
    assert QUESTIONS["licence"].fault("", Answers())


@pytest.mark.parametrize("level", ["open", "shared"])
def test_what_a_portal_needs_may_not_be_left_out_once_the_level_is_lowered(level: str) -> None:
    answers = Answers(level=level, department="", reviewed_by="B", reason="C")
    assert [q.field for q in QUESTIONS.values() if q.lacking(answers)] == ["department", "contact", "licence"]
    assert QUESTIONS["department"].fault(" ", answers)
    assert not QUESTIONS["department"].fault(" ", Answers())
    with pytest.raises(UsageError) as caught:
        verify(Answers(level=level, reviewed_by="B", reason="C"), tuple(QUESTIONS.values()))
    assert caught.value.where == f"--level {level}"
    assert "--department, --contact, --licence" in caught.value.remedy


def test_a_key_names_columns_of_the_file() -> None:
    (question,) = (item for item in questions([("ma", "Mã"), ("ten", "Tên, họ")]) if item.field == "key")
    for good in ("", "-", "none", "Mã", "ten, họ, ma", "ma"):
        assert question.fault(good, Answers()) == ""
    assert "xã" in question.fault("Mã, xã", Answers())
    assert "Tên, họ" in question.fault("Mã, xã", Answers())
