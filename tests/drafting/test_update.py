from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

import pytest

import opendata
from opendata import files
from opendata.drafting import Changes, Refreshed
from opendata.errors import CheckError, SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "lua.csv").write_text("Mã,Sản lượng\n01,5\n02,6\n", encoding="utf-8")
    return opendata.new(tmp_path / "lua.csv", to=tmp_path).folder


def yes(_changes: Sequence[Refreshed]) -> bool:
    return True


def state(folder: Path) -> dict[str, bytes]:
    kept = (p for p in folder.rglob("*") if p.is_file() and ".opendata" not in p.parts)
    return {str(p.relative_to(folder)): p.read_bytes() for p in kept}


def origin(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_bytes())["resources"][0]["origin"]


def test_next_months_file_replaces_and_tells_by_key(package: Path, tmp_path: Path) -> None:
    (tmp_path / "tháng 2.csv").write_text("Mã,Sản lượng\n02,7\n03,8\n04,9\n", encoding="utf-8")
    (done,) = opendata.update(package, tmp_path / "tháng 2.csv", yes)
    assert done == Refreshed("lua", Changes(came=2, went=1, changed=1, kept=0), 3, replaced=True)
    assert (package / "data" / "lua.csv").read_text() == "ma,san_luong\n02,7\n03,8\n04,9\n"
    assert [p.name for p in (package / "source").iterdir()] == ["tháng 2.csv"]
    assert origin(package)["path"] == "source/tháng 2.csv"
    assert opendata.check(package).valid


