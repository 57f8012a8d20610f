"""The pages: right, in two languages, with all that a visitor asks, and safe whatever the data say."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from built_helpers import FIELDS, ROWS, built, ready
from html_helpers import strictly
from hypothesis import given, settings
from hypothesis import strategies as st

from opendata_site.listing import listed
from opendata_site.pages import dataset_pages, index_pages

if TYPE_CHECKING:
    from html_helpers import Page
    from site_helpers import Site

    from opendata.model import BuiltPackage, Json, JsonValue

FOLDER = Path(tempfile.mkdtemp(prefix="pages-"))


def page(package: BuiltPackage, language: str = "vi") -> Page:
    return strictly(dataset_pages(package)["index.html" if language == "vi" else f"index.{language}.html"])


def index_of(*packages: BuiltPackage, language: str = "vi") -> Page:
    lines = [listed(package.name, package.descriptor) for package in packages]
    return strictly(index_pages(lines)["index.html" if language == "vi" else f"index.{language}.html"])


def test_a_page_tells_all_that_is_known(tmp_path: Path) -> None:
    package = built(tmp_path)
    text = page(package, "en").text
    for told in (
        "Paddy paddy",
        "Area of paddy by province.",
        "CC-BY-4.0",
        "Open data",
        "Sở Nông nghiệp",
        "H15.05",
        "so@example.vn",
        "1995 to 2024",
        "administrative units with the codes 66",
        "Every year; next by December 31, 2026",
        "Tổng cục Thống kê",
        package.id,
        *(file.sha256 for file in package.files),
        "All 2 rows.",
        "1,234,567.50",
        "Dec 31, 2024",
        "part of the key; never empty; of the form [0-9]{2}",
        "at least 1995",
        "nghìn ha",
    ):
        assert told in text, told


def test_vietnamese_is_first_and_numbers_and_dates_are_in_its_form(tmp_path: Path) -> None:
    found = page(built(tmp_path))
    assert "Lúa paddy sông Đà" in found.text
    assert "Diện tích lúa theo tỉnh." in found.text
    assert "1.234.567,50" in found.text
    assert "31/12/2024" in found.text
    assert found.language_of("Lúa paddy") == "vi"


def test_a_text_without_translation_is_marked_with_its_language(tmp_path: Path) -> None:
    found = page(built(tmp_path), "en")
    assert found.language_of("Paddy paddy") == "en"
    assert found.language_of("Province code") == "en"
    for untranslated in ("Diện tích", "nghìn ha", "Tổng cục Thống kê", "Sở Nông nghiệp"):
        assert found.language_of(untranslated) == "vi"


def test_a_dataset_without_a_title_shows_its_name(tmp_path: Path) -> None:
    package = built(tmp_path, more={"title": None, "translations": None, "description": None})
    assert page(package).language_of("paddy") == "vi"
    assert "paddy" in index_of(package).text


def test_a_package_of_which_little_is_said_has_a_page_all_the_same(tmp_path: Path) -> None:
    keys = ("licenses", "keywords", "sources", "sector", "department", "coverage", "update", "translations", "access")
    package = built(tmp_path, version=None, more=dict.fromkeys(keys), fields=({"name": "a"},), rows=[("x",)])
    for language in ("vi", "en"):
        found = page(package, language)
        assert "No licence stated" in found.text or language == "vi"
    assert "Dataset" in page(package, "en").text


def test_a_header_alone_has_no_preview(tmp_path: Path) -> None:
    assert "Preview" not in page(built(tmp_path, rows=()), "en").text


def test_the_preview_is_of_ten_rows_and_tells_how_many_there_are(tmp_path: Path) -> None:
    rows = [(f"{number:05d}", "2024", "1.5", "") for number in range(1234)]
    found = page(built(tmp_path, rows=rows), "en")
    assert "The first 10 of 1,234 rows." in found.text
    assert "00009" in found.text
    assert "00010" not in found.text


def test_a_preview_of_odd_cells_stands(tmp_path: Path) -> None:
    rows = [("x" * 500, "2024", "NaN", "someday"), ("<b>", "2025", "1e5", "2024-99-99")]
    found = page(built(tmp_path, rows=rows), "en")
    for told in ("x" * 160 + "…", "NaN", "someday", "<b>", "1e5", "2024-99-99"):
        assert told in found.text
    assert "x" * 161 not in found.text


def test_a_cell_larger_than_csv_reads_by_itself_is_shown_cut(tmp_path: Path) -> None:
    csv.field_size_limit(131_072)  # as Python starts
    found = page(built(tmp_path, rows=[("x" * 200_000, "2024", "1", "")]), "en")
    assert "x" * 160 + "…" in found.text


def test_truth_values_and_keys_of_numbers(tmp_path: Path) -> None:
    fields: tuple[Json, ...] = ({"name": "id", "type": "integer"}, {"name": "kept", "type": "boolean"})
    found = page(built(tmp_path, fields=fields, rows=[("10001", "true"), ("10002", "false")]), "en")
    assert "10001" in found.text
    assert [text for text, _language in found.texts if text in {"yes", "no"}] == ["yes", "no"]


def test_withheld_fields_are_counted_only(tmp_path: Path) -> None:
    assert "2 fields of the source are not published." in page(built(tmp_path, more={"withheldFields": 2}), "en").text
    assert "1 field of the source is not published." in page(built(tmp_path, more={"withheldFields": 1}), "en").text
    assert "not published" not in page(built(tmp_path), "en").text


def test_rules_are_in_words(tmp_path: Path) -> None:
    fields: tuple[Json, ...] = (
        {
            "name": "a",
            "type": "number",
            "constraints": {"minimum": 1234.5, "maximum": 9999, "unique": True, "required": False, "odd": 1},
        },
        {"name": "b", "type": "string", "constraints": {"enum": [str(item) for item in range(20)], "maxLength": 1000}},
        {"name": "c", "type": "date", "constraints": {"exclusiveMinimum": "2024-01-31"}},
        {"name": "d", "type": "string"},
    )
    package = built(tmp_path, fields=fields, rows=[("1", "2", "2024-02-01", "x")])
    resource = dict(package.descriptor["resources"][0])  # type: ignore[index, arg-type] # made above
    resource["externalKeys"] = [
        {"fields": ["d"], "reference": {"package": "administrative-units", "resource": "units", "fields": ["unit_id"]}}
    ]
    resource["schema"] = {**resource["schema"], "foreignKeys": [{"fields": "b", "reference": {"fields": "a"}}]}
    text = page(dataclasses.replace(package, descriptor={**package.descriptor, "resources": [resource]}), "en").text
    assert "at least 1,234.5; at most 9,999; no value twice" in text
    assert "one of: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …; at most 1,000 characters" in text
    assert "more than January 31, 2024" in text
    assert "refers to administrative-units/units.unit_id" in text
    assert "refers to area.a" in text
    assert "odd" not in text


def test_links_are_followed_only_where_they_are_safe(tmp_path: Path) -> None:
    hostile = (
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "https://a b",
        "java\nscript:x",
        "file:///etc",
    )
    sources: JsonValue = [{"title": f"s{number}", "path": path} for number, path in enumerate(hostile)]
    department: JsonValue = {"name": "S", "contact": {"email": "a@b.vn?bcc=evil@c.vn", "name": "N", "phone": "1"}}
    package = built(tmp_path, more={"sources": sources, "licenses": sources, "department": department})
    links = page(package).links
    allowed = {
        "../style.css",
        "../index.html",
        "#content",
        "index.en.html",
        "area.csv",
        "area.parquet",
        "datapackage.json",
    }
    assert set(links) == allowed
    sound = [{"title": "s", "path": "https://www.gso.gov.vn/a?b=1&c=2"}, {"path": "mailto:a@b.vn"}]
    assert "https://www.gso.gov.vn/a?b=1&c=2" in page(built(tmp_path, more={"sources": sound})).links


def test_every_link_of_a_site_leads_to_a_file(tmp_path: Path, site: Site) -> None:
    site.publish(ready(built(tmp_path, tables=("area", "yield"))), ready(built(tmp_path, "tea")))
    pages = sorted(site.root.rglob("*.html"))
    assert len(pages) == 6
    for path in pages:
        for link in strictly(path.read_bytes()).links:
            local = not link.startswith(("#", "https:", "mailto:"))
            assert not local or (path.parent / link).is_file(), (path, link)


def test_the_index_is_by_sector_and_title(tmp_path: Path) -> None:
    packages = [
        built(tmp_path, "zinc", more={"title": "Ăn uống"}),
        built(tmp_path, "air", more={"title": "Đất", "sector": "environment"}),
        built(tmp_path, "tea", more={"title": "Bò", "translations": None}),
        built(tmp_path, "odd", more={"sector": "unheard-of"}),
        built(tmp_path, "none", more={"sector": None}),
    ]
    found = index_of(*packages, language="en")
    cards = [link.partition("/")[0] for link in found.links if link.endswith("/index.en.html")]
    assert cards == ["tea", "zinc", "air", "none", "odd"]
    assert [
        text for text in ("5 datasets", "Agriculture", "Environment", "Other sectors") if text not in found.text
    ] == []
    assert found.language_of("Bò") == "vi"


def test_an_index_of_one_and_of_none(tmp_path: Path) -> None:
    assert "1 dataset" in index_of(built(tmp_path), language="en").text
    assert "There is no dataset here yet." in index_of(language="en").text


def test_a_long_description_is_shortened_in_the_index(tmp_path: Path) -> None:
    package = built(tmp_path, more={"description": "lúa " * 200 + "\n\nthe second paragraph", "translations": None})
    text = index_of(package).text
    assert "…" in text
    assert "the second paragraph" not in text
    assert "the second paragraph" in page(package).text


def test_the_same_package_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = (dataset_pages(built(tmp_path)) for _time in range(2))
    assert one == two


TEXT = st.text(max_size=60) | st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "&amp;", "]]>", "<!--", "'\"", "đ"]
)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_whatever_the_data_say_the_page_stays_right(data: st.DataObject) -> None:
    def word() -> str:
        return data.draw(TEXT)

    field: Json = {
        **FIELDS[0],
        "title": word(),
        "description": word(),
        "unit": word(),
        "constraints": {"enum": [word()]},
    }
    more: dict[str, JsonValue] = {
        "title": word(),
        "description": word(),
        "keywords": [word(), word()],
        "sources": [{"title": word(), "path": word()}],
        "licenses": [{"name": word(), "path": word()}],
        "sector": word(),
        "department": {"name": word(), "code": word(), "contact": {"email": word(), "phone": word()}},
        "coverage": {"units": [word()], "start": word(), "end": word()},
        "update": {"frequency": word(), "due": word()},
        "translations": {"en": {"title": word(), "description": word()}},
    }
    package = built(FOLDER, fields=(field, *FIELDS[1:]), more=more, version=word())
    for language in ("vi", "en"):
        page(package, language)
        index_of(package, language=language)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_says_its_language_and_leads_to_the_other(tmp_path: Path, language: str) -> None:
    content = dataset_pages(built(tmp_path))["index.html" if language == "vi" else "index.en.html"]
    assert f'<html lang="{language}">'.encode() in content
    assert ("index.en.html" if language == "vi" else "index.html") in strictly(content).links


def test_the_pages_digests_stand_in_the_descriptor(tmp_path: Path, site: Site) -> None:
    import json

    site.publish(ready(built(tmp_path, rows=ROWS)))
    told = json.loads((site.root / "paddy/datapackage.json").read_bytes())["opendata_site"]["pages"]
    for name, digest in told.items():
        assert hashlib.sha256((site.root / "paddy" / name).read_bytes()).hexdigest() == digest


def test_titles_of_licences_and_sources_are_in_the_page_s_language_and_marked_where_they_are_not(
    tmp_path: Path,
) -> None:
    more: dict[str, JsonValue] = {
        "licenses": [{"title": "Public domain", "translations": {"vi": {"title": "Phạm vi công cộng"}}}],
        "sources": [
            {"title": "The yearbook", "translations": {"en": {"title": "The yearbook"}}},
            {"title": "Niên giám", "translations": {"en": {"title": "Yearbook of 2024"}}},
        ],
        "department": {
            "name": "Sở Nông nghiệp",
            "contact": {"name": "Địa chỉ mẫu", "translations": {"en": {"name": "Sample address"}}},
            "translations": {"en": {"name": "Department of Agriculture"}},
        },
    }
    package = built(tmp_path, more=more)
    vietnamese, english = page(package), page(package, "en")
    for told in ("Phạm vi công cộng", "Niên giám", "Sở Nông nghiệp", "Địa chỉ mẫu"):
        assert vietnamese.language_of(told) == "vi"
        assert told not in english.text
    for told in ("Public domain", "Yearbook of 2024", "Department of Agriculture", "Sample address"):
        assert english.language_of(told) == "en"
        assert told not in vietnamese.text
    assert vietnamese.language_of("The yearbook") == english.language_of("The yearbook") == "en"
    assert "Department of Agriculture" in index_of(package, language="en").text


def coded(codes: int = 2) -> tuple[Json, ...]:
    categories: list[JsonValue] = [{"value": str(number), "label": f"Nhãn {number}"} for number in range(codes)]
    categories[0] = {"value": "0", "label": "Chè", "translations": {"en": {"label": "Tea"}}}
    enum: JsonValue = [str(number) for number in range(codes)]
    return (
        {"name": "crop", "type": "string", "categories": categories, "constraints": {"enum": enum}},
        {"name": "kind", "type": "integer", "categories": [{"value": 1, "label": "Trồng mới"}, {"value": 2}]},
    )


def test_codes_are_told_with_their_labels_and_shown_as_them(tmp_path: Path) -> None:
    package = built(tmp_path, fields=coded(), rows=[("0", "1"), ("1", "2"), ("7", "1")])
    vietnamese, english = page(package), page(package, "en")
    content = dataset_pages(package)["index.html"].decode()
    assert "<li><code>0</code> – Chè</li><li><code>1</code> – Nhãn 1</li></ul>" in content
    assert [content.count(f"<td>{text}</td>") for text in ("Chè", "Nhãn 1", "7", "Trồng mới", "2")] == [1, 1, 1, 2, 1]
    assert "one of" not in english.text
    assert english.language_of("Tea") == "en"
    assert english.language_of("Nhãn 1") == "vi"
    assert "Chè" not in english.text
    assert "Codes are shown as their labels" in english.text
    assert "Codes are shown" not in page(built(tmp_path, "plain"), "en").text
    assert vietnamese.text.count("Trồng mới") == 3


def test_of_many_labels_the_first_are_told(tmp_path: Path) -> None:
    content = dataset_pages(built(tmp_path, fields=coded(20), rows=[("0", "1")]))["index.html"].decode()
    assert "<code>11</code> – Nhãn 11</li><li>…</li></ul>" in content
    assert "<code>12</code>" not in content


def test_a_code_without_a_label_stays_among_the_rules(tmp_path: Path) -> None:
    field: Json = {**coded()[0], "constraints": {"enum": ["0", "9"]}}
    assert "one of: 0, 9" in page(built(tmp_path, fields=(field,), rows=[("0",)]), "en").text
