"""Two who write to one dataset at the same time: what the other's work looks like to CKAN is tried again, or told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from built_helpers import built, ready
from scripted_portal import Asked, Told, error
from small_ckan import SmallCkan
from small_desk import carried

from opendata_ckan.placing import ChangedError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("slept")


class Losing(SmallCkan):
    """Has lost a file of the dataset at so many revisions: another writer was faster."""

    left = 1

    def __call__(self, asked: Asked) -> Told:
        if asked.path.endswith("/package_revise") and self.left:
            self.left -= 1
            return error(404, "Not Found Error")
        return super().__call__(asked)


def test_what_is_gone_since_it_was_read_is_tried_again(tmp_path: Path) -> None:
    outcome = carried(Losing(), ready(built(tmp_path)))
    assert outcome.verified


def test_what_stays_gone_is_said_to_be_changed_by_others(tmp_path: Path) -> None:
    ckan = Losing()
    ckan.left = 1000
    with pytest.raises(ChangedError, match="is being changed by others"):
        carried(ckan, ready(built(tmp_path)))
