from __future__ import annotations

import datetime as dt
import json
import stat
from typing import TYPE_CHECKING, Any

import frictionless
import openpyxl
import pytest

import opendata
from opendata.descriptor import read
from opendata.drafting import Answers
from opendata.drafting.proposal import package_name, propose
from opendata.errors import ConflictError, SourceError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

OPEN = Answers(
    title="Lúa",
    department="Sở Nông nghiệp",
    department_code="H15.05",
    contact="so@tinh.gov.vn",
    sector="agriculture",
    licence="CC-BY-4.0",
    start="2024",
    end="2024",
    level="open",
    reviewed_by="Nguyễn Văn A",
    reason="Số liệu tổng hợp",
)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def descriptor(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "datapackage.json").read_bytes())


def test_a_package_comes_from_a_workbook(tmp_path: Path) -> None:
    rows = [["Mã xã", "Năm", "Diện tích (ha)", "Ngày"]]
    rows += [[f"0{n}1", 2024, 1.5 * n, dt.date(2024, 1, 13 + n)] for n in range(1, 4)]
    draft = opendata.new(workbook(tmp_path / "Diện tích lúa 2024.xlsx", rows), OPEN)
    assert (draft.name, draft.rows, draft.level) == ("dien-tich-lua-2024", 3, opendata.AccessLevel.OPEN)
    data = (draft.folder / "data" / "dien-tich-lua-2024.csv").read_text(encoding="utf-8")
    assert (
        data == "ma_xa,nam,dien_tich_ha,ngay\n011,2024,1.5,2024-01-14\n021,2024,3,2024-01-15\n031,2024,4.5,2024-01-16\n"
    )
    assert (draft.folder / "source" / "Diện tích lúa 2024.xlsx").read_bytes() == (
        tmp_path / "Diện tích lúa 2024.xlsx"
    ).read_bytes()
    assert frictionless.validate(str(draft.folder / "datapackage.json")).valid
    assert opendata.check(draft.folder).valid


def test_the_descriptor_says_what_was_answered(tmp_path: Path) -> None:
    draft = opendata.new(csv(tmp_path / "lua.csv", "ma,nam\n01,2024\n02,2024\n"), OPEN)
    written = descriptor(draft.folder)
    assert written["title"] == "Lúa"
    assert written["department"] == {"code": "H15.05", "name": "Sở Nông nghiệp", "contact": {"email": "so@tinh.gov.vn"}}
    assert written["licenses"][0]["name"] == "CC-BY-4.0"
    assert written["coverage"] == {"start": "2024", "end": "2024"}
    assert written["access"]["level"] == "open"
    assert written["access"]["reviewedBy"] == "Nguyễn Văn A"
    dt.date.fromisoformat(written["access"]["reviewedOn"])


def test_untold_it_is_internal_and_no_licence_is_made_up(tmp_path: Path) -> None:
    draft = opendata.new(csv(tmp_path / "lua.csv", "ma,nam\n01,2024\n02,2024\n"))
    written = descriptor(draft.folder)
    assert written["access"] == {"level": "internal"}
    assert not {"licenses", "department", "sector", "coverage"} & written.keys()


@pytest.mark.parametrize("missing", ["reviewed_by", "reason"])
def test_a_lowering_without_review_makes_nothing(missing: str, tmp_path: Path) -> None:
    import dataclasses

    file = csv(tmp_path / "lua.csv", "ma\n01\n")
    with pytest.raises(UsageError) as caught:
        opendata.new(file, dataclasses.replace(OPEN, **{missing: None}))
    assert f"--{missing.replace('_', '-')}" in caught.value.remedy
    assert [p.name for p in tmp_path.iterdir()] == ["lua.csv"]


def test_vietnamese_numbers_and_dates_are_read_by_a_recipe(tmp_path: Path) -> None:
    text = "Mã;Sản lượng;Ngày\n01;1.234,5;31/12/2024\n02;12,75;01/02/2024\n"
    draft = opendata.new(csv(tmp_path / "lúa.csv", text))
    assert (
        draft.folder / "data" / "lua.csv"
    ).read_text() == "ma,san_luong,ngay\n01,1234.5,2024-12-31\n02,12.75,2024-02-01\n"
    steps = [step["step"] for step in descriptor(draft.folder)["resources"][0]["origin"]["recipe"]]
    assert steps == ["rename", "parse-numbers", "parse-dates"]
    assert any("Mã" in note for note in draft.notes)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
