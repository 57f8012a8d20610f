"""One large file to a CKAN portal: our upload beside curl's, in turn, and what memory it takes.

    python benchmarks/ckan_upload.py --url http://127.0.0.1:5000 --token-file TOKEN [--bytes 1000000000] [--runs 5]

Both send the same form to package_revise, into a private dataset that is there. TOKEN holds a sysadmin's token. The
portal must take files so large (ckan.max_resource_size); its disk and this one hold a few copies for a while.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import TYPE_CHECKING, Any

import house
from material import rows

from opendata.files import sha256

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckan_helpers import Organisation, Portal

RATIO, MEMORY = 1.05, 20_000_000
"""The goals: seconds against curl's, and bytes above what is held when idle."""
PIECE = 1_000_000


def main() -> None:
    """Upload by turns, then publish a whole package; print the figures and the goals."""
    asked = _asked()
    there = house.portal(asked.url, asked.token_file)
    with TemporaryDirectory(dir=asked.work) as folder, house.organisation(there) as made:
        file = _file(Path(folder) / "large.csv", asked.bytes)
        job = {"url": there.url, "token": made.token, "organisation": made.name, "file": str(file), "dataset": ""}
        job["sha256"] = sha256(file)
        try:
            ours, curl = _by_turns(there, made, job, asked.runs)
            whole = _ours(job)
        finally:
            for dataset in house.datasets(there, made):
                house.empty(there, dataset["id"], [item["id"] for item in dataset["resources"]])
        sys.stdout.write(_told(ours, curl, whole))


def _by_turns(there: Portal, made: Organisation, job: dict[str, Any], runs: int) -> tuple[list[Any], list[float]]:
    stub = [{"name": "large.csv", "format": "CSV", "url": ""}]
    asked: dict[str, Any] = {"name": f"{made.name}-large", "owner_org": made.id, "private": True, "resources": stub}
    dataset = there.as_sysadmin("package_create", **asked)["id"]
    ours: list[dict[str, float]] = []
    curl: list[float] = []
    for run in range(runs + 1):  # A B, B A, A B: what one leaves to the disk to do is in the other's time as often
        turns: list[Callable[[], None]] = [
            lambda: ours.append(_ours({**job, "dataset": dataset})),
            lambda: curl.append(_curl({**job, "dataset": dataset})),
        ]
        for turn in turns if run % 2 else reversed(turns):
            turn()
        sys.stderr.write(f"{run or 'not counted'}: ours {ours[-1]}, curl {curl[-1]:.2f} s\n")
    return ours[1:], curl[1:]


def _ours(job: dict[str, Any]) -> dict[str, float]:
    script = Path(__file__).parent / "publishing" / "upload.py"
    with NamedTemporaryFile("w", suffix=".json") as file:
        file.write(json.dumps(job))
        file.flush()
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(house.PATHS)}
        done = subprocess.run(
            [sys.executable, str(script), file.name], env=environment, check=True, capture_output=True, text=True
        )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _curl(job: dict[str, Any]) -> float:
    """Seconds of curl's own count; the token comes by its standard input, which no list of processes shows."""
    form = [f"match={json.dumps({'id': job['dataset']})}"]
    form += [f"update__resources__0__upload=@{job['file']};type=text/csv;filename=large.csv"]
    words = ["curl", "-sS", "-o", os.devnull, "-w", "%{http_code} %{time_total}", "-H", "@-"]
    words += [word for part in form for word in ("-F", part)] + [f"{job['url']}/api/3/action/package_revise"]
    header = f"Authorization: {job['token']}\n"
    done = subprocess.run(words, input=header, check=True, capture_output=True, text=True)
    status, seconds = done.stdout.split()
    if status != "200":
        message = f"curl was told {status}"
        raise SystemExit(message)
    return float(seconds)


def _file(path: Path, size: int) -> Path:
    """A table of so many bytes."""
    content = rows("large", PIECE, changed=False).encode()
    with path.open("wb") as file:
        for _piece in range(size // len(content)):
            file.write(content)
        file.write(content[: size % len(content)])
    return path


def _told(ours: list[dict[str, float]], curl: list[float], whole: dict[str, float]) -> str:
    mine, theirs = median(item["seconds"] for item in ours), median(curl)
    above = max(item["above_idle"] for item in ours)
    lines = [
        f"ours {mine:.2f} s (CPU {median(item['cpu'] for item in ours):.2f} s), curl {theirs:.2f} s",
        _goal("seconds / curl's", mine / theirs, RATIO),
        _goal("upload: bytes above idle", above, MEMORY),
        _goal(f"whole apply, {whole['seconds']:.1f} s: bytes above idle", whole["above_idle"], MEMORY),
    ]
    return "".join(f"- {line}\n" for line in lines)


def _goal(what: str, found: float, most: float) -> str:
    return f"{what}: {found:,.4g} (goal: at most {most:,.4g}) {'reached' if found <= most else 'MISSED'}"


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True, help="the portal's address")
    parser.add_argument("--token-file", required=True, type=Path, help="a file with a sysadmin's token")
    parser.add_argument("--bytes", type=int, default=1_000_000_000)
    parser.add_argument("--runs", type=int, default=6, help="an even number")
    parser.add_argument("--work", help="the folder for the file; else a temporary one")
    return parser.parse_args()


if __name__ == "__main__":
    main()
