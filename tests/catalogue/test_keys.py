from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import FIELDS, package

from opendata.catalogue import finder, keys, open_catalogue
from opendata.model import ForeignKey
from opendata.package import check

if TYPE_CHECKING:
    from pathlib import Path

STATIONS = [{"name": "code", "type": "string"}]


def key(package: str | None = "stations", resource: str = "levels") -> ForeignKey:
    return ForeignKey(("river",), resource, ("code",), package)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of shipped packages of its own."""
    folder = tmp_path / "shipped"
    package(folder, "stations", fields=STATIONS, rows="code\nshipped\n")
    monkeypatch.setattr(keys, "shipped_package", lambda name: folder / name if (folder / name).is_dir() else None)
    return folder


def codes(found: object) -> list[str]:
    table = found.table  # type: ignore[attr-defined]
    return [cell for batch in table.batches() for cell in batch.records.column(0).to_pylist()]


@pytest.mark.usefixtures("shipped")
def test_a_key_is_looked_up_in_the_catalogue_first(tmp_path: Path) -> None:
    package(tmp_path / "here", "stations", fields=STATIONS, rows="code\nhere\n")
    found = finder(open_catalogue(tmp_path / "here"))(key())
    assert found is not None
    assert (found.package, found.resource, codes(found)) == ("stations", "levels", ["here"])


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("within", [True, False])
def test_then_among_the_shipped_packages(tmp_path: Path, *, within: bool) -> None:
    package(tmp_path / "here", "rivers")
    found = finder(open_catalogue(tmp_path / "here") if within else None)(key())
    assert found is not None
    assert codes(found) == ["shipped"]


@pytest.mark.parametrize("wanted", [key("nowhere"), key(resource="other"), key(None)])
@pytest.mark.usefixtures("shipped")
def test_what_is_nowhere_is_none(tmp_path: Path, wanted: ForeignKey) -> None:
    package(tmp_path / "here", "rivers")
    assert finder(open_catalogue(tmp_path / "here"))(wanted) is None


@pytest.mark.usefixtures("shipped")
def test_a_faulty_package_of_the_catalogue_is_not_replaced_by_the_shipped_one(tmp_path: Path) -> None:
    package(tmp_path / "here", "stations", fields=STATIONS, rows="code\nhere\n", sector="cooking")
    assert finder(open_catalogue(tmp_path / "here"))(key()) is None


@pytest.mark.usefixtures("shipped")
def test_a_broken_key_into_another_package_is_a_finding(tmp_path: Path) -> None:
    reference = {"package": "stations", "resource": "levels", "fields": ["code"]}
    link = {"externalKeys": [{"fields": ["river"], "reference": reference}]}
    package(tmp_path / "here", "rivers", rows="river,level_cm\nshipped,1\nunknown,2\n", fields=FIELDS, resource=link)
    catalogue = open_catalogue(tmp_path / "here")
    report = check(catalogue.datasets[0], finder(catalogue))
    assert [(finding.code, finding.place.row) for finding in report.findings] == [("foreign-key", 3)]
