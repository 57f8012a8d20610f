"""One function for each command; `opendata` re-exports them: these are the public names."""

from opendata.api.building import build
from opendata.api.checking import check
from opendata.api.drafts import new, update
from opendata.api.reading import find, get, load, show
from opendata.api.sending import plan, publish

__all__ = ["build", "check", "find", "get", "load", "new", "plan", "publish", "show", "update"]
