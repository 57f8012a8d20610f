"""A built package as what CKAN is sent: each part in its field, whatever the descriptor says in a form that is held."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from built_helpers import FIELDS, built
from hypothesis import given, settings
from hypothesis import strategies as st
from small_ckan import SITE
from small_desk import changed

from opendata.errors import DataError
from opendata.model import AccessLevel, BuiltPackage, canonical
from opendata.model.layout import DESCRIPTOR
from opendata_ckan import mapping, vocabulary
from opendata_ckan.mapping import EXTRAS, Address, Managed, SentFile, Terms, managed
from opendata_ckan.resources import FIELDS as FILE_FIELDS
from opendata_ckan.texts import MOST, holdable
from opendata_ckan.vocabulary import EU, MD5, SHA256

FOLDER = Path(tempfile.mkdtemp(prefix="mapping-"))
PACKAGE = built(FOLDER)
ODD_CONTACT = {"name": "Sở", "contact": {"name": "Bà An", "email": "an@sở.vn"}}
SENT = SentFile(DESCRIPTOR, 123, "0f" * 32, "application/json")


def mapped(package: BuiltPackage = PACKAGE, *, loader: bool = False, summary: object = None) -> Managed:
    paths = [*(file.path for file in package.files), DESCRIPTOR]
    addresses = {path: Address(f"{SITE}/{path}", f"{SITE}/download/{path}") for path in paths}
    return managed(package, addresses, Terms(loader=loader), SENT, summary)  # type: ignore[arg-type] # JSON


def with_(**more: Any) -> Managed:  # noqa: ANN401 - as a descriptor has it
    return mapped(changed(PACKAGE, **more))


def test_each_part_has_its_field() -> None:
    fields = mapped().fields
    assert fields == {
        "title": "Lúa paddy sông Đà",
        "notes": "Diện tích lúa theo tỉnh.\n\nSố liệu của cơ quan thống kê.\n\n---\n\n### Paddy paddy\n\n"
        "Area of paddy by province.",
        "license_id": "cc-by",
        "version": "1.0.0",
        "url": "",
        "author": "Sở Nông nghiệp",
        "maintainer": "Sở Nông nghiệp",
        "maintainer_email": "so@example.vn",
        "tags": [{"name": "lúa"}],
    }


def test_each_extra_says_something_and_is_known_as_ours() -> None:
    extras = mapped().extras
    assert extras == {
        "title_en": "Paddy paddy",
        "sector": "agriculture",
        "identifier": PACKAGE.id,
        "language": json.dumps([EU + "language/VIE", EU + "language/ENG"]),
        "theme": json.dumps([EU + "data-theme/AGRI"]),
        "frequency": EU + "frequency/ANNUAL",
        "access_rights": EU + "access-right/PUBLIC",
        "conforms_to": json.dumps(["https://datapackage.org/profiles/2.0/datapackage.json"]),
        "provenance": "Tổng cục Thống kê – https://www.gso.gov.vn",
        "temporal_start": "1995",
        "temporal_end": "2024",
        "spatial_text": "66",
        "publisher_name": "Sở Nông nghiệp",
        "publisher_identifier": "H15.05",
        "opendata_level": "open",
        "contact_name": "Sở Nông nghiệp",
        "contact_email": "so@example.vn",
        "opendata_id": PACKAGE.id,
        "opendata_version": "1.0.0",
        "opendata_digest": PACKAGE.digest,
    }
    assert extras.keys() < EXTRAS


@pytest.mark.parametrize(
    ("more", "key", "value"),
    [
        ({"homepage": "https://a.vn"}, "url", "https://a.vn"),
        ({"homepage": "javascript:alert(1)"}, "url", ""),
        ({"title": " "}, "title", "paddy"),
        ({"title": "Lúa\x00\nmới"}, "title", "Lúa mới"),
        ({"department": ODD_CONTACT}, "maintainer", "Bà An (an@sở.vn)"),
        ({"department": ODD_CONTACT}, "maintainer_email", ""),
        ({"department": {}}, "author", ""),
        ({"description": "", "translations": {}}, "notes", ""),
        ({"description": "", "translations": {"en": {"title": "Paddy"}}}, "notes", "### Paddy"),
        ({"licenses": []}, "license_id", "notspecified"),
    ],
)
def test_a_field_says_what_is_told_or_is_empty(more: dict[str, Any], key: str, value: str) -> None:
    assert with_(**more).fields[key] == value


@pytest.mark.parametrize(
    ("more", "key", "value"),
    [
        ({"coverage": {"units": ["VN"]}}, "spatial_uri", vocabulary.COUNTRIES["VN"]),
        ({"coverage": {"units": ["VN", "66"]}}, "spatial_uri", None),
        ({"coverage": {"units": ["11", "66"], "start": "soon"}}, "spatial_text", "11, 66"),
        ({"coverage": {"start": "soon"}}, "temporal_start", None),
        ({"created": "2026-01-02T03:04:05Z"}, "issued", "2026-01-02"),
        ({"update": {"frequency": "now and then"}}, "frequency", None),
        ({"sector": "astrology"}, "theme", None),
        ({"sector": "astrology"}, "sector", "astrology"),
        ({"translations": {}}, "language", json.dumps([EU + "language/VIE"])),
        ({"translations": {"en": {"keywords": ["rice", "paddy"]}}}, "keywords_en", "rice, paddy"),
        ({"department": {"name": "Sở", "translations": {"en": {"name": "Board"}}}}, "publisher_name_en", "Board"),
        ({"department": {"name": "Sở", "translations": {"en": {"name": "Sở"}}}}, "publisher_name_en", None),
        ({"department": {"contact": {"phone": "0225 3842 000"}}}, "contact_phone", "0225 3842 000"),
        ({"sources": [{"title": "A"}, {"path": "https://b.vn"}, {}, 5]}, "provenance", "A; https://b.vn"),
    ],
)
def test_an_extra_says_what_is_told_or_is_not_there(more: dict[str, Any], key: str, value: str | None) -> None:
    assert with_(**more).extras.get(key) == value


def test_a_shared_one_says_so() -> None:
    assert mapped(built(FOLDER, level=AccessLevel.SHARED)).extras["access_rights"] == EU + "access-right/RESTRICTED"


def test_files_are_csvs_then_parquets_then_the_descriptor() -> None:
    made = mapped(built(FOLDER, tables=("area", "yield")))
    assert [item["opendata_path"] for item in made.resources] == [
        "area.csv",
        "yield.csv",
        "area.parquet",
        "yield.parquet",
        DESCRIPTOR,
    ]
    assert [item["format"] for item in made.resources] == ["CSV", "CSV", "Parquet", "Parquet", "JSON"]


def test_every_field_of_a_file_is_sent_even_where_it_says_nothing() -> None:
    """A revise merges: what is left out stays as it was."""
    from_us = {name for name in FILE_FIELDS if name != "opendata_edition"}
    assert [from_us - item.keys() for item in mapped().resources] == [set()] * 3


def test_a_file_tells_its_digest_where_no_loader_writes_over_it() -> None:
    (csv, other, whole) = mapped().resources
    assert [(item["hash"], item["hash_algorithm"]) for item in (csv, other)] == [
        (file.sha256, SHA256) for file in PACKAGE.files
    ]
    (csv, other, whole) = mapped(loader=True).resources
    assert ("hash" in csv, csv["hash_algorithm"]) == (False, MD5)
    assert (other["hash_algorithm"], whole["hash"], whole["size"]) == (SHA256, SENT.sha256, SENT.bytes)
    assert csv["opendata_sha256"] == PACKAGE.files[0].sha256


def test_a_table_is_described_in_both_languages_with_its_units() -> None:
    csv = mapped().resources[0]
    assert csv["name"] == "Diện tích lúa (CSV)"
    assert csv["description"] == "Đơn vị tính: Diện tích – nghìn ha.\n\nArea of paddy\n\nUnit: Diện tích – nghìn ha."
    assert csv["license"] == EU + "licence/CC_BY_4_0"
    assert str(csv["rights"]).startswith("Giấy phép: CC-BY-4.0")


@pytest.mark.parametrize(
    ("named", "schema", "conforms"),
    [
        ("agriculture/paddy-by-province@1.0", "agriculture/paddy-by-province@1.0", ""),
        ("https://a.vn/schema", "", json.dumps(["https://a.vn/schema"])),
        ("anything else", "", ""),
        (None, "", ""),
    ],
)
def test_a_tables_schema_is_ours_or_an_address(named: str | None, schema: str, conforms: str) -> None:
    table = {"name": "area", "schema": {"fields": list(FIELDS), "conformsTo": named}}
    csv = with_(resources=[table]).resources[0]
    assert (csv["opendata_schema"], csv["conforms_to"]) == (schema, conforms)


def test_a_tables_own_licence_stands_over_the_packages() -> None:
    tables = [{"name": "area", "licenses": [{"name": "MIT"}], "schema": {"fields": []}}]
    csv, _parquet, whole = with_(resources=tables).resources
    assert (csv["license"], whole["license"]) == ("https://opensource.org/license/mit", EU + "licence/CC_BY_4_0")


def test_the_summary_stands_with_the_descriptor_alone_and_can_be_held() -> None:
    made = mapped(summary={"metadata": {"title\x00": "0f"}})
    assert [item["opendata_summary"] for item in made.resources] == ["", "", {"metadata": {"title": "0f"}}]


def test_what_is_too_long_for_one_text_is_cut() -> None:
    made = with_(description="dài " * 20_000, title="t" * 5000)
    assert len(str(made.fields["notes"]).encode()) < MOST + 1000
    assert str(made.fields["title"]).endswith("…")


def test_what_is_too_long_altogether_is_an_error_that_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapping, "WHOLE_MOST", 1000)
    with pytest.raises(DataError, match="The description of paddy is too large for CKAN") as caught:
        mapped()
    assert caught.value.where == "paddy"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(sorted({*PACKAGE.descriptor, "homepage", "created"} - {"resources"}))


@given(st.dictionaries(KEYS, JSON, max_size=6), JSON)
@settings(max_examples=200)
def test_whatever_a_descriptor_says_is_sent_in_a_form_that_is_held(more: dict[str, Any], table: object) -> None:
    resources = [table, {"name": "area", "title": table, "schema": table, "licenses": table}]
    made = with_(**more, resources=resources)
    canonical(made.dataset)
    texts = [*made.extras.values(), *(str(value) for key, value in made.fields.items() if key != "tags")]
    assert [text for text in texts if holdable(text) != text or len(text.encode()) > 2 * MOST] == []
    assert all(made.extras.values())
    assert made.extras.keys() <= EXTRAS
