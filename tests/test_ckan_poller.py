"""The visitor who polls finds what is wrong, and nothing else: against a portal that answers as it is told to."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from ckan_poller import polled, version_of, versions_in
from scripted_portal import Asked, Scripted, Told, error, result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Change = dict[str, Any]
TABLES = {"area.csv": b"a\n1\n", "area.parquet": b"PAR1"}
NEW = {"area.csv": b"a\n2\n", "area.parquet": b"PAR2"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def version(tables: dict[str, bytes]) -> dict[str, str]:
    return {path: sha256(content) for path, content in tables.items()}


def files(tables: dict[str, bytes]) -> dict[str, bytes]:
    """The files of a dataset, with a descriptor that tells of them."""
    table, other = (
        {"path": f"http://elsewhere/dataset/d/{path}", "hash": f"sha256:{digest}"}
        for path, digest in version(tables).items()
    )
    return {**tables, "datapackage.json": json.dumps({"resources": [{**table, "alternates": [other]}]}).encode()}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ckan_poller.PATIENCE", 0.3)
    monkeypatch.setattr("ckan_poller.PAUSE", 0.02)


def portal(stored: dict[str, bytes], told: dict[str, bytes], **changes: Change) -> Callable[[Asked], Told]:
    """A portal that tells of these files and has those; `changes` are to what it tells of a file, by its path."""

    def answer(asked: Asked) -> Told:
        if "package_show" in asked.path:
            resources = [
                {
                    "opendata_path": path,
                    "opendata_sha256": sha256(content),
                    "url": f"http://elsewhere/dataset/d/{path}",
                    **changes.get(path.replace(".", "_"), {}),
                }
                for path, content in told.items()
            ]
            return result({"resources": [*resources, {"url": "http://somebody.example"}]})
        name = asked.path.rpartition("/")[2]
        return Told(200, stored[name]) if name in stored else Told(404)

    return answer


def found(
    script: Callable[[Asked], Told],
    *versions: dict[str, str],
) -> list[str]:
    """What the visitor finds of such a portal, without what is found again."""
    with Scripted(script) as server, polled(server.url, {"d": versions}) as diary:
        time.sleep(0.5)
    return list(dict.fromkeys(diary.findings))


OLD_VERSION, NEW_VERSION = version(TABLES), version(NEW)


def test_a_whole_dataset_is_met_and_nothing_found() -> None:
    with Scripted(portal(files(TABLES), files(TABLES))) as server:
        with polled(server.url, {"d": [OLD_VERSION, NEW_VERSION]}) as diary:
            time.sleep(0.2)
        assert diary.findings == []
        assert {("d", path, digest) for path, digest in OLD_VERSION.items()} < diary.met
        assert not any(asked.token for asked in server.log)


def test_what_is_not_public_is_not_looked_into() -> None:
    assert found(lambda _asked: error(403, "Authorization Error"), OLD_VERSION) == []
    assert found(lambda _asked: error(404, "Not Found Error"), OLD_VERSION) == []


def test_a_public_dataset_without_its_files_is_found() -> None:
    assert found(portal({}, {}), OLD_VERSION) == ["d: it shows []"]
    only = {"area.csv": TABLES["area.csv"]}
    assert found(portal(only, only), OLD_VERSION) == ["d: it shows ['area.csv']"]


def test_a_file_without_bytes_is_found() -> None:
    stored = files(TABLES)
    assert found(portal(stored, stored, area_csv={"url": ""}), OLD_VERSION) == ["d: no bytes of area.csv"]
    del stored["area.csv"]
    assert found(portal(stored, files(TABLES)), OLD_VERSION) == ["d: no bytes of area.csv"]


def test_a_file_that_went_because_the_dataset_was_hidden_is_none() -> None:
    shown = portal({}, files(TABLES))
    shows: list[str] = []

    def hidden(asked: Asked) -> Told:
        if "package_show" not in asked.path:
            return Told(403)
        shows.append(asked.path)
        return shown(asked) if len(shows) == 1 else error(403, "Authorization Error")

    assert found(hidden, OLD_VERSION) == []
    assert len(shows) > 1


@pytest.mark.parametrize("path", ["area.csv", "area.parquet", "datapackage.json"])
def test_bytes_of_no_version_are_found_although_they_are_told(path: str) -> None:
    other = {**files(TABLES), path: b"{}"}
    assert found(portal(other, other), OLD_VERSION, NEW_VERSION) == [f"d: {path} has the bytes of no version"]


def test_an_old_digest_beside_new_bytes_is_found_where_it_lasts() -> None:
    stored = {**files(TABLES), "area.csv": NEW["area.csv"]}
    told = found(portal(stored, files(TABLES)), OLD_VERSION, NEW_VERSION)
    assert told == ["d: for 0.3 s, others than the bytes told of area.csv"]


def test_an_old_digest_beside_new_bytes_is_borne_with_for_a_moment() -> None:
    before, after = portal(files(NEW), files(TABLES)), portal(files(NEW), files(NEW))
    begun = time.monotonic()

    def in_the_middle(asked: Asked) -> Told:
        return (before if time.monotonic() < begun + 0.15 else after)(asked)

    assert found(in_the_middle, OLD_VERSION, NEW_VERSION) == []


LONG = {**NEW, "area.csv": b"a\n2\n3\n"}
CUT = LONG["area.csv"][: len(TABLES["area.csv"])]


def test_bytes_that_the_portal_itself_cut_are_borne_with_for_a_moment() -> None:
    before, between, after = (
        portal(files(TABLES), files(TABLES)),
        portal({**files(LONG), "area.csv": CUT}, files(TABLES)),
        portal(files(LONG), files(LONG)),
    )
    begun = time.monotonic()

    def replaced(asked: Asked) -> Told:
        past = time.monotonic() - begun
        return (before if past < 0.1 else between if past < 0.2 else after)(asked)

    assert found(replaced, OLD_VERSION, version(LONG)) == []


def test_cut_bytes_are_found_where_they_last_or_have_the_length_of_no_version_that_was_met() -> None:
    stored = {**files(LONG), "area.csv": CUT}
    versions = OLD_VERSION, version(LONG)
    assert found(portal(stored, files(LONG)), *versions) == [
        "d: for 0.3 s, others than the bytes told of area.csv",
        "d: area.csv has the bytes of no version",
    ]
    begun = time.monotonic()

    def shortened(asked: Asked) -> Told:
        cut = {**files(LONG), "area.csv": CUT[:-1]}
        return portal(cut if 0.1 < time.monotonic() - begun < 0.2 else files(LONG), files(LONG))(asked)

    assert found(shortened, *versions) == ["d: area.csv has the bytes of no version"]


def test_a_download_that_breaks_off_is_judged_by_the_bytes_that_came() -> None:
    stored = files(TABLES)

    def broken(asked: Asked) -> Told:
        told = portal(stored, stored)(asked)
        if not asked.path.endswith("area.csv"):
            return told
        return Told(200, TABLES["area.csv"][:2], length=str(len(TABLES["area.csv"])))

    assert "d: area.csv has the bytes of no version" in found(broken, OLD_VERSION)


def test_a_file_that_tells_no_digest_is_found() -> None:
    stored = files(TABLES)
    told = found(portal(stored, stored, area_csv={"opendata_sha256": None}), OLD_VERSION)
    assert told == ["d: for 0.3 s, others than the bytes told of area.csv"]


def test_one_that_is_never_to_be_seen_is_found() -> None:
    assert found(portal(files(TABLES), files(TABLES))) == ["d: it is not to be seen"]


def test_a_portal_that_fails_a_visitor_is_found() -> None:
    (told,) = found(lambda _asked: Told(500), OLD_VERSION)
    assert "500" in told


def test_it_looks_once_more_at_the_end() -> None:
    with Scripted(portal({}, {})) as server:
        with polled(server.url, {"d": [OLD_VERSION]}) as diary:
            pass
        assert diary.findings


def test_versions_are_read_from_what_was_built(tmp_path: Path) -> None:
    from built_helpers import built
    from catalogue_helpers import package
    from cli_helpers import run

    made = built(tmp_path)
    assert set(version_of(made)) == {"area.csv", "area.parquet"}
    package(tmp_path / "c")
    assert run("build", tmp_path / "c", "--out", tmp_path / "out").code == 0
    told = versions_in(tmp_path / "out")["river-levels"]
    assert set(told) == {"levels.csv", "levels.parquet"}
    assert told["levels.csv"] == sha256((tmp_path / "c/river-levels/data/levels.csv").read_bytes())
