"""Run as a program: publish two editions in turn to a folder, killed again and again at random moments.

After each kill a run that is left alone must end in the right state. Prints one line when all went well.
usage: site_killer.py FOLDER KILLS SEED
"""

from __future__ import annotations

import functools
import itertools
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from built_helpers import built, ready
from kill_helpers import ended_well, killed_after, started
from site_helpers import Site, as_built, seen_by_descriptor

if TYPE_CHECKING:
    from opendata.model import BuiltPackage

LARGE = [("11", str(1995 + row % 30), f"{row}.50", "2024-12-31") for row in range(20_000)]


def editions(folder: Path) -> tuple[BuiltPackage, BuiltPackage]:
    """The two editions, large enough to be met half written."""
    return built(folder, rows=LARGE, parquet=b"x" * 500_000), built(folder, rows=LARGE[1:], parquet=b"y" * 500_000)


def in_turn(site: Site, packages: tuple[BuiltPackage, BuiltPackage]) -> None:
    """Publish the editions in turn, for ever."""
    for package in itertools.cycle(packages):
        site.publish(ready(package))


def left_alone(site: Site, package: BuiltPackage, all_: tuple[BuiltPackage, ...]) -> None:
    """Publish one edition, and look at what is there after."""
    assert site.publish(ready(package)).verified
    assert seen_by_descriptor(site.root, "paddy") == as_built(package)
    state = site.state(ready(package))
    assert state.faults == ()
    assert state.datasets[0].faults == ()
    assert not [path for path in site.root.rglob("*") if path.name.startswith(".aside-")]
    assert site.folders("paddy") <= {item.folder_digest for item in all_}


def main(folder: Path, kills: int, seed: int) -> None:
    site, packages, chance = Site(folder / "portal"), editions(folder), random.Random(seed)  # noqa: S311 - moments, no secrets
    site.publish(ready(packages[0]))
    print("published", flush=True)  # noqa: T201 - the test waits for this line
    for number in range(kills):
        killed_after(chance.uniform(0.001, 0.15), lambda: in_turn(site, packages))
        wanted = packages[number % 2]
        assert ended_well(started(functools.partial(left_alone, site, wanted, packages))), f"after kill {number}"
    print("survived", flush=True)  # noqa: T201 - the test's verdict


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
