"""A dataset as the portal tells it: its stage, level, faults and files, and what the plan sees of them."""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path
from typing import Any

import pytest
from built_helpers import built
from small_desk import reread, whole, with_extras

from opendata.model import AccessLevel, Summary, summarise
from opendata_ckan.answers import PassingError
from opendata_ckan.held import Stage, file_path, held, portal_dataset

FOLDER = Path(tempfile.mkdtemp(prefix="held-"))
PACKAGE = built(FOLDER)
KEPT = whole(PACKAGE)[1]
SHARED = whole(built(FOLDER, level=AccessLevel.SHARED))[1]
SHELL = {"id": "k", "name": "paddy", "private": True, "metadata_modified": "2026"}
BEGUN = "Its publication was begun, but not finished."

Raw = dict[str, Any]


@pytest.mark.parametrize("stage", list(Stage))
def test_a_stage_is_told_by_its_word(stage: Stage) -> None:
    assert held(with_extras(KEPT, opendata_stage=stage.value), "").stage is stage


@pytest.mark.parametrize("word", ["LIVE", "done", None])
def test_another_word_is_no_stage_of_ours(word: str | None) -> None:
    found = held(with_extras(KEPT, opendata_stage=word), "")
    assert (found.stage, found.intact) == (Stage.UNKNOWN, False)


@pytest.mark.parametrize(
    ("word", "private", "level"),
    [
        ("open", True, AccessLevel.OPEN),
        ("shared", False, AccessLevel.SHARED),
        ("internal", True, AccessLevel.SHARED),
        (None, True, AccessLevel.SHARED),
        (None, False, AccessLevel.OPEN),
    ],
)
def test_a_level_is_what_was_said_else_what_visitors_see(
    word: str | None, level: AccessLevel, *, private: bool
) -> None:
    assert reread(with_extras(KEPT, opendata_level=word), private=private).level is level


@pytest.mark.parametrize(
    ("stage", "intact"),
    [
        (Stage.LIVE, False),
        (Stage.SETTLING, False),
        (Stage.NEW, True),
        (Stage.HIDDEN, True),
        (Stage.WITHDRAWING, True),
    ],
)
def test_what_was_made_public_and_is_private_was_hidden_by_hand(stage: Stage, *, intact: bool) -> None:
    assert reread(with_extras(KEPT, opendata_stage=stage.value), private=True).intact is intact


def test_a_shared_one_is_as_it_should_be_in_private_and_at_fault_in_public() -> None:
    assert (held(SHARED, "").intact, held(SHARED, "").faults) == (True, ())
    seen = reread(SHARED, private=False)
    assert (seen.intact, seen.faults) == (True, ("It is not open, yet anyone can see it: it is made private.",))


def test_a_stub_that_was_never_filled_is_nobodys_edit() -> None:
    extras = [{"key": "opendata_id", "value": "1"}, {"key": "opendata_stage", "value": "new"}]
    found = reread(SHELL, extras=extras, title="by hand")
    assert (found.intact, found.faults, found.digest, found.missing) == (True, (BEGUN,), None, ())
    assert not reread(SHELL, extras=[*extras, {"key": "opendata_digest", "value": "sha256:0"}]).intact


@pytest.mark.parametrize("stage", [Stage.NEW, Stage.HIDDEN, Stage.SETTLING])
def test_what_was_begun_is_a_fault(stage: Stage) -> None:
    assert BEGUN in reread(with_extras(KEPT, opendata_stage=stage.value), private=True).faults


def test_a_file_that_is_on_its_way_out_is_a_fault_and_none_of_its_files() -> None:
    leaving = {"id": "r9", "name": "old.csv", "url": "", "opendata_gone": "old.csv"}
    found = reread(KEPT, resources=[*KEPT["resources"], leaving])
    assert (found.faults, [file.id for file in found.gone]) == ((BEGUN,), ["r9"])
    assert found.file("old.csv") is None


