"""What is proposed for a file: its name, its period, its recipe, and what is said of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pytest

import opendata
from opendata.drafting.proposal import package_name, propose
from opendata.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def csv(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def steps(file: Path) -> dict[str, dict[str, object]]:
    return {str(step["step"]): dict(step) for step in propose(file).origin.recipe}


def test_a_long_name_is_cut_and_does_not_end_in_a_dash() -> None:
    name = package_name("a" * 59 + " bc")
    assert name == "a" * 59
    assert len(package_name("a" * 300)) == 60


def test_a_clean_file_has_an_empty_recipe_and_an_origin_that_says_nothing_twice(tmp_path: Path) -> None:
    found = propose(csv(tmp_path / "lua.csv", "ma,nam\n01,2020\n02,2021\n"))
    assert found.origin.descriptor == {"recipe": []}
    assert (found.name, found.primary_key, found.defaults.title) == ("lua", ("ma",), "lua")


@pytest.mark.parametrize(
    ("text", "encoding", "declared"),
    [
        ("ma;ten\n01;Sông Đà\n02;Sông Mã\n", "utf-8", {"dialect": {"delimiter": ";"}}),
        ("ma,ten\n01,Sông Đà\n02,Sông Mã\n", "utf-16", {"encoding": "utf-16"}),
    ],
)
def test_what_the_file_needs_to_be_read_again_is_declared(
    text: str, encoding: str, declared: dict[str, object], tmp_path: Path
) -> None:
    told = dict(propose(csv(tmp_path / "lua.csv", text, encoding)).origin.descriptor)
    assert {key: told[key] for key in declared} == declared


def test_the_sheet_is_named_in_the_origin(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Biểu 1"
    for row in (["Mã", "Năm"], ["01", 2020], ["02", 2021]):
        book.active.append(row)
    book.save(tmp_path / "so.xlsx")
    found = propose(tmp_path / "so.xlsx")
    assert (found.origin.sheet, found.origin.descriptor["sheet"]) == ("Biểu 1", "Biểu 1")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("ngay,so\n2024-03-01,1\n2023-12-31,2\n", ("2023-12-31", "2024-03-01")),
        ("so,nam\n1,2021\n2,2020\n", ("2020", "2021")),
        ("ngay,nam\n31/12/2022,1999\n01/02/2022,2000\n", ("2022-02-01", "2022-12-31")),
        ("ma,ten\n01,a\n02,b\n", (None, None)),
    ],
)
def test_the_period_is_the_least_and_the_greatest(
    text: str, period: tuple[str | None, str | None], tmp_path: Path
) -> None:
    found = propose(csv(tmp_path / "a.csv", text)).defaults
    assert (found.start, found.end) == period


def test_texts_for_a_missing_number_are_said_and_stay_missing(tmp_path: Path) -> None:
    file = csv(tmp_path / "lua.csv", 'Mã,Sản lượng\n01,"1.234,5"\n02,..\n03,"7,25"\n')
    parse = steps(file)["parse-numbers"]
    assert (parse["decimal"], parse["group"], parse["missing"]) == (",", ".", [".."])
    draft = opendata.new(file, to=tmp_path)
    assert (draft.folder / "data/lua.csv").read_text() == "ma,san_luong\n01,1234.5\n02,\n03,7.25\n"


def test_a_missing_number_in_the_usual_form_is_kept_as_written(tmp_path: Path) -> None:
    file = csv(tmp_path / "lua.csv", "ma,so\n01,5\n02,..\n03,7\n")
    (field,) = (item for item in propose(file).fields if item["name"] == "so")
    assert ".." in field["missingValues"]  # type: ignore[operator] # a list
    assert opendata.check(opendata.new(file, to=tmp_path).folder).valid


def test_a_missing_date_is_said_in_the_recipe(tmp_path: Path) -> None:
    file = csv(tmp_path / "lua.csv", "ma,ngay\n01,31/12/2024\n02,-\n03,30/11/2024\n")
    parse = steps(file)["parse-dates"]
    assert (parse["fields"], parse["format"], parse["missing"]) == (["ngay"], "%d/%m/%Y", ["-"])
    draft = opendata.new(file, to=tmp_path)
    assert (draft.folder / "data/lua.csv").read_text() == "ma,ngay\n01,2024-12-31\n02,\n03,2024-11-30\n"


def test_what_the_layout_has_to_say_is_said_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["Mã", "Năm"], ["01", 2020], ["02", 2021]):
        book.active.append(row)
    book.create_sheet("Khác").append(["x"])
    book.save(tmp_path / "so.xlsx")
    from opendata.sources import detect

    said = detect(tmp_path / "so.xlsx").notes
    assert said
    assert propose(tmp_path / "so.xlsx").notes[: len(said)] == said


def test_a_blank_row_is_no_row_that_does_not_fit(tmp_path: Path) -> None:
    draft = opendata.new(csv(tmp_path / "lua.csv", "ma,nam\n01,2020\n\n02,2021\n\n"), to=tmp_path)
    assert draft.rows == 2


def test_rows_above_a_header_that_was_told_need_not_fit_it(tmp_path: Path) -> None:
    file = csv(tmp_path / "lua.csv", "Bảng 1\nma,nam\n01,2020\n02,2021\n")
    assert opendata.new(file, to=tmp_path, header=[2]).rows == 2
    assert opendata.update(tmp_path / "lua")[0].changes.none


@pytest.mark.parametrize(("names", "told"), [(["Mã", "Mã"], "Mã"), (["", "Mã"], "(no name)")])
def test_columns_without_a_name_of_their_own_are_shown_with_file_and_row(
    names: Sequence[str], told: str, tmp_path: Path
) -> None:
    file = csv(tmp_path / "lua.csv", f"Bảng\n{','.join(names)}\n1,2\n3,4\n")
    with pytest.raises(SourceError) as caught:
        propose(file, header=[2])
    assert told in caught.value.what
    assert caught.value.where == f"{file}, row 2"


def test_a_package_is_read_back_before_anybody_sees_it(tmp_path: Path) -> None:
    from opendata.drafting import Answers, write
    from opendata.errors import DescriptorError

    file = csv(tmp_path / "lua.csv", "ma,nam\n01,2020\n02,2021\n")
    with pytest.raises(DescriptorError) as caught:
        write(propose(file), Answers(start="2025", end="2020"), tmp_path)
    assert {item.place.path for item in caught.value.findings} == {str(tmp_path / "lua/datapackage.json")}
    assert [path.name for path in tmp_path.iterdir()] == ["lua.csv"]


def test_two_packages_of_one_file_are_two_datasets(tmp_path: Path) -> None:
    file = csv(tmp_path / "lua.csv", "ma,nam\n01,2020\n02,2021\n")
    ids = set()
    for name in ("mot", "hai"):
        folder = opendata.new(file, to=tmp_path, name=name).folder
        ids.add(json.loads((folder / "datapackage.json").read_bytes())["id"])
    assert len(ids) == 2
