"""A CKAN in memory, as small as our requests let it be: it keeps what package_revise and its like would keep.

What is known of the real one is imitated where it matters: lists merged by index, empty extras forgotten, own fields
added, a match that fails, private datasets that a visitor is refused, a loader that is not told of added files.
It is served by `scripted_portal.Scripted`.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from requests_toolbelt import MultipartDecoder
from scripted_portal import KEY, Asked, Told, error, result

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]

SITE = "https://data.example.vn"
DOWNLOAD = re.compile(r"/dataset/([^/]+)/resource/([^/]+)(/download/[^/]+)?")
ID_FROM = 5
EMPTY = (None, "", [], ())


@dataclass
class SmallCkan:
    """`watch` is called after each request with what a visitor could see by then. `log` names the requests."""

    plugins: tuple[str, ...] = ("datastore",)
    organizations: set[str] = field(default_factory=lambda: {"h15-05"})
    groups: set[str] = field(default_factory=lambda: {"agriculture"})
    datasets: dict[str, Json] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    tables: set[str] = field(default_factory=set)
    running: dict[str, int] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    watch: Callable[[SmallCkan], None] = lambda _ckan: None
    _clock: int = 0

    def __call__(self, asked: Asked) -> Told:
        """Answer one request."""
        visitor = asked.token != KEY
        path = unquote(asked.path)
        action = path.rpartition("/")[2] if path.startswith("/api/3/action/") else ""
        self.log.append(f"{action or asked.method + ' ' + path}{' as visitor' if visitor else ''}")
        told = self._act(action, asked, visitor=visitor) if action else self._page(path, visitor=visitor)
        self.watch(self)
        return told

    def named(self, name: str) -> Json:
        """The dataset of that name."""
        return next(item for item in self.datasets.values() if item["name"] == name)

    @property
    def public(self) -> list[Json]:
        """What a visitor sees."""
        return [item for item in self.datasets.values() if not item["private"]]

    def extras(self, name: str) -> dict[str, str]:
        """The extras of a dataset by their keys."""
        return {item["key"]: item["value"] for item in self.named(name)["extras"]}

    def writes(self) -> list[str]:
        """The requests that wrote something, in order."""
        return [
            item
            for item in self.log
            if re.match(r"(package_(create|revise|patch|delete|resource_reorder)|datastore_delete)", item)
        ]

    def store(self, dataset: Json) -> Json:
        """Keep a dataset as CKAN keeps it."""
        self._clock += 1
        key = dataset.setdefault("id", f"key-{self._clock}")
        dataset["metadata_modified"] = f"2026-01-01T00:00:00.{self._clock:06}"
        dataset["organization"] = {"name": dataset.get("owner_org") or "h15-05"}
        dataset["extras"] = [item for item in dataset.get("extras", []) if item.get("value") not in EMPTY]
        tags = [{"vocabulary_id": None, "state": "active", **tag} for tag in dataset.get("tags", [])]
        dataset["tags"] = sorted(tags, key=lambda tag: str(tag["name"]))
        for number, resource in enumerate(dataset.setdefault("resources", [])):
            self._keep(resource, key, number)
        dataset |= {"num_tags": len(tags), "state": "active", "type": "dataset"}
        self.datasets[key] = dataset
        return copy.deepcopy(dataset)

    def _keep(self, resource: Json, dataset: str, number: int) -> None:
        key = resource.setdefault("id", f"resource-{self._clock}-{number}")
        if resource.pop("clear_upload", None):
            self.files.pop(key, None)
            resource |= {"url": "", "url_type": ""}
        resource |= {"package_id": dataset, "position": number, "state": "active", "mimetype_inner": None}
        resource["datastore_active"] = key in self.tables
        for name, value in resource.items():
            resource[name] = None if value == "" else value

    def _act(self, action: str, asked: Asked, *, visitor: bool) -> Told:
        done = getattr(self, f"_{action}", None)
        if done is None:
            return Told(400, json.dumps(f"Bad request - Action name not known: {action}").encode())
        data, uploads = _form(asked)
        if visitor and action not in {"package_show", "package_search", "resource_show", "tag_list"}:
            return error(403, "Authorization Error")
        try:
            return result(done(data, uploads) if action == "package_revise" else done(data, visitor))
        except KeyError:
            return error(404, "Not Found Error")
        except ValueError as fault:
            return error(409, "Validation Error", **{str(fault): ["refused"]})

    def _find(self, key: str, *, visitor: bool = False) -> Json:
        found = self.datasets.get(key) or next((item for item in self.datasets.values() if item["name"] == key), None)
        if found is None or (visitor and found["private"]):
            raise KeyError(key)
        return found

    def _status_show(self, _data: Json, _visitor: bool) -> Json:  # noqa: FBT001 - all actions are called alike
        return {"ckan_version": "2.12.0", "site_url": SITE, "extensions": list(self.plugins)}

    def _user_show(self, _data: Json, _visitor: bool) -> Json:  # noqa: FBT001
        return {"name": "editor"}

    def _organization_list_for_user(self, _data: Json, _visitor: bool) -> list[Json]:  # noqa: FBT001
        return [{"name": name} for name in self.organizations]

    def _group_list_authz(self, _data: Json, _visitor: bool) -> list[Json]:  # noqa: FBT001
        return [{"name": name} for name in self.groups]

    def _organization_show(self, data: Json, _visitor: bool) -> Json:  # noqa: FBT001
        if data["id"] not in self.organizations:
            raise KeyError
        return {"name": data["id"]}

    def _organization_create(self, data: Json, _visitor: bool) -> Json:  # noqa: FBT001
        self.organizations.add(data["name"])
        return data

    def _package_create(self, data: Json, _visitor: bool) -> Json:  # noqa: FBT001
        if not data["name"] or any(item["name"] == data["name"] for item in self.datasets.values()):
            message = "name"
            raise ValueError(message)
        return self.store(data)

    def _package_revise(self, data: Json, uploads: dict[str, tuple[str, bytes]]) -> Json:
        found = copy.deepcopy(self._find(data["match"]["id"]))
        known = {item["id"] for item in found["resources"]}
        if not matches(found, data["match"]):
            message = "match"
            raise ValueError(message)
        found = revised(found, data)
        for place, (name, content) in uploads.items():
            resource = found["resources"][_place(found["resources"], place)]
            self._attach(found, resource, name, content)
            if "xloader" in self.plugins and name.endswith(".csv") and resource["id"] in known:
                self._load(resource)
        return {"package": self.store(found)}

    def _attach(self, dataset: Json, resource: Json, name: str, content: bytes) -> None:
        self.files[resource["id"]] = content
        place = f"{SITE}/dataset/{dataset['id']}/resource/{resource['id']}/download/{name}"
        resource |= {"url": place, "url_type": "upload", "last_modified": f"at {self._clock}"}

    def _package_resource_reorder(self, data: Json, _visitor: bool) -> Json:  # noqa: FBT001
        found = copy.deepcopy(self._find(data["id"]))
        places = {key: place for place, key in enumerate(data["order"])}
        if not places.keys() <= {item["id"] for item in found["resources"]}:
            message = "order"
            raise ValueError(message)
        found["resources"].sort(key=lambda item: places.get(item["id"], len(places)))
        self.store(found)
        return data

    def _package_patch(self, data: Json, _visitor: bool) -> Json:  # noqa: FBT001
        return self.store({**copy.deepcopy(self._find(data["id"])), **data})

    def _package_delete(self, data: Json, _visitor: bool) -> None:  # noqa: FBT001
        del self.datasets[self._find(data["id"])["id"]]

    def _package_show(self, data: Json, visitor: bool) -> Json:  # noqa: FBT001
        return copy.deepcopy(self._find(data["id"], visitor=visitor))

    def _tag_list(self, _data: Json, _visitor: bool) -> list[str]:  # noqa: FBT001
        """Of private datasets too, to anybody: so CKAN does."""
        return sorted({tag["name"] for item in self.datasets.values() for tag in item["tags"]})

    def _package_search(self, data: Json, visitor: bool) -> Json:  # noqa: FBT001
        names, ours = re.findall('"([^"]+)"', data["fq"]), data["fq"].startswith("extras_opendata_id")
        if data["fq"].startswith("tags:"):
            names = [item["name"] for item in self.datasets.values() if names[0] in {t["name"] for t in item["tags"]}]
        seen = [item for item in self.datasets.values() if not (visitor and item["private"])]
        found = [
            item
            for item in sorted(seen, key=lambda item: str(item["name"]))
            if item["name"] in names or (ours and any(extra["key"] == "opendata_id" for extra in item["extras"]))
        ]
        start = data.get("start", 0)
        return {"count": len(found), "results": copy.deepcopy(found[start : start + data["rows"]])}

    def _resource_show(self, data: Json, visitor: bool) -> Json:  # noqa: FBT001
        resources = (item for found in self.datasets.values() for item in found["resources"])
        found: Json = next((item for item in resources if item["id"] == data["id"]), {"package_id": ""})
        self._find(found["package_id"], visitor=visitor)
        return found

    def _datastore_delete(self, data: Json, _visitor: bool) -> None:  # noqa: FBT001
        if "datastore" not in self.plugins:
            raise KeyError
        self.tables.remove(data["resource_id"])

    def _xloader_status(self, data: Json, _visitor: bool) -> Json:  # noqa: FBT001
        left = self.running.get(data["resource_id"], 0)
        self.running[data["resource_id"]] = left - 1
        return {"status": "running" if left > 0 else "complete"}

    def _xloader_submit(self, data: Json, _visitor: bool) -> bool:  # noqa: FBT001
        pairs = [(item, found) for found in self.datasets.values() for item in found["resources"]]
        resource, dataset = next((item, found) for item, found in pairs if item["id"] == data["resource_id"])
        self._load(resource)
        self.store(dataset)
        return True

    def _load(self, resource: Json) -> None:
        """What a loader does in the end."""
        self.tables.add(resource["id"])
        digest = hashlib.md5(self.files[resource["id"]], usedforsecurity=False).hexdigest()
        resource |= {"hash": digest, "datastore_active": True}

    def _page(self, path: str, *, visitor: bool) -> Told:
        place = DOWNLOAD.fullmatch(path)
        key = place[1] if place else path.removeprefix("/dataset/").removesuffix(".jsonld")
        try:
            found = self._find(key, visitor=visitor)
        except KeyError:
            return Told(404)
        if place is None:
            return Told(200, b"<html>")
        here = any(item["id"] == place[2] for item in found["resources"])
        content = (self.files.get(place[2]) if place[3] else b"<html>") if here else None
        return Told(404) if content is None else Told(200, content)


def revised(found: Json, data: Json) -> Json:
    """The dataset as package_revise makes it of these arguments, uploads apart."""
    made = copy.deepcopy(found)
    filtered(made, data["filter"])
    made = merged(made, data["update"])
    for name in ("extras", "tags", "groups", "resources"):
        added = data.get(f"update__{name}__extend", [])
        made[name] = [*made.get(name, []), *(json.loads(added) if isinstance(added, str) else added)]
    return made


def matches(found: Any, wanted: Any) -> bool:  # noqa: ANN401 - whatever JSON has
    """As package_revise compares: what is wanted is there, objects by key, lists by index."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(
            key in found and matches(found[key], value) for key, value in wanted.items()
        )
    if isinstance(wanted, list):
        pairs = zip(found, wanted, strict=False) if isinstance(found, list) else ()
        return isinstance(found, list) and len(found) >= len(wanted) and all(matches(a, b) for a, b in pairs)
    return bool(found == wanted)


