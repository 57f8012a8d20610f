"""Cases of a matrix: all of them where OPENDATA_MATRIX is set, else a seeded sample that ends in minutes."""

from __future__ import annotations

import json
import os
import random
import time
from typing import TYPE_CHECKING, Any, TypeVar

from ckan_helpers import wait_for_jobs
from ckan_visitor import Anonymous

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ckan_desk import Desk

T = TypeVar("T")


def whole() -> bool:
    """True where every case is to be run."""
    return bool(os.environ.get("OPENDATA_MATRIX"))


def cases(everything: Sequence[T], sample: int, salt: str) -> list[T]:
    """The cases to be run; the sample is the same for the same OPENDATA_SEED (1 unless told otherwise)."""
    if whole() or sample >= len(everything):
        return list(everything)
    chosen = random.Random(f"{os.environ.get('OPENDATA_SEED', '1')} {salt}")  # noqa: S311 - to choose, not to hide
    return chosen.sample(list(everything), sample)


def check_all(chosen: Sequence[T], check: Callable[[T], None]) -> None:
    """Check each case; all that fail are named together, so that a matrix of hours tells of every one."""
    failed = []
    for case in chosen:
        try:
            check(case)
        except Exception as error:  # noqa: BLE001 - in whatever way a case fails, the others are still checked
            failed.append(f"{case}: {type(error).__name__} {error!s:.2000}")
    assert not failed, f"{len(failed)} of {len(chosen)} cases failed\n" + "\n".join(failed)
    print(f"{len(chosen)} cases hold")  # noqa: T201 - shown by pytest -rP, for the record in docs/


def portrait(desk: Desk) -> Any:  # noqa: ANN401 - JSON
    """All that the organisation holds, free of its own random name and of what differs between two makings.

    A loader's work is waited for: it is part of what a visitor finds.
    """
    wait_for_jobs(desk.organisation.portal, desk.organisation)
    return json.loads(json.dumps(desk.held()).replace(desk.organisation.name, "*"))


def half_seen(desk: Desk) -> list[str]:
    """What an anonymous visitor meets of the organisation's public datasets that is not whole.

    Looked at a second time where it is not: the portal may just have been in the middle of the last request.
    """
    if not _half_seen(desk):
        return []
    time.sleep(1)
    return _half_seen(desk)


def _half_seen(desk: Desk) -> list[str]:
    url = desk.organisation.portal.url
    with Anonymous(url) as visitor:
        found = desk.organisation.as_anyone("package_search", fq=f'organization:"{desk.organisation.name}"', rows=100)[
            "results"
        ]
        return [text for dataset in found for text in _half(visitor, url, dataset)]


def _half(visitor: Anonymous, url: str, dataset: dict[str, Any]) -> list[str]:
    import hashlib

    name, files = dataset["name"], dataset["resources"]
    extras = {item["key"]: item["value"] for item in dataset["extras"]}
    told = [] if extras.get("opendata_digest") and files else [f"{name}: no edition"]
    for file in files:
        address = str(file["url"]).removeprefix(url)
        answer = visitor.look(address) if address else None
        digest = hashlib.sha256(answer.content).hexdigest() if answer is not None and answer.ok else None
        if digest is None or digest != file.get("opendata_sha256"):
            told.append(f"{name}: {file.get('opendata_path')} is {digest}, told {file.get('opendata_sha256')}")
    return told


def differences(found: object, wanted: object, place: str = "") -> list[str]:
    """Where two JSON values differ, a line each."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        keys = sorted(found.keys() | wanted.keys())
        return [text for key in keys for text in differences(found.get(key), wanted.get(key), f"{place}/{key}")]
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        pairs = enumerate(zip(found, wanted, strict=True))
        return [text for at, (one, other) in pairs for text in differences(one, other, f"{place}/{at}")]
    return [] if found == wanted else [f"{place}: {found!r:.300} != {wanted!r:.300}"]
