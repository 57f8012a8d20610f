from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import FIELDS, OPEN, package

from opendata.catalogue import candidates, open_catalogue
from opendata.errors import UsageError
from opendata.model import AccessLevel, Candidate, Standing

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

SITE = frozenset({AccessLevel.OPEN})
PORTAL = frozenset({AccessLevel.OPEN, AccessLevel.SHARED})
SHARED_COLUMN = [FIELDS[0], {**FIELDS[1], "access": {"level": "shared"}}]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "catalogue"
    made.mkdir()
    return made


def judge(folder: Path, levels: Collection[AccessLevel] = SITE, names: Collection[str] = ()) -> tuple[Candidate, ...]:
    return candidates(open_catalogue(folder), levels, names, folder.parent / "cache")


def standings(judged: tuple[Candidate, ...]) -> dict[str, Standing]:
    return {item.published_name: item.standing for item in judged}


def test_an_open_package_is_ready_and_built(folder: Path) -> None:
    package(folder)
    (judged,) = judge(folder)
    assert (judged.standing, judged.published_name) == (Standing.READY, "river-levels")
    assert judged.built is not None
    assert (judged.built.id, judged.built.level) == (judged.id, AccessLevel.OPEN)


@pytest.mark.parametrize("level", ["internal", "closed"])
def test_an_internal_package_is_withheld_and_refused_by_name(folder: Path, level: str) -> None:
    package(folder, "staff", access={"level": level})
    assert standings(judge(folder)) == {"staff": Standing.WITHHELD}
    assert standings(judge(folder, names=["staff"])) == {"staff": Standing.REFUSED}


def test_a_package_without_a_level_is_refused(folder: Path) -> None:
    package(folder, access=None)
    (judged,) = judge(folder)
    assert judged.standing is Standing.REFUSED
    assert "no access level" in judged.reason
    assert "reviewedBy" in judged.remedy


@pytest.mark.parametrize("missing", ["reviewedBy", "reviewedOn", "reason"])
def test_a_package_lowered_without_review_is_refused(folder: Path, missing: str) -> None:
    package(folder, access={key: value for key, value in OPEN.items() if key != missing})
    (judged,) = judge(folder)
    assert judged.standing is Standing.REFUSED
    assert missing in judged.reason + judged.remedy


def test_a_shared_package_is_not_for_a_site_and_refused_by_either_name(folder: Path) -> None:
    package(folder, "dengue", access={**OPEN, "level": "shared"})
    assert standings(judge(folder)) == {"dengue--shared": Standing.NOT_FOR_TARGET}
    for name in ("dengue", "dengue--shared"):
        assert standings(judge(folder, names=[name])) == {"dengue--shared": Standing.REFUSED}
    assert standings(judge(folder, PORTAL)) == {"dengue--shared": Standing.READY}


def test_an_open_package_with_a_shared_column_has_two_editions(folder: Path) -> None:
    package(folder, "dengue", fields=SHARED_COLUMN)
    ready, other = Standing.READY, Standing.NOT_FOR_TARGET
    assert standings(judge(folder, PORTAL)) == {"dengue": ready, "dengue--shared": ready}
    assert standings(judge(folder)) == {"dengue": ready, "dengue--shared": other}
    assert standings(judge(folder, names=["dengue"])) == {"dengue": ready, "dengue--shared": other}
    assert standings(judge(folder, names=["dengue--shared"])) == {"dengue--shared": Standing.REFUSED}
    assert standings(judge(folder, PORTAL, ["dengue--shared"])) == {"dengue--shared": ready}


def test_a_package_with_a_wrong_cell_is_faulty_and_its_neighbour_is_ready(folder: Path) -> None:
    package(folder, "bad", rows="river,level_cm\nSông Đà,high\n")
    package(folder, "good")
    assert standings(judge(folder)) == {"bad": Standing.FAULTY, "good": Standing.READY}
    bad = next(item for item in judge(folder) if item.name == "bad")
    assert "high" in bad.reason
    assert f"opendata check {folder / 'bad'}" in bad.remedy


def test_a_package_with_a_faulty_descriptor_is_faulty_and_keeps_what_is_there(folder: Path) -> None:
    package(folder, "bad", sector="cooking")
    package(folder, "good")
    judged = judge(folder)
    assert standings(judged) == {"good": Standing.READY, "bad": Standing.FAULTY}
    assert judged[-1].editions is None


def test_an_open_package_without_a_licence_is_faulty(folder: Path) -> None:
    package(folder, licenses=[])
    (judged,) = judge(folder)
    assert judged.standing is Standing.FAULTY
    assert "licen" in judged.reason.lower()


def test_names_restrict_what_is_judged(folder: Path) -> None:
    for name in ("one", "two", "three"):
        package(folder, name)
    assert set(standings(judge(folder, names=["two", "one"]))) == {"one", "two"}


def test_an_unknown_name_is_wrong_usage_and_near_names_are_told(folder: Path) -> None:
    package(folder, "river-levels")
    with pytest.raises(UsageError, match="river-level") as caught:
        judge(folder, names=["river-level"])
    assert "river-levels" in caught.value.remedy


def test_nothing_is_built_where_a_name_is_unknown(folder: Path) -> None:
    package(folder)
    with pytest.raises(UsageError):
        judge(folder, names=["river-levels", "zzz"])
    assert not (folder.parent / "cache").exists()


def test_the_watch_is_told_of_each_package(folder: Path) -> None:
    for name in ("one", "two"):
        package(folder, name)
    told: list[tuple[str, int, int]] = []
    candidates(open_catalogue(folder), SITE, (), folder.parent / "cache", lambda *heard: told.append(heard))
    assert told == [("build", 0, 2), ("build", 1, 2), ("build", 2, 2)]