def test_other_encodings_are_read_and_kept_as_declared(encoding: str, tmp_path: Path) -> None:
    draft = opendata.new(csv(tmp_path / "lua.csv", "ma,ten\n01,Sông Đà\n02,Hồ Tây\n".replace("ồ", "ô"), encoding))
    assert (draft.folder / "data" / "lua.csv").read_bytes().decode() == "ma,ten\n01,Sông Đà\n02,Hô Tây\n"
    assert opendata.update(draft.folder)[0].changes.none


def test_a_low_header_is_not_guessed(tmp_path: Path) -> None:
    file = workbook(tmp_path / "lua.xlsx", [["Bảng 1"], [], ["Mã", "Tên", "Năm"], ["01", "a", 2020], ["02", "b", 2021]])
    with pytest.raises(SourceError) as caught:
        opendata.new(file)
    assert "--header 3" in caught.value.remedy
    draft = opendata.new(file, header=[3])
    assert (draft.folder / "data" / "lua.csv").read_text() == "ma,ten,nam\n01,a,2020\n02,b,2021\n"
    assert opendata.check(draft.folder).valid


@pytest.mark.parametrize("header", ["ma,ma", " ,ma"])
def test_columns_without_a_name_of_their_own_are_refused(header: str, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        opendata.new(csv(tmp_path / "lua.csv", f"{header}\n1,2\n3,4\n"))
    assert "no name of their own" in caught.value.what
    assert [p.name for p in tmp_path.iterdir()] == ["lua.csv"]


@pytest.mark.parametrize(("row", "cells"), [("02", 1), ("02,b,c", 3)])
def test_a_row_that_does_not_fit_stops_it_and_nothing_is_left(row: str, cells: int, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        opendata.new(csv(tmp_path / "lua.csv", f"ma,ten\n01,a\n{row}\n"))
    assert caught.value.what == f"Row 3 has {cells} cells, the header has 2."
    assert [p.name for p in tmp_path.iterdir()] == ["lua.csv"]


def test_nothing_that_is_there_is_overwritten(tmp_path: Path) -> None:
    file = csv(tmp_path / "lua.csv", "ma\n01\n02\n")
    (tmp_path / "lua").mkdir()
    (tmp_path / "lua" / "x").write_text("mine")
    with pytest.raises(ConflictError) as caught:
        opendata.new(file)
    assert "opendata update" in caught.value.remedy
    assert [p.name for p in (tmp_path / "lua").iterdir()] == ["x"]


def test_the_folder_can_be_read_by_others(tmp_path: Path) -> None:
    draft = opendata.new(csv(tmp_path / "lua.csv", "ma\n01\n02\n"))
    (tmp_path / "plain").mkdir()
    assert stat.S_IMODE(draft.folder.stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


def test_an_answer_that_does_not_fit_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        opendata.new(csv(tmp_path / "lua.csv", "ma\n01\n02\n"), Answers(sector="farming"))
    assert [p.name for p in tmp_path.iterdir()] == ["lua.csv"]


def test_the_period_is_proposed_from_the_data(tmp_path: Path) -> None:
    proposal = propose(csv(tmp_path / "lua.csv", "năm,ma\n2019,1\n2024,2\n2021,3\n"))
    assert (proposal.defaults.start, proposal.defaults.end) == ("2019", "2024")
    assert propose(csv(tmp_path / "b.csv", "ma,ten\n1,x\n2,y\n")).defaults.start is None


@pytest.mark.parametrize("stem", ["Đ", "  ", "a" * 300, "Sở NN&PTNT — báo cáo (2)", "2024", "x--y__z", "日本"])
def test_a_name_is_one_that_the_descriptor_takes(stem: str, tmp_path: Path) -> None:
    draft = opendata.new(csv(tmp_path / "in.csv", "ma\n01\n02\n"), name=package_name(stem))
    assert read(draft.folder).name == package_name(stem)


@pytest.mark.parametrize("name", ["Lúa", "a", "a--b", "../a", "a/b", "a" * 91, "con", "com1"])
def test_a_name_that_cannot_be_one_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        opendata.new(csv(tmp_path / "in.csv", "ma\n01\n02\n"), name=name)
    assert "dien-tich-lua" in caught.value.remedy
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]
