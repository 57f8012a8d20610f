"""The portal that a benchmark works on: fresh organisations, and what the benchmark borrows from the tests."""

from __future__ import annotations

import re
import secrets
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
PATHS = [str(ROOT), str(ROOT / "publishers"), str(ROOT / "tests")]
sys.path[:0] = [path for path in PATHS if path not in sys.path]

from ckan_helpers import Organisation, Portal  # noqa: E402 - the path is set just above
from ckan_portal import people  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterator

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def portal(url: str, token_file: Path) -> Portal:
    """The portal at that address, with its sysadmin's token."""
    return Portal(url.rstrip("/"), token_file.read_text(encoding="ascii").strip())


@contextmanager
def organisation(there: Portal) -> Iterator[Organisation]:
    """A fresh organisation with an editor's token; in the end all of it is purged, by four at once.

    A purged dataset leaves its bytes on the portal's disk: large ones are for the caller to `empty` before.
    """
    act, name = there.as_sysadmin, f"bench{secrets.token_hex(4)}"
    key, editor = people.make_organisation(act, name), f"{name}-editor"
    made = Organisation(there, name, key, editor, people.make_user(act, editor, key, "editor"))
    try:
        yield made
    finally:
        found = datasets(there, made)
        _cancel(there, {resource["id"] for item in found for resource in item["resources"]})
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda item: act("dataset_purge", id=item["id"]), found))
        act("organization_purge", id=key)
        act("user_delete", id=editor)


def empty(there: Portal, dataset: str, resources: list[str]) -> None:
    """Remove the bytes of a dataset's files from the portal's disk."""
    cleared = [{"id": key, "url": "", "clear_upload": True} for key in resources]
    there.as_sysadmin("package_patch", id=dataset, resources=cleared)


def holds(there: Portal, made: Organisation) -> tuple[int, int]:
    """How many datasets and how many files the organisation has."""
    found = datasets(there, made)
    return len(found), sum(len(item["resources"]) for item in found)


def datasets(there: Portal, made: Organisation) -> list[dict[str, Any]]:
    """All that the organisation holds, as the sysadmin sees it."""
    asked: dict[str, Any] = {
        "fq": f'owner_org:"{made.id}"',
        "rows": 1000,
        "include_private": True,
        "include_drafts": True,
    }
    found: list[dict[str, Any]] = []
    while page := there.as_sysadmin("package_search", start=len(found), **asked)["results"]:
        found += page
    return found


def _cancel(there: Portal, files: set[str]) -> None:
    """Take the jobs of a loader out of the queue: one that meets a purged dataset holds up those behind it."""
    waiting = [job for job in there.as_sysadmin("job_list", limit=-1) if _named(job) & files]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda job: there.as_sysadmin.ask("job_cancel", id=job["id"]), waiting))


def _named(job: dict[str, Any]) -> set[str]:
    return set(_UUID.findall(str(job["title"])))
