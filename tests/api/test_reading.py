from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import ROWS, package

import opendata

if TYPE_CHECKING:
    from pathlib import Path

EXPECTED = {"river": ["Sông Đà", "Sông Mã"], "level_cm": [120, 95]}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    package(tmp_path / "catalogue")
    opendata.publish("catalogue", "./portal")


@pytest.mark.parametrize("target", ["./catalogue", "./portal", "catalogue/", "./catalogue/river-levels"])
def test_load_reads_a_catalogue_a_package_or_a_site(target: str) -> None:
    table = opendata.load(target, "river-levels")
    assert table.to_pydict() == EXPECTED
    assert table.to_pandas()["level_cm"].sum() == 215


def test_a_path_is_a_path_with_or_without_a_separator(tmp_path: Path) -> None:
    from pathlib import Path as Anywhere

    assert opendata.load(Anywhere("portal"), "river-levels").num_rows == 2
    assert opendata.load(tmp_path / "catalogue", "river-levels").num_rows == 2


def test_a_name_is_looked_up_in_the_settings(tmp_path: Path) -> None:
    (tmp_path / "opendata.toml").write_text('[targets.province]\nurl = "./portal"\n')
    assert opendata.load("province", "river-levels").to_pydict() == EXPECTED


def test_a_bare_name_that_is_a_folder_is_not_guessed_at() -> None:
    with pytest.raises(opendata.UsageError, match=r"\./portal"):
        opendata.load("portal", "river-levels")


def test_reading_a_site_writes_nothing_into_it(tmp_path: Path) -> None:
    before = sorted(path for path in (tmp_path / "portal").rglob("*"))
    opendata.load("./portal", "river-levels")
    opendata.find("./portal")
    opendata.show("./portal", "river-levels")
    assert sorted(path for path in (tmp_path / "portal").rglob("*")) == before


def test_find_show_and_get_read_the_same(tmp_path: Path) -> None:
    (entry,) = opendata.find("./portal", "song da")
    shown = opendata.show("./portal", entry.name)
    (path,) = opendata.get("./portal", entry.name, "csv", tmp_path / "got")
    assert path.read_text(encoding="utf-8") == ROWS
    assert {file.path for file in shown.files} == {"levels.csv", "levels.parquet"}


def test_altered_bytes_are_never_handed_on(tmp_path: Path) -> None:
    for file in (tmp_path / "portal").glob("river-levels/*/levels.parquet"):
        file.write_bytes(b"PAR1" + file.read_bytes()[4:-8] + b"xxxxPAR1")
    with pytest.raises(opendata.IntegrityError):
        opendata.load("./portal", "river-levels")


def test_a_path_is_a_target_to_publish_to_as_well(tmp_path: Path) -> None:
    from pathlib import Path as Anywhere

    (outcome,) = opendata.publish(Anywhere("catalogue"), Anywhere("other")).outcomes
    assert outcome.verified
    assert (tmp_path / "other/river-levels/datapackage.json").is_file()


def test_a_tilde_is_the_users_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert opendata.load("~/portal", "river-levels").num_rows == 2
    assert opendata.load("~/catalogue", "river-levels").num_rows == 2
