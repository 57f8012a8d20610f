"""Writing aside and switching, digests, locks, safe paths: the only room that knows the operating system."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, BinaryIO

from opendata.errors import BusyError, DataError, DiskError, IntegrityError
from opendata.messages import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CHUNK = 1 << 20
SECRET = 32
SECRET_LENGTH = 1 << 16
ASIDE = ".aside-"
LOCK = ".opendata.lock"
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextlib.contextmanager
def disk(path: Path) -> Iterator[None]:
    """Turn an operating system's error about `path` into a DiskError that says how to mend it.

    Raises:
        DiskError: disk full, folder not writable, file held open by another program, …
    """
    try:
        yield
    except OSError as fault:
        raise disk_error(fault, path) from fault


def disk_error(fault: OSError, path: Path) -> DiskError:
    """The DiskError that explains the operating system's error about `path`."""
    where = str(fault.filename or path)
    if fault.errno in FULL:
        return DiskError(_("The disk is full."), where, _("Free some space, then run the same command again."))
    if isinstance(fault, PermissionError):
        remedy = _("Close the file if another program holds it open, or ask for the right to write here.")
        return DiskError(_("Not allowed to read or write this file or folder."), where, remedy)
    if isinstance(fault, FileNotFoundError):
        return DiskError(_("No such file or folder."), where, _("Check the name and the folder."))
    if isinstance(fault, NotADirectoryError | FileExistsError):
        remedy = _("Choose another folder, or move the file away.")
        return DiskError(_("A file stands where a folder is wanted."), where, remedy)
    reason = fault.strerror or type(fault).__name__
    return DiskError(_("The disk failed: {reason}").format(reason=reason), where, _("Mend the disk, then try again."))


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, 64 hexadecimal digits, read in pieces.

    Raises:
        DiskError: the file cannot be read.
    """
    with disk(path), path.open("rb") as stream:
        return sha256_of(stream)


def sha256_of(stream: BinaryIO) -> str:
    """The SHA-256 of what is left in a stream.

    >>> import io
    >>> sha256_of(io.BytesIO(b"abc"))[:8]
    'ba7816bf'
    """
    digest = hashlib.sha256()
    while piece := stream.read(CHUNK):
        digest.update(piece)
    return digest.hexdigest()


def md5(path: Path) -> str:
    """The MD5 of a file's bytes, as others use it to tell one file from another. It proves nothing.

    Raises:
        DiskError: the file cannot be read.
    """
    with disk(path), path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def aside(path: Path) -> Path:
    """A name beside `path`, new each time, to write to before it is renamed to `path`."""
    return path.with_name(f"{ASIDE}{os.urandom(6).hex()}-{path.name}"[:200])


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Open a file aside for writing; on leaving in good order it takes the place of `path`, whole, by one rename.

    On any fault `path` stays as it was and nothing is left beside it.

    Raises:
        DiskError: it could not be written.
    """
    temporary = aside(path)
    try:
        with disk(path):
            with temporary.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            switch(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def settle(stream: BinaryIO, path: Path) -> None:
    """Push what was written to `stream`, which is the file `path`, to the disk, and close it.

    Raises:
        DiskError: it could not be written.
    """
    with disk(path), stream:
        stream.flush()
        os.fsync(stream.fileno())


def write(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all; folders above it are made."""
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as stream:
        stream.write(content)


def copy(source: Path, target: Path) -> None:
    """Copy a file's bytes to `target`, whole or not at all; folders above it are made."""
    with _copying(source, target) as (origin, stream):
        shutil.copyfileobj(origin, stream, CHUNK)


def copy_verified(source: Path, target: Path, expected: str) -> None:
    """Copy a file's bytes to `target`, whole or not at all: what is copied must have the SHA-256 `expected`.

    Raises:
        IntegrityError: it has not; `target` stays as it was.
        DiskError: it could not be written.
    """
    with _copying(source, target) as (origin, stream):
        found = _copy_hashed(origin, stream)
        if found != expected:
            remedy = _("Remove the build cache in the folder .opendata, then run the same command again.")
            what = _("The bytes are not what they should be: SHA-256 {found}, expected {expected}.")
            raise IntegrityError(what.format(found=found, expected=expected), str(source), remedy)


@contextlib.contextmanager
def _copying(source: Path, target: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    with disk(source), source.open("rb") as origin:
        with disk(target):
            target.parent.mkdir(parents=True, exist_ok=True)
        with replacing(target) as stream:
            yield origin, stream


def _copy_hashed(origin: BinaryIO, stream: BinaryIO) -> str:
    """Copy what is left in `origin`; the SHA-256 of what was copied, taken on a thread while it is written."""
    from concurrent.futures import ThreadPoolExecutor

    digest = hashlib.sha256()
    with ThreadPoolExecutor(1) as beside:
        while piece := origin.read(CHUNK):
            hashed = beside.submit(digest.update, piece)
            stream.write(piece)
            hashed.result()
    return digest.hexdigest()


def place_folder(target: Path, wanted: Mapping[str, tuple[Path, str]]) -> None:
    """Let the folder `target` appear whole, by one rename, with copies of files: source and SHA-256 by plain name.

    What stood there goes first. On any fault before that it stays, and nothing is left beside it.

    Raises:
        IntegrityError: a source has not the bytes that it should have.
        DiskError: it could not be written.
    """
    with workspace(target.parent) as made:
        prepared = made / target.name
        for name, (source, expected) in wanted.items():
            copy_verified(source, prepared / name, expected)
        remove(target)
        switch(prepared, target)


def switch(prepared: Path, path: Path) -> None:
    """Let `prepared` take the place of `path` by one rename. Of folders, `path` must not be there.

    Raises:
        DiskError: it could not be renamed.
    """
    with disk(path):
        os.replace(prepared, path)  # noqa: PTH105 - Path.replace is the same call; this name says "replace"


def remove(path: Path) -> None:
    """Remove a file or a whole folder; a link is removed, never followed. Nothing there: nothing happens.

    A folder is renamed aside first, so that nobody meets half of it.

    Raises:
        DiskError: it could not be removed.
    """
    with disk(path):
        if path.is_symlink() or path.is_file():
            path.unlink(missing_ok=True)
        elif path.is_dir():
            doomed = aside(path)
            path.rename(doomed)
            shutil.rmtree(doomed)


def sweep(folder: Path) -> None:
    """Remove what a killed run left aside, directly in `folder`. Call it only while holding the lock."""
    if folder.is_dir():
        for left in folder.glob(f"{ASIDE}*"):
            remove(left)


@contextlib.contextmanager
def workspace(parent: Path) -> Iterator[Path]:
    """A new folder aside in `parent`, removed on leaving unless it was renamed away."""
    with disk(parent):
        parent.mkdir(parents=True, exist_ok=True)
        folder = aside(parent / "work")
        folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def lock(folder: Path, seconds: float = 60) -> Iterator[None]:
    """Keep every other run of ours off `folder` meanwhile; a killed run's lock frees itself.

    The lock is a file `.opendata.lock` in the folder, left there after.

    Raises:
        BusyError: another run still holds it after `seconds`.
        DiskError: the folder cannot be written.
    """
    from filelock import FileLock, Timeout

    with disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        refuse_link(folder / LOCK)
        held = FileLock(folder / LOCK)
        try:
            held.acquire(timeout=seconds)
        except Timeout:
            remedy = _("Wait until it has finished, then run the same command again.")
            raise BusyError(_("Another run is working on this folder."), str(folder), remedy) from None
    try:
        yield
    finally:
        held.release()


def within(folder: Path, relative: str) -> Path:
    """The file `relative` inside `folder`, safe to open.

    Raises:
        DataError: it is absolute, climbs out, names a drive, a remote address, or leads out by a link.

    >>> within(Path("."), "../secret.csv")
    Traceback (most recent call last):
    ...
    opendata.errors.DataError: ...
    """
    if not safe_relative(relative):
        raise _outside(folder, relative)
    path = folder / relative
    try:
        with disk(path):
            inside = path.resolve().is_relative_to(folder.resolve())
    except RuntimeError:  # before Python 3.13 this is how a link that leads to itself is told
        inside = False
    if not inside:
        raise _outside(folder, relative)
    return path


def safe_relative(path: str) -> bool:
    r"""True where a path is relative, stays inside, and is no address or drive of another system.

    >>> [safe_relative(p) for p in ("data/a.csv", "../a", "/a", "c:/a", "http://x/a", "a\\..\\..\\b", "")]
    [True, False, False, False, False, False, False]
    """
    if not path or "://" in path or "\x00" in path or "\\" in path:
        return False
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    return not (posix.is_absolute() or windows.drive or windows.root or ".." in posix.parts)


def _outside(folder: Path, relative: str) -> DataError:
    what = _("The path leads out of the package: {path}").format(path=relative)
    remedy = _("Copy the file into the package's folder and give its path from there, such as data/table.csv.")
    return DataError(what, str(folder), remedy)


def regular(path: Path) -> bool:
    """True where there is a plain file: no folder, device or pipe (a link to a plain file counts)."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def writable(folder: Path) -> bool:
    """True where a file can be made in `folder` (made if need be), found by trying."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def refuse_link(*paths: Path) -> None:
    """Refuse to go on where a link stands for a file or folder of ours: it would lead elsewhere.

    Raises:
        DiskError: one of them is a link.
    """
    for path in paths:
        if path.is_symlink():
            remedy = _("Remove the link, then run the same command again.")
            raise DiskError(_("A link stands where a file or folder of this program belongs."), str(path), remedy)


def user_secret() -> bytes | None:
    """32 random bytes that only this user has, made at the first use; None where they cannot be kept."""
    from platformdirs import user_data_path

    path = user_data_path("opendata") / "secret"
    try:
        return _secret(path)
    except OSError:
        return None


def _secret(path: Path) -> bytes | None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        prepared = aside(path)
        with os.fdopen(os.open(prepared, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(os.urandom(SECRET))
        with contextlib.suppress(FileExistsError):
            os.link(prepared, path)
        prepared.unlink()
    content = path.read_bytes()
    return content if len(content) == SECRET else None


def write_private(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all, readable by its user alone from its first byte on.

    Raises:
        DiskError: it could not be written.
    """
    with disk(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        prepared = aside(path)
        with os.fdopen(os.open(prepared, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)
        switch(prepared, path)


def read_private(path: Path) -> str:
    """The text of a file that holds a secret.

    Raises:
        DiskError: it cannot be read, is no text, or others than its user can read it.
    """
    with disk(path), path.open("rb") as stream:
        if os.name == "posix" and os.fstat(stream.fileno()).st_mode & 0o077:
            remedy = _('Let nobody but yourself read it: chmod 600 "{path}"').format(path=path)
            raise DiskError(_("Others than you can read the file of the token."), str(path), remedy)
        return stream.read(SECRET_LENGTH).decode("utf-8", "replace")


def cache_folder(catalogue: Path) -> Path:
    """Where a catalogue's build cache and receipts lie: CATALOGUE/.opendata, else the user's cache folder.

    A link at that place is never followed: whoever made the catalogue may have put it there.
    """
    here = catalogue / ".opendata"
    if not here.is_symlink() and writable(here):
        return here
    from platformdirs import user_cache_path

    key = hashlib.sha256(str(catalogue.resolve()).encode()).hexdigest()[:16]
    return user_cache_path("opendata") / key
