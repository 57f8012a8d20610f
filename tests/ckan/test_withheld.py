"""A column that is withheld leaves no trace on a real portal, and its dataset is kept up to date like any other."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest
from catalogue_helpers import FIELDS, change, package
from ckan_helpers import snapshot, wait_for_jobs
from ckan_visitor import Anonymous, seen_by_anyone, ways
from cli_helpers import run

if TYPE_CHECKING:
    from pathlib import Path

    from ckan_helpers import Organisation, Portal

Json = dict[str, Any]

WITHHELD: Json = {"name": "keeper_wage", "type": "integer", "title": "Lương quan trắc", "access": {"level": "internal"}}
ROWS = "river,level_cm,keeper_wage\nSông Đà,120,7654321\nSông Mã,95,7654322\n"
TRACES = ("keeper_wage", "Lương quan trắc", "L\\u01b0\\u01a1ng quan", "7654321", "7654322")


pytestmark = pytest.mark.usefixtures("officer")


@pytest.fixture
def name(tmp_path: Path, organisation: Organisation) -> str:
    """The name of a dataset that was published from the catalogue c, without one of its columns."""
    called = f"{organisation.name}-levels"
    package(tmp_path / "c", called, fields=[*FIELDS, WITHHELD], rows=ROWS)
    publish(organisation)
    return called


def publish(organisation: Organisation) -> None:
    ran = run("publish", "c", "--to", organisation.portal.url, "--organization", organisation.name, "--lang", "en")
    assert ran.code == 0, ran.out + ran.err
    wait_for_jobs(organisation.portal, organisation)


def downloaded(organisation: Organisation, name: str) -> dict[str, bytes]:
    told = organisation.as_anyone("package_show", id=name)
    with Anonymous(organisation.portal.url) as visitor:
        return {
            file["opendata_path"]: visitor.look(file["url"].removeprefix(organisation.portal.url)).content
            for file in told["resources"]
        }


def preview(organisation: Organisation) -> tuple[int | None, list[str]]:
    """How many rows the DataStore has of the table, and the views that stand beside it."""
    (dataset,) = snapshot(organisation.portal, organisation)
    (table,) = [file for file in dataset["resources"] if file["opendata_path"] == "levels.csv"]
    return table["rows"], table["views"]


def test_no_way_of_a_portals_shows_a_withheld_column(ckan: Portal, organisation: Organisation, name: str) -> None:
    from pyarrow import parquet

    got = downloaded(organisation, name)
    assert got["levels.csv"].decode() == "river,level_cm\nSông Mã,95\nSông Đà,120\n"
    assert parquet.read_schema(io.BytesIO(got["levels.parquet"])).names == ["river", "level_cm"]
    descriptor = json.loads(got["datapackage.json"])
    (table,) = descriptor["resources"]
    assert [field["name"] for field in table["schema"]["fields"]] == ["river", "level_cm"]
    assert descriptor["withheldFields"] == 1

    dataset = organisation.dataset(name)
    assert "page by name" in seen_by_anyone(ckan, dataset)
    with Anonymous(ckan.url) as visitor:
        pages = {way.path: visitor.look(way.path).content for way in ways(ckan, dataset)}
    for where, content in {**pages, **got}.items():
        assert [trace for trace in TRACES if trace.encode() in content] == [], where
    assert sum("Mực nước sông Đà".encode() in content for content in pages.values()) > 5  # they do show the dataset
    if "datastore" in ckan.plugins:
        fields = organisation.as_anyone("datastore_search", resource_id=_table(dataset), limit=10)["fields"]
        assert [field["id"] for field in fields] == ["_id", "river", "level_cm"]


def _table(dataset: Json) -> str:
    (found,) = [str(file["id"]) for file in dataset["resources"] if file["opendata_path"] == "levels.csv"]
    return found


def test_a_title_that_changes_leaves_the_table_and_its_preview(
    organisation: Organisation, ckan: Portal, name: str, tmp_path: Path
) -> None:
    before, preview_before = downloaded(organisation, name), preview(organisation)
    assert preview_before[0] == (2 if "xloader" in ckan.plugins else None)
    change(tmp_path / "c" / name, title="Mực nước các sông")
    publish(organisation)
    assert organisation.as_anyone("package_show", id=name)["title"] == "Mực nước các sông"
    after = downloaded(organisation, name)
    assert {**after, "datapackage.json": b""} == {**before, "datapackage.json": b""}
    assert preview(organisation) == preview_before
