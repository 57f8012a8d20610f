"""A package drafted from a department's file, and the same package with next month's file."""

from opendata.drafting.answers import Answers, Question, option, questions, verify
from opendata.drafting.changes import Changes
from opendata.drafting.proposal import Proposal, propose
from opendata.drafting.refreshing import Refreshed, refresh
from opendata.drafting.rereading import Wanted
from opendata.drafting.writing import Draft, write

__all__ = ["Answers", "Changes", "Draft", "Proposal", "Question", "Refreshed", "option", "propose", "questions"]
__all__ += ["Wanted", "refresh", "verify", "write"]
