"""The one way a file is written: the old file stays whole until the new one is safe on the disk.

The bytes go into a temporary file in the same folder, every one of them (a `write` may be short),
then to the disk (`fsync`), and only then does the new file take the old one's name. Whatever
happens before that, a kill, a full disk, a pulled plug, the old file is as it was.
"""

import contextlib
import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from lrstudio.storage.errors import explained, refused

PREFIX, SUFFIX = ".lrstudio-", ".tmp"
"""Temporary files are called so; their length does not depend on the name of the target."""

_STALE_SECONDS = 3600.0
_SLICE = 1 << 24
# Virus scanners and indexers on Windows hold a file for a moment after it was written.
_RETRY_SECONDS = 2.0 if os.name == "nt" else 0.0
_RETRY_PAUSE_SECONDS = 0.05
_BINARY: int = getattr(os, "O_BINARY", 0)


def save_bytes(path: str | Path, data: bytes) -> None:
    """Write `data` to `path`; raises `StorageError` and leaves the old file whole if it cannot."""
    save_stream(path, (data,))


def save_stream(path: str | Path, chunks: Iterable[bytes]) -> None:
    """Write the chunks one after the other, never holding more than one of them.

    An exception out of `chunks` (a cancelled export) passes through; the old file is left whole.
    """
    with _sentences("save", path):
        target = _target(path)
        _clear_stale(target.parent)
        temporary = target.with_name(f"{PREFIX}{os.urandom(8).hex()}{SUFFIX}")
        try:
            _write(temporary, _permissions(target), chunks)
            _replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)


def make_folder(path: str | Path) -> None:
    """Create a folder and those above it; raises `StorageError` if it cannot."""
    with _sentences("create the folder", path):
        Path(path).mkdir(parents=True, exist_ok=True)


@contextlib.contextmanager
def _sentences(attempt: str, path: str | Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise explained(attempt, path, error) from error


def _target(path: str | Path) -> Path:
    """The file behind all links, or a refusal where nothing can be saved."""
    if not _is_possible_name(path):
        raise refused("save", path, "no file can have this name", "choose another one")
    target = Path(os.path.realpath(path))
    if target.is_dir():
        raise refused("save", path, "this is a folder", "choose a file name")
    if not target.parent.is_dir():
        raise refused("save", path, "its folder does not exist", "create it or choose another")
    if target.exists():
        _refuse_unwritable(path, target)
    return target


def _is_possible_name(path: str | Path) -> bool:
    try:
        return b"\0" not in os.fsencode(path)
    except UnicodeEncodeError:
        return False


def _refuse_unwritable(path: str | Path, target: Path) -> None:
    # Renaming over a device or a read-only file would succeed, and nobody asked for that.
    if not target.is_file():
        raise refused("save", path, "this is not an ordinary file", "choose another name")
    if not os.access(target, os.W_OK):
        raise refused("save", path, "the file is read-only", "choose another name")


def _permissions(target: Path) -> os.stat_result | None:
    with contextlib.suppress(FileNotFoundError):
        return target.stat()
    return None


def _write(temporary: Path, like: os.stat_result | None, chunks: Iterable[bytes]) -> None:
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    try:
        if like is not None:
            _take_over(handle, temporary, like)
        total = sum(_write_all(handle, chunk) for chunk in chunks)
        os.fsync(handle)
        if os.fstat(handle).st_size != total:
            raise OSError(errno.EIO, "the disk kept only a part of the file")
    finally:
        os.close(handle)


def _take_over(handle: int, temporary: Path, like: os.stat_result) -> None:
    """The permissions and, where we may, the owner of the file that is replaced."""
    if hasattr(os, "fchown"):
        with contextlib.suppress(OSError):
            os.fchown(handle, like.st_uid, like.st_gid)
    with contextlib.suppress(OSError):
        temporary.chmod(stat.S_IMODE(like.st_mode))


def _write_all(handle: int, data: bytes) -> int:
    rest = memoryview(data)
    while rest:
        written = os.write(handle, rest[:_SLICE])
        if written == 0:
            raise OSError(errno.ENOSPC, "the disk takes nothing more")
        rest = rest[written:]
    return len(data)


def _replace(temporary: Path, target: Path) -> None:
    until = time.monotonic() + _RETRY_SECONDS
    while True:
        try:
            temporary.replace(target)
        except PermissionError:
            if time.monotonic() >= until:
                raise
            time.sleep(_RETRY_PAUSE_SECONDS)
        else:
            return


def _sync_folder(folder: Path) -> None:
    """Make the new name lasting too; some file systems cannot, and the file is in place anyway."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _clear_stale(folder: Path) -> None:
    """Remove temporaries that a killed program left; one that is being written is younger."""
    oldest = time.time() - _STALE_SECONDS
    with contextlib.suppress(OSError):
        for temporary in folder.glob(f"{PREFIX}*{SUFFIX}"):
            _remove_older(temporary, oldest)


def _remove_older(temporary: Path, oldest: float) -> None:
    with contextlib.suppress(OSError):
        if temporary.lstat().st_mtime < oldest:
            temporary.unlink()
