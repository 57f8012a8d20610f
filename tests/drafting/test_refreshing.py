"""`update` of a package with several tables: which one is meant, what their keys say, what becomes of their sources."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import opendata
from opendata.drafting import Changes, Refreshed
from opendata.errors import CheckError, SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PLACES = "ma,ten\n01,Hà Nội\n02,Hà Giang\n"
COUNTS = "ma,so\n01,5\n02,6\n"


def yes(_changes: Sequence[Refreshed]) -> bool:
    return True


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def edit(folder: Path, **changes: Any) -> None:  # noqa: ANN401 - a descriptor's own properties
    path = folder / "datapackage.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}, ensure_ascii=False), encoding="utf-8")


def resources(folder: Path) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in json.loads((folder / "datapackage.json").read_bytes())["resources"]}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Two tables, each with its source; the counts' `ma` must be one of the places'."""
    made = [
        opendata.new(write(tmp_path / name, text), to=tmp_path).folder
        for name, text in (("counts.csv", COUNTS), ("places.csv", PLACES))
    ]
    counts, places = (resources(folder)[folder.name] for folder in made)
    counts["schema"]["foreignKeys"] = [
        {"fields": ["ma"], "reference": {"resource": "places", "fields": ["ma"]}},
    ]
    for inside in ("source/places.csv", "data/places.csv"):
        write(made[0] / inside, (made[1] / inside).read_text(encoding="utf-8"))
    edit(made[0], resources=[counts, places])
    assert opendata.check(made[0]).valid
    return made[0]


def test_without_a_file_every_table_is_made_of_its_source(package: Path) -> None:
    write(package / "source/counts.csv", "ma,so\n01,7\n02,6\n")
    write(package / "source/places.csv", PLACES + "04,Cao Bằng\n")
    asked: list[Sequence[Refreshed]] = []
    done = opendata.update(package, approve=lambda changes: asked.append(changes) or True)
    assert done == (
        Refreshed("counts", Changes(changed=1, kept=1), 2, replaced=True),
        Refreshed("places", Changes(came=1, kept=2), 3, replaced=True),
    )
    assert [[(item.resource, item.replaced) for item in changes] for changes in asked] == [
        [("counts", False), ("places", False)]
    ]
    assert opendata.check(package).valid


def test_what_is_refused_of_several_tables_is_refused_of_all(package: Path) -> None:
    write(package / "source/places.csv", PLACES + "04,Cao Bằng\n")
    assert [item.replaced for item in opendata.update(package)] == [False, False]
    assert (package / "data/places.csv").read_text(encoding="utf-8") == PLACES


def test_one_table_found_wanting_keeps_all_as_they_were(package: Path) -> None:
    write(package / "source/counts.csv", "ma,so\n01,7\n02,6\n")
    write(package / "source/places.csv", "ma,ten\n01,a\n01,b\n")
    with pytest.raises(CheckError):
        opendata.update(package, approve=yes)
    assert (package / "data/counts.csv").read_text(encoding="utf-8") == COUNTS


def test_a_key_into_another_table_of_the_package_is_held(package: Path, tmp_path: Path) -> None:
    with pytest.raises(CheckError) as caught:
        opendata.update(package, write(tmp_path / "next.csv", "ma,so\n01,5\n99,6\n"), yes, table="counts")
    assert [(item.code, item.place.row) for item in caught.value.report.findings] == [("foreign-key", 3)]
    assert (package / "data/counts.csv").read_text(encoding="utf-8") == COUNTS


def test_a_named_table_alone_is_made_anew(package: Path) -> None:
    write(package / "source/places.csv", PLACES + "04,Cao Bằng\n")
    write(package / "source/counts.csv", "ma,so\n01,7\n02,6\n")
    (done,) = opendata.update(package, approve=yes, table="places")
    assert done.resource == "places"
    assert (package / "data/counts.csv").read_text(encoding="utf-8") == COUNTS
    assert [item.code for item in opendata.check(package).findings] == ["stale-data"]


def test_a_source_that_another_table_still_uses_stays(package: Path, tmp_path: Path) -> None:
    both = resources(package)
    both["places"]["origin"]["path"] = "source/counts.csv"
    edit(package, resources=list(both.values()))
    opendata.update(package, write(tmp_path / "next.csv", "ma,so\n01,5\n02,9\n"), yes, table="counts")
    assert (package / "source/counts.csv").read_text(encoding="utf-8") == COUNTS
    assert resources(package)["counts"]["origin"]["path"] == "source/next.csv"
    assert resources(package)["places"]["origin"]["path"] == "source/counts.csv"


def test_the_one_table_with_a_source_is_the_one_a_file_is_for(package: Path, tmp_path: Path) -> None:
    both = resources(package)
    del both["places"]["origin"]
    edit(package, resources=list(both.values()))
    (done,) = opendata.update(package, write(tmp_path / "next.csv", "ma,so\n01,5\n"), yes)
    assert (done.resource, done.changes) == ("counts", Changes(went=1, kept=1))
    assert [item.resource for item in opendata.update(package, approve=yes)] == ["counts"]
    with pytest.raises(UsageError, match="keeps no source file"):
        opendata.update(package, approve=yes, table="places")


def test_digests_follow_the_source_and_the_other_tables_keep_theirs(package: Path, tmp_path: Path) -> None:
    before = resources(package)
    opendata.update(package, write(tmp_path / "next.csv", "ma,so\n01,5\n02,9\n"), yes, table="counts")
    after = resources(package)
    assert after["places"] == before["places"]
    old, new = before["counts"]["origin"], after["counts"]["origin"]
    assert new["sourceDigest"] != old["sourceDigest"]
    assert new["recipeDigest"] == old["recipeDigest"]
    assert new["recipe"] == old["recipe"]


def test_nothing_new_writes_nothing_at_all(package: Path) -> None:
    def times() -> dict[str, int]:
        return {str(path): path.stat().st_mtime_ns for path in package.glob("*/*.csv")} | {
            "descriptor": (package / "datapackage.json").stat().st_mtime_ns
        }

    opendata.update(package, approve=yes)
    before = times()
    opendata.update(package, approve=yes)
    assert times() == before


@pytest.mark.parametrize("name", ["next.xlsx", "next"])
def test_a_file_of_another_kind_is_told_by_its_ending_or_its_name(name: str, package: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        opendata.update(package, write(tmp_path / name, COUNTS), yes, table="counts")
    assert caught.value.what.endswith(f"{name if '.' not in name else '.xlsx'}, not .csv.")
    assert caught.value.where == str(tmp_path / name)


def test_a_table_without_a_schema_cannot_be_made_anew(package: Path) -> None:
    both = resources(package)
    del both["places"]["schema"]
    del both["counts"]["schema"]["foreignKeys"]
    edit(package, resources=list(both.values()))
    with pytest.raises(opendata.DataError, match="The table places has no schema"):
        opendata.update(package, approve=yes, table="places")
