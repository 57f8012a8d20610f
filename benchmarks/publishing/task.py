"""What one process of the benchmark has to do, and what it tells in the end. The standard library alone."""

from __future__ import annotations

import json
import resource
import sys
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Task:
    """Publish what lies in `folder` to the organisation; `jobs` at once, where a tool can."""

    url: str
    token: str
    organisation: str
    folder: str
    jobs: int = 1
    profile: bool = False

    def datasets(self) -> list[tuple[dict[str, Any], list[Path]]]:
        """Of each dataset what is told of it, and its files."""
        places = sorted(path for path in Path(self.folder).iterdir() if path.is_dir())
        told = [json.loads((place / "dataset.json").read_text(encoding="utf-8")) for place in places]
        return [(item, sorted(place.glob("*.csv"))) for item, place in zip(told, places, strict=True)]


@dataclass(slots=True)
class Told:
    """Seconds, CPU seconds of this process, its peak memory in bytes, and whatever else it found."""

    seconds: float = 0.0
    cpu: float = 0.0
    peak: int = 0
    more: dict[str, Any] = field(default_factory=dict)


def read() -> Task:
    """The task that stands in the file that the command line names."""
    return Task(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))


@contextmanager
def measured() -> Iterator[Told]:
    """Measure what is done meanwhile, and print it as JSON."""
    told = Told()
    begun, cpu = time.perf_counter(), time.process_time()
    yield told
    told.seconds = told.seconds or time.perf_counter() - begun
    told.cpu = time.process_time() - cpu
    told.peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    sys.stdout.write(json.dumps(asdict(told)) + "\n")
