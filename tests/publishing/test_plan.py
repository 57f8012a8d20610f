from __future__ import annotations

import dataclasses
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from built_helpers import FIELDS, ROWS, built, identity, ready, stopped
from fake_portal import as_published

from opendata.messages import use
from opendata.model import AccessLevel, Action, Limits, PortalState, Standing, dump
from opendata.publishing.plan import make, to_json

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from opendata.model import Candidate, Plan, PortalDataset

OPEN = frozenset({AccessLevel.OPEN})
BOTH = frozenset({AccessLevel.OPEN, AccessLevel.SHARED})


def planned(
    *candidates: Candidate,
    there: Collection[PortalDataset] = (),
    withdrawn: Collection[str] = (),
    overwrite: Collection[str] = (),
    levels: frozenset[AccessLevel] = OPEN,
) -> Plan:
    state = PortalState(tuple(there), frozenset(withdrawn))
    return make("./portal", candidates, state, levels=levels, overwrite=overwrite)


def actions(plan: Plan) -> list[tuple[str, str]]:
    return [(step.action.value, step.name) for step in plan.steps]


def test_what_is_not_there_is_created(tmp_path: Path) -> None:
    package = built(tmp_path)
    (step,) = planned(ready(package)).steps
    assert (step.action, step.built, step.before, step.purge) == (Action.CREATE, package, None, False)


def test_what_is_the_same_is_kept(tmp_path: Path) -> None:
    package = built(tmp_path)
    plan = planned(ready(package), there=[as_published(package)])
    assert actions(plan) == [("keep", "paddy")]
    assert plan.pending == ()


def test_a_parquet_written_by_another_pyarrow_is_no_change(tmp_path: Path) -> None:
    plan = planned(ready(built(tmp_path, parquet=b"new")), there=[as_published(built(tmp_path, parquet=b"old"))])
    assert actions(plan) == [("keep", "paddy")]


def test_new_rows_are_an_update_that_names_the_files(tmp_path: Path) -> None:
    old, new = built(tmp_path), built(tmp_path, rows=ROWS[:1], version="1.1.0")
    (step,) = planned(ready(new), there=[as_published(old)]).steps
    assert step.action is Action.UPDATE
    assert step.changes == ("Version 1.0.0 becomes 1.1.0.", "Files with new bytes: area.csv, area.parquet.")
    assert not step.purge


def test_new_bytes_under_the_same_version_are_warned_of(tmp_path: Path) -> None:
    old, new = built(tmp_path), built(tmp_path, rows=ROWS[:1])
    (step,) = planned(ready(new), there=[as_published(old)]).steps
    assert step.changes[0].startswith("The version is still 1.0.0")


def test_changed_metadata_and_fields_are_named(tmp_path: Path) -> None:
    wider = (*({**field, "title": "Khác"} if field["name"] == "area" else field for field in FIELDS), {"name": "note"})
    new = built(tmp_path, fields=wider, version="2", more={"title": "Lúa mới", "keywords": []})
    (step,) = planned(ready(new), there=[as_published(built(tmp_path))]).steps
    assert "The metadata changes: keywords, title." in step.changes
    assert "New fields: area.note." in step.changes
    assert "Fields described anew: area.area." in step.changes
    assert not step.purge


def test_a_field_no_longer_published_goes_first(tmp_path: Path) -> None:
    narrow = built(tmp_path, fields=FIELDS[:2], rows=[row[:2] for row in ROWS])
    (step,) = planned(ready(narrow), there=[as_published(built(tmp_path))]).steps
    assert step.purge
    assert "Fields no longer published: area.area, area.counted_on." in step.changes


def test_a_table_no_longer_published_goes_first(tmp_path: Path) -> None:
    (step,) = planned(ready(built(tmp_path)), there=[as_published(built(tmp_path, tables=("area", "yield")))]).steps
    assert step.purge
    assert "Files no longer published: yield.csv, yield.parquet." in step.changes


def test_a_new_table_is_told(tmp_path: Path) -> None:
    (step,) = planned(ready(built(tmp_path, tables=("area", "yield"))), there=[as_published(built(tmp_path))]).steps
    assert "New files: yield.csv, yield.parquet." in step.changes
    assert not step.purge


def test_a_portal_without_a_descriptor_is_purged_since_it_may_show_anything(tmp_path: Path) -> None:
    bare = dataclasses.replace(as_published(built(tmp_path, rows=ROWS[:1])), descriptor=None)
    (step,) = planned(ready(built(tmp_path)), there=[bare]).steps
    assert (step.action, step.purge) == (Action.UPDATE, True)


