"""Reading published datasets back, from whatever can be read: a site, a CKAN portal, a catalogue on disk.

Nothing is handed on whose bytes do not have the digest that the dataset's descriptor names.
"""

from __future__ import annotations

import hashlib
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from opendata.errors import ConflictError, GateError, IntegrityError, PortalError, UsageError
from opendata.files import CHUNK, disk, refuse_link, safe_relative, sha256, switch, within
from opendata.messages import _
from opendata.model import as_text
from opendata.model.digest import bare
from opendata.model.layout import parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TypeVar

    import pyarrow as pa

    from opendata.model import Entry, PortalDataset, PortalFile
    from opendata.model.layout import Part
    from opendata.publishing.port import Reader

    T = TypeVar("T")

FORMATS = ("csv", "parquet")
BREAKS = 20
"""How often a download is gone on with, as long as each time some of it comes."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A published file: the table it holds, its format, the digest it must have, and where it lies."""

    resource: str
    format: str
    sha256: str
    file: PortalFile


def find(reader: Reader, words: str = "") -> tuple[Entry, ...]:
    """The datasets that match all words; marks and case do not count, so "song da" finds "Sông Đà"."""
    return tuple(reader.entries(words))


def show(reader: Reader, name: str, where: str = "") -> PortalDataset:
    """One dataset as it is published, its descriptor with plain paths.

    Raises:
        UsageError: no dataset has that name, or it is empty; those that look like it are told.
    """
    if not name.strip():
        remedy = _("See the names with: opendata list --from {where}").format(where=where or ".")
        raise UsageError(_("No dataset was named."), where, remedy)
    found = reader.look([name], visitor=True).dataset(name)
    if found is None:
        raise UsageError.unknown_name(name, (item.name for item in reader.entries()), where)
    return found


def load(reader: Reader, name: str, resource: str | None = None, where: str = "") -> pa.Table:
    """One table of a dataset as an Arrow table, read from its Parquet file; `.to_pandas()` makes a frame of it.

    `resource` may be left out where the dataset has one table only.

    Raises:
        UsageError: no such dataset or table, or several tables and none named.
        GateError: nothing of the dataset may be read here.
        IntegrityError: the bytes are not those that the descriptor names; both digests are told; or no Parquet.
    """
    from pyarrow import ArrowException, parquet

    def read(dataset: PortalDataset) -> pa.Table:
        wanted = _table(dataset, resource, where)
        with tempfile.TemporaryFile() as kept:
            _fetch(reader, wanted, kept)
            kept.seek(0)
            try:
                return parquet.ParquetFile(kept).read()
            except (ArrowException, OSError) as fault:
                what = _("The file {file} is no table in Parquet form.").format(file=wanted.file.path)
                raise IntegrityError(what, wanted.file.address, _("Tell whoever keeps the portal.")) from fault

    return _twice(reader, name, where, read)


def get(reader: Reader, name: str, form: str, out: Path, where: str = "") -> tuple[Path, ...]:
    """Put all files of one format ("csv" or "parquet") of a dataset into the folder `out`, and name them.

    All are fetched aside and compared with their digests before the first takes its place. A file that is there
    already with the same bytes stays as it is; one with other bytes is never overwritten. What is broken off goes on
    where it stopped, when the same is asked for again.

    Raises:
        UsageError: no such dataset or format.
        GateError: nothing of the dataset may be read here.
        ConflictError: another file of that name is in the folder.
        IntegrityError: the bytes are not those that the descriptor names.
        DiskError: the folder cannot be written.
    """
    if form not in FORMATS:
        remedy = _("Give one of: {names}").format(names=", ".join(FORMATS))
        raise UsageError(_("There is no format {name}.").format(name=form), where, remedy)

    def fetch(dataset: PortalDataset) -> tuple[Path, ...]:
        return _laid(reader, [item for item in _files(dataset, where) if item.format == form], out)

    return _twice(reader, name, where, fetch)


def _twice(reader: Reader, name: str, where: str, read: Callable[[PortalDataset], T]) -> T:
    """Read; where a file is gone or changed meanwhile, once more by the descriptor of now."""
    try:
        return read(show(reader, name, where))
    except ConflictError:
        raise
    except PortalError:
        found = show(reader, name, where)
    with _placed(name, where):
        return read(found)


@contextmanager
def _placed(name: str, where: str) -> Iterator[None]:
    """Say of bytes that are wrong on which portal, and of which dataset: an address alone tells neither."""
    try:
        yield
    except IntegrityError as fault:
        fault.where = " ".join(part for part in (where, f"{name}: {fault.where}") if part)
        raise


def _files(dataset: PortalDataset, where: str) -> list[_Wanted]:
    if not dataset.files:
        what = _("{name} has no open edition: its access level is {level}.")
        remedy = _("Ask its department for the data.")
        raise GateError(what.format(name=dataset.name, level=dataset.level.value), where, remedy)
    files = {file.path: file for file in dataset.files}
    return [found for part in parts(dataset.descriptor or {}) if (found := _wanted(part, files))]


