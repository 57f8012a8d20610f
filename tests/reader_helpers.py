"""A portal in memory, whose bytes and promises can be made to differ."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import pyarrow as pa
from pyarrow import parquet

from opendata.errors import PortalError
from opendata.model import AccessLevel, Entry, PortalDataset, PortalFile, PortalState, matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from opendata.model import JsonValue

TABLE = pa.table({"river": ["Sông Đà", "Sông Mã"], "level_cm": pa.array([120, 95], pa.int64())})
CSV = "river,level_cm\nSông Đà,120\nSông Mã,95\n".encode()


def parquet_bytes(table: pa.Table = TABLE) -> bytes:
    """A table as the bytes of a Parquet file."""
    buffer = io.BytesIO()
    parquet.write_table(table, buffer)
    return buffer.getvalue()


@dataclass
class MemoryReader:
    """A `port.Reader`; `bytes` are what `open` gives, `datasets` what `look` tells. Both may be changed by a test."""

    datasets: dict[str, PortalDataset] = field(default_factory=dict)
    bytes: dict[str, bytes] = field(default_factory=dict)
    looks: int = 0
    opened: list[str] = field(default_factory=list)

    def put(self, name: str, tables: dict[str, tuple[bytes, bytes]], prefix: str = "1/") -> None:
        """Publish tables, each as CSV and Parquet bytes, in the place of what the name held."""
        files, resources = [], []
        for table, (text, columns) in tables.items():
            parts: list[dict[str, JsonValue]] = []
            for form, content in (("csv", text), ("parquet", columns)):
                path, digest = f"{table}.{form}", hashlib.sha256(content).hexdigest()
                self.bytes[f"{name}/{prefix}{path}"] = content
                files.append(PortalFile(path, len(content), digest, f"{name}/{prefix}{path}"))
                parts.append({"path": path, "format": form, "hash": f"sha256:{digest}"})
            resources.append({"name": table, **parts[0], "alternates": [parts[1]]})
        descriptor = {"name": name, "title": f"Title of {name}", "resources": resources}
        self.datasets[name] = PortalDataset(
            name, f"id-{name}", "1", AccessLevel.OPEN, "sha256:0", tuple(files), descriptor=descriptor
        )

    def look(self, names: Sequence[str], ids: Sequence[str] = (), *, visitor: bool = False) -> PortalState:  # noqa: ARG002 - the port's
        """What the names hold."""
        self.looks += 1
        return PortalState(tuple(self.datasets[name] for name in names if name in self.datasets))

    def entries(self, words: str = "") -> Iterator[Entry]:
        """Those that match."""
        lines = (Entry(name, str((item.descriptor or {})["title"]), item.level) for name, item in self.datasets.items())
        return (line for line in lines if matches(line, words))

    def open(self, file: PortalFile, start: int = 0) -> BinaryIO:
        """The bytes, where they are still there."""
        self.opened.append(file.address)
        if file.address not in self.bytes:
            msg = "It is gone."
            raise PortalError(msg, file.address, "Look again.")
        return io.BytesIO(self.bytes[file.address][start:])
