"""Reading back what was published, or what a catalogue would publish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from opendata import client
from opendata.api.places import folder_of, resolved
from opendata.folders import SITE_MARKER

if TYPE_CHECKING:
    import pyarrow as pa

    from opendata.model import Entry, PortalDataset
    from opendata.publishing.port import Reader


def load(target: str | Path, name: str, resource: str | None = None) -> pa.Table:
    """Read one table of a published dataset as an Arrow table, after comparing its bytes with their digest.

    `target` is a path (with a separator, such as "./portal", or a `Path`) of a site or catalogue, an http(s)
    address, or a name from opendata.toml. `resource` may be left out where the dataset has one table only.

    Raises:
        UsageError: no such target, dataset or table.
        GateError: the dataset has no open edition.
        IntegrityError: the bytes are not those that the descriptor names.
        PortalError: the portal cannot be read.

    >>> import shutil, tempfile
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     catalogue = Path(shutil.copytree(shipped_package("administrative-units"), Path(folder, "units")))
    ...     frame = load(catalogue, "administrative-units", "units").to_pandas()
    >>> "unit_id" in frame.columns
    True
    """
    return client.load(reader(target), name, resource, str(target))


def find(target: str | Path, words: str = "") -> tuple[Entry, ...]:
    """List the datasets that match all words, or all; neither case nor marks count.

    Raises:
        UsageError: no such target.
        PortalError: the portal cannot be read.

    >>> import shutil, tempfile
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     catalogue = Path(shutil.copytree(shipped_package("administrative-units"), Path(folder, "units")))
    ...     [entry.name for entry in find(catalogue, "don vi hanh chinh")]
    ['administrative-units']
    """
    return client.find(reader(target), words)


def show(target: str | Path, name: str) -> PortalDataset:
    """Look at one dataset: its descriptor, level and files.

    Raises:
        UsageError: no such target or dataset.
        PortalError: the portal cannot be read.

    >>> import shutil, tempfile
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     catalogue = Path(shutil.copytree(shipped_package("administrative-units"), Path(folder, "units")))
    ...     show(catalogue, "administrative-units").level.value
    'open'
    """
    return client.show(reader(target), name, str(target))


def get(target: str | Path, name: str, form: str = "csv", out: Path | str = ".") -> tuple[Path, ...]:
    """Fetch all files of one format ("csv" or "parquet") of a dataset into the folder `out`; name them.

    Every file is compared with its digest before the first takes its place. A file with other bytes that is
    there already is never overwritten.

    Raises:
        UsageError: no such target, dataset or format.
        GateError: the dataset has no open edition.
        ConflictError: another file of that name is in the folder.
        IntegrityError: the bytes are not those that the descriptor names.
        DiskError: the folder cannot be written.

    >>> import shutil, tempfile
    >>> from opendata.folders import shipped_package
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     catalogue = Path(shutil.copytree(shipped_package("administrative-units"), Path(folder, "units")))
    ...     fetched = get(catalogue, "administrative-units", out=Path(folder, "out"))
    >>> {path.suffix for path in fetched}
    {'.csv'}
    """
    return client.get(reader(target), name, form, Path(out), str(target))


def reader(target: str | Path) -> Reader:
    """Whatever can be read at `target`: a catalogue where it is a folder that is no site, else a portal.

    A token is sent to a portal that opendata.toml names, and to no other.

    Raises:
        UsageError: no such target.
    """
    folder = folder_of(target)
    if folder is not None and not (folder / SITE_MARKER).is_file():
        return _catalogue(folder)
    from opendata.publishing.targets import publisher

    return publisher(resolved(target), reading=True)


def _catalogue(folder: Path) -> Reader:
    from opendata.catalogue import CatalogueReader, open_catalogue
    from opendata.files import cache_folder

    catalogue = open_catalogue(folder)
    return CatalogueReader(catalogue, cache_folder(catalogue.folder))
