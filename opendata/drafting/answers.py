"""What `new` cannot know from a file: the questions, their defaults, and what an answer must be."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opendata.drafting.choices import Choice, chosen, codelist, licences
from opendata.drafting.keys import named_fields
from opendata.errors import UsageError
from opendata.messages import N_, _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

# What only open and shared data need, and what a portal asks of them.
REVIEW = ("reviewed_by", "reason")
NEEDED = ("department", "contact", "licence", *REVIEW)

NO_ANSWER = N_("An answer is needed here.")
NO_CHOICE = N_("{answer} is none of the list: write a number of the list, or a code.")
NO_CODE = N_("{answer} is no agency code: it has capital letters, digits and dots alone, such as H15.05.")
NO_EMAIL = N_("{answer} is no e-mail address, such as so@tinh.gov.vn.")
NO_PERIOD = N_("{answer} is no year, month or date: write 2024, 2024-01 or 2024-01-31.")
TOO_EARLY = N_("{answer} is before the first period, {start}.")
NO_COLUMN = N_("The file has no such column: {answer}. It has these: {columns}")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the officer says of a dataset. None: not answered. Periods are years, months or dates as ISO writes them.

    `key` names the columns that tell one row from another, separated by commas, by header or by field name; "none":
    there are no such; not answered or empty: the guess.
    """

    title: str | None = None
    department: str | None = None
    department_code: str | None = None
    contact: str | None = None
    sector: str | None = None
    licence: str | None = None
    start: str | None = None
    end: str | None = None
    key: str | None = None
    level: str | None = None
    reviewed_by: str | None = None
    reason: str | None = None

    @property
    def lowered(self) -> bool:
        """True where the data are to leave the agency."""
        return self.level in {"open", "shared"}


@dataclass(frozen=True, slots=True)
class Question:
    """One plain question. `field` names the answer; `text` and `help` are to be translated.

    `choices` is empty where any answer may do; `optional`: none of them may do as well. `check` gives what is wrong
    with an answer, in the user's language and empty where nothing is; it is given the answers so far as well.
    """

    field: str
    text: str
    help: str
    check: Callable[[str, Answers], str]
    choices: tuple[Choice, ...] = ()
    optional: bool = False

    def asked(self, answers: Answers) -> bool:
        """True where the question makes sense after the answers so far: a review only of what is lowered."""
        return self.field not in REVIEW or answers.lowered

    def lacking(self, answers: Answers) -> bool:
        """True where data of the level answered may not go without an answer, and there is none."""
        return self.field in NEEDED and answers.lowered and not getattr(answers, self.field)

    def meant(self, answer: str) -> str:
        """The answer as it is kept: of a closed list the code that is meant by a number or title."""
        return chosen(answer, self.choices) or answer

    def fault(self, answer: str, answers: Answers) -> str:
        """What is wrong with an answer; empty where nothing is."""
        if not answer.strip() and self.field in NEEDED and answers.lowered:
            return _(NO_ANSWER)
        codes = {choice.code for choice in self.choices} | ({""} if self.optional else set())
        if self.choices and answer not in codes:
            return _(NO_CHOICE).format(answer=_quoted(answer))
        return self.check(answer, answers)


def _any(_answer: str, _answers: Answers) -> str:
    return ""


def _said(answer: str, _answers: Answers) -> str:
    return "" if answer.strip() else _(NO_ANSWER)


def _code(answer: str, _answers: Answers) -> str:
    fits = not answer or re.fullmatch(r"[A-Z0-9.]{1,35}", answer)
    return "" if fits else _(NO_CODE).format(answer=_quoted(answer))


def _email(answer: str, _answers: Answers) -> str:
    fits = not answer or re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", answer)
    return "" if fits else _(NO_EMAIL).format(answer=_quoted(answer))


def _period(answer: str, _answers: Answers) -> str:
    fits = not answer or any(_parses(answer, form) for form in ("%Y", "%Y-%m", "%Y-%m-%d"))
    return "" if fits else _(NO_PERIOD).format(answer=_quoted(answer))


def _end(answer: str, answers: Answers) -> str:
    start = answers.start or ""
    wrong = _period(answer, answers)
    if wrong or not answer or not start or _period(start, answers):
        return wrong
    shared = min(len(start), len(answer))
    return "" if answer[:shared] >= start[:shared] else _(TOO_EARLY).format(answer=answer, start=start)


def _parses(text: str, form: str) -> bool:
    try:
        return dt.datetime.strptime(text, form).strftime(form) == text  # noqa: DTZ007 - only its form is asked for
    except ValueError:
        return False


def _quoted(answer: str) -> str:
    return f'"{answer[:60]}"'


def _of_columns(columns: Sequence[tuple[str, str]]) -> Callable[[str, Answers], str]:
    def check(answer: str, _answers: Answers) -> str:
        unknown = named_fields(answer, columns)[1] if columns else ()
        has = ", ".join(label for _name, label in columns)
        return _(NO_COLUMN).format(answer=", ".join(unknown), columns=has) if unknown else ""

    return check


def questions(columns: Sequence[tuple[str, str]] = ()) -> tuple[Question, ...]:
    """All questions, in the order in which they are asked; `columns` are name and header of each field, once known."""
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
        Question("sector", N_("Sector"), N_("The sector, from the closed list."), _any, codelist("sectors"), True),  # noqa: FBT003 - it may be left open
        Question("licence", N_("Licence"), N_("The licence of the data."), _any, licences()),
        Question(
            "start",
            N_("First period that the data cover (year, month or date, such as 2024-01)"),
            N_("The first period that the data cover."),
            _period,
        ),
        Question("end", N_("Last period that the data cover"), N_("The last period that the data cover."), _end),
        Question(
            "key",
            N_("Which columns tell one row from another? (headers or field names, with commas; - for none)"),
            N_("The columns that tell one row from another, with commas between them; none: there are no such."),
            _of_columns(columns),
        ),
        Question(
            "level",
            N_("Who may see the data (open: anyone; shared: state agencies; internal: your agency; closed: own rules)"),
            N_("The access level; internal unless told otherwise."),
            _any,
            codelist("access-levels"),
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
        UsageError: an answer that is none of the choices, or not of its form; none where the level needs one.
    """
    given = [(question, getattr(answers, question.field)) for question in asked]
    wrong = [(q, answer, q.fault(answer, answers)) for q, answer in given if answer is not None]
    wrong = [item for item in wrong if item[2]]
    if wrong:
        said = "; ".join(f"{option(q.field)}: {answer!r}" for q, answer, _fault in wrong)
        mends = dict.fromkeys(fault + _codes(q) for q, _answer, fault in wrong)
        raise UsageError(_("An answer is not of the form that is asked for."), said, " ".join(mends))
    missing = [option(q.field) for q in asked if q.lacking(answers)]
    if missing:
        what = _("Data of the level {level} need more answers than were given.").format(level=answers.level)
        remedy = _("Give {options}, or leave the data internal.").format(options=", ".join(missing))
        raise UsageError(what, f"{option('level')} {answers.level}", remedy)


def _codes(question: Question) -> str:
    codes = ", ".join(choice.code for choice in question.choices)
    return " " + _("Choose one of: {choices}").format(choices=codes) if codes else ""


def option(field: str) -> str:
    """The command-line option of an answer.

    >>> option("reviewed_by")
    '--reviewed-by'
    """
    return "--" + field.replace("_", "-")
