"""One plain question at a time, on a terminal, in the officer's language."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.drafting.answers import Answers, Question

YES = {"y", "yes", "c", "co", "có", "đồng ý", "dong y", "vâng", "vang"}
NO = {"n", "no", "k", "ko", "khong", "không"}


PLACES = 3


def ask(questions: Sequence[Question], given: Answers, defaults: Answers) -> Answers:
    """Ask what was not given as an option, each with its default; an answer that does not fit is asked again.

    What the level makes necessary, once it is known, is asked again in the end.
    """
    answers = given
    for question in questions:
        if getattr(answers, question.field) is None and question.asked(answers):
            answers = _answered(question, answers, defaults)
    for question in questions:
        if question.lacking(answers):
            answers = _answered(question, answers, defaults)
    return answers


def confirm(text: str, *, default: bool = False) -> bool:
    """Ask for yes or no, in either language, with or without marks; an empty answer is the default."""
    hint = _("yes") if default else _("no")
    while True:
        answer = clean(click.prompt(f"{text} [{hint}]", default="", show_default=False, err=True)).lower()
        if not answer:
            return default
        if answer in YES | NO:
            return answer in YES
        click.echo(_("Please answer yes or no."), err=True)


def clean(answer: str) -> str:
    """An answer as it is kept: in NFC, without blanks around it.

    Raises:
        click.BadParameter: half of a character is left in it, as a terminal leaves when one is erased by bytes.
    """
    try:
        answer.encode()
    except UnicodeEncodeError:
        raise click.BadParameter(_("The answer holds half a character. Please write it again.")) from None
    return unicodedata.normalize("NFC", answer).strip()


def _answered(question: Question, answers: Answers, defaults: Answers) -> Answers:
    text, default = _(question.text), getattr(defaults, question.field) or ""
    for number, choice in enumerate(question.choices, start=1):
        text += f"\n{number:>{PLACES}}. {choice.title} ({choice.code})"
    if question.choices:
        text += "\n" + _("Number, code or title")
    while True:
        said = click.prompt(text, default=default, show_default=bool(default), err=True, value_proc=clean)
        answer = question.meant(said)
        fault = question.fault(answer, answers)
        if not fault:
            return replace(answers, **{question.field: answer})
        click.echo(fault, err=True)
