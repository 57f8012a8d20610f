"""Reading a dataset with its descriptor, listing all, and reading back what was sent."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built
from scripted_portal import KEY, Asked, Scripted, Told
from small_ckan import SITE, SmallCkan
from small_desk import whole, with_extras

from opendata.errors import IntegrityError, PortalError
from opendata.model import AccessLevel, dump
from opendata.model.layout import plain
from opendata_ckan import CkanPublisher, reading_back, sending
from opendata_ckan.held import held
from opendata_ckan.mapping import Terms
from opendata_ckan.reading_back import MismatchError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.model import BuiltPackage, PortalDataset

Raw = dict[str, Any]


pytestmark = pytest.mark.usefixtures("slept")


def id_of(ckan: SmallCkan, path: str) -> str:
    return str(next(item["id"] for item in ckan.named("paddy")["resources"] if item["opendata_path"] == path))


def read(script: Callable[[Asked], Told], **target: Any) -> PortalDataset | None:  # noqa: ANN401 - as a target has it
    with Scripted(script) as portal:
        return CkanPublisher(portal.target(**target)).look(["paddy"], visitor=True).dataset("paddy")


def listed(script: Callable[[Asked], Told], words: str = "", **target: Any) -> list[str]:  # noqa: ANN401 - as a target has it
    with Scripted(script) as portal:
        return [line.name for line in CkanPublisher(portal.target(**target)).entries(words)]


# ---- one with its descriptor


def test_a_visitor_reads_what_is_open_without_a_token(ckan: SmallCkan, package: BuiltPackage) -> None:
    for target in ({"token": None}, {}):
        found = read(ckan, **target)
        assert found is not None
        assert found.descriptor == plain(package.descriptor)
        assert (found.id, found.version, found.digest, found.level) == (
            package.id,
            "1.0.0",
            package.digest,
            AccessLevel.OPEN,
        )
        assert [(file.path, file.bytes) for file in found.files] == [(file.path, file.bytes) for file in package.files]
        assert [file.sha256 for file in found.files] == [file.sha256 for file in package.files]
    assert {item for item in ckan.log if not item.endswith(" as visitor")} == set()  # the token was not needed


def test_what_is_shared_is_read_with_a_token_alone(tmp_path: Path) -> None:
    ckan = whole(built(tmp_path, level=AccessLevel.SHARED))[0]
    assert read(ckan, token=None) is None
    found = read(ckan)
    assert found is not None
    assert found.level is AccessLevel.SHARED


@pytest.mark.parametrize("change", [{"opendata_id": None}, {"opendata_digest": None}])
def test_what_is_not_ours_or_holds_no_edition_is_not_read(change: dict[str, None], ckan: SmallCkan) -> None:
    ckan.store(with_extras(copy.deepcopy(ckan.named("paddy")), **change))
    assert read(ckan) is None
    assert read(SmallCkan()) is None


@pytest.mark.parametrize("spoil", ["other", "edited", "of another", "no JSON", "gone", "not ours", "not stored"])
def test_a_descriptor_that_its_digest_does_not_name_is_not_believed(
    spoil: str, ckan: SmallCkan, package: BuiltPackage, tmp_path: Path
) -> None:
    key = id_of(ckan, "datapackage.json")
    told = json.loads(ckan.files[key])
    if spoil == "other":
        ckan.files[key] = dump(built(tmp_path, rows=[]).descriptor)
    elif spoil == "edited":
        ckan.files[key] = dump({**told, "title": "by hand"})
    elif spoil == "of another":
        ckan.store(with_extras(copy.deepcopy(ckan.named("paddy")), opendata_id="another"))
    elif spoil == "no JSON":
        ckan.files[key] = b"<html>"
    else:
        change = {"gone": {"opendata_path": ""}, "not ours": {"url_type": "link"}, "not stored": {"url": None}}[spoil]
        ckan.named("paddy")["resources"][-1] |= change
    with pytest.raises(IntegrityError, match="not the one that its digest names"):
        read(ckan)
    assert package.descriptor["title"] != "by hand"


def test_one_that_changes_while_it_is_read_is_read_once_more(ckan: SmallCkan, tmp_path: Path) -> None:
    later, later_kept = whole(built(tmp_path, rows=[], version="2.0.0"))
    left = [True]

    def answer(asked: Asked) -> Told:
        told = ckan(asked)
        if left and asked.path.endswith("/package_show"):  # published anew right after it was looked at
            left.clear()
            ckan.datasets.clear()
            ckan.files.clear()
            ckan.files |= later.files
            ckan.store(copy.deepcopy(later_kept))
        return told

    found = read(answer)
    assert found is not None
    assert found.version == "2.0.0"


def test_a_file_that_the_portal_has_no_more_is_none_of_its_files(ckan: SmallCkan) -> None:
    ckan.named("paddy")["resources"].pop(0)
    found = read(ckan)
    assert found is not None
    assert [file.path for file in found.files] == ["area.parquet"]


# ---- all as lines


def test_lines_are_those_of_ours_with_an_edition_that_match_all_words(ckan: SmallCkan) -> None:
    kept = ckan.named("paddy")
    for name, change in (("empty", {"opendata_digest": None}), ("theirs", {"opendata_id": None})):
        ckan.store({**with_extras(copy.deepcopy(kept), **change), "id": name, "name": name})
    ckan.store({**copy.deepcopy(kept), "id": "tea", "name": "tea", "title": "Chè Đình Lập", "private": True})
    assert listed(ckan) == ["paddy", "tea"]
    assert listed(ckan, token=None) == ["paddy"]
    assert listed(ckan, "che dinh LAP") == ["tea"]
    assert listed(ckan, "paddy gạo") == []
    assert listed(ckan, "area of paddy") == ["paddy", "tea"]  # the English texts too


def test_a_line_of_odd_parts_is_one_all_the_same(ckan: SmallCkan) -> None:
    ckan.named("paddy").update(title=None, notes=5, tags=["a", {"name": None}], resources=["a", {"name": 5}])
    assert listed(ckan) == ["paddy"]


# ---- reading back


def back(
    ckan: SmallCkan, package: BuiltPackage, change: Callable[[Raw], object], *, visitor: bool = False
) -> dict[str, str]:
    """Read back what stands there as the portal tells it once it was changed."""
    told = copy.deepcopy(ckan.named("paddy"))
    sent = sending.parcel(package, held(told, ""), SITE, Terms())
    change(told)
    with Scripted(ckan) as portal:
        connection, found = portal.connection(), held(told, "")
        if visitor:
            return dict(reading_back.as_visitor(connection, found, package, sent))
        return dict(reading_back.as_owner(connection, found, package, sent)[1])


@pytest.mark.parametrize("visitor", [True, False])
def test_the_digests_of_what_came_are_told(ckan: SmallCkan, package: BuiltPackage, *, visitor: bool) -> None:
    told = back(ckan, package, lambda _told: None, visitor=visitor)
    assert {path: told[path] for path in ("area.csv", "area.parquet")} == {
        file.path: file.sha256 for file in package.files
    }
    assert {item.endswith(" as visitor") for item in ckan.log} == {visitor}


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.update(title="by hand"),
        lambda told: told["resources"].pop(),
        lambda told: told["resources"][0].update(url=None),
        lambda told: told["resources"][0].update(opendata_sha256="0f" * 32),
        lambda told: told.update(extras=[]),
    ],
)
@pytest.mark.parametrize("visitor", [True, False])
def test_what_is_not_told_as_it_was_sent_is_a_mismatch(
    change: Callable[[Raw], object], ckan: SmallCkan, package: BuiltPackage, *, visitor: bool
) -> None:
    with pytest.raises(MismatchError):
        back(ckan, package, change, visitor=visitor)
    assert ckan.log == []


def test_nothing_there_is_a_mismatch_and_private_is_one_for_a_visitor(ckan: SmallCkan, package: BuiltPackage) -> None:
    sent = sending.parcel(package, held(ckan.named("paddy"), ""), SITE, Terms())
    with Scripted(ckan) as portal, pytest.raises(MismatchError):
        reading_back.as_owner(portal.connection(), None, package, sent)
    with pytest.raises(MismatchError):
        back(ckan, package, lambda told: told.update(private=True), visitor=True)


def test_other_bytes_are_read_once_more_and_are_then_a_mismatch(ckan: SmallCkan, package: BuiltPackage) -> None:
    key = id_of(ckan, "area.csv")
    right = ckan.files[key]
    ckan.files[key] = b"other"
    with pytest.raises(MismatchError, match=r"(?s)What was read back.*http://127\S+ paddy: area\.csv"):
        back(ckan, package, lambda _told: None)
    assert len([item for item in ckan.log if "area.csv" in item]) == 2
    ckan.watch = lambda ckan: ckan.files.update({key: right})  # the way back was at fault, once
    assert back(ckan, package, lambda _told: None)["area.csv"] == package.files[0].sha256


def test_a_visitor_who_is_refused_a_file_is_an_error(ckan: SmallCkan, package: BuiltPackage) -> None:
    def answer(asked: Asked) -> Told:
        return ckan(asked) if asked.token == KEY else Told(403)

    told = held(ckan.named("paddy"), "")
    sent = sending.parcel(package, told, SITE, Terms())
    with Scripted(answer) as portal, pytest.raises(PortalError, match="A visitor is refused"):
        reading_back.as_visitor(portal.connection(), told, package, sent)
