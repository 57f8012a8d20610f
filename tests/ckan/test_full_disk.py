"""The portal's disk is full, in truth: a small filesystem lies beneath the folders where CKAN keeps a dataset's files.

Only beneath those: whoever else uses the portal meanwhile has the whole disk.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from catalogue_helpers import change, package
from ckan_desk import Desk
from ckan_helpers import datasets
from ckan_matrix import half_seen
from ckan_poller import polled, versions_in
from ckan_visitor import seen_by_anyone
from cli_helpers import Ran, run
from fault_proxy import FaultProxy
from small_disk import NoMountError, SmallDisk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from ckan_helpers import Organisation

ROWS = "".join(f"Sông {number},{number}\n" for number in range(900))


pytestmark = pytest.mark.usefixtures("officer")


@pytest.fixture
def disk(tmp_path: Path, organisation: Organisation) -> Iterator[SmallDisk]:
    if organisation.portal.folder is None:
        pytest.skip("this portal is named by its address: its disk is not here")
    with ExitStack() as stack:
        try:
            yield stack.enter_context(SmallDisk(tmp_path / "disk"))
        except NoMountError as error:
            pytest.skip(str(error))


@pytest.fixture
def name(tmp_path: Path, organisation: Organisation) -> str:
    called = f"{organisation.name}-levels"
    package(tmp_path / "c", called, rows=f"river,level_cm\n{ROWS}")
    return called


def publish(organisation: Organisation, url: str = "") -> Ran:
    target = url or organisation.portal.url
    return run("publish", "c", "--to", target, "--organization", organisation.name, "--lang", "en")


def carry(disk: SmallDisk, organisation: Organisation, paths: Collection[str] = ()) -> None:
    """Put those files of the organisation's datasets on the small disk, and fill it; all of them unless told which."""
    assert organisation.portal.folder is not None
    stored = organisation.portal.folder / "storage" / "resources"
    for dataset in datasets(organisation.portal, organisation):
        for file in dataset["resources"]:
            if not paths or file["opendata_path"] in paths:
                disk.carry(stored / file["id"][:3])
    disk.fill()


def refused(ran: Ran, called: str) -> None:
    """The run ended as one does whose step the portal could not serve: what, where, how to mend, and the status."""
    assert ran.code == 3, ran.out + ran.err
    assert f"failed  {called}" in ran.out
    what, remedy = ran.err.strip().splitlines()
    assert "500" in what
    assert what.endswith("package_revise")
    assert "look at its log and disk" in remedy


def built(folder: Path, name: str) -> dict[str, str]:
    assert run("build", "c", "--out", folder).code == 0
    return versions_in(folder)[name]


def test_nothing_is_seen_of_a_new_dataset_and_the_same_command_ends_right(
    disk: SmallDisk, organisation: Organisation, name: str, tmp_path: Path
) -> None:
    version = built(tmp_path / "built", name)
    with polled(organisation.portal.url, {name: [version]}) as diary:
        with FaultProxy(organisation.portal.url) as proxy:
            proxy.on(lambda seen: seen.action == "package_revise", before=lambda _: carry(disk, organisation))
            refused(publish(organisation, proxy.url), name)
        assert diary.met == set()
        assert seen_by_anyone(organisation.portal, organisation.dataset(name)) == []
        disk.free()
        assert publish(organisation).code == 0
    assert diary.findings == []
    assert {(name, path, digest) for path, digest in version.items()} <= diary.met


@pytest.mark.parametrize("full", ["from the first file on", "from the second file on"])
def test_a_changed_dataset_is_seen_whole_all_the_time_and_the_same_command_ends_right(
    full: str, disk: SmallDisk, organisation: Organisation, name: str, tmp_path: Path
) -> None:
    assert publish(organisation).code == 0
    versions = [built(tmp_path / "before", name)]
    (tmp_path / "c" / name / "data/levels.csv").write_text(f"river,level_cm\n{ROWS}Sông Đà,1\n", newline="")
    change(tmp_path / "c" / name, version="1.1.0")
    versions.append(built(tmp_path / "after", name))
    assert versions[0].keys() == versions[1].keys()
    assert versions[0] != versions[1]
    carry(disk, organisation, () if full == "from the first file on" else ["levels.parquet"])
    with polled(organisation.portal.url, {name: versions}) as diary:
        refused(publish(organisation), name)
        half = half_seen(Desk(organisation, tmp_path))
        disk.free()
        ran = publish(organisation)
    assert ran.code == 0, ran.out + ran.err
    assert half_seen(Desk(organisation, tmp_path)) == []
    assert {(name, path, digest) for path, digest in versions[1].items()} <= diary.met
    assert half == []
    assert diary.findings == []
