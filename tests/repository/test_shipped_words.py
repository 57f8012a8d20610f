"""The words of the shipped packages and schemas: both languages, one spelling, and no promise that nobody keeps."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from shipped_helpers import PACKAGES, SCHEMAS, assert_stock_valid, descriptor, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHIPPED = sorted(PACKAGES.glob("*/*/datapackage.json"))
WRITTEN = [*SHIPPED, *sorted(SCHEMAS.glob("*/*.json"))]
NEW_PLACEMENT = re.compile(r"(?:o[àáảãạèéẻẽẹ]|(?<!q)u[ỳýỷỹỵ])(?![^\W\d_])", re.IGNORECASE)
ABOUT_SPELLING = ("viết hoà thay cho hòa", "writes hoà for hòa")


def texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, dict):
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield unicodedata.normalize("NFC", value)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_one_spelling_of_marks(path: Path) -> None:
    for text in texts(load(path)):
        plain = text
        for phrase in ABOUT_SPELLING:
            plain = plain.replace(phrase, "")
        assert NEW_PLACEMENT.search(plain) is None, NEW_PLACEMENT.findall(plain)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_licences_and_sources_are_told_in_vietnamese_too(path: Path) -> None:
    package = load(path)
    for item in (*package["licenses"], *package["sources"]):
        assert item["translations"]["vi"]["title"] != item["title"]
    for item in package["contributors"]:
        assert item["translations"]["en"]["title"]
    assert package["department"]["translations"]["en"]["name"]


def test_the_licence_of_official_figures_is_told_as_agreed() -> None:
    licences = [load(path)["licenses"][0] for path in SHIPPED]
    titles = {item["title"] for item in licences if item["name"] == "notspecified"}
    assert titles == {"official statistics, no licence stated", "public official lists, no licence stated"}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_a_placeholder_address_says_that_it_is_one(path: Path) -> None:
    contact = load(path)["department"]["contact"]
    assert contact["email"].endswith("@example.org")
    assert "chưa có người nhận" in contact["name"]
    assert "nobody receives" in contact["translations"]["en"]["name"]


def test_the_tables_of_2025_name_their_producer_of_today() -> None:
    units = descriptor("reference/administrative-units")
    source = units["sources"][0]["translations"]["vi"]["title"]
    assert source.startswith("Cục Thống kê (Bộ Tài chính)")
    assert "nguồn của Cục Thống kê (Bộ Tài chính" in units["description"]


def test_infants_are_not_called_newborns() -> None:
    children = descriptor("health/child-health-by-province")
    assert "tử vong trẻ em dưới 1 tuổi" in children["keywords"]
    assert not any("sơ sinh" in text for text in texts(children))
    schema = load(SCHEMAS / "health/immunisation-by-province.json")
    titles = {field["name"]: field["title"] for field in schema["fields"]}
    assert titles["immunised"] == "Tỷ lệ trẻ em dưới 1 tuổi được tiêm chủng đầy đủ"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.parent.name)
def test_the_area_is_named_by_one_unit_each(path: Path) -> None:
    units = (PACKAGES / "reference/administrative-units/data/units.csv").read_text(encoding="utf-8").splitlines()
    known = {line.partition(",")[0] for line in units}
    assert known.issuperset(load(path)["coverage"]["units"])


def test_a_key_into_its_own_table_names_no_table_and_a_stock_reader_follows_it() -> None:
    schema = descriptor("reference/administrative-units")["resources"][0]["schema"]
    assert schema["foreignKeys"] == [{"fields": ["parent_id"], "reference": {"fields": ["unit_id"]}}]
    assert_stock_valid("reference/administrative-units")
