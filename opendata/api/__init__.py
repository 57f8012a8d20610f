"""One function for each command; `opendata` re-exports them: these are the public names."""

from opendata.api.building import build
from opendata.api.checking import check
from opendata.api.drafts import new, update
from opendata.api.reading import find, get, load, show
from opendata.api.sending import plan, publish
from opendata.api.signing_in import login
from opendata.api.verifying import verify

__all__ = ["build", "check", "find", "get", "load", "login", "new", "plan", "publish", "show", "update", "verify"]