def test_faults_of_the_same_edition_are_mended(tmp_path: Path) -> None:
    package = built(tmp_path)
    broken = dataclasses.replace(as_published(package), faults=("A file is missing: area.csv",))
    (step,) = planned(ready(package), there=[broken]).steps
    assert (step.action, step.changes, step.purge) == (Action.UPDATE, ("A file is missing: area.csv",), False)


@pytest.mark.parametrize("other", [None, "another"])
@pytest.mark.parametrize("overwrite", [(), ("paddy",)])
def test_a_name_held_by_others_is_never_written_over(tmp_path: Path, other: str | None, overwrite: tuple[str]) -> None:
    held = dataclasses.replace(as_published(built(tmp_path)), id=other)
    plan = planned(ready(built(tmp_path)), there=[held], overwrite=overwrite)
    (step,) = plan.steps
    assert step.action is Action.CONFLICT
    assert "--overwrite" not in step.remedy
    assert plan.pending == ()


def test_metadata_edited_by_others_are_written_over_only_when_told(tmp_path: Path) -> None:
    package = built(tmp_path)
    edited = dataclasses.replace(as_published(package), intact=False)
    (step,) = planned(ready(package), there=[edited]).steps
    assert step.action is Action.CONFLICT
    assert step.remedy.endswith("--overwrite paddy")
    (step,) = planned(ready(package), there=[edited], overwrite=["paddy"]).steps
    assert (step.action, step.purge) == (Action.UPDATE, True)


@pytest.mark.parametrize("standing", [Standing.WITHHELD, Standing.REFUSED])
def test_what_may_be_seen_no_more_is_withdrawn(tmp_path: Path, standing: Standing) -> None:
    plan = planned(stopped("paddy", standing), there=[as_published(built(tmp_path))])
    assert actions(plan) == [("withdraw", "paddy")]
    assert plan.steps[0].id == identity("paddy")
    assert [(item.name, item.standing) for item in plan.left_out] == [("paddy", standing)]


def test_what_is_withheld_and_not_there_takes_no_step() -> None:
    plan = planned(stopped("paddy", Standing.WITHHELD))
    assert plan.steps == ()
    assert plan.left_out[0].reason == "because"


def test_another_datasets_name_is_not_withdrawn(tmp_path: Path) -> None:
    held = as_published(built(tmp_path, id=identity("others")))
    plan = planned(stopped("paddy", Standing.WITHHELD), there=[held])
    assert actions(plan) == [("conflict", "paddy")]
    assert "by hand" in plan.steps[0].remedy


def test_faulty_data_leave_what_is_there(tmp_path: Path) -> None:
    plan = planned(stopped("paddy", Standing.FAULTY), there=[as_published(built(tmp_path))])
    assert (plan.steps, plan.unknown) == ((), ())
    assert plan.left_out[0].standing is Standing.FAULTY


@pytest.mark.parametrize("editions", [("paddy--shared",), None])
def test_an_open_edition_goes_when_its_level_was_raised_to_shared(
    tmp_path: Path, editions: tuple[str, ...] | None
) -> None:
    shared = dataclasses.replace(
        stopped("paddy", Standing.NOT_FOR_TARGET), published_name="paddy--shared", editions=editions
    )
    plan = planned(shared, there=[as_published(built(tmp_path))])
    assert actions(plan) == [("withdraw", "paddy")]


def test_an_open_edition_stays_when_only_the_shared_one_was_asked_for(tmp_path: Path) -> None:
    shared = dataclasses.replace(
        stopped("paddy", Standing.REFUSED), published_name="paddy--shared", editions=("paddy", "paddy--shared")
    )
    assert planned(shared, there=[as_published(built(tmp_path))]).steps == ()
    assert planned(dataclasses.replace(shared, editions=None), there=[as_published(built(tmp_path))]).steps == ()


def test_a_shared_edition_goes_when_the_level_allows_none(tmp_path: Path) -> None:
    there = [as_published(built(tmp_path, "paddy--shared", id=identity("paddy"), level=AccessLevel.SHARED))]
    plan = planned(ready(built(tmp_path)), there=there, levels=BOTH)
    assert actions(plan) == [("withdraw", "paddy--shared"), ("create", "paddy")]


