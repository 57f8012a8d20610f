"""Building the editions of a catalogue into a folder, no portal needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opendata.errors import ConflictError, UsageError
from opendata.folders import SITE_MARKER
from opendata.messages import _
from opendata.model import AccessLevel, unwatched

if TYPE_CHECKING:
    from collections.abc import Collection

    from opendata.model import Candidate, Watch


def build(
    catalogue: Path | str,
    out: Path | str,
    level: AccessLevel = AccessLevel.OPEN,
    names: Collection[str] = (),
    watch: Watch = unwatched,
) -> tuple[Candidate, ...]:
    """Build the editions of a catalogue, up to an access level, into the folder `out`, laid out as a site has them.

    What is faulty, withheld or refused is left out and told in the result; its neighbours are built. An edition in
    `out` whose package may no longer have it is removed, and so are files that show what is now withheld.

    Raises:
        UsageError: no such catalogue or name; a level that is never published.
        ConflictError: a folder of that name in `out` is not ours, or `out` is a portal.
        DiskError: the folder could not be written.

    >>> import shutil, tempfile
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     catalogue = Path(shutil.copytree(shipped_package("administrative-units"), Path(folder, "units")))
    ...     [(item.name, item.standing.value) for item in build(catalogue, Path(folder, "out"))]
    [('administrative-units', 'ready')]
    """
    from opendata.catalogue import candidates, open_catalogue
    from opendata.files import cache_folder
    from opendata.publishing.folder import lay_out_all

    if not level.published:
        remedy = _("Give one of: {names}").format(names="open, shared")
        raise UsageError(_("No edition is ever built for the level {level}.").format(level=level.value), "", remedy)
    opened = open_catalogue(Path(catalogue))
    if Path(out).resolve().is_relative_to(opened.folder.resolve()):
        remedy = _("Name a folder outside: what is built would be taken for packages of the catalogue.")
        raise UsageError(_("The folder lies inside the catalogue."), str(out), remedy)
    if (Path(out) / SITE_MARKER).exists():
        remedy = _("Name another folder; to bring a portal up to date run: opendata publish CATALOGUE --to FOLDER")
        raise ConflictError(_("This folder is a portal; nothing is built into it."), str(out), remedy)
    up_to = [item for item in AccessLevel if item <= level]
    judged = candidates(opened, up_to, names, cache_folder(opened.folder), watch)
    lay_out_all(judged, Path(out), watch)
    return judged