@pytest.mark.parametrize(
    "change",
    [{"url": ""}, {"url": None}, {"url_type": "link"}, {"url_type": None}, {"opendata_path": "other.csv"}],
)
def test_a_file_without_bytes_of_ours_is_missing(change: Raw) -> None:
    found = reread(KEPT, resources=[{**KEPT["resources"][0], **change}, *KEPT["resources"][1:]])
    assert (found.missing, found.faults) == (("area.csv",), ("A file is missing: area.csv",))
    assert "area.csv" not in [file.path for file in portal_dataset(found).files]


def test_which_files_belong_to_it_is_told_beside_them() -> None:
    assert reread(KEPT, resources=[]).missing == ("area.csv", "area.parquet", "datapackage.json")
    assert reread(KEPT, extras=[], resources=[]).missing == ()


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": 5},
        {"name": ""},
        {"metadata_modified": None},
        {"private": None},
        {"private": "false"},
        {"private": 0},
    ],
)
def test_without_its_first_words_it_is_no_dataset(change: Raw) -> None:
    with pytest.raises(PassingError, match="a dataset without id"):
        reread(KEPT, **change)


@pytest.mark.parametrize("odd", [None, "text", 5, [], [5, None, "a"], [{}], {"a": 1}])
def test_odd_parts_are_as_good_as_none(odd: object) -> None:
    found = reread(KEPT, extras=odd, resources=odd, tags=odd, groups=odd, organization=odd)
    assert (found.id, found.digest, found.files, found.owner) == (None, None, (), "")
    assert portal_dataset(found).id is None


@pytest.mark.parametrize(
    ("told", "removed"),
    [
        ('["r1", "r-2_X"]', ("r1", "r-2_X")),
        ("[]", ()),
        (None, ()),
        ("{}", ()),
        ('"r1"', ()),
        ('[["r1"], {"a": 1}, null, 5, "r1"]', ("r1",)),
        ('["../../etc", "a b", "\\ud800", "a?b", ""]', ()),
        ("[" * 9999, ()),
        ("not JSON", ()),
    ],
)
def test_what_a_withdrawn_one_had_is_told_by_ids_alone(told: str | None, removed: tuple[str, ...]) -> None:
    assert held(with_extras(KEPT, opendata_removed=told), "").removed == removed


def test_the_plan_sees_its_tables_and_what_stands_in_the_summary() -> None:
    seen = portal_dataset(held(KEPT, ""))
    assert (seen.id, seen.version, seen.level, seen.digest) == (PACKAGE.id, "1.0.0", AccessLevel.OPEN, PACKAGE.digest)
    assert [(file.path, file.bytes, file.sha256) for file in seen.files] == [
        (file.path, file.bytes, file.sha256) for file in PACKAGE.files
    ]
    assert (seen.intact, seen.faults, seen.owner, seen.title) == (True, (), "h15-05", "Lúa paddy sông Đà")
    assert seen.summary == summarise(PACKAGE.descriptor)


def test_a_summary_that_somebody_edited_is_none_and_of_an_empty_shell_it_is_empty() -> None:
    told = copy.deepcopy(KEPT)
    told["resources"][2]["opendata_summary"] = "edited"
    assert portal_dataset(held(told, "")).summary is None
    assert portal_dataset(reread(SHELL, extras=[{"key": "opendata_id", "value": "1"}])).summary == Summary()


def test_of_what_is_not_ours_only_the_name_is_seen() -> None:
    for found, ours in ((held(KEPT, ""), False), (reread(KEPT, extras=[]), True)):
        seen = portal_dataset(found, ours=ours)
        assert (seen.name, seen.id, seen.digest, seen.files, seen.revision) == ("paddy", None, None, (), "")
        assert seen.owner == "h15-05"


def test_the_address_of_a_file_stays_within_its_dataset() -> None:
    assert file_path("../a", "r/../..", "x?y#z%2e") == "/dataset/..%2Fa/resource/r%2F..%2F../download/x%3Fy%23z%252e"