def test_what_the_portal_cannot_protect_is_left_out(tmp_path: Path) -> None:
    package = built(tmp_path, "paddy--shared", level=AccessLevel.SHARED)
    plan = planned(ready(package))
    assert plan.steps == ()
    assert plan.left_out[0].standing is Standing.NOT_FOR_TARGET
    assert actions(planned(ready(package), levels=BOTH)) == [("create", "paddy--shared")]


def test_reopening_a_withdrawn_dataset_is_a_conflict_until_told(tmp_path: Path) -> None:
    package = built(tmp_path)
    (step,) = planned(ready(package), withdrawn=[package.id]).steps
    assert step.action is Action.CONFLICT
    assert step.remedy.endswith("--overwrite paddy")
    (step,) = planned(ready(package), withdrawn=[package.id], overwrite=["paddy"]).steps
    assert step.action is Action.CREATE


def test_what_was_half_withdrawn_and_opened_again_is_purged(tmp_path: Path) -> None:
    old, new = as_published(built(tmp_path)), built(tmp_path, rows=ROWS[:1])
    (step,) = planned(ready(new), there=[old], withdrawn=[new.id], overwrite=["paddy"]).steps
    assert (step.action, step.purge) == (Action.UPDATE, True)


def test_two_packages_of_one_name_are_a_conflict(tmp_path: Path) -> None:
    plan = planned(ready(built(tmp_path)), ready(built(tmp_path, id=identity("twin"))))
    assert actions(plan) == [("conflict", "paddy")]


def test_withdrawals_come_first_then_what_shows_too_much_then_names(tmp_path: Path) -> None:
    narrow = built(tmp_path, "tea", fields=FIELDS[:1], rows=[row[:1] for row in ROWS])
    there = [as_published(built(tmp_path, name)) for name in ("beds", "tea", "zinc")]
    plan = planned(
        ready(built(tmp_path, "air")),
        ready(narrow),
        ready(built(tmp_path, "beds", rows=ROWS[:1])),
        stopped("zinc", Standing.WITHHELD),
        there=there,
    )
    assert actions(plan) == [("withdraw", "zinc"), ("update", "tea"), ("create", "air"), ("update", "beds")]


def test_what_is_gone_from_the_catalogue_is_only_told(tmp_path: Path) -> None:
    foreign = dataclasses.replace(as_published(built(tmp_path, "others")), id=None)
    plan = planned(there=[as_published(built(tmp_path)), foreign])
    assert (plan.steps, plan.unknown) == ((), ("paddy",))


def test_the_portals_own_faults_are_part_of_the_plan() -> None:
    plan = make("./portal", (), PortalState(faults=("The index is not up to date.",)), levels=OPEN)
    assert plan.faults == ("The index is not up to date.",)
    assert plan.digest != make("./portal", (), PortalState(), levels=OPEN).digest


def test_the_digest_tells_plans_apart(tmp_path: Path) -> None:
    old, new = built(tmp_path), built(tmp_path, rows=ROWS[:1])
    found = as_published(old)
    plans = [
        planned(ready(new)),
        planned(ready(old)),
        planned(ready(new), there=[found]),
        planned(ready(new), there=[dataclasses.replace(found, revision="2")]),
        planned(ready(new), there=[dataclasses.replace(found, faults=("x",))]),
        planned(ready(new), there=[found, as_published(built(tmp_path, "tea"))]),
        planned(stopped("paddy", Standing.WITHHELD)),
    ]
    assert len({plan.digest for plan in plans}) == len(plans)


@pytest.fixture
def _back_to_english() -> Iterator[None]:
    yield
    use("en")


@pytest.mark.usefixtures("_back_to_english")
def test_the_digest_does_not_depend_on_the_language(tmp_path: Path) -> None:
    package, found = built(tmp_path, rows=ROWS[:1]), as_published(built(tmp_path))
    digests = []
    for language in ("en", "vi"):
        use(language)
        digests.append(planned(ready(package), there=[found]).digest)
    assert digests[0] == digests[1]


def test_a_plan_as_json_says_what_will_be_done(tmp_path: Path) -> None:
    plan = planned(
        ready(built(tmp_path, rows=ROWS[:1])), stopped("tea", Standing.REFUSED), there=[as_published(built(tmp_path))]
    )
    told = json.loads(dump(to_json(plan)))
    assert told["digest"] == plan.digest
    assert told["steps"][0]["action"] == "update"
    assert told["steps"][0]["before"]["digest"] != told["steps"][0]["digest"]
    assert told["left_out"] == [{"name": "tea", "standing": "refused", "reason": "because", "remedy": "mend"}]


