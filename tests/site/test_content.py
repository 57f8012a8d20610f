"""What a visitor reads: each thing that the data's owner said stands on the page, in both languages, once and whole."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from built_helpers import FIELDS, built, ready
from html_helpers import strictly

from opendata_site import look as looks
from opendata_site.listing import listed
from opendata_site.pages import dataset_pages, index_pages
from opendata_site.speech import day, number, period, size

if TYPE_CHECKING:
    from pathlib import Path

    from html_helpers import Page
    from site_helpers import Site

    from opendata.model import BuiltPackage, Json

NAMES = {"vi": "index.html", "en": "index.en.html"}


def page(package: BuiltPackage, language: str) -> Page:
    return strictly(dataset_pages(package)[NAMES[language]])


def index(*packages: BuiltPackage, language: str) -> Page:
    return strictly(index_pages([listed(item.name, item.descriptor) for item in packages])[NAMES[language]])


def after(found: Page, heading: str) -> str:
    """The text that follows a heading or a name of a fact."""
    texts = [text for text, _language in found.texts]
    return texts[texts.index(heading) + 1]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "vi",
            {
                "Giấy phép": "CC-BY-4.0",
                "Mức truy cập": "Dữ liệu mở",
                "Thời kỳ": "1995 đến 2024",
                "Phiên bản": "1.0.0",
                "Từ khóa": "lúa",
            },
        ),
        (
            "en",
            {
                "Licence": "CC-BY-4.0",
                "Access level": "Open data",
                "Period": "1995 to 2024",
                "Version": "1.0.0",
                "Keywords": "lúa",
            },
        ),
    ],
)
def test_each_fact_stands_under_its_name(language: str, told: dict[str, str], tmp_path: Path) -> None:
    found = page(built(tmp_path), language)
    assert {name: after(found, name) for name in told} == told


def test_each_file_has_its_format_its_size_and_its_digest(tmp_path: Path) -> None:
    package = built(tmp_path)
    for language in ("vi", "en"):
        found = page(package, language)
        texts = [text for text, _language in found.texts]
        for file, form in zip(package.files, ("CSV", "Parquet"), strict=True):
            at = texts.index(file.path)
            title = "Diện tích lúa" if language == "vi" else "Area of paddy"
            assert texts[at + 1 : at + 5] == [title, form, size(file.bytes, language), file.sha256]
            assert file.path in found.links
        assert "datapackage.json" in found.links


def test_the_citation_names_author_title_version_and_id(tmp_path: Path) -> None:
    package, bare = built(tmp_path), built(tmp_path, version=None, more={"department": None})
    assert f"Sở Nông nghiệp. Paddy paddy. Version 1.0.0. Dataset {package.id}." in page(package, "en").text
    assert f"Sở Nông nghiệp. Lúa paddy sông Đà. Phiên bản 1.0.0. Tập dữ liệu {package.id}." in page(package, "vi").text
    assert f"–. Paddy paddy. Dataset {bare.id}." in page(bare, "en").text


def test_a_publisher_that_is_no_agency_is_said_to_be_none(tmp_path: Path) -> None:
    project = built(tmp_path, more={"department": {"name": "opendata-vn", "agency": False}})
    assert "opendata-vn (not a state agency)" in page(project, "en").text
    assert "not a state agency" not in page(built(tmp_path), "en").text


def test_whom_to_ask_is_told_in_full(tmp_path: Path) -> None:
    contact = {
        "name": "Phòng Thống kê",
        "email": "tk@so.gov.vn",
        "phone": "024 1234",
        "translations": {"en": {"name": "Statistics office"}},
    }
    package = built(tmp_path, more={"department": {"name": "Sở", "contact": contact}})
    found = page(package, "en")
    assert "mailto:tk@so.gov.vn" in found.links
    for told in ("Statistics office", "tk@so.gov.vn", "024 1234"):
        assert told in found.text
    assert "Phòng Thống kê" in page(package, "vi").text


@pytest.mark.parametrize(
    ("coverage", "vi", "en"),
    [
        ({"units": ["VN"]}, "cả nước", "the whole country"),
        ({"units": ["11", "66"]}, "11, 66", "administrative units with the codes 11, 66"),
        ({"start": "2018"}, "từ 2018", "from 2018"),
        ({"end": "2018-12"}, "12", "until December 2018"),
    ],
)
def test_place_and_time_are_in_words(coverage: Json, vi: str, en: str, tmp_path: Path) -> None:
    package = built(tmp_path, more={"coverage": coverage})
    assert vi in page(package, "vi").text
    assert en in page(package, "en").text


def test_a_period_of_one_year_is_said_once() -> None:
    assert (period("2018", "2018", "vi"), period("2018", "2018", "en")) == ("2018", "2018")


def test_keywords_are_those_of_the_language_else_marked_as_vietnamese(tmp_path: Path) -> None:
    both = built(tmp_path, more={"translations": {"en": {"title": "Paddy", "keywords": ["rice", "paddy field"]}}})
    english, vietnamese = page(both, "en"), page(both, "vi")
    assert after(english, "Keywords").startswith("rice")
    assert "paddy field" in english.text
    assert "paddy field" not in vietnamese.text
    assert page(built(tmp_path), "en").language_of("lúa") == "vi"


def test_tables_and_fields_are_described_where_they_are(tmp_path: Path) -> None:
    package = built(tmp_path, fields=({**FIELDS[0], "description": "Mã ba chữ số."}, *FIELDS[1:]))
    assert "Mã ba chữ số." in page(package, "vi").text
    assert page(package, "en").language_of("Mã ba chữ số.") == "vi"
    resource = {**package.descriptor["resources"][0], "description": "Một dòng là một tỉnh."}  # type: ignore[index, dict-item] # made above
    told = dataclasses.replace(package, descriptor={**package.descriptor, "resources": [resource]})
    assert "Một dòng là một tỉnh." in page(told, "vi").text


def test_sources_are_named_by_their_title_then_their_address(tmp_path: Path) -> None:
    sources = [{"title": "Niên giám", "path": "https://a.vn/x"}, {"path": "https://b.vn/y"}, {"title": "Sổ tay"}]
    found = page(built(tmp_path, more={"sources": sources}), "vi")
    assert {"https://a.vn/x", "https://b.vn/y"} <= set(found.links)
    for told in ("Niên giám", "https://b.vn/y", "Sổ tay"):
        assert told in found.text
    assert "https://a.vn/x" not in found.text


def test_a_translated_source_and_department_are_in_the_page_s_language(tmp_path: Path) -> None:
    more: dict[str, Json | list[Json]] = {
        "sources": [{"title": "Tổng cục", "translations": {"en": {"title": "Statistics Office"}}}],
        "department": {"name": "Sở", "translations": {"en": {"name": "Department"}}},
    }
    package = built(tmp_path, more=more)  # type: ignore[arg-type] # JSON
    english, vietnamese = page(package, "en"), page(package, "vi")
    assert (english.language_of("Statistics Office"), vietnamese.language_of("Tổng cục")) == ("en", "vi")
    assert "Tổng cục" not in english.text
    assert "Statistics Office" not in vietnamese.text


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_card_of_the_index_tells_what_it_leads_to(language: str, tmp_path: Path) -> None:
    package = built(tmp_path)
    found = index(package, language=language)
    total = size(sum(file.bytes for file in package.files), language)
    title = {"vi": "Lúa paddy sông Đà", "en": "Paddy paddy"}[language]
    years = {"vi": "1995 đến 2024", "en": "1995 to 2024"}[language]
    for told in (title, "Sở Nông nghiệp", years, "CSV", "Parquet", total):
        assert told in found.text, told
    assert f"paddy/{NAMES[language]}" in found.links


def test_sectors_are_counted_and_led_to(tmp_path: Path) -> None:
    packages = [built(tmp_path, name) for name in ("aa", "bb")] + [built(tmp_path, "cc", more={"sector": "health"})]
    found = index(*packages, language="en")
    assert {"#sector-1", "#sector-2"} <= set(found.links)
    texts = [text for text, _language in found.texts]
    assert texts[texts.index("Agriculture") + 1] == "2"
    assert texts[texts.index("Health") + 1] == "1"


def test_the_index_is_made_anew_when_a_card_changes_and_only_then(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path)))
    before = (site.root / "index.html").stat().st_mtime_ns
    site.publish(ready(built(tmp_path, more={"keywords": ["khác"]})))
    assert (site.root / "index.html").stat().st_mtime_ns == before
    site.publish(ready(built(tmp_path, more={"coverage": {"start": "1900"}})))
    assert "từ 1900" in (site.root / "index.html").read_text(encoding="utf-8")


def test_other_words_are_another_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else pages would keep an old translation until somebody changes their data."""
    before = looks.look.__wrapped__()
    monkeypatch.setattr(looks, "translate", lambda text, language: f"{text} {language}")
    assert looks.look.__wrapped__() != before


@pytest.mark.parametrize(
    ("text", "vi", "en"),
    [
        ("1234567.5", "1.234.567,5", "1,234,567.5"),
        ("0.10", "0,10", "0.10"),
        ("-0.5", "-0,5", "-0.5"),
        ("007", "7", "7"),
        ("", "", ""),
        ("1,5", "1,5", "1,5"),
    ],
)
def test_numbers_keep_their_decimals(text: str, vi: str, en: str) -> None:
    assert (number(text, "vi"), number(text, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("count", "vi", "en"),
    [(0, "0 B", "0 B"), (999, "999 B", "999 B"), (1000, "1,0 kB", "1.0 kB"), (10**15, "1.000,0 TB", "1,000.0 TB")],
)
def test_sizes_at_their_borders(count: int, vi: str, en: str) -> None:
    assert (size(count, "vi"), size(count, "en")) == (vi, en)


@pytest.mark.parametrize("text", ["2024-02-30", "2024-13", "soon", "", "24-1-1", "2024-1-01"])
def test_what_is_no_date_is_left_as_it_is(text: str) -> None:
    assert (day(text, "vi"), day(text, "en", short=True)) == (text, text)
