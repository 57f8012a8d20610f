"""What `new` cannot know from a file: the questions, their defaults, and what an answer must be."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.errors import UsageError
from opendata.folders import data_folder
from opendata.messages import N_, _
from opendata.model import AccessLevel, as_list, as_object

if TYPE_CHECKING:
    from collections.abc import Callable

LICENCES = {
    "CC-BY-4.0": ("https://creativecommons.org/licenses/by/4.0/", "Creative Commons Attribution 4.0"),
    "CC0-1.0": ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
    "ODC-BY-1.0": ("https://opendatacommons.org/licenses/by/1-0/", "Open Data Commons Attribution 1.0"),
    "notspecified": (None, "Chưa nêu giấy phép"),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """What the officer says of a dataset. None: not answered. Periods are years, months or dates as ISO writes them."""

    title: str | None = None
    department: str | None = None
    department_code: str | None = None
    contact: str | None = None
    sector: str | None = None
    licence: str | None = None
    start: str | None = None
    end: str | None = None
    level: str | None = None
    reviewed_by: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One plain question. `field` names the answer; `text` and `help` are to be translated; `choices` may be empty."""

    field: str
    text: str
    help: str
    check: Callable[[str], bool]
    choices: tuple[str, ...] = ()

    def asked(self, answers: Answers) -> bool:
        """True where the question makes sense after the answers so far: a review only of what is lowered."""
        return self.field not in {"reviewed_by", "reason"} or answers.level in {"open", "shared"}


def _any(_answer: str) -> bool:
    return True


def _said(answer: str) -> bool:
    return bool(answer.strip())


def _code(answer: str) -> bool:
    return not answer or re.fullmatch(r"[A-Z0-9.]{1,35}", answer) is not None


def _email(answer: str) -> bool:
    return not answer or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", answer) is not None


def _period(answer: str) -> bool:
    return not answer or any(_parses(answer, form) for form in ("%Y", "%Y-%m", "%Y-%m-%d"))


def _parses(text: str, form: str) -> bool:
    try:
        return dt.datetime.strptime(text, form).strftime(form) == text  # noqa: DTZ007 - only its form is asked for
    except ValueError:
        return False


def sectors() -> tuple[str, ...]:
    """The codes of the closed list of sectors.

    >>> "health" in sectors()
    True
    """
    listed = as_object(json.loads((data_folder("schemas") / "codelists" / "sectors.json").read_bytes()))
    return tuple(str(as_object(item).get("code")) for item in as_list(listed.get("codes")))


def questions() -> tuple[Question, ...]:
    """All questions, in the order in which they are asked."""
    levels = tuple(level.value for level in AccessLevel)
    return (
        Question("title", N_("Title of the dataset"), N_("The title, in Vietnamese."), _said),
        Question("department", N_("Department that owns the data"), N_("The department's name."), _any),
        Question(
            "department_code",
            N_("Code of the department (such as H15.05; empty if not known)"),
            N_("The department's agency code: capital letters, digits and dots."),
            _code,
        ),
        Question("contact", N_("E-mail for questions about the data"), N_("The contact's e-mail address."), _email),
        Question("sector", N_("Sector"), N_("The sector, from the closed list."), _any, ("", *sectors())),
        Question("licence", N_("Licence"), N_("The licence of the data."), _any, tuple(LICENCES)),
        Question(
            "start",
            N_("First period that the data cover (year, month or date, such as 2024-01)"),
            N_("The first period that the data cover."),
            _period,
        ),
        Question("end", N_("Last period that the data cover"), N_("The last period that the data cover."), _period),
        Question(
            "level",
            N_("Who may see the data (open: anyone; shared: state agencies; internal: your agency; closed: own rules)"),
            N_("The access level; internal unless told otherwise."),
            _any,
            levels,
        ),
        Question(
            "reviewed_by",
            N_("Who reviewed that the data may be given out"),
            N_("Who reviewed the lowering of the access level; needed for open and shared."),
            _said,
        ),
        Question(
            "reason",
            N_("Why they may be given out"),
            N_("Why the access level is lowered; needed for open and shared."),
            _said,
        ),
    )


def verify(answers: Answers, asked: tuple[Question, ...]) -> None:
    """Judge all answers at once.

    Raises:
        UsageError: an answer that is none of the choices, or not of its form.
    """
    wrong = [q for q in asked if not accepts(q, getattr(answers, q.field))]
    if not wrong:
        return
    said = "; ".join(f"{option(q.field)}: {getattr(answers, q.field)!r}" for q in wrong)
    mends = [
        _("Choose one of: {choices}").format(choices=", ".join(filter(None, q.choices))) if q.choices else _(q.help)
        for q in wrong
    ]
    raise UsageError(_("An answer is not of the form that is asked for."), said, " ".join(mends))


def accepts(question: Question, answer: str | None) -> bool:
    """True where the question can take the answer; None is no answer and always taken."""
    if answer is None:
        return True
    return (not question.choices or answer in question.choices) and question.check(answer)


def option(field: str) -> str:
    """The command-line option of an answer.

    >>> option("reviewed_by")
    '--reviewed-by'
    """
    return "--" + field.replace("_", "-")
