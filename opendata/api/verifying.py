"""What is on a portal against what should be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opendata.api.places import resolved
from opendata.model import unwatched

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from opendata.model import AccessLevel, Candidate, Verification, Watch


def verify(  # noqa: PLR0913 - as many as the command has options
    to: str | Path,
    catalogue: Path | str | None = None,
    names: Collection[str] = (),
    *,
    quick: bool = False,
    organization: str | None = None,
    watch: Watch = unwatched,
) -> Verification:
    """Read all that is ours on a portal, and tell what is not as it should be; nothing is written.

    Every file is fetched and hashed, metadata compared, and what is not open asked for as an anonymous visitor. With a
    catalogue the portal is compared with what that would publish, too. `quick`: sizes are compared, not bytes.
    With an `organization`, only its datasets are looked at, and those of the catalogue, which belong there.

    Raises:
        UsageError: no such catalogue, target, name or organisation.
        PortalError: the portal cannot be read.

    >>> import shutil, tempfile
    >>> from pathlib import Path
    >>> from opendata.api.sending import publish
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     catalogue = shutil.copytree(shipped_package("administrative-units"), Path(folder, "units"))
    ...     _ = publish(catalogue, Path(folder, "portal"))
    ...     found = verify(Path(folder, "portal"), catalogue)
    >>> found.names, found.drifts
    (('administrative-units',), ())
    """
    from opendata.publishing.targets import publisher as find_publisher
    from opendata.publishing.verifying import verify as verified

    target = resolved(to, organization)
    publisher = find_publisher(target)
    judged = None if catalogue is None else _judged(catalogue, publisher.levels, names, watch)
    return verified(target.name, publisher, judged, names, organization=target.organization, quick=quick, watch=watch)


def _judged(
    catalogue: Path | str, levels: Collection[AccessLevel], names: Collection[str], watch: Watch
) -> tuple[Candidate, ...]:
    from pathlib import Path

    from opendata.catalogue import candidates, open_catalogue
    from opendata.files import cache_folder

    opened = open_catalogue(Path(catalogue))
    return candidates(opened, levels, names, cache_folder(opened.folder), watch)
