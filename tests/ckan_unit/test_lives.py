"""What becomes of a dataset on a portal, step by step: made, changed, narrowed, withdrawn, opened again."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import FIELDS, ROWS, built, ready, stopped
from small_ckan import SmallCkan
from small_desk import publish

from opendata.model import AccessLevel, Action, Standing

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import BuiltPackage

Json = dict[str, Any]


pytestmark = pytest.mark.usefixtures("slept")


def holding(package: BuiltPackage, **more: Any) -> SmallCkan:  # noqa: ANN401 - as a small CKAN has it
    """A portal that the package was published to."""
    ckan = SmallCkan(**more)
    assert publish(ckan, ready(package)).verified
    ckan.log.clear()
    return ckan


def narrow(folder: Path) -> BuiltPackage:
    return built(folder, fields=FIELDS[:1], rows=[row[:1] for row in ROWS], version="2.0.0")


def paths(ckan: SmallCkan, name: str = "paddy") -> list[str]:
    return [item["opendata_path"] for item in ckan.named(name)["resources"]]


def ids(ckan: SmallCkan, name: str = "paddy") -> dict[str, str]:
    return {item["opendata_path"]: item["id"] for item in ckan.named(name)["resources"]}


def test_a_new_one_is_private_until_it_was_read_back_whole(tmp_path: Path) -> None:
    seen: list[tuple[str, int]] = []
    ckan = SmallCkan(watch=lambda ckan: seen.append((ckan.log[-1], len(ckan.public))))
    receipt = publish(ckan, ready(built(tmp_path)))
    assert receipt.verified
    assert ckan.writes() == ["package_create", "package_revise", "package_revise"]
    reads = [item for item in ckan.log if item.startswith("GET")]
    revealed = len(ckan.log) - 1 - ckan.log[::-1].index("package_revise")
    assert len(reads[: len(reads) // 2]) == 3
    assert ckan.log.index(reads[2]) < revealed < ckan.log.index(reads[3])
    assert [count for name, count in seen if name == "package_revise"] == [0, 1]
    assert all(item.owner == item.visitor for item in receipt.outcomes[0].sightings)
    assert [item.path for item in receipt.outcomes[0].sightings] == paths(ckan)
    assert (ckan.extras("paddy")["opendata_stage"], ckan.named("paddy")["private"]) == ("live", False)


def test_the_same_again_writes_nothing(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path))
    receipt = publish(ckan, ready(built(tmp_path)))
    assert (ckan.log, receipt.outcomes[0].step.action, receipt.verified) == ([], Action.KEEP, True)


def test_a_changed_one_keeps_its_ids_and_sends_only_what_is_new(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path, tables=("area", "yield")))
    before = ids(ckan)
    package = built(tmp_path, tables=("area", "yield"), version="1.1.0", more={"title": "Lúa mới"})
    receipt = publish(ckan, ready(package))
    assert receipt.verified
    assert ckan.writes() == ["package_revise"]
    assert ids(ckan) == before
    assert receipt.outcomes[0].bytes == len(ckan.files[before["datapackage.json"]])  # the tables are the same
    assert ckan.named("paddy")["title"] == "Lúa mới"


def test_a_table_comes_and_goes_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path))
    assert publish(ckan, ready(built(tmp_path, tables=("area", "yield"), version="1.1.0"))).verified
    assert sorted(paths(ckan)) == ["area.csv", "area.parquet", "datapackage.json", "yield.csv", "yield.parquet"]
    assert paths(ckan)[-1] == "datapackage.json"
    gone = [ids(ckan)[path] for path in ("yield.csv", "yield.parquet")]
    assert publish(ckan, ready(built(tmp_path, version="1.2.0"))).verified
    assert paths(ckan) == ["area.csv", "area.parquet", "datapackage.json"]
    assert not set(gone) & ckan.files.keys()


def test_a_shared_one_stays_private_and_needs_no_revealing(tmp_path: Path) -> None:
    ckan = SmallCkan()
    receipt = publish(ckan, ready(built(tmp_path, level=AccessLevel.SHARED)))
    assert receipt.verified
    assert ckan.writes() == ["package_create", "package_revise"]
    assert ckan.public == []
    assert {item.visitor for item in receipt.outcomes[0].sightings} == {None}
    assert receipt.outcomes[0].refused  # it was asked for as a visitor, in vain


def test_one_that_shows_less_is_hidden_before_and_its_tables_are_deleted(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path))
    table = ids(ckan)["area.csv"]
    ckan.tables.add(table)
    seen: list[tuple[str, int, bool]] = []
    ckan.watch = lambda ckan: seen.append((ckan.log[-1], len(ckan.public), table in ckan.tables))
    assert publish(ckan, ready(narrow(tmp_path))).verified
    changes = [item for item in seen if item[0] in ckan.writes()]
    assert [(name, count) for name, count, _table in changes] == [
        ("package_patch", 0),
        ("datastore_delete", 0),
        ("datastore_delete", 0),
        ("datastore_delete", 0),
        ("package_revise", 0),
        ("package_revise", 1),
    ]
    assert [table for name, _count, table in changes if name == "package_revise"] == [False, False]


def test_a_withdrawn_one_leaves_an_empty_private_shell_that_knows_its_id(tmp_path: Path) -> None:
    package = built(tmp_path)
    ckan = holding(package)
    table, had = ids(ckan)["area.csv"], sorted(ids(ckan).values())
    ckan.tables.add(table)
    receipt = publish(ckan, stopped("paddy", Standing.WITHHELD))
    assert receipt.verified
    assert receipt.outcomes[0].refused
    assert ckan.writes()[0] == "package_patch"  # private first
    assert (ckan.public, ckan.tables, ckan.files) == ([], set(), {})
    left = ckan.named("paddy")
    extras = ckan.extras("paddy")
    assert (left["title"], left["resources"], left["tags"]) == ("paddy", [], [])
    assert extras.pop("opendata_removed") == json.dumps(had)
    assert extras == {"opendata_id": package.id, "opendata_stage": "withdrawn"}
    assert not any(left[key] for key in ("notes", "author", "maintainer", "maintainer_email", "license_id", "url"))


def test_what_was_withdrawn_comes_back_on_a_word_only_and_as_another_dataset(tmp_path: Path) -> None:
    package = built(tmp_path)
    ckan = holding(package)
    key = ckan.named("paddy")["id"]
    publish(ckan, stopped("paddy", Standing.WITHHELD))
    assert publish(ckan, ready(package)).outcomes[0].step.action is Action.CONFLICT
    assert publish(ckan, ready(package), overwrite=["paddy"]).verified
    assert (ckan.named("paddy")["id"] == key, len(ckan.public)) == (False, 1)
    assert key not in ckan.datasets


def test_what_an_administrator_added_is_kept(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path))
    dataset = copy.deepcopy(ckan.named("paddy"))
    dataset["extras"].append({"key": "reviewed_by", "value": "Văn phòng"})
    dataset["tags"].append({"name": "ưu tiên", "vocabulary_id": "v1"})
    dataset["groups"].append({"name": "statistics"})
    dataset["resources"].insert(0, {"id": "theirs", "name": "Ghi chú", "url": "https://a.vn/b.pdf", "format": "PDF"})
    dataset["resources"][1]["datastore_contains_all_records_of_source_file"] = True
    ckan.groups.add("statistics")
    ckan.store(dataset)
    receipt = publish(ckan, ready(built(tmp_path, rows=ROWS[:1], version="1.1.0")))
    assert receipt.verified
    now = ckan.named("paddy")
    assert ckan.extras("paddy")["reviewed_by"] == "Văn phòng"
    assert {"name": "ưu tiên", "vocabulary_id": "v1", "state": "active"} in now["tags"]
    assert [item["name"] for item in now["groups"]] == ["agriculture", "statistics"]
    theirs = next(item for item in now["resources"] if item["id"] == "theirs")
    assert (theirs["url"], theirs["name"], theirs["format"]) == ("https://a.vn/b.pdf", "Ghi chú", "PDF")
    assert next(item for item in now["resources"] if item.get("opendata_path") == "area.csv")[
        "datastore_contains_all_records_of_source_file"
    ]


def test_what_the_edition_says_no_more_is_taken_off(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path, more={"homepage": "https://a.vn", "keywords": ["lúa", "gạo", "đồng ruộng"]}))
    later = built(tmp_path, version="1.1.0", more={"keywords": ["lúa"], "coverage": {}, "update": {}})
    assert publish(ckan, ready(later)).verified
    now = ckan.named("paddy")
    assert (now["url"] or "", [tag["name"] for tag in now["tags"]]) == ("", ["lúa"])
    assert not {"temporal_start", "spatial_text", "frequency"} & ckan.extras("paddy").keys()


def test_an_edit_by_hand_is_left_and_said_and_written_over_on_a_word(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path))
    ckan.named("paddy")["title"] = "Bằng tay"
    later = ready(built(tmp_path, rows=ROWS[:1], version="1.1.0"))
    assert publish(ckan, later).outcomes[0].step.action is Action.CONFLICT
    assert ckan.named("paddy")["title"] == "Bằng tay"
    assert publish(ckan, later, overwrite=["paddy"]).verified
    assert ckan.named("paddy")["title"] == "Lúa paddy sông Đà"


LOADING = ("xloader", "datastore")


def tables(ckan: SmallCkan) -> list[str]:
    """The files that have a table to look at row by row."""
    return sorted(path for path, key in ids(ckan).items() if key in ckan.tables)


def test_a_table_that_comes_later_is_loaded_too(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path), plugins=LOADING)
    assert tables(ckan) == ["area.csv"]
    assert publish(ckan, ready(built(tmp_path, tables=("area", "yield"), version="1.1.0"))).verified
    assert tables(ckan) == ["area.csv", "yield.csv"]
    assert ckan.log.count("xloader_submit") == 1


def test_a_table_that_stays_is_loaded_anew_where_all_were_deleted_with_the_one_that_goes(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path, tables=("area", "yield")), plugins=LOADING)
    assert tables(ckan) == ["area.csv", "yield.csv"]
    assert publish(ckan, ready(built(tmp_path, version="2.0.0"))).verified
    assert tables(ckan) == ["area.csv"]


def test_without_a_loader_none_is_asked(tmp_path: Path) -> None:
    ckan = holding(built(tmp_path))
    assert publish(ckan, ready(built(tmp_path, tables=("area", "yield"), version="1.1.0"))).verified
    assert (ckan.tables, [item for item in ckan.log if "xloader" in item]) == (set(), [])
