"""What must be on the machine before a portal can start."""

from __future__ import annotations

import ctypes.util
import random
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from ckan_portal.trouble import TroubleError

if TYPE_CHECKING:
    from collections.abc import Iterable

DEBIAN = "postgresql redis-server libmagic1 libpq-dev gcc openjdk-17-jdk-headless maven"
INSTALL = f"apt-get install -y --no-install-recommends {DEBIAN}"
BASES = range(20000, 32000, 10)
"""Below the ports that Linux gives to outgoing connections (ip_local_port_range)."""
COMMANDS = ("redis-server", "psql", "pg_config", "gcc", "java", "javac", "mvn")


def postgres_programs() -> Path | None:
    """The folder of PostgreSQL's own programs, the newest where there are several."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    there = shutil.which("postgres")
    return Path(there).parent if there else None


def check_commands() -> None:
    missing = [name for name in COMMANDS if shutil.which(name) is None]
    if postgres_programs() is None:
        missing.append("postgres")
    if ctypes.util.find_library("magic") is None:
        missing.append("libmagic")
    if missing:
        message = f"Not found: {', '.join(missing)}. On Debian, as root: {INSTALL}"
        raise TroubleError(message)


def check_ports(ports: Iterable[tuple[str, int]]) -> None:
    taken = [f"{port} ({name})" for name, port in ports if _taken(port)]
    if taken:
        message = f"In use already: port {', '.join(taken)}. Choose others, say: --port-base {free_base()}"
        raise TroubleError(message)


def free_base() -> int:
    """The first of four free ports in a row; by chance, so that two portals started at once seldom meet."""
    for base in random.sample(BASES, len(BASES)):
        if not any(_taken(base + next_) for next_ in range(4)):
            return base
    message = f"No four ports in a row are free from {BASES.start} to {BASES.stop}."
    raise TroubleError(message)


def _taken(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def check_passable(folder: Path) -> None:
    """Every folder above the data must let other users through: PostgreSQL runs as one where we are root."""
    shut = [path for path in (*reversed(folder.parents), folder) if not path.stat().st_mode & 0o001]
    if shut:
        message = (
            f"PostgreSQL does not run as root, and its user cannot pass {shut[0]}. Name a folder elsewhere,"
            " say below /srv or /var/tmp, or run this as another user than root."
        )
        raise TroubleError(message)
