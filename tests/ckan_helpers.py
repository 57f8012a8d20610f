"""A real CKAN under test: who may call it, what it holds, and how it is emptied.

`portal_of` finds the portal that the environment names; tests/ckan_portal/portal.py starts one.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ckan_portal import people
from ckan_portal.actions import Caller, RefusedError
from ckan_visitor import Anonymous

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Json = dict[str, Any]

START = "python tests/ckan_portal/portal.py up {folder}"
SETTLED = frozenset({"complete", "error"})
PLAIN = ("id", "name", "title", "notes", "state", "private", "license_id", "url", "version", "author", "maintainer")
OF_RESOURCES = ("id", "name", "description", "format", "mimetype", "state", "url_type", "datastore_active")
OWN = frozenset({"tracking_summary", "package_id", "position", "created", "last_modified", "metadata_modified"})


class NoPortalError(Exception):
    """The environment names no portal that answers; says what would."""


@dataclass(frozen=True)
class Portal:
    """A running CKAN. `folder` is where it lies on this machine, if that is known."""

    url: str
    token: str = field(repr=False)
    folder: Path | None = None

    @cached_property
    def _status(self) -> Json:
        found: Json = self.as_sysadmin("status_show")
        return found

    @property
    def version(self) -> str:
        return str(self._status["ckan_version"])

    @property
    def plugins(self) -> frozenset[str]:
        return frozenset(self._status["extensions"])

    @property
    def as_sysadmin(self) -> Caller:
        return Caller(self.url, self.token)

    @property
    def as_anyone(self) -> Caller:
        return Caller(self.url)


def portal_of(environ: Mapping[str, str]) -> Portal:
    """The portal that OPENDATA_CKAN and OPENDATA_CKAN_TOKEN name, or else OPENDATA_CKAN_FOLDER."""
    url, folder = environ.get("OPENDATA_CKAN"), environ.get("OPENDATA_CKAN_FOLDER")
    if url:
        portal = Portal(url.rstrip("/"), environ.get("OPENDATA_CKAN_TOKEN", ""))
        mends = "name a portal that answers, with its sysadmin's token in OPENDATA_CKAN_TOKEN"
    elif folder:
        portal, mends = _in(Path(folder)), START.format(folder=folder)
    else:
        folder = str(Path(tempfile.gettempdir()) / "portal")
        command = f"{START.format(folder=folder)} && export OPENDATA_CKAN_FOLDER={folder}"
        message = f"no CKAN portal is named. Start one: {command}"
        raise NoPortalError(message)
    try:
        portal.as_sysadmin("organization_list_for_user", permission="admin")
        portal.as_sysadmin("job_list")
    except (OSError, RefusedError) as error:
        message = f"the CKAN portal {portal.url} does not answer a sysadmin ({error}): {mends}"
        raise NoPortalError(message) from error
    return portal


def _in(folder: Path) -> Portal:
    try:
        port = json.loads((folder / "portal.json").read_bytes())["port_base"]
        token = (folder / "token").read_text(encoding="ascii").strip()
    except OSError as error:
        message = f"no CKAN portal lies in {folder}: {START.format(folder=folder)}"
        raise NoPortalError(message) from error
    return Portal(f"http://127.0.0.1:{port}", token, folder)


@dataclass(frozen=True)
class Organisation:
    """An organisation of its own for one test, with an editor who is nothing else. Names are random."""

    portal: Portal
    name: str
    id: str
    editor: str
    token: str = field(repr=False)
    groups: list[str] = field(default_factory=list)

    @property
    def as_sysadmin(self) -> Caller:
        return self.portal.as_sysadmin

    @property
    def as_anyone(self) -> Caller:
        return self.portal.as_anyone

    @property
    def as_editor(self) -> Caller:
        return Caller(self.portal.url, self.token)

    @cached_property
    def as_member(self) -> Caller:
        """A member who may read the organisation's private datasets, and change nothing."""
        return Caller(self.portal.url, people.make_user(self.as_sysadmin, self.member, self.id, "member"))

    @property
    def member(self) -> str:
        return f"{self.name}-member"

    @cached_property
    def dead_token(self) -> str:
        """A token of the editor's that is valid no more."""
        return people.make_dead_token(self.as_sysadmin, self.editor)

    def sector(self, name: str) -> str:
        """The id of a group that the editor may add datasets to; made where it is not there, and then removed."""
        if name not in self.as_sysadmin("group_list"):
            self.groups.append(name)
        return people.make_group(self.as_sysadmin, name, self.editor)

    def dataset(self, name: str) -> Json:
        """A dataset of it as the sysadmin sees it."""
        found: Json = self.as_sysadmin("package_show", id=name)
        return found


