"""What any visitor sees of a dataset on a CKAN portal, asked in every way that a portal answers in.

Written from CKAN's routes and actions alone: it shares nothing with the publisher that it judges.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ckan_helpers import Portal

Json = dict[str, Any]

TAGS = frozenset({"tag_list", "tag_search", "tag_autocomplete", "tag_show", "tag autocomplete page"})
"""Where CKAN tells the tags of a private dataset to anybody (seen on 2.11.6 and 2.12.0)."""
REMEMBERED = TAGS - {"tag_list"} | {
    "recently_changed_packages_activity_list",
    "user_activity_list",
    "user activity page",
}
"""Where CKAN goes on telling of the time when a dataset was public: its activity stream all metadata, these its tags.

It does so after the dataset was made private, deleted, or purged (seen on 2.11.6 and 2.12.0); no action of an editor's
takes it back.
"""


class Anonymous(requests.Session):
    """Somebody without cookies, proxies or a token (unless one is given) who looks at a portal's pages."""

    def __init__(self, url: str, token: str = "") -> None:
        super().__init__()
        self.url, self.trust_env = url, False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        if token:
            self.headers["Authorization"] = token

    def look(self, path: str, *, stream: bool = False, **headers: str) -> requests.Response:
        """The page as it is: no redirect is followed."""
        return self.get(f"{self.url}{path}", headers=headers, stream=stream, allow_redirects=False, timeout=120)


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask for a dataset. A list shows it by naming it; what is the dataset's own, by being there.

    `keyword`: it is asked for that, and shows the dataset by naming it, where no public dataset has it.
    """

    name: str
    path: str
    is_list: bool = False
    keyword: str = ""

    def shows(self, visitor: Anonymous, dataset: Json) -> bool:
        if self.keyword:
            return self._tells(visitor) and not _has_public(visitor, self.keyword)
        with visitor.look(self.path, stream=not self.is_list) as page:
            if page.is_redirect:
                return "/user/login" not in page.headers["Location"]
            return page.status_code == 200 and (not self.is_list or _names(page.text, dataset))

    def _tells(self, visitor: Anonymous) -> bool:
        with visitor.look(self.path) as page:
            return page.status_code == 200 and json.dumps(self.keyword) in page.text


def _has_public(visitor: Anonymous, keyword: str) -> bool:
    asked = urlencode({"fq": f'tags:"{keyword}"', "rows": 0})
    with visitor.look(f"/api/3/action/package_search?{asked}") as page:
        return bool(page.json()["result"]["count"])


def seen_by_anyone(portal: Portal, dataset: Json, keywords: Iterable[str] = ()) -> list[str]:
    """The ways in which any visitor sees it, or a file that it has or had; empty: it is not to be seen at all.

    `dataset` is what `package_show` said of it, now or while it was there; `keywords` what it does not say as tags.
    """
    asked = [*ways(portal, dataset), *(way for word in keywords for way in _keyword(word))]
    with Anonymous(portal.url) as visitor:
        return [way.name for way in asked if way.shows(visitor, dataset)]


def ways(portal: Portal, dataset: Json) -> Iterator[Way]:
    """Each way there is on this portal to see the dataset or one of its files."""
    yield from _own(dataset)
    yield from _lists(dataset)
    for resource in dataset["resources"]:
        yield from _of_file(dataset, resource)
    if "activity" in portal.plugins:
        yield from _activities(dataset)
    if "datastore" in portal.plugins:
        for resource in dataset["resources"]:
            yield from _rows(resource)
    if "dcat" in portal.plugins:
        yield from _dcat(dataset)


def _own(dataset: Json) -> Iterator[Way]:
    for by in ("name", "id"):
        key = dataset[by]
        yield Way(f"page by {by}", f"/dataset/{key}")
        yield _action("package_show", by, id=key)
        yield _action("resources page", by, path=f"/dataset/resources/{key}")
        yield _action("groups page", by, path=f"/dataset/groups/{key}")


def _lists(dataset: Json) -> Iterator[Way]:
    name, owner = dataset["name"], (dataset.get("organization") or {}).get("name", "")
    yield _action("package_search", "name", is_list=True, q=f"name:{name}")
    yield _action("package_search", "id", is_list=True, q=f"id:{dataset['id']}")
    yield _action("package_search", "whatever", is_list=True, fq=f"name:{name}", include_private="true")
    yield _action("package_list", is_list=True)
    yield _action("current_package_list_with_resources", is_list=True, limit=1000)
    yield _action("package_autocomplete", is_list=True, q=name)
    yield Way("search page", f"/dataset/?{urlencode({'q': f'name:{name}'})}", is_list=True)
    yield Way("feed", f"/feeds/custom.atom?{urlencode({'q': f'name:{name}'})}", is_list=True)
    if owner:
        yield _action("organization_show", is_list=True, id=owner, include_datasets="true")
        yield Way("organisation page", f"/organization/{owner}?{urlencode({'q': f'name:{name}'})}", is_list=True)
        yield Way("organisation feed", f"/feeds/organization/{owner}.atom", is_list=True)
    for group in dataset.get("groups", ()):
        yield _action("group_package_show", group["name"], is_list=True, id=group["name"])
        yield Way(f"group page of {group['name']}", f"/group/{group['name']}?q=name:{name}", is_list=True)
    for tag in dataset.get("tags", ()):
        yield _action("tag_show", tag["name"], is_list=True, id=tag["name"], include_datasets="true")
        yield from _keyword(tag["name"])


def _keyword(word: str) -> Iterator[Way]:
    for action, asked in (
        ("tag_list", {}),
        ("tag_search", {"query": word}),
        ("tag_autocomplete", {"query": word}),
        ("tag_show", {"id": word}),
    ):
        yield Way(action, f"/api/3/action/{action}?{urlencode(asked)}", is_list=True, keyword=word)
    yield Way(
        "tag autocomplete page",
        f"/api/2/util/tag/autocomplete?{urlencode({'incomplete': word})}",
        is_list=True,
        keyword=word,
    )


def _of_file(dataset: Json, resource: Json) -> Iterator[Way]:
    id_, file = resource["id"], resource.get("name") or resource["id"]
    page = f"/dataset/{dataset['name']}/resource/{id_}"
    yield _action("resource_show", file, id=id_)
    yield _action("resource_view_list", file, id=id_)
    yield _action("resource_search", file, is_list=True, query=f"name:{file}")
    yield Way(f"resource page {file}", page)
    yield Way(f"resource views {file}", f"{page}/view")
    yield Way(f"download {file}", f"{page}/download")
    yield Way(f"download by id {file}", f"/dataset/{dataset['id']}/resource/{id_}/download")
    if resource.get("url_type") == "upload":
        yield Way(f"file {file}", quote(urlsplit(resource["url"]).path, safe="/%"))


def _activities(dataset: Json) -> Iterator[Way]:
    yield Way("activity page", f"/dataset/activity/{dataset['name']}")
    yield Way("activity page by id", f"/dataset/activity/{dataset['id']}")
    yield _action("package_activity_list", id=dataset["id"])
    yield _action("recently_changed_packages_activity_list", is_list=True, limit=100)
    owner = (dataset.get("organization") or {}).get("name", "")
    if owner:
        yield _action("organization_activity_list", is_list=True, id=owner)
        yield Way("organisation activity page", f"/organization/activity/{owner}", is_list=True)
    if dataset.get("creator_user_id"):  # and of whoever else changed it
        yield _action("user_activity_list", is_list=True, id=dataset["creator_user_id"])
        yield Way("user activity page", f"/user/activity/{dataset['creator_user_id']}", is_list=True)
    for group in dataset.get("groups", ()):
        yield _action("group_activity_list", group["name"], is_list=True, id=group["name"])


def _rows(resource: Json) -> Iterator[Way]:
    id_, file = resource["id"], resource.get("name") or resource["id"]
    yield _action("datastore_search", file, resource_id=id_)
    yield _action("datastore_info", file, id=id_)
    yield _action("datastore_search_sql", file, sql=f'table "{id_}"')
    yield Way(f"dump {file}", f"/datastore/dump/{id_}")


def _dcat(dataset: Json) -> Iterator[Way]:
    for suffix in ("jsonld", "ttl", "rdf", "xml"):
        yield Way(f"dataset.{suffix}", f"/dataset/{dataset['name']}.{suffix}")
    yield Way("dataset by id.jsonld", f"/dataset/{dataset['id']}.jsonld")
    yield Way("catalogue.jsonld", f"/catalog.jsonld?{urlencode({'q': 'name:' + dataset['name']})}", is_list=True)


def _action(action: str, by: str = "", *, path: str = "", is_list: bool = False, **data: str | int) -> Way:
    asked = path or f"/api/3/action/{action}?{urlencode(data)}"
    return Way(f"{action} by {by}" if by else action, asked, is_list)


def _names(page: str, dataset: Json) -> bool:
    """Whether a list has it: by its id, its address, or its name alone as a value of JSON.

    A page of HTML repeats the question, in which the name never stands alone.
    """
    name = re.escape(dataset["name"])
    files = [resource["id"] for resource in dataset["resources"]]
    found = re.search(rf'/dataset/{name}(?![\w-])|"{name}"', page)
    return bool(found) or any(id_ in page for id_ in (dataset["id"], *files))
