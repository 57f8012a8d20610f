"""One plain question at a time, on a terminal, in the officer's language."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from opendata.drafting.answers import accepts
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opendata.drafting.answers import Answers, Question

YES = {"y", "yes", "c", "co", "có", "đồng ý", "dong y", "vâng", "vang"}
NO = {"n", "no", "k", "ko", "khong", "không"}


def ask(questions: Sequence[Question], given: Answers, defaults: Answers) -> Answers:
    """Ask what was not given as an option, each with its default; an answer that does not fit is asked again."""
    answers = given
    for question in questions:
        if getattr(answers, question.field) is None and question.asked(answers):
            answer = _prompt(question, getattr(defaults, question.field) or "")
            answers = replace(answers, **{question.field: answer})
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


def _prompt(question: Question, default: str) -> str:
    text = _(question.text)
    if question.choices:
        text = f"{text}\n  " + _("One of: {choices}").format(choices=", ".join(filter(None, question.choices)))
    while True:
        answer = click.prompt(text, default=default, show_default=bool(default), err=True, value_proc=clean)
        if accepts(question, answer):
            return str(answer)
        click.echo(_(question.help), err=True)