@contextmanager
def new_organisation(portal: Portal) -> Iterator[Organisation]:
    """An organisation that is gone afterwards, with its datasets, its people and the groups made for it."""
    name = f"t{secrets.token_hex(5)}"
    id_, editor = people.make_organisation(portal.as_sysadmin, name), f"{name}-editor"
    made = Organisation(portal, name, id_, editor, people.make_user(portal.as_sysadmin, editor, id_, "editor"))
    try:
        yield made
    finally:
        purge(made)


def purge(organisation: Organisation) -> None:
    act = organisation.as_sysadmin
    purge_datasets(organisation.portal, organisation)
    for group in organisation.groups:
        act("group_purge", id=group)
    act("organization_purge", id=organisation.id)
    for user in (organisation.editor, organisation.member):
        with suppress(RefusedError):  # the member may never have been asked for
            act("user_delete", id=user)


def purge_all(portal: Portal) -> None:
    """Remove every dataset, organisation and group of the portal, whoever made them."""
    act = portal.as_sysadmin
    purge_datasets(portal)
    for kind in ("organization", "group"):
        for name in act(f"{kind}_list"):
            act(f"{kind}_purge", id=name)


def purge_datasets(portal: Portal, organisation: Organisation | None = None) -> None:
    """Remove the datasets, deleted ones and drafts too, with their DataStore tables and queued jobs."""
    act, found = portal.as_sysadmin, datasets(portal, organisation)
    cancel_jobs(portal, {resource["id"] for dataset in found for resource in dataset["resources"]})
    for dataset in found:
        for resource in dataset["resources"]:
            if resource.get("datastore_active"):
                act.ask("datastore_delete", resource_id=resource["id"], force=True)
        act("dataset_purge", id=dataset["id"])


def datasets(portal: Portal, organisation: Organisation | None = None) -> list[Json]:
    """Every dataset of the portal or of the organisation as the sysadmin sees it, in any state, by name."""
    found = {dataset["id"]: dataset for dataset in (*_searched(portal, organisation), *_in_trash(portal))}
    ours = [item for item in found.values() if not organisation or item["owner_org"] == organisation.id]
    return sorted(ours, key=lambda dataset: str(dataset["name"]))


def _searched(portal: Portal, organisation: Organisation | None) -> list[Json]:
    which = {"fq": f'owner_org:"{organisation.id}"'} if organisation else {}
    asked = {"rows": 500, "sort": "name asc", "include_private": True, "include_drafts": True, **which}
    found: list[Json] = []
    while page := portal.as_sysadmin("package_search", start=len(found), **asked)["results"]:
        found += page
    return found


def _in_trash(portal: Portal) -> list[Json]:
    """The deleted datasets. They leave the search index at once, and no action lists them: a page does."""
    with Anonymous(portal.url, portal.token) as reader, reader.look("/ckan-admin/trash") as page:
        names = set(re.findall(r'href="/dataset/([^"/?#]+)"', page.text))
    answers = [portal.as_sysadmin.ask("package_show", id=name) for name in sorted(names)]
    return [body["result"] for status, body in answers if status == 200 and body["result"]["state"] == "deleted"]


