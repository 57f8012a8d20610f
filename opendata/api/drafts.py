"""Drafting a package from a department's file, and taking next month's file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opendata.errors import UsageError
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from opendata.drafting import Answers, Draft, Proposal, Refreshed


def new(  # noqa: PLR0913 - what an officer may say of a file
    file: Path | str,
    answers: Answers | Callable[[Proposal], Answers] | None = None,
    to: Path | str | None = None,
    *,
    name: str | None = None,
    sheet: str | None = None,
    header: Sequence[int] = (),
) -> Draft:
    r"""Draft a data package from a clean CSV or Excel file: types, keys, and notes on what was not understood.

    `answers` say what cannot be known from the file; a function is given the proposal first. Unanswered, data are
    internal. The package is a folder in `to`, by default where you are, named after the file unless `name` is given.
    `header` names the header's rows, from 1.

    Raises:
        UsageError: an answer that cannot be taken, or there is no such file.
        SourceError: the file cannot be read as a table.
        CheckError: the table is not clean.
        ConflictError: something is there already.

    >>> import tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = pathlib.Path(folder, "lua.csv")
    ...     _ = file.write_text("ma,nam\n01,2024\n02,2024\n", encoding="utf-8")
    ...     draft = new(file, to=folder)
    ...     draft.name, draft.rows, draft.level.value
    ('lua', 2, 'internal')
    """
    from opendata.drafting import Answers, propose, questions, verify, write

    _refuse_missing(Path(file))
    if not callable(answers):
        verify(answers or Answers(), questions())
    proposal = propose(Path(file), name=name, sheet=sheet, header=header)
    given = answers(proposal) if callable(answers) else answers or Answers()
    verify(given, questions(proposal.columns))
    return write(proposal, given, Path() if to is None else Path(to))


def update(  # noqa: PLR0913 - what an officer may say of a file
    package: Path | str,
    file: Path | str | None = None,
    approve: Callable[[Sequence[Refreshed]], bool] | None = None,
    *,
    table: str | None = None,
    sheet: str | None = None,
    header: Sequence[int] = (),
) -> tuple[Refreshed, ...]:
    """Run a package's recipe and checks over next month's file, or over its source edited in place.

    `approve` is shown how many rows came, went and changed, and says whether to replace the old ones; None: only
    look, replace nothing. `table` names the table that the file is for, where the package has several. `sheet` and
    `header` (its rows, from 1) are for a file that has others than the last one.

    Raises:
        UsageError: it is not clear which table is meant, or there is no such file.
        DescriptorError: the package is faulty.
        CheckError: the new table was found wanting; the old one stays.
    """
    from opendata.catalogue import finder, open_catalogue
    from opendata.drafting import Wanted, refresh

    folder = Path(package)
    new_file = None if file is None else Path(file)
    _refuse_missing(new_file)
    find = finder(open_catalogue(folder))
    return refresh(folder, new_file, find, approve, table=table, wanted=Wanted(sheet, tuple(header)))


def _refuse_missing(file: Path | None) -> None:
    if file is not None and not file.exists():
        raise UsageError(_("There is no such file."), str(file), _("Check the name and the folder."))
