"""A CKAN organisation under test: publish candidates to it by the library, and compare what the portal then holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from built_helpers import built, identity
from ckan_helpers import snapshot

from opendata.model import AccessLevel, Candidate, Receipt, Secret, Standing, Target
from opendata.publishing.apply import apply
from opendata.publishing.plan import make
from opendata_ckan import CkanPublisher

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from ckan_helpers import Organisation

    from opendata.model import BuiltPackage, Plan, PortalState

Json = dict[str, Any]

OTHER_ROWS = (("11", "2025", "7.50", "2025-12-31"), ("66", "2025", "8.10", "2025-12-31"), ("68", "2025", "9", ""))
OF_ONE_TIME = {
    "id",
    "url",
    "revision",
    "extras",
    "access_url",
    "download_url",
    "metadata_modified",
    "task_created",
    "opendata_seal",
}
STATE = {"opendata_seal", "opendata_removed", "opendata_written"}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Desk:
    """Publishing to one organisation; `address` where the portal is reached another way than directly.

    Names of datasets begin with the organisation's, or with `prefix` where two organisations are to be compared.
    """

    organisation: Organisation
    folder: Path
    address: str = ""
    token: str = ""
    prefix: str = ""

    @property
    def target(self) -> Target:
        address = self.address or self.organisation.portal.url
        token = Secret(self.token or self.organisation.token, "test")
        return Target(address, "ckan", address, organization=self.organisation.name, token=token)

    @property
    def publisher(self) -> CkanPublisher:
        return CkanPublisher(self.target)

    def at(self, address: str) -> Desk:
        return replace(self, address=address)

    def name(self, short: str) -> str:
        return f"{self.prefix or self.organisation.name}-{short}"

    def built(self, short: str = "paddy", **more: Any) -> BuiltPackage:  # noqa: ANN401 - as `built` has it
        level = more.get("level", AccessLevel.OPEN)
        name = self.name(short)
        called = f"{name}--shared" if level is AccessLevel.SHARED else name
        own = {"keywords": [self.name("lúa")]}  # a word that no dataset of another test has
        return built(self.folder, called, id=identity(name), **{**more, "more": {**own, **more.get("more", {})}})

    def plan(
        self, *candidates: Candidate, overwrite: Collection[str] = (), publisher: CkanPublisher | None = None
    ) -> Plan:
        found = publisher or self.publisher
        state = self.state(*candidates, publisher=found)
        packages = [item.built for item in candidates if item.built]
        limits = found.limits(packages)
        return make(found_name(self), candidates, state, levels=found.levels, overwrite=overwrite, limits=limits)

    def state(self, *candidates: Candidate, publisher: CkanPublisher | None = None) -> PortalState:
        names = [item.published_name for item in candidates]
        return (publisher or self.publisher).look(names, [item.id for item in candidates if item.id])

    def publish(self, *candidates: Candidate, overwrite: Collection[str] = (), jobs: int = 1) -> Receipt:
        publisher = self.publisher
        return apply(self.plan(*candidates, overwrite=overwrite, publisher=publisher), publisher, jobs=jobs)

    def held(self) -> list[Json]:
        """All that the organisation holds, without what differs from one making to the next: ids, dates, addresses."""
        return [_timeless(item) for item in snapshot(self.organisation.portal, self.organisation)]

    def keys(self) -> dict[str, tuple[str, ...]]:
        """The ids that the portal gave to each dataset and its files, by path."""
        return {item["name"]: _keys(item) for item in snapshot(self.organisation.portal, self.organisation)}


def found_name(desk: Desk) -> str:
    """The target's name: always the portal's own, so that plans made by way of a proxy are the same."""
    return desk.organisation.portal.url


def ready(package: BuiltPackage) -> Candidate:
    """The candidate that this package is when nothing speaks against it."""
    base = package.name.partition("--")[0]
    return Candidate(base, package.name, package.id, Standing.READY, package, editions=(package.name,))


def raised(package: BuiltPackage) -> Candidate:
    """The package once its access level allows no edition any more."""
    base = package.name.partition("--")[0]
    return Candidate(base, base, package.id, Standing.WITHHELD, reason="internal", editions=())


def verified(receipt: Receipt) -> list[str]:
    """The actions of a receipt in which all went well."""
    told = [(item.step.name, item.error) for item in receipt.outcomes if not item.verified]
    assert told == [], told
    return [item.step.action.value for item in receipt.outcomes]


def _keys(dataset: Json) -> tuple[str, ...]:
    files = sorted((str(item.get("opendata_path")), item["id"]) for item in dataset["resources"])
    return (dataset["id"], *(key for _path, key in files))


def _timeless(dataset: Json) -> Json:
    told = {key: value for key, value in dataset.items() if key not in OF_ONE_TIME}
    told["extras"] = {key: value for key, value in dataset["extras"].items() if key not in STATE}
    told["resources"] = sorted((_file(item) for item in dataset["resources"]), key=lambda item: str(item["name"]))
    return told


def _file(resource: Json) -> Json:
    own = {key: value for key, value in resource.items() if key not in OF_ONE_TIME}
    if resource.get("opendata_path") == "datapackage.json":  # it tells addresses, which have ids in them
        own = {key: value for key, value in own.items() if key not in {"sha256", "opendata_sha256", "hash"}}
    return {key: _UUID.sub("*", value) if isinstance(value, str) else value for key, value in own.items()}