def limited(candidate: Candidate, most: int | None, *there: PortalDataset, overwrite: Collection[str] = ()) -> Plan:
    state, limits = PortalState(there), Limits(most)
    return make("./portal", (candidate,), state, levels=OPEN, overwrite=overwrite, limits=limits)


def test_a_file_that_the_portal_does_not_take_is_a_conflict_that_names_it(tmp_path: Path) -> None:
    package = built(tmp_path)
    table = package.files[0]
    (step,) = limited(ready(package), table.bytes - 1).steps
    assert step.action is Action.CONFLICT
    assert f"{table.path} ({table.bytes})" in step.changes[0]
    assert f"{table.bytes - 1} bytes" in step.changes[0]
    assert f"{table.bytes - 1} bytes" in step.remedy


def test_a_file_of_just_the_size_that_the_portal_takes_is_sent(tmp_path: Path) -> None:
    package = built(tmp_path)
    most = max(file.bytes for file in package.files)
    assert actions(limited(ready(package), most)) == actions(limited(ready(package), None)) == [("create", "paddy")]


def test_all_files_that_are_too_large_are_named(tmp_path: Path) -> None:
    (step,) = limited(ready(built(tmp_path)), 1).steps
    assert [name in step.changes[0] for name in ("area.csv (", "area.parquet (")] == [True, True]


def test_what_is_too_large_is_no_update_and_no_overwrite_either(tmp_path: Path) -> None:
    before = as_published(built(tmp_path, rows=ROWS[:1]))
    assert actions(limited(ready(built(tmp_path)), 1, before)) == [("conflict", "paddy")]
    assert actions(limited(ready(built(tmp_path)), 1, before, overwrite=["paddy"])) == [("conflict", "paddy")]


def test_what_is_there_already_stays_whatever_the_limit_is_now(tmp_path: Path) -> None:
    package = built(tmp_path)
    assert actions(limited(ready(package), 1, as_published(package))) == [("keep", "paddy")]


def test_a_large_file_that_is_not_sent_again_is_no_hindrance(tmp_path: Path) -> None:
    before, after = built(tmp_path), built(tmp_path, version="2", more={"title": "Khác"})
    assert [file.sha256 for file in before.files] == [file.sha256 for file in after.files]
    assert actions(limited(ready(after), 1, as_published(before))) == [("update", "paddy")]


def test_what_anyone_sees_and_is_not_open_is_no_edit_to_be_left(tmp_path: Path) -> None:
    package = built(tmp_path, level=AccessLevel.SHARED)
    public = replace(as_published(package), level=AccessLevel.OPEN, intact=False)
    levels = {AccessLevel.OPEN, AccessLevel.SHARED}
    (step,) = make("fake", (ready(package),), PortalState((public,)), levels=levels).steps
    assert step.action is Action.UPDATE
    assert "anyone can see it" in step.changes[0]
    (step,) = make("fake", (ready(package),), PortalState((replace(public, intact=True),)), levels=levels).steps
    assert step.action is Action.UPDATE


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ((), "The metadata of this dataset was edited on the portal by somebody else."),
        (("title", "tags"), "The metadata of this dataset was edited on the portal by somebody else: title, tags."),
    ],
)
def test_a_conflict_names_what_was_edited_where_the_portal_tells(
    fields: tuple[str, ...], told: str, tmp_path: Path
) -> None:
    package = built(tmp_path)
    plan = planned(ready(package), there=[replace(as_published(package), intact=False, edited=fields)])
    assert (plan.steps[0].action, plan.steps[0].changes) == (Action.CONFLICT, (told,))
    unnamed = planned(ready(package), there=[replace(as_published(package), intact=False)])
    assert unnamed.digest == plan.digest  # the names are in the user's language


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ((), "What was edited on the portal is written over; until that is done, visitors may not see the dataset."),
        (
            ("title",),
            "Edited on the portal and written over: title. Until that is done, visitors may not see the dataset.",
        ),
    ],
)
def test_an_edit_that_is_written_over_is_called_no_leak(fields: tuple[str, ...], told: str, tmp_path: Path) -> None:
    package, more = built(tmp_path), built(tmp_path, fields=FIELDS[:1], rows=[row[:1] for row in ROWS])
    by_hand = replace(as_published(package), intact=False, edited=fields)
    (step,) = planned(ready(package), there=[by_hand], overwrite=["paddy"]).steps
    assert (step.changes, step.purge) == ((told,), True)
    (step,) = planned(ready(more), there=[by_hand], overwrite=["paddy"]).steps
    assert "may show more than may be seen" in step.changes[-1]