def filtered(found: Json, globs: list[str]) -> None:
    """As package_revise leaves out: items of a list by their index, fields of an item, or all but one of these."""
    gone: dict[str, set[int]] = {}
    for glob in globs:
        name, place, *inner = glob[1:].split("__", 2)
        index = _place(found[name], place)
        item = found[name][index]
        if glob.startswith("+"):
            continue  # what is protected is the id, below
        if not inner:
            gone.setdefault(name, set()).add(index)
        elif inner == ["*"]:
            protected = f"+{name}__{place}__id" in globs[: globs.index(glob)]
            found[name][index] = {"id": item["id"]} if protected else {}
        else:
            item.pop(inner[0], None)
    for name, places in gone.items():
        found[name] = [item for index, item in enumerate(found[name]) if index not in places]


def _place(items: list[Json], key: str) -> int:
    """An index, or from five characters on the beginning of an id."""
    if len(key) < ID_FROM:
        return int(key)
    return next(index for index, item in enumerate(items) if item["id"].startswith(key))


def merged(old: Any, new: Any) -> Any:  # noqa: ANN401 - whatever JSON has
    """As package_revise merges: objects by key, lists by index, the rest kept; none gives way to a text."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{key: merged(old.get(key), value) for key, value in new.items()}}
    if isinstance(old, list) and isinstance(new, list):
        return [merged(a, b) for a, b in zip(old, new, strict=False)] + (old[len(new) :] or new[len(old) :])
    if isinstance(old, dict | list):
        message = "update"
        raise ValueError(message)  # noqa: TRY004 - what the portal answers with a 409
    return new


def _form(asked: Asked) -> tuple[Json, dict[str, tuple[str, bytes]]]:
    """The arguments of an action, sent as JSON or as a form, and its files by the index or id of their resource."""
    kind = asked.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return asked.data, {}
    data: Json = {}
    uploads: dict[str, tuple[str, bytes]] = {}
    for part in MultipartDecoder(asked.body, kind).parts:
        disposition = part.headers[b"Content-Disposition"]
        name = re.search(rb'\bname="([^"]+)"', disposition)
        file = re.search(rb'filename="([^"]+)"', disposition)
        key = name[1].decode() if name else ""
        if file:
            uploads[key.split("__")[2]] = (file[1].decode(), part.content)
        else:
            data[key] = json.loads(part.content)
    return data, uploads
