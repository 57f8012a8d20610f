"""What was edited by hand is named as an officer calls it, in both languages; where it cannot be told, it is not."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built
from small_desk import reread, whole, with_extras

from opendata.messages import translate, use
from opendata_ckan.edits import NAMES, edited
from opendata_ckan.held import held, portal_dataset
from opendata_ckan.mapping import EXTRAS, FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(tempfile.mkdtemp(prefix="edits-"))
KEPT = whole(built(FOLDER, more={"homepage": "https://a.vn", "created": "2026-01-02", "keywords": ["lúa"]}))[1]


@pytest.fixture
def vietnamese() -> Iterator[None]:
    use("vi")
    yield
    use("en")


def test_every_field_that_is_ours_has_a_name_in_both_languages() -> None:
    assert NAMES.keys() == {*FIELDS, *EXTRAS, "tags"}
    assert [word for word in NAMES.values() if translate(word, "vi") == word] == []


def test_what_nobody_edited_is_not_named() -> None:
    assert (held(KEPT, "").edited, portal_dataset(held(KEPT, "")).edited) == ((), ())


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"title": "Sửa"}, ("title",)),
        ({"notes": "Sửa", "title": "Sửa"}, ("title", "description")),
        ({"tags": [{"name": "khác"}]}, ("keywords",)),
        ({"tags": []}, ("keywords",)),
        ({"license_id": ""}, ("licence",)),
        ({"maintainer_email": "x@y.vn", "maintainer": "X"}, ("contact",)),
        ({"private": True}, ("visibility",)),
        ({"private": True, "version": "9"}, ("visibility", "version")),
    ],
)
def test_what_was_edited_is_named(change: dict[str, Any], names: tuple[str, ...]) -> None:
    assert portal_dataset(reread(KEPT, **change)).edited == names


@pytest.mark.parametrize("key", sorted(EXTRAS))
def test_so_is_each_extra_that_came_went_or_changed(key: str) -> None:
    assert held(with_extras(KEPT, **{key: "by hand"}), "").edited == (NAMES[key],)
    if any(item["key"] == key for item in KEPT["extras"]):
        assert held(with_extras(KEPT, **{key: None}), "").edited == (NAMES[key],)
        twice = [*KEPT["extras"], {"key": key, "value": "twice"}]
        assert NAMES[key] in edited(held(KEPT, "").extras["opendata_seal"], {**KEPT, "extras": twice})


def test_a_file_is_named_by_its_path() -> None:
    told = copy.deepcopy(KEPT)
    told["resources"][0]["description"] = "by hand"
    assert held(told, "").edited == ("file area.csv",)
    assert reread(KEPT, resources=[*KEPT["resources"], KEPT["resources"][0]]).edited == ("file area.csv",)


@pytest.mark.usefixtures("vietnamese")
def test_they_are_named_in_vietnamese() -> None:
    names = reread(KEPT, title="X", notes="X", tags=[], license_id="X", maintainer="X").edited
    assert names == ("tiêu đề", "mô tả", "từ khóa", "giấy phép", "liên hệ")


@pytest.mark.parametrize("seal", [None, "sha256:0", "[]", "5", "{", "[" * 100_000, "null", "{}"])
def test_where_the_seal_is_none_nothing_is_named(seal: str | None) -> None:
    found = held(with_extras({**KEPT, "title": "X"}, opendata_seal=seal), "")
    assert (found.intact, found.edited) == (False, ())
