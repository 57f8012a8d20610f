"""Licences and the other vocabularies: one id for a dataset, one URI and words for a file."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendata_ckan import vocabulary
from opendata_ckan.licensing import licence_id, licence_uri, rights
from opendata_ckan.vocabulary import EU, LICENCES

if TYPE_CHECKING:
    from pathlib import Path

    from opendata.model import Json

BY = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
MIT = {"name": "MIT"}
NC = {"name": "CC-BY-NC-4.0"}
OWN = {"name": "OGL-VN-1.0", "path": "https://example.vn/licence", "title": "Giấy phép dữ liệu mở"}
TITLED = {"title": "Phạm vi công cộng", "translations": {"en": {"title": "Public domain"}}}


def of(*licences: object) -> Json:
    return {"licenses": list(licences)}  # type: ignore[dict-item] # JSON


@pytest.mark.parametrize(
    ("licences", "id_", "uri"),
    [
        ([BY], "cc-by", EU + "licence/CC_BY_4_0"),
        ([{"name": " cc-by-4.0 "}], "cc-by", EU + "licence/CC_BY_4_0"),
        ([BY, MIT], "other-open", ""),
        ([BY, BY], "cc-by", EU + "licence/CC_BY_4_0"),
        ([BY, NC], "cc-by, cc-nc", ""),
        ([BY, OWN], "cc-by, OGL-VN-1.0", ""),
        ([OWN], "OGL-VN-1.0", "https://example.vn/licence"),
        ([{"path": "https://example.vn/licence"}], "https://example.vn/licence", "https://example.vn/licence"),
        ([TITLED], "Phạm vi công cộng", ""),
        ([{"name": "X", "path": "javascript:alert(1)"}], "X", ""),
        ([{}], "notspecified", ""),
        ([], "notspecified", ""),
        (["CC-BY-4.0", 5, None], "notspecified", ""),
    ],
)
def test_one_id_and_one_uri(licences: list[Any], id_: str, uri: str) -> None:
    assert (licence_id(of(*licences)), licence_uri(of(*licences))) == (id_, uri)


@pytest.mark.parametrize(
    ("licences", "words"),
    [
        ([BY], "Giấy phép: CC-BY-4.0 – {0}. Licence: CC-BY-4.0 – {0}.".format(BY["path"])),
        ([BY, MIT], "Giấy phép: CC-BY-4.0 – {0}; MIT. Licence: CC-BY-4.0 – {0}; MIT.".format(BY["path"])),
        ([TITLED], "Giấy phép: Phạm vi công cộng. Licence: Phạm vi công cộng – Public domain."),
        (
            [{"name": "other-closed", "title": "Theo Luật Thống kê"}],
            "Giấy phép: Theo Luật Thống kê. Licence: Theo Luật Thống kê.",
        ),
        ([{"name": "other-closed"}], "Giấy phép: other-closed. Licence: other-closed."),
        ([], ""),
    ],
)
def test_the_words_name_all_in_both_languages(licences: list[Any], words: str) -> None:
    assert rights(of(*licences)) == words


TEXT = st.text(st.characters(), max_size=30)
LICENCE = st.fixed_dictionaries({}, optional={"name": TEXT, "title": TEXT, "path": TEXT | st.just(BY["path"])})


@given(st.lists(LICENCE | st.sampled_from([BY, MIT, NC, OWN]), max_size=4))
def test_whatever_is_told_fits(licences: list[Any]) -> None:
    part = of(*licences)
    assert 0 < len(licence_id(part).encode()) <= 100
    assert rights(part) == "" or rights(part).startswith("Giấy phép: ")
    assert len(rights(part).encode()) <= 4100
    assert licence_uri(part) == "" or re.match("https?://", licence_uri(part))


@given(st.permutations([BY, MIT, NC, OWN]))
def test_the_id_of_one_does_not_hang_on_the_others_order(licences: list[Any]) -> None:
    assert sorted(licence_id(of(*licences)).split(", ")) == ["OGL-VN-1.0", "cc-by", "cc-nc", "other-open"]


def test_every_licence_is_one_that_ckan_knows_by_that_id() -> None:
    known = {
        *("cc-by", "cc-by-sa", "cc-zero", "cc-nc", "gfdl", "notspecified", "odc-by", "odc-odbl", "odc-pddl"),
        *("other-at", "other-closed", "other-nc", "other-open", "other-pd", "uk-ogl"),
    }
    assert {licence.id for licence in LICENCES.values()} <= known
    assert {name for name in LICENCES if name != name.lower()} == set()
    assert not [licence for licence in LICENCES.values() if licence.open and licence.id in {"cc-nc", "other-closed"}]


def codes(project: Path, name: str) -> set[str]:
    told = json.loads((project / "schemas" / "codelists" / f"{name}.json").read_bytes())
    return {item["code"] for item in told["codes"]}


def test_every_word_of_the_code_lists_has_its_own(project: Path) -> None:
    assert vocabulary.FREQUENCIES.keys() == codes(project, "frequencies")
    assert vocabulary.THEMES.keys() == codes(project, "sectors")
    uris = [*vocabulary.FREQUENCIES.values(), *(uri for told in vocabulary.THEMES.values() for uri in told)]
    assert not [uri for uri in uris if not uri.startswith(EU)]
    assert len(set(vocabulary.FREQUENCIES.values())) == len(vocabulary.FREQUENCIES)
