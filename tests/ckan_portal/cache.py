"""What is slow to fetch, kept between runs: a Python environment for each CKAN version, and Solr's jars.

Each is made aside and renamed once it is whole, under a name that tells what it is made of.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ckan_portal.processes import run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckan_portal.setup import Setup

SOLR = Path(__file__).parent / "solr"
COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies"
DAY = 24 * 3600


def folder() -> Path:
    """OPENDATA_PORTAL_CACHE, else a folder in the user's cache."""
    named = os.environ.get("OPENDATA_PORTAL_CACHE")
    above = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    found = (Path(named) if named else Path(above) / "opendata-vn-portal").absolute()
    found.mkdir(parents=True, exist_ok=True)
    return found


def python(setup: Setup) -> Path:
    """The Python that CKAN and its extensions are installed for; installs them where they are not.

    It is called as `python -m ...`: the scripts beside it name the folder that they were made in.
    """
    words = " ".join(word for words in setup.installs for word in words)
    kind = "bare" if setup.bare else "full"
    version = f"py{sys.version_info.major}.{sys.version_info.minor}"
    home = folder() / f"ckan-{setup.ckan}-{kind}-{version}-{_short(words.encode())}"
    if home.is_dir() and not (home / "bin" / "python").exists():
        shutil.rmtree(home)  # its interpreter was removed since
    with _aside(home) as aside:
        if aside:
            _install(aside, setup)
    return home / "bin" / "python"


def jars() -> Path:
    """The folder of Solr's jars; has Maven fetch them where they are not there."""
    pom = SOLR / "pom.xml"
    home = folder() / f"solr-{_short(pom.read_bytes())}"
    with _aside(home) as aside:
        if aside:
            words = ["-q", "-B", "-Dstyle.color=never", "-f", pom, COPY_JARS]
            run(["mvn", *words, "-DincludeScope=runtime", f"-DoutputDirectory={aside}"], "Fetching Solr's jars")
    return home


def _install(aside: Path, setup: Setup) -> None:
    interpreter = getattr(sys, "_base_executable", sys.executable)
    uv = shutil.which("uv")
    target = aside / "bin" / "python"
    if uv:
        run([uv, "venv", "-q", "--clear", "--python", interpreter, aside], "Making an environment for CKAN")
        install = [uv, "pip", "install", "-q", "--compile-bytecode", "--python", target]
    else:
        run([interpreter, "-m", "venv", aside], "Making an environment for CKAN")
        install = [target, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    for words in setup.installs:
        run([*install, *words], f"Installing {' '.join(words)}")


@contextmanager
def _aside(home: Path) -> Iterator[Path | None]:
    """A folder to make `home` in, which takes its place at the end; None where it is there already."""
    if home.is_dir():
        yield None
        return
    _sweep()
    aside = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        aside.chmod(0o755)
        yield aside
        with suppress(OSError):  # another run was first: its is as good
            aside.rename(home)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _sweep() -> None:
    """Remove what killed runs left half made."""
    for path in folder().glob(".*-*"):
        if time.time() - path.stat().st_mtime > DAY:
            shutil.rmtree(path, ignore_errors=True)


def _short(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]