def test_unapproved_nothing_is_replaced(package: Path, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("Mã,Sản lượng\n02,7\n", encoding="utf-8")
    before = state(package)
    (done,) = opendata.update(package, tmp_path / "b.csv")
    assert (done.changes, done.replaced) == (Changes(went=1, changed=1), False)
    assert state(package) == before


def test_a_workbook_edited_in_place_is_stale_until_updated(package: Path) -> None:
    (package / "source" / "lua.csv").write_text("Mã,Sản lượng\n01,5\n02,6\n03,7\n", encoding="utf-8")
    findings = opendata.check(package).findings
    assert [item.code for item in findings] == ["stale-data"]
    assert "opendata update" in findings[0].remedy
    opendata.update(package, approve=yes)
    assert opendata.check(package).valid


def test_a_stale_package_is_not_built(package: Path, tmp_path: Path) -> None:
    text = (package / "datapackage.json").read_text(encoding="utf-8")
    access = {"level": "open", "reviewedBy": "A", "reviewedOn": "2026-01-01", "reason": "B"}
    descriptor = json.loads(text) | {
        "access": access,
        "licenses": [{"name": "CC0-1.0"}],
        "department": {"name": "Sở", "contact": {"email": "a@b.vn"}},
    }
    descriptor["resources"][0]["origin"]["recipe"].append({"step": "sort", "by": ["ma"]})
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    candidates = opendata.build(package, tmp_path / "out")
    assert "older" in repr(candidates)
    assert not (tmp_path / "out" / "lua").exists()


def test_the_same_again_changes_nothing(package: Path) -> None:
    before = state(package)
    (done,) = opendata.update(package, approve=lambda _changes: pytest.fail("nothing to ask"))
    assert done.changes.none
    assert state(package) == before


def test_a_bad_file_is_told_and_the_old_stays(package: Path, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("Mã,Sản lượng\n01,nhiều\n01,3\n", encoding="utf-8")
    before = state(package)
    with pytest.raises(CheckError) as caught:
        opendata.update(package, tmp_path / "b.csv", yes)
    found = {(item.code, item.place.row) for item in caught.value.report.findings}
    assert found == {("type-error", 2), ("primary-key", 3)}
    assert state(package) == before


def test_another_header_is_told(package: Path, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("Mã,Năng suất\n01,3\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        opendata.update(package, tmp_path / "b.csv", yes)
    assert "Sản lượng" in str(caught.value)


def test_another_kind_of_file_is_refused(package: Path, tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(b"PK")
    with pytest.raises(SourceError) as caught:
        opendata.update(package, tmp_path / "b.xlsx", yes)
    assert ".csv" in caught.value.remedy


@pytest.mark.parametrize("name", ["lua.csv", "tháng sau.csv"])
@pytest.mark.parametrize("writes", range(5))
def test_killed_before_any_write_the_data_count_as_stale(
    writes: int, name: str, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / name).write_text("Mã,Sản lượng\n01,5\n", encoding="utf-8")
    before = state(package)
    left = iter(range(writes))
    switch = files.switch

    def killed(prepared: Path, path: Path) -> None:
        inside = path.is_relative_to(package) and ".opendata" not in path.parts
        if inside and next(left, None) is None:
            raise KeyboardInterrupt
        switch(prepared, path)

    with monkeypatch.context() as patched:
        patched.setattr(files, "switch", killed)
        with contextlib.suppress(KeyboardInterrupt):
            opendata.update(package, tmp_path / name, yes)
    if state(package) != before and not opendata.check(package).valid:
        assert {item.code for item in opendata.check(package).findings} <= {
            "stale-data",
            "source-error",
            "scheme-error",
        }
    opendata.update(package, tmp_path / name, yes)
    assert opendata.check(package).valid
    assert (package / "data" / "lua.csv").read_text() == "ma,san_luong\n01,5\n"
    assert origin(package)["path"] == f"source/{name}"


def test_killed_half_way_last_months_data_never_come_back_as_clean(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.csv").write_text("Mã,Sản lượng\n01,5\n", encoding="utf-8")

    def killed(*_words: object) -> None:
        raise KeyboardInterrupt

    for place in ("copy", "write"):
        with monkeypatch.context() as patched:
            patched.setattr(files, place, killed)
            with contextlib.suppress(KeyboardInterrupt):
                opendata.update(package, tmp_path / "b.csv", yes)
        rows = (package / "data" / "lua.csv").read_text().count("\n")
        assert rows == 3 or not opendata.check(package).valid


def test_a_package_without_source_takes_a_file_of_the_same_form(package: Path, tmp_path: Path) -> None:
    descriptor = json.loads((package / "datapackage.json").read_bytes())
    del descriptor["resources"][0]["origin"]
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        opendata.update(package, approve=yes)
    assert "opendata update PACKAGE FILE" in caught.value.remedy
    (tmp_path / "b.csv").write_text("ma,san_luong\n01,5\n02,6\n03,7\n", encoding="utf-8")
    (done,) = opendata.update(package, tmp_path / "b.csv", yes)
    assert done.changes == Changes(came=1, kept=2)
    assert (package / "data" / "lua.csv").read_text().endswith("03,7\n")


def test_several_tables_want_a_name(package: Path, tmp_path: Path) -> None:
    descriptor = json.loads((package / "datapackage.json").read_bytes())
    second = json.loads(json.dumps(descriptor["resources"][0])) | {"name": "second", "path": "data/second.csv"}
    descriptor["resources"].append(second)
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (tmp_path / "b.csv").write_text("Mã,Sản lượng\n01,9\n", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        opendata.update(package, tmp_path / "b.csv", yes)
    assert "--table" in caught.value.remedy
    (done,) = opendata.update(package, tmp_path / "b.csv", yes, table="second")
    assert (done.resource, done.changes) == ("second", Changes(came=1))
    assert sorted(p.name for p in (package / "source").iterdir()) == ["b.csv", "lua.csv"]
    with pytest.raises(UsageError) as caught:
        opendata.update(package, tmp_path / "b.csv", yes, table="third")
    assert "lua, second" in caught.value.remedy


def test_a_file_named_as_another_tables_source_does_not_write_over_it(package: Path, tmp_path: Path) -> None:
    descriptor = json.loads((package / "datapackage.json").read_bytes())
    second = json.loads(json.dumps(descriptor["resources"][0])) | {"name": "second", "path": "data/second.csv"}
    second["origin"]["path"] = "source/b.csv"
    descriptor["resources"].append(second)
    (package / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    (package / "source" / "b.csv").write_text("Mã,Sản lượng\n07,7\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("Mã,Sản lượng\n01,9\n", encoding="utf-8")
    opendata.update(package, tmp_path / "b.csv", yes, table="lua")
    assert (package / "source" / "b.csv").read_text(encoding="utf-8").endswith("07,7\n")
    assert origin(package)["path"] == "source/lua-b.csv"
    assert (package / "data" / "lua.csv").read_text() == "ma,san_luong\n01,9\n"
