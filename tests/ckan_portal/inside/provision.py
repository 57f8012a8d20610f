"""Run by CKAN's own Python: tables, DataStore rights, a sysadmin and its token, in one process.

The `ckan` command would need seven, at two seconds each. Prints the token; may be run again after it was killed.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import secrets
import subprocess
from typing import Any

SYSADMIN = "admin"


def make_tables() -> None:
    """CKAN's tables, and those of its plugins."""
    from ckan.cli.db import upgrade

    with contextlib.redirect_stdout(io.StringIO()):
        upgrade.main([], standalone_mode=False)


def give_datastore_rights() -> None:
    from ckan.plugins import plugin_loaded

    if not plugin_loaded("datastore"):
        return
    from ckanext.datastore.cli import permissions_sql

    sql = permissions_sql("ckan", "datastore", "ckan", "ckan", "datastore_reader")
    words = os.environ["PORTAL_PSQL"].split()
    subprocess.run(words, input=sql, text=True, check=True, stdout=subprocess.DEVNULL)


def act(action: str, **data: str) -> Any:  # noqa: ANN401 - as the action has it
    from ckan import logic

    site_user = logic.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return logic.get_action(action)({"ignore_auth": True, "user": site_user}, data)


def make_sysadmin() -> None:
    from ckan import model

    if model.User.get(SYSADMIN) is None:
        act("user_create", name=SYSADMIN, email=f"{SYSADMIN}@example.org", password=secrets.token_hex(12))
    user = model.User.get(SYSADMIN)
    user.sysadmin = True
    model.Session.commit()


def main() -> None:
    logging.disable(logging.INFO)
    from serve import application

    with application()._wsgi_app.test_request_context():
        make_tables()
        give_datastore_rights()
        make_sysadmin()
        print(act("api_token_create", user=SYSADMIN, name="portal")["token"])  # noqa: T201 - its answer


if __name__ == "__main__":
    main()
