"""One file of ours to the portal: by the connection alone into a dataset that is there, or by a whole `apply`.

The command line names a file of JSON: url, token, organisation, file, sha256, dataset ("" for a whole `apply`).
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import memory
import requests_toolbelt  # noqa: F401 - part of what is idle
from built_helpers import built, ready

from opendata.model import Secret, Target
from opendata.model.digest import content_digest
from opendata.publishing import plan as planning
from opendata.publishing.apply import apply
from opendata_ckan import CkanPublisher
from opendata_ckan.connection import Connection, Upload

if TYPE_CHECKING:
    from opendata.model import BuiltPackage

FIELD = "update__resources__0__upload"


def send(connection: Connection, dataset: str, file: Path) -> None:
    """One call of package_revise with one file."""
    upload = Upload("large.csv", "text/csv", file, file.stat().st_size)
    connection.send("package_revise", {"match": json.dumps({"id": dataset})}, {FIELD: upload})


def package(folder: Path, name: str, file: Path, sha256: str) -> BuiltPackage:
    """A built package whose CSV is that file. The rest of it is small."""
    made = built(folder, name)
    size = file.stat().st_size
    files = (replace(made.files[0], source=file, bytes=size, sha256=sha256), *made.files[1:])
    table = {**made.descriptor["resources"][0], "bytes": size, "hash": f"sha256:{sha256}"}
    told = {key: value for key, value in made.descriptor.items() if key != "opendata_digest"} | {"resources": [table]}
    digest = content_digest(told)
    return replace(made, files=files, digest=digest, descriptor={**told, "opendata_digest": digest})


def publish(target: Target, made: BuiltPackage) -> None:
    """Look, plan and apply; the end of the benchmark where it is not verified."""
    publisher, judged = CkanPublisher(target), (ready(made),)
    state = publisher.look([made.name], [made.id])
    planned = planning.make(target.name, judged, state, levels=publisher.levels, limits=publisher.limits([made]))
    for outcome in apply(planned, publisher).outcomes:
        if not outcome.verified:
            raise SystemExit(outcome.error)


def run(job: dict[str, Any]) -> dict[str, float]:
    """Seconds, CPU seconds, and how much memory it took above what was held before."""
    token = Secret(job["token"], "benchmark")
    target = Target(job["url"], "ckan", job["url"], organization=job["organisation"], token=token)
    file, connection = Path(job["file"]), Connection(target)
    connection.call("status_show", {})
    with TemporaryDirectory() as folder:
        made = package(Path(folder), f"{job['organisation']}-whole", file, job["sha256"])
        idle, begun, cpu = memory.now(), time.perf_counter(), time.process_time()
        if job["dataset"]:
            send(connection, job["dataset"], file)
        else:
            publish(target, made)
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        return {"seconds": seconds, "cpu": cpu, "above_idle": memory.peak() - idle, "idle": idle}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))) + "\n")