def _wanted(part: Part, files: dict[str, PortalFile]) -> _Wanted | None:
    file, digest = files.get(part.path), bare(as_text(part.told.get("hash")))
    if file is None or digest is None:
        return None
    return _Wanted(part.resource, as_text(part.told.get("format")) or "", digest, file)


def _table(dataset: PortalDataset, resource: str | None, where: str) -> _Wanted:
    tables = [item for item in _files(dataset, where) if item.format == "parquet"]
    chosen = [item for item in tables if resource in {None, item.resource}]
    if len(chosen) == 1:
        return chosen[0]
    what = _("{name} has several tables.") if resource is None else _("{name} has no table of that name.")
    if not tables:
        what = _("{name} has no table in Parquet form.")
    remedy = _("Give one of: {names}").format(names=", ".join(item.resource for item in tables))
    raise UsageError(what.format(name=dataset.name), where, remedy if tables else _("Fetch its files instead."))


def _fetch(reader: Reader, wanted: _Wanted, kept: BinaryIO) -> None:
    """Bring the file into `kept`, going on from what of it is there already, and again where the way breaks off."""
    kept.seek(0)
    digest, length = _read_of(kept)
    for left in reversed(range(BREAKS)):
        begun = length
        if digest.hexdigest() == wanted.sha256:
            return  # all of it came before the way broke off
        try:
            with reader.open(wanted.file, begun) as stream:
                while piece := stream.read(CHUNK):
                    digest.update(piece)
                    kept.write(piece)
                    length += len(piece)
                    _refuse_longer(wanted, length, kept)
            break
        except PortalError:
            if not left or length == begun:
                raise
    if digest.hexdigest() != wanted.sha256:
        kept.truncate(0)
        _refuse(wanted, digest.hexdigest())


def _read_of(kept: BinaryIO) -> tuple[hashlib._Hash, int]:
    digest, length = hashlib.sha256(), 0
    while piece := kept.read(CHUNK):
        digest.update(piece)
        length += len(piece)
    return digest, length


def _refuse_longer(wanted: _Wanted, length: int, kept: BinaryIO) -> None:
    """Read no further where more has come than was told."""
    told = wanted.file.bytes
    if told is not None and length > told:
        kept.truncate(0)
        what = _("The file {file} is longer than was told: it has more than {told} bytes.")
        remedy = _("Try again; if it stays so, tell whoever keeps the portal to publish once more.")
        raise IntegrityError(what.format(file=wanted.file.path, told=told), wanted.file.address, remedy)


def _refuse(wanted: _Wanted, met: str) -> None:
    what = _("The file {file} is not what its descriptor says: SHA-256 {told} was told, {met} was met.")
    remedy = _("Try again; if it stays so, tell whoever keeps the portal to publish once more.")
    said = what.format(file=wanted.file.path, told=wanted.sha256, met=met)
    raise IntegrityError(said, wanted.file.address, remedy)


def _laid(reader: Reader, files: list[_Wanted], out: Path) -> tuple[Path, ...]:
    places = [(item, _place(out, item)) for item in files]
    with disk(out):
        out.mkdir(parents=True, exist_ok=True)
    wanted = [(item, path) for item, path in places if not path.exists()]
    try:
        fetched = [(_fetched(reader, item, out), path) for item, path in wanted]
    except IntegrityError:
        for item, _path in wanted:
            _part(out, item).unlink(missing_ok=True)
        raise
    for new, path in fetched:
        switch(new, path)
    return tuple(path for _item, path in places)


def _fetched(reader: Reader, wanted: _Wanted, out: Path) -> Path:
    """The file under a name that tells its digest: what a broken off run left of it is gone on with."""
    new = _part(out, wanted)
    refuse_link(new)
    with disk(new), new.open("a+b") as kept:
        _fetch(reader, wanted, kept)
    return new


def _part(out: Path, wanted: _Wanted) -> Path:
    return out / f".opendata-{wanted.sha256}.part"


def _place(out: Path, wanted: _Wanted) -> Path:
    """Where the file is to lie; refused where another file is there, or where its name is none (a portal may lie)."""
    name = wanted.file.path
    if "/" in name or name.startswith(".") or not safe_relative(name) or not _is_file_name(name):
        what = _("The portal names a file that cannot be kept: {name}").format(name=name)
        raise IntegrityError(what, wanted.file.address, _("Tell whoever keeps the portal."))
    path = within(out, name)
    with disk(path):
        there = path.exists()
    if there and sha256(path) != wanted.sha256:
        what = _("Another file of this name is there already; it was not overwritten.")
        raise ConflictError(what, str(path), _("Move it away, or choose another folder with --out."))
    return path


def _is_file_name(name: str) -> bool:
    """True where a disk can hold the name: no control in it, no half of a character."""
    return name.isprintable()