def cancel_jobs(portal: Portal, resources: set[str]) -> None:
    """Take out of the queue what waits there for one of these resources, and let what is at work end.

    A job that finds its dataset purged waits five seconds for it, and the next job after it.
    """
    cancelled = set()
    for job in portal.as_sysadmin("job_list", limit=-1):
        named = {resource for resource in resources if resource in (job["title"] or "")}
        if named and portal.as_sysadmin.ask("job_cancel", id=job["id"])[0] == 200:
            cancelled |= named
    end = time.monotonic() + 30
    while time.monotonic() < end and _unsettled(portal, resources - cancelled):
        time.sleep(0.1)


def wait_for_jobs(portal: Portal, organisation: Organisation | None = None, seconds: float = 120) -> None:
    """Until no job waits, and xloader is done with every file of the portal or of the organisation."""
    if "xloader" not in portal.plugins:
        return
    files = {resource["id"] for dataset in datasets(portal, organisation) for resource in dataset["resources"]}
    end = time.monotonic() + seconds
    while left := [*_queued(portal, files if organisation else None), *_unsettled(portal, files)]:
        assert time.monotonic() < end, f"xloader has not done this within {seconds:g} s: {'; '.join(left)}"
        time.sleep(0.1)


def _queued(portal: Portal, files: set[str] | None) -> list[str]:
    titles = [str(job["title"]) for job in portal.as_sysadmin("job_list", limit=-1)]
    return [title for title in titles if files is None or any(file in title for file in files)]


def _unsettled(portal: Portal, files: set[str]) -> list[str]:
    """Those that xloader is at, with what it says; what is settled goes out of `files`."""
    left = []
    for file in sorted(files):
        status, body = portal.as_sysadmin.ask("xloader_status", resource_id=file)
        if status == 200 and body["result"]["status"] not in SETTLED:
            left.append(f"{file} {body['result']['status']}")
        else:
            files.discard(file)
    return left


def snapshot(portal: Portal, organisation: Organisation, *, times: bool = False) -> list[Json]:
    """All that the organisation has there, to be compared with another moment or another portal.

    Datasets by name; of each the plain fields, extras, tags, groups, and its resources in order with the SHA-256 of
    their bytes, their views, and how many rows the DataStore has. With `times`, when CKAN says each was last changed.
    """
    with Anonymous(portal.url, portal.token) as reader:
        return [_taken(portal, reader, dataset, times=times) for dataset in datasets(portal, organisation)]


def _taken(portal: Portal, reader: Anonymous, dataset: Json, *, times: bool) -> Json:
    taken: Json = {name: dataset.get(name) for name in PLAIN}
    taken["extras"] = {extra["key"]: extra["value"] for extra in dataset["extras"]}
    taken["tags"] = sorted(tag["name"] for tag in dataset["tags"])
    taken["groups"] = sorted(group["name"] for group in dataset["groups"])
    taken["resources"] = [_file(portal, reader, resource) for resource in dataset["resources"]]
    if times:
        taken["metadata_modified"] = dataset["metadata_modified"]
    return taken


def _file(portal: Portal, reader: Anonymous, resource: Json) -> Json:
    own = {name: value for name, value in resource.items() if name not in OWN}
    path = urlsplit(resource["url"]).path
    views = portal.as_sysadmin("resource_view_list", id=resource["id"])
    return {
        **dict.fromkeys(OF_RESOURCES),
        **own,
        "url": path,
        "sha256": _sha256(reader, path) if resource["url_type"] == "upload" else None,
        "views": sorted(view["view_type"] for view in views),
        "rows": _rows(portal, resource),
    }


def _sha256(reader: Anonymous, path: str) -> str:
    digest = hashlib.sha256()
    with reader.look(path, stream=True) as answer:
        if answer.status_code != 200:
            return f"status {answer.status_code}"
        for chunk in answer.iter_content(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _rows(portal: Portal, resource: Json) -> int | None:
    if not resource.get("datastore_active"):
        return None
    return int(portal.as_sysadmin("datastore_search", resource_id=resource["id"], limit=0)["total"])
