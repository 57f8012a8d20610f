"""Carrying out steps while others write to the same dataset."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from built_helpers import built, identity, ready
from small_ckan import SmallCkan
from small_desk import carried, whole, with_extras

from opendata.errors import ConflictError, PortalError
from opendata_ckan import patience
from opendata_ckan.answers import PassingError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from opendata.model import BuiltPackage

Raw = dict[str, Any]


pytestmark = pytest.mark.usefixtures("slept")


def once(ckan: SmallCkan, action: str, happening: Callable[[], object], *, before: bool = False) -> None:
    """Let something happen before or after the first request of that action."""
    left = [True]
    plain = getattr(ckan, f"_{action}")

    def act(data: Raw, more: Any) -> Any:  # noqa: ANN401 - as the action has it
        if before and left:
            left.clear()
            happening()
        told = plain(data, more)
        if left:
            left.clear()
            happening()
        return told

    setattr(ckan, f"_{action}", act)


def edit(ckan: SmallCkan, **changes: Any) -> None:  # noqa: ANN401 - as a dataset has it
    ckan.store({**copy.deepcopy(ckan.named("paddy")), **changes})


def test_an_edit_between_plan_and_step_is_left_alone(ckan: SmallCkan, later: BuiltPackage) -> None:
    with pytest.raises(ConflictError, match="changed on the portal after the plan was made"):
        carried(ckan, ready(later), lambda ckan: edit(ckan, title="by hand"))
    assert ckan.named("paddy")["title"] == "by hand"


def test_an_edit_between_reading_and_writing_is_not_lost(ckan: SmallCkan, later: BuiltPackage) -> None:
    once(ckan, "package_revise", lambda: edit(ckan, title="by hand"), before=True)
    with pytest.raises(ConflictError):
        carried(ckan, ready(later))
    assert ckan.named("paddy")["title"] == "by hand"


def test_a_write_of_others_that_touches_nothing_of_ours_is_no_hindrance(ckan: SmallCkan, later: BuiltPackage) -> None:
    once(ckan, "package_revise", lambda: edit(ckan, groups=[{"name": "theirs"}]), before=True)
    assert carried(ckan, ready(later)).verified
    assert ckan.named("paddy")["groups"] == [{"name": "theirs"}, {"name": "agriculture"}]
    assert ckan.extras("paddy")["opendata_digest"] == later.digest


def test_another_run_of_the_same_that_was_first_is_met_with_content(later: BuiltPackage) -> None:
    ckan = SmallCkan()
    other = whole(later)[1]
    once(ckan, "package_create", lambda: ckan.store(copy.deepcopy(other)), before=True)
    ckan.files = whole(later)[0].files
    assert carried(ckan, ready(later)).verified
    assert len(ckan.datasets) == 1


def test_a_name_that_somebody_took_unseen_is_told(later: BuiltPackage) -> None:
    ckan = SmallCkan()
    ckan._package_create = lambda _data, _visitor: (_ for _ in ()).throw(ValueError("name"))  # type: ignore[method-assign] # the test's own portal
    with pytest.raises(ConflictError, match="name is taken on the portal"):
        carried(ckan, ready(later))


@pytest.mark.parametrize("there", ["another", "a withdrawn one"])
def test_what_came_under_the_name_since_is_not_written_over(there: str, package: BuiltPackage) -> None:
    kept = whole(package)[1]
    other = {"another": {"opendata_id": identity("x")}, "a withdrawn one": {"opendata_stage": "withdrawn"}}[there]
    ckan = SmallCkan()
    with pytest.raises(ConflictError, match="changed on the portal"):
        carried(ckan, ready(package), lambda ckan: ckan.store(with_extras(kept, **other)))
    assert ckan.writes() == ["package_create"]  # in vain: the name is taken


def test_a_dataset_that_is_gone_since_is_not_made_anew_by_an_update(ckan: SmallCkan, later: BuiltPackage) -> None:
    once(ckan, "package_revise", ckan.datasets.clear, before=True)
    with pytest.raises(PortalError):
        carried(ckan, ready(later))
    assert ckan.datasets == {}


def test_a_loaders_work_moves_the_date_and_is_no_hindrance(later: BuiltPackage) -> None:
    ckan = SmallCkan()
    once(ckan, "package_revise", lambda: edit(ckan, theirs="1"))  # after the filling, before it is revealed
    assert carried(ckan, ready(later)).verified
    assert len(ckan.public) == 1


def test_a_file_that_goes_before_they_are_put_in_order_is_a_change_of_others(ckan: SmallCkan, tmp_path: Path) -> None:
    wider = built(tmp_path, tables=("area", "yield"), version="1.1.0")
    once(ckan, "package_resource_reorder", lambda: ckan.named("paddy")["resources"].pop(0), before=True)
    assert carried(ckan, ready(wider)).verified
    assert [item["opendata_path"] for item in ckan.named("paddy")["resources"]][-1] == "datapackage.json"


def test_one_that_is_written_to_without_end_is_given_up(
    ckan: SmallCkan, later: BuiltPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = ckan._package_revise

    def revise(data: Raw, uploads: Any) -> Raw:  # noqa: ANN401 - as the action has it
        edit(ckan, theirs=str(len(ckan.log)))
        return plain(data, uploads)

    monkeypatch.setattr(ckan, "_package_revise", revise, raising=False)
    with pytest.raises(PassingError, match="being changed by others"):
        carried(ckan, ready(later))
    assert ckan.log.count("package_revise") == patience.ATTEMPTS
